package io.delivery.wiring;

import io.delivery.config.ConfigChange;
import io.delivery.config.ConfigChange.Kind;
import io.delivery.config.ConfigChange.Part;
import io.delivery.config.DeliveryConfig;
import io.delivery.loading.LoadedConfig;
import io.delivery.stream.StreamChange;
import java.util.ArrayList;
import java.util.List;

/**
 * What another configuration changes, a row for each stream, store, function, catalog and setting.
 * What a row says is decided by whoever makes the change: by {@link StreamChange}, by what the
 * registries compare their entries by, and by {@link SettingChanges}.
 */
final class ConfigDifference {
    private ConfigDifference() {}

    /** Between two files, whatever runs. */
    static List<ConfigChange> between(LoadedConfig before, LoadedConfig next) {
        DeliveryConfig former = before.config();
        DeliveryConfig other = next.config();
        List<ConfigChange> stores =
                ConfigChange.between(
                        Part.STORE,
                        StoreRegistry.byName(former.stores()),
                        StoreRegistry.byName(other.stores()),
                        Kind.NEW_SETTINGS);
        List<ConfigChange> functions =
                ConfigChange.between(
                        Part.FUNCTION,
                        FunctionRegistry.byName(former.functions(), former.plugins()),
                        FunctionRegistry.byName(other.functions(), other.plugins()),
                        Kind.NEW_CODE_OR_SETTINGS);
        List<ConfigChange> catalogs =
                ConfigChange.between(
                        Part.CATALOG,
                        CatalogRegistry.byName(former.catalogs()),
                        CatalogRegistry.byName(other.catalogs()),
                        Kind.NEW_SETTINGS);
        List<StreamChange> streams =
                StreamChange.between(
                        before.streams().stream().map(InForce::defined).toList(),
                        next.streams().stream().map(InForce::defined).toList(),
                        definition ->
                                ConfiguredComponents.replaces(
                                        definition,
                                        name -> isChanged(catalogs, name),
                                        name -> isChanged(functions, name)));
        List<ConfigChange> components = new ArrayList<>(stores);
        components.addAll(functions);
        components.addAll(catalogs);
        return rows(streams, components, former, former, other);
    }

    private static boolean isChanged(List<ConfigChange> changes, String name) {
        return changes.stream().anyMatch(c -> c.name().equals(name) && c.isDifference());
    }

    /**
     * All rows.
     *
     * @param started with what the process has started
     * @param now what is in force
     */
    static List<ConfigChange> rows(
            List<StreamChange> streams,
            List<ConfigChange> components,
            DeliveryConfig started,
            DeliveryConfig now,
            DeliveryConfig next) {
        List<ConfigChange> rows = new ArrayList<>();
        streams.forEach(change -> rows.add(row(change)));
        rows.addAll(components);
        rows.addAll(SettingChanges.byReload(now, next));
        rows.addAll(SettingChanges.byRestart(started, next));
        return rows;
    }

    private static ConfigChange row(StreamChange change) {
        Kind kind =
                switch (change.kind()) {
                    case NOTHING -> Kind.NOTHING;
                    case NEW_COMPONENTS -> Kind.NEW_COMPONENTS;
                    case NEW_VERSION -> Kind.NEW_VERSION;
                    case NEW_LANE -> Kind.NEW_LANE;
                    case DRAINED -> Kind.DRAINED;
                    case OPENED -> Kind.ADDED;
                };
        return new ConfigChange(Part.STREAM, change.name(), kind);
    }
}

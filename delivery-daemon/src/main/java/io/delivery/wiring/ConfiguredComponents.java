package io.delivery.wiring;

import io.delivery.config.CatalogSettings;
import io.delivery.config.ConfigChange;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.FormatSettings;
import io.delivery.config.ServerSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.failure.OpenedSoFar;
import io.delivery.format.SchemaCatalog;
import io.delivery.metrics.Metrics;
import io.delivery.stream.ComponentChange;
import io.delivery.stream.ComponentFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What one configuration has for components to be made with: of each registry its part. In force
 * with all of its parts, or with none.
 */
final class ConfiguredComponents implements ComponentChange, ComponentRegistry.Supplies {
    private final StoreRegistry.Change stores;
    private final FunctionRegistry.Change functions;
    private final CatalogRegistry.Change catalogs;
    private final ComponentFactory factory;
    private final Runnable inForce;

    private ConfiguredComponents(
            StoreRegistry.Change stores,
            FunctionRegistry.Change functions,
            CatalogRegistry.Change catalogs,
            ServerSettings server,
            Metrics metrics,
            FieldsOfStreams fields,
            Runnable inForce) {
        this.stores = stores;
        this.functions = functions;
        this.catalogs = catalogs;
        ComponentRegistry registry =
                new ComponentRegistry(this, metrics, server.region(), server.account(), fields);
        this.factory =
                server.testing()
                        .<ComponentFactory>map(
                                testing -> stream -> registry.components(testing.inForce(stream)))
                        .orElse(registry);
        this.inForce = inForce;
    }

    /**
     * Opens what a configuration needs and there is not yet.
     *
     * @param fields counted on from components to components
     * @param inForce called when it takes effect
     * @throws IOException when something cannot be opened; nothing has changed
     */
    static ConfiguredComponents prepare(
            DeliveryConfig config,
            StoreRegistry stores,
            FunctionRegistry functions,
            CatalogRegistry catalogs,
            Metrics metrics,
            FieldsOfStreams fields,
            Runnable inForce)
            throws IOException {
        OpenedSoFar opened = new OpenedSoFar();
        try {
            StoreRegistry.Change nextStores = stores.prepare(config.stores());
            opened.add(nextStores::close);
            FunctionRegistry.Change nextFunctions =
                    functions.prepare(config.functions(), config.plugins());
            opened.add(nextFunctions::close);
            CatalogRegistry.Change nextCatalogs = catalogs.prepare(config.catalogs());
            opened.add(nextCatalogs::close);
            return new ConfiguredComponents(
                    nextStores,
                    nextFunctions,
                    nextCatalogs,
                    config.server(),
                    metrics,
                    fields,
                    inForce);
        } catch (Throwable failed) { // also errors
            opened.closeAfter(failed);
            throw failed;
        }
    }

    @Override
    public Runnable store(String name) {
        return stores.lease(name);
    }

    @Override
    public Generation.Lease<MadeFunction> function(String name) {
        return functions.lease(name);
    }

    @Override
    public Generation.Lease<SchemaCatalog> catalog(String name) {
        return catalogs.lease(name);
    }

    @Override
    public CatalogSettings catalogSettings(String name) {
        return catalogs.settings(name);
    }

    @Override
    public ComponentFactory factory() {
        return factory;
    }

    @Override
    public boolean replaces(StreamDefinition definition) {
        return replaces(definition, catalogs::replaces, functions::replaces);
    }

    /**
     * Whether a stream whose definition stays needs other components.
     *
     * @param catalogs whether the one of a name is another one from now on
     * @param functions likewise
     */
    static boolean replaces(
            StreamDefinition definition, Predicate<String> catalogs, Predicate<String> functions) {
        boolean catalog =
                definition
                        .format()
                        .schemaReference()
                        .map(FormatSettings.SchemaReference::catalog)
                        .filter(catalogs)
                        .isPresent();
        return catalog || definition.transform().function().filter(functions).isPresent();
    }

    /** What it changes but for the streams; to be asked for before it takes effect. */
    List<ConfigChange> changes() {
        List<ConfigChange> changes = new ArrayList<>(stores.changes());
        changes.addAll(functions.changes());
        changes.addAll(catalogs.changes());
        return changes;
    }

    @Override
    public void takeEffect() {
        stores.takeEffect();
        functions.takeEffect();
        catalogs.takeEffect();
        inForce.run();
    }

    @Override
    public void close() {
        OpenedSoFar.closeAll(List.of(stores::close, functions::close, catalogs::close));
    }
}

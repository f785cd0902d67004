package io.delivery.wiring;

import io.delivery.config.ConfigChange;
import io.delivery.config.ConfigChange.Kind;
import io.delivery.config.ConfigChange.Part;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.ServerSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What differs between two configurations beside their streams and what these name. */
final class SettingChanges {
    /** Whether there are callers and a token is a matter of the port; who they are is none. */
    private static final Map<String, Function<ServerSettings, Object>> OF_THE_PORTS =
            new LinkedHashMap<>();

    static {
        OF_THE_PORTS.put("api", ServerSettings::api);
        OF_THE_PORTS.put("admin", ServerSettings::admin);
        OF_THE_PORTS.put("adminToken", server -> server.adminToken().isPresent());
        OF_THE_PORTS.put("adminTokenFile", server -> server.files().adminToken());
        OF_THE_PORTS.put("region", ServerSettings::region);
        OF_THE_PORTS.put("account", ServerSettings::account);
        OF_THE_PORTS.put("credentials", server -> !server.credentials().isEmpty());
        OF_THE_PORTS.put("credentialsFile", server -> server.files().credentials());
        OF_THE_PORTS.put("shutdown", ServerSettings::shutdown);
        OF_THE_PORTS.put("tls", ServerSettings::tls);
        OF_THE_PORTS.put("adminTls", ServerSettings::adminTls);
        OF_THE_PORTS.put("maxConnections", ServerSettings::maxConnections);
        OF_THE_PORTS.put("idleTimeout", ServerSettings::idleTimeout);
        OF_THE_PORTS.put("cors", ServerSettings::cors);
        OF_THE_PORTS.put("adminNames", ServerSettings::adminNames);
        OF_THE_PORTS.put("testing", ServerSettings::testing);
    }

    private final List<ConfigChange> changes = new ArrayList<>();

    private SettingChanges() {}

    /** What only a restart changes. */
    static List<ConfigChange> byRestart(DeliveryConfig started, DeliveryConfig next) {
        SettingChanges found = new SettingChanges();
        OF_THE_PORTS.forEach(
                (name, value) ->
                        found.compare(
                                "server." + name,
                                value.apply(started.server()),
                                value.apply(next.server()),
                                Kind.NEEDS_RESTART));
        found.compare("dataDir", started.dataDir(), next.dataDir(), Kind.NEEDS_RESTART);
        found.compare("limits", started.limits(), next.limits(), Kind.NEEDS_RESTART);
        found.compare("log", started.log(), next.log(), Kind.NEEDS_RESTART);
        found.compare("encryption", started.masterKeys(), next.masterKeys(), Kind.NEEDS_RESTART);
        return found.changes;
    }

    /** What comes into force with a reload. */
    static List<ConfigChange> byReload(DeliveryConfig now, DeliveryConfig next) {
        SettingChanges found = new SettingChanges();
        if (now.server().credentials().isEmpty() == next.server().credentials().isEmpty()) {
            found.compare(
                    "server.credentials",
                    now.server().credentials(),
                    next.server().credentials(),
                    Kind.NEW_SETTINGS);
        }
        if (now.server().adminToken().isPresent() == next.server().adminToken().isPresent()) {
            found.compare(
                    "server.adminToken",
                    now.server().adminToken(),
                    next.server().adminToken(),
                    Kind.NEW_SETTINGS);
        }
        found.compare(
                "server.reloadOnChange",
                now.server().reloadOnChange(),
                next.server().reloadOnChange(),
                Kind.NEW_SETTINGS);
        found.compare("buckets", now.buckets(), next.buckets(), Kind.NEW_SETTINGS);
        found.compare("plugins", now.plugins(), next.plugins(), Kind.NEW_SETTINGS);
        found.compare("quotas", now.quotas(), next.quotas(), Kind.NEW_SETTINGS);
        return found.changes;
    }

    private void compare(String name, Object before, Object next, Kind kind) {
        if (!before.equals(next)) {
            changes.add(new ConfigChange(Part.SETTING, name, kind));
        }
    }
}

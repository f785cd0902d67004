package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.ConfigChange;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.ServerSettings;
import io.delivery.loading.ConfigLoader;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What differs between two configurations beside their streams and what these name. */
class SettingChangesTest {
    /** They have rows of their own. */
    private static final Set<String> WITH_NAMES =
            Set.of("stores", "functions", "catalogs", "streams");

    /** Of each setting that only a restart changes, two values. */
    private static final Map<String, List<String>> BY_RESTART = new LinkedHashMap<>();

    static {
        BY_RESTART.put("server.api", server("api: 127.0.0.1:1", "api: 127.0.0.1:2"));
        BY_RESTART.put("server.admin", server("admin: 127.0.0.1:1", "admin: 127.0.0.1:2"));
        BY_RESTART.put("server.adminToken", server("", "adminToken: t0ken"));
        BY_RESTART.put("server.adminTokenFile", server("", "adminTokenFile: token"));
        BY_RESTART.put("server.region", server("region: a-1", "region: b-1"));
        BY_RESTART.put("server.account", server("", "account: '123456789012'"));
        BY_RESTART.put(
                "server.credentials",
                server("", "credentials: [{accessKeyId: a, secretAccessKey: s}]"));
        BY_RESTART.put(
                "server.credentialsFile",
                server("credentialsFile: callers", "credentialsFile: others"));
        BY_RESTART.put("server.shutdown", server("", "shutdown: {land: false}"));
        BY_RESTART.put("server.tls", server("", "tls: {certificate: c, key: k}"));
        BY_RESTART.put("server.adminTls", server("", "adminTls: {certificate: c, key: k}"));
        BY_RESTART.put("server.maxConnections", server("", "maxConnections: 50"));
        BY_RESTART.put("server.idleTimeout", server("", "idleTimeout: 5s"));
        BY_RESTART.put("server.cors", server("", "cors: ['*']"));
        BY_RESTART.put("server.adminNames", server("", "adminNames: [a.example.com]"));
        BY_RESTART.put("server.testing", server("", "testing: {}"));
        BY_RESTART.put("dataDir", List.of("dataDir: a", "dataDir: b"));
        BY_RESTART.put("limits", List.of("limits: {disk: 1GB}", "limits: {disk: 2GB}"));
        BY_RESTART.put("log", List.of("log: {level: info}", "log: {level: debug}"));
        BY_RESTART.put("encryption", List.of("{}", "encryption: {keys: [{id: k, file: key}]}"));
    }

    /** Of each setting that comes into force at once, two values. */
    private static final Map<String, List<String>> BY_RELOAD =
            Map.of(
                    "server.credentials",
                    server(
                            "credentials: [{accessKeyId: a, secretAccessKey: s}]",
                            "credentials: [{accessKeyId: a, secretAccessKey: t}]"),
                    "server.adminToken",
                    server("adminToken: t0ken", "adminToken: n3xt"),
                    "server.reloadOnChange",
                    server("", "reloadOnChange: false"),
                    "buckets",
                    List.of(
                            "{}",
                            "buckets: [{match: 'a-*', store: s}]\nstores: {s: {directory: d}}"),
                    "plugins",
                    List.of("plugins: a", "plugins: b"),
                    "quotas",
                    List.of("{}", "quotas: [{match: '*', records: 1/s}]"));

    @TempDir Path folder;

    private static List<String> server(String first, String second) {
        return List.of("server: {%s}".formatted(first), "server: {%s}".formatted(second));
    }

    private DeliveryConfig config(String text) throws Exception {
        Files.writeString(folder.resolve("token"), "t0ken");
        for (String file : List.of("c", "k", "key")) {
            Files.writeString(folder.resolve(file), "0".repeat(64));
        }
        for (String callers : List.of("callers", "others")) {
            Files.writeString(folder.resolve(callers), "- {accessKeyId: a, secretAccessKey: s}\n");
        }
        return new ConfigLoader(Map.of(), Programs.OURS)
                .load(Files.writeString(folder.resolve("delivery.yaml"), text + "\n"))
                .config();
    }

    @Test
    void each_setting_is_told_by_its_name_and_whether_a_restart_is_needed() throws Exception {
        for (Map.Entry<String, List<String>> setting : BY_RESTART.entrySet()) {
            DeliveryConfig before = config(setting.getValue().get(0));
            DeliveryConfig next = config(setting.getValue().get(1));

            assertThat(SettingChanges.byRestart(before, next))
                    .containsExactly(row(setting.getKey(), ConfigChange.Kind.NEEDS_RESTART));
            assertThat(SettingChanges.byReload(before, next)).as(setting.getKey()).isEmpty();
            assertThat(SettingChanges.byRestart(next, next)).isEmpty();
        }
        for (Map.Entry<String, List<String>> setting : BY_RELOAD.entrySet()) {
            DeliveryConfig before = config(setting.getValue().get(0));
            DeliveryConfig next = config(setting.getValue().get(1));

            assertThat(SettingChanges.byReload(before, next))
                    .containsExactly(row(setting.getKey(), ConfigChange.Kind.NEW_SETTINGS));
            assertThat(SettingChanges.byRestart(before, next)).as(setting.getKey()).isEmpty();
            assertThat(SettingChanges.byReload(next, next)).isEmpty();
        }
    }

    private static ConfigChange row(String setting, ConfigChange.Kind kind) {
        return new ConfigChange(ConfigChange.Part.SETTING, setting, kind);
    }

    /** A setting that comes later is noticed here: it differs in no row above. */
    @Test
    void no_setting_is_left_out() throws Exception {
        Set<String> seen = new TreeSet<>();
        List<List<String>> rows = new ArrayList<>(BY_RESTART.values());
        rows.addAll(BY_RELOAD.values());
        for (List<String> row : rows) {
            DeliveryConfig before = config(row.get(0));
            DeliveryConfig next = config(row.get(1));
            seen.addAll(different(DeliveryConfig.class, before, next));
            seen.addAll(different(ServerSettings.class, before.server(), next.server()));
        }

        Set<String> all = new TreeSet<>(names(DeliveryConfig.class));
        all.addAll(names(ServerSettings.class));
        all.removeAll(WITH_NAMES);
        assertThat(seen).containsAll(all);
    }

    private static List<String> names(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
    }

    private static List<String> different(Class<? extends Record> type, Object before, Object next)
            throws Exception {
        List<String> different = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            Object first = component.getAccessor().invoke(before);
            if (!first.equals(component.getAccessor().invoke(next))) {
                different.add(component.getName());
            }
        }
        return different;
    }
}

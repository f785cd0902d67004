package io.delivery.junit.program;

import io.delivery.config.DeliveryConfig;
import io.delivery.config.ServerSettings;
import io.delivery.config.StoreSettings;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import io.delivery.loading.LoadedConfig;
import io.delivery.wiring.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A configuration of the user's, or none, in the frame that tests need: free ports of loopback, a
 * data directory of its own, {@code server.testing}, little memory, an end that waits for nothing;
 * and, unless the stores are to be as configured, each store replaced by a folder or an S3 server.
 *
 * @param directory for everything that is written
 * @param file the user's
 * @param environment what {@code ${NAME}} stands for
 */
record TestConfiguration(
        Path directory, Optional<Path> file, Map<String, String> environment, Stores stores) {
    private static final String KEY = "DELIVERY_JUNIT_STORE_KEY";
    private static final String SECRET = "DELIVERY_JUNIT_STORE_SECRET";
    private static final String ENDPOINT = "DELIVERY_JUNIT_STORE_ENDPOINT";
    private static final String REGION = "DELIVERY_JUNIT_STORE_REGION";

    /** The store of those who have no configuration. */
    private static final String ONLY = "lake";

    /** Where objects land. */
    sealed interface Stores {}

    /** Each store is a folder. */
    record Folders() implements Stores {}

    /** Each store is this S3 server. */
    record Server(String endpoint, String region, String accessKeyId, String secretAccessKey)
            implements Stores {}

    record AsConfigured() implements Stores {}

    /**
     * @throws InvalidConfigException with every problem of the user's file
     * @throws IOException when the frame cannot be written
     */
    LoadedConfig load() throws InvalidConfigException, IOException {
        Optional<LoadedConfig> given = Optional.empty();
        if (file.isPresent()) {
            given = Optional.of(loader(environment).load(file.get()));
        }
        List<String> names =
                given.map(loaded -> loaded.config().stores())
                        .map(all -> all.stream().map(StoreSettings::name).toList())
                        .orElse(List.of(ONLY));
        Path frame = directory.resolve("frame.yaml");
        Files.writeString(frame, frame(names, given.map(LoadedConfig::config)));
        LoadedConfig framed = loader(variables()).load(frame);
        return given.isPresent() ? inFrame(given.get(), framed.config()) : framed;
    }

    private static ConfigLoader loader(Map<String, String> variables) {
        return new ConfigLoader(variables, Programs.OURS, Runtime.getRuntime().maxMemory());
    }

    private Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>(environment);
        if (stores instanceof Server server) {
            variables.put(ENDPOINT, server.endpoint());
            variables.put(REGION, server.region());
            variables.put(KEY, server.accessKeyId());
            variables.put(SECRET, server.secretAccessKey());
        }
        return variables;
    }

    private String frame(List<String> names, Optional<DeliveryConfig> given) {
        StringBuilder yaml =
                new StringBuilder(
                        """
                        server:
                          api: 127.0.0.1:0
                          admin: 127.0.0.1:0
                          shutdown: {grace: 0s, land: false}
                          testing: {}
                        dataDir: data
                        limits: {memory: 96MB}
                        stores:
                        """);
        for (String name : names) {
            boolean byDefault =
                    given.flatMap(config -> config.store(name))
                            .map(StoreSettings::byDefault)
                            .orElse(false);
            yaml.append("  '").append(name).append("': {default: ").append(byDefault).append(", ");
            yaml.append(
                    stores instanceof Server
                            ? "s3: {endpoint: '${%s}', region: '${%s}', pathStyle: true, credentials: {accessKeyId: '${%s}', secretAccessKey: '${%s}'}}"
                                    .formatted(ENDPOINT, REGION, KEY, SECRET)
                            : "directory: 'lake/" + name + "'");
            yaml.append("}\n");
        }
        return yaml.toString();
    }

    /** What the user chose, but for what the frame is there for. */
    private LoadedConfig inFrame(LoadedConfig given, DeliveryConfig frame) {
        DeliveryConfig user = given.config();
        DeliveryConfig config =
                new DeliveryConfig(
                        server(user.server(), frame.server()),
                        frame.dataDir(),
                        frame.limits(),
                        user.log(),
                        user.masterKeys(),
                        stores instanceof AsConfigured ? user.stores() : frame.stores(),
                        user.buckets(),
                        user.functions(),
                        user.plugins(),
                        user.catalogs(),
                        user.quotas(),
                        user.streams());
        return new LoadedConfig(
                given.file(),
                config,
                given.streams(),
                given.lines(),
                given.hiding(),
                given.credentialsFile(),
                given.contents());
    }

    private static ServerSettings server(ServerSettings user, ServerSettings frame) {
        return new ServerSettings(
                frame.api(),
                frame.admin(),
                user.adminToken(),
                user.region(),
                user.account(),
                user.credentials(),
                frame.shutdown(),
                user.tls(),
                user.adminTls(),
                user.maxConnections(),
                user.idleTimeout(),
                user.cors(),
                user.adminNames(),
                user.files(),
                user.testing().isPresent() ? user.testing() : frame.testing(),
                false); // what a reload read would be the file alone, without the frame
    }
}

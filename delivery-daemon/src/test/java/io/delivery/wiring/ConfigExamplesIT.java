package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.AccessKey;
import io.delivery.config.CatalogDefinition;
import io.delivery.config.CatalogSettings;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.FunctionRunner;
import io.delivery.config.ListenAddress;
import io.delivery.config.Secret;
import io.delivery.config.ServerSettings;
import io.delivery.config.StoreDefinition;
import io.delivery.config.StoreSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LoadedConfig;
import io.delivery.parquet.ParquetTable;
import io.delivery.stream.StreamStatus;
import io.delivery.testkit.FakeGlue;
import io.delivery.testkit.orc.OrcContent;
import io.delivery.testkit.servers.S3Bucket;
import io.delivery.testkit.servers.S3ProxyServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Every complete configuration does what is written beside it; config-examples/README.md. Those
 * that name a server (s3-*) are run before it by S3ServerExamplesIT and WebIdentityIT.
 */
class ConfigExamplesIT {
    private static final Path EXAMPLES = Path.of("../config-examples");
    private static final String TEST = ".test.yaml";

    private static S3ProxyServer s3;

    /** With the table of the example that has none in a file. */
    private static FakeGlue glue;

    @TempDir Path scratch;

    @BeforeAll
    static void start() {
        s3 = S3ProxyServer.start();
        glue = FakeGlue.start();
        glue.put("shop", "orders", FakeGlue.columns("string", "order_id", "customer_id", "note"));
    }

    @AfterAll
    static void stop() {
        s3.close();
        glue.close();
    }

    static Stream<String> examples() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml") && !name.endsWith(TEST))
                    .filter(name -> !name.startsWith("s3-"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void there_are_examples() throws IOException {
        assertThat(examples()).contains("minimal.yaml");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void an_example_does_what_its_test_says(String example) throws Exception {
        LoadedConfig loaded = inScratch(load(example));
        assumeFunctionsRunHere(loaded.config());
        Map<?, ?> streams = (Map<?, ?>) test(example).get("streams");
        List<String> names =
                loaded.config().streams().stream().map(StreamDefinition::name).toList();
        assertThat(streams.keySet().stream().map(String::valueOf))
                .as("streams of the example and of its test")
                .containsExactlyInAnyOrderElementsOf(names);
        TreeMap<String, Object> expected = new TreeMap<>();

        try (Buckets buckets = Buckets.of(loaded.config(), scratch, s3)) {
            try (Service service = Service.start(loaded)) {
                for (Map.Entry<?, ?> stream : streams.entrySet()) {
                    Map<?, ?> says = (Map<?, ?>) stream.getValue();
                    put(
                            service,
                            example,
                            stream.getKey().toString(),
                            (List<?>) says.get("records"));
                    ((Map<?, ?>) says.get("lands"))
                            .forEach((prefix, content) -> expected.put(prefix.toString(), content));
                }
                service.flush().join();
                assertThat(service.status()).allSatisfy(ConfigExamplesIT::isSettled);
            }

            assertLanded(buckets.objects(), expected);
        }
    }

    /** Skips the example where there is no Python for its functions. */
    private static void assumeFunctionsRunHere(DeliveryConfig config) {
        boolean python =
                config.functions().stream()
                        .anyMatch(
                                function ->
                                        function.runner()
                                                .<Boolean, RuntimeException>choose(
                                                        process ->
                                                                process.runtime()
                                                                        == FunctionRunner.Runtime
                                                                                .PYTHON,
                                                        endpoint -> false,
                                                        lambda -> false,
                                                        plugin -> false));
        if (python) {
            Python.assume();
        }
    }

    private static LoadedConfig load(String example) throws Exception {
        return loader().load(EXAMPLES.resolve(example));
    }

    private static ConfigLoader loader() {
        return new ConfigLoader(environment(), Programs.OURS);
    }

    private static Map<String, String> environment() {
        return Map.of(
                "S3_ENDPOINT", s3.endpoint().toString(),
                "S3_ACCESS_KEY", s3.accessKeyId(),
                "S3_SECRET_KEY", s3.secretAccessKey(),
                "LOGS_SECRET", "a secret",
                "DELIVERY_KEY_K1", "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=");
    }

    /** The same, on free ports and in folders of this test. */
    private LoadedConfig inScratch(LoadedConfig loaded) {
        DeliveryConfig config = loaded.config();
        ServerSettings server = config.server();
        ListenAddress free = new ListenAddress("127.0.0.1", 0);
        ServerSettings onFreePorts =
                new ServerSettings(
                        free,
                        free,
                        server.adminToken(),
                        server.region(),
                        server.account(),
                        server.credentials(),
                        server.shutdown(),
                        server.tls(),
                        server.adminTls(),
                        server.maxConnections(),
                        server.idleTimeout(),
                        server.cors(),
                        server.adminNames(),
                        server.files(),
                        server.testing(),
                        server.reloadOnChange());
        List<StoreSettings> stores = config.stores().stream().map(this::inScratch).toList();
        return new LoadedConfig(
                new DeliveryConfig(
                        onFreePorts,
                        scratch.resolve("data"),
                        config.limits(),
                        config.log(),
                        config.masterKeys(),
                        stores,
                        config.buckets(),
                        config.functions(),
                        config.plugins(),
                        config.catalogs().stream().map(ConfigExamplesIT::inReach).toList(),
                        config.quotas(),
                        config.streams()),
                loaded.streams());
    }

    /** Glue in this process, instead of AWS. */
    private static CatalogSettings inReach(CatalogSettings catalog) {
        return new CatalogSettings(
                catalog.name(),
                catalog.definition()
                        .choose(
                                files -> files,
                                aws ->
                                        new CatalogDefinition.Glue(
                                                Optional.of(glue.endpoint()),
                                                aws.region(),
                                                Optional.of(
                                                        new AccessKey("access", new Secret("key"))),
                                                aws.catalogId(),
                                                aws.refresh(),
                                                aws.staleIfError())));
    }

    private StoreSettings inScratch(StoreSettings store) {
        if (!(store.definition() instanceof StoreDefinition.Directory)) {
            return store;
        }
        return new StoreSettings(
                store.name(),
                new StoreDefinition.Directory(scratch.resolve("lake")),
                store.byDefault(),
                store.createBuckets());
    }

    private static Map<?, ?> test(String example) throws IOException {
        Path file = EXAMPLES.resolve(example.replaceFirst("\\.yaml$", TEST));
        assertThat(file).as("each example has a test").exists();
        return (Map<?, ?>)
                new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    }

    /** With {@code delivery put}, and so with the first credentials that may. */
    private static void put(Service service, String example, String stream, List<?> records) {
        String lines = String.join("\n", records.stream().map(String::valueOf).toList());
        int exitCode =
                Main.put(
                                loader(),
                                new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)),
                                environment())
                        .execute(
                                "--config",
                                EXAMPLES.resolve(example).toString(),
                                "--endpoint",
                                service.apiUri().toString(),
                                "--stream",
                                stream);

        assertThat(exitCode).isZero();
    }

    private static void isSettled(StreamStatus status) {
        assertThat(status.troubles()).isEmpty();
        assertThat(status.lanes())
                .isNotEmpty()
                .allMatch(lane -> lane.books().balanced() && lane.books().settled());
    }

    private void assertLanded(Map<String, byte[]> objects, Map<String, Object> expected)
            throws IOException {
        Map<String, List<String>> found = new TreeMap<>();
        expected.keySet().forEach(prefix -> found.put(prefix, new ArrayList<>()));
        for (Map.Entry<String, byte[]> object : objects.entrySet()) {
            List<String> prefixes =
                    expected.keySet().stream().filter(object.getKey()::startsWith).toList();
            assertThat(prefixes).as("prefixes of " + object.getKey()).hasSize(1);
            found.get(prefixes.get(0)).addAll(content(object.getKey(), object.getValue()));
        }
        expected.forEach(
                (prefix, content) -> {
                    if (content instanceof List<?> lines) {
                        assertThat(found.get(prefix))
                                .as(prefix)
                                .containsExactlyInAnyOrderElementsOf(
                                        lines.stream().map(String::valueOf).toList());
                    } else {
                        assertThat(found.get(prefix)).as(prefix).hasSize((Integer) content);
                    }
                });
    }

    /** Lines, or one text for each row of Parquet and ORC. */
    private List<String> content(String key, byte[] bytes) throws IOException {
        if (key.endsWith(".parquet")) {
            Path file = Files.write(Files.createTempFile(scratch, "object", ".parquet"), bytes);
            try (ParquetTable table = ParquetTable.open(file)) {
                return Stream.generate(() -> "row").limit(table.rowCount()).toList();
            }
        }
        if (key.endsWith(".orc")) {
            try (OrcContent content = OrcContent.of(bytes)) {
                return content.rows().stream().map(String::valueOf).toList();
            }
        }
        byte[] plain = bytes;
        if (key.endsWith(".gz")) {
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                plain = in.readAllBytes();
            }
        }
        return new String(plain, StandardCharsets.UTF_8).lines().toList();
    }

    /** Where the streams of a configuration land: folders, or buckets of a server. */
    private record Buckets(Path lake, List<S3Bucket> remote) implements AutoCloseable {
        static Buckets of(DeliveryConfig config, Path scratch, S3ProxyServer server) {
            boolean remote =
                    config.stores().stream()
                            .anyMatch(s -> s.definition() instanceof StoreDefinition.S3);
            Set<String> names = new TreeSet<>();
            for (StreamDefinition stream : config.streams()) {
                names.add(stream.destination().bucket());
                stream.backup().ifPresent(backup -> names.add(backup.bucket()));
            }
            return new Buckets(
                    scratch.resolve("lake"),
                    remote
                            ? names.stream().map(name -> S3Bucket.create(server, name)).toList()
                            : List.of());
        }

        /** By bucket and key. */
        Map<String, byte[]> objects() throws IOException {
            Map<String, byte[]> objects = new TreeMap<>();
            for (S3Bucket bucket : remote) {
                bucket.objects()
                        .forEach((key, bytes) -> objects.put(bucket.name() + "/" + key, bytes));
            }
            if (Files.isDirectory(lake)) {
                try (Stream<Path> files = Files.walk(lake)) {
                    for (Path file :
                            (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                        String name = lake.relativize(file).toString();
                        if (!name.startsWith(".")) {
                            objects.put(name, Files.readAllBytes(file));
                        }
                    }
                }
            }
            return objects;
        }

        @Override
        public void close() {
            remote.forEach(S3Bucket::close);
        }
    }
}

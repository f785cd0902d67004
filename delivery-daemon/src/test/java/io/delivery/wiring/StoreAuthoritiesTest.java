package io.delivery.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.delivery.api.http.FirehoseClient;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore;
import io.delivery.listening.TestCertificate;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LoadedConfig;
import io.delivery.machine.SystemClock;
import io.delivery.record.ObjectName;
import io.delivery.testkit.SampleContent;
import io.delivery.testkit.servers.PrivateAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The authorities that a store trusts change in their file, while the service runs. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(120)
class StoreAuthoritiesTest {
    private static final String BOTH =
            "far: {s3: {endpoint: 'https://127.0.0.1:%d', region: us-east-1, caFile: ca.pem, credentialsFile: key}}";

    @TempDir static Path shared;

    /** It has signed the certificate that the server of the store shows. */
    private static PrivateAuthority ofTheServer;

    /** Another one: its own certificate. */
    private static Path another;

    @TempDir Path folder;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpsServer server;
    private Service service;

    @BeforeAll
    static void make() throws Exception {
        ofTheServer = PrivateAuthority.create(Files.createDirectory(shared.resolve("server")));
        another = TestCertificate.in(Files.createDirectory(shared.resolve("other"))).certificate();
    }

    @BeforeEach
    void start() throws Exception {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(ofTheServer.server()));
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        requests.add(exchange.getRequestMethod());
                        exchange.sendResponseHeaders(503, -1);
                    }
                });
        server.start();
        install(another);
        writeKey();
        ConfigFile file = file(BOTH, "far");
        LoadedConfig loaded = file.read();
        service = Service.start(loaded, file.kept(loaded));
    }

    @AfterEach
    void stop() {
        service.close();
        server.stop(0);
    }

    private void install(Path authorities) throws IOException {
        Path copy = Files.copy(authorities, folder.resolve("ca.new"));
        Files.move(copy, folder.resolve("ca.pem"), StandardCopyOption.REPLACE_EXISTING);
    }

    private void writeKey() throws IOException {
        Path next =
                Files.writeString(
                        folder.resolve("key.new"),
                        "[default]\naws_access_key_id = ak\naws_secret_access_key = sk\n");
        Files.move(next, folder.resolve("key"), StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * @param far the store of that name, or nothing
     * @param destination the store of the stream
     */
    private ConfigFile file(String far, String destination) throws IOException {
        return new ConfigFile(
                new ConfigLoader(Map.of(), Programs.OURS),
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        server: {api: '127.0.0.1:0', admin: '127.0.0.1:0', shutdown: {land: false}}
                        dataDir: data
                        limits: {memory: 128MB}
                        stores:
                          lake: {directory: lake}
                          %s
                        streams: {s: {destination: {store: %s, bucket: far-bucket}}}
                        """
                                .formatted(
                                        far.formatted(server.getAddress().getPort()),
                                        destination)));
    }

    private void reload(String far, String destination) throws Exception {
        ConfigFile file = file(far, destination);
        LoadedConfig next = file.readAgain(service.config());
        service.reload(next, file.kept(next)).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private String digest() {
        return service.stores().authorities().get(0).digest();
    }

    private void awaitTrouble(String part) {
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> service.troubles().stream().anyMatch(t -> t.contains(part)));
    }

    private void awaitNoTroubles() {
        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(service.troubles()).isEmpty());
    }

    private String landing() throws Exception {
        return service.stores()
                .store("far")
                .land(
                        SampleContent.of("x"),
                        new ObjectName("far-bucket", "k"),
                        new ObjectAttributes("mark", 1, ""),
                        ObjectStore.UploadListener.IGNORE)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS)
                .toString();
    }

    @Test
    void new_authorities_are_trusted_without_a_reload_and_former_ones_no_more() throws Exception {
        assertThat(landing()).containsIgnoringCase("certificat");
        assertThat(requests).isEmpty();

        install(ofTheServer.caFile());
        String before = digest();
        await().atMost(30, TimeUnit.SECONDS).until(() -> !digest().equals(before));
        awaitNoTroubles();

        assertThat(landing()).contains("503");
        assertThat(requests).isNotEmpty().containsOnly("PUT");

        install(another);
        await().atMost(30, TimeUnit.SECONDS).until(() -> digest().equals(before));
        requests.clear();
        assertThat(landing()).containsIgnoringCase("certificat");
        assertThat(requests).isEmpty();
    }

    @Test
    void authorities_that_cannot_be_used_leave_the_former_ones_and_refuse_no_reload()
            throws Exception {
        String before = digest();

        install(Files.writeString(folder.resolve("none"), "no certificate"));

        awaitTrouble("stores.far.s3.caFile: changed files are not in force, the former");
        assertThat(service.troubles())
                .singleElement()
                .asString()
                .contains("ca.pem cannot be read as PEM certificates");
        reload(BOTH, "lake");
        assertThat(service.config().streams().get(0).destination().store()).contains("lake");
        assertThat(digest()).isEqualTo(before);

        install(another);
        awaitNoTroubles();
    }

    @Test
    void files_of_a_store_that_is_gone_and_still_needed_are_watched_until_it_is_closed()
            throws Exception {
        new FirehoseClient(service.apiUri(), Optional.empty(), new SystemClock())
                .putRecordBatch("s", List.of("x".getBytes(UTF_8)));
        service.flush();
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> !service.status().get(0).troubles().isEmpty());
        reload("", "lake");
        assertThat(service.stores().goneAndOpen()).containsExactly("far");

        Files.delete(folder.resolve("key"));
        awaitTrouble("stores.far.s3.credentialsFile: changed files are not in force");
        writeKey();
        awaitNoTroubles();
        assertThat(requests).isEmpty();
        install(ofTheServer.caFile());

        await().atMost(60, TimeUnit.SECONDS).until(() -> !requests.isEmpty());
        assertThat(service.stores().goneAndOpen()).containsExactly("far");
    }

    @Test
    void authorities_that_wait_for_a_change_of_the_configuration_hold_no_other_file_up()
            throws Exception {
        String before = digest();
        CountDownLatch over = new CountDownLatch(1);
        CompletionStage<Boolean> change =
                service.streams().between(() -> over.await(100, TimeUnit.SECONDS));
        try {
            install(ofTheServer.caFile());

            for (int time = 0; time < 3; time++) { // by the second the authorities are waiting
                Files.delete(folder.resolve("key"));
                awaitTrouble("stores.far.s3.credentialsFile: ");
                writeKey();
                awaitNoTroubles();
            }
            assertThat(digest()).isEqualTo(before);
        } finally {
            over.countDown();
        }

        assertThat(change.toCompletableFuture().get(30, TimeUnit.SECONDS)).isTrue();
        await().atMost(30, TimeUnit.SECONDS).until(() -> !digest().equals(before));
    }
}

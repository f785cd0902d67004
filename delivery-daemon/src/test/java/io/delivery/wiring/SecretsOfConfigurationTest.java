package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.delivery.listening.TestCertificate;
import io.delivery.listening.TestCertificate.PemFiles;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LoadedConfig;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.FirehoseException;

/** Callers and a token that stand in the configuration itself, and authorities of its stores. */
@Timeout(120)
class SecretsOfConfigurationTest {
    private static final String CALLERS =
            ", credentials: [{accessKeyId: first, secretAccessKey: secret}], adminToken: t0ken";

    @TempDir Path folder;
    private PemFiles first;
    private Service service;

    @BeforeEach
    void start() throws Exception {
        first = TestCertificate.in(Files.createDirectory(folder.resolve("first")));
        install(first.certificate());
        ConfigFile file = file(CALLERS, "b");
        LoadedConfig loaded = file.read();
        service = Service.start(loaded, file.kept(loaded));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private void install(Path certificate) throws IOException {
        Path copy = Files.copy(certificate, folder.resolve("ca.new"));
        Files.move(copy, folder.resolve("ca.pem"), StandardCopyOption.REPLACE_EXISTING);
    }

    private ConfigFile file(String secrets, String bucket) throws IOException {
        return new ConfigFile(
                new ConfigLoader(Map.of(), Programs.OURS),
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        server: {api: '127.0.0.1:0', admin: '127.0.0.1:0', shutdown: {land: false}%s}
                        dataDir: data
                        limits: {memory: 128MB}
                        stores:
                          lake: {directory: lake, default: true}
                          far: {s3: {endpoint: 'https://127.0.0.1:1', region: us-east-1, caFile: ca.pem}}
                        streams: {s: {destination: {bucket: %s}}}
                        """
                                .formatted(secrets, bucket)));
    }

    private void reload(String secrets, String bucket) throws Exception {
        ConfigFile file = file(secrets, bucket);
        LoadedConfig next = file.readAgain(service.config());
        service.reload(next, file.kept(next)).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private String heard(String accessKeyId) {
        try (FirehoseClient client =
                FirehoseClient.builder()
                        .endpointOverride(service.apiUri())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(accessKeyId, "secret")))
                        .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(1)))
                        .build()) {
            FirehoseException refused =
                    catchThrowableOfType(
                            FirehoseException.class, () -> client.listDeliveryStreams(l -> {}));
            return refused == null ? "200" : refused.awsErrorDetails().errorCode();
        }
    }

    private int flush(String token) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(service.adminUri().resolve("/flush"))
                        .header("Authorization", "Bearer " + token)
                        .timeout(Duration.ofSeconds(20))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void other_callers_and_another_token_come_into_force_with_a_reload() throws Exception {
        assertThat(heard("first")).isEqualTo("200");
        assertThat(heard("second")).isEqualTo("UnrecognizedClientException");

        reload(CALLERS.replace("first", "second").replace("t0ken", "n3xt"), "b");

        assertThat(heard("second")).isEqualTo("200");
        assertThat(heard("first")).isEqualTo("UnrecognizedClientException");
        assertThat(flush("n3xt")).isEqualTo(200);
        assertThat(flush("t0ken")).isEqualTo(403);
    }

    @Test
    void whether_there_are_callers_and_a_token_is_decided_at_the_start() throws Exception {
        for (String without : List.of("", CALLERS.replace(", adminToken: t0ken", ""))) {
            assertThatThrownBy(() -> reload(without, "b"))
                    .hasMessageContaining("server: has changed, and only a restart changes it");
        }

        assertThat(heard("first")).isEqualTo("200");
        assertThat(flush("t0ken")).isEqualTo(200);
    }

    private String authorities() {
        return service.stores().authorities(service.config().stores()).get(0).digest();
    }

    @Test
    void authorities_of_a_store_that_change_are_trusted_without_a_reload() throws Exception {
        String before = authorities();
        PemFiles second = TestCertificate.in(Files.createDirectory(folder.resolve("second")));

        install(second.certificate());

        await().atMost(20, TimeUnit.SECONDS).until(() -> !authorities().equals(before));
        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(service.troubles()).isEmpty());
        install(first.certificate());
        await().atMost(20, TimeUnit.SECONDS).until(() -> authorities().equals(before));
    }

    @Test
    void authorities_that_cannot_be_used_leave_the_former_ones_and_refuse_no_reload()
            throws Exception {
        String before = authorities();

        install(Files.writeString(folder.resolve("none"), "no certificate"));

        await().atMost(20, TimeUnit.SECONDS).until(() -> !service.troubles().isEmpty());
        assertThat(service.troubles())
                .singleElement()
                .asString()
                .startsWith("stores.far.s3.caFile: changed files are not in force, the former")
                .contains("ca.pem cannot be read as PEM certificates");
        reload(CALLERS, "other");
        assertThat(service.config().streams().get(0).destination().bucket()).isEqualTo("other");
        assertThat(authorities()).isEqualTo(before);

        install(first.certificate());
        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(service.troubles()).isEmpty());
    }
}

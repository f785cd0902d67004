package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LoadedConfig;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.FirehoseException;

/** Callers and a token that stand in the configuration itself. */
@Timeout(120)
class SecretsOfConfigurationTest {
    private static final String CALLERS =
            ", credentials: [{accessKeyId: first, secretAccessKey: secret}], adminToken: t0ken";

    @TempDir Path folder;
    private Service service;

    @BeforeEach
    void start() throws Exception {
        ConfigFile file = file(CALLERS, "b");
        LoadedConfig loaded = file.read();
        service = Service.start(loaded, file.kept(loaded));
    }

    @AfterEach
    void stop() {
        service.close();
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
    void what_has_changed_is_in_the_log_without_its_values() throws Exception {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Logger log = (Logger) LoggerFactory.getLogger(Reconfiguration.class);
        log.setLevel(Level.INFO);
        log.addAppender(lines);
        try {
            reload(CALLERS, "c");
            assertThat(told(lines)).isEmpty();
            reload(CALLERS.replace("secret}", "other}"), "c");
            assertThat(told(lines)).singleElement().asString().contains("=server.credentials ");
            reload(CALLERS.replace("secret}", "other}").replace("t0ken", "n3xt"), "c");
        } finally {
            log.detachAppender(lines);
            log.setLevel(null);
        }

        assertThat(told(lines))
                .containsExactly(
                        "configuration changed: setting=server.credentials change=NEW_SETTINGS",
                        "configuration changed: setting=server.adminToken change=NEW_SETTINGS");
    }

    private static List<String> told(ListAppender<ILoggingEvent> lines) {
        synchronized (lines) { // who appends holds this lock
            return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        }
    }

    @Test
    void whether_there_are_callers_and_a_token_is_decided_at_the_start() throws Exception {
        for (String without : List.of("", CALLERS.replace(", adminToken: t0ken", ""))) {
            assertThatThrownBy(() -> reload(without, "b"))
                    .hasMessageContaining(
                            "server.adminToken: has changed, and only a restart changes it");
        }

        assertThat(heard("first")).isEqualTo("200");
        assertThat(flush("t0ken")).isEqualTo(200);
    }
}

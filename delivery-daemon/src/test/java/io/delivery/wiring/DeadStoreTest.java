package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.api.http.FirehoseClient;
import io.delivery.loading.ConfigLoader;
import io.delivery.machine.SystemClock;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What operators see of a store that takes nothing: in the log and in the readiness body. */
class DeadStoreTest {
    private static final Logger LANDINGS =
            (Logger) LoggerFactory.getLogger("io.delivery.landing.Landings");

    @TempDir private Path folder;

    private final Lines lines = new Lines();

    /** Of the stream of this test: others land meanwhile. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final List<ILoggingEvent> seen = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getFormattedMessage().contains("stream=dead ")) {
                seen.add(event);
            }
        }
    }

    @BeforeEach
    void listen() {
        lines.start();
        LANDINGS.setLevel(ch.qos.logback.classic.Level.INFO);
        LANDINGS.addAppender(lines);
    }

    @AfterEach
    void leave() {
        LANDINGS.detachAppender(lines);
    }

    @Test
    void a_store_that_is_dead_for_a_while_is_told_twice_and_the_readiness_body_names_it()
            throws Exception {
        Path bucket = folder.resolve("lake/notes");
        try (Service service =
                Service.start(
                        new ConfigLoader(Map.of(), Programs.OURS)
                                .load(
                                        Files.writeString(
                                                folder.resolve("delivery.yaml"),
                                                """
                                                server: {api: 127.0.0.1:0, admin: 127.0.0.1:0}
                                                dataDir: data
                                                limits: {memory: 128MB}
                                                stores: {lake: {directory: lake}}
                                                streams: {dead: {destination: {bucket: notes}}}
                                                """)))) {
            Files.createDirectories(bucket.getParent());
            Files.writeString(bucket, "in the way");
            new FirehoseClient(service.apiUri(), Optional.empty(), new SystemClock())
                    .putRecordBatch("dead", List.of(new byte[] {'x'}));
            CompletableFuture<Void> flushed = service.flush();
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() -> service.status().toString().contains("attempt 3"));

            JsonNode ready = ready(service);
            assertThat(ready.path("ready").asBoolean()).isTrue();
            assertThat(ready.path("healthy").asBoolean()).isFalse();
            assertThat(ready.path("reasons").path(0).asText())
                    .startsWith("stream dead: PUT lake/")
                    .contains(bucket + " is an object");
            Files.delete(bucket);
            flushed.get(60, TimeUnit.SECONDS);

            assertThat(ready(service).path("healthy").asBoolean()).isTrue();
            assertThat(ready(service).path("reasons")).isEmpty();
        }

        assertThat(lines.seen)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        first ->
                                assertThat(first)
                                        .startsWith(
                                                "landing fails: stream=dead store=lake bucket=notes"
                                                        + " object=")
                                        .contains(" error="),
                        last ->
                                assertThat(last)
                                        .matches(
                                                "landing works again: stream=dead store=lake"
                                                        + " bucket=notes failures=[3-9] after=.+"));
        assertThat(lines.seen).allMatch(event -> event.getThrowableProxy() == null);
    }

    private static JsonNode ready(Service service) throws Exception {
        HttpResponse<String> answer =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(service.adminUri().resolve("/health/ready"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body());
    }
}

package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.encoder.Encoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.config.LogSettings;
import io.delivery.lane.components.LaneName;
import io.delivery.record.Incarnation;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;

/** What {@code log.format: json} writes. */
class JsonLogTest {
    @Test
    void an_event_is_one_flat_object_with_the_whole_message_and_its_values_as_fields()
            throws Exception {
        JsonNode event =
                logged(
                        "landing fails: stream={} object={} records={} error={}",
                        null,
                        "orders",
                        Path.of("a/b"),
                        12,
                        "503 SlowDown");

        assertThat(OffsetDateTime.parse(event.path("timestamp").asText())).isNotNull();
        assertThat(event.path("level").asText()).isEqualTo("WARN");
        assertThat(event.path("logger").asText()).isEqualTo("io.delivery.Test");
        assertThat(event.path("thread").asText()).isNotEmpty();
        assertThat(event.path("message").asText())
                .isEqualTo("landing fails: stream=orders object=a/b records=12 error=503 SlowDown");
        assertThat(event.path("stream").asText()).isEqualTo("orders");
        assertThat(event.path("object").asText()).isEqualTo("a/b");
        assertThat(event.path("records").isIntegralNumber()).isTrue();
        assertThat(event.path("error").asText()).isEqualTo("503 SlowDown");
        assertThat(event).allMatch(JsonNode::isValueNode);
    }

    @Test
    void a_lane_is_two_fields() throws Exception {
        LaneName lane = new LaneName("orders", Incarnation.parse("00".repeat(16)), "main-1");

        JsonNode event = logged("range sealed: {} objects={}", null, lane, 3);

        assertThat(event.path("message").asText())
                .isEqualTo("range sealed: stream=orders lane=main-1 objects=3");
        assertThat(event.path("stream").asText()).isEqualTo("orders");
        assertThat(event.path("lane").asText()).isEqualTo("main-1");
        assertThat(event.path("objects").asInt()).isEqualTo(3);
    }

    @Test
    void an_exception_is_a_sentence_and_a_stack_trace() throws Exception {
        JsonNode event = logged("failed: stream={}", new NoSuchFileException("/a"), "orders");

        assertThat(event.path("error").asText()).isEqualTo("/a does not exist");
        assertThat(event.path("stackTrace").asText()).contains("NoSuchFileException", "\n");
        assertThat(event).allMatch(JsonNode::isValueNode);
    }

    @Test
    void a_value_cannot_take_the_place_of_what_every_event_has() throws Exception {
        JsonNode event = logged("level={} timestamp={}", null, "none", 0);

        assertThat(event.path("level").asText()).isEqualTo("WARN");
        assertThat(event.path("timestamp").asText()).isNotEqualTo("0");
    }

    @Test
    void what_has_no_name_or_no_value_is_in_the_message_only() throws Exception {
        JsonNode event = logged("{} and {} of {}", null, "one", null);

        assertThat(event.path("message").asText()).isEqualTo("one and null of {}");
        assertThat(event.size()).isEqualTo(5);
    }

    private static JsonNode logged(String message, Throwable failure, Object... values)
            throws Exception {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        Encoder<ILoggingEvent> encoder = Logging.encoder(LogSettings.Format.JSON, context);
        LoggingEvent event =
                new LoggingEvent(
                        "",
                        context.getLogger("io.delivery.Test"),
                        Level.WARN,
                        message,
                        failure,
                        values);
        String line = new String(encoder.encode(event), StandardCharsets.UTF_8);
        assertThat(line.lines()).hasSize(1);
        assertThat(line).endsWith("\n");
        return new ObjectMapper().readTree(line);
    }
}

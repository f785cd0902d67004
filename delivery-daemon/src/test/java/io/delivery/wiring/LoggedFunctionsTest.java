package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.config.LogSettings;
import io.delivery.function.FunctionLog.Source;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LoggedFunctionsTest {
    private static final String NAME = "logged-functions-test";

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger logger = context.getLogger("function." + NAME);
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    @BeforeEach
    void listen() {
        events.setContext(context);
        events.start();
        logger.addAppender(events);
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(events);
        logger.setLevel(null);
        logger.setAdditive(true);
    }

    @Test
    void what_a_function_writes_is_in_the_log_under_its_name_by_where_it_was_written() {
        LoggedFunctions log = new LoggedFunctions();

        log.line(NAME, Source.STDOUT, "hello {}");
        log.line(NAME, Source.STDERR, "oh no");

        assertThat(events.list)
                .extracting(event -> event.getLevel() + " " + event.getFormattedMessage())
                .containsExactly(
                        "INFO function wrote: function=" + NAME + " line=hello {}",
                        "WARN function wrote: function=" + NAME + " line=oh no");
    }

    @Test
    void in_json_the_function_and_its_line_are_fields_and_the_line_stays_one() throws Exception {
        new LoggedFunctions().line(NAME, Source.STDERR, "a\nb=\u001b[31m");

        byte[] line = Logging.encoder(LogSettings.Format.JSON, context).encode(events.list.get(0));
        JsonNode event = new ObjectMapper().readTree(line);

        assertThat(event.path("logger").asText()).isEqualTo("function." + NAME);
        assertThat(event.path("function").asText()).isEqualTo(NAME);
        assertThat(event.path("line").asText()).startsWith("a\nb=");
        assertThat(new String(line, StandardCharsets.UTF_8).lines().toList())
                .singleElement(InstanceOfAssertFactories.STRING)
                .doesNotContain("\u001b");
    }
}

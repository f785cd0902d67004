package io.delivery.lane;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.delivery.lane.Troubles.Cause;
import io.delivery.lane.components.LaneName;
import io.delivery.record.Incarnation;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class TroublesTest {
    private static final String STREAM = "troubles-test";
    private static final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private static final Logger logger = context.getLogger(Lane.class);

    private final Troubles troubles =
            new Troubles(new LaneName(STREAM, new Incarnation(1, 2), "main-1"), () -> 0);
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender =
            new AppenderBase<>() {
                @Override
                protected void append(ILoggingEvent event) {
                    if (event.getFormattedMessage().contains("stream=" + STREAM)) {
                        lines.add(event.getFormattedMessage());
                    }
                }
            };

    @BeforeAll
    static void tellAlsoWhatIsOver() {
        logger.setLevel(Level.INFO);
    }

    @AfterAll
    static void asBefore() {
        logger.setLevel(null);
    }

    @BeforeEach
    void listen() {
        appender.setContext(context);
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(appender);
    }

    @Test
    void a_trouble_is_told_when_it_begins_and_when_it_is_over() {
        troubles.put(Cause.PROCESSING, "function enrich: it throws");
        assertThat(troubles.sentences()).containsExactly("function enrich: it throws");
        troubles.clear(Cause.PROCESSING);

        assertThat(troubles.sentences()).isEmpty();
        assertThat(lines)
                .containsExactly(
                        "processing fails: stream=troubles-test lane=main-1 error=function enrich:"
                                + " it throws",
                        "processing works again: stream=troubles-test lane=main-1 failures=1"
                                + " after=0 ms");
    }

    @Test
    void one_whose_cause_was_replaced_is_forgotten_without_a_word_and_a_new_one_is_told() {
        troubles.put(Cause.PROCESSING, "function enrich: it throws");
        troubles.forget(Cause.PROCESSING);
        troubles.clear(Cause.PROCESSING);
        assertThat(troubles.sentences()).isEmpty();
        assertThat(lines).hasSize(1);

        troubles.put(Cause.PROCESSING, "function enrich: it throws");

        assertThat(troubles.sentences()).hasSize(1);
        assertThat(lines).hasSize(2).allMatch(line -> line.startsWith("processing fails: "));
    }
}

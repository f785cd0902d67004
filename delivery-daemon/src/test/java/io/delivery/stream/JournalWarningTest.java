package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Here and not beside the others of its package: it needs a real log. */
class JournalWarningTest {
    private final Logger log = (Logger) LoggerFactory.getLogger(JournalFill.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        log.setLevel(Level.INFO);
        log.addAppender(lines);
    }

    @AfterEach
    void stop() {
        log.detachAppender(lines);
        log.setLevel(null);
    }

    @Test
    void the_log_has_one_warning_each_time_it_gets_full() {
        JournalFill fill = new JournalFill("clicks");

        int[] percents = {50, 81, 85, 79, 99, 71, 80, 69, 60, 79, 65};
        for (int i = 0; i < percents.length; i++) {
            fill.look(percents[i], 100, i * 500_000_000L);
        }
        fill.refused(99);
        fill.refused(99);

        assertThat(lines.list)
                .filteredOn(line -> line.getLevel() == Level.WARN)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "journal is getting full: stream=clicks percent=81 bytes=81 limit=100",
                        "journal is getting full: stream=clicks percent=99 bytes=99 limit=100");
    }

    @Test
    void a_journal_that_the_volume_closes_is_told_once_and_when_it_is_open_again() {
        JournalFill fill = new JournalFill("on-a-full-volume");

        fill.lookWithoutVolume(1);
        fill.lookWithoutVolume(1);
        fill.look(1, 100, 1);
        fill.look(1, 100, 2);

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .filteredOn(line -> line.contains("on-a-full-volume"))
                .containsExactly(
                        "journal is closed, the volume has no room for records:"
                                + " stream=on-a-full-volume",
                        "journal is open again, the volume has room for records:"
                                + " stream=on-a-full-volume");
    }
}

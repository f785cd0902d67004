package io.delivery.journal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.delivery.metrics.Metrics;
import io.delivery.record.Incarnation;
import io.delivery.record.RecordBatch;
import io.delivery.testkit.SimWorld;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log says of a newest segment. Here and not beside the others: it needs a real log. */
class JournalToldTest {
    private static final Path DIRECTORY = Path.of("/data/clicks/journal");
    private static final String CUT = "the journal's newest segment was cut";
    private static final String GONE = "the journal's newest segment is gone";
    private static final String LOST = "records are lost";
    private static final String HEADLESS = "the journal's newest segment has no readable header";

    private final Logger log = (Logger) LoggerFactory.getLogger(DamagedBytes.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final SimWorld sim = SimWorld.seeded(1);
    private Journal journal;

    @BeforeEach
    void listen() throws IOException {
        lines.start();
        log.addAppender(lines);
        open();
    }

    @AfterEach
    void stopListening() {
        log.detachAppender(lines);
    }

    private void open() throws IOException {
        journal =
                Journal.open(
                        new JournalSettings(
                                DIRECTORY, "clicks", new Incarnation(1, 2), 0, 1L << 30, () -> {}),
                        sim.world(),
                        Metrics.NONE);
    }

    private void append(String record) {
        journal.append(RecordBatch.of(1, record.getBytes(StandardCharsets.UTF_8)));
        sim.scheduler().runUntilIdle();
    }

    private void killAndReopen() throws IOException {
        sim.kill();
        sim.restart();
        open();
    }

    private Path newest() throws IOException {
        List<Path> files = sim.disk().list(DIRECTORY);
        return files.get(files.size() - 1);
    }

    private List<String> told() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void a_segment_that_is_shorter_than_it_was_made_is_told_once_the_process_was_killed()
            throws IOException {
        append("one");
        sim.disk().cut(newest(), 70_000); // behind its records: nobody can say what was there

        killAndReopen();

        assertThat(told()).singleElement().asString().startsWith(CUT).contains("madeOf=1048576");
    }

    @Test
    void a_segment_of_which_a_process_gave_the_rest_back_is_not_told() throws IOException {
        append("one");
        sim.scheduler().runFor(Duration.ofSeconds(2));
        killAndReopen(); // gives the rest back
        killAndReopen();
        append("two");
        journal.stop();
        sim.scheduler().runUntilIdle();
        open();

        assertThat(told()).isEmpty();
    }

    @Test
    void a_newest_segment_that_is_gone_is_told_with_its_records() throws IOException {
        append("one");
        sim.scheduler().runFor(Duration.ofSeconds(2));
        sim.disk().lose(newest());

        killAndReopen();
        journal.read(0).next();

        assertThat(told()).anyMatch(line -> line.startsWith(GONE));
        assertThat(told()).anyMatch(line -> line.contains(LOST) && line.contains("endSequence=1"));
    }

    @Test
    void a_segment_without_a_header_is_told_and_counts_no_loss_when_nothing_was_in_it()
            throws IOException {
        append("one");
        sim.scheduler().runFor(Duration.ofSeconds(2));
        killAndReopen();
        append("two");
        sim.disk().plant(newest(), new byte[4096]);

        killAndReopen();

        assertThat(told()).anyMatch(line -> line.startsWith(HEADLESS));
    }
}

package io.delivery.journal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.delivery.metrics.Metrics;
import io.delivery.record.Incarnation;
import io.delivery.record.RecordBatch;
import io.delivery.testkit.DiskCall;
import io.delivery.testkit.SimWorld;
import io.delivery.testkit.SimulatedCrash;
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
    private final Logger markLog = (Logger) LoggerFactory.getLogger(JournalMark.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private SimWorld sim = SimWorld.seeded(1);
    private long limit = 1L << 30;
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
        markLog.detachAppender(lines);
        markLog.setLevel(null);
    }

    private void open() throws IOException {
        journal =
                Journal.open(
                        new JournalSettings(
                                DIRECTORY, "clicks", new Incarnation(1, 2), 0, limit, () -> {}),
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

    /** What the process does in its life; every moment of it may be its last. */
    private void startAppendAndStop() throws IOException {
        open();
        append("one");
        append("a".repeat(3_000));
        sim.scheduler().runFor(Duration.ofSeconds(2));
        append("three");
        journal.stop();
        sim.scheduler().runUntilIdle();
    }

    /** Lets the process die in a call of the disk. */
    private void dieIn(long call) throws IOException {
        sim.disk().crashAfter(call);
        try {
            startAppendAndStop();
        } catch (SimulatedCrash expected) {
            // The caller decides what has died: the process, or the machine with it.
        }
    }

    private void nothingIsToldAsAnError(String as) {
        assertThat(lines.list)
                .as(as)
                .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.ERROR))
                .extracting(ILoggingEvent::getFormattedMessage)
                .isEmpty();
    }

    private void emptyWorld(long seed) throws IOException {
        sim = SimWorld.seeded(seed);
        sim.disk().createDirectories(DIRECTORY.getParent());
        sim.disk().syncDirectory(Path.of("/"));
        sim.disk().syncDirectory(Path.of("/data"));
        limit = 32 << 10; // segments of 4,096 bytes
    }

    @Test
    void a_power_cut_in_any_call_from_the_start_to_the_stop_is_not_told_as_a_cut()
            throws IOException {
        boolean died = true;
        for (long call = 1; died; call++) {
            for (long seed = 0; seed < 30; seed++) {
                emptyWorld(1000 * call + seed);
                startAppendAndStop();
                dieIn(call);
                died = sim.disk().crashedInCall();
                sim.powerCut();
                sim.restart();

                open();

                nothingIsToldAsAnError("call %d, seed %d".formatted(call, seed));
            }
        }
    }

    @Test
    void a_power_cut_in_any_call_of_the_start_behind_a_kill_in_any_call_is_not_told_as_a_cut()
            throws IOException {
        for (long killed = 1; killed < 40; killed++) {
            for (long call = 1; call < 16; call++) {
                for (long seed = 0; seed < 4; seed++) {
                    emptyWorld(100_000 * killed + 1000 * call + seed);
                    dieIn(killed);
                    sim.kill();
                    sim.restart();
                    dieIn(call);
                    sim.powerCut();
                    sim.restart();

                    open();

                    nothingIsToldAsAnError(
                            "killed in %d, call %d, seed %d".formatted(killed, call, seed));
                }
            }
        }
    }

    @Test
    void a_mark_that_cannot_be_written_for_an_hour_is_told_when_that_begins_and_when_it_is_over() {
        markLog.setLevel(Level.INFO);
        markLog.addAppender(lines);
        sim.disk()
                .failEvery(
                        call -> call.isOn(DiskCall.Kind.CREATE, "marks"),
                        new IOException("injected"));
        for (int second = 0; second < 3_600; second++) {
            append("record " + second);
            sim.scheduler().runFor(Duration.ofSeconds(1));
        }
        sim.disk().noMoreFaults();
        sim.scheduler().runFor(Duration.ofSeconds(2));

        assertThat(told()).hasSize(2);
        assertThat(told().get(0))
                .startsWith("writing the mark of the journal fails: stream=clicks file=")
                .endsWith("error=injected");
        assertThat(told().get(1))
                .startsWith("writing the mark of the journal works again: stream=clicks failures=");
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

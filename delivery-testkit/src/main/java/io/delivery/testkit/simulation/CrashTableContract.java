package io.delivery.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.testkit.SimWorld;
import io.delivery.testkit.simulation.CrashRun.Kept;
import io.delivery.testkit.simulation.CrashRun.Room;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * One short run of a stream, ended at every call that changes the disk and between any two steps of
 * the world – so also before, during and after each request to the store – and then taken up again.
 * Every row of the crash table must have been met.
 */
public abstract class CrashTableContract {
    private static final boolean EVERYTHING = Boolean.getBoolean("crash.everything");
    private static final String FOLLOWED =
            EVERYTHING ? "each followed by everything" : "followed by one thing in turn";

    private static final Set<CrashRow> ROWS_OF_SHORT_ROOM =
            EnumSet.of(
                    CrashRow.AFTER_AN_OBJECT_HAS_LANDED_FOR_GOOD_BEFORE_COMMIT,
                    CrashRow.AFTER_AN_OBJECT_HAS_LANDED_FOR_GOOD_BEFORE_ITS_BYTES_ARE_DELETED);

    /** The store of one world. */
    protected abstract SimulatedLake lake(SimWorld sim);

    /** Whether the stream is encrypted on the disk. */
    Kept kept() {
        return Kept.PLAIN;
    }

    /** Rows that a stream with this store never meets. */
    protected abstract Set<CrashRow> rowsOfOtherStores();

    /** What follows the end of the process. */
    enum Aftermath {
        ANOTHER_PROCESS,
        POWER_CUT,
        POWER_CUT_AFTER_THE_RESTART,
        ANOTHER_DEFINITION
    }

    /**
     * All aftermaths of each crash with {@code -Dcrash.everything=true}; otherwise one of them, the
     * next one for the next call or step.
     */
    private static LongStream crashes(long last, List<Aftermath> aftermaths, Aftermath aftermath) {
        int turn = aftermaths.indexOf(aftermath);
        return LongStream.rangeClosed(1, last)
                .filter(n -> EVERYTHING || n % aftermaths.size() == turn)
                .parallel();
    }

    @Test
    void a_crash_at_any_call_or_step_loses_and_doubles_nothing_and_every_row_is_met()
            throws IOException {
        Map<CrashRow, Long> met = new ConcurrentSkipListMap<>();
        CrashRun whole = new CrashRun(this::lake, Room.ENOUGH, kept());
        whole.runWhole();

        List<Aftermath> aftermaths = List.of(Aftermath.values());
        for (Aftermath aftermath : aftermaths) {
            crashes(whole.diskCalls(), aftermaths, aftermath)
                    .mapToObj(
                            call ->
                                    new CrashRun(this::lake, Room.ENOUGH, kept())
                                            .crashInCall(call, aftermath))
                    .forEach(rows -> rows.forEach(row -> met.merge(row, 1L, Long::sum)));
            crashes(whole.steps(), aftermaths, aftermath)
                    .mapToObj(
                            step ->
                                    new CrashRun(this::lake, Room.ENOUGH, kept())
                                            .crashAfterStep(step, aftermath))
                    .forEach(rows -> rows.forEach(row -> met.merge(row, 1L, Long::sum)));
        }

        System.out.printf(
                "%s: crashed in each of %d disk calls and after each of %d steps, %s, rows met %s%n",
                getClass().getSimpleName(), whole.diskCalls(), whole.steps(), FOLLOWED, met);
        Set<CrashRow> expected = EnumSet.allOf(CrashRow.class);
        expected.removeAll(rowsOfOtherStores());
        expected.removeAll(ROWS_OF_SHORT_ROOM);
        assertThat(met.keySet()).containsAll(expected);
    }

    @Test
    void where_objects_are_freed_before_their_range_commits_a_crash_loses_and_doubles_nothing()
            throws IOException {
        assumeTrue(
                EVERYTHING || kept() == Kept.PLAIN,
                "make proof runs it: which bytes are freed when is no matter of encryption");
        Map<CrashRow, Long> met = new ConcurrentSkipListMap<>();
        CrashRun whole = new CrashRun(this::lake, Room.SHORT, kept());
        whole.runWhole();

        List<Aftermath> aftermaths = List.of(Aftermath.ANOTHER_PROCESS, Aftermath.POWER_CUT);
        for (Aftermath aftermath : aftermaths) {
            crashes(whole.diskCalls(), aftermaths, aftermath)
                    .mapToObj(
                            call ->
                                    new CrashRun(this::lake, Room.SHORT, kept())
                                            .crashInCall(call, aftermath))
                    .forEach(rows -> rows.forEach(row -> met.merge(row, 1L, Long::sum)));
        }

        System.out.printf(
                "%s, short of room: crashed in each of %d disk calls, %s, rows met %s%n",
                getClass().getSimpleName(), whole.diskCalls(), FOLLOWED, met);
        assertThat(met.keySet()).containsAll(ROWS_OF_SHORT_ROOM);
    }
}

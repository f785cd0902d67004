package io.delivery.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.landing.CommittedRange;
import io.delivery.landing.LaneRecord;
import io.delivery.landing.LaneRecords;
import io.delivery.landing.LaneState;
import io.delivery.landing.LocalLaneState;
import io.delivery.record.Incarnation;
import io.delivery.testkit.SimWorld;
import io.delivery.testkit.SimulatedCrash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final Incarnation INCARNATION = new Incarnation(1, 2);
    private static final Path LANE = Path.of("/data/streams/s~00000000/lanes/main-1");
    private static final Path LEDGER = LANE.resolve("ledger");

    /** So short that each commit has the state written anew. */
    private static final long SHORT_TAIL = 1;

    /** Never written anew but at a start. */
    private static final long LONG_TAIL = 1 << 20;

    private static final long NOON = Instant.parse("2026-11-21T12:00:00Z").toEpochMilli();
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final SimWorld sim = worldAt(7, NOON);
    private LedgerLimit limit = new LedgerLimit(LedgerLimit.DEFAULT_BYTES);

    private static SimWorld worldAt(long seed, long millis) {
        SimWorld world = SimWorld.seeded(seed);
        world.clock().setWall(Instant.ofEpochMilli(millis));
        return world;
    }

    private LaneState state(SimWorld world, long maxTailBytes) throws IOException {
        return LocalLaneState.recover(
                LANE,
                INCARNATION,
                "test",
                0,
                maxTailBytes,
                Ledger.open(LANE, limit, world.world()),
                world.world());
    }

    private LaneState otherLane(Path lane) throws IOException {
        return LocalLaneState.recover(
                lane,
                INCARNATION,
                "test",
                0,
                SHORT_TAIL,
                Ledger.open(lane, limit, sim.world()),
                sim.world());
    }

    private static void commit(LaneState state, long start, long end, long atMillis)
            throws IOException {
        List<LaneRecord> records = LaneRecords.committed(start, end, atMillis);
        state.append(records.subList(0, 2));
        state.append(records.subList(2, 3));
    }

    /** Ranges in the ledger as {@code start-end}. */
    private static List<String> ranges(SimWorld world) throws IOException {
        return rangesOf(LANE, world);
    }

    private static List<String> rangesOf(Path lane, SimWorld world) throws IOException {
        List<String> ranges = new ArrayList<>();
        LedgerReader.read(
                lane,
                world.world().disk(),
                new LedgerReader.Visitor() {
                    @Override
                    public void committed(CommittedRange range) {
                        ranges.add(range.start() + "-" + range.end());
                    }

                    @Override
                    public void damaged(Path file, long from, long to, String reason) {
                        ranges.add("damaged");
                    }
                });
        return ranges;
    }

    private List<String> files() throws IOException {
        return sim.disk().list(LEDGER).stream().map(p -> p.getFileName().toString()).toList();
    }

    @Test
    void what_was_committed_is_in_the_ledger_when_the_state_has_forgotten_it() throws IOException {
        LaneState state = state(sim, SHORT_TAIL);

        commit(state, 0, 3, NOON);
        commit(state, 3, 4, NOON + 1);

        assertThat(ranges(sim)).containsExactly("0-3", "3-4");
        assertThat(files()).containsExactly("2026-11-21.dl");
    }

    @Test
    void an_entry_tells_of_its_range_all_that_was_decided_and_the_books_before_it()
            throws IOException {
        LaneState state = state(sim, SHORT_TAIL);
        commit(state, 0, 3, NOON);
        commit(state, 3, 4, NOON + 1);
        List<CommittedRange> found = new ArrayList<>();

        LedgerReader.read(LANE, sim.disk(), collecting(found));

        CommittedRange second = found.get(1);
        assertThat(second.range().objects()).containsExactly(LaneRecords.object(3, 4));
        assertThat(second.range().seal().trigger()).isEqualTo("size");
        assertThat(second.atMillis()).isEqualTo(NOON + 1);
        assertThat(second.totalsBefore().main()).isEqualTo(3);
        assertThat(second.totalsBefore().sequences()).isEqualTo(3);
        assertThat(second.laneBegin()).isZero();
    }

    @Test
    void an_entry_that_only_a_newer_program_understands_is_told_and_not_skipped()
            throws IOException {
        LaneState state = state(sim, SHORT_TAIL);
        commit(state, 0, 3, NOON);
        Path file = LEDGER.resolve("2026-11-21.dl");
        byte[] known = sim.disk().bytes(file);
        ByteBuffer newer = LedgerFrame.encode(known.length, 3, 4, new byte[] {17});
        byte[] both = Arrays.copyOf(known, known.length + newer.remaining());
        newer.get(both, known.length, newer.remaining());
        sim.disk().plant(file, both);

        for (long stateBegins : new long[] {0, 3, 4}) {
            List<String> damaged = new ArrayList<>();
            LedgerReader.read(LANE, sim.disk(), 0, stateBegins, telling(damaged));

            assertThat(damaged)
                    .containsExactly(
                            "it has a record of type 17, which this program does not know: a newer"
                                    + " one wrote it");
        }
    }

    private static LedgerReader.Visitor telling(List<String> damaged) {
        return new LedgerReader.Visitor() {
            @Override
            public void committed(CommittedRange range) {}

            @Override
            public void damaged(Path file, long from, long to, String reason) {
                damaged.add(reason);
            }
        };
    }

    private static LedgerReader.Visitor collecting(List<CommittedRange> found) {
        return new LedgerReader.Visitor() {
            @Override
            public void committed(CommittedRange range) {
                found.add(range);
            }

            @Override
            public void damaged(Path file, long from, long to, String reason) {
                throw new AssertionError(file + ": " + reason);
            }
        };
    }

    @Test
    void a_state_that_is_only_appended_to_keeps_its_commits_to_itself() throws IOException {
        LaneState state = state(sim, LONG_TAIL);

        commit(state, 0, 3, NOON);

        assertThat(files()).isEmpty();
        state(sim, LONG_TAIL).own();
        assertThat(ranges(sim)).containsExactly("0-3");
    }

    @Test
    void a_hole_among_entries_that_were_not_synced_is_no_damage() throws IOException {
        LaneState state = state(sim, SHORT_TAIL);
        commit(state, 0, 3, NOON);
        commit(state, 3, 4, NOON + 1);
        Path file = LEDGER.resolve("2026-11-21.dl");
        byte[] synced = sim.disk().bytes(file);
        commit(state, 4, 6, NOON + 2);
        byte[] all = sim.disk().bytes(file);
        byte[] payload =
                Arrays.copyOfRange(all, synced.length + LedgerFrame.HEADER_BYTES, all.length);
        ByteBuffer behindHole = LedgerFrame.encode(synced.length + 100, 4, 6, payload);
        byte[] torn = Arrays.copyOf(synced, synced.length + 100 + behindHole.remaining());
        behindHole.get(torn, synced.length + 100, behindHole.remaining());
        sim.disk().plant(file, torn);

        assertThat(ranges(sim)).as("to one who knows of no state").contains("damaged");
        List<CommittedRange> found = new ArrayList<>();
        LedgerReader.read(LANE, sim.disk(), 0, 4, collecting(found));
        assertThat(found).hasSize(3);
        List<String> damaged = new ArrayList<>();
        LedgerReader.read(LANE, sim.disk(), 0, 5, telling(damaged));
        assertThat(damaged).as("the state begins behind the hole").hasSize(1);
    }

    @Test
    void a_file_that_was_cut_away_does_not_come_back_when_the_power_goes() throws IOException {
        LaneState state = state(sim, SHORT_TAIL);
        commit(state, 0, 3, NOON);
        commit(state, 3, 4, NOON + DAY);
        commit(state, 4, 5, NOON + DAY);
        assertThat(files()).hasSize(2);

        for (Path above = LANE; above != null; above = above.getParent()) {
            sim.disk().syncDirectory(above);
        }
        assertThat(files()).hasSize(2);

        Ledger.open(LANE, limit, sim.world()).keepFrom(3).close();
        sim.disk().powerCutLosingAllUnsynced();
        sim.disk().restart();

        assertThat(files()).hasSize(1);
        assertThat(ranges(sim)).containsExactly("0-3");
    }

    @Test
    void what_an_attempt_has_cut_that_could_not_be_synced_is_synced_by_the_next_one()
            throws IOException {
        makeStreamDirectory(sim);
        LaneState state = state(sim, SHORT_TAIL);
        commit(state, 0, 3, NOON);
        commit(state, 3, 4, NOON);
        commit(state, 4, 5, NOON + DAY);
        for (Path above = LANE; above != null; above = above.getParent()) {
            sim.disk().syncDirectory(above);
        }
        Ledger ledger = Ledger.open(LANE, limit, sim.world());

        sim.disk().failNextSync(new IOException("injected"));
        assertThatThrownBy(() -> ledger.keepFrom(3)).hasMessageContaining("injected");
        sim.disk().failNextDirectorySync(new IOException("injected"));
        assertThatThrownBy(() -> ledger.keepFrom(3)).hasMessageContaining("injected");
        ledger.keepFrom(3).close();
        sim.disk().powerCutLosingAllUnsynced();
        sim.disk().restart();

        assertThat(files()).hasSize(1);
        assertThat(ranges(sim)).containsExactly("0-3");
    }

    @Test
    void a_range_is_there_once_whatever_step_of_the_replacement_the_process_dies_at()
            throws IOException {
        int crashes = 0;
        for (long seed = 0; seed < 200; seed++) {
            limit = new LedgerLimit(LedgerLimit.DEFAULT_BYTES);
            SimWorld world = worldAt(seed, NOON);
            makeStreamDirectory(world);
            LaneState state = state(world, LONG_TAIL);
            commit(state, 0, 3, NOON);
            state = state(world, LONG_TAIL);
            state.own();
            commit(state, 3, 5, NOON);
            commit(state, 5, 9, NOON + DAY); // into another file
            world.disk().crashAfter(1 + world.chance().below(16));
            try {
                state(world, LONG_TAIL).own();
            } catch (SimulatedCrash died) {
                crashes++;
                if (world.chance().below(2) == 0) {
                    world.powerCut();
                }
            }
            world.disk().noMoreFaults();
            world.restart();

            LaneState again = state(world, LONG_TAIL);
            again.own();

            assertThat(again.plan().checkpoint()).as("seed %d", seed).isEqualTo(9);
            assertThat(ranges(world)).as("seed %d", seed).containsExactly("0-3", "3-5", "5-9");
        }
        assertThat(crashes).isGreaterThan(100);
    }

    /** Durable before its first record is, and so before any lane state. */
    private static void makeStreamDirectory(SimWorld world) throws IOException {
        Path stream = LANE.getParent().getParent();
        world.disk().createDirectories(stream);
        for (Path above = stream.getParent(); above != null; above = above.getParent()) {
            world.disk().syncDirectory(above);
        }
    }

    @Test
    void a_ledger_that_cannot_be_written_does_not_stop_a_lane_that_runs() throws IOException {
        LaneState state = state(sim, SHORT_TAIL);
        state.own();
        sim.disk().plant(LEDGER, new byte[0]); // a file where the directory should be

        commit(state, 0, 3, NOON);
        commit(state, 3, 4, NOON);

        assertThat(state.plan().checkpoint()).isEqualTo(4);
        sim.disk().delete(LEDGER);
        commit(state, 4, 6, NOON);
        state(sim, SHORT_TAIL).own();
        assertThat(ranges(sim)).containsExactly("0-3", "3-4", "4-6");
    }

    @Test
    void a_tail_torn_at_any_byte_costs_no_whole_entry_and_is_cut() throws IOException {
        LaneState state = state(sim, SHORT_TAIL);
        commit(state, 0, 3, NOON);
        Path file = LEDGER.resolve("2026-11-21.dl");
        byte[] one = sim.disk().bytes(file);
        commit(state, 3, 4, NOON);
        byte[] two = sim.disk().bytes(file);
        for (int length = one.length; length < two.length; length++) {
            sim.disk().plant(file, two);
            sim.disk().cut(file, length);

            assertThat(ranges(sim)).as("cut at %d", length).containsExactly("0-3");
        }
    }

    @Test
    void damage_in_the_middle_costs_its_entry_and_none_behind_it() throws IOException {
        LaneState state = state(sim, SHORT_TAIL);
        commit(state, 0, 3, NOON);
        Path file = LEDGER.resolve("2026-11-21.dl");
        long first = sim.disk().bytes(file).length;
        commit(state, 3, 4, NOON);
        commit(state, 4, 6, NOON);
        sim.disk().flipBit(file, (first + 50) * 8);

        assertThat(ranges(sim)).containsExactly("0-3", "damaged", "4-6");

        commit(state, 6, 7, NOON);
        state(sim, SHORT_TAIL).own();
        commit(state(sim, SHORT_TAIL), 7, 8, NOON);
        assertThat(ranges(sim)).containsExactly("0-3", "damaged", "4-6", "6-7", "7-8");
    }

    @Test
    void each_day_has_its_file_and_a_clock_that_goes_back_has_none() throws IOException {
        LaneState state = state(sim, SHORT_TAIL);

        commit(state, 0, 3, NOON);
        commit(state, 3, 4, NOON + DAY);
        commit(state, 4, 5, NOON);

        assertThat(files()).containsExactly("2026-11-21.dl", "2026-11-22.dl");
        assertThat(ranges(sim)).containsExactly("0-3", "3-4", "4-5");
    }

    @Test
    void beyond_the_limit_the_oldest_files_are_deleted() throws IOException {
        limit = new LedgerLimit(1_000_000);
        LaneState state = state(sim, SHORT_TAIL);

        long start = 0;
        while (start < 6_000) {
            commit(state, start, start + 3, NOON + start / 1000 * DAY);
            start += 3;
        }
        state(sim, SHORT_TAIL).own();

        assertThat(limit.heldBytes()).isBetween(500_000L, 1_000_000L);
        assertThat(bytesOfLedger()).isEqualTo(limit.heldBytes());
        List<String> left = ranges(sim);
        assertThat(left).doesNotContain("0-3").endsWith("5997-6000");
        assertThat(left).hasSize((6000 - startOf(left.get(0))) / 3);
    }

    private long bytesOfLedger() throws IOException {
        long bytes = 0;
        for (Path file : sim.disk().list(LEDGER)) {
            bytes += sim.disk().bytes(file).length;
        }
        return bytes;
    }

    private static int startOf(String range) {
        return Integer.parseInt(range.substring(0, range.indexOf('-')));
    }

    @Test
    void the_limit_is_that_of_all_lanes_and_the_oldest_day_goes_first_whosever_it_is()
            throws IOException {
        limit = new LedgerLimit(1_000_000);
        Path other = LANE.resolveSibling("backup-1");
        LaneState idle = otherLane(other);
        commit(idle, 0, 3, NOON - DAY);
        LaneState busy = state(sim, SHORT_TAIL);
        for (long start = 0; start < 3_000; start += 3) {
            commit(busy, start, start + 3, NOON);
        }

        assertThat(limit.heldBytes()).isLessThanOrEqualTo(1_000_000);
        assertThat(rangesOf(other, sim)).isEmpty();
        assertThat(sim.disk().list(other.resolve("ledger")))
                .as("an empty file tells that nobody removed it")
                .hasSize(1);
        commit(idle, 3, 5, NOON - DAY);
        assertThat(rangesOf(other, sim)).containsExactly("3-5");
        commit(idle, 5, 6, NOON);
        assertThat(rangesOf(other, sim)).containsExactly("3-5", "5-6");
    }

    @Test
    void a_lane_goes_on_in_a_ledger_that_its_limit_has_emptied_after_a_restart_too()
            throws IOException {
        LaneState state = state(sim, SHORT_TAIL);
        commit(state, 0, 3, NOON);
        sim.clock().jumpWall(Duration.ofDays(40));
        Path other = LANE.resolveSibling("backup-1");
        commit(otherLane(other), 0, 3, NOON + 40 * DAY); // its limit is everybody's
        assertThat(ranges(sim)).isEmpty();

        LaneState again = state(sim, SHORT_TAIL);
        again.own();
        assertThat(files()).as("nothing new, and still there").hasSize(1);
        commit(again, 3, 4, NOON + 40 * DAY);

        assertThat(ranges(sim)).containsExactly("3-4");
    }

    @Test
    void entries_older_than_thirty_days_are_deleted() throws IOException {
        LaneState state = state(sim, SHORT_TAIL);
        commit(state, 0, 3, NOON);
        commit(state, 3, 4, NOON + DAY);
        sim.clock().jumpWall(Duration.ofDays(31));

        commit(state, 4, 6, NOON + 31 * DAY);

        assertThat(files()).containsExactly("2026-11-22.dl", "2026-12-22.dl");
    }

    @Test
    void a_failed_sync_of_the_ledger_leaves_the_state_as_it_was() throws IOException {
        LaneState state = state(sim, LONG_TAIL);
        commit(state, 0, 3, NOON);
        byte[] before = sim.disk().bytes(LANE.resolve("state"));
        LaneState next = state(sim, LONG_TAIL);
        sim.disk().failNextSync(new IOException("injected"));

        assertThatThrownBy(next::own).hasMessageContaining("injected");

        assertThat(sim.disk().bytes(LANE.resolve("state"))).isEqualTo(before);
        next.own();
        assertThat(ranges(sim)).containsExactly("0-3");
    }
}

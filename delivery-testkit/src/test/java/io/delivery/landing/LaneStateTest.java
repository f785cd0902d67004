package io.delivery.landing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.landing.LaneRecord.Commit;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Seal;
import io.delivery.landing.LaneRecord.Upload;
import io.delivery.record.Incarnation;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedBytes;
import io.delivery.testkit.SimWorld;
import io.delivery.world.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaneStateTest {
    private static final Incarnation INCARNATION = new Incarnation(1, 2);
    private static final Path LANE = Path.of("/data/streams/s~00000000/lanes/main-1");
    private static final Path FILE = LANE.resolve("state");

    private final SimWorld sim = SimWorld.seeded(7);

    private LaneState recover() throws IOException {
        return LocalLaneState.recover(LANE, INCARNATION, "test", 0, sim.world());
    }

    private static ObjectRecord object(long rangeStart, int number, long... sequences) {
        SequenceList.Builder list = new SequenceList.Builder();
        for (long sequence : sequences) {
            list.add(sequence, 0, true);
        }
        return new ObjectRecord(
                rangeStart,
                number,
                Kind.MAIN,
                3,
                "json/1",
                "lake",
                new ObjectName("bucket", "key-" + rangeStart + "-" + number),
                new ObjectAttributes("mark", sequences.length, "gzip"),
                new StagedBytes("file", 10, 20, 30),
                40,
                list.build());
    }

    private static Seal seal(long start, long end, int objects, long records) {
        return new Seal(start, end, "size", objects, records, 0, 0, 0);
    }

    @Test
    void every_record_comes_back_as_it_was_written() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0, 1), object(0, 1, 2), new Upload(0, 1, "up")));
        state.append(List.of(seal(0, 3, 2, 3)));
        state.append(List.of(object(3, 0, 3)));

        LaneState again = recover();

        LanePlan plan = again.plan();
        assertThat(plan.openStart()).isEqualTo(3);
        assertThat(plan.checkpoint()).isZero();
        assertThat(plan.oldestRange().objects())
                .containsExactly(object(0, 0, 0, 1), object(0, 1, 2));
        assertThat(plan.uploadOf(object(0, 1, 2))).isEqualTo("up");
        assertThat(plan.openRange().objects()).containsExactly(object(3, 0, 3));
        assertThat(plan.knownEnd()).isEqualTo(4);
    }

    @Test
    void a_commit_moves_the_checkpoint_and_the_totals_survive_a_new_file() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0, 1), seal(0, 2, 1, 2)));
        state.append(List.of(new Commit(0, 2, 99, List.of("etag"))));

        LaneState again = recover();
        again.own();
        LaneState third = recover();

        assertThat(third.plan().checkpoint()).isEqualTo(2);
        assertThat(third.plan().totals().main()).isEqualTo(2);
        assertThat(third.plan().totals().objects()).isEqualTo(1);
        assertThat(third.plan().totals().bytes()).isEqualTo(20);
        assertThat(third.plan().ranges()).isEmpty();
    }

    @Test
    void a_tail_torn_at_any_byte_leaves_what_was_synced_before_it() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0, 1)));
        long synced = sim.disk().bytes(FILE).length;
        state.appendUnsynced(List.of(object(0, 1, 2), seal(0, 3, 2, 3)));
        byte[] whole = sim.disk().bytes(FILE);

        for (long length = synced; length < whole.length; length++) {
            sim.disk().plant(FILE, whole);
            sim.disk().cut(FILE, length);

            LanePlan plan = recover().plan();

            assertThat(plan.openStart()).as("cut at %d", length).isZero();
            assertThat(plan.openRange().objects()).hasSize(1);
        }
    }

    @Test
    void a_bit_flipped_anywhere_in_the_tail_leaves_what_was_synced_before_it() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0, 1)));
        long synced = sim.disk().bytes(FILE).length;
        state.appendUnsynced(List.of(object(0, 1, 2), seal(0, 3, 2, 3)));
        byte[] whole = sim.disk().bytes(FILE);

        for (long bit = synced * 8; bit < whole.length * 8L; bit++) {
            sim.disk().plant(FILE, whole);
            sim.disk().flipBit(FILE, bit);

            LanePlan plan = recover().plan();

            assertThat(plan.openStart()).as("bit %d", bit).isZero();
            assertThat(plan.openRange().objects()).containsExactly(object(0, 0, 0, 1));
        }
    }

    @Test
    void a_bit_flipped_where_the_file_was_durable_stops_the_lane_and_changes_nothing()
            throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0, 1)));
        long durable = sim.disk().bytes(FILE).length;
        state.append(List.of(object(0, 1, 2)));
        byte[] whole = sim.disk().bytes(FILE);

        for (long bit = 0; bit < durable * 8; bit += 5) {
            sim.disk().plant(FILE, whole);
            sim.disk().flipBit(FILE, bit);
            byte[] damaged = sim.disk().bytes(FILE);

            assertThatThrownBy(this::recover)
                    .as("bit %d", bit)
                    .isInstanceOf(LaneDamagedException.class)
                    .hasMessageContaining("nothing was changed");
            assertThat(sim.disk().bytes(FILE)).isEqualTo(damaged);
        }
    }

    @Test
    void a_failed_sync_ends_the_incumbency_and_nothing_of_it_is_believed() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0)));
        long firstSalt = state.salt();
        sim.disk().failNextSync(new IOException("injected"));

        assertThatThrownBy(() -> state.append(List.of(object(0, 1, 1))))
                .hasMessageContaining("injected");

        assertThat(state.plan().openRange().objects()).hasSize(1);
        state.own();
        assertThat(state.salt()).isNotEqualTo(firstSalt);
        state.append(List.of(object(0, 1, 2)));
        assertThat(recover().plan().openRange().objects())
                .containsExactly(object(0, 0, 0), object(0, 1, 2));
    }

    @Test
    void a_power_cut_keeps_exactly_what_an_append_returned_for() throws IOException {
        for (long seed = 0; seed < 50; seed++) {
            SimWorld world = SimWorld.seeded(seed);
            makeStreamDirectory(world);
            LaneState state = LocalLaneState.recover(LANE, INCARNATION, "test", 0, world.world());
            state.append(List.of(object(0, 0, 0)));
            state.appendUnsynced(List.of(new Upload(0, 0, "u")));

            world.powerCut();
            world.restart();

            LanePlan plan =
                    LocalLaneState.recover(LANE, INCARNATION, "test", 0, world.world()).plan();
            assertThat(plan.openRange().objects()).as("seed %d", seed).hasSize(1);
        }
    }

    /**
     * The stream's directory is durable before its first record is, and so before any lane state.
     */
    private static void makeStreamDirectory(SimWorld world) throws IOException {
        Path stream = LANE.getParent().getParent();
        world.disk().createDirectories(stream);
        for (Path above = stream.getParent(); above != null; above = above.getParent()) {
            world.disk().syncDirectory(above);
        }
    }

    @Test
    void what_the_protocol_forbids_is_refused_before_anybody_acts_on_it() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0)));

        assertThatThrownBy(() -> state.append(List.of(seal(0, 2, 1, 2))))
                .hasMessageContaining("does not add up");
        assertThatThrownBy(() -> new LanePlan(0).apply(new Commit(0, 2, 9, List.of())))
                .hasMessageContaining("not of the oldest sealed range");
        assertThatThrownBy(() -> new LanePlan(0).apply(object(5, 0, 5)))
                .hasMessageContaining("not of the open range");
    }

    @Test
    void the_state_of_another_incarnation_is_refused() throws IOException {
        recover().append(List.of(object(0, 0, 0)));

        assertThatThrownBy(
                        () ->
                                LocalLaneState.recover(
                                        LANE, new Incarnation(3, 4), "test", 0, sim.world()))
                .isInstanceOf(LaneDamagedException.class)
                .hasMessageContaining("another incarnation");
    }

    @Test
    void records_that_contradict_each_other_are_refused_by_the_name_of_their_file()
            throws IOException {
        recover().append(List.of(object(0, 0, 0)));
        StateFile file = StateFile.create(sim.disk(), LANE.resolve("other"), 2);
        file.begin(
                new LaneRecord.Own(INCARNATION.hex(), 2, 9, "test", true),
                List.of(object(5, 0, 5)));
        file.close();
        sim.disk().rename(LANE.resolve("other"), FILE);

        assertThatThrownBy(this::recover)
                .isInstanceOf(LaneDamagedException.class)
                .hasMessageContaining(FILE.toString())
                .hasMessageContaining("not of the open range");
    }

    @Test
    void what_only_a_newer_program_knows_stops_the_lane_by_file_and_byte_and_changes_nothing()
            throws IOException {
        recover().append(List.of(object(0, 0, 0)));
        byte[] ofKind17 = LaneRecordCodec.encode(List.of(object(0, 1, 1)));
        ofKind17[1 + Long.BYTES + Integer.BYTES] = 17;
        for (byte[] payload : List.of(ofKind17, new byte[] {17})) {
            StateFile file = StateFile.create(sim.disk(), LANE.resolve("other"), 2);
            file.begin(
                    new LaneRecord.Own(INCARNATION.hex(), 2, 9, "test", true),
                    List.of(object(0, 0, 0)));
            long known = file.length();
            file.append(payload);
            file.close();
            sim.disk().rename(LANE.resolve("other"), FILE);
            byte[] before = sim.disk().bytes(FILE);

            assertThatThrownBy(this::recover)
                    .isInstanceOf(LaneDamagedException.class)
                    .hasMessageContaining("%s, the frame at byte %d: ", FILE, known)
                    .hasMessageContaining(" 17, which this program does not know: a newer one");
            assertThat(sim.disk().bytes(FILE)).isEqualTo(before);
        }
    }

    @Test
    void what_must_not_come_next_is_refused_before_it_is_written() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0), seal(0, 1, 1, 1), object(1, 0, 1), seal(1, 2, 1, 1)));
        state.appendUnsynced(List.of(new Commit(0, 1, 9, List.of("etag"))));
        long length = state.bytes();
        List<LaneRecord> forbidden =
                List.of(
                        new Commit(0, 1, 9, List.of("etag")),
                        new LaneRecord.Doubt(0, 0, "of what is committed"),
                        new LaneRecord.Doubt(1, 1, "of nothing"),
                        new LaneRecord.Voided(1, 1, "of nothing"),
                        new LaneRecord.End(2));

        for (LaneRecord record : forbidden) {
            assertThatThrownBy(() -> state.appendUnsynced(List.of(record)))
                    .as("%s", record)
                    .isInstanceOf(IllegalStateException.class);
        }

        assertThat(state.bytes()).isEqualTo(length);
        state.append(List.of(new Commit(1, 2, 9, List.of("etag"))));
        assertThat(recover().plan().checkpoint()).isEqualTo(2);
    }

    @Test
    void a_void_object_holds_nothing_and_its_number_is_not_given_again() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0, 1), object(0, 1, 2)));
        state.append(List.of(new LaneRecord.Voided(0, 0, "rotten")));

        LaneState again = recover();
        again.append(List.of(object(0, 2, 0, 1), seal(0, 3, 3, 3)));

        LanePlan.RangePlan range = recover().plan().oldestRange();
        assertThat(range.live()).containsExactly(object(0, 1, 2), object(0, 2, 0, 1));
        assertThat(range.voided()).containsExactly(object(0, 0, 0, 1));
        assertThat(range.records()).isEqualTo(3);
        assertThat(range.broken()).isFalse();
    }

    @Test
    void a_sealed_range_with_a_void_is_committed_only_after_another_seal() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0, 1), object(0, 1, 2), seal(0, 3, 2, 3)));
        state.append(List.of(object(3, 0, 3), seal(3, 4, 1, 1)));
        state.append(List.of(new LaneRecord.Voided(0, 1, "rotten")));
        Commit commit = new Commit(0, 3, 9, List.of("etag", "void", "etag"));

        assertThatThrownBy(() -> state.append(List.of(commit)))
                .isInstanceOf(IllegalStateException.class);

        LaneState again = recover();
        assertThat(again.plan().oldestRange().broken()).isTrue();
        again.own(); // a file written anew says the same
        LaneState third = recover();
        assertThat(third.plan().oldestRange().broken()).isTrue();
        assertThat(third.plan().openStart()).isEqualTo(4);
        third.append(List.of(object(0, 2, 2), seal(0, 3, 3, 3)));
        assertThat(third.plan().oldestRange().broken()).isFalse();
        third.append(List.of(commit));

        assertThat(recover().plan().checkpoint()).isEqualTo(3);
        assertThat(recover().plan().totals().objects()).isEqualTo(2);
        assertThat(recover().plan().openStart()).isEqualTo(4);
    }

    @Test
    void a_second_seal_of_a_range_that_lacks_nothing_is_refused() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0, 1), seal(0, 2, 1, 2)));

        assertThatThrownBy(() -> state.append(List.of(seal(0, 2, 1, 2))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_doubt_is_remembered_until_the_range_is_committed() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0, 1), new LaneRecord.Doubt(0, 0, "other checksum")));

        LaneState again = recover();
        again.own();

        assertThat(recover().plan().doubted(object(0, 0, 0, 1))).isTrue();
        again.append(List.of(seal(0, 2, 1, 2)));
        again.append(List.of(new Commit(0, 2, 9, List.of("found"))));
        assertThat(recover().plan().doubted(object(0, 0, 0, 1))).isFalse();
    }

    @Test
    void what_has_landed_is_remembered_until_the_range_is_committed() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0), object(0, 1, 1)));
        state.append(List.of(new LaneRecord.Landed(0, 0, "etag")));

        LaneState again = recover();
        again.own(); // written into a new file
        LanePlan.RangePlan range = recover().plan().oldestRange();

        assertThat(range.toLand()).containsExactly(object(0, 1, 1));
        assertThat(range.saidOf(object(0, 0, 0))).contains("etag");
        again.append(List.of(seal(0, 2, 2, 2)));
        again.append(List.of(new Commit(0, 2, 9, List.of("etag", "found"))));
        assertThat(recover().plan().ranges()).isEmpty();
    }

    @Test
    void a_landing_whose_append_failed_is_not_believed() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0)));
        sim.disk().failNextSync(new IOException("injected"));

        assertThatThrownBy(() -> state.append(List.of(new LaneRecord.Landed(0, 0, "etag"))))
                .hasMessageContaining("injected");
        state.own();

        assertThat(recover().plan().oldestRange().toLand()).containsExactly(object(0, 0, 0));
    }

    @Test
    void what_is_true_of_the_store_outlives_the_sync_that_failed() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0), object(0, 1, 1), seal(0, 2, 2, 2)));
        state.appendUnsynced(List.of(new LaneRecord.Doubt(0, 0, "other checksum")));
        state.appendUnsynced(List.of(new Upload(0, 1, "up")));
        sim.disk().failNextSync(new IOException("injected"));

        assertThatThrownBy(state::sync).hasMessageContaining("injected");
        state.own();

        LanePlan plan = recover().plan();
        assertThat(plan.doubted(object(0, 0, 0))).isTrue();
        assertThat(plan.uploadOf(object(0, 1, 1))).isEqualTo("up");
    }

    @Test
    void a_doubt_that_failed_to_be_written_is_in_the_next_file() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0)));
        sim.disk().failNextWrite(new IOException("injected"));
        LaneRecord.Doubt doubt = new LaneRecord.Doubt(0, 0, "other checksum");

        assertThatThrownBy(() -> state.appendUnsynced(List.of(doubt)))
                .hasMessageContaining("injected");
        state.append(List.of(object(0, 1, 1)));

        assertThat(recover().plan().doubted(object(0, 0, 0))).isTrue();
    }

    @Test
    void a_doubt_that_found_the_disk_full_is_written_when_there_is_room() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0)));
        sim.disk().fullAfter(10);
        LaneRecord.Doubt doubt = new LaneRecord.Doubt(0, 0, "other checksum");

        assertThatThrownBy(() -> state.appendUnsynced(List.of(doubt)))
                .isInstanceOf(DiskFullException.class);
        sim.disk().roomAgain();
        state.append(List.of(object(0, 1, 1)));

        assertThat(recover().plan().doubted(object(0, 0, 0))).isTrue();
    }

    @Test
    void a_doubt_is_not_forgotten_while_the_disk_stays_full_for_a_new_file() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0), seal(0, 1, 1, 1)));
        state.append(List.of(object(1, 0, 1), seal(1, 2, 1, 1)));
        sim.disk().fullAfter(150);
        LaneRecord.Doubt doubt = new LaneRecord.Doubt(1, 0, "other checksum".repeat(20));
        assertThatThrownBy(() -> state.appendUnsynced(List.of(doubt)))
                .isInstanceOf(DiskFullException.class);
        state.append(List.of(new Commit(0, 1, 9, List.of("etag"))));

        sim.disk().roomAgain();
        state.append(List.of(object(2, 0, 2)));

        assertThat(recover().plan().doubted(object(1, 0, 1))).isTrue();
    }

    @Test
    void on_a_full_disk_the_commit_that_makes_room_is_still_written() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0, 1), seal(0, 2, 1, 2)));
        long salt = state.salt();
        sim.disk().fullAfter(150);

        assertThatThrownBy(() -> state.append(List.of(object(2, 0, 2), seal(2, 3, 1, 1))))
                .isInstanceOf(DiskFullException.class);
        state.append(List.of(new Commit(0, 2, 9, List.of("etag"))));

        assertThat(state.plan().checkpoint()).isEqualTo(2);
        assertThat(state.salt()).isEqualTo(salt);
        assertThat(recover().plan().checkpoint()).isEqualTo(2);
    }

    @Test
    void what_was_appended_before_the_disk_was_full_is_appended_once() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0, 1), seal(0, 2, 1, 2)));
        state.appendUnsynced(List.of(new Commit(0, 2, 9, List.of("etag"))));
        sim.disk().fullAfter(10);

        assertThatThrownBy(() -> state.append(List.of(object(2, 0, 2))))
                .isInstanceOf(DiskFullException.class);
        assertThat(state.unsyncedCommits()).isEqualTo(1);
        sim.disk().roomAgain();
        state.append(List.of(object(2, 0, 2)));

        assertThat(state.unsyncedCommits()).isZero();
        LanePlan plan = recover().plan();
        assertThat(plan.checkpoint()).isEqualTo(2);
        assertThat(plan.openRange().objects()).containsExactly(object(2, 0, 2));
    }

    @Test
    void a_file_for_which_there_is_no_room_is_removed_and_the_present_one_goes_on()
            throws IOException {
        LaneState state =
                LocalLaneState.recover(
                        LANE, INCARNATION, "test", 0, 1000, CommittedRanges.FORGOTTEN, sim.world());
        state.append(List.of(object(0, 0, 0)));
        sim.disk().fullAfter(3000);

        for (int i = 1; i < 12; i++) {
            state.append(List.of(object(0, i, i)));
        }

        assertThat(sim.disk().list(LANE)).containsExactly(FILE);
        assertThat(recover().plan().openRange().objects()).hasSize(12);
    }

    @Test
    void a_large_snapshot_is_written_in_frames_of_bounded_size_and_none_of_them_may_be_missing()
            throws IOException {
        LaneState state = recover();
        int objects = 6;
        for (int number = 0; number < objects; number++) {
            long[] scattered = new long[200_000];
            for (int i = 0; i < scattered.length; i++) {
                scattered[i] = (long) i * objects + number;
            }
            state.append(List.of(object(0, number, scattered)));
        }
        LaneState again = recover();
        again.own();
        byte[] whole = sim.disk().bytes(FILE);

        assertThat(frameLengths(whole))
                .hasSizeGreaterThanOrEqualTo(3)
                .allMatch(length -> length < 2 * StateFile.FRAME_BYTES);
        assertThat(recover().plan().openRange().objects())
                .isEqualTo(state.plan().openRange().objects());
        for (int length = whole.length - 1; length > 0; length -= 99_991) {
            sim.disk().plant(FILE, whole);
            sim.disk().cut(FILE, length);
            assertThatThrownBy(this::recover)
                    .as("cut at %d", length)
                    .isInstanceOf(LaneDamagedException.class);
        }
    }

    private static List<Integer> frameLengths(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        List<Integer> lengths = new ArrayList<>();
        for (int at = 0; at < file.length; at += StateFile.HEADER_BYTES + bytes.getInt(at + 4)) {
            lengths.add(bytes.getInt(at + 4));
        }
        return lengths;
    }
}

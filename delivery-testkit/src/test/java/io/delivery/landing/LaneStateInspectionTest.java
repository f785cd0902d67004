package io.delivery.landing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.landing.LaneRecord.Commit;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Own;
import io.delivery.landing.LaneRecord.Seal;
import io.delivery.landing.LaneRecord.Snapshot;
import io.delivery.landing.LaneRecord.Totals;
import io.delivery.landing.LaneRecord.Voided;
import io.delivery.landing.SequenceFate.Held;
import io.delivery.landing.SequenceFate.Stage;
import io.delivery.record.Incarnation;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedBytes;
import io.delivery.testkit.SimWorld;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class LaneStateInspectionTest {
    private static final Incarnation INCARNATION = new Incarnation(1, 2);
    private static final Path LANE = Path.of("/data/streams/s~00000000/lanes/main-1");
    private static final Path FILE = LANE.resolve("state");

    private final SimWorld sim = SimWorld.seeded(7);

    private LaneStateInspection inspect() throws IOException {
        long mutations = sim.disk().mutations();
        LaneStateInspection found = LaneStateInspection.of(LANE, sim.disk());
        assertThat(sim.disk().mutations()).isEqualTo(mutations);
        return found;
    }

    private static ObjectRecord object(long start, int number, long records, SequenceList list) {
        return new ObjectRecord(
                start,
                number,
                Kind.MAIN,
                3,
                "json/1",
                "lake",
                new ObjectName("bucket", "key-" + start + "-" + number),
                new ObjectAttributes("mark", records, ""),
                new StagedBytes("file", 10, 20, 30),
                40,
                list);
    }

    private static SequenceList whole(long... sequences) {
        SequenceList.Builder list = new SequenceList.Builder();
        for (long sequence : sequences) {
            list.add(sequence, 0, true);
        }
        return list.build();
    }

    private static SequenceList part(long sequence, int part, boolean last) {
        SequenceList.Builder list = new SequenceList.Builder();
        list.add(sequence, part, last);
        return list.build();
    }

    /**
     * Range [0, 4) is committed, 3 of it dropped; [4, 6) is sealed; of the open range 6 is in two
     * objects, its last part not yet.
     */
    private void writeThreeRanges() throws IOException {
        LaneState state = LocalLaneState.recover(LANE, INCARNATION, "test", 0, sim.world());
        state.append(List.of(object(0, 0, 2, whole(0, 1)), object(0, 1, 1, whole(2))));
        state.append(List.of(new Seal(0, 4, "size", 2, 3, 0, 1, 0)));
        state.append(List.of(new Commit(0, 4, 99, List.of("etag-a", "etag-b"))));
        state.append(List.of(object(4, 0, 2, whole(4, 5)), new Seal(4, 6, "size", 1, 2, 0, 0, 0)));
        state.append(
                List.of(object(6, 0, 1, part(6, 0, false)), object(6, 1, 1, part(6, 1, false))));
        state.close();
    }

    @Test
    void a_lane_without_a_state_has_decided_nothing() throws IOException {
        LaneStateInspection found = inspect();

        assertThat(found.present()).isFalse();
        assertThat(found.damage()).isEmpty();
        assertThat(found.fateOf(0).stage()).isEqualTo(Stage.OPEN);
    }

    @Test
    void a_sequence_is_found_in_every_stage() throws IOException {
        writeThreeRanges();

        LaneStateInspection found = inspect();

        assertThat(found.damage()).isEmpty();
        assertThat(found.plan().checkpoint()).isEqualTo(4);
        SequenceFate landed = found.fateOf(2);
        assertThat(landed.stage()).isEqualTo(Stage.COMMITTED);
        Held held = landed.held().get(0);
        assertThat(held.object().name().key()).isEqualTo("key-0-1");
        assertThat(held.parts()).containsExactly(0);
        assertThat(held.withLast()).isTrue();
        assertThat(held.said()).contains("etag-b");
        SequenceFate dropped = found.fateOf(3);
        assertThat(dropped.stage()).isEqualTo(Stage.COMMITTED);
        assertThat(dropped.held()).isEmpty();
        assertThat(dropped.seal().orElseThrow().dropped()).isEqualTo(1);
        assertThat(found.fateOf(5).stage()).isEqualTo(Stage.SEALED);
        assertThat(found.fateOf(5).held()).singleElement().matches(one -> one.said().isEmpty());
        SequenceFate open = found.fateOf(6);
        assertThat(open.stage()).isEqualTo(Stage.OPEN);
        assertThat(open.held()).hasSize(2).noneMatch(Held::withLast);
        assertThat(found.fateOf(7).held()).isEmpty();
    }

    @Test
    void what_was_committed_before_the_file_was_written_anew_is_forgotten() throws IOException {
        writeThreeRanges();
        LocalLaneState.recover(LANE, INCARNATION, "test", 0, sim.world()).own();

        LaneStateInspection found = inspect();

        assertThat(found.fateOf(2).stage()).isEqualTo(Stage.FORGOTTEN);
        assertThat(found.fateOf(5).stage()).isEqualTo(Stage.SEALED);
    }

    @Test
    void an_object_that_became_void_holds_nothing_and_the_one_in_its_place_does()
            throws IOException {
        LaneState state = LocalLaneState.recover(LANE, INCARNATION, "test", 0, sim.world());
        state.append(List.of(object(0, 0, 1, whole(0)), object(0, 1, 1, whole(1))));
        state.append(List.of(new Seal(0, 2, "size", 2, 2, 0, 0, 0)));
        state.append(List.of(new Voided(0, 0, "checksum")));

        SequenceFate broken = inspect().fateOf(0);
        assertThat(broken.stage()).isEqualTo(Stage.BROKEN);
        assertThat(broken.held()).isEmpty();
        assertThat(broken.voided()).extracting(ObjectRecord::number).containsExactly(0);

        state.append(List.of(object(0, 2, 1, whole(0)), new Seal(0, 2, "size", 3, 2, 0, 0, 0)));
        assertThat(inspect().fateOf(0).held()).hasSize(1);
        assertThat(inspect().fateOf(0).stage()).isEqualTo(Stage.SEALED);

        state.append(List.of(new Commit(0, 2, 99, List.of("void", "etag-1", "etag-2"))));
        SequenceFate landed = inspect().fateOf(0);
        assertThat(landed.held())
                .singleElement()
                .satisfies(
                        held -> {
                            assertThat(held.object().number()).isEqualTo(2);
                            assertThat(held.said()).contains("etag-2");
                        });
    }

    @Test
    void whatever_bit_is_flipped_damage_or_a_torn_tail_is_told() throws IOException {
        writeThreeRanges();
        byte[] whole = sim.disk().bytes(FILE);

        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            sim.disk().plant(FILE, flipped);

            LaneStateInspection found = inspect();

            assertThat(found.damage().isPresent() || found.tornBytes() > 0)
                    .as("bit %d", bit)
                    .isTrue();
            found.fateOf(2);
        }
    }

    @Test
    void whatever_byte_the_file_is_cut_at_an_answer_is_given() throws IOException {
        writeThreeRanges();
        byte[] whole = sim.disk().bytes(FILE);

        for (int length = 0; length < whole.length; length++) {
            sim.disk().plant(FILE, Arrays.copyOf(whole, length));

            LaneStateInspection found = inspect();

            assertThat(found.believedBytes()).isLessThanOrEqualTo(length);
            found.fateOf(2);
        }
    }

    @Test
    void payloads_with_right_checksums_that_say_nonsense_are_damage() throws IOException {
        writeThreeRanges();
        byte[] whole = sim.disk().bytes(FILE);
        byte[][] nonsense = {
            {3},
            {6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9},
            {99},
            object(6, 2, 127),
            object(6, 2, -1),
            {4, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 127, -1, -1, -1},
            LaneRecordCodec.encode(
                    List.of(new Own(INCARNATION.hex(), 2, 3, "another owner", true))),
            LaneRecordCodec.encode(List.of(new Snapshot(0, 4, 4, Totals.ZERO))),
        };
        for (byte[] payload : nonsense) {
            sim.disk().plant(FILE, withFrame(whole, payload));

            LaneStateInspection found = inspect();

            assertThat(found.damage())
                    .as(Arrays.toString(payload))
                    .hasValueSatisfying(
                            damage -> assertThat(damage.offset()).isEqualTo(whole.length));
            assertThat(found.fateOf(6).held()).hasSize(2);
        }
    }

    @Test
    void a_file_that_names_no_owner_is_damage() throws IOException {
        byte[] snapshot = LaneRecordCodec.encode(List.of(new Snapshot(0, 4, 4, Totals.ZERO)));
        byte[] ended = LaneRecordCodec.encode(List.of(new LaneRecord.End(4)));
        writeThreeRanges();
        sim.disk().plant(FILE, withFrame(withFrame(new byte[0], snapshot), ended));
        sim.disk().delete(LANE.getParent().resolveSibling("marks").resolve("main-1"));

        assertThat(inspect().damage())
                .hasValueSatisfying(damage -> assertThat(damage.reason()).contains("no owner"));
        assertThatThrownBy(() -> LaneHistory.read(LANE, sim.disk(), range -> {}))
                .isInstanceOf(LaneDamagedException.class)
                .hasMessageContaining("%s, the frame at byte 0: it names no owner", FILE);
    }

    /** An object record that ends behind its kind. */
    private static byte[] object(long start, int number, int kind) {
        return ByteBuffer.allocate(14)
                .put((byte) 3)
                .putLong(start)
                .putInt(number)
                .put((byte) kind)
                .array();
    }

    private static byte[] withFrame(byte[] file, byte[] payload) {
        ByteBuffer bytes =
                ByteBuffer.allocate(file.length + StateFile.HEADER_BYTES + payload.length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(file);
        bytes.putInt(StateFile.MAGIC).putInt(payload.length).putLong(1).putLong(file.length);
        CRC32C crc = new CRC32C();
        crc.update(payload);
        bytes.putLong(0).putInt((int) crc.getValue());
        crc.reset();
        crc.update(bytes.array(), file.length, StateFile.HEADER_BYTES - Integer.BYTES);
        return bytes.putInt((int) crc.getValue()).put(payload).array();
    }

    @Test
    void a_run_of_hostile_length_is_not_walked() throws IOException {
        Varints.Writer code = new Varints.Writer();
        code.add(0);
        code.add(Long.MAX_VALUE);
        SequenceList list = new SequenceList(code.toByteArray());
        LaneState state = LocalLaneState.recover(LANE, INCARNATION, "test", 0, sim.world());
        state.append(List.of(object(0, 0, 1, list)));

        assertThat(inspect().fateOf(1L << 60).held()).hasSize(1);
    }
}

package io.delivery.landing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.landing.LaneRecord.Commit;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Own;
import io.delivery.landing.LaneRecord.Seal;
import io.delivery.record.Incarnation;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedBytes;
import io.delivery.testkit.DiskCall;
import io.delivery.testkit.SimWorld;
import io.delivery.testkit.SimulatedCrash;
import io.delivery.world.Disk;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was durable of a lane's state is known outside its last frame. */
class LaneMarkTest {
    private static final Incarnation INCARNATION = new Incarnation(1, 2);
    private static final Path STREAM = Path.of("/data/streams/s~00000000");
    private static final Path LANE = STREAM.resolve("lanes/main-1");
    private static final Path FILE = LANE.resolve("state");
    private static final Path MARK = STREAM.resolve("marks/main-1");

    private final SimWorld sim = SimWorld.seeded(7);

    private LaneState recover() throws IOException {
        return recover(sim);
    }

    private LaneState recover(Path lane) throws IOException {
        return LocalLaneState.recover(lane, INCARNATION, "test", 0, sim.world());
    }

    private static LaneState recover(SimWorld of) throws IOException {
        return LocalLaneState.recover(LANE, INCARNATION, "test", 0, of.world());
    }

    private static ObjectRecord object(long start, int number, long sequence) {
        SequenceList.Builder list = new SequenceList.Builder();
        list.add(sequence, 0, true);
        return new ObjectRecord(
                start,
                number,
                Kind.MAIN,
                3,
                "json/1",
                "lake",
                new ObjectName("bucket", "key-" + start + "-" + number),
                new ObjectAttributes("mark", 1, "gzip"),
                new StagedBytes("file", 10, 20, 30),
                40,
                list.build());
    }

    /** Two objects of the open range, each in a frame of its own that was synced. */
    private LaneState twoObjects() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0)));
        state.append(List.of(object(0, 1, 1)));
        return state;
    }

    private void refuses(String as) {
        assertThatThrownBy(this::recover)
                .as(as)
                .isInstanceOf(LaneDamagedException.class)
                .hasMessageContaining(FILE.toString())
                .hasMessageContaining("nothing was changed");
        assertThatThrownBy(() -> LaneHistory.read(LANE, sim.disk(), range -> {}))
                .as(as)
                .isInstanceOf(LaneDamagedException.class);
    }

    private void inspectionSeesDamage(String as) throws IOException {
        assertThat(LaneStateInspection.of(LANE, sim.disk()).damage()).as(as).isPresent();
    }

    @Test
    void a_bit_flipped_in_any_frame_also_the_last_one_that_was_synced_stops_the_lane()
            throws IOException {
        twoObjects();
        byte[] whole = sim.disk().bytes(FILE);

        for (long bit = 0; bit < whole.length * 8L; bit++) {
            sim.disk().plant(FILE, whole);
            sim.disk().flipBit(FILE, bit);
            byte[] damaged = sim.disk().bytes(FILE);

            refuses("bit " + bit);
            inspectionSeesDamage("bit " + bit);
            assertThat(sim.disk().bytes(FILE)).isEqualTo(damaged);
        }
    }

    @Test
    void a_state_cut_at_any_length_stops_the_lane() throws IOException {
        twoObjects();
        byte[] whole = sim.disk().bytes(FILE);

        for (int length = 0; length < whole.length; length++) {
            sim.disk().plant(FILE, Arrays.copyOf(whole, length));

            refuses("cut at " + length);
            assertThatThrownBy(this::recover).hasMessageContaining("%s is damaged at byte", FILE);
            inspectionSeesDamage("cut at " + length);
        }
    }

    @Test
    void what_was_appended_and_not_synced_is_a_torn_tail_wherever_it_is_cut() throws IOException {
        LaneState state = twoObjects();
        int durable = sim.disk().bytes(FILE).length;
        state.appendUnsynced(List.of(object(0, 2, 2)));
        byte[] whole = sim.disk().bytes(FILE);

        for (int length = durable; length < whole.length; length++) {
            sim.disk().plant(FILE, Arrays.copyOf(whole, length));

            assertThat(recover().plan().openRange().objects()).as("cut at %d", length).hasSize(2);
        }
    }

    @Test
    void a_state_that_is_gone_stops_the_lane_whatever_else_is_left_of_its_directory()
            throws IOException {
        twoObjects();

        sim.disk().delete(FILE);
        refuses("without its state");
        inspectionSeesDamage("without its state");
        sim.disk().delete(LANE);
        refuses("without its directory");
        assertThatThrownBy(this::recover)
                .hasMessageContaining("is missing, and %s says that it was there", MARK);
    }

    @Test
    void an_older_copy_of_the_state_stops_the_lane() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0)));
        byte[] older = sim.disk().bytes(FILE);
        state.append(List.of(object(0, 1, 1)));
        byte[] old = sim.disk().bytes(FILE);
        recover().own();

        sim.disk().plant(FILE, old);
        refuses("of the epoch before");
        assertThatThrownBy(this::recover)
                .hasMessageContaining(
                        "%s: the state cannot be trusted: it is of epoch 1, and %s says that a file"
                                + " of epoch 2",
                        FILE, MARK);
        sim.disk().plant(FILE, older);
        refuses("of the epoch before, and shorter");
    }

    @Test
    void lanes_of_logs_whose_names_end_alike_keep_their_own_marks() throws IOException {
        Path plain = STREAM.resolve("lanes/main-1~orders");
        Path longer = STREAM.resolve("lanes/main-1~orders.new");
        recover(longer).append(List.of(object(0, 0, 0), object(0, 1, 1)));

        recover(plain).append(List.of(object(0, 0, 0)));

        assertThat(recover(longer).plan().openRange().objects()).hasSize(2);
        assertThat(recover(plain).plan().openRange().objects()).hasSize(1);
    }

    @Test
    void a_start_removes_what_a_crash_left_of_a_mark_that_was_made() throws IOException {
        twoObjects();
        Path marks = STREAM.resolve("marks");
        boolean left = false;
        for (long call = 1; call < 12; call++) {
            LaneState next = recover();
            sim.disk().crashAfter(call);
            try {
                next.own();
            } catch (SimulatedCrash expected) {
                // Here the process ends.
            }
            sim.kill();
            sim.restart();
            left |= sim.disk().list(marks).size() > 1;

            recover();

            assertThat(sim.disk().list(marks)).as("call %d", call).containsExactly(MARK);
        }
        assertThat(left).isTrue();
    }

    /** The disk, on which the owner does something as soon as somebody has seen no mark. */
    private Disk whereTheOwnerGoesOn(Owner owner) {
        boolean[] done = new boolean[1];
        return (Disk)
                Proxy.newProxyInstance(
                        Disk.class.getClassLoader(),
                        new Class<?>[] {Disk.class},
                        (proxy, method, arguments) -> {
                            Object seen = method.invoke(sim.disk(), arguments);
                            boolean asksForMark =
                                    method.getName().equals("exists") && MARK.equals(arguments[0]);
                            if (asksForMark && !done[0]) {
                                done[0] = true;
                                owner.goOn();
                            }
                            return seen;
                        });
    }

    private interface Owner {
        void goOn() throws IOException;
    }

    private LaneState aStateWithoutMarks() throws IOException {
        sim.disk().createDirectories(LANE);
        Path made = FILE.resolveSibling("early");
        try (StateFile early = StateFile.create(sim.disk(), made, 4)) {
            early.begin(
                    new Own(INCARNATION.hex(), 4, 9, "0.1.0", false),
                    List.of(new LaneRecord.Snapshot(0, 0, 0, LaneRecord.Totals.ZERO)));
        }
        sim.disk().plant(FILE, sim.disk().bytes(made));
        return recover();
    }

    @Test
    void an_inspection_beside_an_owner_that_makes_its_first_mark_sees_no_damage()
            throws IOException {
        LaneStateInspection ofNew =
                LaneStateInspection.of(LANE, whereTheOwnerGoesOn(this::twoObjects));

        assertThat(ofNew.damage()).isEmpty();
        assertThat(ofNew.plan().openRange().objects()).hasSize(2);

        sim.disk().delete(MARK);
        LaneState early = aStateWithoutMarks();
        LaneStateInspection ofOld =
                LaneStateInspection.of(
                        LANE, whereTheOwnerGoesOn(() -> early.append(List.of(object(0, 0, 0)))));

        assertThat(ofOld.damage()).isEmpty();
        assertThat(ofOld.plan().openRange().objects()).hasSize(1);
    }

    @Test
    void a_history_read_beside_an_owner_that_makes_its_first_mark_sees_no_damage()
            throws IOException {
        LaneHistory ofNew =
                LaneHistory.read(LANE, whereTheOwnerGoesOn(this::twoObjects), range -> {});

        assertThat(ofNew.plan().openRange().objects()).hasSize(2);

        sim.disk().delete(MARK);
        LaneState early = aStateWithoutMarks();
        LaneHistory ofOld =
                LaneHistory.read(
                        LANE,
                        whereTheOwnerGoesOn(() -> early.append(List.of(object(0, 0, 0)))),
                        range -> {});

        assertThat(ofOld.plan().openRange().objects()).hasSize(1);
    }

    @Test
    void a_mark_that_is_missing_stops_the_lane() throws IOException {
        twoObjects();

        sim.disk().delete(MARK);

        refuses("without its mark");
        assertThat(LaneStateInspection.of(LANE, sim.disk()).damage().orElseThrow().reason())
                .startsWith("the state cannot be trusted: " + MARK);
        assertThatThrownBy(this::recover)
                .hasMessageContaining("%s: the state cannot be trusted: %s is missing", FILE, MARK);
    }

    @Test
    void a_mark_with_one_bit_over_still_tells_and_one_with_both_copies_damaged_stops_the_lane()
            throws IOException {
        twoObjects();
        byte[] mark = sim.disk().bytes(MARK);

        for (long bit = 0; bit < mark.length * 8L; bit += bit < 64 * 8 ? 1 : 61) {
            sim.disk().plant(MARK, mark);
            sim.disk().flipBit(MARK, bit);

            assertThat(recover().plan().openRange().objects()).as("bit %d", bit).hasSize(2);
        }
        byte[] both = mark.clone();
        both[30] ^= 1;
        both[mark.length - 30] ^= 1;
        sim.disk().plant(MARK, both);
        refuses("both copies damaged");
        assertThatThrownBy(this::recover)
                .hasMessageContaining("%s: the state cannot be trusted: %s cannot", FILE, MARK)
                .hasMessageContaining("both of its copies are damaged");
        sim.disk().delete(FILE);
        refuses("both copies damaged, and no state");
    }

    @Test
    void a_mark_that_is_cut_tells_what_is_left_of_it_or_stops_the_lane() throws IOException {
        twoObjects();
        byte[] mark = sim.disk().bytes(MARK);

        for (int length = 0; length < mark.length; length++) {
            sim.disk().plant(MARK, Arrays.copyOf(mark, length));

            if (length < 64) {
                refuses("cut at " + length);
            } else {
                assertThat(recover().plan().openRange().objects())
                        .as("cut at %d", length)
                        .hasSize(2);
            }
        }
    }

    @Test
    void a_mark_of_a_newer_program_stops_the_lane() throws IOException {
        twoObjects();
        byte[] mark = sim.disk().bytes(MARK);

        sim.disk().plant(MARK, MarksOfTests.withFormat(mark, 2));

        refuses("of format 2");
        assertThatThrownBy(this::recover)
                .hasMessageContaining("of format 2, which this program does not know");
    }

    @Test
    void a_mark_that_is_older_than_the_state_is_what_a_crash_leaves() throws IOException {
        LaneState state = recover();
        state.append(List.of(object(0, 0, 0)));
        byte[] older = sim.disk().bytes(MARK);
        state.append(List.of(object(0, 1, 1)));

        sim.disk().plant(MARK, older);
        assertThat(recover().plan().openRange().objects()).hasSize(2);
        recover().own();
        sim.disk().plant(MARK, older); // now of the epoch before
        assertThat(recover().plan().openRange().objects()).hasSize(2);
    }

    @Test
    void a_state_of_a_program_that_kept_no_marks_is_believed_and_has_one_from_then_on()
            throws IOException {
        sim.disk().createDirectories(LANE);
        try (StateFile early = StateFile.create(sim.disk(), FILE.resolveSibling("early"), 4)) {
            early.begin(
                    new Own(INCARNATION.hex(), 4, 9, "0.1.0", false),
                    List.of(new LaneRecord.Snapshot(0, 0, 0, LaneRecord.Totals.ZERO)));
            early.append(LaneRecordCodec.encode(List.of(object(0, 0, 0))));
        }
        sim.disk().plant(FILE, sim.disk().bytes(FILE.resolveSibling("early")));

        LaneState state = recover();
        assertThat(state.plan().openRange().objects()).containsExactly(object(0, 0, 0));
        state.append(List.of(object(0, 1, 1)));

        assertThat(recover().plan().openRange().objects()).hasSize(2);
        sim.disk().cut(FILE, sim.disk().bytes(FILE).length - 1);
        refuses("cut once it has a mark");
    }

    @Test
    void an_append_does_not_return_before_the_mark_of_it_is_durable() throws IOException {
        LaneState state = twoObjects();
        List<String> calls = new ArrayList<>();
        sim.disk()
                .onCall(
                        call ->
                                calls.add(
                                        "%s %s"
                                                .formatted(
                                                        call.kind(),
                                                        call.touches("marks") ? "mark" : "state")));

        state.append(List.of(object(0, 2, 2)));

        assertThat(calls).containsExactly("WRITE state", "SYNC state", "WRITE mark", "SYNC mark");
    }

    @Test
    void on_a_full_disk_an_append_that_has_room_has_room_for_its_mark() throws IOException {
        LaneState state = twoObjects();
        int frame = LaneRecordCodec.encode(List.of(object(0, 2, 2))).length;

        sim.disk().fullAfter(StateFile.HEADER_BYTES + (long) frame);
        state.append(List.of(object(0, 2, 2)));

        assertThat(recover().plan().openRange().objects()).hasSize(3);
    }

    @Test
    void a_mark_that_cannot_be_synced_ends_the_incumbency_and_nothing_rests_on_the_append()
            throws IOException {
        LaneState state = twoObjects();
        sim.disk()
                .failNext(
                        call -> call.kind() == DiskCall.Kind.SYNC && call.touches("marks"),
                        new IOException("injected"));

        assertThatThrownBy(() -> state.append(List.of(object(0, 2, 2))))
                .hasMessageContaining("injected");

        assertThat(state.plan().openRange().objects()).hasSize(2);
        state.append(List.of(object(0, 2, 2)));
        assertThat(recover().plan().openRange().objects()).hasSize(3);
    }

    @Test
    void a_power_cut_in_any_call_of_the_disk_leaves_a_lane_that_starts_with_all_it_answered_for()
            throws IOException {
        for (long call = 1; call < 60; call++) {
            for (long seed = 0; seed < 8; seed++) {
                SimWorld world = SimWorld.seeded(100 * call + seed);
                world.disk().createDirectories(STREAM);
                for (Path at = STREAM.getParent(); at != null; at = at.getParent()) {
                    world.disk().syncDirectory(at);
                }
                world.disk().crashAfter(call);
                int answered = 0;
                try {
                    LaneState state = recover(world);
                    for (int i = 0; i < 3; i++) {
                        state.append(List.of(object(0, i, i)));
                        answered++;
                    }
                    state = recover(world);
                    state.own();
                    state.append(List.of(new Seal(0, 3, "size", 3, 3, 0, 0, 0)));
                    answered++;
                    state.append(List.of(new Commit(0, 3, 9, List.of("a", "b", "c"))));
                    answered++;
                } catch (SimulatedCrash expected) {
                    // Here the power goes.
                }
                world.powerCut();
                world.restart();

                LanePlan plan = recover(world).plan();

                int objects = plan.oldestRange() == null ? 0 : plan.oldestRange().objects().size();
                boolean committed = plan.checkpoint() == 3;
                assertThat(committed ? 5 : objects)
                        .as("crash in call %d, seed %d", call, seed)
                        .isGreaterThanOrEqualTo(Math.min(answered, answered == 5 ? 5 : 3));
            }
        }
    }
}

package io.delivery.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.log.LogReader;
import io.delivery.record.RecordBatch;
import io.delivery.testkit.SimEntropy;
import io.delivery.testkit.SimulatedCrash;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is on disk is damaged at every byte: no record that was acknowledged and is not itself
 * damaged is lost, none is invented, none stands under another sequence, and what is told as lost
 * is exactly what is.
 */
class JournalDamageTest {
    /** As small as segments get: 4,096 bytes, so that every byte can be tried. */
    private static final long SMALL = 32 << 10;

    private JournalWorld world = new JournalWorld(1);

    /** All files of the journal, undamaged. */
    private final TreeMap<Path, byte[]> files = new TreeMap<>();

    /** What was acknowledged. */
    private final TreeMap<Long, String> accepted = new TreeMap<>();

    /** Where it is, in the order of sequences. */
    private final List<Frame> frames = new ArrayList<>();

    /** A frame without its padding; a durable mark has no sequences. */
    private record Frame(Path file, int from, int to, long first, long end) {
        boolean has(int offset) {
            return offset >= from && offset < to;
        }
    }

    // --- given ---

    private void append(int size) {
        int number = accepted.size();
        String one = number + "a".repeat(size);
        String other = number + "b";
        long first = world.append(one, other).firstSequence();
        accepted.put(first, one);
        accepted.put(first + 1, other);
    }

    /** Three segments of several frames each; everything is known to be durable. */
    private void writeThreeSegments() throws IOException {
        world.limit = SMALL;
        world.open();
        for (int i = 0; world.journal.begin() == 0 && segments() < 3; i++) {
            append(300 + i * 7 % 900);
        }
        append(200);
        append(100);
        world.sim.scheduler().runFor(Duration.ofSeconds(2));
        takeFiles();
    }

    private int segments() throws IOException {
        return world.disk().exists(JournalWorld.DIRECTORY) ? world.segmentFiles().size() : 0;
    }

    private void takeFiles() throws IOException {
        files.clear();
        frames.clear();
        for (Path file : world.segmentFiles()) {
            byte[] bytes = world.disk().bytes(file);
            files.put(file, bytes);
            SegmentId id =
                    SegmentId.parse(file.getFileName().toString(), JournalWorld.INCARNATION)
                            .orElseThrow();
            FrameHeader header = new FrameHeader(id);
            int at = SegmentHeader.BYTES;
            while (at + FrameHeader.BYTES <= bytes.length && header.readFrom(bytes, at)) {
                int to = at + FrameHeader.BYTES + header.length;
                frames.add(new Frame(file, at, to, header.firstSequence, header.end()));
                at += (int) FrameHeader.frameBytes(header.length);
            }
        }
    }

    private Path file(int number) {
        return List.copyOf(files.keySet()).get(number);
    }

    // --- when ---

    private void reopenWith(Path changed, byte[] bytes) throws IOException {
        reopen();
        world.disk().plant(changed, bytes);
        world.open();
    }

    /** A new machine with the undamaged files; nothing is opened yet. */
    private void reopen() throws IOException {
        long knownToLanes = world.firstSequence;
        world = new JournalWorld(2);
        world.limit = SMALL;
        world.firstSequence = knownToLanes;
        for (Path file : files.keySet()) {
            world.disk().plant(file, files.get(file));
        }
    }

    private static byte[] flipped(byte[] bytes, int at) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << at % 8);
        return flipped;
    }

    private static byte[] cut(byte[] bytes, int length) {
        return Arrays.copyOf(bytes, length);
    }

    private static byte[] zeroFrom(byte[] bytes, int from) {
        byte[] zero = bytes.clone();
        Arrays.fill(zero, from, zero.length, (byte) 0);
        return zero;
    }

    // --- then ---

    /** Exactly these sequences are lost, all others are there. */
    private void onlyTheseAreLost(List<Long> lost, String damage) throws IOException {
        TreeMap<Long, String> left = new TreeMap<>(accepted);
        left.keySet().removeAll(lost);
        assertThat(world.journal.nextSequence()).as(damage).isEqualTo(accepted.lastKey() + 1);
        List<Long> told = new ArrayList<>();
        assertThat(world.read(0, told)).as(damage).isEqualTo(left);
        assertThat(told).as(damage).isEqualTo(lost);
    }

    /** The journal goes on behind what was lost, and tells it again. */
    private void andItGoesOn(List<Long> lost, String damage) throws IOException {
        if (!lost.isEmpty()) {
            assertThat(world.lost(lost.get(0) + 1)).isEqualTo(lost.subList(1, lost.size()));
        }
        long end = accepted.lastKey() + 1;
        assertThat(world.append("next").firstSequence()).as(damage).isEqualTo(end);
        accepted.put(end, "next");
        onlyTheseAreLost(lost, damage);
        accepted.remove(end);
    }

    private static List<Long> sequences(long from, long end) {
        return LongStream.range(from, end).boxed().toList();
    }

    private List<Long> sequencesAt(Path file, int offset) {
        for (Frame frame : frames) {
            if (frame.file().equals(file) && frame.has(offset)) {
                return sequences(frame.first(), frame.end());
            }
        }
        return List.of();
    }

    /** Of the frame that this byte is in, and of all behind it in the same file. */
    private List<Long> sequencesFrom(Path file, int offset) {
        List<Long> found = new ArrayList<>();
        for (Frame frame : frames) {
            if (frame.file().equals(file) && frame.to() > offset) {
                found.addAll(sequences(frame.first(), frame.end()));
            }
        }
        return found;
    }

    private int used(Path file) {
        int used = 0;
        for (Frame frame : frames) {
            used = frame.file().equals(file) ? frame.to() : used;
        }
        return used;
    }

    // --- every byte ---

    @Test
    void a_flipped_bit_costs_the_records_of_its_frame_and_no_other() throws IOException {
        writeThreeSegments();
        assertThat(files).hasSize(3);
        for (Path file : files.keySet()) {
            for (int at = 0; at < files.get(file).length; at += at < used(file) ? 1 : 50) {
                reopenWith(file, flipped(files.get(file), at));

                String damage = file.getFileName() + ", byte " + at;
                onlyTheseAreLost(sequencesAt(file, at), damage);
                if (at % 20 == 0) {
                    andItGoesOn(sequencesAt(file, at), damage);
                }
            }
        }
    }

    @Test
    void an_older_segment_that_was_cut_costs_what_was_behind_the_cut_and_no_other_segment()
            throws IOException {
        writeThreeSegments();
        Path file = file(1);
        for (int at = 0; at < used(file); at++) {
            List<Long> lost = sequencesFrom(file, at);

            reopenWith(file, cut(files.get(file), at));
            onlyTheseAreLost(lost, "cut at " + at);

            reopenWith(file, zeroFrom(files.get(file), at));
            onlyTheseAreLost(lost, "zero from " + at);
            if (at % 4 == 0) {
                andItGoesOn(lost, "zero from " + at);
            }
        }
    }

    @Test
    void the_newest_segment_may_be_cut_anywhere_and_what_lanes_know_is_told_as_lost()
            throws IOException {
        writeThreeSegments();
        world.firstSequence = accepted.lastKey() + 1;
        Path file = file(2);
        for (int at = 0; at < used(file); at++) {
            reopenWith(file, cut(files.get(file), at));

            onlyTheseAreLost(sequencesFrom(file, at), "cut at " + at);
            if (at % 20 == 0) {
                andItGoesOn(sequencesFrom(file, at), "cut at " + at);
            }
        }
    }

    @Test
    void the_newest_segment_may_be_cut_anywhere_and_every_whole_frame_stays() throws IOException {
        writeThreeSegments();
        Path file = file(2);
        for (int at = 0; at < used(file); at++) {
            TreeMap<Long, String> left = new TreeMap<>(accepted);
            left.keySet().removeAll(sequencesFrom(file, at));

            reopenWith(file, cut(files.get(file), at));

            assertThat(world.read(0)).as("cut at " + at).isEqualTo(left);
            assertThat(world.lost(0)).as("a torn tail is no damage").isEmpty();
            assertThat(world.append("next").firstSequence()).isEqualTo(left.lastKey() + 1);
        }
    }

    @Test
    void a_segment_that_is_gone_costs_its_records_and_no_other() throws IOException {
        writeThreeSegments();
        for (int number = 0; number < 2; number++) {
            reopen();
            world.disk().delete(file(number));
            world.open();

            onlyTheseAreLost(sequencesFrom(file(number), 0), "without file " + number);
            andItGoesOn(sequencesFrom(file(number), 0), "without file " + number);
        }
    }

    @Test
    void a_recycled_segment_that_was_torn_anywhere_never_gives_its_old_frames() throws IOException {
        world.limit = SMALL;
        world.open();
        Path recycled = null;
        byte[] old = null;
        while (recycled == null) {
            List<Path> before = world.disk().list(JournalWorld.DIRECTORY);
            TreeMap<Path, byte[]> blanks = new TreeMap<>();
            for (Path file : before) {
                if (SegmentFiles.isBlank(file)) {
                    blanks.put(file, world.disk().bytes(file));
                }
            }
            append(250);
            world.journal.forgetBelow(accepted.lastKey() - 20);
            world.sim.scheduler().runUntilIdle();
            for (Path blank : blanks.keySet()) {
                if (!world.disk().exists(blank) && hasFrames(blanks.get(blank))) {
                    recycled = world.newestFile();
                    old = blanks.get(blank);
                }
            }
            assertThat(accepted.size()).as("recycled sooner or later").isLessThan(2_000);
        }
        append(150);
        append(120);
        takeFiles();
        accepted.headMap(world.journal.begin()).clear();
        long begin = accepted.firstKey();

        byte[] whole = files.get(recycled);
        for (int at = 0; at < used(recycled); at++) {
            byte[] torn = whole.clone();
            System.arraycopy(old, at, torn, at, torn.length - at);
            TreeMap<Long, String> left = new TreeMap<>(accepted);
            left.keySet().removeAll(sequencesFrom(recycled, at));

            reopenWith(recycled, torn);

            assertThat(world.read(begin)).as("torn at " + at).isEqualTo(left);
            assertThat(world.lost(begin)).as("torn at " + at).isEmpty();
        }
    }

    private static boolean hasFrames(byte[] bytes) {
        return bytes.length > SegmentHeader.BYTES + FrameHeader.BYTES
                && bytes[SegmentHeader.BYTES + 4] == (byte) 0xDE
                && bytes[SegmentHeader.BYTES + 5] == (byte) 0xF1;
    }

    // --- frames that nobody was told of ---

    @Test
    void dead_frames_stay_dead_when_what_was_in_front_of_them_is_damaged() throws IOException {
        world.open();
        append(50);
        append(60);
        Path abandoned = world.newestFile();
        takeFiles();
        Frame last = frames.get(frames.size() - 1);
        world.disk().failNextSync(new IOException("EIO"));
        world.begin("dead", "dead, too");
        world.sim.scheduler().runUntilIdle();
        append(70);
        world.sim.scheduler().runFor(Duration.ofSeconds(2));

        world.disk().flipBit(abandoned, (last.to() - 1) * 8L);
        world.openAfterKill();

        onlyTheseAreLost(sequences(last.first(), last.end()), "in an abandoned segment");
        andItGoesOn(sequences(last.first(), last.end()), "in an abandoned segment");
    }

    @Test
    void a_frame_that_was_copied_into_a_record_is_never_taken_for_one() throws IOException {
        world.open();
        append(50);
        Path file = world.newestFile();
        takeFiles();
        Frame copied = frames.get(0);
        byte[] record = new byte[12 + copied.to() - copied.from()]; // where a frame may begin
        System.arraycopy(files.get(file), copied.from(), record, 12, record.length - 12);
        world.journal.append(RecordBatch.of(77, record));
        append(60);
        world.sim.scheduler().runFor(Duration.ofSeconds(2));
        takeFiles();

        world.disk().flipBit(file, frames.get(1).from() * 8L);
        world.openAfterKill();

        onlyTheseAreLost(List.of(2L), "the frame around the copy");
    }

    @Test
    void a_damaged_mark_costs_nothing_although_nobody_knows_that_what_is_behind_was_durable()
            throws IOException {
        world.open();
        append(50);
        world.sim.scheduler().runFor(Duration.ofSeconds(2));
        append(60);
        takeFiles();
        Frame mark = frames.get(1);
        assertThat(mark.first()).isEqualTo(mark.end());

        world.disk().flipBit(mark.file(), mark.from() * 8L);
        world.openAfterKill();

        onlyTheseAreLost(List.of(), "a mark");
        andItGoesOn(List.of(), "a mark");
    }

    @Test
    void a_torn_group_is_cut_whole_and_costs_nothing_that_was_acknowledged() throws IOException {
        world.open();
        append(50);
        Path file = world.newestFile();
        takeFiles();
        int torn = (frames.get(0).to() + FrameHeader.ALIGNMENT - 1) & -FrameHeader.ALIGNMENT;
        world.begin("torn");
        world.begin("whole, but behind");
        world.disk().duringNextSync(() -> world.disk().kill());
        assertThatThrownBy(() -> world.sim.scheduler().runUntilIdle())
                .isInstanceOf(SimulatedCrash.class);
        assertThat(world.disk().bytes(file)[torn + 40]).isNotZero();
        world.disk().flipBit(file, (torn + 40) * 8L);

        world.openAfterKill();

        onlyTheseAreLost(List.of(), "a group that nobody was told of");
        andItGoesOn(List.of(), "a group that nobody was told of");
    }

    // --- what lanes know ---

    @Test
    void a_journal_older_than_its_lanes_goes_on_above_them_and_tells_what_is_missing()
            throws IOException {
        world.open();
        append(10);
        append(10);
        world.firstSequence = 10;

        world.openAfterKill();

        assertThat(world.journal.nextSequence()).isEqualTo(10);
        try (LogReader reader = world.journal.read(0)) {
            assertThat(reader.next().end()).isEqualTo(2);
            assertThat(reader.next().end()).isEqualTo(4);
            assertThat(reader.next()).as("at once").isEqualTo(new LogReader.Lost(4, 10));
            assertThat(reader.next()).isNull();

            assertThat(world.append("c").firstSequence()).isEqualTo(10);
            assertThat(reader.next().firstSequence()).isEqualTo(10);
        }
        world.openAfterKill();
        assertThat(world.journal.nextSequence()).isEqualTo(11);
        assertThat(world.lost(0)).isEqualTo(sequences(4, 10));
        assertThat(world.read(4)).hasSize(1).containsEntry(10L, "c");
    }

    @Test
    void a_journal_that_is_gone_goes_on_behind_its_lanes_and_tells_what_is_missing()
            throws IOException {
        world.firstSequence = 10;
        world.open();

        assertThat(world.journal.begin()).isEqualTo(10);
        assertThat(world.lost(3)).isEqualTo(sequences(3, 10));
        assertThat(world.append("a").firstSequence()).isEqualTo(10);
        assertThat(world.lost(3)).isEqualTo(sequences(3, 10));
        assertThat(world.read(3)).hasSize(1).containsEntry(10L, "a");
    }

    @Test
    void a_frame_that_a_lane_has_read_in_part_was_durable_as_a_whole() throws IOException {
        world.open();
        append(10);
        long last = world.append("a", "b", "c", "d").firstSequence();
        Path file = world.newestFile();
        takeFiles();
        Frame frame = frames.get(frames.size() - 1);
        world.disk().flipBit(file, (frame.to() - 1) * 8L);
        world.firstSequence = last + 2;

        world.openAfterKill();

        assertThat(world.journal.nextSequence()).isEqualTo(last + 4);
        assertThat(world.lost(0)).isEqualTo(sequences(last, last + 4));
    }

    @Test
    void a_restart_with_damage_followed_by_a_power_cut_loses_nothing_more() throws IOException {
        writeThreeSegments();
        Frame frame = frames.get(frames.size() - 4);
        reopenWith(frame.file(), flipped(files.get(frame.file()), frame.to() - 1));
        long next = world.append("acknowledged").firstSequence();
        world.openAfterKill();

        world.disk().powerCutLosingAllUnsynced();
        world.sim.restart();
        world.open();

        assertThat(world.lost(0)).isEqualTo(sequences(frame.first(), frame.end()));
        assertThat(world.read(next)).hasSize(1).containsEntry(next, "acknowledged");
    }

    // --- while the journal runs ---

    @Test
    void damage_that_a_running_journal_meets_is_passed_as_well() throws IOException {
        world.open();
        append(100);
        append(100);
        append(100);
        takeFiles();
        try (LogReader reader = world.journal.read(0)) {
            world.disk().flipBit(world.newestFile(), (frames.get(2).from() + 9) * 8L);

            assertThat(JournalWorld.drain(reader)).hasSize(4);

            append(100);
            assertThat(reader.next().firstSequence()).isEqualTo(6);
        }
        assertThat(world.lost(0)).isEqualTo(List.of(4L, 5L));
    }

    // --- the copies ---

    @Test
    void damaged_bytes_are_kept_once_and_survive_a_power_cut() throws IOException {
        writeThreeSegments();
        Frame frame = frames.get(1);
        byte[] damaged = flipped(files.get(frame.file()), frame.to() - 1);
        reopenWith(frame.file(), damaged);
        assertThat(world.copies()).isEmpty();

        assertThat(world.lost(0)).hasSize(2);
        assertThat(world.lost(0)).as("another lane").hasSize(2);
        world.disk().powerCutLosingAllUnsynced();
        world.sim.restart();
        world.open();
        long bytes = world.journal.bytes();
        long mutations = world.disk().mutations();
        assertThat(world.lost(0)).as("another process").hasSize(2);
        assertThat(world.disk().mutations()).as("copied again").isEqualTo(mutations);

        assertThat(world.copies()).hasSize(1);
        Path copy = world.copies().get(0);
        assertThat(copy.getFileName().toString())
                .isEqualTo(
                        frame.file().getFileName().toString().replace(".segment", "")
                                + "-"
                                + frame.from());
        assertThat(world.disk().bytes(copy))
                .startsWith(Arrays.copyOfRange(damaged, frame.from(), frame.to()));
        assertThat(bytes).isEqualTo(world.disk().usedBytes());
    }

    @Test
    void damaged_bytes_of_the_newest_segment_are_kept_at_start() throws IOException {
        writeThreeSegments();
        Frame frame = frames.get(frames.size() - 3);

        reopenWith(frame.file(), flipped(files.get(frame.file()), frame.from()));

        assertThat(world.copies()).hasSize(1);
    }

    @Test
    void a_copy_that_cannot_be_looked_at_keeps_no_journal_from_starting() throws IOException {
        writeThreeSegments();
        Frame frame = frames.get(1);
        reopenWith(frame.file(), flipped(files.get(frame.file()), frame.from()));
        assertThat(world.lost(0)).hasSize(2);
        Path copy = world.copies().get(0);
        world.disk().delete(copy);
        world.disk().createDirectories(copy); // somebody's, and no file any more

        world.openAfterKill();

        assertThat(world.lost(0)).hasSize(2);
    }

    @Test
    void copies_never_take_more_than_an_eighth_of_the_journals_limit() throws IOException {
        writeThreeSegments();
        reopen();
        for (Path file : files.keySet()) {
            for (int at = SegmentHeader.BYTES; at < used(file); at += 100) {
                world.disk().flipBit(file, at * 8L);
            }
        }
        world.open();

        world.lost(0);

        long copied = 0;
        for (Path copy : world.copies()) {
            copied += world.disk().bytes(copy).length;
        }
        assertThat(copied).isBetween(SMALL / 16, SMALL / 8);
    }

    @Test
    void a_full_disk_keeps_damaged_bytes_from_being_copied_and_nothing_else() throws IOException {
        writeThreeSegments();
        Frame frame = frames.get(1);
        reopenWith(frame.file(), flipped(files.get(frame.file()), frame.to() - 1));
        world.disk().fullAfter(20);

        assertThat(world.lost(0)).isEqualTo(sequences(frame.first(), frame.end()));
        assertThat(world.read(0)).hasSize(accepted.size() - 2);
        assertThat(world.copies()).isEmpty();

        world.disk().roomAgain();
        world.openAfterKill();
        assertThat(world.lost(0)).hasSize(2);
        assertThat(world.copies()).hasSize(1);
    }

    // --- at random ---

    /** Several bits flip in frames that are known durable; the process dies and starts again. */
    @ParameterizedTest
    @MethodSource("seeds")
    void whatever_frames_are_damaged_exactly_their_records_are_lost(long seed) throws IOException {
        world = new JournalWorld(seed);
        world.limit = 2 * SMALL;
        SimEntropy dice = world.sim.chance();
        TreeMap<Long, Frame> damaged = new TreeMap<>();
        world.open();
        for (int life = 0; life < 4; life++) {
            for (int i = dice.below(12); i >= 0; i--) {
                append(dice.below(600));
                if (dice.chance(0.03)) {
                    world.disk().failNextSync(new IOException("EIO"));
                    CompletableFuture<?> dead = world.begin("dead");
                    world.sim.scheduler().runUntilIdle();
                    assertThat(dead).isCompletedExceptionally();
                }
            }
            world.sim.scheduler().runFor(Duration.ofSeconds(2));
            takeFiles();
            List<Frame> alive =
                    frames.stream()
                            .filter(f -> f.end() > f.first())
                            .filter(f -> accepted.containsKey(f.first()))
                            .filter(f -> isOfItsSegment(f))
                            .toList();
            for (int i = dice.below(4); i > 0 && !alive.isEmpty(); i--) {
                Frame frame = alive.get(dice.below(alive.size()));
                int at = frame.from() + dice.below(frame.to() - frame.from());
                if (damaged.put(frame.first(), frame) == null) {
                    world.disk().flipBit(frame.file(), at * 8L + dice.below(8));
                }
            }
            if (dice.chance(0.5)) {
                world.disk().powerCutLosingAllUnsynced();
            }
            world.openAfterKill();

            List<Long> lost = new ArrayList<>();
            damaged.values().forEach(f -> lost.addAll(sequences(f.first(), f.end())));
            TreeMap<Long, String> left = new TreeMap<>(accepted);
            left.keySet().removeAll(lost);
            SortedMap<Long, String> read = world.read(0);
            assertThat(read).as("seed %d, life %d", seed, life).isEqualTo(left);
            assertThat(world.lost(0)).as("seed %d, life %d", seed, life).isEqualTo(lost);
        }
    }

    /**
     * Stretches of any length are flipped, zeroed, overwritten with noise or with what stood
     * elsewhere; segments are cut or gone. Whatever is left whole is given, in its place.
     */
    @ParameterizedTest
    @MethodSource("seeds")
    void whatever_the_disk_does_whole_frames_are_given_in_their_place(long seed)
            throws IOException {
        SimEntropy dice = new JournalWorld(seed).sim.chance();
        world.limit = SMALL;
        world.open();
        for (int i = 3 + dice.below(20); i > 0; i--) {
            append(dice.below(900));
        }
        world.sim.scheduler().runFor(Duration.ofSeconds(2));
        takeFiles();
        TreeMap<Path, byte[]> undamaged = new TreeMap<>(files);
        for (int i = 1 + dice.below(4); i > 0; i--) {
            Path file = file(dice.below(files.size()));
            files.put(file, damaged(files.get(file), dice));
        }
        if (dice.chance(0.1)) {
            files.remove(file(dice.below(files.size())));
        }
        long end = accepted.lastKey() + 1;
        world.firstSequence = end;

        reopen();
        world.open();

        TreeMap<Long, String> left = new TreeMap<>();
        for (Frame frame : frames) {
            byte[] now = files.get(frame.file());
            byte[] then = undamaged.get(frame.file());
            if (now != null
                    && now.length >= frame.to()
                    && Arrays.equals(
                            now, frame.from(), frame.to(), then, frame.from(), frame.to())) {
                left.putAll(accepted.subMap(frame.first(), frame.end()));
            }
        }
        List<Long> told = new ArrayList<>();
        TreeMap<Long, String> read = world.read(0, told);
        assertThat(accepted).as("seed %d, nothing invented", seed).containsAllEntriesOf(read);
        // More than what is left in its place may be there: a frame's only copy may be elsewhere.
        assertThat(read).as("seed %d", seed).containsAllEntriesOf(left);
        List<Long> lost = new ArrayList<>(accepted.keySet());
        lost.removeAll(read.keySet());
        assertThat(told).as("seed %d", seed).isEqualTo(lost);
        assertThat(world.append("next").firstSequence()).isEqualTo(end);
    }

    private static byte[] damaged(byte[] bytes, SimEntropy dice) {
        byte[] damaged = bytes.clone();
        if (bytes.length == 0) {
            return damaged;
        }
        int from = dice.below(bytes.length);
        int to = Math.min(bytes.length, from + 1 + dice.below(dice.chance(0.5) ? 50 : 2_000));
        switch (dice.below(5)) {
            case 0 -> damaged[from] ^= (byte) (1 << dice.below(8));
            case 1 -> Arrays.fill(damaged, from, to, (byte) 0);
            case 2 -> {
                for (int at = from; at < to; at++) {
                    damaged[at] = (byte) dice.below(256);
                }
            }
            case 3 -> {
                // Something older, frames included: a write that went to the wrong place.
                int at = from & -FrameHeader.ALIGNMENT;
                int older = dice.below(at + 1) & -FrameHeader.ALIGNMENT;
                System.arraycopy(bytes, older, damaged, at, to - at);
            }
            default -> damaged = Arrays.copyOf(bytes, from);
        }
        return damaged;
    }

    /** A frame behind the first sequence of the next segment is dead. */
    private boolean isOfItsSegment(Frame frame) {
        Path next = files.higherKey(frame.file());
        return next == null
                || frame.first()
                        < SegmentId.parse(next.getFileName().toString(), JournalWorld.INCARNATION)
                                .orElseThrow()
                                .firstSequence();
    }

    static IntStream seeds() {
        return IntStream.range(0, 200);
    }
}

package io.delivery.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.record.AcceptedBatch;
import io.delivery.testkit.SimDisk;
import io.delivery.testkit.SimEntropy;
import io.delivery.testkit.SimulatedCrash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JournalRecoveryTest {
    /** As small as segments get: 4,096 bytes, so that every byte can be tried. */
    private static final long SMALL = 32 << 10;

    private JournalWorld world = new JournalWorld(1);

    private byte[] written;
    private Path file;
    private long lastFrame;
    private long end;

    /** Three records are known durable, the frame of the fourth and fifth is the last one. */
    private void writeThreeAndTwo() throws IOException {
        world.limit = SMALL;
        world.open();
        world.append("first");
        world.append("second", "third");
        lastFrame = world.journal.segmentOf(0).limit();
        world.append("fourth", "a fifth that is a little longer");
        end = world.journal.segmentOf(0).limit();
        file = world.newestFile();
        written = world.disk().bytes(file);
    }

    private void reopenWith(byte[] bytes) throws IOException {
        world = new JournalWorld(2);
        world.limit = SMALL;
        world.disk().plant(file, bytes);
        world.open();
    }

    private void theFirstThreeAreThereAndTheJournalGoesOn(String change) throws IOException {
        assertThat(world.journal.nextSequence()).as(change).isEqualTo(3);
        assertThat(world.read(0)).as(change).hasSize(3).containsEntry(2L, "third");
        assertThat(world.append("next").firstSequence()).as(change).isEqualTo(3);
        assertThat(world.read(3)).as(change).hasSize(1).containsEntry(3L, "next");
        world.openAfterKill();
        assertThat(world.read(0)).as(change).hasSize(4).containsEntry(3L, "next");
    }

    @Test
    void recovery_keeps_every_synced_record_whatever_byte_the_tail_is_cut_at() throws IOException {
        writeThreeAndTwo();
        // The padding behind the last payload is no part of what it says.
        for (long cut = lastFrame; cut < end - FrameHeader.ALIGNMENT; cut++) {
            reopenWith(Arrays.copyOf(written, (int) cut));

            theFirstThreeAreThereAndTheJournalGoesOn("cut at " + cut);

            byte[] zeroed = Arrays.copyOf(Arrays.copyOf(written, (int) cut), written.length);
            reopenWith(zeroed);
            theFirstThreeAreThereAndTheJournalGoesOn("zero from " + cut);
        }
    }

    @Test
    void recovery_keeps_every_synced_record_whatever_bit_of_the_tail_is_flipped()
            throws IOException {
        writeThreeAndTwo();
        for (long bit = lastFrame * 8; bit < end * 8; bit++) {
            byte[] flipped = written.clone();
            flipped[(int) (bit / 8)] ^= (byte) (1 << bit % 8);
            reopenWith(flipped);

            if (world.journal.nextSequence() == 5) { // a bit of the padding
                assertThat(bit).isGreaterThan((end - FrameHeader.ALIGNMENT) * 8);
            } else {
                theFirstThreeAreThereAndTheJournalGoesOn("bit " + bit);
            }
        }
    }

    @Test
    void a_torn_tail_is_cut_with_whole_frames_behind_it() throws IOException {
        world.open();
        world.append("known");
        long torn = world.journal.segmentOf(0).limit();
        world.begin("torn");
        world.begin("whole, but behind");
        world.sim.scheduler().runUntilIdle();
        file = world.newestFile();
        world.disk().flipBit(file, (torn + FrameHeader.BYTES + 5) * 8);

        world.openAfterKill();

        assertThat(world.read(0)).hasSize(1).containsEntry(0L, "known");
        assertThat(world.append("next").firstSequence()).isEqualTo(1);
        world.openAfterKill();
        assertThat(world.read(0)).hasSize(2).containsEntry(1L, "next");
    }

    @Test
    void what_is_believed_is_written_again_before_it_may_be_read() throws IOException {
        world.open();
        world.append("a");
        world.append("b");

        world.openAfterKill();
        assertThat(world.segmentFiles()).hasSize(2);
        assertThat(world.journal.segmentOf(1).first()).isEqualTo(1);

        world.disk().powerCutLosingAllUnsynced();
        world.sim.restart();
        world.open();
        assertThat(world.read(0)).hasSize(2).containsEntry(0L, "a").containsEntry(1L, "b");
    }

    @Test
    void restarts_alone_neither_lose_a_record_nor_take_room() throws IOException {
        world.open();
        world.append("a");
        world.append("b");
        for (int i = 0; i < 20; i++) {
            world.openAfterKill();
            assertThat(world.read(0)).hasSize(2);
        }

        assertThat(world.segmentFiles()).hasSizeLessThanOrEqualTo(2);
        assertThat(world.journal.bytes()).isLessThan(1 << 21);
    }

    @Test
    void old_frames_of_a_recycled_segment_are_never_mistaken_for_new_ones() throws IOException {
        world.limit = 64 << 20;
        world.open();
        int next = 0;
        boolean recycled = false;
        while (!recycled) {
            world.append(next + "x".repeat(400_000));
            next++;
            world.journal.forgetBelow(next - 3);
            world.sim.scheduler().runUntilIdle();
            Segment newest = world.journal.segmentOf(next - 1);
            byte[] bytes = world.disk().bytes(newest.path());
            recycled = bytes.length > newest.limit() && hasFrameSign(bytes, newest.limit());
            assertThat(next).as("recycled sooner or later").isLessThan(500);
        }

        for (int i = 0; i < 3; i++) {
            world.openAfterKill();
            assertThat(world.journal.nextSequence()).isEqualTo(next);
            assertThat(world.read(next - 1).get(next - 1L)).startsWith(next - 1 + "x");
        }
    }

    private static boolean hasFrameSign(byte[] bytes, long from) {
        for (int at = (int) from; at + 16 <= bytes.length; at += 16) {
            if (bytes[at + 4] == (byte) 0xDE && bytes[at + 5] == (byte) 0xF1) {
                return true;
            }
        }
        return false;
    }

    @Test
    void frames_that_failed_are_dead_although_they_are_whole_on_disk() throws IOException {
        world.open();
        world.append("kept");
        world.disk().failNextSync(new IOException("EIO"));
        world.begin("dead");
        world.sim.scheduler().runUntilIdle();
        world.append("alive");

        world.openAfterKill();

        assertThat(world.read(0)).hasSize(2).containsEntry(0L, "kept").containsEntry(1L, "alive");
    }

    @Test
    void a_newer_format_is_refused_by_name() throws IOException {
        writeThreeAndTwo();
        byte[] newer = written.clone();
        ByteBuffer header = ByteBuffer.wrap(newer).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(8, 3);
        seal(header);

        assertThatThrownBy(() -> reopenWith(newer))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has format version 3, this program reads up to 2");
        assertThat(world.disk().bytes(file)).isEqualTo(newer);
    }

    @Test
    void a_segment_of_another_incarnation_is_refused() throws IOException {
        writeThreeAndTwo();
        byte[] stranger = written.clone();
        ByteBuffer header = ByteBuffer.wrap(stranger).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(16, 0xABCDEF);
        seal(header);

        assertThatThrownBy(() -> reopenWith(stranger))
                .hasMessageContaining("belongs to incarnation 0000000000abcdef0000000000003344");
    }

    private static void seal(ByteBuffer header) {
        CRC32C crc = new CRC32C();
        crc.update(header.array(), 0, 60);
        header.putInt(60, (int) crc.getValue());
    }

    @Test
    void strangers_in_the_directory_are_left_alone_and_blanks_removed() throws IOException {
        world.open();
        world.append("a");
        Path stranger = JournalWorld.DIRECTORY.resolve("notes.txt");
        Path blank = JournalWorld.DIRECTORY.resolve("blank-7");
        world.disk().plant(stranger, new byte[] {1});
        world.disk().plant(blank, new byte[100]);

        world.openAfterKill();

        assertThat(world.disk().exists(stranger)).isTrue();
        assertThat(world.disk().exists(blank)).isFalse();
        assertThat(world.read(0)).containsEntry(0L, "a");
    }

    @Test
    void an_empty_or_garbled_newest_file_counts_as_an_unfinished_segment() throws IOException {
        world.open();
        world.append("a");
        for (byte[] bytes : List.of(new byte[0], new byte[10], noise(5_000))) {
            Path unfinished =
                    JournalWorld.DIRECTORY.resolve(
                            new SegmentId(JournalWorld.INCARNATION, 1, 50, 5).fileName());
            world.disk().plant(unfinished, bytes);

            world.openAfterKill();

            assertThat(world.read(0)).containsEntry(0L, "a").hasSize(1);
            assertThat(world.journal.nextSequence()).isEqualTo(1);
        }
        assertThat(world.append("b").firstSequence()).isEqualTo(1);
        world.openAfterKill();
        assertThat(world.read(0)).containsEntry(1L, "b");
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new java.util.Random(7).nextBytes(bytes);
        return bytes;
    }

    /**
     * Appends, failures, idle hours, forgetting, and death at any mutating call, again and again:
     * whatever was acknowledged and not forgotten is there afterwards, in its place and once.
     */
    @ParameterizedTest
    @MethodSource("seeds")
    void whatever_happens_every_acknowledged_record_stays_in_its_place(long seed)
            throws IOException {
        world = new JournalWorld(seed);
        world.limit = 256 << 10; // segments of 32 KiB
        SimEntropy dice = world.sim.chance();
        TreeMap<Long, String> acknowledged = new TreeMap<>();
        long[] forgotten = {0};
        int[] appended = {0};

        for (int life = 0; life < 12; life++) {
            boolean opened = false;
            world.disk().crashAfter(1 + dice.below(120));
            try {
                openWhateverFails();
                opened = true;
                check(acknowledged, forgotten[0]);
                live(dice, acknowledged, forgotten, appended);
                world.sim.kill();
            } catch (SimulatedCrash crash) {
                // that is what this life was for
            }
            if (opened && dice.chance(0.3)) {
                world.firstSequence = Math.max(world.firstSequence, forgotten[0]);
            }
            crash(world.disk(), dice);
            world.sim.restart();
        }

        openWhateverFails();
        check(acknowledged, forgotten[0]);
        world.journal.limit(1 << 30);
        world.begin("meets the fault that may be left, a write's or a sync's");
        world.sim.scheduler().runFor(Duration.ofSeconds(3));
        world.begin("and the other");
        world.sim.scheduler().runFor(Duration.ofSeconds(3));
        long next = world.journal.nextSequence();
        assertThat(world.append("last").firstSequence()).isEqualTo(next);
    }

    /** A fault that was ordered in the life before may meet the start: then once more. */
    private void openWhateverFails() throws IOException {
        for (int attempt = 0; ; attempt++) {
            try {
                world.open();
                return;
            } catch (IOException e) {
                if (!"EIO".equals(e.getMessage()) || attempt == 2) {
                    throw e;
                }
            }
        }
    }

    static IntStream seeds() {
        return IntStream.range(0, 300);
    }

    private static void crash(SimDisk disk, SimEntropy dice) {
        int how = dice.below(3);
        if (how == 0) {
            disk.powerCut();
        } else if (how == 1) {
            disk.powerCutLosingAllUnsynced();
        } else {
            disk.kill();
        }
    }

    private void live(
            SimEntropy dice,
            SortedMap<Long, String> acknowledged,
            long[] forgotten,
            int[] appended) {
        for (int step = 0; step < 60; step++) {
            int what = dice.below(20);
            if (what == 0) {
                world.disk().failNextSync(new IOException("EIO"));
            } else if (what == 1) {
                world.disk().failNextWrite(new IOException("EIO"));
            } else if (what == 2) {
                world.sim.scheduler().runFor(Duration.ofSeconds(2));
            } else if (what == 3 && !acknowledged.isEmpty()) {
                long to = world.journal.durableEnd() - dice.below(20);
                if (to > forgotten[0]) {
                    forgotten[0] = to;
                    world.journal.forgetBelow(to);
                }
            } else if (what == 4) {
                world.sim.scheduler().runUntilIdle();
            } else {
                String first = appended[0]++ + "a".repeat(dice.below(3_000));
                String second = appended[0]++ + "b".repeat(dice.below(30));
                world.begin(first, second)
                        .thenAccept(
                                accepted -> {
                                    acknowledge(acknowledged, accepted, first, second);
                                });
                for (int i = dice.below(4); i > 0; i--) {
                    world.sim.scheduler().runOne();
                }
            }
        }
    }

    private static void acknowledge(
            SortedMap<Long, String> acknowledged, AcceptedBatch accepted, String... records) {
        for (int i = 0; i < records.length; i++) {
            String before = acknowledged.put(accepted.firstSequence() + i, records[i]);
            assertThat(before).as("sequence %s given twice", accepted.firstSequence() + i).isNull();
        }
    }

    private void check(SortedMap<Long, String> acknowledged, long forgotten) throws IOException {
        assertThat(world.journal.begin()).isLessThanOrEqualTo(Math.max(0, forgotten));
        assertThat(world.journal.nextSequence())
                .isGreaterThan(acknowledged.isEmpty() ? -1 : acknowledged.lastKey());
        TreeMap<Long, String> read = world.read(forgotten);
        TreeMap<Long, String> expected = new TreeMap<>(acknowledged.tailMap(forgotten));
        assertThat(read).containsAllEntriesOf(expected);
        long sequence = read.isEmpty() ? 0 : read.firstKey();
        for (long each : read.keySet()) {
            assertThat(each).as("no gaps").isEqualTo(sequence++);
        }
    }

    @Test
    void a_power_cut_keeps_exactly_the_acknowledged_when_nothing_else_reached_the_disk()
            throws IOException {
        world.open();
        world.append("acknowledged");
        CompletableFuture<AcceptedBatch> waiting = world.begin("on its way");

        world.disk().powerCutLosingAllUnsynced();
        world.sim.restart();
        world.open();

        assertThat(waiting).isNotDone();
        assertThat(world.read(0)).hasSize(1).containsEntry(0L, "acknowledged");
        assertThat(world.append("next").firstSequence()).isEqualTo(1);
    }
}

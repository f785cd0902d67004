package io.delivery.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.mark.FoundMark;
import io.delivery.testkit.DiskCall;
import io.delivery.testkit.SimulatedCrash;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The end of a journal is known outside its newest segment. */
class JournalMarkTest {
    private static final Path MARK = JournalWorld.STREAM.resolve("marks/journal");

    private JournalWorld world = new JournalWorld(1);
    private final TreeMap<Long, String> accepted = new TreeMap<>();

    private void append(String... records) {
        long sequence = world.append(records).firstSequence();
        for (String record : records) {
            accepted.put(sequence++, record);
        }
    }

    private void secondPasses() {
        world.sim.scheduler().runFor(Duration.ofSeconds(1));
    }

    private void stop() {
        world.journal.stop();
        world.sim.scheduler().runUntilIdle();
    }

    private long end() {
        return accepted.lastKey() + 1;
    }

    /** All that was accepted is either there or told as lost, and no sequence is given again. */
    private void nothingIsSilent(String as) throws IOException {
        List<Long> lost = new ArrayList<>();
        TreeMap<Long, String> found = world.read(0, lost);

        TreeMap<Long, String> expected = new TreeMap<>(accepted);
        expected.keySet().removeAll(lost);
        assertThat(found).as(as).isEqualTo(expected);
        assertThat(world.journal.nextSequence()).as(as).isEqualTo(end());
        assertThat(world.append("next").firstSequence()).as(as).isEqualTo(end());
    }

    /** The journal as it was left, in a new world, with one file changed; null: without it. */
    private void reopenWith(TreeMap<Path, byte[]> files, Path changed, byte[] bytes)
            throws IOException {
        long limit = world.limit;
        world = new JournalWorld(2);
        world.limit = limit;
        for (Path file : files.keySet()) {
            byte[] content = file.equals(changed) ? bytes : files.get(file);
            if (content != null) {
                world.disk().plant(file, content);
            }
        }
        world.open();
    }

    private TreeMap<Path, byte[]> files() throws IOException {
        TreeMap<Path, byte[]> files = new TreeMap<>();
        for (Path file : world.segmentFiles()) {
            files.put(file, world.disk().bytes(file));
        }
        files.put(MARK, world.disk().bytes(MARK));
        return files;
    }

    private void twoSegments() throws IOException {
        world.limit = 32 << 10; // segments of 4,096 bytes
        world.open();
        for (int i = 0; accepted.isEmpty() || world.segmentFiles().size() < 2; i++) {
            append(i + "a".repeat(500), i + "b");
        }
        append("one", "two");
        append("three");
    }

    @Test
    void the_newest_segment_cut_at_any_length_after_a_stop_is_told_and_no_sequence_is_given_again()
            throws IOException {
        twoSegments();
        stop();
        TreeMap<Path, byte[]> files = files();
        Path newest = world.newestFile();

        for (int length = 0; length < files.get(newest).length; length++) {
            reopenWith(files, newest, Arrays.copyOf(files.get(newest), length));

            nothingIsSilent("cut at " + length);
        }
    }

    @Test
    void the_newest_segment_cut_at_any_length_a_second_after_its_last_record_is_told()
            throws IOException {
        twoSegments();
        secondPasses();
        TreeMap<Path, byte[]> files = files();
        Path newest = world.newestFile();

        for (int length = 0; length < files.get(newest).length; length += 3) {
            reopenWith(files, newest, Arrays.copyOf(files.get(newest), length));

            nothingIsSilent("cut at " + length);
        }
    }

    @Test
    void a_bit_flipped_anywhere_in_the_newest_segment_is_told() throws IOException {
        twoSegments();
        stop();
        TreeMap<Path, byte[]> files = files();
        Path newest = world.newestFile();
        byte[] whole = files.get(newest);

        for (int bit = 0; bit < whole.length * 8; bit += 3) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            reopenWith(files, newest, flipped);

            nothingIsSilent("bit " + bit);
        }
    }

    @Test
    void the_newest_segment_removed_is_told_and_no_sequence_is_given_again() throws IOException {
        twoSegments();
        stop();
        TreeMap<Path, byte[]> files = files();
        Path newest = world.newestFile();
        long first =
                SegmentId.parse(newest.getFileName().toString(), JournalWorld.INCARNATION)
                        .orElseThrow()
                        .firstSequence();

        reopenWith(files, newest, null);

        assertThat(world.lost(0)).hasSize((int) (end() - first)).first().isEqualTo(first);
        nothingIsSilent("without the newest segment");
        world.openAfterKill();
        assertThat(world.lost(0)).as("told again").hasSize((int) (end() - first));
    }

    @Test
    void all_segments_removed_are_told() throws IOException {
        twoSegments();
        stop();
        TreeMap<Path, byte[]> mark = new TreeMap<>();
        mark.put(MARK, world.disk().bytes(MARK));

        reopenWith(mark, null, null);

        assertThat(world.lost(0)).hasSize((int) end());
        assertThat(world.append("next").firstSequence()).isEqualTo(end());
    }

    @Test
    void what_was_accepted_after_the_mark_is_a_torn_tail_that_a_power_cut_may_have_left()
            throws IOException {
        world.open();
        append("one", "two");
        secondPasses();
        long marked = end();
        Path newest = world.newestFile();
        append("three");
        TreeMap<Path, byte[]> files = files();
        byte[] bytes = files.get(newest);
        int used = bytes.length;
        while (bytes[used - 1] == 0) {
            used--;
        }

        reopenWith(files, newest, Arrays.copyOf(bytes, used - 1));

        assertThat(world.lost(0)).isEmpty();
        assertThat(world.journal.nextSequence()).isEqualTo(marked);
    }

    @Test
    void the_mark_lags_behind_by_a_second_at_most_and_is_written_once_a_second_at_most()
            throws IOException {
        List<DiskCall> syncs = new ArrayList<>();
        world.open();
        world.disk()
                .onCall(
                        call -> {
                            if (call.isOn(DiskCall.Kind.SYNC, "marks")) {
                                syncs.add(call);
                            }
                        });
        for (int i = 0; i < 50; i++) {
            append("record " + i);
            world.sim.scheduler().runFor(Duration.ofMillis(100));
            FoundMark mark = JournalMark.read(world.disk(), JournalWorld.DIRECTORY);
            assertThat(end() - JournalMark.durableEnd(mark)).isLessThanOrEqualTo(11);
        }

        assertThat(syncs.size()).isBetween(3, 6);
        world.sim.scheduler().runFor(Duration.ofSeconds(5));
        int atRest = syncs.size();
        world.sim.scheduler().runFor(Duration.ofSeconds(60));
        assertThat(syncs).as("an idle journal writes nothing").hasSize(atRest);
    }

    @Test
    void a_stop_leaves_the_end_in_the_mark() throws IOException {
        world.open();
        append("one", "two");
        append("three");

        stop();

        FoundMark mark = JournalMark.read(world.disk(), JournalWorld.DIRECTORY);
        assertThat(JournalMark.durableEnd(mark)).isEqualTo(3);
    }

    @Test
    void a_mark_that_is_damaged_or_gone_costs_nothing() throws IOException {
        twoSegments();
        stop();
        TreeMap<Path, byte[]> files = files();
        byte[] mark = files.get(MARK);

        reopenWith(files, MARK, null);
        nothingIsSilent("without a mark");
        for (int length = 0; length < mark.length; length += 7) {
            reopenWith(files, MARK, Arrays.copyOf(mark, length));
            nothingIsSilent("mark cut at " + length);
        }
        byte[] both = mark.clone();
        both[33] ^= 4;
        both[4096 + 33] ^= 4;
        reopenWith(files, MARK, both);
        nothingIsSilent("both copies damaged");
    }

    @Test
    void a_mark_that_cannot_be_written_stops_nothing_and_is_written_a_second_later()
            throws IOException {
        world.open();
        append("one");
        world.disk()
                .failNext(
                        call -> call.isOn(DiskCall.Kind.SYNC, "marks"),
                        new IOException("injected"));
        secondPasses();
        assertThat(world.journal.healthy()).isTrue();
        append("two");

        secondPasses();

        FoundMark mark = JournalMark.read(world.disk(), JournalWorld.DIRECTORY);
        assertThat(JournalMark.durableEnd(mark)).isEqualTo(2);
    }

    @Test
    void a_power_cut_in_any_call_of_the_disk_never_looks_like_damage() throws IOException {
        for (long call = 1; call < 70; call++) {
            for (long seed = 0; seed < 6; seed++) {
                world = new JournalWorld(1000 * call + seed);
                world.limit = 32 << 10;
                accepted.clear();
                world.disk().crashAfter(call);
                assertThatThrownBy(
                                () -> {
                                    world.open();
                                    for (int i = 0; i < 40; i++) {
                                        append(i + "a".repeat(300));
                                        world.sim.scheduler().runFor(Duration.ofMillis(300));
                                    }
                                })
                        .isInstanceOf(SimulatedCrash.class);
                world.sim.powerCut();
                world.sim.restart();

                world.open();

                List<Long> lost = new ArrayList<>();
                TreeMap<Long, String> found = world.read(0, lost);
                assertThat(lost).as("call %d, seed %d", call, seed).isEmpty();
                assertThat(found).as("call %d, seed %d", call, seed).containsAllEntriesOf(accepted);
            }
        }
    }

    @Test
    void an_inspection_tells_the_same_loss_without_opening_the_journal() throws IOException {
        twoSegments();
        stop();
        TreeMap<Path, byte[]> files = files();
        Path newest = world.newestFile();
        for (int length = 0; length < files.get(newest).length; length += 13) {
            reopenWith(files, newest, Arrays.copyOf(files.get(newest), length));
            List<Long> lost = world.lost(0);
            JournalInspection seen =
                    JournalInspection.of(
                            JournalWorld.DIRECTORY, JournalWorld.INCARNATION, 0, world.disk());

            long told = seen.damage().stream().mapToLong(bad -> bad.to() - bad.from()).sum();
            assertThat(told).as("cut at %d", length).isEqualTo(lost.size());
        }
    }
}

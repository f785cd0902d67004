package io.delivery.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.record.DeliveryRecord;
import io.delivery.record.Incarnation;
import io.delivery.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class JournalInspectionTest {
    private static final long SMALL = 32 << 10;

    private JournalWorld world = new JournalWorld(1);
    private final TreeMap<Long, String> shown = new TreeMap<>();

    private JournalInspection inspect() throws IOException {
        return inspect(0);
    }

    /** Looks at everything, and holds that nothing on the disk changed by it. */
    private JournalInspection inspect(long knownDurable) throws IOException {
        shown.clear();
        long mutations = world.disk().mutations();
        JournalInspection found =
                JournalInspection.read(
                        JournalWorld.DIRECTORY,
                        JournalWorld.INCARNATION,
                        knownDurable,
                        0,
                        Long.MAX_VALUE,
                        world.disk(),
                        this::show);
        assertThat(world.disk().mutations()).isEqualTo(mutations);
        return found;
    }

    private void show(Path file, long offset, long firstSequence, RecordBatch batch) {
        long sequence = firstSequence;
        RecordBatch.Cursor cursor = batch.cursor();
        for (DeliveryRecord r = cursor.next(); r != null; r = cursor.next()) {
            assertThat(shown.put(sequence++, r.toUtf8())).isNull();
        }
    }

    private static List<JournalFile> segments(JournalInspection found) {
        return found.files().stream().filter(file -> file.generation() > 0).toList();
    }

    @Test
    void a_journal_that_was_never_written_is_empty_and_sound() throws IOException {
        JournalInspection found = inspect();

        assertThat(found.files()).isEmpty();
        assertThat(found.damage()).isEmpty();
        assertThat(found.end()).isZero();
    }

    @Test
    void every_record_of_a_journal_in_use_is_shown_with_its_sequence() throws IOException {
        world.open();
        world.append("first");
        world.append("second", "third");

        JournalInspection found = inspect();

        assertThat(shown).isEqualTo(new TreeMap<>(Map.of(0L, "first", 1L, "second", 2L, "third")));
        assertThat(found.damage()).isEmpty();
        assertThat(found.tornTail()).isEmpty();
        assertThat(found.end()).isEqualTo(3);
        assertThat(found.durableUpTo()).isEqualTo(1); // what the last frame knew
        JournalFile segment = found.files().get(0);
        assertThat(segment.state()).isEqualTo(JournalFile.State.LIVE);
        assertThat(segment.frames()).isEqualTo(2);
        assertThat(segment.records()).isEqualTo(3);
        assertThat(segment.usedBytes()).isEqualTo(world.journal.segmentOf(0).limit());
    }

    @Test
    void many_segments_are_told_in_order_and_their_spares_beside() throws IOException {
        world.limit = SMALL;
        world.open();
        String large = "x".repeat(3000);
        for (int i = 0; i < 5; i++) {
            world.append(large + i);
        }

        JournalInspection found = inspect();

        assertThat(shown).hasSize(5);
        assertThat(segments(found))
                .extracting(JournalFile::firstSequence)
                .containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(found.files().size() - segments(found).size())
                .isEqualTo(world.disk().list(JournalWorld.DIRECTORY).size() - 5);
        assertThat(found.damage()).isEmpty();
    }

    @Test
    void only_segments_with_what_was_asked_for_are_looked_into() throws IOException {
        world.limit = SMALL;
        world.open();
        String large = "x".repeat(3000);
        for (int i = 0; i < 5; i++) {
            world.append(large + i);
        }

        JournalInspection.read(
                JournalWorld.DIRECTORY,
                JournalWorld.INCARNATION,
                0,
                2,
                4,
                world.disk(),
                this::show);

        assertThat(shown).containsOnlyKeys(2L, 3L);
    }

    @Test
    void frames_of_an_abandoned_segment_are_dead() throws IOException {
        world.open();
        world.append("known");
        world.begin("dead"); // written, and its sync fails
        world.disk().failNextSync(new IOException("EIO"));
        world.sim.scheduler().runUntilIdle();
        world.sim.scheduler().runFor(java.time.Duration.ofSeconds(2));
        world.append("alive");

        JournalInspection found = inspect();

        assertThat(shown).isEqualTo(new TreeMap<>(Map.of(0L, "known", 1L, "alive")));
        assertThat(segments(found).get(0).deadFrames()).isEqualTo(1);
        assertThat(found.damage()).isEmpty();
    }

    @Test
    void a_torn_tail_is_told_with_the_whole_frames_behind_it() throws IOException {
        world.open();
        world.append("known");
        long torn = world.journal.segmentOf(0).limit();
        world.begin("torn");
        world.begin("whole, but behind");
        world.sim.scheduler().runUntilIdle();
        world.disk().flipBit(world.newestFile(), (torn + FrameHeader.BYTES + 5) * 8);

        JournalInspection found = inspect();

        assertThat(shown).containsOnlyKeys(0L);
        assertThat(found.damage()).isEmpty();
        assertThat(found.end()).isEqualTo(1);
        assertThat(found.tornTail())
                .hasValueSatisfying(
                        tail -> {
                            assertThat(tail.offset()).isEqualTo(torn);
                            assertThat(tail.sequence()).isEqualTo(1);
                            assertThat(tail.wholeFrames()).isEqualTo(1);
                        });
    }

    @Test
    void damage_tells_its_sequences_and_what_is_behind_it_is_shown() throws IOException {
        world.open();
        world.append("first");
        long bad = world.journal.segmentOf(0).limit();
        world.append("second", "third");
        world.append("fourth");
        world.append("fifth");
        Path file = world.newestFile();

        world.disk().flipBit(file, (bad + FrameHeader.BYTES + 6) * 8);
        assertThat(inspect().damage())
                .containsExactly(
                        new JournalDamage(
                                file, bad, 1, 3, "a payload that does not fit its checksum"));
        assertThat(shown).containsOnlyKeys(0L, 3L, 4L);

        world.disk().flipBit(file, (bad + 9) * 8);
        assertThat(inspect().damage())
                .containsExactly(new JournalDamage(file, bad, 1, 3, "no valid frame"));
        assertThat(shown).containsOnlyKeys(0L, 3L, 4L);
    }

    @Test
    void a_stretch_over_the_end_of_what_is_known_is_damage_up_to_there_and_torn_behind()
            throws IOException {
        world.open();
        world.append("first");
        long bad = world.journal.segmentOf(0).limit();
        world.append("second");
        long torn = world.journal.segmentOf(0).limit();
        world.begin("third");
        world.begin("fourth"); // its frame is written with the third's, and knows two records
        world.sim.scheduler().runUntilIdle();
        Path file = world.newestFile();
        world.disk().flipBit(file, (bad + 9) * 8);
        world.disk().flipBit(file, (torn + 9) * 8);

        JournalInspection found = inspect();

        assertThat(shown).containsOnlyKeys(0L);
        assertThat(found.damage())
                .containsExactly(new JournalDamage(file, bad, 1, 2, "no valid frame"));
        assertThat(found.tornTail())
                .hasValueSatisfying(
                        tail -> {
                            assertThat(tail.sequence()).isEqualTo(2);
                            assertThat(tail.wholeFrames()).isEqualTo(1);
                        });
        assertThat(found.end()).isEqualTo(2);
    }

    @Test
    void a_journal_that_ends_before_its_lanes_lacks_what_they_know() throws IOException {
        world.open();
        world.append("first");

        JournalInspection found = inspect(5);

        assertThat(found.damage())
                .singleElement()
                .satisfies(
                        damage -> {
                            assertThat(damage.from()).isEqualTo(1);
                            assertThat(damage.to()).isEqualTo(5);
                        });
    }

    @Test
    void a_journal_whose_files_are_gone_lacks_what_lanes_know() throws IOException {
        assertThat(inspect(7).damage())
                .containsExactly(
                        new JournalDamage(
                                JournalWorld.DIRECTORY,
                                0,
                                0,
                                7,
                                "the journal ends before what its lanes have read"));
    }

    @Test
    void a_missing_segment_in_the_middle_is_damage() throws IOException {
        world.limit = SMALL;
        world.open();
        String large = "x".repeat(3000);
        for (int i = 0; i < 4; i++) {
            world.append(large + i);
        }
        world.disk().delete(world.segmentFiles().get(2));

        JournalInspection found = inspect();

        assertThat(shown).containsOnlyKeys(0L, 1L, 3L);
        assertThat(found.damage())
                .singleElement()
                .satisfies(
                        damage -> {
                            assertThat(damage.from()).isEqualTo(2);
                            assertThat(damage.to()).isEqualTo(3);
                        });
    }

    /** "first"; "second" and "third"; "fourth": the first three are known durable. */
    private Map<Path, byte[]> smallJournal() throws IOException {
        world.limit = SMALL;
        world.open();
        world.append("first");
        world.append("second", "third");
        world.append("fourth");
        Map<Path, byte[]> files = new HashMap<>();
        for (Path file : world.segmentFiles()) {
            files.put(file, world.disk().bytes(file));
        }
        assertThat(files).hasSize(1);
        return files;
    }

    @Test
    void whatever_bit_is_flipped_nothing_wrong_is_shown_and_what_was_durable_is_missed()
            throws IOException {
        Path file = smallJournal().keySet().iterator().next();
        byte[] whole = world.disk().bytes(file);
        long used = world.journal.segmentOf(0).limit();
        Map<Long, String> all = Map.of(0L, "first", 1L, "second", 2L, "third", 3L, "fourth");

        for (int bit = 0; bit < used * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            world.disk().plant(file, flipped);

            JournalInspection found = inspect();

            assertThat(all.entrySet()).as("bit %d", bit).containsAll(shown.entrySet());
            for (long sequence = 0; sequence < 3; sequence++) {
                long wanted = sequence;
                assertThat(
                                shown.containsKey(wanted)
                                        || found.damage().stream()
                                                .anyMatch(
                                                        d -> d.from() <= wanted && wanted < d.to()))
                        .as("sequence %d after bit %d", sequence, bit)
                        .isTrue();
            }
        }
    }

    @Test
    void whatever_bit_is_flipped_the_same_is_shown_as_a_start_believes() throws IOException {
        whateverBitIsFlippedAStartBelievesTheSame("first", "second", "third", "fourth");
    }

    @Test
    void whatever_bit_is_flipped_around_a_durable_mark_the_same_is_shown_as_a_start_believes()
            throws IOException {
        whateverBitIsFlippedAStartBelievesTheSame("first");
        whateverBitIsFlippedAStartBelievesTheSame("first", "", "second");
        whateverBitIsFlippedAStartBelievesTheSame("", "first", "second", "third");
        whateverBitIsFlippedAStartBelievesTheSame("first", "", "second", "third", "");
    }

    /**
     * @param records one frame each; an empty one is a pause after which a mark is written
     */
    private void whateverBitIsFlippedAStartBelievesTheSame(String... records) throws IOException {
        world = new JournalWorld(1);
        world.limit = SMALL;
        world.open();
        for (String record : records) {
            if (record.isEmpty()) {
                world.sim.scheduler().runFor(java.time.Duration.ofSeconds(2));
            } else {
                world.append(record);
            }
        }
        Path file = world.newestFile();
        byte[] whole = world.disk().bytes(file);
        int used = (int) inspect().files().get(0).usedBytes();

        for (int bit = 0; bit < used * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            world = new JournalWorld(1);
            world.limit = SMALL;
            world.beforeFirstSegment.run();
            world.disk().createDirectories(JournalWorld.DIRECTORY);
            world.disk().plant(file, flipped);
            JournalInspection found = inspect();
            world.open();
            List<Long> lost = new ArrayList<>();
            TreeMap<Long, String> believed = world.read(0, lost);

            String which = "bit %d of %s".formatted(bit, List.of(records));
            assertThat(shown).as(which).isEqualTo(believed);
            assertThat(found.end()).as(which).isEqualTo(world.journal.durableEnd());
            assertThat(missing(found)).as(which).isEqualTo(lost);
            assertThat(!found.damage().isEmpty()).as(which).isEqualTo(!world.copies().isEmpty());
        }
    }

    private static List<Long> missing(JournalInspection found) {
        return found.damage().stream()
                .flatMapToLong(bad -> LongStream.range(bad.from(), bad.to()))
                .boxed()
                .toList();
    }

    @Test
    void whatever_byte_a_file_is_cut_at_an_answer_is_given() throws IOException {
        Path file = smallJournal().keySet().iterator().next();
        byte[] whole = world.disk().bytes(file);
        long used = world.journal.segmentOf(0).limit();

        for (int length = 0; length <= used; length++) {
            world.disk().plant(file, Arrays.copyOf(whole, length));

            JournalInspection found = inspect(3);

            long end = found.end();
            assertThat(end).as("cut at %d", length).isGreaterThanOrEqualTo(3);
            for (long sequence = 0; sequence < 3; sequence++) {
                long wanted = sequence;
                assertThat(
                                shown.containsKey(wanted)
                                        || found.damage().stream()
                                                .anyMatch(
                                                        d -> d.from() <= wanted && wanted < d.to()))
                        .as("sequence %d cut at %d", sequence, length)
                        .isTrue();
            }
        }
    }

    @Test
    void frames_with_hostile_numbers_and_right_checksums_do_no_harm() throws IOException {
        smallJournal();
        Path file = world.newestFile();
        byte[] whole = world.disk().bytes(file);
        int at = (int) world.journal.segmentOf(0).limit();
        FrameHeader header = new FrameHeader(world.journal.segmentOf(0).id());
        long[][] hostile = { // length, count, first sequence, durable up to
            {Integer.MAX_VALUE - 100, 1, 4, 0},
            {16, Integer.MAX_VALUE, 4, 0},
            {16, 1, Long.MAX_VALUE, 0},
            {16, 1, 4, Long.MAX_VALUE},
            {16, 1, -5, Long.MIN_VALUE},
            {4, 3, 4, 4},
            {16, 1, 4, 4},
        };
        for (long[] numbers : hostile) {
            ByteBuffer bytes =
                    ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN).position(at);
            byte[] payload = new byte[16];
            Arrays.fill(payload, (byte) 0x7F);
            header.kind = FrameHeader.RECORDS;
            header.length = (int) numbers[0];
            header.count = (int) numbers[1];
            header.firstSequence = numbers[2];
            header.durableUpTo = numbers[3];
            header.payloadChecksum =
                    FrameHeader.checksum(payload, 0, (int) Math.min(16, numbers[0]));
            header.writeTo(bytes);
            bytes.put(payload);
            world.disk().plant(file, bytes.array());

            inspect();

            assertThat(shown).as(Arrays.toString(numbers)).hasSize(4);
        }
    }

    @Test
    void garbage_in_the_directory_is_told_as_such() throws IOException {
        world.open();
        world.append("first");
        Path garbage = JournalWorld.DIRECTORY.resolve("notes.txt");
        Path named =
                JournalWorld.DIRECTORY.resolve(
                        "5000000000000000000-0000000009-00000000000000ff.segment");
        world.disk().plant(garbage, new byte[] {1, 2, 3});
        world.disk().plant(named, new byte[1000]);

        JournalInspection found = inspect();

        assertThat(found.files())
                .filteredOn(file -> file.path().equals(garbage))
                .extracting(JournalFile::state)
                .containsExactly(JournalFile.State.STRANGER);
        assertThat(shown).containsKey(0L);
        assertThat(found.damage()).isNotEmpty(); // sequences up to that name are missing
    }

    @Test
    void a_segment_of_another_incarnation_is_refused_and_named() throws IOException {
        world.open();
        world.append("first");

        JournalInspection found =
                JournalInspection.of(
                        JournalWorld.DIRECTORY, new Incarnation(9, 9), 0, world.disk());

        assertThat(found.damage())
                .singleElement()
                .satisfies(
                        damage ->
                                assertThat(damage.reason())
                                        .contains(JournalWorld.INCARNATION.hex()));
        assertThat(JournalInspection.incarnationOf(JournalWorld.DIRECTORY, world.disk()))
                .contains(JournalWorld.INCARNATION);
    }
}

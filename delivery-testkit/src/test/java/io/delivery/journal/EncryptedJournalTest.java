package io.delivery.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.crypt.DataKey;
import io.delivery.crypt.StreamKeys;
import io.delivery.record.RecordBatch;
import io.delivery.testkit.SimEntropy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EncryptedJournalTest {
    private static final String SECRET = "a record that nobody may read";
    private static final int FRAME = FrameHeader.BYTES;

    private final JournalWorld world = new JournalWorld(1);
    private final SimEntropy entropy = new SimEntropy(9);

    @BeforeEach
    void encrypt() throws IOException {
        world.keys.encryptWith(DataKey.draw(1, entropy));
        world.open();
    }

    /** All files of the stream, one behind the other. */
    private String onDisk() throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path directory :
                List.of(JournalWorld.DIRECTORY, JournalWorld.STREAM.resolve("damaged"))) {
            for (Path file : world.disk().list(directory)) {
                all.append(new String(world.disk().bytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }

    private ByteBuffer newest() throws IOException {
        return ByteBuffer.wrap(world.disk().bytes(world.newestFile()))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    private int format(Path file) throws IOException {
        return ByteBuffer.wrap(world.disk().bytes(file)).order(ByteOrder.LITTLE_ENDIAN).getInt(8);
    }

    @Test
    void what_is_written_cannot_be_read_on_the_disk_and_comes_back_through_the_reader()
            throws IOException {
        assertThat(world.append(SECRET, "b").encrypted()).isTrue();
        assertThat(world.append("c").encrypted()).isTrue();

        assertThat(onDisk()).doesNotContain(SECRET);
        assertThat(world.read(0)).isEqualTo(Map.of(0L, SECRET, 1L, "b", 2L, "c"));
        assertThat(format(world.newestFile())).isEqualTo(2);
    }

    @Test
    void a_start_after_a_kill_reads_what_was_accepted_and_writes_it_again_encrypted()
            throws IOException {
        world.append(SECRET);
        world.begin(SECRET + " 2"); // whether it is durable nobody knows

        world.openAfterKill();
        world.append(SECRET + " 3");

        assertThat(world.read(0).values()).contains(SECRET, SECRET + " 3");
        assertThat(onDisk()).doesNotContain(SECRET);
    }

    @Test
    void frames_that_are_written_again_keep_the_key_that_they_had() throws IOException {
        world.append(SECRET);
        world.keys.encryptNoMore();

        world.openAfterKill();

        assertThat(world.read(0)).isEqualTo(Map.of(0L, SECRET));
        assertThat(onDisk()).doesNotContain(SECRET);
    }

    @Test
    void encryption_begins_and_ends_while_records_flow_and_every_answer_is_the_truth()
            throws IOException {
        JournalWorld plain = new JournalWorld(2);
        plain.open();
        List<Boolean> answers = new ArrayList<>();
        answers.add(plain.append("0").encrypted());
        plain.keys.encryptWith(DataKey.draw(1, entropy));
        answers.add(plain.append("1").encrypted());
        plain.keys.encryptWith(DataKey.draw(2, entropy));
        answers.add(plain.append("2").encrypted());
        plain.keys.encryptNoMore();
        answers.add(plain.append("3").encrypted());
        plain.openAfterKill();
        plain.keys.encryptWith(plain.keys.find(2));
        answers.add(plain.append("4").encrypted());

        assertThat(answers).containsExactly(false, true, true, false, true);
        assertThat(plain.read(0)).isEqualTo(Map.of(0L, "0", 1L, "1", 2L, "2", 3L, "3", 4L, "4"));
    }

    @Test
    void a_journal_without_keys_keeps_the_format_that_older_programs_read() throws IOException {
        JournalWorld plain = new JournalWorld(3);
        plain.open();
        plain.append("a");

        assertThat(
                        ByteBuffer.wrap(plain.disk().bytes(plain.newestFile()))
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getInt(8))
                .isEqualTo(1);
    }

    @Test
    void a_segment_that_needs_keys_is_seen_also_behind_a_newer_one_that_needs_none()
            throws IOException {
        world.append(SECRET);
        world.journal.close();
        world.sim.scheduler().runUntilIdle();
        world.keys = StreamKeys.none();
        world.open();
        world.append("plain");

        assertThat(format(world.newestFile())).isEqualTo(1);
        assertThat(JournalInspection.mayBeEncrypted(JournalWorld.DIRECTORY, world.disk())).isTrue();
    }

    @Test
    void once_a_stream_encrypts_no_file_with_records_in_plain_is_used_again() throws IOException {
        JournalWorld plain = new JournalWorld(4);
        plain.limit = 64L << 20; // segments of up to 8 MiB
        plain.open();
        String record = SECRET.repeat(20_000);
        for (int i = 0; i < 110; i++) {
            if (i == 80) {
                plain.keys.encryptWith(DataKey.draw(1, entropy));
            }
            plain.append(record);
            plain.journal.forgetBelow(i);
            plain.sim.scheduler().runUntilIdle();
        }

        for (Path file : plain.disk().list(JournalWorld.DIRECTORY)) {
            assertThat(new String(plain.disk().bytes(file), StandardCharsets.ISO_8859_1))
                    .as("%s", file)
                    .doesNotContain(SECRET);
        }
    }

    @Test
    void a_bit_that_is_turned_over_is_damage_and_is_told_without_the_key() throws IOException {
        world.append("a");
        world.append(SECRET);
        world.append("c");
        world.journal.close();
        world.sim.scheduler().runUntilIdle();
        int second = 64 + (int) FrameHeader.frameBytes(newest().getInt(64 + 8));
        world.disk().flipBit(world.newestFile(), (second + FRAME + 3) * 8L);

        JournalInspection without =
                JournalInspection.of(
                        JournalWorld.DIRECTORY, JournalWorld.INCARNATION, 0, world.disk());
        world.open();
        List<Long> lost = new ArrayList<>();

        assertThat(without.damage()).hasSize(1);
        assertThat(world.read(0, lost)).isEqualTo(Map.of(0L, "a", 2L, "c"));
        assertThat(lost).containsExactly(1L);
        assertThat(world.copies()).hasSize(1);
        assertThat(onDisk()).doesNotContain(SECRET);
    }

    /** Whoever can write to the disk can make every checksum fit; the tags he cannot. */
    private void exchange(int one, int other, int length) throws IOException {
        Path file = world.newestFile();
        byte[] bytes = world.disk().bytes(file);
        byte[] changed = bytes.clone();
        FrameHeader first = header(bytes, one);
        FrameHeader second = header(bytes, other);
        System.arraycopy(bytes, other + FRAME, changed, one + FRAME, length);
        System.arraycopy(bytes, one + FRAME, changed, other + FRAME, length);
        int sum = first.payloadChecksum;
        first.payloadChecksum = second.payloadChecksum;
        second.payloadChecksum = sum;
        put(first, changed, one);
        put(second, changed, other);
        world.disk().lose(file);
        world.disk().plant(file, changed);
    }

    private FrameHeader header(byte[] bytes, int at) throws IOException {
        SegmentId id =
                SegmentId.parse(
                                world.newestFile().getFileName().toString(),
                                JournalWorld.INCARNATION)
                        .orElseThrow();
        FrameHeader header = new FrameHeader(id);
        assertThat(header.readFrom(bytes, at)).isTrue();
        return header;
    }

    private static void put(FrameHeader header, byte[] bytes, int at) {
        ByteBuffer target = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        header.writeTo(target.position(at));
    }

    @Test
    void payloads_that_somebody_has_exchanged_are_damage_although_every_checksum_fits()
            throws IOException {
        world.append("first");
        world.append("other");
        world.append("third");
        world.journal.close();
        world.sim.scheduler().runUntilIdle();
        int length = newest().getInt(64 + 8);
        exchange(64, 64 + (int) FrameHeader.frameBytes(length), length);

        world.open();
        List<Long> lost = new ArrayList<>();

        assertThat(world.read(0, lost)).isEqualTo(Map.of(2L, "third"));
        assertThat(lost).containsExactly(0L, 1L);
    }

    @Test
    void a_frame_that_somebody_has_changed_is_passed_when_frames_are_written_again()
            throws IOException {
        world.append("first");
        world.append("other");
        int length = newest().getInt(64 + 8);
        exchange(64, 64 + (int) FrameHeader.frameBytes(length), length);
        Path changed = world.newestFile();
        int frames = 64 + 2 * (int) FrameHeader.frameBytes(length);
        byte[] evidence = Arrays.copyOf(world.disk().bytes(changed), frames);

        world.openAfterKill();
        world.append("third");
        List<Long> lost = new ArrayList<>();

        assertThat(Arrays.copyOf(world.disk().bytes(changed), frames)).isEqualTo(evidence);

        assertThat(world.read(0, lost).values()).containsExactly("third");
        assertThat(lost).containsExactly(0L, 1L);
    }

    @Test
    void a_key_that_is_missing_loses_no_record() throws IOException {
        world.append(SECRET);
        world.journal.close();
        world.sim.scheduler().runUntilIdle();
        StreamKeys kept = world.keys;
        world.keys = StreamKeys.none();

        world.open();
        assertThatThrownBy(() -> world.read(0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("key 1")
                .hasMessageContaining("file keys");
        assertThat(world.copies()).isEmpty();

        world.keys = kept;
        world.openAfterKill();
        assertThat(world.read(0)).isEqualTo(Map.of(0L, SECRET));
    }

    @Test
    void a_start_that_would_write_again_what_it_has_no_key_for_is_refused_and_changes_nothing()
            throws IOException {
        world.append(SECRET);
        StreamKeys kept = world.keys;
        world.keys = StreamKeys.none();

        assertThatThrownBy(world::openAfterKill).hasMessageContaining("key 1");

        world.keys = kept;
        world.openAfterKill();
        assertThat(world.read(0)).isEqualTo(Map.of(0L, SECRET));
    }

    @Test
    void an_inspection_shows_records_to_whoever_has_the_key_and_counts_them_for_anybody()
            throws IOException {
        world.append(SECRET, "b");
        List<String> shown = new ArrayList<>();
        JournalVisitor visitor =
                new JournalVisitor() {
                    @Override
                    public void records(Path file, long offset, long first, RecordBatch batch) {
                        shown.add(first + " " + batch.cursor().next().toUtf8());
                    }

                    @Override
                    public void encrypted(
                            Path file, long offset, long first, int count, long arrival) {
                        shown.add("%d encrypted %d %d".formatted(first, count, arrival));
                    }
                };

        for (StreamKeys keys : List.of(world.keys, StreamKeys.none())) {
            JournalInspection seen =
                    JournalInspection.read(
                            JournalWorld.DIRECTORY,
                            JournalWorld.INCARNATION,
                            0,
                            0,
                            Long.MAX_VALUE,
                            keys,
                            world.disk(),
                            visitor);
            assertThat(seen.end()).isEqualTo(2);
            assertThat(seen.damage()).isEmpty();
        }

        assertThat(shown).containsExactly("0 " + SECRET, "0 encrypted 2 77");
    }

    @Test
    void no_two_frames_are_sealed_at_one_place_of_one_segment() throws IOException {
        world.append("a");
        world.disk().failNextSync(new IOException("injected"));
        world.begin("b");
        world.sim.scheduler().runUntilIdle();
        world.sim.scheduler().advance(java.time.Duration.ofSeconds(2));
        world.append("c");

        // What failed is at another place than what took its sequence.
        assertThat(world.read(0)).isEqualTo(Map.of(0L, "a", 1L, "c"));
        assertThat(world.segmentFiles()).hasSize(2);
    }
}

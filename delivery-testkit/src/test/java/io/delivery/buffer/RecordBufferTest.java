package io.delivery.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.crypt.StreamKeys;
import io.delivery.format.RecordSource;
import io.delivery.record.SequencedRecord;
import io.delivery.testkit.SimDisk;
import io.delivery.testkit.SimEntropy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordBufferTest {
    private static final Path SPOOL = Path.of("/lane/spool/0");

    private final SimDisk disk = new SimDisk(new SimEntropy(1));
    private final MemoryBudget budget = new MemoryBudget(1 << 20);

    private record Entry(long sequence, int part, boolean last, long arrival, String bytes) {}

    private static List<Entry> read(RecordBuffer buffer) throws IOException {
        List<Entry> entries = new ArrayList<>();
        RecordSource source = buffer.records();
        for (SequencedRecord r = source.next(); r != null; r = source.next()) {
            entries.add(
                    new Entry(r.sequence(), r.part(), r.lastPart(), r.arrivalMillis(), r.toUtf8()));
        }
        return entries;
    }

    /** What spools are encrypted with. */
    StreamKeys keys() {
        return StreamKeys.none();
    }

    private SpoolFile spool() {
        return new SpoolFile(SPOOL, disk, keys(), new SimEntropy(3), new SpoolBuffers());
    }

    private static void add(RecordBuffer buffer, Entry entry) {
        byte[] bytes = entry.bytes().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        buffer.add(
                entry.sequence(),
                entry.part(),
                entry.last(),
                entry.arrival(),
                bytes,
                0,
                bytes.length);
    }

    @Test
    void records_come_back_in_order_wherever_they_were_spilled() throws IOException {
        for (long seed = 0; seed < 200; seed++) {
            SimEntropy chance = new SimEntropy(seed);
            SpoolFile spool = spool();
            RecordBuffer buffer = new RecordBuffer(budget, spool);
            List<Entry> entries = new ArrayList<>();
            long sequence = 0;
            for (int i = chance.below(60); i > 0; i--) {
                sequence += chance.below(1000);
                Entry entry =
                        new Entry(
                                sequence,
                                chance.below(4),
                                chance.chance(0.5),
                                1_000_000 + chance.below(5000) - 2500,
                                "x".repeat(chance.below(chance.chance(0.1) ? 200_000 : 300)));
                add(buffer, entry);
                entries.add(entry);
                if (chance.chance(0.1)) {
                    buffer.spill();
                }
            }

            assertThat(read(buffer)).as("seed %d", seed).isEqualTo(entries);
            assertThat(read(buffer)).as("seed %d, again", seed).isEqualTo(entries);
            assertThat(buffer.count()).isEqualTo(entries.size());
            buffer.release();
            spool.close();
        }
        assertThat(budget.usedBytes()).isZero();
        assertThat(disk.list(SPOOL.getParent())).isEmpty();
    }

    @Test
    void blocks_given_back_are_used_again_and_nobody_else_sees_it() throws IOException {
        Entry first = new Entry(1, 0, true, 5, "a".repeat(300_000));
        Entry second = new Entry(2, 0, true, 5, "b".repeat(300_000));
        Entry third = new Entry(3, 0, true, 5, "c".repeat(300_000));
        SpoolFile unused = spool();
        RecordBuffer released = new RecordBuffer(budget, unused);
        RecordBuffer staying = new RecordBuffer(budget, unused);
        RecordBuffer later = new RecordBuffer(budget, unused);
        add(released, first);
        add(staying, second);

        released.release();
        released.release();
        add(later, third);

        assertThat(read(staying)).containsExactly(second);
        assertThat(read(later)).containsExactly(third);
        byte[] block = budget.take(MemoryBudget.FULL_BLOCK_BYTES);
        budget.give(block);
        assertThat(budget.take(MemoryBudget.FULL_BLOCK_BYTES)).isSameAs(block);
        assertThat(budget.take(1024)).hasSize(1024);
    }

    @Test
    void no_more_blocks_are_kept_at_rest_than_are_in_use() {
        byte[][] blocks = new byte[6][];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = budget.take(MemoryBudget.FULL_BLOCK_BYTES);
        }
        for (int i = 2; i < blocks.length; i++) {
            budget.give(blocks[i]);
        }
        budget.hold(4L * MemoryBudget.FULL_BLOCK_BYTES); // not of blocks: it needs none of them

        budget.trim();

        assertThat(budget.keptBytes()).isEqualTo(2 * MemoryBudget.FULL_BLOCK_BYTES);
        budget.give(blocks[0]);
        budget.give(blocks[1]);
        budget.trim();
        assertThat(budget.keptBytes()).isZero();
    }

    @Test
    void blocks_that_are_kept_never_make_more_than_the_budget() {
        int most = (int) (budget.limitBytes() / MemoryBudget.FULL_BLOCK_BYTES);
        byte[][] blocks = new byte[most][];
        for (int i = 0; i < most; i++) {
            blocks[i] = budget.take(MemoryBudget.FULL_BLOCK_BYTES);
        }
        for (byte[] block : blocks) {
            budget.give(block);
        }

        byte[] other = budget.take((int) budget.limitBytes());

        budget.give(other);
        byte[] fresh = budget.take(MemoryBudget.FULL_BLOCK_BYTES);
        assertThat(Arrays.stream(blocks)).noneMatch(block -> block == fresh);
    }

    @Test
    void a_spilled_buffer_gives_its_memory_back_and_begins_small_again() throws IOException {
        SpoolFile spool = spool();
        RecordBuffer buffer = new RecordBuffer(budget, spool);
        add(buffer, new Entry(1, 0, true, 5, "x".repeat(100_000)));
        assertThat(budget.usedBytes()).isGreaterThanOrEqualTo(100_000);

        buffer.spill();

        assertThat(budget.usedBytes()).isZero();
        assertThat(spool.bytes()).isGreaterThanOrEqualTo(100_000);
        add(buffer, new Entry(2, 0, true, 6, "y"));
        assertThat(budget.usedBytes()).isLessThanOrEqualTo(1024);
        assertThat(read(buffer)).hasSize(2);
        assertThat(buffer.oldestMillis()).isEqualTo(5);
    }

    @Test
    void a_failed_spill_keeps_every_record() throws IOException {
        SpoolFile spool = spool();
        RecordBuffer buffer = new RecordBuffer(budget, spool);
        Entry entry = new Entry(1, 0, true, 5, "x".repeat(5000));
        add(buffer, entry);
        disk.failNextWrite(new IOException("injected"));

        try {
            buffer.spill();
        } catch (IOException injected) {
            assertThat(injected).hasMessageContaining("injected");
        }

        assertThat(read(buffer)).containsExactly(entry);
    }

    @Test
    void spilled_records_that_were_changed_on_the_disk_are_never_given_back() throws IOException {
        SpoolFile spool = spool();
        RecordBuffer buffer = new RecordBuffer(budget, spool);
        for (int i = 0; i < 30; i++) {
            add(buffer, new Entry(i, 0, true, i, "x".repeat(i * 400)));
            if (i % 10 == 0) {
                buffer.spill();
            }
        }
        buffer.spill();
        byte[] whole = disk.bytes(SPOOL);
        List<Entry> entries = read(buffer);

        for (long bit = 0; bit < whole.length * 8L; bit += 4999) {
            disk.flipBit(SPOOL, bit);
            assertThatThrownBy(() -> read(buffer))
                    .as("bit %d", bit)
                    .isInstanceOf(SpoolLostException.class)
                    .hasMessageContaining("not the bytes that were written");
            disk.flipBit(SPOOL, bit);
        }
        assertThat(read(buffer)).isEqualTo(entries);
        disk.cut(SPOOL, whole.length - 1);
        assertThatThrownBy(() -> read(buffer)).isInstanceOf(SpoolLostException.class);
    }
}

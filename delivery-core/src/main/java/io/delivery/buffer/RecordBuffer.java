package io.delivery.buffer;

import io.delivery.format.RecordSource;
import io.delivery.record.SequencedRecord;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Records in log order: small blocks in memory, spilled blocks in the range's spool file. Filled by
 * the lane; once nothing is added any more, read by any thread, any number of times.
 *
 * <p>An entry is four varints (distance to the entry before in sequences, {@code part << 1 | last},
 * zigzag distance of arrival times, length) and the bytes; it may straddle blocks.
 */
public final class RecordBuffer {
    private static final int FIRST_BLOCK_BYTES = 1 << 10;
    private static final int MAX_BLOCK_BYTES = MemoryBudget.FULL_BLOCK_BYTES;
    private static final int MAX_HEADER_BYTES = 40;

    private final MemoryBudget budget;
    private final SpoolFile spool;
    private final Runnable whenReleased;
    private final List<SpooledPiece> pieces = new ArrayList<>(0);
    private final List<byte[]> blocks = new ArrayList<>(2);
    private final byte[] header = new byte[MAX_HEADER_BYTES];

    private byte[] block;
    private int blockLength;
    private long memoryBytes;
    private long recordBytes;
    private long listBytes;
    private boolean inRun;
    private int count;
    private long oldestMillis = Long.MAX_VALUE;
    private long lastSequence;
    private long lastArrival;

    /**
     * @param spool where its blocks go when memory is short
     */
    public RecordBuffer(MemoryBudget budget, SpoolFile spool) {
        this(budget, spool, () -> {});
    }

    /**
     * @param whenReleased called when the buffer is released, so that a spool file of its own can
     *     be removed
     */
    public RecordBuffer(MemoryBudget budget, SpoolFile spool, Runnable whenReleased) {
        this.budget = budget;
        this.spool = spool;
        this.whenReleased = whenReleased;
    }

    /** Adds a copy of the bytes under this name. */
    public void add(
            long sequence,
            int part,
            boolean lastPart,
            long arrivalMillis,
            byte[] array,
            int offset,
            int length) {
        if (block != null && block.length - blockLength >= MAX_HEADER_BYTES + length) {
            blockLength =
                    header(block, blockLength, sequence, part, lastPart, arrivalMillis, length);
            System.arraycopy(array, offset, block, blockLength, length);
            blockLength += length;
        } else { // it may straddle blocks
            int size = header(header, 0, sequence, part, lastPart, arrivalMillis, length);
            append(header, 0, size);
            append(array, offset, length);
        }
        list(sequence, part, lastPart);
        lastSequence = sequence;
        lastArrival = arrivalMillis;
        oldestMillis = count == 0 ? arrivalMillis : oldestMillis;
        recordBytes += length;
        count++;
    }

    /** Writes what stands before the bytes of an entry; gives where they begin. */
    private int header(
            byte[] target,
            int at,
            long sequence,
            int part,
            boolean lastPart,
            long arrivalMillis,
            int length) {
        int next = varint(target, at, sequence - lastSequence);
        next = varint(target, next, (long) part << 1 | (lastPart ? 1 : 0));
        long delta = arrivalMillis - lastArrival;
        next = varint(target, next, delta << 1 ^ delta >> 63);
        return varint(target, next, length);
    }

    /** Counts what the list of sequences of its object takes: docs/formats/lane-state.md. */
    private void list(long sequence, int part, boolean lastPart) {
        boolean whole = part == 0 && lastPart;
        if (!whole || !inRun || sequence != lastSequence + 1) {
            long gap = Math.max(1, sequence - lastSequence) << 1;
            int bits = Long.SIZE - Long.numberOfLeadingZeros(gap);
            listBytes += (bits + 6) / 7 + (part < 1 << 6 ? 1 : 2);
        }
        inRun = whole;
    }

    private void append(byte[] array, int offset, int length) {
        int at = offset;
        int left = length;
        while (left > 0) {
            if (block == null || blockLength == block.length) {
                nextBlock();
            }
            int step = Math.min(left, block.length - blockLength);
            System.arraycopy(array, at, block, blockLength, step);
            blockLength += step;
            at += step;
            left -= step;
        }
    }

    private void nextBlock() {
        int size = block == null ? FIRST_BLOCK_BYTES : Math.min(MAX_BLOCK_BYTES, block.length * 2);
        block = budget.take(size);
        blockLength = 0;
        blocks.add(block);
        memoryBytes += size;
    }

    private static int varint(byte[] target, int at, long value) {
        int next = at;
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            target[next++] = (byte) (rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        target[next++] = (byte) rest;
        return next;
    }

    /** How many records it holds. */
    public int count() {
        return count;
    }

    /** Bytes of its records alone, without the entries' headers: the size hint counts these. */
    public long recordBytes() {
        return recordBytes;
    }

    /** What the list of the sequences in it takes in the lane's state, roughly. */
    public long listBytes() {
        return listBytes;
    }

    /** How many bytes its blocks take in memory. */
    public long memoryBytes() {
        return memoryBytes;
    }

    /** Arrival of its first record, which has the lowest sequence. */
    public long oldestMillis() {
        return oldestMillis;
    }

    /**
     * Moves its blocks to its spool file; what is added later begins with a small block again. Not
     * while another thread reads.
     */
    public void spill() throws IOException {
        if (blocks.isEmpty()) {
            return;
        }
        List<SpooledPiece> spilled = new ArrayList<>(2);
        int from = 0;
        int length = 0;
        for (int i = 0; i < blocks.size(); i++) {
            int size = used(i);
            if (length + size > MAX_BLOCK_BYTES) {
                spilled.add(spool.write(blocks.subList(from, i), used(i - 1)));
                from = i;
                length = 0;
            }
            length += size;
        }
        spilled.add(spool.write(blocks.subList(from, blocks.size()), blockLength));
        pieces.addAll(spilled);
        freeBlocks();
    }

    /** Bytes in a block: all of them, but in the last one. */
    private int used(int index) {
        byte[] full = blocks.get(index);
        return full == block ? blockLength : full.length;
    }

    /** Gives its memory back. Nothing can be read afterwards. */
    public void release() {
        freeBlocks();
        pieces.clear();
        whenReleased.run();
    }

    private void freeBlocks() {
        blocks.forEach(budget::give);
        memoryBytes = 0;
        blocks.clear();
        block = null;
        blockLength = 0;
    }

    /**
     * Reads all records, in order. Valid until {@link #release()}. Fails with {@link
     * SpoolLostException} when spilled ones are not what they were.
     */
    public RecordSource records() {
        return new Reader();
    }

    private final class Reader implements RecordSource {
        private final SequencedRecord view = new SequencedRecord();
        private byte[] chunk = new byte[0];
        private int at;
        private int end;
        private int nextPiece;
        private int nextBlock;
        private byte[] spoolChunk;
        private byte[] scratch = new byte[0];
        private int left = count;
        private long sequence;
        private long arrival;

        @Override
        public SequencedRecord next() throws IOException {
            if (left == 0) {
                return null;
            }
            left--;
            sequence += varint();
            long partAndLast = varint();
            long zigzag = varint();
            arrival += zigzag >>> 1 ^ -(zigzag & 1);
            int length = (int) varint();
            byte[] array = chunk;
            int offset = at;
            if (length <= end - at) {
                at += length;
            } else {
                array = gather(length);
                offset = 0;
            }
            view.at(
                    sequence,
                    (int) (partAndLast >>> 1),
                    (partAndLast & 1) == 1,
                    array,
                    offset,
                    length,
                    arrival);
            return view;
        }

        private byte[] gather(int length) throws IOException {
            if (scratch.length < length) {
                scratch = new byte[Math.max(length, Math.min(scratch.length * 2, 1 << 20))];
            }
            int done = 0;
            while (done < length) {
                if (at == end) {
                    refill();
                }
                int step = Math.min(length - done, end - at);
                System.arraycopy(chunk, at, scratch, done, step);
                at += step;
                done += step;
            }
            return scratch;
        }

        private long varint() throws IOException {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                if (at == end) {
                    refill();
                }
                byte next = chunk[at++];
                value |= (long) (next & 0x7F) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }

        private void refill() throws IOException {
            if (nextPiece < pieces.size()) {
                chunk = spilled(pieces.get(nextPiece++));
            } else if (nextBlock < blocks.size()) {
                chunk = blocks.get(nextBlock++);
                end = chunk == block ? blockLength : chunk.length;
            } else {
                throw new EOFException("a buffer ended " + left + " records early");
            }
            at = 0;
        }

        private byte[] spilled(SpooledPiece piece) throws SpoolLostException {
            if (spoolChunk == null) {
                spoolChunk = new byte[SpoolFile.READ_BYTES];
            }
            spool.read(piece, spoolChunk);
            end = piece.length();
            return spoolChunk;
        }
    }
}

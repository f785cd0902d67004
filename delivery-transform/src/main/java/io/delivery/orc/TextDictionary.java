package io.delivery.orc;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.hadoop.io.Text;
import org.apache.orc.impl.Dictionary;

/**
 * The different texts of a column in a stripe: a hash table, sorted once when the stripe is
 * written. It gives the same numbers and the same order as ORC's own red-black tree, and counts the
 * same memory, so that files are the same to the last byte. What it holds is never more than what
 * it counts: with 12 bytes a text the tree has a place and two children, this a place, a successor
 * and half a bucket to a whole one.
 *
 * <p>Hashes begin with numbers that differ in each process, so that nobody can choose texts that
 * fall into one bucket ({@link TextHash}). Not thread-safe.
 */
final class TextDictionary implements Dictionary {
    /** The tree counts entries in pieces of 4,096; here they are in such pieces. */
    private static final int ENTRY_BITS = 12;

    private static final int ENTRIES = 1 << ENTRY_BITS;
    private static final int IN_PIECE = ENTRIES - 1;

    /** A place, and two children of a tree. */
    private static final int COUNTED_BYTES = 3 * Integer.BYTES;

    private static final int MAX_LOAD = 2;

    private final TextStore texts = new TextStore();

    /** Where each text begins. */
    private int[][] starts = new int[4][];

    /** What is next in an entry's bucket, plus one; or 0. */
    private int[][] nexts = new int[4][];

    /**
     * The first entry of each bucket, plus one; or 0. Null before the first text and once sorted.
     */
    private int[] buckets;

    private int size;

    @Override
    public int add(byte[] source, int offset, int length) {
        if (buckets == null) {
            makeBuckets();
        }
        int bucket = TextHash.of(source, offset, length) & buckets.length - 1;
        int last = 0;
        for (int entry = buckets[bucket]; entry != 0; ) {
            int id = entry - 1;
            int start = start(id);
            if (end(id) - start == length && texts.isAt(start, source, offset, length)) {
                return id;
            }
            last = entry;
            entry = nexts[id >> ENTRY_BITS][id & IN_PIECE];
        }
        int id = append(source, offset, length);
        if (last == 0) {
            buckets[bucket] = id + 1;
        } else {
            nexts[last - 1 >> ENTRY_BITS][last - 1 & IN_PIECE] = id + 1;
        }
        if (size > MAX_LOAD * buckets.length) {
            makeBuckets();
        }
        return id;
    }

    private int append(byte[] source, int offset, int length) {
        int id = size;
        int piece = id >> ENTRY_BITS;
        if ((id & IN_PIECE) == 0) {
            if (piece == starts.length) {
                starts = Arrays.copyOf(starts, 2 * piece);
                nexts = Arrays.copyOf(nexts, 2 * piece);
            }
            starts[piece] = new int[ENTRIES];
            nexts[piece] = new int[ENTRIES];
        }
        starts[piece][id & IN_PIECE] = texts.add(source, offset, length);
        size = id + 1;
        return id;
    }

    /** The texts that came first, which are often the frequent ones, are first in their buckets. */
    private void makeBuckets() {
        buckets = null;
        int length = ENTRIES;
        while (size > MAX_LOAD * length) {
            length *= 2;
        }
        buckets = new int[length];
        for (int piece = 0; piece << ENTRY_BITS < size; piece++) {
            if (nexts[piece] == null) {
                nexts[piece] = new int[ENTRIES];
            }
        }
        for (int id = size - 1; id >= 0; id--) {
            int start = start(id);
            int bucket = texts.hash(start, end(id) - start) & length - 1;
            nexts[id >> ENTRY_BITS][id & IN_PIECE] = buckets[bucket];
            buckets[bucket] = id + 1;
        }
    }

    private int start(int id) {
        return starts[id >> ENTRY_BITS][id & IN_PIECE];
    }

    private int end(int id) {
        return id + 1 == size ? texts.size() : start(id + 1);
    }

    /** Shows the texts in the order of their bytes. The table makes room for sorting. */
    @Override
    public void visit(Visitor visitor) throws IOException {
        buckets = null;
        Arrays.fill(nexts, null);
        Entry entry = new Entry();
        for (int id : sorted()) {
            entry.id = id;
            visitor.visit(entry);
        }
    }

    /** Merges runs of twice the length each time: no order of texts makes this slow. */
    private int[] sorted() {
        int[] from = new int[size];
        int[] to = new int[size];
        for (int id = 0; id < size; id++) {
            from[id] = id;
        }
        for (int run = 1; run < size; run *= 2) {
            for (int low = 0; low < size; low += 2 * run) {
                merge(from, to, low, Math.min(low + run, size), Math.min(low + 2 * run, size));
            }
            int[] merged = to;
            to = from;
            from = merged;
        }
        return from;
    }

    private void merge(int[] from, int[] to, int low, int middle, int high) {
        int left = low;
        int right = middle;
        for (int at = low; at < high; at++) {
            boolean takesLeft =
                    right == high || left < middle && compare(from[left], from[right]) < 0;
            to[at] = takesLeft ? from[left++] : from[right++];
        }
    }

    private int compare(int one, int other) {
        return texts.compare(start(one), end(one), start(other), end(other));
    }

    @Override
    public void clear() {
        texts.clear();
        Arrays.fill(starts, null);
        Arrays.fill(nexts, null);
        buckets = null;
        size = 0;
    }

    @Override
    public void getText(Text result, int id) {
        result.set(texts.copy(start(id), end(id)));
    }

    @Override
    public ByteBuffer getText(int id) {
        return ByteBuffer.wrap(texts.copy(start(id), end(id)));
    }

    @Override
    public int writeTo(OutputStream out, int id) throws IOException {
        int start = start(id);
        int end = end(id);
        texts.writeTo(out, start, end);
        return end - start;
    }

    @Override
    public int size() {
        return size;
    }

    /** What the tree would count, in bytes. */
    @Override
    public long getSizeInBytes() {
        long pieces = ((long) size + ENTRIES - 1) / ENTRIES;
        return pieces * ENTRIES * COUNTED_BYTES + texts.heldBytes();
    }

    /** The text that a visitor is at. */
    private final class Entry implements VisitorContext {
        private int id;

        @Override
        public int getOriginalPosition() {
            return id;
        }

        @Override
        public void writeBytes(OutputStream out) throws IOException {
            writeTo(out, id);
        }

        @Override
        public Text getText() {
            return new Text(texts.copy(start(id), end(id)));
        }

        @Override
        public int getLength() {
            return end(id) - start(id);
        }
    }
}

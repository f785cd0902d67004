package io.delivery.compress;

import java.util.Arrays;

/**
 * A prefix code for symbols that occur so and so often, in the form of RFC 1951, section 3.2.2: no
 * code is longer than the limit, and the lengths alone tell the codes.
 */
final class PrefixCode {
    /** What an entry has above its code. */
    static final int LENGTH_SHIFT = 16;

    static final int CODE_MASK = (1 << LENGTH_SHIFT) - 1;

    private final int most;
    private final byte[] lengths;
    private final int[] entries;
    private final long[] sorted;
    private final int[] weights;
    private final int[] counts;
    private final int[] next;

    /**
     * @param symbols how many there are
     * @param most bits of a code
     */
    PrefixCode(int symbols, int most) {
        this.most = most;
        lengths = new byte[symbols];
        entries = new int[symbols];
        sorted = new long[symbols];
        weights = new int[symbols];
        counts = new int[Math.max(most, symbols) + 1];
        next = new int[most + 2];
    }

    /**
     * Of each symbol the bits of its code, 0 where it does not occur.
     *
     * @param often at least two of them occur
     */
    void make(int[] often) {
        int used = sort(often);
        depths(used);
        limit();
        Arrays.fill(lengths, (byte) 0);
        int at = 0; // the rarest have the longest codes
        for (int length = most; length > 0; length--) {
            for (int i = counts[length]; i > 0; i--) {
                lengths[(int) (sorted[at++] & 0xffff)] = (byte) length;
            }
        }
        codes();
    }

    /** The lengths are given: the fixed code of section 3.2.6. */
    void set(byte[] given) {
        System.arraycopy(given, 0, lengths, 0, given.length);
        Arrays.fill(counts, 0);
        for (byte length : lengths) {
            counts[length]++;
        }
        counts[0] = 0;
        codes();
    }

    int length(int symbol) {
        return lengths[symbol];
    }

    /** Of each symbol its code, the first bit lowest, and above it the length. */
    int[] entries() {
        return entries;
    }

    /** By how often they occur, then by their number. */
    private int sort(int[] often) {
        int used = 0;
        for (int symbol = 0; symbol < often.length; symbol++) {
            if (often[symbol] > 0) {
                sorted[used++] = (long) often[symbol] << 16 | symbol;
            }
        }
        Arrays.sort(sorted, 0, used);
        return used;
    }

    /** Moffat and Katajainen, In-place calculation of minimum-redundancy codes, 1995. */
    private void depths(int used) {
        int[] a = weights;
        for (int i = 0; i < used; i++) {
            a[i] = (int) (sorted[i] >>> 16);
        }
        // Phase 1: a[i] becomes the parent of the internal node i.
        a[0] += a[1];
        int root = 0;
        int leaf = 2;
        for (int node = 1; node < used - 1; node++) {
            if (leaf >= used || a[root] < a[leaf]) {
                a[node] = a[root];
                a[root++] = node;
            } else {
                a[node] = a[leaf++];
            }
            if (leaf >= used || root < node && a[root] < a[leaf]) {
                a[node] += a[root];
                a[root++] = node;
            } else {
                a[node] += a[leaf++];
            }
        }
        // Phase 2: the depth of each internal node.
        a[used - 2] = 0;
        for (int node = used - 3; node >= 0; node--) {
            a[node] = a[a[node]] + 1;
        }
        // Phase 3: how many leaves there are at each depth.
        Arrays.fill(counts, 0);
        int free = 1;
        int depth = 0;
        int node = used - 2;
        for (int left = used; left > 0; depth++) {
            int inner = 0;
            while (node >= 0 && a[node] == depth) {
                inner++;
                node--;
            }
            int leaves = Math.min(left, free - inner);
            counts[depth] = leaves;
            left -= leaves;
            free = 2 * inner;
        }
    }

    /** Longer codes become as long as may be, and others longer until all have room. */
    private void limit() {
        for (int length = most + 1; length < counts.length; length++) {
            counts[most] += counts[length];
            counts[length] = 0;
        }
        long room = 0;
        for (int length = most; length > 0; length--) {
            room += (long) counts[length] << (most - length);
        }
        while (room > 1L << most) {
            counts[most]--;
            for (int length = most - 1; length > 0; length--) {
                if (counts[length] > 0) {
                    counts[length]--;
                    counts[length + 1] += 2;
                    break;
                }
            }
            room--;
        }
    }

    /** Section 3.2.2, algorithm: steps 2 and 3. */
    private void codes() {
        int code = 0;
        next[0] = 0;
        for (int length = 1; length <= most; length++) {
            code = code + (length == 1 ? 0 : counts[length - 1]) << 1;
            next[length] = code;
        }
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            int length = lengths[symbol];
            entries[symbol] =
                    length == 0
                            ? 0
                            : Integer.reverse(next[length]++) >>> 32 - length
                                    | length << LENGTH_SHIFT;
        }
    }
}

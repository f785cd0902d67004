package io.delivery.compress;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;

/**
 * Deflated data (RFC 1951) without a header or a trailer, and the checksum of what is in it.
 *
 * <p>Bytes become literals and matches. A match is taken at once, or, from level 4 on, unless the
 * next byte has one that is better. How many places are looked at for it, and which length ends the
 * search, is what levels differ in. The same bytes in the same blocks make the same data, on every
 * machine.
 */
final class RawDeflate {
    /** How much is given at once, and gathered before it is written. */
    static final int BLOCK_BYTES = 32 * 1024;

    private static final int WINDOW_BYTES = 256 * 1024;

    /** Of a block of deflated data, but for its last match: it is in the window as a whole. */
    private static final int MOST_BYTES = 128 * 1024;

    /** What is decided about a byte depends on no more bytes behind it, as a rule. */
    private static final int AHEAD = DeflateWindow.MOST_LENGTH + 16;

    /** A match of four bytes from farther away takes more bits than four literals. */
    private static final int FAR = 8 * 1024;

    /** All of it is on the heap. */
    static final long MEMORY_BYTES =
            DeflateWindow.memoryBytes(WINDOW_BYTES) + DeflateBlock.MEMORY_BYTES + BLOCK_BYTES;

    /**
     * How hard matches are looked for.
     *
     * @param tries places that are looked at
     * @param enough a length that ends the search
     * @param noted bytes of a match that may be found themselves
     * @param patient whether the next byte is looked at before a match is taken
     */
    private record Effort(int tries, int enough, int noted, boolean patient) {
        static Effort hasty(int tries, int enough, int noted) {
            return new Effort(tries, enough, noted, false);
        }

        static Effort patient(int tries, int enough) {
            return new Effort(tries, enough, DeflateWindow.MOST_LENGTH, true);
        }
    }

    private static final Effort[] OF_LEVEL = {
        Effort.hasty(1, 16, 4),
        Effort.hasty(2, 16, 6),
        Effort.hasty(4, 24, 12),
        Effort.patient(6, 20),
        Effort.patient(10, 32),
        Effort.patient(16, 48),
        Effort.patient(32, 80),
        Effort.patient(80, 130),
        Effort.patient(250, DeflateWindow.MOST_LENGTH)
    };

    private final Effort effort;
    private final DeflateWindow window = new DeflateWindow(WINDOW_BYTES);
    private final DeflateBlock block = new DeflateBlock();
    private final BitOutput bits = new BitOutput(BLOCK_BYTES);
    private final CRC32 checksum = new CRC32();
    private int blockStart;
    private int position;
    private int end;
    private long bytes;

    /**
     * @param level 1 (fast) to 9 (small)
     */
    RawDeflate(int level) {
        effort = OF_LEVEL[level - 1];
    }

    /**
     * @param length at most {@link #BLOCK_BYTES}
     */
    void deflate(byte[] source, int length, OutputStream out) throws IOException {
        checksum.update(source, 0, length);
        bytes += length;
        bits.begin(out);
        if (end + length > WINDOW_BYTES) {
            slide();
        }
        System.arraycopy(source, 0, window.bytes(), end, length);
        end += length;
        parse(end - AHEAD);
    }

    /** What is neither of this block nor as near as a match may be goes. */
    private void slide() {
        int by = Math.min(blockStart, position - DeflateWindow.DISTANCE) & -DeflateWindow.DISTANCE;
        window.slide(by, end);
        blockStart -= by;
        position -= by;
        end -= by;
    }

    private void parse(int until) throws IOException {
        while (position < until) {
            position = effort.patient() ? patiently(position, until) : hastily(position, until);
            if (block.room() == 0 || position - blockStart >= MOST_BYTES) {
                close(false);
            }
        }
    }

    private boolean isMatch(int length) {
        return length > DeflateWindow.LEAST_LENGTH
                || length == DeflateWindow.LEAST_LENGTH && window.distance() <= FAR;
    }

    /** Until there, or until the block is full. */
    private int hastily(int from, int until) {
        byte[] raw = window.bytes();
        int least = DeflateWindow.LEAST_LENGTH - 1;
        int blockEnd = blockStart + MOST_BYTES;
        int at = from;
        while (at < until && at < blockEnd && block.room() > 0) {
            int most = Math.min(DeflateWindow.MOST_LENGTH, end - at);
            int length = window.find(at, least, most, effort.enough(), effort.tries());
            if (isMatch(length)) {
                block.match(length, window.distance());
                window.note(at + 1, at + Math.min(effort.noted(), length));
                at += length;
            } else {
                block.literal(raw[at++]);
            }
        }
        return at;
    }

    /** Until there, or until the block is full. */
    private int patiently(int from, int until) {
        byte[] raw = window.bytes();
        int least = DeflateWindow.LEAST_LENGTH - 1;
        int blockEnd = blockStart + MOST_BYTES;
        int at = from;
        while (at < until && at < blockEnd && block.room() > 0) {
            int most = Math.min(DeflateWindow.MOST_LENGTH, end - at);
            int length = window.find(at, least, most, effort.enough(), effort.tries());
            if (!isMatch(length)) {
                block.literal(raw[at++]);
                continue;
            }
            int distance = window.distance();
            int noted = at + 1;
            // What is noted ends before the bytes that have not come yet.
            while (length < effort.enough() && block.room() > 1 && at + 1 < until) {
                most = Math.min(DeflateWindow.MOST_LENGTH, end - at - 1);
                int next =
                        window.find(at + 1, length - 1, most, effort.enough(), effort.tries() / 2);
                noted = at + 2;
                if (!isBetter(next - length, window.distance(), distance)) {
                    break;
                }
                block.literal(raw[at++]);
                length = next;
                distance = window.distance();
            }
            block.match(length, distance);
            window.note(noted, at + length);
            at += length;
        }
        return at;
    }

    /**
     * Whether a match one byte on is worth the literal before it: a byte more counts as much as a
     * distance that is four times less.
     *
     * @param longer by how many bytes it is
     */
    private static boolean isBetter(int longer, int distance, int former) {
        return longer >= 0 && 4 * longer + log2(former) - log2(distance) > 2;
    }

    private static int log2(int value) {
        return 31 - Integer.numberOfLeadingZeros(value);
    }

    private void close(boolean last) throws IOException {
        block.write(window.bytes(), blockStart, position - blockStart, last, bits);
        blockStart = position;
    }

    /** Writes what is left. */
    void finish(OutputStream out) throws IOException {
        bits.begin(out);
        parse(end);
        close(true);
        bits.align();
        bits.giveOn();
    }

    /** CRC-32 of what was deflated. */
    int checksum() {
        return (int) checksum.getValue();
    }

    /** Of what was deflated. */
    long bytes() {
        return bytes;
    }

    /** That were written. */
    long compressedBytes() {
        return bits.written();
    }

    /** Makes this ready for other bytes, whatever became of the last ones. */
    void forget() {
        window.forget();
        block.forget();
        bits.forget();
        checksum.reset();
        blockStart = 0;
        position = 0;
        end = 0;
        bytes = 0;
    }
}

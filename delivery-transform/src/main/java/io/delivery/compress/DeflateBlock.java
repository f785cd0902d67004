package io.delivery.compress;

import java.io.IOException;
import java.util.Arrays;

/**
 * One block of deflated data: gathers literals and matches, and writes them in the shortest of the
 * three forms (RFC 1951, section 3.2.3).
 */
final class DeflateBlock {
    /** Literals and matches. More of them would share a code that fits each part less well. */
    static final int MOST_SYMBOLS = 48 * 1024;

    /** On the heap: the symbols, and less for codes and how often they are used. */
    static final long MEMORY_BYTES = 4L * MOST_SYMBOLS + 24 * 1024;

    private static final int END = 256;
    private static final int MOST_CODE_BITS = 15;
    private static final int LITERALS = 286;
    private static final int DISTANCES = 30;
    private static final int STORED_BYTES = 65_535;

    // Section 3.2.5.
    private static final byte[] LENGTH_SLOTS = new byte[DeflateWindow.MOST_LENGTH + 1];
    private static final int[] LENGTH_BASES = new int[29];
    private static final byte[] LENGTH_EXTRA = new byte[29];
    private static final byte[] DISTANCE_SLOTS = new byte[512];
    private static final int[] DISTANCE_BASES = new int[DISTANCES];
    private static final byte[] DISTANCE_EXTRA = new byte[DISTANCES];

    // Section 3.2.7.
    private static final byte[] ORDER = {
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
    };

    static {
        int length = 3;
        for (int slot = 0; slot < 28; slot++) {
            int extra = slot < 8 ? 0 : slot / 4 - 1;
            LENGTH_BASES[slot] = length;
            LENGTH_EXTRA[slot] = (byte) extra;
            for (int i = 0; i < 1 << extra && length <= DeflateWindow.MOST_LENGTH; i++) {
                LENGTH_SLOTS[length++] = (byte) slot;
            }
        }
        LENGTH_BASES[28] = DeflateWindow.MOST_LENGTH;
        LENGTH_SLOTS[DeflateWindow.MOST_LENGTH] = 28;
        int distance = 1;
        for (int slot = 0; slot < DISTANCES; slot++) {
            int extra = slot < 4 ? 0 : slot / 2 - 1;
            DISTANCE_BASES[slot] = distance;
            DISTANCE_EXTRA[slot] = (byte) extra;
            for (int i = 0; i < 1 << extra; i++, distance++) {
                if (distance <= 256) {
                    DISTANCE_SLOTS[distance - 1] = (byte) slot;
                } else {
                    DISTANCE_SLOTS[256 + (distance - 1 >>> 7)] = (byte) slot;
                }
            }
        }
    }

    private static final PrefixCode FIXED_LITERALS = new PrefixCode(288, 9);
    private static final PrefixCode FIXED_DISTANCES = new PrefixCode(32, 5);

    static {
        byte[] lengths = new byte[288];
        Arrays.fill(lengths, 0, 144, (byte) 8);
        Arrays.fill(lengths, 144, 256, (byte) 9);
        Arrays.fill(lengths, 256, 280, (byte) 7);
        Arrays.fill(lengths, 280, 288, (byte) 8);
        FIXED_LITERALS.set(lengths);
        byte[] five = new byte[32];
        Arrays.fill(five, (byte) 5);
        FIXED_DISTANCES.set(five);
    }

    /** A literal is its byte; a match has its distance above the nine bits of its length. */
    private final int[] symbols = new int[MOST_SYMBOLS];

    private final int[] literalsOften = new int[LITERALS];
    private final int[] distancesOften = new int[DISTANCES];
    private final PrefixCode literals = new PrefixCode(LITERALS, MOST_CODE_BITS);
    private final PrefixCode distances = new PrefixCode(DISTANCES, MOST_CODE_BITS);
    private final PrefixCode lengths = new PrefixCode(19, 7);
    private final int[] lengthsOften = new int[19];
    private final int[] runs = new int[LITERALS + DISTANCES];
    private final int[] ofLength = new int[DeflateWindow.MOST_LENGTH + 1];
    private int count;
    private int runCount;

    private static int distanceSlot(int distance) {
        int from0 = distance - 1;
        return DISTANCE_SLOTS[from0 < 256 ? from0 : 256 + (from0 >>> 7)];
    }

    /** A byte as it is. */
    void literal(byte value) {
        int symbol = value & 0xff;
        symbols[count++] = symbol;
        literalsOften[symbol]++;
    }

    /** Bytes that are the same as those so far back. */
    void match(int length, int distance) {
        symbols[count++] = distance << 9 | length;
        literalsOften[257 + LENGTH_SLOTS[length]]++;
        distancesOften[distanceSlot(distance)]++;
    }

    /** How many literals and matches still fit. */
    int room() {
        return MOST_SYMBOLS - count;
    }

    /**
     * Writes the block, and begins the next one.
     *
     * @param raw has the bytes that it is made of
     * @param last whether it is the last of the data
     */
    void write(byte[] raw, int from, int length, boolean last, BitOutput out) throws IOException {
        literalsOften[END]++;
        atLeastTwo(literalsOften);
        atLeastTwo(distancesOften);
        literals.make(literalsOften);
        distances.make(distancesOften);
        int literalCodes = used(literals, LITERALS, 257);
        int distanceCodes = used(distances, DISTANCES, 1);
        runs(literalCodes, distanceCodes);
        atLeastTwo(lengthsOften);
        lengths.make(lengthsOften);
        int lengthCodes = ORDER.length;
        while (lengthCodes > 4 && lengths.length(ORDER[lengthCodes - 1]) == 0) {
            lengthCodes--;
        }
        long dynamicBits = 14 + 3L * lengthCodes + bitsOfRuns() + bits(literals, distances);
        long fixedBits = bits(FIXED_LITERALS, FIXED_DISTANCES);
        long storedBits = 8L * length + (length / STORED_BYTES + 1) * (7 + 32);
        int end = last ? 1 : 0;
        if (storedBits < Math.min(dynamicBits, fixedBits)) {
            store(raw, from, length, end, out);
        } else if (fixedBits <= dynamicBits) {
            out.put(end | 1 << 1, 3);
            symbols(FIXED_LITERALS, FIXED_DISTANCES, out);
        } else {
            out.put(end | 2 << 1, 3);
            out.put(literalCodes - 257 | distanceCodes - 1 << 5 | lengthCodes - 4 << 10, 14);
            for (int i = 0; i < lengthCodes; i++) {
                out.put(lengths.length(ORDER[i]), 3);
            }
            writeRuns(out);
            symbols(literals, distances, out);
        }
        forget();
    }

    /** Makes this ready for another block. */
    void forget() {
        count = 0;
        Arrays.fill(literalsOften, 0);
        Arrays.fill(distancesOften, 0);
    }

    /** Codes of one symbol are not complete, and some readers refuse them. */
    private static void atLeastTwo(int[] often) {
        int there = 0;
        for (int i = 0; i < often.length && there < 2; i++) {
            there += often[i] > 0 ? 1 : 0;
        }
        for (int i = 0; there < 2; i++) {
            if (often[i] == 0) {
                often[i] = 1;
                there++;
            }
        }
    }

    private static int used(PrefixCode code, int symbols, int least) {
        int used = symbols;
        while (used > least && code.length(used - 1) == 0) {
            used--;
        }
        return used;
    }

    /** Section 3.2.7: the lengths of both codes, in runs. */
    private void runs(int literalCodes, int distanceCodes) {
        Arrays.fill(lengthsOften, 0);
        runCount = 0;
        int all = literalCodes + distanceCodes;
        int at = 0;
        while (at < all) {
            int length = lengthAt(at, literalCodes);
            int same = 1;
            while (at + same < all && lengthAt(at + same, literalCodes) == length) {
                same++;
            }
            at += same;
            if (length == 0) {
                while (same >= 11) {
                    int times = Math.min(same, 138);
                    run(18, times - 11);
                    same -= times;
                }
                if (same >= 3) {
                    run(17, same - 3);
                    same = 0;
                }
            } else if (same >= 4) {
                run(length, 0);
                same--;
                while (same >= 3) {
                    int times = Math.min(same, 6);
                    run(16, times - 3);
                    same -= times;
                }
            }
            for (; same > 0; same--) {
                run(length, 0);
            }
        }
    }

    private int lengthAt(int index, int literalCodes) {
        return index < literalCodes
                ? literals.length(index)
                : distances.length(index - literalCodes);
    }

    private void run(int symbol, int extra) {
        runs[runCount++] = symbol | extra << 8;
        lengthsOften[symbol]++;
    }

    private static int extraOfRun(int symbol) {
        return switch (symbol) {
            case 16 -> 2;
            case 17 -> 3;
            case 18 -> 7;
            default -> 0;
        };
    }

    private long bitsOfRuns() {
        long bits = 0;
        for (int i = 0; i < runCount; i++) {
            int symbol = runs[i] & 0xff;
            bits += lengths.length(symbol) + extraOfRun(symbol);
        }
        return bits;
    }

    private void writeRuns(BitOutput out) throws IOException {
        for (int i = 0; i < runCount; i++) {
            int symbol = runs[i] & 0xff;
            int entry = lengths.entries()[symbol];
            int length = entry >>> PrefixCode.LENGTH_SHIFT;
            out.put(
                    entry & PrefixCode.CODE_MASK | (long) (runs[i] >>> 8) << length,
                    length + extraOfRun(symbol));
        }
    }

    /** Of all symbols in this code. */
    private long bits(PrefixCode literals, PrefixCode distances) {
        long bits = 0;
        for (int symbol = 0; symbol < LITERALS; symbol++) {
            int extra = symbol > END ? LENGTH_EXTRA[symbol - 257] : 0;
            bits += (long) literalsOften[symbol] * (literals.length(symbol) + extra);
        }
        for (int slot = 0; slot < DISTANCES; slot++) {
            bits += (long) distancesOften[slot] * (distances.length(slot) + DISTANCE_EXTRA[slot]);
        }
        return bits;
    }

    private void symbols(PrefixCode literals, PrefixCode distances, BitOutput out)
            throws IOException {
        int[] ofLiteral = literals.entries();
        int[] ofDistance = distances.entries();
        for (int length = 3; length <= DeflateWindow.MOST_LENGTH; length++) {
            int slot = LENGTH_SLOTS[length];
            int entry = ofLiteral[257 + slot];
            int bits = entry >>> PrefixCode.LENGTH_SHIFT;
            // At most 15 bits of a code and 5 more; how many they are is above them.
            ofLength[length] =
                    entry & PrefixCode.CODE_MASK
                            | length - LENGTH_BASES[slot] << bits
                            | bits + LENGTH_EXTRA[slot] << 24;
        }
        for (int i = 0; i < count; i++) {
            int symbol = symbols[i];
            if (symbol < 256) {
                int entry = ofLiteral[symbol];
                out.put(entry & PrefixCode.CODE_MASK, entry >>> PrefixCode.LENGTH_SHIFT);
            } else {
                int length = ofLength[symbol & 511];
                int distance = symbol >>> 9;
                int slot = distanceSlot(distance);
                int entry = ofDistance[slot];
                int bits = entry >>> PrefixCode.LENGTH_SHIFT;
                int lengthBits = length >>> 24;
                long value =
                        entry & PrefixCode.CODE_MASK
                                | (long) (distance - DISTANCE_BASES[slot]) << bits;
                out.put(
                        length & 0xffffff | value << lengthBits,
                        lengthBits + bits + DISTANCE_EXTRA[slot]);
            }
        }
        int end = ofLiteral[END];
        out.put(end & PrefixCode.CODE_MASK, end >>> PrefixCode.LENGTH_SHIFT);
    }

    /** Section 3.2.4. */
    private static void store(byte[] raw, int from, int length, int last, BitOutput out)
            throws IOException {
        int at = 0;
        do {
            int part = Math.min(length - at, STORED_BYTES);
            out.put(at + part == length ? last : 0, 3);
            out.align();
            out.put(part | (long) (~part & 0xffff) << 16, 32);
            out.put(raw, from + at, part);
            at += part;
        } while (at < length);
    }
}

package io.delivery.record;

import java.util.Arrays;
import java.util.Base64;

/**
 * Strict base64: the standard alphabet of RFC 4648 §4 with padding and nothing else, from a stretch
 * of one array into another. Bits that padding leaves over are not looked at.
 *
 * <p>The JDK's coder, which is vectorised, takes whole arrays only. It is given pieces of the text
 * in arrays of their size; what is left over behind them is coded here. Each thread keeps these
 * arrays, up to 15 KiB, and in them what it coded last.
 */
public final class Base64Text {
    /** A piece is a multiple of this, so that nothing of it is left to the JDK's slower loops. */
    private static final int STEP_LETTERS = 64;

    private static final int STEP_BYTES = STEP_LETTERS / 4 * 3;

    /** The longest piece, in steps. */
    private static final int MOST_STEPS = 16;

    private static final Base64.Encoder ENCODER = Base64.getEncoder();
    private static final Base64.Decoder DECODER = Base64.getDecoder();

    private static final byte[] LETTERS = new byte[64];

    /** Sextets by letter, moved to each of the four places; negative for other characters. */
    private static final int[] FIRST = new int[256];

    private static final int[] SECOND = new int[256];
    private static final int[] THIRD = new int[256];
    private static final int[] FOURTH = new int[256];

    static {
        for (int[] table : new int[][] {FIRST, SECOND, THIRD, FOURTH}) {
            Arrays.fill(table, -1);
        }
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < 64; i++) {
            LETTERS[i] = (byte) alphabet.charAt(i);
            FIRST[alphabet.charAt(i)] = i << 18;
            SECOND[alphabet.charAt(i)] = i << 12;
            THIRD[alphabet.charAt(i)] = i << 6;
            FOURTH[alphabet.charAt(i)] = i;
        }
    }

    private static final ThreadLocal<Pieces> PIECES = ThreadLocal.withInitial(Pieces::new);

    private Base64Text() {}

    /** Arrays for pieces of the text and of what it stands for, by their number of steps. */
    private static final class Pieces {
        private final byte[][] letters = new byte[MOST_STEPS + 1][];
        private final byte[][] bytes = new byte[MOST_STEPS + 1][];

        byte[] letters(int steps) {
            if (letters[steps] == null) {
                letters[steps] = new byte[steps * STEP_LETTERS];
            }
            return letters[steps];
        }

        byte[] bytes(int steps) {
            if (bytes[steps] == null) {
                bytes[steps] = new byte[steps * STEP_BYTES];
            }
            return bytes[steps];
        }
    }

    // --- write ---

    /** How many letters so many bytes become. */
    public static long length(long bytes) {
        return 4 * ((bytes + 2) / 3);
    }

    /**
     * Writes the letters of {@code count} bytes, {@link #length} of them.
     *
     * @param to has room for them from {@code at} on
     * @return where the next byte goes
     */
    public static int write(byte[] from, int offset, int count, byte[] to, int at) {
        int read = offset;
        int written = at;
        int end = offset + count;
        if (count >= STEP_BYTES) {
            Pieces pieces = PIECES.get();
            while (end - read >= STEP_BYTES) {
                int steps = Math.min(MOST_STEPS, (end - read) / STEP_BYTES);
                byte[] bytes = pieces.bytes(steps);
                byte[] letters = pieces.letters(steps);
                System.arraycopy(from, read, bytes, 0, bytes.length);
                ENCODER.encode(bytes, letters);
                System.arraycopy(letters, 0, to, written, letters.length);
                read += bytes.length;
                written += letters.length;
            }
        }
        return writeRest(from, read, end - read, to, written);
    }

    private static int writeRest(byte[] from, int offset, int count, byte[] to, int at) {
        int read = offset;
        int written = at;
        int end = offset + count / 3 * 3;
        while (read < end) {
            int three =
                    (from[read] & 0xFF) << 16
                            | (from[read + 1] & 0xFF) << 8
                            | from[read + 2] & 0xFF;
            to[written] = LETTERS[three >> 18];
            to[written + 1] = LETTERS[three >> 12 & 0x3F];
            to[written + 2] = LETTERS[three >> 6 & 0x3F];
            to[written + 3] = LETTERS[three & 0x3F];
            read += 3;
            written += 4;
        }
        switch (count % 3) {
            case 1 -> {
                int one = from[read] & 0xFF;
                to[written++] = LETTERS[one >> 2];
                to[written++] = LETTERS[one << 4 & 0x3F];
                to[written++] = '=';
                to[written++] = '=';
            }
            case 2 -> {
                int two = (from[read] & 0xFF) << 8 | from[read + 1] & 0xFF;
                to[written++] = LETTERS[two >> 10];
                to[written++] = LETTERS[two >> 4 & 0x3F];
                to[written++] = LETTERS[two << 2 & 0x3F];
                to[written++] = '=';
            }
            default -> {}
        }
        return written;
    }

    // --- read ---

    /** How many bytes the text stands for if it is base64; -1 when its length says it is not. */
    public static int decodedLength(byte[] in, int from, int to) {
        int length = to - from;
        if ((length & 3) != 0) {
            return -1;
        }
        if (length == 0) {
            return 0;
        }
        int padding = in[to - 1] != '=' ? 0 : in[to - 2] != '=' ? 1 : 2;
        return length / 4 * 3 - padding;
    }

    /**
     * Decodes a text whose {@link #decodedLength} is not negative into {@code out}, which has room
     * for so many bytes.
     *
     * @return false when the text is not base64; {@code out} is then partly written
     */
    public static boolean decode(byte[] in, int from, int to, byte[] out, int outAt) {
        int whole = from + Math.max(0, to - from - 4); // padding is in the last four letters
        int read = from;
        int written = outAt;
        if (whole - read >= STEP_LETTERS) {
            Pieces pieces = PIECES.get();
            while (whole - read >= STEP_LETTERS) {
                int steps = Math.min(MOST_STEPS, (whole - read) / STEP_LETTERS);
                byte[] letters = pieces.letters(steps);
                byte[] bytes = pieces.bytes(steps);
                System.arraycopy(in, read, letters, 0, letters.length);
                if (!decodePiece(letters, bytes)) {
                    return false;
                }
                System.arraycopy(bytes, 0, out, written, bytes.length);
                read += letters.length;
                written += bytes.length;
            }
        }
        return decodeRest(in, read, whole, to, out, written);
    }

    /** A piece that ends in padding is fewer bytes, and padding may not be there. */
    private static boolean decodePiece(byte[] letters, byte[] bytes) {
        try {
            return DECODER.decode(letters, bytes) == bytes.length;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static boolean decodeRest(
            byte[] in, int from, int whole, int to, byte[] out, int outAt) {
        int bad = 0;
        int o = outAt;
        for (int i = from; i < whole; i += 4) {
            int bits = bits(in, i);
            bad |= bits;
            out[o] = (byte) (bits >> 16);
            out[o + 1] = (byte) (bits >> 8);
            out[o + 2] = (byte) bits;
            o += 3;
        }
        return bad >= 0 && (whole >= to || last(in, whole, out, o));
    }

    /**
     * Whether the text, whose {@link #decodedLength} is not negative, is base64; it is not decoded.
     */
    public static boolean valid(byte[] in, int from, int to) {
        int whole = from + Math.max(0, to - from - 4);
        int bad = 0;
        for (int i = from; i < whole; i += 4) {
            bad |= bits(in, i);
        }
        return bad >= 0 && (whole >= to || last(in, whole, new byte[3], 0));
    }

    private static int bits(byte[] in, int i) {
        return FIRST[in[i] & 0xFF]
                | SECOND[in[i + 1] & 0xFF]
                | THIRD[in[i + 2] & 0xFF]
                | FOURTH[in[i + 3] & 0xFF];
    }

    private static boolean last(byte[] in, int i, byte[] out, int o) {
        int third = in[i + 2] == '=' && in[i + 3] == '=' ? 0 : THIRD[in[i + 2] & 0xFF];
        int fourth = in[i + 3] == '=' ? 0 : FOURTH[in[i + 3] & 0xFF];
        int bits = FIRST[in[i] & 0xFF] | SECOND[in[i + 1] & 0xFF] | third | fourth;
        if (bits < 0) {
            return false;
        }
        out[o] = (byte) (bits >> 16);
        if (in[i + 2] != '=') {
            out[o + 1] = (byte) (bits >> 8);
        }
        if (in[i + 3] != '=') {
            out[o + 2] = (byte) bits;
        }
        return true;
    }
}

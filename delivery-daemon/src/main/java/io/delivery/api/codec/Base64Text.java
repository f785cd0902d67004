package io.delivery.api.codec;

import java.util.Arrays;

/**
 * Strict base64: the standard alphabet of RFC 4648 §4 with padding and nothing else. Bits that
 * padding leaves over are not looked at.
 */
final class Base64Text {
    /** Sextets by character, moved to each of the four places; negative for other characters. */
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
            FIRST[alphabet.charAt(i)] = i << 18;
            SECOND[alphabet.charAt(i)] = i << 12;
            THIRD[alphabet.charAt(i)] = i << 6;
            FOURTH[alphabet.charAt(i)] = i;
        }
    }

    private Base64Text() {}

    /** How many bytes the text stands for if it is base64; -1 when its length says it is not. */
    static int decodedLength(byte[] in, int from, int to) {
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
     * Decodes into {@code out}, which has room for {@link #decodedLength} bytes.
     *
     * @return false when the text is not base64; {@code out} is then partly written
     */
    static boolean decode(byte[] in, int from, int to, byte[] out, int outAt) {
        int whole = from + Math.max(0, to - from - 4);
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
     * Decodes a JSON string as it is usually sent: base64 without an escape, whose end is looked
     * for while it is decoded.
     *
     * @param from behind the opening quote
     * @param end nothing at or behind it is read
     * @param room how many bytes may be written
     * @return how many bytes were decoded; -1 when the string is anything else, or has no room:
     *     {@code out} is then partly written
     */
    static int decodeQuoted(byte[] in, int from, int end, byte[] out, int outAt, int room) {
        int most = Math.min(end - from - 1, room / 3 * 4); // the closing quote follows
        int i = from;
        int o = outAt;
        for (int last = from + most - 4; i <= last; i += 4) {
            int bits = bits(in, i);
            if (bits < 0) {
                break;
            }
            out[o] = (byte) (bits >> 16);
            out[o + 1] = (byte) (bits >> 8);
            out[o + 2] = (byte) bits;
            o += 3;
        }
        if (i < end && in[i] == '"') {
            return o - outAt;
        }
        boolean padded =
                i + 4 < end
                        && in[i + 3] == '='
                        && in[i + 4] == '"'
                        && o - outAt + decodedLength(in, i, i + 4) <= room;
        return padded && last(in, i, out, o) ? o - outAt + decodedLength(in, i, i + 4) : -1;
    }

    /** How many characters stand for so many bytes, padding included. */
    static int encodedLength(int bytes) {
        return (bytes + 2) / 3 * 4;
    }

    /** Whether the text is base64, without decoding it. */
    static boolean valid(byte[] in, int from, int to) {
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

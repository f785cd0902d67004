package io.delivery.json.bytes;

import io.delivery.format.RowBuffer;
import io.delivery.record.Utf8Text;

/** Reads and passes the strings of JSON, eight bytes at a time, and checks that they are UTF-8. */
final class TextScanner {
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final long BLANKS = ' ' * ONES;

    /** Room that a text is given at first. */
    private static final int ROOM = 1 << 12;

    /**
     * Bytes that are written at most before the room is looked at again: less than a word of ASCII,
     * and a code point.
     */
    private static final int BEYOND = Long.BYTES + 4;

    private TextScanner() {}

    /**
     * The first byte with a high bit stands where a text ends, has a backslash, a control character
     * or something else than ASCII. Bits behind the first one mean nothing.
     */
    private static long special(long word) {
        return ((word ^ QUOTES) - ONES | (word ^ BACKSLASHES) - ONES | word - BLANKS | word)
                & HIGH_BITS;
    }

    /**
     * Reads a string into the free bytes of the rows, from {@link RowBuffer#bytesUsed} on, without
     * taking them; {@link Input#textLength} tells how many they are.
     *
     * @param from the place behind the quote
     * @return the place behind the closing quote, or {@link Input#GIVEN_UP}
     */
    static int read(Input in, int from, RowBuffer rows) {
        byte[] source = in.array;
        int end = in.end;
        int lastWord = in.lastWord;
        int at = from;
        in.escaped = false;
        int room = Math.min(end - from, ROOM);
        int start = rows.reserve(room + BEYOND);
        byte[] out = rows.bytes();
        int to = start;
        while (at < end) {
            if (to > start + room) {
                int written = to - start;
                room = written + Math.min(end - at, Math.max(ROOM, written));
                rows.reserve(room + BEYOND);
                out = rows.bytes();
            }
            if (at <= lastWord) {
                long word = (long) Input.LONG.get(source, at);
                Input.LONG.set(out, to, word);
                long special = special(word);
                int plain = special == 0 ? Long.BYTES : Long.numberOfTrailingZeros(special) >>> 3;
                at += plain;
                to += plain;
                if (special == 0 || at >= end) {
                    continue;
                }
            }
            byte b = source[at];
            if (b == '"') {
                in.textLength = to - start;
                return at + 1;
            } else if (b == '\\') {
                in.escaped = true;
                int point = escaped(in, at);
                if (point < 0 || Character.getType(point) == Character.SURROGATE) {
                    return Input.GIVEN_UP;
                }
                at += point >= Character.MIN_SUPPLEMENTARY_CODE_POINT ? 12 : escapeLength(in, at);
                to = put(point, out, to);
            } else if (b < 0) {
                int length = Utf8Text.sequenceLength(source, at, end);
                if (length == 0) {
                    return Input.GIVEN_UP;
                }
                for (int i = 0; i < length; i++) {
                    out[to++] = source[at++];
                }
            } else if (b < ' ') {
                return Input.GIVEN_UP;
            } else {
                out[to++] = b;
                at++;
            }
        }
        return Input.GIVEN_UP;
    }

    /**
     * Passes a string, in which half a surrogate pair is no mistake.
     *
     * @param from the place behind the quote
     * @return the place behind the closing quote, or {@link Input#GIVEN_UP}
     */
    static int pass(Input in, int from) {
        byte[] source = in.array;
        int end = in.end;
        int lastWord = in.lastWord;
        int at = from;
        in.escaped = false;
        while (at < end) {
            if (at <= lastWord) {
                long special = special((long) Input.LONG.get(source, at));
                at += special == 0 ? Long.BYTES : Long.numberOfTrailingZeros(special) >>> 3;
                if (special == 0 || at >= end) {
                    continue;
                }
            }
            byte b = source[at];
            if (b == '"') {
                return at + 1;
            } else if (b == '\\') {
                in.escaped = true;
                if (escaped(in, at) < 0) {
                    return Input.GIVEN_UP;
                }
                at += escapeLength(in, at);
            } else if (b < 0) {
                int length = Utf8Text.sequenceLength(source, at, end);
                if (length == 0) {
                    return Input.GIVEN_UP;
                }
                at += length;
            } else if (b < ' ') {
                return Input.GIVEN_UP;
            } else {
                at++;
            }
        }
        return Input.GIVEN_UP;
    }

    private static int escapeLength(Input in, int at) {
        return in.array[at + 1] == 'u' ? 6 : 2;
    }

    /**
     * The code point that begins at a backslash, of two escapes when they are a surrogate pair;
     * negative when it is none.
     */
    private static int escaped(Input in, int at) {
        switch (in.at(at + 1)) {
            case '"':
                return '"';
            case '\\':
                return '\\';
            case '/':
                return '/';
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u':
                int unit = hex(in, at + 2);
                if (unit >= 0
                        && Character.isHighSurrogate((char) unit)
                        && in.at(at + 6) == '\\'
                        && in.at(at + 7) == 'u') {
                    int low = hex(in, at + 8);
                    if (low >= 0 && Character.isLowSurrogate((char) low)) {
                        return Character.toCodePoint((char) unit, (char) low);
                    }
                }
                return unit;
            default:
                return -1;
        }
    }

    /** Four digits; negative when they are not all hexadecimal. */
    private static int hex(Input in, int from) {
        int number = 0;
        for (int at = from; at < from + 4; at++) {
            number = number << 4 | digit(in.at(at));
        }
        return number;
    }

    /** -1, all of whose bits are set, when it is none. */
    private static int digit(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int letter = (b | 0x20) - 'a';
        return letter >= 0 && letter < 6 ? letter + 10 : -1;
    }

    private static int put(int point, byte[] out, int at) {
        int to = at;
        if (point < 0x80) {
            out[to++] = (byte) point;
        } else if (point < 0x800) {
            out[to++] = (byte) (0xC0 | point >> 6);
            out[to++] = (byte) (0x80 | point & 0x3F);
        } else if (point < Character.MIN_SUPPLEMENTARY_CODE_POINT) {
            out[to++] = (byte) (0xE0 | point >> 12);
            out[to++] = (byte) (0x80 | point >> 6 & 0x3F);
            out[to++] = (byte) (0x80 | point & 0x3F);
        } else {
            out[to++] = (byte) (0xF0 | point >> 18);
            out[to++] = (byte) (0x80 | point >> 12 & 0x3F);
            out[to++] = (byte) (0x80 | point >> 6 & 0x3F);
            out[to++] = (byte) (0x80 | point & 0x3F);
        }
        return to;
    }
}

package io.delivery.jq.selection;

import io.delivery.jq.value.Words;
import io.delivery.record.Utf8Text;

/**
 * Passes values and checks that they are JSON and UTF-8: eight bytes of a string at a time. What it
 * passes, jq reads; what it gives up may be jq's all the same, such as {@code NaN}.
 */
final class ValueScanner {
    /** Instead of a place: this is not decided here. */
    static final int GIVEN_UP = -1;

    /** Arrays and objects within each other; deeper ones are given up. */
    static final int MOST_NESTED = 64;

    /**
     * Members of an object. The reader looks whether so many have names with one hash code, which
     * makes work on them dearer: objects with as many are given up.
     */
    static final int MOST_MEMBERS = 511;

    /** Whether the string that was passed last has a backslash. */
    boolean escaped;

    /**
     * Passes a value.
     *
     * @param from its first byte
     * @param nested arrays and objects around it
     * @return the place behind its last byte, or {@link #GIVEN_UP}
     */
    int value(Input in, int from, int nested) {
        byte b = in.at(from);
        return switch (b) {
            case '"' -> string(in, from + 1);
            case '{' -> object(in, from + 1, nested + 1);
            case '[' -> array(in, from + 1, nested + 1);
            case 't' -> word(in, from, "true");
            case 'f' -> word(in, from, "false");
            case 'n' -> word(in, from, "null");
            default -> number(in, from);
        };
    }

    private int object(Input in, int from, int nested) {
        if (nested > MOST_NESTED) {
            return GIVEN_UP;
        }
        int at = in.space(from);
        if (in.at(at) == '}') {
            return at + 1;
        }
        for (int members = 1; members <= MOST_MEMBERS && in.at(at) == '"'; members++) {
            at = string(in, at + 1);
            if (at < 0) {
                return GIVEN_UP;
            }
            at = in.space(at);
            if (in.at(at) != ':') {
                return GIVEN_UP;
            }
            at = value(in, in.space(at + 1), nested);
            if (at < 0) {
                return GIVEN_UP;
            }
            at = in.space(at);
            byte next = in.at(at);
            if (next == '}') {
                return at + 1;
            }
            if (next != ',') {
                return GIVEN_UP;
            }
            at = in.space(at + 1);
        }
        return GIVEN_UP;
    }

    private int array(Input in, int from, int nested) {
        if (nested > MOST_NESTED) {
            return GIVEN_UP;
        }
        int at = in.space(from);
        if (in.at(at) == ']') {
            return at + 1;
        }
        while (true) {
            at = value(in, at, nested);
            if (at < 0) {
                return GIVEN_UP;
            }
            at = in.space(at);
            byte next = in.at(at);
            if (next == ']') {
                return at + 1;
            }
            if (next != ',') {
                return GIVEN_UP;
            }
            at = in.space(at + 1);
        }
    }

    /** What follows it is looked at by whoever asked: {@code nullx} is no value. */
    private static int word(Input in, int from, String word) {
        int length = word.length();
        if (from + length > in.end) {
            return GIVEN_UP;
        }
        for (int i = 1; i < length; i++) {
            if (in.array[from + i] != word.charAt(i)) {
                return GIVEN_UP;
            }
        }
        return from + length;
    }

    /** Digits may begin with zeros, and none need follow a point: jq reads {@code 007} and 1. */
    private static int number(Input in, int from) {
        int at = in.at(from) == '-' ? from + 1 : from;
        int digits = at;
        at = digits(in, at);
        if (at == digits) {
            return GIVEN_UP;
        }
        if (in.at(at) == '.') {
            at = digits(in, at + 1);
        }
        if ((in.at(at) | 0x20) == 'e') {
            byte sign = in.at(at + 1);
            int power = sign == '-' || sign == '+' ? at + 2 : at + 1;
            at = digits(in, power);
            return at == power ? GIVEN_UP : at;
        }
        return at;
    }

    private static int digits(Input in, int from) {
        byte[] array = in.array;
        int end = in.end;
        int at = from;
        while (at < end && array[at] >= '0' && array[at] <= '9') {
            at++;
        }
        return at;
    }

    /**
     * Passes a string.
     *
     * @param from the place behind its quote
     * @return the place behind its last quote, or {@link #GIVEN_UP}
     */
    int string(Input in, int from) {
        byte[] array = in.array;
        int end = in.end;
        int lastWord = in.lastWord;
        int at = from;
        escaped = false;
        while (at < end) {
            if (at <= lastWord) {
                long special = Words.special(Words.at(array, at));
                at += special == 0 ? Long.BYTES : Words.before(special);
                if (special == 0 || at >= end) {
                    continue;
                }
            }
            byte b = array[at];
            if (b == '"') {
                return at + 1;
            } else if (b == '\\') {
                escaped = true;
                at = escape(in, at);
            } else if (b < 0) {
                int length = Utf8Text.sequenceLength(array, at, end);
                at = length == 0 ? GIVEN_UP : at + length;
            } else if (b < ' ') {
                return GIVEN_UP;
            } else {
                at++;
            }
            if (at < 0) {
                return GIVEN_UP;
            }
        }
        return GIVEN_UP;
    }

    private static int escape(Input in, int at) {
        switch (in.at(at + 1)) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
                return at + 2;
            case 'u':
                for (int digit = at + 2; digit < at + 6; digit++) {
                    if (Character.digit((int) in.at(digit), 16) < 0) {
                        return GIVEN_UP;
                    }
                }
                return at + 6;
            default:
                return GIVEN_UP;
        }
    }
}

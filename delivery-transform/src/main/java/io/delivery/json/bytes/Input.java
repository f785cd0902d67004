package io.delivery.json.bytes;

import io.delivery.record.DeliveryRecord;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The record that is being read, and what its readers tell each other beside the place where they
 * are. Not thread-safe.
 */
final class Input {
    private static final byte[] NOTHING = {};

    /** Instead of a place: the record is not read here. */
    static final int GIVEN_UP = -1;

    /** The four last letters of the words that JSON has, as little-endian numbers. */
    static final int NULL = 'n' | 'u' << 8 | 'l' << 16 | 'l' << 24;

    static final int TRUE = 't' | 'r' << 8 | 'u' << 16 | 'e' << 24;
    static final int ALSE = 'a' | 'l' << 8 | 's' << 16 | 'e' << 24;

    static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** Objects and arrays within each other; deeper ones are given up. */
    private static final int MAX_DEPTH = 100;

    /** Room for more unknown fields is not kept for the next record. */
    private static final int MANY = 4096;

    /** The number that was read last. */
    final NumberScanner number = new NumberScanner();

    /** The record's bytes, up to {@link #end}; what is behind them belongs to others. */
    byte[] array = NOTHING;

    int end;

    /** From here on the array has less than eight bytes. */
    int lastWord;

    /** Bytes of the text that was read last. */
    int textLength;

    /** Whether the text that was read last has a backslash. */
    boolean escaped;

    private int depth;
    private UnknownField[] unknown = new UnknownField[16];
    private int unknownCount;

    void begin(DeliveryRecord record) {
        array = record.array();
        end = record.offset() + record.length();
        lastWord = array.length - Long.BYTES;
        depth = 0;
    }

    /** The byte at a place; 0, which no JSON begins with, behind the record. */
    byte at(int place) {
        return place < end ? array[place] : 0;
    }

    /** The first place from here on that has no blank, or the end. */
    int space(int from) {
        int at = from;
        while (at < end && isSpace(array[at])) {
            at++;
        }
        return at;
    }

    private static boolean isSpace(byte b) {
        return b <= ' ' && (b == ' ' || b == '\n' || b == '\r' || b == '\t');
    }

    /** Passes one of the words; gives the record up when something else stands there. */
    int literal(int at, int word) {
        return at + Integer.BYTES <= end && (int) INT.get(array, at) == word
                ? at + Integer.BYTES
                : GIVEN_UP;
    }

    /**
     * Reads a number; {@link #number} then has its parts.
     *
     * @param from a digit or a minus sign
     * @return the place behind it, or {@link #GIVEN_UP}
     */
    int number(int from) {
        return number.read(array, from, end);
    }

    /** An object or array begins. Gives false when there are too many around it. */
    boolean deeper() {
        return ++depth <= MAX_DEPTH;
    }

    /** It has ended. */
    void back() {
        depth--;
    }

    /** A field that no column takes. */
    void unknown(UnknownField field) {
        if (unknownCount == unknown.length) {
            unknown = Arrays.copyOf(unknown, unknownCount * 2);
        }
        unknown[unknownCount++] = field;
    }

    /**
     * Nothing of the record is needed any more, and others may still need the room of its batch.
     */
    void end() {
        array = NOTHING;
        end = 0;
        lastWord = -Long.BYTES;
        if (unknown.length > MANY) {
            unknown = new UnknownField[MANY];
        }
        Arrays.fill(unknown, 0, Math.min(unknownCount, unknown.length), null);
        unknownCount = 0;
    }

    /** The record was read: counts its unknown fields, in the order in which they came. */
    void countUnknown() {
        for (int i = 0; i < unknownCount; i++) {
            unknown[i].seen();
        }
    }
}

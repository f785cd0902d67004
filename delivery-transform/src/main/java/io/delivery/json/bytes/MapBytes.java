package io.delivery.json.bytes;

import io.delivery.format.RowBuffer;
import java.util.Arrays;

/**
 * Reads objects into maps whose keys are strings. Two equal keys are given up, as are keys that
 * would have to be lower-cased and are not ASCII, and maps of many entries.
 */
final class MapBytes extends ByteReader {
    /** Each key is compared with all before it. */
    private static final int MAX_ENTRIES = 64;

    private final Keys keys;
    private final ByteReader value;

    /** What becomes of keys. */
    enum Keys {
        AS_WRITTEN,
        LOWERED
    }

    MapBytes(Keys keys, ByteReader value) {
        this.keys = keys;
        this.value = value;
    }

    @Override
    int read(Input in, int from, RowBuffer row, int slot) {
        if (in.at(from) != '{' || !in.deeper()) {
            return Input.GIVEN_UP;
        }
        row.setFirst(slot, -1);
        int at = in.space(from + 1);
        if (in.at(at) == '}') {
            in.back();
            return at + 1;
        }
        int last = -1;
        for (int count = 0; count < MAX_ENTRIES && in.at(at) == '"'; count++) {
            int entry = row.allocate(2);
            at = key(in, at + 1, row, entry);
            if (at < 0 || isThere(row, row.first(slot), entry)) {
                return Input.GIVEN_UP;
            }
            if (last < 0) {
                row.setFirst(slot, entry);
            } else {
                row.setNext(last, entry);
            }
            last = entry;
            at = in.space(at);
            if (in.at(at) != ':') {
                return Input.GIVEN_UP;
            }
            at = value.value(in, in.space(at + 1), row, entry + 1);
            if (at < 0) {
                return Input.GIVEN_UP;
            }
            at = in.space(at);
            byte behind = in.at(at);
            if (behind == '}') {
                in.back();
                return at + 1;
            }
            if (behind != ',') {
                return Input.GIVEN_UP;
            }
            at = in.space(at + 1);
        }
        return Input.GIVEN_UP;
    }

    private int key(Input in, int from, RowBuffer row, int slot) {
        int at = TextScanner.read(in, from, row);
        if (at < 0 || in.escaped || in.textLength > KeyTable.MAX_KEY_BYTES) {
            return Input.GIVEN_UP;
        }
        int length = in.textLength;
        if (keys == Keys.LOWERED && !lowered(row.bytes(), row.bytesUsed(), length)) {
            return Input.GIVEN_UP;
        }
        row.setReserved(slot, length);
        return at;
    }

    /** Lower-cases ASCII; gives false when there is something else. */
    private static boolean lowered(byte[] text, int offset, int length) {
        int bits = 0;
        for (int i = offset; i < offset + length; i++) {
            byte b = text[i];
            bits |= b;
            text[i] = b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
        }
        return bits >= 0;
    }

    private static boolean isThere(RowBuffer row, int first, int wanted) {
        byte[] bytes = row.bytes();
        int offset = row.offset(wanted);
        int length = row.extra(wanted);
        for (int entry = first; entry >= 0; entry = row.next(entry)) {
            int other = row.offset(entry);
            if (row.extra(entry) == length
                    && Arrays.equals(
                            bytes, other, other + length, bytes, offset, offset + length)) {
                return true;
            }
        }
        return false;
    }
}

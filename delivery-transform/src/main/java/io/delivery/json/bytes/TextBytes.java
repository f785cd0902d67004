package io.delivery.json.bytes;

import io.delivery.format.RowBuffer;

/** Reads texts, and binary as the bytes of a text. Numbers and booleans keep their characters. */
final class TextBytes extends ByteReader {
    private final int maxCharacters;

    /**
     * @param maxCharacters code points to keep; the rest is cut
     */
    TextBytes(int maxCharacters) {
        this.maxCharacters = maxCharacters;
    }

    @Override
    int read(Input in, int at, RowBuffer row, int slot) {
        byte first = in.at(at);
        if (first == '"') {
            int behind = TextScanner.read(in, at + 1, row);
            if (behind > 0) {
                row.setReserved(slot, kept(row.bytes(), row.bytesUsed(), in.textLength));
            }
            return behind;
        }
        int behind =
                switch (first) {
                    case 't' -> in.literal(at, Input.TRUE);
                    case 'f' -> in.literal(at + 1, Input.ALSE);
                    default -> NumberScanner.beginsNumber(first) ? in.number(at) : Input.GIVEN_UP;
                };
        if (behind > 0) {
            row.setBytes(slot, in.array, at, Math.min(behind - at, maxCharacters));
        }
        return behind;
    }

    /** Bytes of a text that are kept. */
    private int kept(byte[] text, int offset, int length) {
        if (length <= maxCharacters) {
            return length;
        }
        int characters = 0;
        for (int i = 0; i < length; i++) {
            boolean begins = (text[offset + i] & 0xC0) != 0x80;
            if (begins && characters++ == maxCharacters) {
                return i;
            }
        }
        return length;
    }
}

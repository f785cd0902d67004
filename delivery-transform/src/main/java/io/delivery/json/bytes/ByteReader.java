package io.delivery.json.bytes;

import io.delivery.format.RowBuffer;

/** Reads the JSON values of one column, or of one part of it. Not thread-safe. */
public abstract class ByteReader {
    ByteReader() {}

    /**
     * Reads a value into a slot that is null.
     *
     * @param at its first byte
     * @return the place behind its last byte, or {@link Input#GIVEN_UP}
     */
    final int value(Input in, int at, RowBuffer row, int slot) {
        return in.at(at) == 'n' ? in.literal(at, Input.NULL) : read(in, at, row, slot);
    }

    /** Reads a value that is not null. */
    abstract int read(Input in, int at, RowBuffer row, int slot);
}

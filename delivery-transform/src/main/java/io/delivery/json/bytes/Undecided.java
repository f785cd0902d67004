package io.delivery.json.bytes;

import io.delivery.format.RowBuffer;

/** Reads nulls only. */
final class Undecided extends ByteReader {
    @Override
    int read(Input in, int at, RowBuffer row, int slot) {
        return Input.GIVEN_UP;
    }
}

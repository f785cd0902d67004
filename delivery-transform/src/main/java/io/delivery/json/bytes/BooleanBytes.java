package io.delivery.json.bytes;

import io.delivery.format.RowBuffer;

/** Reads booleans. */
final class BooleanBytes extends ScalarBytes {
    BooleanBytes(TextReader strings) {
        super(strings, TextReader.NONE);
    }

    @Override
    int read(Input in, int at, RowBuffer row, int slot) {
        switch (in.at(at)) {
            case 't':
                row.setNumber(slot, 1);
                return in.literal(at, Input.TRUE);
            case 'f':
                row.setNumber(slot, 0);
                return in.literal(at + 1, Input.ALSE);
            case '"':
                return string(in, at, row, slot);
            default:
                return Input.GIVEN_UP;
        }
    }
}

package io.delivery.json.bytes;

import io.delivery.format.RowBuffer;

/** Reads dates. */
final class DateBytes extends ScalarBytes {
    DateBytes(TextReader strings) {
        super(strings, TextReader.NONE);
    }

    @Override
    int read(Input in, int at, RowBuffer row, int slot) {
        if (in.at(at) != '"') {
            return Input.GIVEN_UP;
        }
        int quote = at + 1 + Days.LENGTH;
        if (in.at(quote) == '"') {
            long day = Days.read(in.array, at + 1);
            if (day != Days.NONE) {
                row.setNumber(slot, day);
                return quote + 1;
            }
        }
        return string(in, at, row, slot);
    }
}

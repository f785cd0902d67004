package io.delivery.json.bytes;

import io.delivery.format.RowBuffer;

/** Reads whole numbers between two bounds. */
final class WholeBytes extends ScalarBytes {
    private final long min;
    private final long max;

    /**
     * @param fractions reads numbers with a point or an exponent
     */
    WholeBytes(long min, long max, TextReader strings, TextReader fractions) {
        super(strings, fractions);
        this.min = min;
        this.max = max;
    }

    @Override
    int read(Input in, int at, RowBuffer row, int slot) {
        byte first = in.at(at);
        if (!NumberScanner.beginsNumber(first)) {
            return first == '"' ? string(in, at, row, slot) : Input.GIVEN_UP;
        }
        NumberScanner number = in.number;
        int behind = in.number(at);
        if (behind < 0) {
            return Input.GIVEN_UP;
        }
        if (!number.whole) {
            return digits(in, at, behind, row, slot);
        }
        if (!number.isLong()) {
            return Input.GIVEN_UP;
        }
        long value = number.wholeNumber();
        if (value < min || value > max) {
            return Input.GIVEN_UP;
        }
        row.setNumber(slot, value);
        return behind;
    }
}

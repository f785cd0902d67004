package io.delivery.json.bytes;

import com.fasterxml.jackson.core.io.NumberInput;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.RowBuffer;
import java.math.BigDecimal;

/** Reads floating point numbers, to the last bit. */
final class RealBytes extends ScalarBytes {
    /** Whole numbers up to here are doubles (IEEE 754: 53 bits). */
    private static final long MAX_EXACT = 1L << 53;

    /** Powers of ten that are doubles: 10²² is 2²² · 5²², and 5²² has 52 bits. */
    private static final double[] POWERS = new double[23];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private final boolean isFloat;
    private final char[] characters = new char[NumberScanner.MAX_LENGTH];

    /**
     * @param type float or double: which range the numbers must be in
     */
    RealBytes(Primitive type, TextReader strings) {
        super(strings, TextReader.NONE);
        isFloat = type == Primitive.FLOAT;
    }

    @Override
    int read(Input in, int at, RowBuffer row, int slot) {
        byte first = in.at(at);
        if (!NumberScanner.beginsNumber(first)) {
            return first == '"' ? string(in, at, row, slot) : Input.GIVEN_UP;
        }
        int behind = in.number(at);
        if (behind < 0) {
            return Input.GIVEN_UP;
        }
        double value = real(in, at, behind);
        if (isFloat && NearestFloat.isUndecided(value)) {
            value = NearestFloat.of(new BigDecimal(characters(in, at, behind)), value);
        }
        if (Double.isInfinite(value) || isFloat && Float.isInfinite((float) value)) {
            return Input.GIVEN_UP;
        }
        row.setReal(slot, value);
        return behind;
    }

    private double real(Input in, int from, int behind) {
        NumberScanner number = in.number;
        if (number.whole && number.isExact()) {
            return number.wholeNumber(); // rounded once; and -0 is 0, as for Jackson
        }
        int power = number.exponent;
        if (number.isExact()
                && number.magnitude <= MAX_EXACT
                && power > -POWERS.length
                && power < POWERS.length) {
            // One operation on two exact numbers, so rounded once (Clinger 1990).
            double value =
                    power < 0
                            ? number.magnitude / POWERS[-power]
                            : number.magnitude * POWERS[power];
            return number.negative ? -value : value;
        }
        copy(in, from, behind);
        return NumberInput.parseDouble(characters, 0, behind - from, true);
    }

    private String characters(Input in, int from, int behind) {
        copy(in, from, behind);
        return new String(characters, 0, behind - from);
    }

    private void copy(Input in, int from, int behind) {
        for (int i = from; i < behind; i++) {
            characters[i - from] = (char) in.array[i];
        }
    }
}

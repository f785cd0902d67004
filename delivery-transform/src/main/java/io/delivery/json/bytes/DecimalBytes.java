package io.delivery.json.bytes;

import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.RowBuffer;

/** Reads decimals; those of at most 18 digits without making an object of them. */
final class DecimalBytes extends ScalarBytes {
    private static final long[] POWERS = new long[NumberScanner.MAX_DIGITS + 1];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private final int scale;
    private final int width;
    private final long limit;

    DecimalBytes(DecimalType type, TextReader texts) {
        super(texts, texts);
        scale = type.scale();
        width = type.byteWidth();
        limit = type.precision() < POWERS.length ? POWERS[type.precision()] : Long.MAX_VALUE;
    }

    @Override
    int read(Input in, int at, RowBuffer row, int slot) {
        if (NumberScanner.beginsNumber(in.at(at))) {
            int behind = in.number(at);
            return behind < 0 || set(in.number, row, slot)
                    ? behind
                    : digits(in, at, behind, row, slot);
        }
        if (in.at(at) != '"') {
            return Input.GIVEN_UP;
        }
        if (NumberScanner.beginsNumber(in.at(at + 1))) {
            int quote = in.number(at + 1);
            if (quote > 0 && in.at(quote) == '"' && set(in.number, row, slot)) {
                return quote + 1;
            }
        }
        return string(in, at, row, slot);
    }

    /** Sets the slot; false when the number is too long for it. Rounds half up, as Hive does. */
    private boolean set(NumberScanner number, RowBuffer row, int slot) {
        int shift = scale + number.exponent;
        if (!number.isExact()
                || shift < -NumberScanner.MAX_DIGITS
                || number.digits + shift > NumberScanner.MAX_DIGITS) {
            return false;
        }
        long unscaled = number.magnitude;
        if (shift >= 0) {
            unscaled *= POWERS[shift];
        } else {
            long divisor = POWERS[-shift];
            long rest = unscaled % divisor;
            unscaled = unscaled / divisor + (rest * 2 >= divisor ? 1 : 0);
        }
        if (unscaled >= limit) {
            return false;
        }
        long left = number.negative ? -unscaled : unscaled;
        int start = row.reserve(width);
        byte[] bytes = row.bytes();
        for (int i = start + width - 1; i >= start; i--) {
            bytes[i] = (byte) left;
            left >>= 8;
        }
        row.setReserved(slot, width);
        return true;
    }
}

package io.delivery.suggest;

import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.Primitive;

/** The narrowest safe type of values without parts. */
final class PlainTypes {
    private PlainTypes() {}

    /** The type; what is said of it comes from {@link #remark}. */
    static ColumnType of(ObservedValue seen, boolean decimals) {
        boolean numbers = seen.numbers() > 0;
        if (seen.texts > 0) {
            return numbers || seen.booleans > 0 ? Primitive.STRING : text(seen);
        }
        if (seen.booleans > 0) {
            return numbers ? Primitive.STRING : Primitive.BOOLEAN;
        }
        if (!numbers) {
            return Primitive.STRING;
        }
        return seen.fractions == 0 ? whole(seen) : fraction(seen, decimals);
    }

    private static ColumnType text(ObservedValue seen) {
        if (seen.timestamps.all()) {
            return Primitive.TIMESTAMP;
        }
        return seen.dates.all() ? Primitive.DATE : Primitive.STRING;
    }

    private static ColumnType whole(ObservedValue seen) {
        if (seen.largeWholes > 0) {
            return seen.wholeDigits <= DecimalType.MAX_PRECISION
                    ? new DecimalType(DecimalType.MAX_PRECISION, 0)
                    : Primitive.STRING;
        }
        boolean small = seen.min >= Integer.MIN_VALUE && seen.max <= Integer.MAX_VALUE;
        return small ? Primitive.INT : Primitive.BIGINT;
    }

    private static ColumnType fraction(ObservedValue seen, boolean decimals) {
        boolean fitsDouble = !seen.beyondDouble && seen.wholesAreExactInDouble();
        if (fitsDouble && !decimals) {
            return Primitive.DOUBLE;
        }
        if (fitsDecimal(seen)) {
            return new DecimalType(DecimalType.MAX_PRECISION, seen.digitsBehind);
        }
        return fitsDouble ? Primitive.DOUBLE : Primitive.STRING;
    }

    private static boolean fitsDecimal(ObservedValue seen) {
        return seen.integerDigits() + seen.digitsBehind <= DecimalType.MAX_PRECISION;
    }

    /** What a reader of the table should know; empty when there is nothing. */
    static String remark(ObservedValue seen, ColumnType type) {
        if (seen.plainValues() == 0) {
            return "only null was seen";
        }
        int kinds =
                (seen.texts > 0 ? 1 : 0)
                        + (seen.booleans > 0 ? 1 : 0)
                        + (seen.numbers() > 0 ? 1 : 0);
        if (kinds > 1) {
            return "%d texts, %d numbers and %d booleans were seen"
                    .formatted(seen.texts, seen.numbers(), seen.booleans);
        }
        if (seen.numbers() > 0 && type == Primitive.STRING) {
            return "numbers that no other type holds";
        }
        if (type instanceof DecimalType && seen.fractions == 0) {
            return "whole numbers beyond 64 bits";
        }
        if (type instanceof DecimalType decimal) {
            return "%s: %d digits before the point, and %d behind it, as many as the samples have; of more behind it the last are rounded"
                    .formatted(decimal, decimal.precision() - decimal.scale(), decimal.scale());
        }
        if (type == Primitive.DOUBLE && seen.rounded > 0) {
            return "%d numbers have more digits than a double keeps%s"
                    .formatted(
                            seen.rounded,
                            fitsDecimal(seen) ? "; --decimals makes it a decimal" : "");
        }
        return "";
    }
}

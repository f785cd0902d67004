package io.delivery.suggest;

import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.Primitive;
import java.util.List;
import java.util.Optional;

/**
 * Which type holds the values of two, so that files with either are still read: the rules of
 * Iceberg ("Schema evolution", type promotion), and longer texts.
 */
final class Widening {
    private static final List<ColumnType> INTEGERS =
            List.of(Primitive.TINYINT, Primitive.SMALLINT, Primitive.INT, Primitive.BIGINT);

    private Widening() {}

    /**
     * The wider one. A decimal keeps its scale, since files that are there have it: it gets all the
     * digits there are before the point, where those of the values that were seen have room, and as
     * many behind it as before.
     *
     * @param seen what is needed, with the digits of the numbers among the values
     * @return empty when no type reads the files of both
     */
    static Optional<ColumnType> of(ColumnType present, Shape.Plain seen) {
        ColumnType needed = seen.type();
        if (present.equals(needed)) {
            return Optional.of(present);
        }
        int from = INTEGERS.indexOf(present);
        int to = INTEGERS.indexOf(needed);
        if (from >= 0 && to >= 0) {
            return Optional.of(INTEGERS.get(Math.max(from, to)));
        }
        if (present == Primitive.FLOAT && needed == Primitive.DOUBLE) {
            return Optional.of(needed);
        }
        if (present instanceof DecimalType before) {
            boolean numbers =
                    to >= 0 || needed == Primitive.DOUBLE || needed instanceof DecimalType;
            boolean fits =
                    seen.integerDigits() <= DecimalType.MAX_PRECISION - before.scale()
                            && seen.fractionDigits() <= before.scale();
            return numbers && fits
                    ? Optional.of(new DecimalType(DecimalType.MAX_PRECISION, before.scale()))
                    : Optional.empty();
        }
        return Optional.empty();
    }
}

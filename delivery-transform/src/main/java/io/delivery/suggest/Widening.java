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

    private static final int DIGITS_OF_BIGINT = 19;

    private Widening() {}

    /**
     * The wider one.
     *
     * @return empty when no type reads the files of both
     */
    static Optional<ColumnType> of(ColumnType present, ColumnType needed) {
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
            int digits = DecimalType.MAX_PRECISION - before.scale();
            boolean fits =
                    needed instanceof DecimalType after
                            ? before.scale() == after.scale()
                            : to >= 0 && digits >= DIGITS_OF_BIGINT;
            return fits
                    ? Optional.of(new DecimalType(DecimalType.MAX_PRECISION, before.scale()))
                    : Optional.empty();
        }
        return Optional.empty();
    }
}

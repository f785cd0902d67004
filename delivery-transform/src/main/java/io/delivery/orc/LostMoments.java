package io.delivery.orc;

import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import io.delivery.format.ValueWalk;
import java.util.Optional;

/**
 * Finds timestamps that ORC has no form for. It keeps whole seconds, cut towards zero, and
 * nanoseconds; its readers take a second away where the seconds are negative and there is a
 * millisecond or more. In the second before 1970, from its first millisecond on, the seconds are
 * cut to zero, and readers would show the second after it. Not thread-safe.
 */
final class LostMoments {
    private final ValueWalk walk;
    private String lost;

    LostMoments(TableSchema table) {
        walk =
                new ValueWalk(
                        table,
                        leaf ->
                                leaf.type() == Primitive.TIMESTAMP
                                        ? look(leaf.path())
                                        : ValueWalk.NOTHING);
    }

    private ValueWalk.Look look(String path) {
        return (rows, slot) -> {
            if (rows.number(slot) == -1 && rows.extra(slot) >= 1_000_000) {
                lost = path;
                return true;
            }
            return false;
        };
    }

    /** The column of such a timestamp in the rows, or the place within it. */
    Optional<String> in(RowBuffer rows) {
        lost = null;
        walk.over(rows);
        return Optional.ofNullable(lost);
    }
}

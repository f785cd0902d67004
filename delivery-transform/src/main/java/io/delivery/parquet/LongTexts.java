package io.delivery.parquet;

import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import io.delivery.format.ValueWalk;
import java.util.BitSet;

/**
 * Finds the columns of a file, those within structs, arrays and maps included, in which rows have
 * texts or bytes of a length or more. Columns are numbered as in {@code MessageType.getColumns}.
 * Not thread-safe.
 */
final class LongTexts {
    private final ValueWalk walk;
    private BitSet found;

    /**
     * @param length of a text that is long, in bytes
     */
    LongTexts(TableSchema table, int length) {
        walk = new ValueWalk(table, leaf -> leaf.isText() ? look(leaf, length) : ValueWalk.NOTHING);
    }

    private ValueWalk.Look look(ValueWalk.Leaf leaf, int length) {
        return (rows, slot) -> {
            if (rows.extra(slot) >= length) {
                found.set(leaf.number());
            }
            return false;
        };
    }

    /** The columns of the long texts of some rows. */
    BitSet in(RowBuffer rows) {
        found = new BitSet();
        walk.over(rows);
        return found;
    }
}

package io.delivery.orc;

import io.delivery.config.ColumnarSettings.BloomFilters;
import io.delivery.format.TableSchema;
import java.util.ArrayList;
import java.util.List;
import org.apache.orc.OrcUtils;
import org.apache.orc.TypeDescription;

/**
 * The Bloom filters of a file, and how long its stripes may be with them. ORC's writer makes every
 * filter for a whole row index stride at once, keeps those of all strides until it writes the
 * stripe, makes a copy of them then, and counts none of that as memory.
 *
 * @param columns those that get filters; may be empty
 * @param stripeRows a stripe that has so many rows is written
 */
record BloomFilterPlan(List<String> columns, long stripeRows) {
    /** Of the memory of a file. */
    private static final int SHARE = 4;

    /** Filters at work, and for each of two strides of a stripe what is kept and its copy. */
    private static final int LEAST_COPIES = 5;

    BloomFilterPlan {
        columns = List.copyOf(columns);
    }

    /** Bytes of one filter, as the class BloomFilter of ORC computes them. */
    static long bytes(long rowIndexStride, double falsePositiveProbability) {
        double ln2 = Math.log(2);
        long bits = (long) (-rowIndexStride * Math.log(falsePositiveProbability) / (ln2 * ln2));
        return (bits + Long.SIZE) / Byte.SIZE;
    }

    /**
     * Takes the columns in their order as long as there is memory. A table may have lost a column
     * since the configuration was checked. Records then land without the filter: they are worth
     * more than an index.
     *
     * @param memoryBytes of the file
     * @param leftOut hears of columns that get no filters
     */
    static BloomFilterPlan of(
            BloomFilters wanted,
            TableSchema table,
            TypeDescription type,
            int rowIndexStride,
            long memoryBytes,
            LeftOutFilters leftOut) {
        long filterBytes = bytes(rowIndexStride, wanted.falsePositiveProbability());
        long room = memoryBytes / SHARE;
        long strideBytes = 0;
        List<String> fitting = new ArrayList<>();
        for (String column : wanted.columns()) {
            long more = filters(column, type) * filterBytes;
            if (more == 0) {
                leftOut.missing(column, table);
            } else if (LEAST_COPIES * (strideBytes + more) > room) {
                leftOut.tooLarge(column, table);
            } else {
                strideBytes += more;
                fitting.add(column);
            }
        }
        return new BloomFilterPlan(fitting, stripeRows(strideBytes, rowIndexStride, room));
    }

    /** A column gets one for each type within it; ORC's own rule. */
    private static long filters(String column, TypeDescription type) {
        long count = 0;
        for (boolean filtered : OrcUtils.includeColumns(column, type)) {
            count += filtered ? 1 : 0;
        }
        return count;
    }

    /** The writer counts rows after each batch only, so that a stripe may have a batch more. */
    private static long stripeRows(long strideBytes, int rowIndexStride, long room) {
        if (strideBytes == 0) {
            return Long.MAX_VALUE;
        }
        long strides = (room / strideBytes - 1) / 2;
        return strides * rowIndexStride - Math.min(rowIndexStride, RowBatch.MAX_ROWS) + 1;
    }
}

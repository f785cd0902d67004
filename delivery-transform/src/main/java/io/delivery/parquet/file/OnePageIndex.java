package io.delivery.parquet.file;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.parquet.column.statistics.BinaryStatistics;
import org.apache.parquet.column.statistics.SizeStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.format.BoundaryOrder;
import org.apache.parquet.format.ColumnIndex;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.internal.column.columnindex.BinaryTruncator;
import org.apache.parquet.schema.PrimitiveType;

/**
 * The column index of a column that has one page: what parquet-java's {@code ColumnIndexBuilder}
 * would say, which is made for many pages. Columns of small files have one page.
 */
final class OnePageIndex {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private OnePageIndex() {}

    /**
     * Whether pages of the type are told without the builder. Floats and doubles have rules for
     * what is no number, which are the builder's.
     */
    static boolean knows(PrimitiveType type) {
        return switch (type.getPrimitiveTypeName()) {
            case BOOLEAN, INT32, INT64, BINARY, FIXED_LEN_BYTE_ARRAY -> true;
            case FLOAT, DOUBLE, INT96 -> false;
        };
    }

    /**
     * The index, or null when the page's values are too long for one.
     *
     * @param statistics of the page, not empty
     * @param maxTextBytes of texts and bytes; longer ones are cut, where they can be
     */
    static ColumnIndex of(Statistics<?> statistics, SizeStatistics sizes, int maxTextBytes) {
        boolean hasValues = statistics.hasNonNullValue();
        ByteBuffer least = NOTHING;
        ByteBuffer greatest = NOTHING;
        if (hasValues && statistics instanceof BinaryStatistics texts) {
            BinaryTruncator cutter = BinaryTruncator.getTruncator(statistics.type());
            least = cutter.truncateMin(texts.genericGetMin(), maxTextBytes).toByteBuffer();
            greatest = cutter.truncateMax(texts.genericGetMax(), maxTextBytes).toByteBuffer();
        } else if (hasValues) {
            least = ByteBuffer.wrap(statistics.getMinBytes());
            greatest = ByteBuffer.wrap(statistics.getMaxBytes());
        }
        if (least.remaining() + greatest.remaining() > ParquetMetadataConverter.MAX_STATS_SIZE) {
            return null;
        }
        ColumnIndex index =
                new ColumnIndex(
                        List.of(!hasValues),
                        List.of(least),
                        List.of(greatest),
                        BoundaryOrder.ASCENDING);
        index.setNull_counts(List.of(statistics.getNumNulls()));
        List<Long> repetitions = sizes.getRepetitionLevelHistogram();
        if (!repetitions.isEmpty()) {
            index.setRepetition_level_histograms(repetitions);
        }
        List<Long> definitions = sizes.getDefinitionLevelHistogram();
        if (!definitions.isEmpty()) {
            index.setDefinition_level_histograms(definitions);
        }
        return index;
    }
}

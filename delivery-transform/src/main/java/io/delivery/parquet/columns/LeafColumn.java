package io.delivery.parquet.columns;

import io.delivery.parquet.file.ColumnChunkPages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.SizeStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType;

/**
 * A column of a row group: the levels of its values, and the page that they are in. Repetition and
 * definition levels are those of Parquet's format ("Nested Encoding"). Not thread-safe.
 */
abstract class LeafColumn {
    private static final int LEVEL_BYTES = 64;

    /** What Parquet's own writers say of levels that there are none of. */
    @SuppressWarnings("deprecation") // for the levels of other writers
    private static final Encoding NO_LEVELS = Encoding.BIT_PACKED;

    private final ColumnDescriptor descriptor;
    private final ColumnChunkPages pages;
    private final WriterVersion version;
    private final boolean keepsRange;
    private final int maxDefinition;
    private final RunLengths definitions;

    /** Null when the column is in no list. */
    private final RunLengths repetitions;

    /** Null where the numbers of values and nulls say the same. */
    private final long[] definitionCounts;

    /** Null when the column is in no list. */
    private final long[] repetitionCounts;

    private int values;
    private int nulls;
    private long rowsWritten;

    /**
     * @param keepsRange whether the least and the greatest value are kept
     */
    LeafColumn(
            ColumnDescriptor descriptor,
            ColumnChunkPages pages,
            ColumnSettings settings,
            boolean keepsRange) {
        this.descriptor = descriptor;
        this.pages = pages;
        this.keepsRange = keepsRange;
        version = settings.properties().getWriterVersion();
        maxDefinition = descriptor.getMaxDefinitionLevel();
        int maxRepetition = descriptor.getMaxRepetitionLevel();
        definitions = new RunLengths(RunLengths.width(maxDefinition), LEVEL_BYTES);
        repetitions =
                maxRepetition == 0
                        ? null
                        : new RunLengths(RunLengths.width(maxRepetition), LEVEL_BYTES);
        definitionCounts = maxDefinition > 1 ? new long[maxDefinition + 1] : null;
        repetitionCounts = maxRepetition > 0 ? new long[maxRepetition + 1] : null;
    }

    /** Adds a null, or a value that is not there because something around it is null or empty. */
    final void absent(int repetition, int definition) {
        level(repetition, definition);
        nulls++;
    }

    /** A value is added. */
    final void present(int repetition) {
        level(repetition, maxDefinition);
    }

    private void level(int repetition, int definition) {
        if (repetitions != null) {
            repetitions.add(repetition);
            repetitionCounts[repetition]++;
        }
        definitions.add(definition);
        if (definitionCounts != null) {
            definitionCounts[definition]++;
        }
        values++;
    }

    /** Of the page, with nulls. */
    final int valueCount() {
        return values;
    }

    final ColumnDescriptor descriptor() {
        return descriptor;
    }

    final PrimitiveType type() {
        return descriptor.getPrimitiveType();
    }

    final boolean keepsRange() {
        return keepsRange;
    }

    /** Of the row group, in pages that are written. */
    final long rowsWritten() {
        return rowsWritten;
    }

    /** What the page would have in bytes without a dictionary: pages and row groups end by it. */
    final long pageBytes() {
        return (repetitions == null ? 0L : repetitions.size()) + definitions.size() + valueBytes();
    }

    /** The page, and those before it with their compression. */
    final long bufferedBytes() {
        return pageBytes() + pages.bytes();
    }

    /**
     * @param rows in the page
     */
    final void writePage(long rows) throws IOException {
        int rowCount = Math.toIntExact(rows);
        BytesInput data = pageValues();
        Encoding encoding = pageEncoding();
        SizeStatistics sizes =
                new SizeStatistics(
                        type(),
                        textBytes(),
                        histogram(repetitionCounts),
                        histogram(definitionCounts));
        BytesInput repeated = repetitions == null ? BytesInput.empty() : repetitions.content();
        BytesInput defined = definitions.content();
        switch (version) {
            case PARQUET_1_0 ->
                    pages.writePage(
                            repetitions == null
                                    ? BytesInput.concat(length(defined), defined, data)
                                    : BytesInput.concat(
                                            length(repeated),
                                            repeated,
                                            length(defined),
                                            defined,
                                            data),
                            values,
                            rowCount,
                            statistics(),
                            sizes,
                            repetitions == null ? NO_LEVELS : Encoding.RLE,
                            Encoding.RLE,
                            encoding);
            case PARQUET_2_0 ->
                    pages.writePageV2(
                            rowCount,
                            nulls,
                            values,
                            repeated,
                            defined,
                            encoding,
                            data,
                            statistics(),
                            sizes);
        }
        rowsWritten += rows;
        beginPage();
    }

    private void beginPage() {
        definitions.clear();
        if (repetitions != null) {
            repetitions.clear();
        }
        begin(definitionCounts);
        begin(repetitionCounts);
        values = 0;
        nulls = 0;
        clearPage();
    }

    private static BytesInput length(BytesInput of) {
        return BytesInput.fromInt(Math.toIntExact(of.size()));
    }

    private static void begin(long[] counts) {
        if (counts != null) {
            Arrays.fill(counts, 0);
        }
    }

    private static List<Long> histogram(long[] counts) {
        List<Long> histogram = new ArrayList<>();
        if (counts != null) {
            for (long count : counts) {
                histogram.add(count);
            }
        }
        return histogram;
    }

    private Statistics<?> statistics() {
        if (!keepsRange) {
            return Statistics.noopStats(type());
        }
        Statistics<?> statistics = Statistics.createStats(type());
        statistics.incrementNumNulls(nulls);
        tellRange(statistics);
        return statistics;
    }

    /** Writes the dictionary, where there is one. The pages are written by now. */
    final void end() throws IOException {
        DictionaryPage dictionary = dictionary();
        if (dictionary != null) {
            pages.writeDictionaryPage(dictionary);
        }
    }

    /** The values of the page without a dictionary, in bytes. */
    abstract long valueBytes();

    /** Of the texts in the page, without their lengths; 0 for other types. */
    abstract long textBytes();

    /** Encodes the page; valid until {@link #clearPage}. */
    abstract BytesInput pageValues();

    /** Of the page that was encoded. */
    abstract Encoding pageEncoding();

    /** Tells the least and the greatest value of the page. */
    abstract void tellRange(Statistics<?> statistics);

    /** Forgets the page. */
    abstract void clearPage();

    /** Null when no page needs it. */
    abstract DictionaryPage dictionary();

    /** Gives memory back. */
    abstract void close();
}

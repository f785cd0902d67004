package io.delivery.parquet;

import io.delivery.format.ColumnType.CharType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.VarcharType;
import io.delivery.format.DecoderOptions;
import io.delivery.format.FileSizes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.KeptGrowth;
import io.delivery.format.TableSchema;
import io.delivery.format.TextCopies;
import io.delivery.format.ValueGrowth;
import io.delivery.parquet.ParquetSettings.Timestamps;
import org.apache.parquet.hadoop.ParquetFileWriter;

/**
 * What Parquet files of a table take.
 *
 * @param leaves columns of the file, those within structs, arrays and maps included
 * @param growth of values in a page; where pages are compressed, the columns that one key fills and
 *     the paths of kept unknown fields
 * @param bufferedGrowth of values in memory, which row groups are measured by
 * @param textCopies of a text in a row, because its key fills several columns
 */
record ParquetSizes(
        ParquetSettings settings,
        long leaves,
        double growth,
        double bufferedGrowth,
        TextCopies textCopies)
        implements FileSizes {
    /**
     * What each column takes whatever is in it: its levels, its dictionary, the room that it keeps
     * for its next page, and what the footer says of it in each row group. Measured ({@code
     * delivery-benchmarks/run wide}).
     */
    private static final long BYTES_OF_A_COLUMN = 24 << 10;

    /** What the footer and the indexes say of a column in one row group. */
    private static final long FOOTER_BYTES = 512;

    private static final long LEAST_BYTES = 256 << 10;

    /** Of a table that nobody has seen: what {@code 1,} grows by in an array of decimal(38,0). */
    private static final double UNKNOWN_GROWTH = 8;

    /** A text of one character, and its length. */
    private static final int SHORTEST_TEXT = 5;

    static ParquetSizes of(ParquetSettings settings, TableSchema table, DecoderOptions options) {
        JsonSerDe serde = options.serdeFor(table);
        long leaves = new ParquetTypes(settings.timestamps()).message(table).getColumns().size();
        ValueGrowth.Widths widths =
                grows(settings) ? new Widths(settings.timestamps()) : new ValueGrowth.Compressed();
        return new ParquetSizes(
                settings,
                leaves,
                ValueGrowth.of(table, serde, widths)
                        + KeptGrowth.of(table, options, !grows(settings)),
                ValueGrowth.of(table, serde, new Widths(settings.timestamps()))
                        + KeptGrowth.of(table, options, false),
                TextCopies.of(table, options));
    }

    static ParquetSizes ofUnknownTable(ParquetSettings settings) {
        return new ParquetSizes(
                settings, 1, grows(settings) ? UNKNOWN_GROWTH : 1, UNKNOWN_GROWTH, TextCopies.ONE);
    }

    /** Compression takes away what fills up short values. */
    private static boolean grows(ParquetSettings settings) {
        return settings.compression() == PageCompression.UNCOMPRESSED;
    }

    /** A quarter of the memory is the row group; a record whose texts are copied comes on top. */
    @Override
    public long memoryBytes() {
        return Math.max(
                        settings.memoryBytes(),
                        settings.memoryBytes() / 4 * 3 + leaves * BYTES_OF_A_COLUMN)
                + textCopies.memoryBytes();
    }

    @Override
    public long rowBytes() {
        return textCopies.rowBytes();
    }

    @Override
    public long expectedBytes(long inputBytes) {
        long values = (long) (inputBytes * growth) + inputBytes / 8;
        long early = TableFiles.maxEarlyGroups(leaves);
        long buffered = (long) (inputBytes * bufferedGrowth) + inputBytes / 8;
        long rowGroups = buffered / TableFiles.rowGroupBytes(settings) + 1 + early;
        long content = values + LEAST_BYTES + rowGroups * leaves * FOOTER_BYTES;
        return content + gaps(content, rowGroups) * settings.maxPaddingBytes();
    }

    /**
     * Gaps before row groups, at most. Each is as long as the padding may be or shorter, and
     * belongs to another row group. Between two of them is what a block has before the last bytes
     * in which no row group begins. The first row group follows the four letters that a file begins
     * with: before it there is a gap only where padding takes the rest of a block. (parquet-java,
     * ParquetFileWriter.PaddingAlignment)
     */
    private long gaps(long contentBytes, long rowGroups) {
        long beforeGap = settings.blockSizeBytes() - settings.maxPaddingBytes();
        long first = beforeGap <= ParquetFileWriter.MAGIC.length ? 1 : 0;
        return Math.min(rowGroups - 1 + first, contentBytes / beforeGap);
    }

    /** Of a value in a page. */
    private record Widths(Timestamps timestamps) implements ValueGrowth.Widths {
        @Override
        public double primitive(Primitive type) {
            return switch (type) {
                case BOOLEAN -> 1;
                case TINYINT, SMALLINT, INT, FLOAT, DATE -> 4;
                case BIGINT, DOUBLE -> 8;
                case TIMESTAMP -> timestamps == Timestamps.INT96 ? 12 : 8;
                case STRING, BINARY -> SHORTEST_TEXT;
            };
        }

        @Override
        public double decimal(DecimalType type) {
            return type.byteWidth();
        }

        @Override
        public double character(CharType type) {
            return SHORTEST_TEXT;
        }

        @Override
        public double varchar(VarcharType type) {
            return SHORTEST_TEXT;
        }
    }
}

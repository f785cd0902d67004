package io.delivery.parquet;

import io.delivery.format.ColumnType.CharType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.VarcharType;
import io.delivery.format.FileSizes;
import io.delivery.format.TableSchema;
import io.delivery.format.ValueGrowth;
import io.delivery.parquet.ParquetSettings.Timestamps;

/**
 * What Parquet files of a table take.
 *
 * @param leaves columns of the file, those within structs, arrays and maps included
 * @param growth of values where they are not compressed
 */
record ParquetSizes(ParquetSettings settings, long leaves, double growth) implements FileSizes {
    /**
     * What each column takes whatever is in it: the first slabs of its levels, of its numbers of a
     * dictionary and of its values, and what the footer says of it in each row group. Measured
     * ({@code delivery-benchmarks/run wide}).
     */
    private static final long BYTES_OF_A_COLUMN = 24 << 10;

    /** What the footer and the indexes say of a column in one row group. */
    private static final long FOOTER_BYTES = 512;

    private static final long LEAST_BYTES = 256 << 10;

    /** Of a table that nobody has seen: what {@code 1,} grows by in an array of decimal(38,0). */
    private static final double UNKNOWN_GROWTH = 8;

    /** A text of one character, and its length. */
    private static final int SHORTEST_TEXT = 5;

    static ParquetSizes of(ParquetSettings settings, TableSchema table) {
        long leaves = new ParquetTypes(settings.timestamps()).message(table).getColumns().size();
        return new ParquetSizes(
                settings,
                leaves,
                grows(settings) ? ValueGrowth.of(table, new Widths(settings.timestamps())) : 1);
    }

    static ParquetSizes ofUnknownTable(ParquetSettings settings) {
        return new ParquetSizes(settings, 1, grows(settings) ? UNKNOWN_GROWTH : 1);
    }

    /** Compression takes away what fills up short values. */
    private static boolean grows(ParquetSettings settings) {
        return settings.compression() == PageCompression.UNCOMPRESSED;
    }

    /** A quarter of the memory is the row group. */
    @Override
    public long memoryBytes() {
        return Math.max(
                settings.memoryBytes(),
                settings.memoryBytes() / 4 * 3 + leaves * BYTES_OF_A_COLUMN);
    }

    @Override
    public long expectedBytes(long inputBytes) {
        long values = (long) (inputBytes * growth) + inputBytes / 8;
        long rowGroups = values / ParquetObject.rowGroupBytes(settings) + 1;
        long content = values + LEAST_BYTES + rowGroups * leaves * FOOTER_BYTES;
        long padding = settings.maxPaddingBytes();
        return content + content / (settings.blockSizeBytes() - padding) * padding;
    }

    /** Of a value in a page. */
    private record Widths(Timestamps timestamps) implements ValueGrowth.Widths {
        @Override
        public long primitive(Primitive type) {
            return switch (type) {
                case BOOLEAN -> 1;
                case TINYINT, SMALLINT, INT, FLOAT, DATE -> 4;
                case BIGINT, DOUBLE -> 8;
                case TIMESTAMP -> timestamps == Timestamps.INT96 ? 12 : 8;
                case STRING, BINARY -> SHORTEST_TEXT;
            };
        }

        @Override
        public long decimal(DecimalType type) {
            return type.byteWidth();
        }

        @Override
        public long character(CharType type) {
            return SHORTEST_TEXT;
        }

        @Override
        public long varchar(VarcharType type) {
            return SHORTEST_TEXT;
        }
    }
}

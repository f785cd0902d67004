package io.delivery.orc;

import io.delivery.config.ColumnarSettings;
import io.delivery.config.ColumnarSettings.BloomFilters;
import io.delivery.config.ColumnarSettings.OrcCompression;
import io.delivery.config.ColumnarSettings.Padding;
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
import org.apache.orc.TypeDescription;

/**
 * What ORC files of a table take. Beside values there are the footers of stripes of a wide table,
 * Bloom filters, and what fills up blocks.
 *
 * @param leastMemoryBytes of a table of few columns
 * @param types of the table, those within structs, arrays and maps included
 * @param sequences of whole numbers that a stripe has for these types
 * @param growth of values in a stripe; where it is compressed, that of blanks, of the columns that
 *     one key fills and of the paths of kept unknown fields
 * @param textCopies of a text in a row, because its key fills several columns
 */
record OrcSizes(
        ColumnarSettings.Orc settings,
        long leastMemoryBytes,
        long types,
        long sequences,
        double growth,
        TextCopies textCopies)
        implements FileSizes {
    /**
     * What each type takes whatever is in it: the first buffers of its streams, its statistics and
     * its index. Measured ({@code delivery-benchmarks/run wide}).
     */
    private static final long BYTES_OF_A_TYPE = 12 << 10;

    /**
     * What the run length writer of a sequence takes: four arrays of 512 numbers, and its buffer.
     */
    private static final long BYTES_OF_A_SEQUENCE = 20 << 10;

    /** What the index, the footer and the statistics of a stripe say of a type. */
    private static final long FOOTER_BYTES = 256;

    private static final long LEAST_BYTES = 256 << 10;

    /** Of a table that nobody has seen: what {@code 1,} grows by in an array of char(255). */
    private static final double UNKNOWN_GROWTH = 130;

    /** Records of a stripe that is written because of its memory have more bytes. */
    private static final long LEAST_STRIPE_BYTES = 4 << 20;

    /** Of every compression; that of Snappy is 20. */
    private static final int LEAST_RATIO_OF_ZEROS = 16;

    static OrcSizes of(
            ColumnarSettings.Orc settings,
            long leastMemoryBytes,
            TableSchema table,
            DecoderOptions options) {
        JsonSerDe serde = options.serdeFor(table);
        TypeDescription type = OrcTypes.of(table);
        return new OrcSizes(
                settings,
                leastMemoryBytes,
                type.getMaximumId(),
                sequences(type),
                ValueGrowth.of(
                                table,
                                serde,
                                compressesNothing(settings) ? new Uncompressed() : new Blanks())
                        + KeptGrowth.of(table, options, !compressesNothing(settings)),
                TextCopies.of(table, options));
    }

    static OrcSizes ofUnknownTable(ColumnarSettings.Orc settings, long leastMemoryBytes) {
        return new OrcSizes(
                settings,
                leastMemoryBytes,
                1,
                1,
                compressesNothing(settings)
                        ? UNKNOWN_GROWTH
                        : UNKNOWN_GROWTH / LEAST_RATIO_OF_ZEROS,
                TextCopies.ONE);
    }

    /** A text has one of lengths and one for its dictionary, a moment seconds and nanoseconds. */
    private static long sequences(TypeDescription type) {
        return switch (type.getCategory()) {
            case STRING, CHAR, VARCHAR, TIMESTAMP -> 2;
            case SHORT, INT, LONG, DATE, BINARY, DECIMAL -> 1;
            case LIST, MAP -> 1 + ofChildren(type);
            case STRUCT -> ofChildren(type);
            case BOOLEAN, BYTE, FLOAT, DOUBLE -> 0;
            default -> throw new IllegalArgumentException("no type of ours: " + type);
        };
    }

    private static long ofChildren(TypeDescription type) {
        return type.getChildren().stream().mapToLong(OrcSizes::sequences).sum();
    }

    private static boolean compressesNothing(ColumnarSettings.Orc settings) {
        return settings.compression() == OrcCompression.NONE;
    }

    /**
     * A quarter of the memory is for Bloom filters, and the stripe takes half; a record whose texts
     * are copied comes on top.
     */
    @Override
    public long memoryBytes() {
        return Math.max(
                        leastMemoryBytes,
                        leastMemoryBytes / 4 * 3
                                + types * BYTES_OF_A_TYPE
                                + sequences * BYTES_OF_A_SEQUENCE)
                + textCopies.memoryBytes();
    }

    @Override
    public long rowBytes() {
        return textCopies.rowBytes();
    }

    @Override
    public long expectedBytes(long inputBytes) {
        long values = (long) (inputBytes * growth) + inputBytes / 4;
        long stripes = inputBytes / LEAST_STRIPE_BYTES + 1;
        long filters =
                settings.bloomFilters().map(wanted -> filterBytes(wanted, inputBytes)).orElse(0L);
        long content = values + filters + LEAST_BYTES + stripes * types * FOOTER_BYTES;
        return content + settings.padding().map(p -> paddingBytes(p, content)).orElse(0L);
    }

    /**
     * Bloom filters at most; a struct, array or map counts as one. A record has two bytes or more.
     * A filter is written as long for few rows as for a whole stride. Zeros of it disappear in the
     * compression, but for a few; each value sets no more bits than it has room for.
     */
    private long filterBytes(BloomFilters wanted, long inputBytes) {
        int stride = settings.rowIndexStride();
        long one = BloomFilterPlan.bytes(stride, wanted.falsePositiveProbability());
        long strides = inputBytes / stride + inputBytes / LEAST_STRIPE_BYTES + 2;
        long all = strides * one * wanted.columns().size();
        return settings.compression() == OrcCompression.NONE
                ? all
                : Math.min(all, all / LEAST_RATIO_OF_ZEROS + one * (inputBytes / 2 / stride + 1));
    }

    /** A stripe is moved to the next block when it does not fit: no gap is as long as a stripe. */
    private long paddingBytes(Padding padding, long contentBytes) {
        double tolerated = padding.tolerance() * settings.stripeSizeBytes();
        long most = Math.min(leastMemoryBytes, padding.blockSizeBytes()) / 4 * 3;
        long gap = (long) Math.min(tolerated, most);
        return contentBytes / (padding.blockSizeBytes() - gap) * gap;
    }

    /**
     * Of a value in a stream. A run of whole numbers has the width of its longest; decimals have
     * seven bits in a byte, and all digits behind the point; texts have lengths.
     */
    private static final class Uncompressed implements ValueGrowth.Widths {
        @Override
        public double primitive(Primitive type) {
            return switch (type) {
                case BOOLEAN, TINYINT -> 1;
                case SMALLINT -> 2;
                case INT, FLOAT, DATE -> 4;
                case BIGINT, DOUBLE, TIMESTAMP -> 8;
                case STRING, BINARY -> 4;
            };
        }

        @Override
        public double decimal(DecimalType type) {
            return type.precision() * 10 / 21 + 2;
        }

        /** It is filled up with blanks. */
        @Override
        public double character(CharType type) {
            return type.length() + 2;
        }

        @Override
        public double varchar(VarcharType type) {
            return 4;
        }
    }

    /** Of what texts are filled up with, compression leaves as much as of zeros. */
    private static final class Blanks extends ValueGrowth.Compressed {
        @Override
        public double character(CharType type) {
            return (double) type.length() / LEAST_RATIO_OF_ZEROS;
        }
    }
}

package io.delivery.format;

import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.CharType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.ColumnType.VarcharType;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How many bytes one byte of JSON becomes at most in the column that keeps unknown fields. A short
 * field within a struct is kept under its whole path, with the names of the table and the keys of
 * the record on the way to it. The shortest JSON of such a field is {@code 1,} in a struct that is
 * written as an array. Fields beside the columns are kept under their own keys: their growth is
 * that of the column ({@link ValueGrowth}).
 */
public final class KeptGrowth implements ColumnType.Visitor<Double> {
    /** A digit and a comma. */
    private static final int SHORTEST_FIELD = 2;

    /** A number in brackets: {@link RowBuffer#MAX_SLOTS} bounds it. */
    private static final int INDEX_BYTES = 9;

    /** The value of the shortest field, and the lengths of its path and of this value. */
    private static final int BYTES_OF_AN_ENTRY = 9;

    /** Of every compression, where names come again and again. */
    private static final int LEAST_RATIO_OF_NAMES = 16;

    /**
     * What the weakest compression leaves of a path beside that, however short it is: the digits
     * that differ from those of the path before, and where the others are. Measured with Snappy and
     * without dictionaries (SharedKeySizesTest).
     */
    private static final int COMPRESSED_PATH_BYTES = 3;

    /** A longer key is not found again by every compression when it is in the next path. */
    private static final int SHORTEST_WINDOW = 32 << 10;

    private final SharedKeys keys;
    private final boolean compressed;
    private final int pathBytes;

    private KeptGrowth(SharedKeys keys, boolean compressed, int pathBytes) {
        this.keys = keys;
        this.compressed = compressed;
        this.pathBytes = pathBytes;
    }

    /**
     * The growth of the column, or of the columns that one key fills, whose unknown fields grow
     * most.
     *
     * @param options how records are read
     * @param compressed whether the file's values are
     * @return 0 when unknown fields are not kept, or the table has no struct
     */
    public static double of(TableSchema table, DecoderOptions options, boolean compressed) {
        if (!options.unknownFields().keeps()) {
            return 0;
        }
        return new KeptGrowth(SharedKeys.of(options.serdeFor(table)), compressed, 0)
                .most(SharedKeys.fields(table));
    }

    private double most(List<ColumnType.Field> fields) {
        return keys.most(
                fields,
                (field, together) -> {
                    int name = field.name().getBytes(StandardCharsets.UTF_8).length;
                    return field.type().accept(longer(name + 1));
                });
    }

    private KeptGrowth longer(int bytes) {
        return new KeptGrowth(keys, compressed, pathBytes + bytes);
    }

    @Override
    public Double primitive(Primitive type) {
        return 0.0;
    }

    @Override
    public Double decimal(DecimalType type) {
        return 0.0;
    }

    @Override
    public Double character(CharType type) {
        return 0.0;
    }

    @Override
    public Double varchar(VarcharType type) {
        return 0.0;
    }

    @Override
    public Double array(ArrayType type) {
        return type.element().accept(longer(INDEX_BYTES));
    }

    /**
     * The record's key is in the path of each field. A key of k bytes and n fields behind it are k
     * + 2n bytes of JSON and k·n bytes of paths, of which there is a bound: most for each byte
     * where k is 2n. Compressed, it is most where the key is as long as the window.
     */
    @Override
    public Double map(MapType type) {
        double value = type.value().accept(longer(INDEX_BYTES));
        if (value == 0) {
            return 0.0;
        }
        double ofKeys =
                compressed
                        ? (double) UnknownFieldPolicy.Keep.MAX_PATH_BYTES / SHORTEST_WINDOW
                        : Math.sqrt(
                                UnknownFieldPolicy.Keep.MAX_PATH_BYTES / (4.0 * SHORTEST_FIELD));
        return value + ofKeys;
    }

    @Override
    public Double struct(StructType type) {
        double entry = pathBytes + INDEX_BYTES + BYTES_OF_AN_ENTRY;
        double own =
                compressed
                        ? SHORTEST_FIELD + COMPRESSED_PATH_BYTES + entry / LEAST_RATIO_OF_NAMES
                        : entry;
        return Math.max(own / SHORTEST_FIELD, most(type.fields()));
    }
}

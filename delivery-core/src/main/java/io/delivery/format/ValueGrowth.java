package io.delivery.format;

import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.CharType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.ColumnType.VarcharType;
import java.util.List;

/**
 * How many bytes one byte of JSON becomes at most in the values of a file. The shortest JSON of a
 * value counts: {@code "c":1,} in a record, whose mapping may give any column a key of one letter;
 * {@code 1,} in an array. A struct may be written as an array, too. A value whose key fills several
 * columns, or several fields of a struct, becomes a value of each of them.
 */
public final class ValueGrowth implements ColumnType.Visitor<Double> {
    /** A key of one letter in quotes, a colon, a digit and a comma. */
    private static final int OF_A_FIELD = 6;

    /** The key of a map may be empty. */
    private static final int OF_AN_ENTRY = 5;

    /** A digit and a comma. */
    private static final int OF_AN_ELEMENT = 2;

    private final Widths widths;
    private final SharedKeys keys;
    private final int leastJsonBytes;

    /**
     * Bytes that a value takes in the file, when its JSON is the shortest there is; where a text is
     * not filled up, that of one character.
     */
    public interface Widths {
        double primitive(Primitive type);

        double decimal(DecimalType type);

        double character(CharType type);

        double varchar(VarcharType type);
    }

    /** In a file that is compressed: of a value there is no more left than its JSON. */
    public static class Compressed implements Widths {
        @Override
        public double primitive(Primitive type) {
            return 0;
        }

        @Override
        public double decimal(DecimalType type) {
            return 0;
        }

        @Override
        public double character(CharType type) {
            return 0;
        }

        @Override
        public double varchar(VarcharType type) {
            return 0;
        }
    }

    private ValueGrowth(Widths widths, SharedKeys keys, int leastJsonBytes) {
        this.widths = widths;
        this.keys = keys;
        this.leastJsonBytes = leastJsonBytes;
    }

    /**
     * The growth of the column, or of the columns that one key fills, that grow most.
     *
     * @param serde that reads the records
     * @return at least 1
     */
    public static double of(TableSchema table, JsonSerDe serde, Widths widths) {
        return Math.max(
                1,
                new ValueGrowth(widths, SharedKeys.of(serde), OF_A_FIELD)
                        .most(SharedKeys.fields(table)));
    }

    /**
     * Of the fields that one key fills, those that grow most; each as much as its JSON at least.
     */
    private double most(List<ColumnType.Field> fields) {
        return keys.most(
                fields,
                (field, together) -> {
                    double growth = field.type().accept(this);
                    return together == 1 ? growth : Math.max(1, growth);
                });
    }

    private double growth(double valueBytes) {
        return valueBytes / leastJsonBytes;
    }

    private ValueGrowth elements() {
        return new ValueGrowth(widths, keys, OF_AN_ELEMENT);
    }

    @Override
    public Double primitive(Primitive type) {
        return growth(widths.primitive(type));
    }

    @Override
    public Double decimal(DecimalType type) {
        return growth(widths.decimal(type));
    }

    @Override
    public Double character(CharType type) {
        return growth(widths.character(type));
    }

    @Override
    public Double varchar(VarcharType type) {
        return growth(widths.varchar(type));
    }

    @Override
    public Double array(ArrayType type) {
        return type.element().accept(elements());
    }

    /** The key and the value of an entry have its JSON together. */
    @Override
    public Double map(MapType type) {
        ValueGrowth entry = new ValueGrowth(widths, keys, OF_AN_ENTRY);
        return type.key().accept(entry) + type.value().accept(entry);
    }

    @Override
    public Double struct(StructType type) {
        return elements().most(type.fields());
    }
}

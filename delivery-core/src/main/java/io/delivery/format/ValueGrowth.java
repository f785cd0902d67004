package io.delivery.format;

import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.CharType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.ColumnType.VarcharType;

/**
 * How many bytes one byte of JSON becomes at most in the values of a file that does not compress
 * them. The shortest JSON of a value counts: {@code "c":1,} in a record, whose mapping may give any
 * column a key of one letter; {@code 1,} in an array. A struct may be written as an array, too.
 */
public final class ValueGrowth implements ColumnType.Visitor<Double> {
    /** A key of one letter in quotes, a colon, a digit and a comma. */
    private static final int OF_A_FIELD = 6;

    /** The key of a map may be empty. */
    private static final int OF_AN_ENTRY = 5;

    /** A digit and a comma. */
    private static final int OF_AN_ELEMENT = 2;

    private final Widths widths;
    private final int leastJsonBytes;

    /**
     * Bytes that a value takes in the file, when its JSON is the shortest there is; where a text is
     * not filled up, that of one character.
     */
    public interface Widths {
        long primitive(Primitive type);

        long decimal(DecimalType type);

        long character(CharType type);

        long varchar(VarcharType type);
    }

    private ValueGrowth(Widths widths, int leastJsonBytes) {
        this.widths = widths;
        this.leastJsonBytes = leastJsonBytes;
    }

    /**
     * The growth of the column that grows most.
     *
     * @return at least 1
     */
    public static double of(TableSchema table, Widths widths) {
        double most = 1;
        for (TableSchema.Column column : table.columns()) {
            most = Math.max(most, column.type().accept(new ValueGrowth(widths, OF_A_FIELD)));
        }
        return most;
    }

    private double growth(long valueBytes) {
        return (double) valueBytes / leastJsonBytes;
    }

    private double element(ColumnType type) {
        return type.accept(new ValueGrowth(widths, OF_AN_ELEMENT));
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
        return element(type.element());
    }

    /** The key and the value of an entry have its JSON together. */
    @Override
    public Double map(MapType type) {
        ValueGrowth entry = new ValueGrowth(widths, OF_AN_ENTRY);
        return type.key().accept(entry) + type.value().accept(entry);
    }

    @Override
    public Double struct(StructType type) {
        double most = 0;
        for (ColumnType.Field field : type.fields()) {
            most = Math.max(most, element(field.type()));
        }
        return most;
    }
}

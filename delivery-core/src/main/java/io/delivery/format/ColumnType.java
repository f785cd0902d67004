package io.delivery.format;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A Hive type. {@code toString} gives the type string that {@link HiveTypes#parse} reads. */
public sealed interface ColumnType {
    /** What the visitor makes of this type. */
    <R> R accept(Visitor<R> visitor);

    /**
     * Knows every type: a new one does not compile before each visitor says what it makes of it.
     *
     * @param <R> what it makes
     */
    interface Visitor<R> {
        R primitive(Primitive type);

        R decimal(DecimalType type);

        R character(CharType type);

        R varchar(VarcharType type);

        R array(ArrayType type);

        R map(MapType type);

        R struct(StructType type);
    }

    /** The types without parameters. */
    enum Primitive implements ColumnType {
        BOOLEAN,
        TINYINT,
        SMALLINT,
        INT,
        BIGINT,
        FLOAT,
        DOUBLE,
        STRING,
        DATE,
        TIMESTAMP,
        BINARY;

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.primitive(this);
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Decimal numbers.
     *
     * @param precision digits altogether, 1 to 38
     * @param scale digits behind the point, 0 to precision
     */
    record DecimalType(int precision, int scale) implements ColumnType {
        // Hive's HiveDecimal.MAX_PRECISION and defaults
        public static final int MAX_PRECISION = 38;
        public static final DecimalType DEFAULT = new DecimalType(10, 0);

        public DecimalType {
            if (precision < 1 || precision > MAX_PRECISION) {
                throw new IllegalArgumentException(
                        "decimal precision must be 1 to " + MAX_PRECISION + ", was " + precision);
            }
            if (scale < 0 || scale > precision) {
                throw new IllegalArgumentException(
                        "decimal scale must be 0 to the precision " + precision + ", was " + scale);
            }
        }

        /** The fewest bytes that hold every unscaled value in two's complement, 1 to 16. */
        public int byteWidth() {
            return BigInteger.TEN.pow(precision).subtract(BigInteger.ONE).bitLength() / 8 + 1;
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.decimal(this);
        }

        @Override
        public String toString() {
            return "decimal(" + precision + "," + scale + ")";
        }
    }

    /**
     * Text of at most this many characters; longer values are cut.
     *
     * @param length 1 to 255
     */
    record CharType(int length) implements ColumnType {
        public CharType {
            if (length < 1 || length > 255) {
                throw new IllegalArgumentException("char length must be 1 to 255, was " + length);
            }
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.character(this);
        }

        @Override
        public String toString() {
            return "char(" + length + ")";
        }
    }

    /**
     * Text of at most this many characters; longer values are cut.
     *
     * @param length 1 to 65,535
     */
    record VarcharType(int length) implements ColumnType {
        public VarcharType {
            if (length < 1 || length > 65_535) {
                throw new IllegalArgumentException(
                        "varchar length must be 1 to 65535, was " + length);
            }
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.varchar(this);
        }

        @Override
        public String toString() {
            return "varchar(" + length + ")";
        }
    }

    /** Zero or more values in order. */
    record ArrayType(ColumnType element) implements ColumnType {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.array(this);
        }

        @Override
        public String toString() {
            return "array<" + element + ">";
        }
    }

    /** Values by key; a key is of a type without parts and is never null. */
    record MapType(ColumnType key, ColumnType value) implements ColumnType {
        public MapType {
            if (key instanceof ArrayType || key instanceof MapType || key instanceof StructType) {
                throw new IllegalArgumentException(
                        "the key of a map must have a primitive type, was " + key);
            }
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.map(this);
        }

        @Override
        public String toString() {
            return "map<" + key + "," + value + ">";
        }
    }

    /** Named values; at least one, no name twice whatever its case. */
    record StructType(List<Field> fields) implements ColumnType {
        public StructType {
            fields = List.copyOf(fields);
            if (fields.isEmpty()) {
                throw new IllegalArgumentException("a struct needs at least one field");
            }
            Set<String> names = new HashSet<>();
            for (Field field : fields) {
                if (!names.add(field.name().toLowerCase(Locale.ROOT))) {
                    throw new IllegalArgumentException("field " + field.name() + " is there twice");
                }
            }
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.struct(this);
        }

        @Override
        public String toString() {
            return fields.stream()
                    .map(field -> FieldNames.quoted(field.name()) + ":" + field.type())
                    .collect(Collectors.joining(",", "struct<", ">"));
        }
    }

    /**
     * One named value of a struct.
     *
     * @param name 1 to 255 characters, without control characters
     */
    record Field(String name, ColumnType type) {
        public Field {
            FieldNames.require(name, "field");
        }
    }
}

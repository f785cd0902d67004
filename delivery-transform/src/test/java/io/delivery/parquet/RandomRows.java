package io.delivery.parquet;

import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.CharType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.ColumnType.VarcharType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Invents types, and JSON that mostly fits them. A seed decides everything. */
final class RandomRows {
    private static final List<Primitive> PRIMITIVES = List.of(Primitive.values());
    private static final int MISFIT_IN = 60;

    private final Random random;

    RandomRows(long seed) {
        this.random = new Random(seed);
    }

    /** One to five columns, with parts within parts. */
    List<ColumnType> types() {
        return many(1, 5, () -> type(3));
    }

    private ColumnType type(int depth) {
        int kinds = depth == 0 ? 4 : 8;
        return switch (random.nextInt(kinds)) {
            case 0 -> decimal();
            case 1 -> random.nextBoolean() ? new CharType(3) : new VarcharType(4);
            case 2, 3 -> PRIMITIVES.get(random.nextInt(PRIMITIVES.size()));
            case 4, 5 -> new ArrayType(type(depth - 1));
            case 6 -> new MapType(Primitive.STRING, type(depth - 1));
            default -> {
                List<ColumnType.Field> fields = new ArrayList<>();
                for (ColumnType type : many(1, 3, () -> type(depth - 1))) {
                    fields.add(new ColumnType.Field("f" + fields.size(), type));
                }
                yield new StructType(fields);
            }
        };
    }

    private DecimalType decimal() {
        int precision = 1 + random.nextInt(DecimalType.MAX_PRECISION);
        return new DecimalType(precision, random.nextInt(precision + 1));
    }

    /** A record with a value for some of the columns {@code c0}, {@code c1} and so on. */
    String record(List<ColumnType> types) {
        List<String> fields = new ArrayList<>();
        for (int column = 0; column < types.size(); column++) {
            if (random.nextInt(8) > 0) {
                String key = random.nextInt(6) == 0 ? "C" : "c";
                fields.add("\"" + key + column + "\":" + value(types.get(column)));
            }
        }
        if (random.nextInt(5) == 0) {
            fields.add("\"unknown\":{\"a\":[1,{}]}");
        }
        return "{" + String.join(random.nextBoolean() ? "," : " ,\n", fields) + "}";
    }

    private String value(ColumnType type) {
        if (random.nextInt(9) == 0) {
            return "null";
        }
        if (random.nextInt(MISFIT_IN) == 0) {
            return "\"\\u0001no value\"";
        }
        if (type instanceof ArrayType array) {
            return random.nextInt(10) == 0
                    ? value(array.element())
                    : "[" + String.join(",", many(0, 4, () -> value(array.element()))) + "]";
        }
        if (type instanceof MapType map) {
            List<String> entries = new ArrayList<>();
            for (String value : many(0, 12, () -> value(map.value()))) {
                entries.add("\"k" + entries.size() + "\":" + value);
            }
            return "{" + String.join(",", entries) + "}";
        }
        if (type instanceof StructType struct) {
            List<String> fields = new ArrayList<>();
            for (ColumnType.Field field : struct.fields()) {
                if (random.nextInt(6) > 0) {
                    fields.add("\"" + field.name() + "\":" + value(field.type()));
                }
            }
            return "{" + String.join(",", fields) + "}";
        }
        if (type instanceof DecimalType decimal) {
            return quotedSometimes(decimal(decimal));
        }
        return type instanceof Primitive primitive ? primitive(primitive) : text();
    }

    private String decimal(DecimalType type) {
        int digits = 1 + random.nextInt(type.precision());
        BigInteger unscaled = new BigInteger(digits * 3, random);
        int scale = type.scale() + random.nextInt(2);
        BigDecimal value = new BigDecimal(unscaled, scale);
        return (random.nextBoolean() ? value : value.negate()).toPlainString();
    }

    private String primitive(Primitive type) {
        return switch (type) {
            case BOOLEAN -> quotedSometimes(String.valueOf(random.nextBoolean()));
            case TINYINT -> quotedSometimes(String.valueOf(random.nextInt(258) - 129));
            case SMALLINT -> quotedSometimes(String.valueOf((short) random.nextInt()));
            case INT -> quotedSometimes(String.valueOf(random.nextInt()));
            case BIGINT -> quotedSometimes(String.valueOf(random.nextLong()));
            // Quarters are the same in both widths.
            case FLOAT -> quotedSometimes(String.valueOf(random.nextInt(1 << 20) / 4.0));
            case DOUBLE -> quotedSometimes(String.valueOf(random.nextGaussian() * 1e10));
            case STRING, BINARY -> text();
            case DATE -> "\"" + LocalDate.ofEpochDay(random.nextInt(200_000) - 100_000) + "\"";
            case TIMESTAMP -> timestamp();
        };
    }

    private String timestamp() {
        long seconds = random.nextInt();
        return switch (random.nextInt(3)) {
            case 0 -> quotedSometimes(String.valueOf(seconds));
            case 1 -> String.valueOf(1_000_000_000_000L + random.nextInt(1 << 30));
            default ->
                    "\"%sT%02d:%02d:%02d.%06dZ\""
                            .formatted(
                                    LocalDate.ofEpochDay(random.nextInt(60_000) - 30_000),
                                    random.nextInt(24),
                                    random.nextInt(60),
                                    random.nextInt(60),
                                    random.nextInt(1_000_000));
        };
    }

    private String text() {
        return switch (random.nextInt(5)) {
            case 0 -> "\"\"";
            case 1 -> "\"gr\\u00fc\u00df \\ud83d\\ude00\\n\\\"\"";
            case 2 -> String.valueOf(random.nextInt());
            case 3 -> "true";
            default -> "\"" + "word ".repeat(random.nextInt(4)) + random.nextInt(50) + "\"";
        };
    }

    private String quotedSometimes(String value) {
        return random.nextInt(4) == 0 ? "\"" + value + "\"" : value;
    }

    private <T> List<T> many(int least, int most, Supplier<T> one) {
        List<T> made = new ArrayList<>();
        for (int i = least + random.nextInt(most - least + 1); i > 0; i--) {
            made.add(one.get());
        }
        return made;
    }
}

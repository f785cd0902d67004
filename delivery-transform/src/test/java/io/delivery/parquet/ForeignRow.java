package io.delivery.parquet;

import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.CharType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.StructType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * What a reader of others makes of a row, in the words of {@link ParquetJavaReader}. Values are
 * those that drivers of Java have, or texts of them; lists, and maps with names. Bytes are
 * hexadecimal, or a list of numbers.
 */
public final class ForeignRow {
    private final BiFunction<ColumnType, Object, String> shown;

    private ForeignRow(BiFunction<ColumnType, Object, String> shown) {
        this.shown = shown;
    }

    /** A row with bars between its values. */
    public static String text(List<?> row, List<ColumnType> types) {
        return text(row, types, ForeignRow::single);
    }

    /**
     * @param shown how a value without parts is shown
     */
    static String text(
            List<?> row, List<ColumnType> types, BiFunction<ColumnType, Object, String> shown) {
        ForeignRow foreign = new ForeignRow(shown);
        List<String> values = new ArrayList<>();
        for (int column = 0; column < types.size(); column++) {
            values.add(foreign.value(types.get(column), row.get(column)));
        }
        return String.join("|", values);
    }

    private String value(ColumnType type, Object value) {
        if (value == null) {
            return "null";
        }
        List<String> parts = new ArrayList<>();
        if (type instanceof ArrayType array) {
            ((List<?>) value).forEach(element -> parts.add(value(array.element(), element)));
            return "[" + String.join(",", parts) + "]";
        }
        if (type instanceof MapType map) {
            for (List<?> entry : entries(value)) {
                parts.add(value(map.key(), entry.get(0)) + ":" + value(map.value(), entry.get(1)));
            }
            return "<" + String.join(",", parts) + ">";
        }
        if (type instanceof StructType struct) {
            Map<?, ?> fields = (Map<?, ?>) value;
            for (ColumnType.Field field : struct.fields()) {
                parts.add(field.name() + "=" + value(field.type(), fields.get(field.name())));
            }
            return "{" + String.join(",", parts) + "}";
        }
        return shown.apply(type, value);
    }

    /** Of a map of Java, of a list of pairs, or of orc-tools' list of keys and values. */
    private static List<List<?>> entries(Object value) {
        List<List<?>> entries = new ArrayList<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, one) -> entries.add(Arrays.asList(key, one)));
        } else {
            for (Object entry : (List<?>) value) {
                entries.add(
                        entry instanceof Map<?, ?> named
                                ? Arrays.asList(named.get("_key"), named.get("_value"))
                                : (List<?>) entry);
            }
        }
        return entries;
    }

    private static String single(ColumnType type, Object value) {
        String text = String.valueOf(value);
        if (type == Primitive.BINARY && value instanceof List<?> numbers) {
            return numbers.stream()
                    .map(number -> HexFormat.of().toHexDigits(((Number) number).byteValue()))
                    .collect(Collectors.joining());
        }
        if (type instanceof DecimalType decimal) {
            return new BigDecimal(text).setScale(decimal.scale()).toPlainString();
        }
        if (type instanceof CharType) {
            return text.replaceFirst(" +$", "");
        }
        if (type == Primitive.FLOAT) {
            return String.valueOf(Float.parseFloat(number(text)));
        }
        if (type == Primitive.DOUBLE) {
            return String.valueOf(Double.parseDouble(number(text)));
        }
        if (type == Primitive.TIMESTAMP && !(value instanceof Instant)) {
            return LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC).toString();
        }
        return text;
    }

    /** As Java writes it. */
    private static String number(String text) {
        return switch (text) {
            case "nan" -> "NaN";
            case "inf" -> "Infinity";
            case "-inf" -> "-Infinity";
            default -> text;
        };
    }
}

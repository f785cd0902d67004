package io.delivery.parquet;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.CharType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.ColumnType.VarcharType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * What a record becomes by the rules of OpenX, worked out in the plainest way: a tree of JSON, and
 * Java's own conversions. Written apart from the decoder that it is compared with.
 */
final class ExpectedRow {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
                    .build();

    private final BinaryOperator<String> shown;

    private ExpectedRow(BinaryOperator<String> shown) {
        this.shown = shown;
    }

    /** A value that does not fit. */
    private static final class MisfitException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MisfitException(String message) {
            super(message);
        }
    }

    /**
     * As {@link ParquetJavaReader} shows it; empty when the record does not fit.
     *
     * @param shown by the name of a type and a value without parts: how a reader shows it
     */
    static Optional<String> of(String record, List<ColumnType> types, BinaryOperator<String> shown)
            throws Exception {
        ExpectedRow expected = new ExpectedRow(shown);
        JsonNode tree = JSON.readTree(record);
        List<String> values = new ArrayList<>();
        try {
            for (int column = 0; column < types.size(); column++) {
                JsonNode lower = tree.path("c" + column);
                values.add(
                        expected.value(
                                lower.isMissingNode() ? tree.path("C" + column) : lower,
                                types.get(column)));
            }
        } catch (MisfitException
                | ArithmeticException
                | java.time.DateTimeException
                | NumberFormatException e) {
            return Optional.empty();
        }
        return Optional.of(String.join("|", values));
    }

    /** What OpenX takes for a null where something with parts is wanted. */
    private static boolean isNullOf(ColumnType type, JsonNode node) {
        return node.isTextual()
                && (type instanceof ArrayType && node.asText().isEmpty()
                        || (type instanceof MapType || type instanceof StructType)
                                && node.asText().isBlank());
    }

    private String value(JsonNode node, ColumnType type) {
        if (node.isMissingNode() || node.isNull() || isNullOf(type, node)) {
            return "null";
        }
        if (type instanceof ArrayType array) {
            List<String> parts = new ArrayList<>();
            if (node.isArray()) {
                node.forEach(element -> parts.add(value(element, array.element())));
            } else {
                parts.add(value(node, array.element()));
            }
            return "[" + String.join(",", parts) + "]";
        }
        if (type instanceof MapType map) {
            List<String> parts = new ArrayList<>();
            for (Map.Entry<String, JsonNode> entry : object(node).properties()) {
                parts.add(entry.getKey() + ":" + value(entry.getValue(), map.value()));
            }
            return "<" + String.join(",", parts) + ">";
        }
        if (type instanceof StructType struct) {
            if (node.isArray()) {
                throw new MisfitException("the generator makes no arrays for structs");
            }
            List<String> parts = new ArrayList<>();
            for (ColumnType.Field field : struct.fields()) {
                parts.add(
                        field.name() + "=" + value(object(node).path(field.name()), field.type()));
            }
            return "{" + String.join(",", parts) + "}";
        }
        return shown.apply(type.toString(), single(node, type));
    }

    private static String single(JsonNode node, ColumnType type) {
        if (type instanceof DecimalType decimal) {
            BigDecimal rounded = number(node).setScale(decimal.scale(), RoundingMode.HALF_UP);
            if (rounded.precision() > decimal.precision()) {
                throw new MisfitException("too many digits");
            }
            return rounded.toPlainString();
        }
        if (type instanceof CharType text) {
            return cut(node.asText(), text.length()).replaceFirst(" +$", "");
        }
        if (type instanceof VarcharType text) {
            return cut(node.asText(), text.length());
        }
        return primitive(node, (Primitive) type);
    }

    private static String primitive(JsonNode node, Primitive type) {
        return switch (type) {
            case BOOLEAN -> {
                if (!node.asText().matches("true|false")) {
                    throw new MisfitException("no boolean");
                }
                yield node.asText();
            }
            case TINYINT -> String.valueOf(number(node).byteValueExact());
            case SMALLINT -> String.valueOf(number(node).shortValueExact());
            case INT -> String.valueOf(number(node).intValueExact());
            case BIGINT -> String.valueOf(number(node).longValueExact());
            case FLOAT -> String.valueOf(number(node).floatValue());
            case DOUBLE -> String.valueOf(Double.parseDouble(number(node).toString()));
            case STRING -> node.asText();
            case BINARY -> HexFormat.of().formatHex(node.asText().getBytes(StandardCharsets.UTF_8));
            case DATE -> LocalDate.parse(node.asText()).toString();
            case TIMESTAMP -> timestamp(node.asText()).toString();
        };
    }

    private static Instant timestamp(String text) {
        if (text.endsWith("Z")) {
            return Instant.parse(text);
        }
        long number = Long.parseLong(text);
        return Math.abs(number) < 1_000_000_000_000L
                ? Instant.ofEpochSecond(number)
                : Instant.ofEpochMilli(number);
    }

    private static BigDecimal number(JsonNode node) {
        return new BigDecimal(node.asText());
    }

    private static ObjectNode object(JsonNode node) {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new MisfitException("no object");
    }

    private static String cut(String text, int length) {
        return text.codePointCount(0, text.length()) <= length
                ? text
                : text.substring(0, text.offsetByCodePoints(0, length));
    }
}

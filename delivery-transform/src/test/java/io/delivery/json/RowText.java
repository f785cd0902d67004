package io.delivery.json;

import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.RowBuffer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Shows typed values as text, for comparisons. */
public final class RowText {
    private RowText() {}

    public static String of(ColumnType type, RowBuffer rows, int slot) {
        if (rows.isNull(slot)) {
            return "null";
        }
        if (type instanceof StructType struct) {
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < struct.fields().size(); i++) {
                ColumnType.Field field = struct.fields().get(i);
                parts.add(field.name() + "=" + of(field.type(), rows, rows.first(slot) + i));
            }
            return "{" + String.join(",", parts) + "}";
        }
        if (type instanceof ArrayType array) {
            List<String> parts = new ArrayList<>();
            for (int at = rows.first(slot); at >= 0; at = rows.next(at)) {
                parts.add(of(array.element(), rows, at));
            }
            return "[" + String.join(",", parts) + "]";
        }
        if (type instanceof MapType map) {
            List<String> parts = new ArrayList<>();
            for (int at = rows.first(slot); at >= 0; at = rows.next(at)) {
                parts.add(of(map.key(), rows, at) + ":" + of(map.value(), rows, at + 1));
            }
            return "<" + String.join(",", parts) + ">";
        }
        if (type instanceof DecimalType decimal) {
            byte[] unscaled = bytes(rows, slot);
            return new BigDecimal(new BigInteger(unscaled), decimal.scale()).toPlainString();
        }
        if (!(type instanceof Primitive primitive)) {
            return new String(bytes(rows, slot), StandardCharsets.UTF_8);
        }
        return switch (primitive) {
            case BOOLEAN -> String.valueOf(rows.number(slot) != 0);
            case TINYINT, SMALLINT, INT, BIGINT -> String.valueOf(rows.number(slot));
            case FLOAT -> String.valueOf((float) rows.real(slot));
            case DOUBLE -> String.valueOf(rows.real(slot));
            case STRING, BINARY -> new String(bytes(rows, slot), StandardCharsets.UTF_8);
            case DATE -> LocalDate.ofEpochDay(rows.number(slot)).toString();
            case TIMESTAMP -> Instant.ofEpochSecond(rows.number(slot), rows.extra(slot)).toString();
        };
    }

    private static byte[] bytes(RowBuffer rows, int slot) {
        int offset = rows.offset(slot);
        return Arrays.copyOfRange(rows.bytes(), offset, offset + rows.extra(slot));
    }
}

package io.delivery.parquet;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.Type;

/**
 * The values of a row, for the types that {@link ParquetTypes} has, in Java's own. A float is the
 * Double that reads as it does: 1.1 and not 1.100000023841858, which nobody wrote.
 */
final class RowValues {
    /** 1970-01-01: Parquet format, "INT96 timestamps". */
    private static final int JULIAN_DAY_OF_1970 = 2_440_588;

    private static final long SECONDS_OF_DAY = 86_400;

    private RowValues() {}

    /** By the names of the fields, in their order; a null has its name and no value. */
    static Map<String, Object> of(Group group, GroupType type) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int field = 0; field < type.getFieldCount(); field++) {
            values.put(type.getFieldName(field), field(group, field, type.getType(field)));
        }
        return values;
    }

    private static Object field(Group parent, int field, Type type) {
        if (parent.getFieldRepetitionCount(field) == 0) {
            return null;
        }
        return type.isPrimitive()
                ? primitive(parent, field, type)
                : group(parent.getGroup(field, 0), type.asGroupType());
    }

    private static Object group(Group group, GroupType type) {
        LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
        if (LogicalTypeAnnotation.listType().equals(meaning)) {
            GroupType element = type.getType(0).asGroupType();
            List<Object> list = new ArrayList<>();
            for (int i = 0; i < group.getFieldRepetitionCount(0); i++) {
                list.add(field(group.getGroup(0, i), 0, element.getType(0)));
            }
            return list;
        }
        if (LogicalTypeAnnotation.mapType().equals(meaning)) {
            GroupType entry = type.getType(0).asGroupType();
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < group.getFieldRepetitionCount(0); i++) {
                Group read = group.getGroup(0, i);
                map.put(field(read, 0, entry.getType(0)), field(read, 1, entry.getType(1)));
            }
            return map;
        }
        return of(group, type);
    }

    private static Object primitive(Group parent, int field, Type type) {
        LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
        return switch (type.asPrimitiveType().getPrimitiveTypeName()) {
            case BOOLEAN -> parent.getBoolean(field, 0);
            case INT32 ->
                    LogicalTypeAnnotation.dateType().equals(meaning)
                            ? LocalDate.ofEpochDay(parent.getInteger(field, 0))
                            : (Object) (long) parent.getInteger(field, 0);
            case INT64 ->
                    meaning instanceof TimestampLogicalTypeAnnotation
                            ? micros(parent.getLong(field, 0))
                            : (Object) parent.getLong(field, 0);
            case INT96 -> int96(parent.getInt96(field, 0).getBytes());
            case FLOAT -> Double.valueOf(Float.toString(parent.getFloat(field, 0)));
            case DOUBLE -> parent.getDouble(field, 0);
            case BINARY ->
                    meaning == null
                            ? HexFormat.of().formatHex(parent.getBinary(field, 0).getBytes())
                            : parent.getString(field, 0);
            case FIXED_LEN_BYTE_ARRAY ->
                    new BigDecimal(
                            new BigInteger(parent.getBinary(field, 0).getBytes()),
                            ((DecimalLogicalTypeAnnotation) meaning).getScale());
        };
    }

    private static Instant micros(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    }

    private static Instant int96(byte[] bytes) {
        ByteBuffer parts = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long nanosOfDay = parts.getLong();
        return Instant.ofEpochSecond(
                (parts.getInt() - JULIAN_DAY_OF_1970) * SECONDS_OF_DAY, nanosOfDay);
    }
}

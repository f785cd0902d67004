package io.delivery.parquet;

import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.CharType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.ColumnType.VarcharType;
import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/** Plays typed rows to Parquet's columns. Everything in a row fits by now: nothing fails here. */
final class RowWriter {
    private final String[] names;
    private final Value[] columns;

    RowWriter(TableSchema table, ParquetSettings.Timestamps timestamps) {
        List<TableSchema.Column> all = table.columns();
        names = all.stream().map(TableSchema.Column::name).toArray(String[]::new);
        columns = all.stream().map(column -> of(column.type(), timestamps)).toArray(Value[]::new);
    }

    void write(RowBuffer rows, int row, RecordConsumer out) {
        out.startMessage();
        fields(names, columns, rows, row, out);
        out.endMessage();
    }

    /** Writes one value that is not null. */
    private interface Value {
        void write(RowBuffer rows, int slot, RecordConsumer out);
    }

    private static void fields(
            String[] names, Value[] values, RowBuffer rows, int first, RecordConsumer out) {
        for (int i = 0; i < values.length; i++) {
            if (!rows.isNull(first + i)) {
                out.startField(names[i], i);
                values[i].write(rows, first + i, out);
                out.endField(names[i], i);
            }
        }
    }

    private static Value of(ColumnType type, ParquetSettings.Timestamps timestamps) {
        return type.accept(new Values(timestamps));
    }

    /** How the values of each type are written. */
    private record Values(ParquetSettings.Timestamps timestamps)
            implements ColumnType.Visitor<Value> {
        @Override
        public Value primitive(Primitive type) {
            return RowWriter.primitive(type, timestamps);
        }

        @Override
        public Value decimal(DecimalType type) {
            return RowWriter::bytes;
        }

        @Override
        public Value character(CharType type) {
            return RowWriter::withoutBlanksAtItsEnd;
        }

        @Override
        public Value varchar(VarcharType type) {
            return RowWriter::bytes;
        }

        @Override
        public Value array(ArrayType type) {
            return list(of(type.element(), timestamps));
        }

        @Override
        public Value map(MapType type) {
            return RowWriter.map(of(type.key(), timestamps), of(type.value(), timestamps));
        }

        @Override
        public Value struct(StructType type) {
            String[] names =
                    type.fields().stream().map(ColumnType.Field::name).toArray(String[]::new);
            Value[] values =
                    type.fields().stream()
                            .map(field -> of(field.type(), timestamps))
                            .toArray(Value[]::new);
            return (rows, slot, out) -> {
                out.startGroup();
                fields(names, values, rows, rows.first(slot), out);
                out.endGroup();
            };
        }
    }

    private static Value list(Value element) {
        return (rows, slot, out) -> {
            out.startGroup();
            int at = rows.first(slot);
            if (at >= 0) {
                out.startField("list", 0);
                for (; at >= 0; at = rows.next(at)) {
                    out.startGroup();
                    if (!rows.isNull(at)) {
                        out.startField("element", 0);
                        element.write(rows, at, out);
                        out.endField("element", 0);
                    }
                    out.endGroup();
                }
                out.endField("list", 0);
            }
            out.endGroup();
        };
    }

    private static Value map(Value key, Value value) {
        return (rows, slot, out) -> {
            out.startGroup();
            int at = rows.first(slot);
            if (at >= 0) {
                out.startField("key_value", 0);
                for (; at >= 0; at = rows.next(at)) {
                    out.startGroup();
                    out.startField("key", 0);
                    key.write(rows, at, out);
                    out.endField("key", 0);
                    if (!rows.isNull(at + 1)) {
                        out.startField("value", 1);
                        value.write(rows, at + 1, out);
                        out.endField("value", 1);
                    }
                    out.endGroup();
                }
                out.endField("key_value", 0);
            }
            out.endGroup();
        };
    }

    private static Value primitive(Primitive type, ParquetSettings.Timestamps timestamps) {
        return switch (type) {
            case BOOLEAN -> (rows, slot, out) -> out.addBoolean(rows.number(slot) != 0);
            case TINYINT, SMALLINT, INT, DATE ->
                    (rows, slot, out) -> out.addInteger((int) rows.number(slot));
            case BIGINT -> (rows, slot, out) -> out.addLong(rows.number(slot));
            case FLOAT -> (rows, slot, out) -> out.addFloat((float) rows.real(slot));
            case DOUBLE -> (rows, slot, out) -> out.addDouble(rows.real(slot));
            case STRING, BINARY -> RowWriter::bytes;
            case TIMESTAMP ->
                    switch (timestamps) {
                        case INT64_MICROS -> RowWriter::micros;
                        case INT96 -> RowWriter::int96;
                    };
        };
    }

    private static void bytes(RowBuffer rows, int slot, RecordConsumer out) {
        out.addBinary(
                Binary.fromReusedByteArray(rows.bytes(), rows.offset(slot), rows.extra(slot)));
    }

    /** As Hive writes a char: org.apache.hadoop.hive.common.type.HiveChar, getStrippedValue. */
    private static void withoutBlanksAtItsEnd(RowBuffer rows, int slot, RecordConsumer out) {
        byte[] bytes = rows.bytes();
        int offset = rows.offset(slot);
        int length = rows.extra(slot);
        while (length > 0 && bytes[offset + length - 1] == ' ') {
            length--;
        }
        out.addBinary(Binary.fromReusedByteArray(bytes, offset, length));
    }

    private static void micros(RowBuffer rows, int slot, RecordConsumer out) {
        out.addLong(rows.number(slot) * 1_000_000 + rows.extra(slot) / 1000);
    }

    /** Nanoseconds of the day and the Julian day, both little-endian. */
    private static void int96(RowBuffer rows, int slot, RecordConsumer out) {
        long seconds = rows.number(slot);
        byte[] bytes = new byte[12];
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(Math.floorMod(seconds, 86_400) * 1_000_000_000L + rows.extra(slot))
                // 1970-01-01 is Julian day 2,440,588.
                .putInt((int) (Math.floorDiv(seconds, 86_400) + 2_440_588));
        out.addBinary(Binary.fromConstantByteArray(bytes));
    }
}

package io.delivery.parquet.columns;

import io.delivery.format.RowBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Parts that have no parts: each type's values in the form that Parquet has for them. */
final class Leaves {
    /** 1970-01-01: Parquet format, "INT96 timestamps". */
    private static final int JULIAN_DAY_OF_1970 = 2_440_588;

    private static final int SECONDS_OF_DAY = 86_400;

    private Leaves() {}

    record Bool(BooleanColumn column) implements Part {
        @Override
        public void write(RowBuffer rows, int slot, int repetition) {
            column.add(rows.number(slot) != 0 ? 1 : 0, repetition);
        }

        @Override
        public void absent(int repetition, int definition) {
            column.absent(repetition, definition);
        }
    }

    record Whole(NumberColumn column) implements Part {
        @Override
        public void write(RowBuffer rows, int slot, int repetition) {
            column.add(rows.number(slot), repetition);
        }

        @Override
        public void absent(int repetition, int definition) {
            column.absent(repetition, definition);
        }
    }

    record Float32(NumberColumn column) implements Part {
        @Override
        public void write(RowBuffer rows, int slot, int repetition) {
            column.add(Float.floatToIntBits((float) rows.real(slot)), repetition);
        }

        @Override
        public void absent(int repetition, int definition) {
            column.absent(repetition, definition);
        }
    }

    record Float64(NumberColumn column) implements Part {
        @Override
        public void write(RowBuffer rows, int slot, int repetition) {
            column.add(Double.doubleToLongBits(rows.real(slot)), repetition);
        }

        @Override
        public void absent(int repetition, int definition) {
            column.absent(repetition, definition);
        }
    }

    record Micros(NumberColumn column) implements Part {
        @Override
        public void write(RowBuffer rows, int slot, int repetition) {
            column.add(rows.number(slot) * 1_000_000 + rows.extra(slot) / 1000, repetition);
        }

        @Override
        public void absent(int repetition, int definition) {
            column.absent(repetition, definition);
        }
    }

    /** Nanoseconds of the day and the Julian day, both little-endian. */
    record Int96(BytesColumn column, ByteBuffer bytes) implements Part {
        Int96(BytesColumn column) {
            this(column, ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN));
        }

        @Override
        public void write(RowBuffer rows, int slot, int repetition) {
            long seconds = rows.number(slot);
            long nanos = Math.floorMod(seconds, SECONDS_OF_DAY) * 1_000_000_000L;
            bytes.putLong(0, nanos + rows.extra(slot));
            bytes.putInt(
                    Long.BYTES, (int) Math.floorDiv(seconds, SECONDS_OF_DAY) + JULIAN_DAY_OF_1970);
            column.add(bytes.array(), 0, bytes.capacity(), repetition);
        }

        @Override
        public void absent(int repetition, int definition) {
            column.absent(repetition, definition);
        }
    }

    record Bytes(BytesColumn column) implements Part {
        @Override
        public void write(RowBuffer rows, int slot, int repetition) {
            column.add(rows.bytes(), rows.offset(slot), rows.extra(slot), repetition);
        }

        @Override
        public void absent(int repetition, int definition) {
            column.absent(repetition, definition);
        }
    }

    /** As Hive writes a char: org.apache.hadoop.hive.common.type.HiveChar, getStrippedValue. */
    record WithoutBlanksAtItsEnd(BytesColumn column) implements Part {
        @Override
        public void write(RowBuffer rows, int slot, int repetition) {
            byte[] bytes = rows.bytes();
            int offset = rows.offset(slot);
            int length = rows.extra(slot);
            while (length > 0 && bytes[offset + length - 1] == ' ') {
                length--;
            }
            column.add(bytes, offset, length, repetition);
        }

        @Override
        public void absent(int repetition, int definition) {
            column.absent(repetition, definition);
        }
    }
}

package io.delivery.orc;

import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.CharType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.ColumnType.VarcharType;
import io.delivery.format.RowBuffer;
import java.util.Arrays;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DateColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.Decimal64ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DecimalColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DoubleColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ListColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.MapColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.MultiValuedColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.StructColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;

/** Copies values of rows into ORC's vectors. Everything fits by now: nothing fails here. */
final class Columns {
    /** What a value takes in a vector of each kind, with its mark for null, in bytes. */
    private static final int NUMBER_BYTES = 9;

    private static final int TEXT_BYTES = 17;
    private static final int MOMENT_BYTES = 13;

    /** An object of its own. */
    private static final int DECIMAL_BYTES = 72;

    private static final int STRUCT_BYTES = 1;
    private static final int ELEMENTS_BYTES = 17;

    private Columns() {}

    /** The column of a type, with a vector that ORC made for that type. */
    static Column of(ColumnType type, ColumnVector vector) {
        return type.accept(new Kinds(vector));
    }

    /** One column of a batch, or what is within it. */
    abstract static class Column {
        private final ColumnVector vector;
        private final int valueBytes;

        Column(ColumnVector vector, int valueBytes) {
            this.vector = vector;
            this.valueBytes = valueBytes;
        }

        /**
         * Copies a value, or that there is none.
         *
         * @param slot of the value
         * @param texts what offsets of texts point into, from {@code base} on
         * @param at its place in the vector, which is large enough
         */
        final void put(RowBuffer rows, int slot, byte[] texts, int base, int at) {
            if (rows.isNull(slot)) {
                vector.isNull[at] = true;
                vector.noNulls = false;
            } else {
                set(rows, slot, texts, base, at);
            }
        }

        /** Copies a value that is not null. */
        abstract void set(RowBuffer rows, int slot, byte[] texts, int base, int at);

        /**
         * Forgets all values. The writer asks for nulls of lists also where there are none at all,
         * so every mark has to go.
         *
         * @param size values that the vector has
         */
        void clear(int size) {
            if (!vector.noNulls) {
                Arrays.fill(vector.isNull, 0, size, false);
                vector.noNulls = true;
            }
        }

        /** Memory of its vectors, whatever is in them, in bytes. */
        long heldBytes() {
            return (long) vector.isNull.length * valueBytes;
        }

        final void makeRoom(int size) {
            if (size > vector.isNull.length) {
                vector.ensureSize(Math.max(size, 2 * vector.isNull.length), true);
            }
        }
    }

    /** What holds the values of each type. */
    private record Kinds(ColumnVector vector) implements ColumnType.Visitor<Column> {
        @Override
        public Column primitive(Primitive type) {
            return switch (type) {
                case BOOLEAN, TINYINT, SMALLINT, INT, BIGINT ->
                        new Whole((LongColumnVector) vector);
                case DATE -> {
                    DateColumnVector days = (DateColumnVector) vector;
                    days.setUsingProlepticCalendar(true);
                    yield new Whole(days);
                }
                case FLOAT, DOUBLE -> new Real((DoubleColumnVector) vector);
                case STRING, BINARY -> new Text((BytesColumnVector) vector);
                case TIMESTAMP -> new Moment((TimestampColumnVector) vector);
            };
        }

        @Override
        public Column decimal(DecimalType type) {
            return vector instanceof Decimal64ColumnVector small
                    ? new SmallDecimal(small)
                    : new Decimal((DecimalColumnVector) vector, type.scale());
        }

        @Override
        public Column character(CharType type) {
            return new Text((BytesColumnVector) vector);
        }

        @Override
        public Column varchar(VarcharType type) {
            return new Text((BytesColumnVector) vector);
        }

        @Override
        public Column array(ArrayType type) {
            ListColumnVector list = (ListColumnVector) vector;
            return new Elements(list, of(type.element(), list.child));
        }

        @Override
        public Column map(MapType type) {
            MapColumnVector map = (MapColumnVector) vector;
            return new Elements(map, of(type.key(), map.keys), of(type.value(), map.values));
        }

        @Override
        public Column struct(StructType type) {
            StructColumnVector struct = (StructColumnVector) vector;
            Column[] fields = new Column[struct.fields.length];
            for (int i = 0; i < fields.length; i++) {
                fields[i] = of(type.fields().get(i).type(), struct.fields[i]);
            }
            return new Fields(struct, fields);
        }
    }

    private static final class Whole extends Column {
        private final LongColumnVector vector;

        Whole(LongColumnVector vector) {
            super(vector, NUMBER_BYTES);
            this.vector = vector;
        }

        @Override
        void set(RowBuffer rows, int slot, byte[] texts, int base, int at) {
            vector.vector[at] = rows.number(slot);
        }
    }

    private static final class Real extends Column {
        private final DoubleColumnVector vector;

        Real(DoubleColumnVector vector) {
            super(vector, NUMBER_BYTES);
            this.vector = vector;
        }

        @Override
        void set(RowBuffer rows, int slot, byte[] texts, int base, int at) {
            vector.vector[at] = rows.real(slot);
        }
    }

    private static final class Text extends Column {
        private final BytesColumnVector vector;

        Text(BytesColumnVector vector) {
            super(vector, TEXT_BYTES);
            this.vector = vector;
        }

        @Override
        void set(RowBuffer rows, int slot, byte[] texts, int base, int at) {
            vector.setRef(at, texts, base + rows.offset(slot), rows.extra(slot));
        }

        /** The bytes of a large record must not outlive their batch. */
        @Override
        void clear(int size) {
            super.clear(size);
            Arrays.fill(vector.vector, 0, size, null);
        }
    }

    private static final class Moment extends Column {
        private final TimestampColumnVector vector;

        Moment(TimestampColumnVector vector) {
            super(vector, MOMENT_BYTES);
            this.vector = vector;
            vector.setIsUTC(true);
            vector.changeCalendar(true, false);
        }

        /**
         * In milliseconds; what ORC has no form for does not come here, see {@link LostMoments}.
         */
        @Override
        void set(RowBuffer rows, int slot, byte[] texts, int base, int at) {
            int nanos = rows.extra(slot);
            vector.time[at] = rows.number(slot) * 1000 + nanos / 1_000_000;
            vector.nanos[at] = nanos;
        }
    }

    /** Up to 18 digits. */
    private static final class SmallDecimal extends Column {
        private final Decimal64ColumnVector vector;

        SmallDecimal(Decimal64ColumnVector vector) {
            super(vector, NUMBER_BYTES);
            this.vector = vector;
        }

        @Override
        void set(RowBuffer rows, int slot, byte[] texts, int base, int at) {
            int offset = base + rows.offset(slot);
            int end = offset + rows.extra(slot);
            long unscaled = texts[offset];
            for (int i = offset + 1; i < end; i++) {
                unscaled = unscaled << 8 | (texts[i] & 0xff);
            }
            vector.vector[at] = unscaled;
        }
    }

    private static final class Decimal extends Column {
        private final DecimalColumnVector vector;
        private final int scale;

        Decimal(DecimalColumnVector vector, int scale) {
            super(vector, DECIMAL_BYTES);
            this.vector = vector;
            this.scale = scale;
        }

        @Override
        void set(RowBuffer rows, int slot, byte[] texts, int base, int at) {
            vector.vector[at].setFromBigIntegerBytesAndScale(
                    texts, base + rows.offset(slot), rows.extra(slot), scale);
        }
    }

    private static final class Fields extends Column {
        private final Column[] fields;

        Fields(StructColumnVector vector, Column[] fields) {
            super(vector, STRUCT_BYTES);
            this.fields = fields;
        }

        @Override
        void set(RowBuffer rows, int slot, byte[] texts, int base, int at) {
            int first = rows.first(slot);
            for (int i = 0; i < fields.length; i++) {
                fields[i].put(rows, first + i, texts, base, at);
            }
        }

        @Override
        void clear(int size) {
            super.clear(size);
            for (Column field : fields) {
                field.clear(size);
            }
        }

        @Override
        long heldBytes() {
            long sum = super.heldBytes();
            for (Column field : fields) {
                sum += field.heldBytes();
            }
            return sum;
        }
    }

    /** An array has one vector of elements; a map has one of keys and one of values. */
    private static final class Elements extends Column {
        private final MultiValuedColumnVector vector;
        private final Column[] parts;

        Elements(MultiValuedColumnVector vector, Column... parts) {
            super(vector, ELEMENTS_BYTES);
            this.vector = vector;
            this.parts = parts;
        }

        @Override
        void set(RowBuffer rows, int slot, byte[] texts, int base, int at) {
            long first = vector.childCount;
            for (int e = rows.first(slot); e >= 0; e = rows.next(e)) {
                int child = vector.childCount++;
                for (int i = 0; i < parts.length; i++) {
                    parts[i].makeRoom(child + 1);
                    parts[i].put(rows, e + i, texts, base, child);
                }
            }
            vector.offsets[at] = first;
            vector.lengths[at] = vector.childCount - first;
        }

        @Override
        void clear(int size) {
            super.clear(size);
            for (Column part : parts) {
                part.clear(vector.childCount);
            }
            vector.childCount = 0;
        }

        @Override
        long heldBytes() {
            long sum = super.heldBytes();
            for (Column part : parts) {
                sum += part.heldBytes();
            }
            return sum;
        }
    }
}

package io.delivery.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The records of one accepted request, laid out as one journal frame's payload: for each record its
 * length (4 bytes, little-endian) and its bytes. Built in place by {@link Builder}, so that a
 * request is decoded straight into what will be written.
 *
 * <p>Immutable while anybody holds it; the array may be reused once the append has completed.
 */
public final class RecordBatch {
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** Bytes that each record takes beside its own. */
    public static final int RECORD_OVERHEAD = Integer.BYTES;

    private final byte[] array;
    private final int offset;
    private final int length;
    private final int count;
    private final long arrivalMillis;

    /**
     * A view of a payload.
     *
     * @param count number of records in it; the layout is believed (a journal checks its checksums
     *     first)
     */
    public RecordBatch(byte[] array, int offset, int length, int count, long arrivalMillis) {
        this.array = array;
        this.offset = offset;
        this.length = length;
        this.count = count;
        this.arrivalMillis = arrivalMillis;
    }

    /** Copies the given records into a batch: for tests and small tools. */
    public static RecordBatch of(long arrivalMillis, byte[]... records) {
        Builder builder = new Builder(Arrays.stream(records).mapToInt(r -> r.length + 4).sum());
        for (byte[] record : records) {
            int at = builder.reserve(record.length);
            System.arraycopy(record, 0, builder.array(), at, record.length);
            builder.commit(record.length);
        }
        return builder.build(arrivalMillis);
    }

    public byte[] array() {
        return array;
    }

    public int offset() {
        return offset;
    }

    /** Length of the payload: record bytes and their lengths. */
    public int length() {
        return length;
    }

    public int count() {
        return count;
    }

    /** The records' own bytes, without their lengths. */
    public long recordBytes() {
        return length - (long) count * RECORD_OVERHEAD;
    }

    public long arrivalMillis() {
        return arrivalMillis;
    }

    /**
     * A view of the first records of this batch, in the same memory.
     *
     * @param records from 0 to {@link #count}
     */
    public RecordBatch first(int records) {
        if (records < 0 || records > count) {
            throw new IllegalArgumentException("%d of %d records".formatted(records, count));
        }
        int end = offset;
        for (int i = 0; i < records; i++) {
            end += Integer.BYTES + (int) INT.get(array, end);
        }
        return new RecordBatch(array, offset, end - offset, records, arrivalMillis);
    }

    /** Walks the records in order. Not thread-safe; make one per walk. */
    public Cursor cursor() {
        return new Cursor();
    }

    /** Points at one record after the other. */
    public final class Cursor {
        private final DeliveryRecord record = new DeliveryRecord();
        private int next = offset;

        /** Moves on. Returns null behind the last record; otherwise the same view, moved. */
        public DeliveryRecord next() {
            if (next >= offset + length) {
                return null;
            }
            int size = (int) INT.get(array, next);
            record.at(array, next + Integer.BYTES, size, arrivalMillis);
            next += Integer.BYTES + size;
            return record;
        }
    }

    /** Lays records out one behind the other. Not thread-safe; may be reused after reset. */
    public static final class Builder {
        private byte[] array;
        private int length;
        private int count;

        public Builder(int expectedBytes) {
            this.array = new byte[Math.max(64, expectedBytes)];
        }

        /**
         * Builds in this memory, as long as it suffices: for whoever reuses arrays. Its contents
         * are overwritten.
         */
        public Builder(byte[] memory) {
            this.array = memory;
        }

        /** Forgets all records, keeps the memory. */
        public Builder reset() {
            length = 0;
            count = 0;
            return this;
        }

        /**
         * Makes room for a record of at most {@code maxLength} bytes.
         *
         * @return where in {@link #array()} its bytes begin; valid until the next reserve
         */
        public int reserve(int maxLength) {
            int needed = Math.addExact(length, Math.addExact(maxLength, Integer.BYTES));
            if (needed > array.length) {
                array =
                        Arrays.copyOf(
                                array,
                                (int) Math.max(needed, Math.min(array.length * 2L, 1 << 30)));
            }
            return length + Integer.BYTES;
        }

        /** Ends the reserved record at its actual length. */
        public void commit(int actualLength) {
            INT.set(array, length, actualLength);
            length += Integer.BYTES + actualLength;
            count++;
        }

        /**
         * Where the next record's bytes are to be written; changes when {@link #reserve} grows it.
         */
        public byte[] array() {
            return array;
        }

        public int count() {
            return count;
        }

        /** The records' own bytes so far. */
        public long recordBytes() {
            return length - (long) count * RECORD_OVERHEAD;
        }

        /** A batch over this builder's memory: valid until the next reset or reserve. */
        public RecordBatch build(long arrivalMillis) {
            return new RecordBatch(array, 0, length, count, arrivalMillis);
        }
    }
}

package io.delivery.testkit;

import io.delivery.log.Log;
import io.delivery.log.LogReader;
import io.delivery.record.RecordBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A log in memory that somebody else owns, as a broker owns a partition of a topic: it outlives the
 * process that reads it. It has sequences without a record – marks of its own, transactions that
 * were aborted, records that were withdrawn – and records that were lost. Thread-safe.
 */
public final class MemoryLog implements Log {
    /** Bytes around those of a batch: nobody may take the array for the batch. */
    private static final int MARGIN = 5;

    private final List<Slot> slots = new ArrayList<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private long begin;
    private long durableEnd;
    private int failures;

    private enum Meaning {
        UNDECIDED,
        RECORD,
        LOST,
        ABSENT
    }

    /** One sequence. */
    private static final class Slot {
        private final long batch;
        private final long arrivalMillis;
        private byte[] bytes;
        private Meaning meaning;

        Slot(long batch, long arrivalMillis, byte[] bytes, Meaning meaning) {
            this.batch = batch;
            this.arrivalMillis = arrivalMillis;
            this.bytes = bytes;
            this.meaning = meaning;
        }

        void is(Meaning now) {
            meaning = now;
            bytes = now == Meaning.RECORD ? bytes : new byte[0];
        }
    }

    // --- what its producers and its owner do ---

    /**
     * Appends a batch. It is durable at once, and can be read when every transaction that began
     * before it is decided.
     *
     * @return the sequence of its first record
     */
    public long append(long arrivalMillis, byte[]... records) {
        return add(arrivalMillis, Meaning.RECORD, records);
    }

    /** Appends a batch that is no record's before its transaction is committed. */
    public Transaction begin(long arrivalMillis, byte[]... records) {
        return new Transaction(add(arrivalMillis, Meaning.UNDECIDED, records), records.length);
    }

    /** Appends a mark of the log's own. */
    public void mark() {
        add(0, Meaning.ABSENT, new byte[0]);
    }

    private long add(long arrivalMillis, Meaning meaning, byte[]... records) {
        long first;
        synchronized (this) {
            first = slots.size();
            for (byte[] record : records) {
                slots.add(new Slot(first, arrivalMillis, record.clone(), meaning));
            }
            moveOn();
        }
        tell();
        return first;
    }

    /** Records that are decided together. */
    public final class Transaction {
        private final long first;
        private final int count;

        private Transaction(long first, int count) {
            this.first = first;
            this.count = count;
        }

        /** The sequence of its first record. */
        public long first() {
            return first;
        }

        /** Its records can be read, and a mark follows them. */
        public void commit() {
            decide(Meaning.RECORD);
        }

        /** Its records never were, and a mark follows them. */
        public void abort() {
            decide(Meaning.ABSENT);
        }

        private void decide(Meaning meaning) {
            synchronized (MemoryLog.this) {
                for (long sequence = first; sequence < first + count; sequence++) {
                    Slot slot = slots.get((int) sequence);
                    if (slot.meaning != Meaning.UNDECIDED) {
                        throw new IllegalStateException("decided already: " + sequence);
                    }
                    slot.is(meaning);
                }
            }
            mark();
        }
    }

    /** The log keeps this record no longer: a newer one has its key. */
    public synchronized void withdraw(long sequence) {
        change(sequence, sequence + 1, Meaning.ABSENT);
    }

    /** The medium loses the records from here to before there. */
    public synchronized void lose(long from, long to) {
        change(from, to, Meaning.LOST);
    }

    private void change(long from, long to, Meaning meaning) {
        for (long sequence = from; sequence < to; sequence++) {
            Slot slot = slots.get((int) sequence);
            if (slot.meaning == Meaning.RECORD) {
                slot.is(meaning);
            }
        }
    }

    /** Everything below is gone, whoever still wanted to read it. */
    public synchronized void expire(long sequence) {
        begin = Math.max(begin, Math.min(sequence, durableEnd));
        for (int gone = 0; gone < begin; gone++) {
            slots.get(gone).bytes = new byte[0];
        }
    }

    /** So many looks of readers fail. */
    public synchronized void failReads(int times) {
        failures = times;
    }

    /** The process that read it has ended: nobody hears what becomes durable. */
    public void readersAreGone() {
        listeners.clear();
    }

    private void moveOn() {
        while (durableEnd < slots.size()
                && slots.get((int) durableEnd).meaning != Meaning.UNDECIDED) {
            durableEnd++;
        }
    }

    private void tell() {
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException failed) {
                // Its own affair: the log and the other listeners go on.
            }
        }
    }

    // --- the log ---

    @Override
    public synchronized long nextSequence() {
        return slots.size();
    }

    @Override
    public synchronized long durableEnd() {
        return durableEnd;
    }

    @Override
    public synchronized long begin() {
        return begin;
    }

    @Override
    public synchronized long durableBytesFrom(long sequence) {
        long sum = 0;
        for (long at = Math.max(begin, sequence); at < durableEnd; at++) {
            Slot slot = slots.get((int) at);
            sum += slot.meaning == Meaning.RECORD ? slot.bytes.length + Integer.BYTES : 0;
        }
        return sum;
    }

    @Override
    public LogReader read(long fromSequence) {
        return new Reader(fromSequence);
    }

    @Override
    public void onDurable(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void forgetBelow(long sequence) {
        expire(sequence);
    }

    private final class Reader implements LogReader {
        private long position;
        private boolean begun;
        private boolean closed;
        private byte[] given = new byte[0];

        Reader(long fromSequence) {
            this.position = fromSequence;
        }

        @Override
        public Entry next() throws IOException {
            if (closed) {
                throw new IllegalStateException("the reader is closed");
            }
            // Whoever still looks at the last entry's bytes sees that it must not.
            Arrays.fill(given, (byte) '?');
            synchronized (MemoryLog.this) {
                if (failures > 0) {
                    failures--;
                    throw new IOException("injected: the log does not answer");
                }
                if (position >= durableEnd) {
                    return null;
                }
                Entry entry = entry();
                position = entry.end();
                begun = true;
                return entry;
            }
        }

        private Entry entry() {
            if (position < begin) {
                return new Lost(position, begin);
            }
            Meaning meaning = slots.get((int) position).meaning;
            return switch (meaning) {
                case LOST -> new Lost(position, end(meaning));
                case ABSENT -> new Absent(position, end(meaning));
                case RECORD -> records();
                case UNDECIDED -> throw new IllegalStateException("durable and undecided");
            };
        }

        /** Behind the last sequence in a row that means the same. */
        private long end(Meaning meaning) {
            long end = position;
            while (end < durableEnd && slots.get((int) end).meaning == meaning) {
                end++;
            }
            return end;
        }

        /**
         * Those of one batch: all of them in front of the position, too, if reading begins here.
         */
        private Records records() {
            long batch = slots.get((int) position).batch;
            long first = position;
            while (!begun && first > begin && isRecordOf(batch, first - 1)) {
                first--;
            }
            long end = position;
            while (end < durableEnd && isRecordOf(batch, end)) {
                end++;
            }
            byte[][] bytes = new byte[(int) (end - first)][];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = slots.get((int) first + i).bytes;
            }
            RecordBatch packed = RecordBatch.of(0, bytes);
            given = new byte[packed.length() + 2 * MARGIN];
            System.arraycopy(packed.array(), 0, given, MARGIN, packed.length());
            return new Records(
                    first,
                    new RecordBatch(
                            given,
                            MARGIN,
                            packed.length(),
                            packed.count(),
                            slots.get((int) first).arrivalMillis));
        }

        private boolean isRecordOf(long batch, long sequence) {
            Slot slot = slots.get((int) sequence);
            return slot.batch == batch && slot.meaning == Meaning.RECORD;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}

package io.delivery.lane.encode;

import io.delivery.buffer.SpoolLostException;
import io.delivery.failure.FailureText;
import io.delivery.failure.RepeatedFailure;
import io.delivery.format.RecordEncoder;
import io.delivery.format.RecordSource;
import io.delivery.format.RejectedRecords;
import io.delivery.landing.SequenceList;
import io.delivery.lane.components.LaneComponents;
import io.delivery.lane.range.PartitionBuffer;
import io.delivery.lane.range.StagedGroup;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.record.Failure;
import io.delivery.record.SequencedRecord;
import io.delivery.staging.StagedBytes;
import io.delivery.staging.Staging;
import io.delivery.world.Clock;
import io.delivery.world.DiskFullException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Encodes the buffers of one group into one staging file and makes it durable. Runs on an encoder
 * thread and touches nothing of the lane but the buffers it was given.
 */
public final class GroupEncoder {
    /** An encoder that breaks down at more records of one object is broken itself. */
    private static final int MAX_CONDEMNED = 100;

    private static final Failure BROKE_DOWN =
            new Failure(
                    Failure.Kind.FORMAT_CONVERSION_FAILED,
                    "DataFormatConversion.ConversionFailureException", // contract §6.8
                    "The encoder broke down at this record");

    private final LaneComponents components;
    private final long memoryBytes;
    private final Staging staging;
    private final Clock clock;
    private final Metrics metrics;
    private final String stream;
    private final RepeatedFailure breakdowns;

    /**
     * @param memoryBytes that are reserved for an encoder
     */
    GroupEncoder(
            LaneComponents components,
            long memoryBytes,
            Staging staging,
            Clock clock,
            Metrics metrics,
            String stream,
            RepeatedFailure breakdowns) {
        this.components = components;
        this.memoryBytes = memoryBytes;
        this.staging = staging;
        this.clock = clock;
        this.metrics = metrics;
        this.stream = stream;
        this.breakdowns = breakdowns;
    }

    /**
     * @param staged the objects; buffers all of whose records were rejected have none
     * @param rejects per buffer that had any
     */
    public record Result(StagedGroup staged, List<Rejects> rejects) {}

    /** Which records of a buffer did not convert, by their place in it, and why. */
    public static final class Rejects {
        private final PartitionBuffer buffer;
        private final Map<Failure, Failure> reasons = new HashMap<>();
        private int[] places = new int[16];
        private Failure[] failures = new Failure[16];
        private int count;

        Rejects(PartitionBuffer buffer) {
            this.buffer = buffer;
        }

        private void add(int place, Failure failure) {
            if (count == places.length) {
                places = Arrays.copyOf(places, count * 2);
                failures = Arrays.copyOf(failures, count * 2);
            }
            places[count] = place;
            // Reasons repeat; the records do not.
            failures[count] =
                    reasons.size() < 1024
                            ? reasons.computeIfAbsent(failure, f -> f)
                            : reasons.getOrDefault(failure, failure);
            count++;
        }

        boolean isEmpty() {
            return count == 0;
        }

        /** How many they are. */
        public long count() {
            return count;
        }

        /** Reads the rejected records again, from the first one on. */
        public Reader reader() {
            return new Reader();
        }

        /** Gives one rejected record after the other. */
        public final class Reader {
            private final RecordSource records = buffer.records().records();
            private int read;
            private int given;
            private SequencedRecord record;

            /** Moves on; false behind the last one. */
            public boolean advance() throws IOException {
                if (given == count) {
                    return false;
                }
                while (read <= places[given]) {
                    record = records.next();
                    read++;
                }
                given++;
                return true;
            }

            /** A view that the next call of {@link #advance} reuses. */
            public SequencedRecord record() {
                return record;
            }

            public Failure failure() {
                return failures[given - 1];
            }
        }
    }

    /**
     * Encodes and stages; leaves nothing behind when it throws.
     *
     * @throws io.delivery.format.MemoryNeededException when the reserved memory is not enough
     * @throws SpoolLostException when records of the group must be read from the log again
     */
    Result encode(List<PartitionBuffer> group) throws IOException {
        List<StagedGroup.Member> members = new ArrayList<>(group.size());
        List<Rejects> rejects = new ArrayList<>(0);
        List<RecordEncoder> encoders = new ArrayList<>(group.size());
        try (Staging.StagingFile file = staging.open()) {
            for (PartitionBuffer buffer : group) {
                long begun = clock.nanoTime();
                Counting records = encodeIsolating(buffer, file, encoders);
                if (!records.rejected.isEmpty()) {
                    rejects.add(records.rejected);
                }
                if (records.kept == 0) {
                    file.discard();
                } else {
                    members.add(member(buffer, records, file.end()));
                }
                metrics.observe(Metric.ENCODE_SECONDS, stream, clock.nanoTime() - begun);
            }
            if (!members.isEmpty()) {
                file.stage();
            }
        }
        // Only now: of a group that fails all objects are encoded again.
        encoders.forEach(RecordEncoder::staged);
        return new Result(new StagedGroup(members), rejects);
    }

    /**
     * A record at which the encoder breaks down goes to the error output, and its neighbours are
     * encoded without it: one bad record never affects another.
     *
     * @param encoders the one that has written the object is added
     */
    private Counting encodeIsolating(
            PartitionBuffer buffer, Staging.StagingFile file, List<RecordEncoder> encoders)
            throws IOException {
        BitSet condemned = new BitSet();
        while (true) {
            Counting records = new Counting(buffer, condemned);
            Noting out = new Noting(file.begin());
            try {
                RecordEncoder encoder = encoder(buffer);
                encoder.encode(records, out, records::rejectLast);
                out.requireWritten();
                records.drained();
                encoders.add(encoder);
                return records;
            } catch (IOException failed) {
                records.requireReadable();
                throw failed;
            } catch (RuntimeException | StackOverflowError defect) {
                file.discard();
                records.requireReadable();
                out.requireWritten();
                if (DiskFullException.isBehind(defect)) { // of a file of the encoder's own
                    throw new DiskFullException(FailureText.of(defect), defect);
                }
                if (records.place < 0
                        || condemned.get(records.place)
                        || condemned.cardinality() == MAX_CONDEMNED) {
                    throw new IOException("the encoder fails: " + FailureText.of(defect), defect);
                }
                breakdowns.failedOnce(defect, "place", records.place);
                condemned.set(records.place);
            }
        }
    }

    private RecordEncoder encoder(PartitionBuffer buffer) {
        return buffer.kind().isError()
                ? GroupEncoder::writeErrors
                : components.encoder().encoder(memoryBytes);
    }

    /** Error lines are ready as they are: uncompressed, one behind the other. */
    private static void writeErrors(RecordSource lines, OutputStream out, RejectedRecords rejected)
            throws IOException {
        for (SequencedRecord line = lines.next(); line != null; line = lines.next()) {
            out.write(line.array(), line.offset(), line.length());
        }
    }

    private StagedGroup.Member member(PartitionBuffer buffer, Counting records, StagedBytes bytes) {
        return new StagedGroup.Member(
                buffer.kind(),
                buffer.prefix(),
                records.oldestMillis,
                buffer.kind().isError() ? "" : components.encoder().contentEncoding(),
                bytes,
                records.keptBytes,
                records.kept,
                records.sequences());
    }

    /**
     * Gives an encoder the file to write to, and keeps what the disk says: an encoder may wrap that
     * in an exception of its own, or go on.
     */
    private static final class Noting extends OutputStream {
        private final OutputStream file;
        private IOException failure;

        Noting(OutputStream file) {
            this.file = file;
        }

        @Override
        public void write(int b) throws IOException {
            try {
                file.write(b);
            } catch (IOException failed) {
                throw noted(failed);
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                file.write(bytes, offset, length);
            } catch (IOException failed) {
                throw noted(failed);
            }
        }

        @Override
        public void flush() throws IOException {
            try {
                file.flush();
            } catch (IOException failed) {
                throw noted(failed);
            }
        }

        @Override
        public void close() throws IOException {
            try {
                file.close();
            } catch (IOException failed) {
                throw noted(failed);
            }
        }

        private IOException noted(IOException failed) {
            failure = failure == null ? failed : failure;
            return failed;
        }

        /** Fails when something could not be written: neither a record nor the encoder did that. */
        void requireWritten() throws IOException {
            if (failure != null) {
                throw failure;
            }
        }
    }

    /** Gives an encoder its records and notes which of them are in the object. */
    private static final class Counting implements RecordSource {
        private final RecordSource records;
        private final BitSet condemned;
        private final Rejects rejected;
        private final SequenceList.Builder ascending = new SequenceList.Builder();
        private List<long[]> unordered;
        private SpoolLostException lost;
        private SequencedRecord last;
        private long lastSequence;
        private int lastPart;
        private boolean lastIsLastPart;
        private long lastArrival;
        private int lastLength;
        private int place = -1;
        private long kept;
        private long keptBytes;
        private long oldestMillis;
        private long highestSequence = -1;
        private int highestPart = -1;

        Counting(PartitionBuffer buffer, BitSet condemned) {
            this.records = buffer.records().records();
            this.condemned = condemned;
            this.rejected = new Rejects(buffer);
        }

        @Override
        public SequencedRecord next() throws IOException {
            keepLast();
            last = read();
            place++;
            while (last != null && condemned.get(place)) {
                rejected.add(place, BROKE_DOWN);
                last = read();
                place++;
            }
            if (last != null) {
                lastSequence = last.sequence();
                lastPart = last.part();
                lastIsLastPart = last.lastPart();
                lastArrival = last.arrivalMillis();
                lastLength = last.length();
            }
            return last;
        }

        private SequencedRecord read() throws IOException {
            try {
                return records.next();
            } catch (SpoolLostException failed) {
                lost = failed;
                throw failed;
            }
        }

        /**
         * Fails when records could not be read from the spool, whatever the encoder made of that
         * failure: neither a record nor the encoder has caused it.
         */
        void requireReadable() throws SpoolLostException {
            if (lost != null) {
                throw lost;
            }
        }

        private void rejectLast(Failure failure) {
            rejected.add(place, failure);
            last = null;
        }

        private void keepLast() {
            if (last == null) {
                return;
            }
            if (kept == 0 || lastSequence < oldestSequence) {
                oldestMillis = lastArrival;
                oldestSequence = lastSequence;
            }
            kept++;
            keptBytes += lastLength;
            boolean ordered =
                    lastSequence > highestSequence
                            || lastSequence == highestSequence && lastPart > highestPart;
            if (unordered == null && ordered) {
                ascending.add(lastSequence, lastPart, lastIsLastPart);
                highestSequence = lastSequence;
                highestPart = lastPart;
            } else {
                addUnordered();
            }
            last = null;
        }

        private long oldestSequence;

        /**
         * Records that did not convert join the error output late: its list is sorted at the end.
         */
        private void addUnordered() {
            if (unordered == null) {
                unordered = new ArrayList<>();
                SequenceList.Cursor soFar = ascending.build().cursor();
                while (soFar.advance()) {
                    unordered.add(
                            new long[] {soFar.sequence(), soFar.part(), soFar.lastPart() ? 1 : 0});
                }
            }
            unordered.add(new long[] {lastSequence, lastPart, lastIsLastPart ? 1 : 0});
        }

        SequenceList sequences() {
            if (unordered == null) {
                return ascending.build();
            }
            unordered.sort(
                    (a, b) -> a[0] != b[0] ? Long.compare(a[0], b[0]) : Long.compare(a[1], b[1]));
            SequenceList.Builder sorted = new SequenceList.Builder();
            unordered.forEach(name -> sorted.add(name[0], (int) name[1], name[2] == 1));
            return sorted.build();
        }

        /** An encoder that stops early would lose records in silence. */
        void drained() throws IOException {
            keepLast();
            if (records.next() != null) {
                throw new IOException("the encoder stopped before the last record of its object");
            }
        }
    }
}

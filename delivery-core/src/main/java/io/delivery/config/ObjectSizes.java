package io.delivery.config;

import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;

/**
 * How large the ranges and objects of a stream can become within the limits, when all streams fill
 * alike: the arithmetic of {@link DiskDivision} and of the lists of sequences in memory, for
 * records of ordinary size. Sizes are bytes of records, as buffering hints count them: before
 * encoding and compression.
 *
 * @param rangeBytes what a range may hold in its open buffers, spooled for the most part
 * @param rangeRecords how many records a range of a partitioned stream may have, by the memory for
 *     its lists of sequences; not bounded otherwise
 * @param objectBytes the largest object, if the size hint does not close it before
 */
public record ObjectSizes(long rangeBytes, long rangeRecords, long objectBytes) {
    /** Records of this size are taken for ordinary. */
    public static final int ORDINARY_RECORD_BYTES = 256;

    /** Beside a record in the spool and in the journal, roughly: its number, arrival and length. */
    private static final int BYTES_BESIDE_RECORD = 8;

    /** Of a list of sequences for each record, where neighbours go to different objects. */
    private static final int LIST_BYTES_OF_RECORD = 3;

    /** Lists of sequences may take half of the memory for blocks before a range is sealed. */
    private static final int LISTS_OF_ALL = 2;

    /** The footer of an object by a wide table is what may weigh most beside its records. */
    private static final long BYTES_OF_OBJECT = 256 << 10;

    private static final long STEP = 1L << 20;
    private static final long MOST_DISK = 1L << 50;

    /**
     * Of a stream whose objects take about as many bytes as their records.
     *
     * @param streams of the whole configuration; each of them counts alike
     */
    public static ObjectSizes of(StreamDefinition stream, int streams, Limits limits) {
        return of(stream, streams, limits, ObjectSizes::encoded);
    }

    /**
     * @param streams of the whole configuration; each of them counts alike
     * @param encoded bytes that an object of so many bytes of records may take at most, roughly;
     *     not less for more bytes of records
     */
    public static ObjectSizes of(
            StreamDefinition stream, int streams, Limits limits, LongUnaryOperator encoded) {
        int lanes = stream.backup().isPresent() ? 2 : 1;
        long share = limits.diskBytes() / Math.max(1, streams);
        long lane = DiskDivision.laneBytes(share, lanes);
        long journal = DiskDivision.journalBytes(share, lanes);
        long buffers = DiskDivision.buffersBytes(lane, Limits.LANE_KEPT_BYTES);
        long sideBySide = DiskDivision.sideBySideBytes(lane, Limits.LANE_KEPT_BYTES);
        long ofJournal = withoutOverhead(DiskDivision.rangeBytes(journal));
        // One object, spooled and encoded.
        long object =
                most(bytes -> withOverhead(bytes) + encoded.applyAsLong(bytes) <= buffers, buffers);
        long range =
                stream.partitioning().isPresent()
                        ? Math.max(
                                object,
                                withoutOverhead(
                                        buffers
                                                - Math.max(
                                                        sideBySide,
                                                        encoded.applyAsLong(
                                                                Math.min(
                                                                        sizeHint(stream.buffer()),
                                                                        object)))))
                        : object;
        long lists = MemoryDivision.of(limits.memoryBytes()).blockBytes() / LISTS_OF_ALL;
        return new ObjectSizes(
                Math.min(range, ofJournal),
                stream.partitioning().isPresent()
                        ? lists / Math.max(1, streams) / LIST_BYTES_OF_RECORD
                        : Long.MAX_VALUE,
                Math.min(object, ofJournal));
    }

    private static long sizeHint(BufferingHints hints) {
        return (long) hints.sizeInMBs() << 20;
    }

    /** What an object takes that is not larger than its records, but for its framing. */
    public static long encoded(long bytes) {
        return bytes + bytes / 8 + BYTES_OF_OBJECT;
    }

    private static long withOverhead(long bytes) {
        return bytes + bytes / ORDINARY_RECORD_BYTES * BYTES_BESIDE_RECORD;
    }

    private static long withoutOverhead(long bytes) {
        return Math.max(
                0, bytes / (ORDINARY_RECORD_BYTES + BYTES_BESIDE_RECORD) * ORDINARY_RECORD_BYTES);
    }

    /** The largest number that holds, up to this one. */
    private static long most(LongPredicate holds, long upTo) {
        long low = 0;
        long high = upTo + 1;
        while (high - low > 1) {
            long middle = low + (high - low) / 2;
            if (holds.test(middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** What a range may hold of records of ordinary size, by disk and by memory. */
    public long ordinaryRangeBytes() {
        return rangeRecords > Long.MAX_VALUE / ORDINARY_RECORD_BYTES
                ? rangeBytes
                : Math.min(rangeBytes, rangeRecords * ORDINARY_RECORD_BYTES);
    }

    /** Whether so many partitions that fill alike can all reach the size hint at the same time. */
    public boolean reach(BufferingHints hints, int partitions) {
        long hint = sizeHint(hints);
        return hint <= objectBytes && hint * partitions <= ordinaryRangeBytes();
    }

    /** How many partitions that fill alike can reach the size hint at the same time. */
    public long partitionsThatReach(BufferingHints hints) {
        return ordinaryRangeBytes() / sizeHint(hints);
    }

    /**
     * The least limits, in whole MiB, within which so many partitions reach the size hint.
     *
     * @param limits which are not enough; those that need not rise stay as they are
     */
    public static Limits leastThatReach(
            StreamDefinition stream, int partitions, int streams, Limits limits) {
        return leastThatReach(stream, partitions, streams, limits, ObjectSizes::encoded);
    }

    /**
     * The same of objects that may take more than their records.
     *
     * @param encoded as in {@link #of(StreamDefinition, int, Limits, LongUnaryOperator)}
     */
    public static Limits leastThatReach(
            StreamDefinition stream,
            int partitions,
            int streams,
            Limits limits,
            LongUnaryOperator encoded) {
        BufferingHints hints = stream.buffer();
        long memory = limits.memoryBytes();
        while (!of(stream, streams, with(limits, MOST_DISK, memory), encoded)
                .reach(hints, partitions)) {
            memory += STEP;
        }
        long enough = memory;
        long disk =
                most(
                        steps ->
                                !of(stream, streams, with(limits, steps * STEP, enough), encoded)
                                        .reach(hints, partitions),
                        MOST_DISK / STEP);
        return with(limits, Math.max(limits.diskBytes(), (disk + 1) * STEP), memory);
    }

    private static Limits with(Limits limits, long diskBytes, long memoryBytes) {
        return new Limits(diskBytes, memoryBytes, limits.requestBodyBytes(), limits.ledgerBytes());
    }
}

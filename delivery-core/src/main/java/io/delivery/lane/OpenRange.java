package io.delivery.lane;

import io.delivery.buffer.MemoryBudget;
import io.delivery.buffer.RecordBuffer;
import io.delivery.buffer.SpoolFile;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.lane.components.LaneComponents;
import io.delivery.partition.BoundPrefix;
import io.delivery.record.Failure;
import io.delivery.record.SequencedRecord;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A range that is not sealed yet: its open buffers, what is being encoded and staged of it, and its
 * part of the books. Belongs to its lane.
 */
final class OpenRange {
    private static final int LIST_BYTES_PER_PART = 3;

    /** Around a record in the journal, at most: a frame of its own. */
    private static final int FRAME_BYTES = 64;

    private final long start;
    private final String splitter;
    private final LaneComponents components;
    private final MemoryBudget memory;
    private final SpoolFile spool;
    private final Map<String, PartitionBuffer> partitions = new LinkedHashMap<>();
    private final Map<Failure.Kind, PartitionBuffer> errors = new EnumMap<>(Failure.Kind.class);
    private final Deque<StagedGroup> staged = new ArrayDeque<>();

    private long end;
    private long parts;
    private long dropped;
    private long damaged;
    private long absent;
    private long settledBefore;
    private long recordedByEarlier;
    private long recordedMain;
    private long recordedError;
    private long recordedBytes;
    private int nextNumber;
    private int encoding;
    private long encodingParts;
    private long bufferedParts;
    private long stagedParts;
    private long inputBytes;
    private long roomHeld;
    private long oldestMillis;
    private SealTrigger wanted;
    private boolean sealing;
    private boolean catchingUp;
    private boolean repairing;
    private boolean abandoned;

    /** One open buffer and the object it will become. */
    record PartitionBuffer(Kind kind, BoundPrefix prefix, RecordBuffer records) {}

    /**
     * @param splitter identity of the one splitter that all its sequences are split by
     */
    OpenRange(
            long start,
            String splitter,
            LaneComponents components,
            MemoryBudget memory,
            SpoolFile spool) {
        this.start = start;
        this.splitter = splitter;
        this.end = start;
        this.components = components;
        this.memory = memory.part();
        this.spool = spool;
    }

    long start() {
        return start;
    }

    /** Behind the last sequence that was read. */
    long end() {
        return end;
    }

    String splitter() {
        return splitter;
    }

    LaneComponents components() {
        return components;
    }

    // --- what is read ---

    /** A sequence was read: it has so many parts, some of which earlier objects may hold. */
    void read(long sequence, int partCount, long bytes, long arrivalMillis) {
        if (inputBytes == 0) { // the first one that was not lost to damage
            oldestMillis = arrivalMillis;
        }
        end = sequence + 1;
        parts += partCount;
        inputBytes += bytes + FRAME_BYTES;
    }

    /**
     * A sequence cannot be read any more.
     *
     * @param held parts of it that objects of an earlier process hold
     * @param lost 1 when that is not all of it
     */
    void passDamage(long sequence, int held, int lost) {
        settledBefore += held;
        damaged += lost;
        parts += held + lost;
        end = sequence + 1;
    }

    /**
     * Sequences up to here were passed that no record has.
     *
     * @param held parts that objects of an earlier process hold of records that the log has
     *     withdrawn since: they stay settled
     * @param sequences that no objects hold all of: they are no records of this range
     */
    void passAbsent(long upTo, int held, long sequences) {
        settledBefore += held;
        parts += held;
        absent += sequences;
        end = upTo;
    }

    boolean empty() {
        return end == start;
    }

    long oldestMillis() {
        return oldestMillis;
    }

    /** What was read of it takes so much of the journal, roughly. */
    long inputBytes() {
        return inputBytes;
    }

    void drop() {
        dropped++;
    }

    /** A part that an object recorded by an earlier process holds already. */
    void skipSettled() {
        settledBefore++;
    }

    /**
     * What is read here waited for longer than it should have. It stays so to the end of the range,
     * also when the reader has caught up: its open buffers are those of the time before.
     */
    void beginCatchingUp() {
        catchingUp = true;
    }

    boolean catchingUp() {
        return catchingUp;
    }

    /** It only makes other objects for void ones of a sealed range, numbered from here. */
    void beginRepair(int firstNumber) {
        repairing = true;
        catchingUp = true;
        nextNumber = firstNumber;
    }

    boolean repairing() {
        return repairing;
    }

    // --- buffers ---

    PartitionBuffer partition(BoundPrefix prefix) {
        return partitions.get(prefix.identity());
    }

    PartitionBuffer openPartition(BoundPrefix prefix) {
        PartitionBuffer buffer =
                new PartitionBuffer(components.kind(), prefix, new RecordBuffer(memory));
        partitions.put(prefix.identity(), buffer);
        roomHeld += LaneRoom.BYTES_OF_OBJECT;
        return buffer;
    }

    PartitionBuffer errors(Failure.Kind kind) {
        return errors.computeIfAbsent(
                kind,
                k ->
                        new PartitionBuffer(
                                Kind.valueOf(k.name()),
                                components.keys().bindError(k),
                                new RecordBuffer(memory)));
    }

    int activePartitions() {
        return partitions.size();
    }

    /** Takes a buffer out, to be encoded. */
    void take(PartitionBuffer buffer) {
        bufferedParts -= buffer.records().count();
        if (!partitions.remove(buffer.prefix().identity(), buffer)) {
            errors.values().remove(buffer);
        }
    }

    List<PartitionBuffer> takePartitions() {
        List<PartitionBuffer> all = new ArrayList<>(partitions.values());
        partitions.clear();
        bufferedParts -= count(all);
        return all;
    }

    List<PartitionBuffer> takeErrors() {
        List<PartitionBuffer> all = new ArrayList<>(errors.values());
        errors.clear();
        bufferedParts -= count(all);
        return all;
    }

    /** Takes an eighth of the partitions out, at least one: the fullest. */
    List<PartitionBuffer> takeFullest() {
        List<PartitionBuffer> all = new ArrayList<>(partitions.values());
        all.sort(
                Comparator.comparingLong((PartitionBuffer b) -> b.records().recordBytes())
                        .reversed());
        List<PartitionBuffer> fullest = List.copyOf(all.subList(0, Math.max(1, all.size() / 8)));
        fullest.forEach(this::take);
        return fullest;
    }

    /** Adds bytes to one of its buffers, under the name and with the arrival of this record. */
    void add(PartitionBuffer buffer, SequencedRecord name, byte[] array, int offset, int length) {
        buffer.records()
                .add(
                        name.sequence(),
                        name.part(),
                        name.lastPart(),
                        name.arrivalMillis(),
                        array,
                        offset,
                        length);
        bufferedParts++;
        roomHeld += LaneRoom.of(components, buffer.kind(), length);
    }

    /** Disk that what was read of it may take until it has landed. */
    long roomHeld() {
        return roomHeld;
    }

    private List<PartitionBuffer> openBuffers() {
        List<PartitionBuffer> all = new ArrayList<>(partitions.values());
        all.addAll(errors.values());
        return all;
    }

    /** Bytes of its buffers in memory, those being encoded included. */
    long memoryBytes() {
        return memory.usedBytes();
    }

    /** Spills the largest buffers until half of the range's memory is free. */
    void spill() throws IOException {
        List<PartitionBuffer> all = openBuffers();
        all.sort(
                Comparator.comparingLong((PartitionBuffer b) -> b.records().memoryBytes())
                        .reversed());
        long open = 0;
        for (PartitionBuffer buffer : all) {
            open += buffer.records().memoryBytes();
        }
        long target = open / 2;
        long freed = 0;
        for (PartitionBuffer buffer : all) {
            if (freed >= target) {
                break;
            }
            freed += buffer.records().memoryBytes();
            buffer.records().spill(spool);
        }
    }

    long spoolBytes() {
        return spool.bytes();
    }

    void closeSpool() throws IOException {
        spool.close();
    }

    /** Nothing of it will be recorded: its records are read again. */
    void giveUp() {
        abandoned = true;
    }

    boolean abandoned() {
        return abandoned;
    }

    /** Gives all memory back: the lane stops with this range open. */
    void abandon() throws IOException {
        openBuffers().forEach(buffer -> buffer.records().release());
        partitions.clear();
        errors.clear();
        bufferedParts = 0;
        spool.close();
    }

    // --- encoding and recording ---

    void encodingStarted(List<PartitionBuffer> group) {
        encoding++;
        encodingParts += count(group);
    }

    void encodingEnded(List<PartitionBuffer> group) {
        encoding--;
        encodingParts -= count(group);
    }

    private static long count(List<PartitionBuffer> group) {
        long sum = 0;
        for (PartitionBuffer buffer : group) {
            sum += buffer.records().count();
        }
        return sum;
    }

    /** Groups being encoded at present. */
    int encoding() {
        return encoding;
    }

    void addStaged(StagedGroup group) {
        staged.addLast(group);
        stagedParts += group.records();
    }

    Deque<StagedGroup> staged() {
        return staged;
    }

    /** What was staged is in the lane's state. */
    void clearStaged() {
        staged.clear();
        stagedParts = 0;
    }

    /** The number of the range's next object. */
    int nextNumber() {
        return nextNumber;
    }

    /** An object of this range is in the lane's state. */
    void recorded(Kind kind, long records, long bytes) {
        nextNumber++;
        recordedBytes += bytes;
        if (kind.isError()) {
            recordedError += records;
        } else {
            recordedMain += records;
        }
    }

    long recordedMain() {
        return recordedMain;
    }

    long recordedError() {
        return recordedError;
    }

    /**
     * What the lists of sequences of its parts will take that are in no recorded object yet: where
     * neighbours go to different objects, each part has a token of its own
     * (docs/formats/lane-state.md).
     */
    long expectedListBytes() {
        return components.partitioned()
                ? LIST_BYTES_PER_PART * (bufferedParts + encodingParts + stagedParts)
                : 0;
    }

    /** Bytes of its sequence lists and keys in the lane's state, roughly. */
    long recordedBytes() {
        return recordedBytes;
    }

    long dropped() {
        return dropped;
    }

    long damaged() {
        return damaged;
    }

    // --- sealing ---

    SealTrigger wanted() {
        return wanted;
    }

    /** Asks for a seal; the first reason stays. */
    void want(SealTrigger trigger) {
        if (wanted == null) {
            wanted = trigger;
        }
    }

    void startSealing() {
        sealing = true;
    }

    boolean sealing() {
        return sealing;
    }

    /** Whether nothing of it is left but to be recorded. */
    boolean fullyStaged() {
        return sealing && encoding == 0 && partitions.isEmpty() && errors.isEmpty();
    }

    // --- books ---

    long parts() {
        return parts;
    }

    /** Sequences of it that were given to a record. */
    long sequences() {
        return end - start - absent;
    }

    /** Sequences of it that no record has. */
    long absent() {
        return absent;
    }

    /** Parts of this range wherever they are: buffers, encoders, staging, objects, dropped. */
    long counted() {
        return bufferedParts
                + encodingParts
                + stagedParts
                + recordedMain
                + recordedError
                + dropped
                + damaged
                - unread();
    }

    /** Parts in objects of an earlier process that this one has not come to yet. */
    private long unread() {
        return recordedByEarlier - settledBefore;
    }

    void recordedByEarlierProcess(Kind kind, long records, long bytes, long stagedBytes) {
        recorded(kind, records, bytes);
        roomHeld += stagedBytes;
        recordedByEarlier += records;
    }

    /** An object of an earlier process that became void: only its number is used. */
    void voidedNumber() {
        nextNumber++;
    }
}

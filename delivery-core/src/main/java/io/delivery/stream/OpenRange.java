package io.delivery.stream;

import io.delivery.buffer.MemoryBudget;
import io.delivery.buffer.RecordBuffer;
import io.delivery.buffer.SpoolFile;
import io.delivery.landing.LaneRecord.Kind;
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
    private long settledBefore;
    private long recordedByEarlier;
    private long recordedMain;
    private long recordedError;
    private long recordedBytes;
    private int nextNumber;
    private int encoding;
    private long encodingParts;
    private long openRecords;
    private long openMemory;
    private long inputBytes;
    private long oldestMillis;
    private SealTrigger wanted;
    private boolean sealing;

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
        this.memory = memory;
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
        if (end == start) {
            oldestMillis = arrivalMillis;
        }
        end = sequence + 1;
        parts += partCount;
        inputBytes += bytes;
    }

    /** Sequences up to here cannot be read any more. */
    void passDamage(long upTo) {
        damaged += upTo - end;
        parts += upTo - end;
        end = upTo;
    }

    boolean empty() {
        return end == start;
    }

    long oldestMillis() {
        return oldestMillis;
    }

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

    // --- buffers ---

    PartitionBuffer partition(BoundPrefix prefix) {
        return partitions.get(prefix.identity());
    }

    PartitionBuffer openPartition(BoundPrefix prefix) {
        PartitionBuffer buffer =
                new PartitionBuffer(components.kind(), prefix, new RecordBuffer(memory));
        partitions.put(prefix.identity(), buffer);
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

    /** Adds a record, or the line that tells of it, to one of the open buffers. */
    void add(PartitionBuffer buffer, SequencedRecord record, byte[] array, int offset, int length) {
        RecordBuffer records = buffer.records();
        long before = records.memoryBytes();
        records.add(
                record.sequence(),
                record.part(),
                record.lastPart(),
                record.arrivalMillis(),
                array,
                offset,
                length);
        openMemory += records.memoryBytes() - before;
        openRecords++;
    }

    int activePartitions() {
        return partitions.size();
    }

    /** Takes a buffer out, to be encoded. */
    void take(PartitionBuffer buffer) {
        if (!partitions.remove(buffer.prefix().identity(), buffer)) {
            errors.values().remove(buffer);
        }
        leaves(buffer);
    }

    private void leaves(PartitionBuffer buffer) {
        openRecords -= buffer.records().count();
        openMemory -= buffer.records().memoryBytes();
    }

    List<PartitionBuffer> takePartitions() {
        List<PartitionBuffer> all = new ArrayList<>(partitions.values());
        partitions.clear();
        all.forEach(this::leaves);
        return all;
    }

    List<PartitionBuffer> takeErrors() {
        List<PartitionBuffer> all = new ArrayList<>(errors.values());
        errors.clear();
        all.forEach(this::leaves);
        return all;
    }

    PartitionBuffer fullest() {
        return partitions.values().stream()
                .max(Comparator.comparingLong(b -> b.records().recordBytes()))
                .orElse(null);
    }

    private List<PartitionBuffer> openBuffers() {
        List<PartitionBuffer> all = new ArrayList<>(partitions.values());
        all.addAll(errors.values());
        return all;
    }

    long memoryBytes() {
        return openMemory;
    }

    /** Spills the largest buffers until half of the range's memory is free. */
    void spill() throws IOException {
        List<PartitionBuffer> all = openBuffers();
        all.sort(
                Comparator.comparingLong((PartitionBuffer b) -> b.records().memoryBytes())
                        .reversed());
        long target = openMemory / 2;
        for (PartitionBuffer buffer : all) {
            if (openMemory <= target) {
                break;
            }
            long bytes = buffer.records().memoryBytes();
            buffer.records().spill(spool);
            openMemory -= bytes;
        }
    }

    long spoolBytes() {
        return spool.bytes();
    }

    void closeSpool() throws IOException {
        spool.close();
    }

    /** Gives all memory back: the lane stops with this range open. */
    void abandon() throws IOException {
        takePartitions().forEach(buffer -> buffer.records().release());
        takeErrors().forEach(buffer -> buffer.records().release());
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
    }

    Deque<StagedGroup> staged() {
        return staged;
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

    long sequences() {
        return end - start;
    }

    /** Parts of this range wherever they are: buffers, encoders, staging, objects, dropped. */
    long counted() {
        long sum = openRecords + encodingParts + dropped + damaged;
        for (StagedGroup group : staged) {
            sum += group.records();
        }
        return sum + recordedMain + recordedError - unread();
    }

    /** Parts in objects of an earlier process that this one has not come to yet. */
    private long unread() {
        return recordedByEarlier - settledBefore;
    }

    void recordedByEarlierProcess(Kind kind, long records, long bytes) {
        recorded(kind, records, bytes);
        recordedByEarlier += records;
    }
}

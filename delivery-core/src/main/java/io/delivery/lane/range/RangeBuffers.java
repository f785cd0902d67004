package io.delivery.lane.range;

import io.delivery.buffer.MemoryBudget;
import io.delivery.buffer.RecordBuffer;
import io.delivery.buffer.SpoolFile;
import io.delivery.erroroutput.LineBuffer;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.lane.components.LaneComponents;
import io.delivery.partition.BoundPrefix;
import io.delivery.record.Failure;
import io.delivery.record.SequencedRecord;
import io.delivery.world.Clock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The open buffers of one range: one for each partition, and one for each kind of failure. They
 * share a part of the memory budget and one spool file. Belongs to its lane's executor.
 */
public final class RangeBuffers {
    /** Beside its bytes, in the spool: sequence, part, arrival and length. */
    private static final int SPOOLED_BYTES_OF_PART = 24;

    /** Beside its base64: members, code, message and table of an error record. */
    private static final int ERROR_BYTES_OF_PART = 640;

    /** Beside its records: an object's header, footer and compression. */
    private static final long BYTES_OF_OBJECT = 4096;

    private final LaneComponents components;
    private final MemoryBudget memory;
    private final SpoolFile spool;
    private final Clock clock;
    private final LineBuffer line = new LineBuffer();
    private final Map<String, PartitionBuffer> partitions = new LinkedHashMap<>();
    private final Map<Failure.Kind, PartitionBuffer> errors = new EnumMap<>(Failure.Kind.class);
    private long parts;
    private long roomHeld;

    /**
     * @param memory the budget of the process
     */
    public RangeBuffers(
            LaneComponents components, MemoryBudget memory, SpoolFile spool, Clock clock) {
        this.components = components;
        this.memory = memory.part();
        this.spool = spool;
        this.clock = clock;
    }

    LaneComponents components() {
        return components;
    }

    // --- add ---

    /** The open buffer of this partition; null when there is none. */
    PartitionBuffer partition(BoundPrefix prefix) {
        return partitions.get(prefix.identity());
    }

    PartitionBuffer openPartition(BoundPrefix prefix) {
        PartitionBuffer buffer =
                new PartitionBuffer(components.kind(), prefix, new RecordBuffer(memory));
        partitions.put(prefix.identity(), buffer);
        roomHeld += BYTES_OF_OBJECT;
        return buffer;
    }

    void add(PartitionBuffer buffer, SequencedRecord part) {
        add(buffer, part, part.array(), part.offset(), part.length());
    }

    /** Adds the error record of a part to the buffer of its kind of failure. */
    PartitionBuffer addFailed(SequencedRecord part, Failure failure) {
        var lines =
                components
                        .errorLines()
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "a lane without error output has a failed record"));
        line.reset();
        int length = lines.append(line, part, failure, clock.millis());
        PartitionBuffer buffer = errors.computeIfAbsent(failure.kind(), this::errorBuffer);
        add(buffer, part, line.array(), 0, length);
        return buffer;
    }

    private PartitionBuffer errorBuffer(Failure.Kind kind) {
        return new PartitionBuffer(
                Kind.of(kind), components.keys().bindError(kind), new RecordBuffer(memory));
    }

    /** Adds bytes under the name and with the arrival of a part. */
    private void add(
            PartitionBuffer buffer, SequencedRecord part, byte[] array, int offset, int length) {
        buffer.records()
                .add(
                        part.sequence(),
                        part.part(),
                        part.lastPart(),
                        part.arrivalMillis(),
                        array,
                        offset,
                        length);
        parts++;
        roomHeld += room(buffer.kind(), length);
    }

    /** The most disk that bytes in a buffer may take until they have landed. */
    private long room(Kind kind, int length) {
        long staged = length + length / 8L + 16;
        if (!kind.isError() && components.encoder().mayReject()) {
            // A column may be wider than its text was, and what does not convert is an error
            // record.
            long errorRecord = 4L * ((length + 2L) / 3) + ERROR_BYTES_OF_PART;
            staged = Math.max(2L * length + 16, errorRecord);
        }
        return length + SPOOLED_BYTES_OF_PART + staged;
    }

    // --- take out ---

    /** Takes one buffer out, to be encoded. */
    void take(PartitionBuffer buffer) {
        parts -= buffer.records().count();
        if (!partitions.remove(buffer.prefix().identity(), buffer)) {
            errors.values().remove(buffer);
        }
    }

    List<PartitionBuffer> takePartitions() {
        return takeAll(partitions);
    }

    List<PartitionBuffer> takeErrors() {
        return takeAll(errors);
    }

    private List<PartitionBuffer> takeAll(Map<?, PartitionBuffer> open) {
        List<PartitionBuffer> all = new ArrayList<>(open.values());
        open.clear();
        parts -= count(all);
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

    static long count(List<PartitionBuffer> buffers) {
        long sum = 0;
        for (PartitionBuffer buffer : buffers) {
            sum += buffer.records().count();
        }
        return sum;
    }

    // --- what they hold ---

    int activePartitions() {
        return partitions.size();
    }

    boolean isEmpty() {
        return partitions.isEmpty() && errors.isEmpty();
    }

    /** Parts in open buffers. */
    long parts() {
        return parts;
    }

    /** Disk that everything which ever was in them may take until it has landed. */
    long roomHeld() {
        return roomHeld;
    }

    /** Staged bytes of objects that an earlier process recorded take room as well. */
    void holdRoom(long stagedBytes) {
        roomHeld += stagedBytes;
    }

    /** Bytes of blocks in memory, those of buffers that are being encoded included. */
    long memoryBytes() {
        return memory.usedBytes();
    }

    long spoolBytes() {
        return spool.bytes();
    }

    /** Spills the largest buffers until half of their memory is free. */
    void spill() throws IOException {
        List<PartitionBuffer> all = open();
        all.sort(
                Comparator.comparingLong((PartitionBuffer b) -> b.records().memoryBytes())
                        .reversed());
        long used = 0;
        for (PartitionBuffer buffer : all) {
            used += buffer.records().memoryBytes();
        }
        long target = used / 2;
        long freed = 0;
        for (PartitionBuffer buffer : all) {
            if (freed >= target) {
                break;
            }
            freed += buffer.records().memoryBytes();
            buffer.records().spill(spool);
        }
    }

    private List<PartitionBuffer> open() {
        List<PartitionBuffer> all = new ArrayList<>(partitions.values());
        all.addAll(errors.values());
        return all;
    }

    void closeSpool() throws IOException {
        spool.close();
    }

    /** Gives all memory back: what is in them will be read again. */
    void release() throws IOException {
        open().forEach(buffer -> buffer.records().release());
        partitions.clear();
        errors.clear();
        parts = 0;
        spool.close();
    }
}

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
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The open buffers of one range: one for each partition, and one for each kind of failure. They
 * share a part of the memory budget and one spool file. Belongs to its lane's executor.
 */
public final class RangeBuffers {
    private final LaneComponents components;
    private final MemoryBudget memory;
    private final Supplier<SpoolFile> spools;
    private final SpoolFile spool;
    private final List<SpoolFile> errorSpools = new ArrayList<>(1);
    private final Set<PartitionBuffer> waiting = Collections.newSetFromMap(new IdentityHashMap<>());
    private final StagingRoom room;
    private final Clock clock;
    private final LineBuffer line = new LineBuffer();
    private final Map<String, PartitionBuffer> partitions = new LinkedHashMap<>();
    private final Map<Failure.Kind, PartitionBuffer> errors = new EnumMap<>(Failure.Kind.class);
    private long parts;
    private long listBytes;

    /** The partition of the part that was added last: its neighbours often belong to it. */
    private PartitionBuffer lastPartition;

    /**
     * @param memory the budget of the process
     * @param spools makes one more spool file, which is not on the disk before it is written to
     */
    public RangeBuffers(
            LaneComponents components,
            MemoryBudget memory,
            Supplier<SpoolFile> spools,
            Clock clock) {
        this.components = components;
        this.memory = memory.part();
        this.spools = spools;
        this.spool = spools.get();
        this.room = new StagingRoom(components.encoder());
        this.clock = clock;
    }

    LaneComponents components() {
        return components;
    }

    // --- add ---

    /** The open buffer of this partition; null when there is none. */
    PartitionBuffer partition(BoundPrefix prefix) {
        if (lastPartition == null || lastPartition.prefix() != prefix) {
            lastPartition = partitions.get(prefix.identity());
        }
        return lastPartition;
    }

    PartitionBuffer openPartition(BoundPrefix prefix) {
        PartitionBuffer buffer =
                new PartitionBuffer(components.kind(), prefix, new RecordBuffer(memory, spool));
        partitions.put(prefix.identity(), buffer);
        room.opened();
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

    /**
     * Error output goes through a few MiB of disk when room is short, a piece at a time: so each
     * piece gives its spooled bytes back when it is staged.
     */
    private PartitionBuffer errorBuffer(Failure.Kind kind) {
        SpoolFile own = spools.get();
        errorSpools.add(own);
        return new PartitionBuffer(
                Kind.of(kind),
                components.keys().bindError(kind),
                new RecordBuffer(memory, own, () -> remove(own)));
    }

    private void remove(SpoolFile own) {
        errorSpools.remove(own);
        own.discard();
    }

    /** Adds bytes under the name and with the arrival of a part. */
    private void add(
            PartitionBuffer buffer, SequencedRecord part, byte[] array, int offset, int length) {
        long listedBefore = buffer.records().listBytes();
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
        listBytes += buffer.records().listBytes() - listedBefore;
        room.added(buffer, length);
    }

    // --- take out ---

    /** Takes one buffer out, to be encoded. */
    void take(PartitionBuffer buffer) {
        lastPartition = null;
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
        lastPartition = null;
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

    /** Bytes of lines in open buffers of the error output. */
    long errorBytes() {
        long sum = 0;
        for (PartitionBuffer buffer : errors.values()) {
            sum += buffer.records().recordBytes();
        }
        return sum;
    }

    /** What the lists of sequences take of all parts that ever were in them, roughly. */
    long listBytes() {
        return listBytes;
    }

    /** Room for what is made of them. */
    StagingRoom room() {
        return room;
    }

    /**
     * Disk that what is in them takes or may come to take before it is encoded: what was spilled
     * stays on the disk until the range is sealed, and what is in memory may be spilled.
     */
    long spoolRoom() {
        return spoolBytes() + memoryBytes();
    }

    /** Bytes of blocks in memory, those of buffers that are being encoded included. */
    long memoryBytes() {
        return memory.usedBytes();
    }

    long spoolBytes() {
        long sum = spool.bytes();
        for (SpoolFile file : errorSpools) {
            sum += file.bytes();
        }
        return sum;
    }

    // --- closed, and not with an encoder yet ---

    /** These were taken out and wait for an encoder: they may be spilled as open ones may. */
    void wait(List<PartitionBuffer> group) {
        waiting.addAll(group);
    }

    /** These are with an encoder. */
    void encode(List<PartitionBuffer> group) {
        group.forEach(waiting::remove);
        room.encodingStarted(group);
    }

    // --- spill and release ---

    /** Spills the largest buffers until half of their memory is free. */
    void spill() throws IOException {
        List<PartitionBuffer> all = open();
        all.addAll(waiting);
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
            buffer.records().spill();
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
        lastPartition = null;
        partitions.clear();
        errors.clear();
        parts = 0;
        spool.close();
    }
}

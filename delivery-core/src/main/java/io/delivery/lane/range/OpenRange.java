package io.delivery.lane.range;

import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Seal;
import io.delivery.lane.components.LaneComponents;
import io.delivery.lane.path.Fate;
import io.delivery.partition.BoundPrefix;
import io.delivery.record.Failure;
import io.delivery.record.SequencedRecord;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A range that is not sealed yet: what was read of it, what became of it, and its part of the
 * books. Belongs to its lane's executor.
 */
public final class OpenRange {
    private static final Failure PARTITION_LIMIT =
            new Failure(
                    Failure.Kind.PROCESSING_FAILED,
                    "DynamicPartitioning.ActivePartitionsLimitExceeded", // contract §4.2
                    "The number of active partitions has exceeded the configured limit");

    private static final List<PartitionBuffer> NOTHING = List.of();

    private enum Phase {
        READING,
        /** Nothing more is read into it; it is sealed when all its buffers are staged. */
        SEALING,
        /** Nothing of it will be recorded: its records are read again. */
        GIVEN_UP
    }

    private final long start;
    private final String splitter;
    private final RangeBuffers buffers;
    private final long sizeHintBytes;

    private final boolean repairing;
    private final RangeBooks books;
    private final Deque<StagedGroup> staged = new ArrayDeque<>();
    private Phase phase = Phase.READING;
    private long end;
    private long recordedBytes;
    private int nextNumber;
    private int encoding;
    private long encodingParts;
    private long stagedParts;
    private int rejecting;
    private long rejectedParts;
    private long listedBytes;
    private long oldestMillis;
    private boolean anyRecord;
    private SealTrigger wanted;
    private boolean catchingUp;

    private OpenRange(
            long start,
            String splitter,
            RangeBuffers buffers,
            long sizeHintBytes,
            Standing standing) {
        this.start = start;
        this.end = start;
        this.splitter = splitter;
        this.buffers = buffers;
        this.sizeHintBytes = sizeHintBytes;
        this.repairing = standing != Standing.NOTHING;
        this.books = new RangeBooks(standing);
    }

    /**
     * A range that begins with this sequence.
     *
     * @param splitter identity of the one splitter that all its sequences are split by
     * @param sizeHintBytes a buffer with so many bytes of records is closed
     */
    public static OpenRange begin(
            long start, String splitter, RangeBuffers buffers, long sizeHintBytes) {
        return new OpenRange(start, splitter, buffers, sizeHintBytes, Standing.NOTHING);
    }

    /** The open range of an earlier process goes on behind the objects that it recorded. */
    public static OpenRange resume(RangePlan open, RangeBuffers buffers, long sizeHintBytes) {
        // Void objects count here: parts keep their names as long as the range has any.
        OpenRange range = begin(open.start(), splitterOf(open), buffers, sizeHintBytes);
        for (ObjectRecord object : open.objects()) {
            range.nextNumber++;
            if (!open.isVoid(object)) {
                range.books.recordedByEarlierProcess(object);
            }
        }
        return range;
    }

    /** Makes other objects for those of a sealed range that became void. */
    public static OpenRange repair(RangePlan broken, RangeBuffers buffers, long sizeHintBytes) {
        OpenRange range =
                new OpenRange(
                        broken.start(),
                        splitterOf(broken),
                        buffers,
                        sizeHintBytes,
                        Standing.of(broken));
        range.catchingUp = true;
        range.nextNumber = broken.objects().size();
        return range;
    }

    private static String splitterOf(RangePlan range) {
        return range.objects().get(0).splitter();
    }

    public long start() {
        return start;
    }

    /** Behind the last sequence that was read. */
    public long end() {
        return end;
    }

    public String splitter() {
        return splitter;
    }

    public LaneComponents components() {
        return buffers.components();
    }

    /** Whether it only makes other objects for void ones of a sealed range. */
    public boolean repairing() {
        return repairing;
    }

    // --- what is read ---

    /** A sequence was read; its parts are counted one by one. */
    public void read(long sequence, long arrivalMillis) {
        if (!anyRecord) { // the first one that was not lost to damage
            anyRecord = true;
            oldestMillis = arrivalMillis;
        }
        end = sequence + 1;
    }

    /** One more part belongs to it, whose fate follows. */
    public void part() {
        books.part();
    }

    /** One more part belongs to it, which an object of an earlier process holds already. */
    public void settledPart() {
        books.settledPart();
    }

    /** A sequence cannot be read any more. */
    public void lose(long sequence, Selection.Loss loss) {
        books.lose(loss);
        end = sequence + 1;
    }

    /** Sequences up to here were passed that no record has. */
    public void passAbsent(long upTo, Selection.Absence absence) {
        books.passAbsent(absence);
        end = upTo;
    }

    public boolean empty() {
        return end == start;
    }

    /** Arrival of its first record. */
    public long oldestMillis() {
        return oldestMillis;
    }

    /**
     * What is read here waited for longer than it should have. It stays so to the end of the range,
     * also when the reader has caught up: its open buffers are those of the time before.
     */
    public void beginCatchingUp() {
        catchingUp = true;
    }

    // --- the fate of a part ---

    /**
     * A part meets its fate: buffered for an object, failed into the error output, or dropped. No
     * other method settles a part.
     *
     * @param part with the bytes that an object would have
     * @param entered the part with the bytes that the error output would show
     * @param behind whether the lane is behind its log; asked only when the limit of active
     *     partitions is reached
     * @return the buffers that are to be closed now
     */
    public List<PartitionBuffer> settle(
            SequencedRecord part, SequencedRecord entered, Fate fate, BooleanSupplier behind) {
        if (fate instanceof Fate.Buffered buffered) {
            return buffer(part, entered, buffered.prefix(), behind);
        }
        if (fate instanceof Fate.Failed failed) {
            return whenFull(buffers.addFailed(entered, failed.failure()));
        }
        if (fate instanceof Fate.Dropped) {
            books.drop();
            return NOTHING;
        }
        throw new IllegalStateException("a fate that is not known: " + fate);
    }

    /**
     * At the limit of active partitions a part of another one fails. While the range catches up,
     * the fullest buffers are closed to make room instead: it takes in one go what would have been
     * many ranges, and an outage never turns good records into errors.
     */
    private List<PartitionBuffer> buffer(
            SequencedRecord part,
            SequencedRecord entered,
            BoundPrefix prefix,
            BooleanSupplier behind) {
        List<PartitionBuffer> closed = NOTHING;
        PartitionBuffer buffer = buffers.partition(prefix);
        if (buffer == null) {
            if (buffers.activePartitions() >= components().activePartitionsLimit()) {
                catchingUp |= behind.getAsBoolean();
                if (!catchingUp) {
                    return whenFull(buffers.addFailed(entered, PARTITION_LIMIT));
                }
                closed = buffers.takeFullest();
            }
            buffer = buffers.openPartition(prefix);
        }
        buffers.add(buffer, part);
        List<PartitionBuffer> full = whenFull(buffer);
        if (closed.isEmpty()) {
            return full;
        }
        List<PartitionBuffer> both = new ArrayList<>(closed);
        both.addAll(full);
        return both;
    }

    private List<PartitionBuffer> whenFull(PartitionBuffer buffer) {
        if (buffer.records().recordBytes() < sizeHintBytes) {
            return NOTHING;
        }
        if (!repairing() && !components().partitioned() && !buffer.kind().isError()) {
            want(SealTrigger.SIZE);
            return NOTHING;
        }
        if (sealing()) {
            return NOTHING; // all its buffers are closed anyway
        }
        buffers.take(buffer);
        return List.of(buffer);
    }

    // --- buffers ---

    public int activePartitions() {
        return buffers.activePartitions();
    }

    /** Takes all partition buffers out, to be encoded. */
    public List<PartitionBuffer> takePartitions() {
        return buffers.takePartitions();
    }

    /**
     * Takes the error buffers out, to be encoded, once nothing can join them any more: they are
     * closed last, when whatever did not convert is in them.
     */
    public List<PartitionBuffer> takeErrorsWhenLast() {
        return sealing() && encoding == 0 && rejecting == 0 ? buffers.takeErrors() : NOTHING;
    }

    /** Takes the error buffers out, to be encoded: there is no room for more to join them. */
    public List<PartitionBuffer> takeErrors() {
        return buffers.takeErrors();
    }

    /** Bytes of lines in its open error buffers. */
    public long errorBytes() {
        return buffers.errorBytes();
    }

    // --- room on disk ---

    /**
     * Disk room that is held for what was read of it and is in no recorded object, in bytes; {@code
     * sideBySide} are bytes of objects that are to be encoded at a time.
     */
    public long roomHeld(long sideBySide) {
        return roomTaken() + buffers.room().reserved(sideBySide);
    }

    /** The same without what is held for objects that are not with an encoder yet. */
    public long roomTaken() {
        return buffers.spoolRoom() + buffers.room().taken();
    }

    /** What the objects of these buffers may take on disk, in bytes. */
    public long roomFor(List<PartitionBuffer> group) {
        return buffers.room().expected(group);
    }

    /** Bytes of its buffers in memory, those being encoded included. */
    public long memoryBytes() {
        return buffers.memoryBytes();
    }

    public long spoolBytes() {
        return buffers.spoolBytes();
    }

    /** Spills the largest buffers until half of the range's memory is free. */
    public void spill() throws IOException {
        buffers.spill();
    }

    public void closeSpool() throws IOException {
        buffers.closeSpool();
    }

    /** Nothing of it will be recorded: its records are read again. */
    public void giveUp() {
        phase = Phase.GIVEN_UP;
    }

    public boolean givenUp() {
        return phase == Phase.GIVEN_UP;
    }

    /** Gives the memory of its open buffers back. */
    public void release() throws IOException {
        buffers.release();
    }

    // --- encoding and recording ---

    /** These buffers were closed: they wait for room, and for an encoder. */
    public void encodingAwaited(List<PartitionBuffer> group) {
        encoding++;
        encodingParts += RangeBuffers.count(group);
        buffers.wait(group);
    }

    /** They are with an encoder, or with the next one after one that has failed. */
    public void encodingStarted(List<PartitionBuffer> group) {
        buffers.encode(group);
    }

    public void encodingEnded(List<PartitionBuffer> group) {
        buffers.room().encodingEnded(group);
        encodingGivenUp(group);
    }

    /** These were never with an encoder and will not be. */
    public void encodingGivenUp(List<PartitionBuffer> group) {
        encoding--;
        encodingParts -= RangeBuffers.count(group);
    }

    /** So many parts did not convert; each of them is settled again, as failed. */
    public void rejected(long parts) {
        rejecting++;
        rejectedParts += parts;
    }

    /** One of them is about to be settled. */
    public void rejectedPart() {
        rejectedParts--;
    }

    /** All that were told of at once have been settled. */
    public void rejectedSettled() {
        rejecting--;
    }

    /** Whether a group of its buffers waits for an encoder or is with one. */
    public boolean encoding() {
        return encoding > 0;
    }

    /** These objects are staged and not recorded yet. */
    public void addStaged(StagedGroup group) {
        if (group.records() > 0) {
            staged.addLast(group);
            stagedParts += group.records();
            buffers.room().staged(group);
        }
    }

    /** What is staged and not recorded yet. */
    public Collection<StagedGroup> staged() {
        return Collections.unmodifiableCollection(staged);
    }

    /** What was staged is in the lane's state. */
    public void clearStaged() {
        staged.clear();
        stagedParts = 0;
        buffers.room().recorded();
    }

    /** The number of the range's next object. */
    public int nextNumber() {
        return nextNumber;
    }

    /**
     * An object of this range is in the lane's state.
     *
     * @param stateBytes what it takes there
     */
    public void recorded(ObjectRecord object, long stateBytes) {
        nextNumber++;
        recordedBytes += stateBytes;
        listedBytes += object.sequences().bytes();
        books.recorded(object);
    }

    /**
     * What the lists of sequences of its parts will take that are in no recorded object yet,
     * roughly.
     */
    public long expectedListBytes() {
        return Math.max(0, buffers.listBytes() - listedBytes);
    }

    /** Bytes of its sequence lists and keys in the lane's state, roughly. */
    public long recordedBytes() {
        return recordedBytes;
    }

    // --- sealing ---

    /** Why it is to be sealed; null while nobody wants that. */
    public SealTrigger wanted() {
        return wanted;
    }

    /** Asks for a seal; the first reason stays. */
    public void want(SealTrigger trigger) {
        if (wanted == null) {
            wanted = trigger;
        }
    }

    /** Nothing more is read into it. */
    public void startSealing() {
        phase = Phase.SEALING;
    }

    public boolean sealing() {
        return phase == Phase.SEALING;
    }

    /** Whether nothing of it is left but to be recorded. */
    public boolean fullyStaged() {
        return sealing() && encoding == 0 && rejecting == 0 && buffers.isEmpty();
    }

    /**
     * The seal with which its last objects are recorded.
     *
     * @param last objects that are recorded together with it
     * @throws IllegalStateException when the books of the range do not balance: it is never
     *     committed then
     */
    public Seal seal(List<ObjectRecord> last) {
        return books.seal(start, end, wanted, nextNumber, last);
    }

    // --- books ---

    /** Parts beyond its sequences: what splitting has added. */
    public long split() {
        return books.split(end - start);
    }

    /** Sequences of it that no record has. */
    public long absent() {
        return books.absent();
    }

    /** Parts of this range wherever they are: buffers, encoders, staging, objects, dropped. */
    public long counted() {
        return buffers.parts() + encodingParts + rejectedParts + stagedParts + books.counted();
    }
}

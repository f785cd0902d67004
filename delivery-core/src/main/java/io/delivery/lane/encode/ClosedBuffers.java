package io.delivery.lane.encode;

import io.delivery.buffer.SpoolLostException;
import io.delivery.config.ByteSize;
import io.delivery.config.DiskDivision;
import io.delivery.engine.DiskShares;
import io.delivery.engine.Engine;
import io.delivery.engine.LaneLimits;
import io.delivery.failure.FailureText;
import io.delivery.failure.RepeatedFailure;
import io.delivery.format.MemoryNeededException;
import io.delivery.lane.components.LaneComponents;
import io.delivery.lane.components.LaneName;
import io.delivery.lane.range.OpenRange;
import io.delivery.lane.range.PartitionBuffer;
import io.delivery.lane.range.StagedGroup;
import io.delivery.staging.Staging;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closed buffers on their way to staged bytes: grouped, encoded on the pool as soon as there is
 * room on the disk for what is made of them, tried again until it works. Belongs to its lane's
 * executor; only the encoding itself runs elsewhere.
 */
public final class ClosedBuffers {
    private static final Logger log = LoggerFactory.getLogger(ClosedBuffers.class);

    private static final Duration RETRY = Duration.ofSeconds(1);

    /** A lane has one definition, and the next one while that takes effect. */
    private static final int DEFINITIONS = 2;

    private final Engine engine;
    private final LaneName name;
    private final RepeatedFailure defects;
    private final Staging staging;
    private final DiskShares.Share share;
    private final Executor executor;
    private final Consumer<Encoded> answer;

    /** How many groups wait for an encoder of these components or are with one. */
    private final Map<LaneComponents, Integer> used = new IdentityHashMap<>(DEFINITIONS);

    /**
     * Those of older ranges first, since nothing of a range is recorded before its predecessors.
     */
    private final List<Group> waiting = new ArrayList<>(1);

    /** Whose encoders have said that they need more memory than one can ever have. */
    private final Set<LaneComponents> beyondMemory =
            Collections.newSetFromMap(new IdentityHashMap<>(DEFINITIONS));

    private int running;
    private long memoryRunning;
    private boolean stopped;

    /** Buffers whose objects share a staging file. */
    public record Group(OpenRange range, List<PartitionBuffer> buffers) {
        /** Whether it is of the error output. */
        public boolean ofErrors() {
            return buffers.get(0).kind().isError();
        }

        /** Error output goes before the rest of its range: it has room of its own. */
        private boolean isBefore(Group other) {
            return range.start() < other.range.start()
                    || range.start() == other.range.start() && ofErrors() && !other.ofErrors();
        }
    }

    /** Says whether there is room. */
    public interface Room {
        boolean admits(Group group);
    }

    /**
     * @param share of the disk: the objects of one file take no more of it than is to be encoded at
     *     a time, as long as there are several
     * @param executor the lane's
     * @param answer told on the lane's executor what became of each attempt
     */
    public ClosedBuffers(
            Engine engine,
            LaneName name,
            Staging staging,
            DiskShares.Share share,
            Executor executor,
            Consumer<Encoded> answer) {
        this.engine = engine;
        this.name = name;
        this.defects =
                RepeatedFailure.of(log, "the encoder", engine.world().clock()::nanoTime, name);
        this.staging = staging;
        this.share = share;
        this.executor = executor;
        this.answer = answer;
    }

    /** Groups that wait for an encoder or are with one. */
    public int groups() {
        return running + waiting.size();
    }

    /** Groups that are with an encoder, or have their room and wait until it can begin. */
    public int running() {
        return running;
    }

    /** Whether there is a group for which there was no room yet. */
    public boolean waiting() {
        return !waiting.isEmpty();
    }

    /** Whether groups wait for an encoder of this definition or are with one. */
    public boolean use(LaneComponents components) {
        return used.containsKey(components);
    }

    /** Whether error output of this range waits for room. */
    public boolean awaitsErrorsOf(OpenRange range) {
        return waiting.stream().anyMatch(group -> group.range() == range && group.ofErrors());
    }

    /** Whether there are as many of them as may be. */
    public boolean full() {
        return groups() >= engine.limits().encodingGroups();
    }

    /**
     * The same, without those that wait for room behind this range: they may wait for what it
     * frees.
     */
    public boolean fullBefore(OpenRange range) {
        long before =
                waiting.stream().filter(group -> group.range().start() <= range.start()).count();
        return running + before >= engine.limits().encodingGroups();
    }

    /** Whether memory is short because of buffers that only wait to be encoded. */
    public boolean holdTheMemory() {
        return groups() > 0
                && engine.memory().exceeded()
                && memoryRunning + memoryWaiting() > engine.memory().limitBytes() / 4;
    }

    /** What waits may be spilled, so it is counted when somebody asks. */
    private long memoryWaiting() {
        long sum = 0;
        for (Group group : waiting) {
            sum += memoryOf(group.buffers());
        }
        return sum;
    }

    /** Nothing is encoded or tried again from now on. */
    public void stop() {
        stopped = true;
        dropLate();
    }

    /**
     * Encodes these buffers when there is room; small objects share a staging file and its one
     * fsync.
     */
    public void add(OpenRange range, List<PartitionBuffer> buffers) {
        LaneLimits limits = engine.limits();
        long most =
                Math.min(
                        limits.groupBytes(),
                        DiskDivision.sideBySideBytes(share.laneRoom(limits), limits.keptBytes()));
        List<PartitionBuffer> group = new ArrayList<>();
        long bytes = 0;
        for (PartitionBuffer buffer : buffers) {
            long expected = range.roomFor(List.of(buffer));
            if (!group.isEmpty()
                    && (bytes + expected > most || group.size() >= limits.groupObjects())) {
                addGroup(range, group);
                group = new ArrayList<>();
                bytes = 0;
            }
            group.add(buffer);
            bytes += expected;
        }
        if (!group.isEmpty()) {
            addGroup(range, group);
        }
    }

    /** Encodes these buffers, of which there is at least one, into one staging file. */
    private void addGroup(OpenRange range, List<PartitionBuffer> group) {
        range.encodingAwaited(group);
        used.merge(range.components(), 1, Integer::sum);
        Group added = new Group(range, group);
        int at = waiting.size();
        while (at > 0 && added.isBefore(waiting.get(at - 1))) {
            at--;
        }
        waiting.add(at, added);
    }

    /** Gives encoders what there is room for, in order: what does not fit is not overtaken. */
    public void encodeWhatFits(Room room) {
        dropLate();
        while (!waiting.isEmpty() && room.admits(waiting.get(0))) {
            Group group = waiting.remove(0);
            group.range().encodingStarted(group.buffers());
            running++;
            memoryRunning += memoryOf(group.buffers());
            submit(group.range(), group.buffers());
        }
    }

    /** Nobody needs these any more. What follows from that is a step of its own. */
    private void dropLate() {
        for (Group group : List.copyOf(waiting)) {
            if (tooLate(group.range())) {
                waiting.remove(group);
                group.range().encodingGivenUp(group.buffers());
                noLongerUsed(group.range());
                executor.execute(() -> release(group.range(), group.buffers()));
            }
        }
    }

    private static long memoryOf(List<PartitionBuffer> group) {
        long sum = 0;
        for (PartitionBuffer buffer : group) {
            sum += buffer.records().memoryBytes();
        }
        return sum;
    }

    /**
     * Lines of errors are written as they are: they need nothing of the encoder's memory, and wait
     * for nobody. Others take a place in the pool, and memory, when their encoder waits for nobody;
     * until then they have their room on the disk, count as running, and are not spilled.
     */
    private void submit(OpenRange range, List<PartitionBuffer> group) {
        if (group.get(0).kind().isError()) {
            submit(range, group, 0);
            return;
        }
        CompletableFuture<Void> ready = range.components().encoder().ready().toCompletableFuture();
        if (ready.isDone()) {
            submit(range, group, range.components().encoder().memoryBytes());
        } else {
            ready.whenComplete((done, defect) -> executor.execute(() -> ready(range, group)));
        }
    }

    private void ready(OpenRange range, List<PartitionBuffer> group) {
        if (tooLate(range)) {
            drop(range, group);
        } else {
            range.encodingStarted(group);
            submit(range, group, range.components().encoder().memoryBytes());
        }
    }

    private void submit(OpenRange range, List<PartitionBuffer> group, long wantedBytes) {
        long memoryBytes = reserved(range.components(), wantedBytes);
        GroupEncoder encoder =
                new GroupEncoder(
                        range.components(),
                        memoryBytes,
                        staging,
                        engine.world().clock(),
                        engine.metrics(),
                        name.stream(),
                        defects);
        engine.encoding()
                .submit(name.stream(), memoryBytes, () -> encodeOnPool(range, group, encoder));
    }

    /**
     * No more than there can ever be, and nothing for an encoder that has refused all that there
     * can be, and is to look at its table again: it refuses before it reads a record, says what it
     * needs by now, and holds up no other stream.
     */
    private long reserved(LaneComponents components, long wantedBytes) {
        long most = engine.encoding().largestTask();
        boolean inVain = wantedBytes > most && beyondMemory.contains(components);
        return inVain ? 0 : Math.min(wantedBytes, most);
    }

    private void encodeOnPool(OpenRange range, List<PartitionBuffer> group, GroupEncoder encoder) {
        GroupEncoder.Result result;
        try {
            result = encoder.encode(group);
        } catch (SpoolLostException lost) {
            executor.execute(() -> lost(range, group, lost));
            return;
        } catch (MemoryNeededException more) {
            executor.execute(() -> moreNeeded(range, group, more));
            return;
        } catch (IOException | RuntimeException | Error failed) {
            tellDefect(failed);
            executor.execute(() -> failed(range, group, failed));
            return;
        }
        executor.execute(() -> encoded(range, group, result));
    }

    /** Whatever else fails the lane tells. */
    private void tellDefect(Throwable failed) {
        if (FailureText.isDefect(failed)) {
            defects.failedOnce(failed);
        }
    }

    private void encoded(OpenRange range, List<PartitionBuffer> group, GroupEncoder.Result result) {
        if (tooLate(range)) {
            forget(result.staged());
            drop(range, group);
            return;
        }
        ended(range, group);
        answer.accept(new Encoded.Staged(range, group, result));
    }

    /** Nothing is lost: the buffers are still there and are encoded again. */
    private void failed(OpenRange range, List<PartitionBuffer> group, Throwable failed) {
        if (tooLate(range)) {
            drop(range, group);
            return;
        }
        answer.accept(new Encoded.Failed(range, failed));
        if (tooLate(range)) { // the answer has given it up
            drop(range, group);
            return;
        }
        engine.world().scheduler().after(RETRY, executor, () -> again(range, group));
    }

    /** With more memory reserved at once, when there can be as much. */
    private void moreNeeded(
            OpenRange range, List<PartitionBuffer> group, MemoryNeededException more) {
        long most = engine.encoding().largestTask();
        if (more.bytes() > most) {
            beyondMemory.add(range.components());
            failed(range, group, tooLarge(more, most));
        } else if (tooLate(range)) {
            drop(range, group);
        } else {
            range.encodingStarted(group);
            submit(range, group, more.bytes());
        }
    }

    private static IOException tooLarge(MemoryNeededException more, long most) {
        return new IOException(
                "%s: an encoder needs %s of memory for it, and one can have %s; start Java with a larger -Xmx, or lower the memory limit"
                        .formatted(
                                more.getMessage(),
                                ByteSize.text(more.bytes()),
                                ByteSize.text(most)),
                more);
    }

    private void again(OpenRange range, List<PartitionBuffer> group) {
        if (tooLate(range)) {
            drop(range, group);
        } else {
            range.encodingStarted(group);
            submit(range, group);
        }
    }

    /** These buffers will never be encoded: what was in them is read again. */
    private void lost(OpenRange range, List<PartitionBuffer> group, SpoolLostException lost) {
        if (!tooLate(range)) {
            answer.accept(new Encoded.SpoolLost(range, lost));
        }
        drop(range, group);
    }

    private boolean tooLate(OpenRange range) {
        return stopped || range.givenUp();
    }

    /**
     * The lane stopped while these were being encoded, or their range is read again. That may have
     * waited for nothing but this.
     */
    private void drop(OpenRange range, List<PartitionBuffer> group) {
        ended(range, group);
        release(range, group);
    }

    private void release(OpenRange range, List<PartitionBuffer> group) {
        group.forEach(buffer -> buffer.records().release());
        answer.accept(new Encoded.TooLate(range));
    }

    private void ended(OpenRange range, List<PartitionBuffer> group) {
        range.encodingEnded(group);
        running--;
        noLongerUsed(range);
        memoryRunning -= memoryOf(group);
    }

    private void noLongerUsed(OpenRange range) {
        used.computeIfPresent(range.components(), (c, left) -> left == 1 ? null : left - 1);
        beyondMemory.retainAll(used.keySet());
    }

    /** Removes staged bytes that no record names. */
    public void forget(StagedGroup group) {
        for (StagedGroup.Member member : group.members()) {
            try {
                staging.delete(member.bytes().file());
            } catch (IOException failed) {
                // Found and removed at the next start.
                log.debug("staged file not deleted: {}", name, failed);
            }
        }
    }
}

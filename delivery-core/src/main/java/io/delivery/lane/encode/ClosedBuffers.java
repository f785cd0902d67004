package io.delivery.lane.encode;

import io.delivery.buffer.SpoolLostException;
import io.delivery.engine.Engine;
import io.delivery.engine.LaneLimits;
import io.delivery.failure.FailureText;
import io.delivery.failure.RepeatedFailure;
import io.delivery.lane.components.LaneComponents;
import io.delivery.lane.components.LaneName;
import io.delivery.lane.range.OpenRange;
import io.delivery.lane.range.PartitionBuffer;
import io.delivery.lane.range.StagedGroup;
import io.delivery.staging.Staging;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closed buffers on their way to staged bytes: grouped, encoded on the pool, tried again until it
 * works. Belongs to its lane's executor; only the encoding itself runs elsewhere.
 */
public final class ClosedBuffers {
    private static final Logger log = LoggerFactory.getLogger(ClosedBuffers.class);

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Engine engine;
    private final LaneName name;
    private final RepeatedFailure defects;
    private final Staging staging;
    private final Executor executor;
    private final Consumer<Encoded> answer;

    /** How many groups wait for an encoder of these components or are with one. */
    private final Map<LaneComponents, Integer> used = new IdentityHashMap<>();

    private int groups;
    private long memoryBytes;
    private boolean stopped;

    /**
     * @param executor the lane's
     * @param answer told on the lane's executor what became of each attempt
     */
    public ClosedBuffers(
            Engine engine,
            LaneName name,
            Staging staging,
            Executor executor,
            Consumer<Encoded> answer) {
        this.engine = engine;
        this.name = name;
        this.defects =
                RepeatedFailure.of(log, "the encoder", engine.world().clock()::nanoTime, name);
        this.staging = staging;
        this.executor = executor;
        this.answer = answer;
    }

    /** Groups that wait for an encoder or are with one. */
    public int groups() {
        return groups;
    }

    /** Whether groups wait for an encoder of this definition or are with one. */
    public boolean use(LaneComponents components) {
        return used.containsKey(components);
    }

    /** Whether there are as many of them as may be. */
    public boolean full() {
        return groups >= engine.limits().encodingGroups();
    }

    /** Whether memory is short because of buffers that only wait to be encoded. */
    public boolean holdTheMemory() {
        return groups > 0
                && engine.memory().exceeded()
                && memoryBytes > engine.memory().limitBytes() / 4;
    }

    /** Nothing is encoded or tried again from now on. */
    public void stop() {
        stopped = true;
    }

    /** Encodes these buffers; small objects share a staging file and its one fsync. */
    public void add(OpenRange range, List<PartitionBuffer> buffers) {
        LaneLimits limits = engine.limits();
        List<PartitionBuffer> group = new ArrayList<>();
        long bytes = 0;
        for (PartitionBuffer buffer : buffers) {
            long expected =
                    range.components().encoder().expectedBytes(buffer.records().recordBytes());
            if (!group.isEmpty()
                    && (bytes + expected > limits.groupBytes()
                            || group.size() >= limits.groupObjects())) {
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
    public void addGroup(OpenRange range, List<PartitionBuffer> group) {
        range.encodingStarted(group);
        groups++;
        used.merge(range.components(), 1, Integer::sum);
        memoryBytes += memoryOf(group);
        submit(range, group);
    }

    private static long memoryOf(List<PartitionBuffer> group) {
        long sum = 0;
        for (PartitionBuffer buffer : group) {
            sum += buffer.records().memoryBytes();
        }
        return sum;
    }

    private void submit(OpenRange range, List<PartitionBuffer> group) {
        GroupEncoder encoder =
                new GroupEncoder(
                        range.components(),
                        staging,
                        engine.world().clock(),
                        engine.metrics(),
                        name.stream(),
                        defects);
        engine.encoding()
                .submit(
                        name.stream(),
                        range.components().encoder().memoryBytes(),
                        () -> encodeOnPool(range, group, encoder));
    }

    private void encodeOnPool(OpenRange range, List<PartitionBuffer> group, GroupEncoder encoder) {
        GroupEncoder.Result result;
        try {
            result = encoder.encode(group);
        } catch (SpoolLostException lost) {
            executor.execute(() -> lost(range, group, lost));
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
        answer.accept(new Encoded.Failed(range, failed));
        if (tooLate(range)) {
            drop(range, group);
            return;
        }
        engine.world().scheduler().after(RETRY, executor, () -> again(range, group));
    }

    private void again(OpenRange range, List<PartitionBuffer> group) {
        if (tooLate(range)) {
            drop(range, group);
        } else {
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
        group.forEach(buffer -> buffer.records().release());
        answer.accept(new Encoded.TooLate(range));
    }

    private void ended(OpenRange range, List<PartitionBuffer> group) {
        range.encodingEnded(group);
        groups--;
        used.computeIfPresent(range.components(), (c, left) -> left == 1 ? null : left - 1);
        memoryBytes -= memoryOf(group);
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

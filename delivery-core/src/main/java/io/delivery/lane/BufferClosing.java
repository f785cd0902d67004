package io.delivery.lane;

import io.delivery.buffer.SpoolLostException;
import io.delivery.engine.Engine;
import io.delivery.engine.LaneLimits;
import io.delivery.lane.OpenRange.PartitionBuffer;
import io.delivery.staging.Staging;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closed buffers on their way to staged bytes: grouped, encoded on the pool, tried again until it
 * works. Belongs to its lane's executor; only the encoding itself runs elsewhere.
 */
final class BufferClosing {
    private static final Logger log = LoggerFactory.getLogger(BufferClosing.class);

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Engine engine;
    private final Lane lane;
    private final Staging staging;
    private int groups;
    private long memoryBytes;

    BufferClosing(Engine engine, Lane lane, Staging staging) {
        this.engine = engine;
        this.lane = lane;
        this.staging = staging;
    }

    /** Groups that wait for an encoder or are with one. */
    int groups() {
        return groups;
    }

    /** Whether there are as many of them as may be. */
    boolean full() {
        return groups >= engine.limits().encodingGroups();
    }

    /** Whether memory is short because of buffers that only wait to be encoded. */
    boolean holdsTheMemory() {
        return groups > 0
                && engine.memory().exceeded()
                && memoryBytes > engine.memory().limitBytes() / 4;
    }

    /** Closes the buffers; small objects share a staging file and its one fsync. */
    void closeGrouped(OpenRange range, List<PartitionBuffer> buffers) {
        LaneLimits limits = engine.limits();
        List<PartitionBuffer> group = new ArrayList<>();
        long bytes = 0;
        for (PartitionBuffer buffer : buffers) {
            long expected =
                    range.components().encoder().expectedBytes(buffer.records().recordBytes());
            if (!group.isEmpty()
                    && (bytes + expected > limits.groupBytes()
                            || group.size() >= limits.groupObjects())) {
                close(range, group);
                group = new ArrayList<>();
                bytes = 0;
            }
            group.add(buffer);
            bytes += expected;
        }
        if (!group.isEmpty()) {
            close(range, group);
        }
    }

    /** Closes the buffers into one staging file. */
    void close(OpenRange range, List<PartitionBuffer> group) {
        range.encodingStarted(group);
        groups++;
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
                        lane.stream());
        engine.encoding()
                .submit(
                        lane.stream(),
                        range.components().encoder().memoryBytes(),
                        () -> encodeOnPool(range, group, encoder));
    }

    private void encodeOnPool(OpenRange range, List<PartitionBuffer> group, GroupEncoder encoder) {
        GroupEncoder.Result result;
        try {
            result = encoder.encode(group);
        } catch (SpoolLostException lost) {
            lane.executor().execute(() -> lost(range, group, lost));
            return;
        } catch (IOException | RuntimeException | Error failed) {
            log.warn("objects not encoded: stream={} lane={}", lane.stream(), lane.name(), failed);
            lane.executor().execute(() -> failed(range, group, failed));
            return;
        }
        lane.executor().execute(() -> encoded(range, group, result));
    }

    /** Nothing is lost: the buffers are still there and are encoded again. */
    private void failed(OpenRange range, List<PartitionBuffer> group, Throwable failed) {
        lane.encodingFailed(failed);
        if (tooLate(range)) {
            abandon(range, group);
            return;
        }
        engine.world()
                .scheduler()
                .after(
                        RETRY,
                        lane.executor(),
                        () -> {
                            if (tooLate(range)) {
                                abandon(range, group);
                            } else {
                                submit(range, group);
                            }
                        });
    }

    /** These buffers will never be encoded: what was in them is read again. */
    private void lost(OpenRange range, List<PartitionBuffer> group, SpoolLostException lost) {
        if (!tooLate(range)) {
            lane.spoolLost(range, lost);
        }
        abandon(range, group);
    }

    private void encoded(OpenRange range, List<PartitionBuffer> group, GroupEncoder.Result result) {
        if (tooLate(range)) {
            forget(result.staged());
            abandon(range, group);
            return;
        }
        ended(range, group);
        lane.encoded(range, result);
        group.forEach(buffer -> buffer.records().release());
        lane.encodingEnded();
    }

    private boolean tooLate(OpenRange range) {
        return lane.halted() || range.abandoned();
    }

    /** Removes staged bytes that no record names. */
    void forget(StagedGroup group) {
        for (StagedGroup.Member member : group.members()) {
            try {
                staging.delete(member.bytes().file());
            } catch (IOException failed) {
                // Found and removed at the next start.
                log.debug("staged file not deleted: lane={}", lane.name(), failed);
            }
        }
    }

    private void ended(OpenRange range, List<PartitionBuffer> group) {
        range.encodingEnded(group);
        groups--;
        memoryBytes -= memoryOf(group);
    }

    /**
     * The lane stopped while these were being encoded, or their range is read again. That may have
     * waited for nothing but this.
     */
    private void abandon(OpenRange range, List<PartitionBuffer> group) {
        ended(range, group);
        group.forEach(buffer -> buffer.records().release());
        lane.abandon(range);
        lane.encodingEnded();
    }
}

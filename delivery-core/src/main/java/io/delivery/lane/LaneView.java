package io.delivery.lane;

import io.delivery.buffer.MemoryBudget;
import io.delivery.landing.LanePlan;
import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord.Totals;
import io.delivery.lane.components.LaneName;
import io.delivery.lane.range.OpenRange;
import io.delivery.lane.record.Recorder;
import io.delivery.staging.Staging;
import java.util.List;
import java.util.TreeMap;

/** What others see of a lane, as of its last step. {@link #snapshot()} is for any thread. */
final class LaneView {
    private final MemoryBudget memory;
    private final LaneName name;
    private final Recorder recorder;
    private final LogPosition position;
    private final OpenRanges ranges;
    private final Staging staging;

    /** End of a sealed range to the arrival of its oldest record. */
    private final TreeMap<Long, Long> landingSince = new TreeMap<>();

    private long listBytes;
    private volatile LaneSnapshot snapshot;

    LaneView(
            MemoryBudget memory,
            LaneName name,
            Recorder recorder,
            LogPosition position,
            OpenRanges ranges,
            Staging staging) {
        this.memory = memory;
        this.name = name;
        this.recorder = recorder;
        this.position = position;
        this.ranges = ranges;
        this.staging = staging;
    }

    LaneSnapshot snapshot() {
        return snapshot;
    }

    /** A range waits from now on until its objects have landed. */
    void sealed(OpenRange range) {
        landingSince.put(range.end(), range.oldestMillis());
    }

    /** The checkpoint has moved. */
    void committed() {
        landingSince.headMap(recorder.plan().checkpoint(), true).clear();
    }

    /** The lane holds no lists of sequences any more. */
    void close() {
        holdLists(0);
    }

    /**
     * Lets others see the lane as it is now.
     *
     * @param withProcessors parts that are with processors
     * @param roomHeld disk room that uncommitted ranges may take in the end, in bytes
     * @param troubles of the lane itself; those of its stores are added
     */
    void publish(long withProcessors, long roomHeld, List<String> troubles) {
        LanePlan plan = recorder.plan();
        int active = 0;
        long inMemory = 0;
        long spool = 0;
        long oldest = landingSince.isEmpty() ? 0 : landingSince.firstEntry().getValue();
        for (OpenRange range : ranges) {
            active += range.activePartitions();
            inMemory += range.memoryBytes();
            spool += range.spoolBytes();
            if (oldest == 0 && !range.empty()) {
                oldest = range.oldestMillis();
            }
        }
        List<String> all = recorder.storeTroubles();
        all.addAll(troubles);
        snapshot =
                new LaneSnapshot(
                        new LaneStatus(
                                name.lane(),
                                books(plan, withProcessors),
                                active,
                                inMemory,
                                spool,
                                staging.bytes(),
                                recorder.waitingObjects(),
                                recorder.visibleVoids(),
                                oldest),
                        all,
                        plan.checkpoint(),
                        recorder.durableCheckpoint(),
                        Math.max(staging.bytes() + spool, roomHeld) + recorder.stateBytes());
    }

    /** Counts the lists of sequences that stay in memory until their ranges are committed. */
    void holdLists() {
        holdLists(recorder.plan().sequenceBytes());
    }

    private void holdLists(long bytes) {
        memory.hold(bytes - listBytes);
        listBytes = bytes;
    }

    /** Every term counted where it happens; none is the difference of the others. */
    private Books books(LanePlan plan, long withProcessors) {
        long durable = Math.max(position.durableEnd(), position.next());
        Totals totals = plan.totals();
        long split = totals.split();
        long buffered = durable - position.next() + withProcessors;
        for (RangePlan range : plan.ranges()) {
            if (range.sealed()) {
                split += range.seal().parts() - (range.seal().end() - range.start());
                buffered += range.seal().parts();
            }
        }
        for (OpenRange range : ranges) {
            split += range.split();
            buffered += range.counted();
        }
        return new Books(
                durable - plan.begin(),
                split,
                totals.main(),
                totals.dropped(),
                totals.error(),
                totals.damaged(),
                0,
                buffered);
    }
}

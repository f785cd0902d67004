package io.delivery.lane;

import io.delivery.buffer.MemoryBudget;
import io.delivery.landing.LanePlan;
import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord.Totals;
import io.delivery.lane.components.LaneName;
import io.delivery.lane.range.OpenRange;
import io.delivery.lane.record.Recorder;
import io.delivery.staging.Staging;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/** What others see of a lane, as of its last step. {@link #snapshot} is for any thread. */
final class LaneView {
    /** A step takes milliseconds; one that takes so long is told. */
    private static final long LONG_STEP_SECONDS = 10;

    private final MemoryBudget memory;
    private final LaneName name;
    private final Recorder recorder;
    private final LogPosition position;
    private final OpenRanges ranges;
    private final Staging staging;

    /** End of a sealed range to the arrival of its oldest record. */
    private final TreeMap<Long, Long> landingSince = new TreeMap<>();

    private long listBytes;
    private boolean closed;
    private volatile Published published;

    /** When the step began that is under way, milliseconds since the epoch; 0 between two steps. */
    private volatile long stepMillis;

    /** What was seen at the end of a step, and how far the log was durable then. */
    private record Published(LaneSnapshot snapshot, long durableEnd) {}

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

    /**
     * The lane as it was at the end of its last step, and what has been accepted since: a step that
     * takes long hides nothing.
     *
     * @param nowMillis the wall clock
     */
    LaneSnapshot snapshot(long nowMillis) {
        Published last = published;
        long step = stepMillis;
        long since = Math.max(0, position.durableEnd() - last.durableEnd());
        LaneSnapshot now = last.snapshot().with(since, oldestOf(last, step, since));
        long seconds = (nowMillis - step) / 1000;
        return step == 0 || seconds < LONG_STEP_SECONDS
                ? now
                : now.with(
                        "lane %s has been busy with one step for %d s; %d records wait behind it"
                                .formatted(name.lane(), seconds, now.status().books().buffered()));
    }

    private long oldestOf(Published last, long step, long since) {
        long oldest = last.snapshot().status().oldestMillis();
        long inHand = position.inHandMillis();
        if (oldest != 0 || step == 0 || since == 0 && inHand == 0) {
            return oldest;
        }
        // What came during the step came after it began, but for the record that it has in hand.
        return inHand == 0 ? step : Math.min(step, inHand);
    }

    /** A step begins. */
    void stepBegins(long nowMillis) {
        stepMillis = nowMillis;
    }

    /** A step has ended; what it changed was published. */
    void stepEnded() {
        position.nothingInHand();
        stepMillis = 0;
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
        closed = true;
    }

    /**
     * Lets others see the lane as it is now.
     *
     * @param withProcessors parts that are with processors
     * @param roomHeld disk room that uncommitted ranges may take in the end, in bytes
     * @param troubles of the lane itself; those of its stores are added
     */
    void publish(long withProcessors, long roomHeld, Collection<String> troubles) {
        LanePlan plan = recorder.plan();
        long durable = Math.max(position.durableEnd(), position.next());
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
        LaneSnapshot snapshot =
                new LaneSnapshot(
                        new LaneStatus(
                                name.lane(),
                                books(plan, durable, withProcessors),
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
        published = new Published(snapshot, durable);
    }

    /**
     * Counts the lists of sequences that stay in memory until their ranges are committed; none when
     * the lane has stopped, whatever its last steps still do.
     */
    void holdLists() {
        if (!closed) {
            holdLists(recorder.plan().sequenceBytes());
        }
    }

    private void holdLists(long bytes) {
        memory.hold(bytes - listBytes);
        listBytes = bytes;
    }

    /** Every term counted where it happens; none is the difference of the others. */
    private Books books(LanePlan plan, long durable, long withProcessors) {
        Totals totals = plan.totals();
        long split = totals.split();
        long absent = totals.absent();
        // A sequence without a record counts as one that is not read: that it has none is known
        // when it is read.
        long buffered = durable - position.next() + withProcessors;
        for (RangePlan range : plan.ranges()) {
            if (range.sealed()) {
                split += range.seal().parts() - range.seal().sequences();
                absent += range.seal().absent();
                buffered += range.seal().parts();
            }
        }
        for (OpenRange range : ranges) {
            split += range.split();
            absent += range.absent();
            buffered += range.counted();
        }
        return new Books(
                durable - plan.begin() - absent,
                split,
                totals.main(),
                totals.dropped(),
                totals.error(),
                totals.damaged(),
                0,
                buffered);
    }
}

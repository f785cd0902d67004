package io.delivery.stream;

import io.delivery.engine.DiskShares;
import io.delivery.journal.Journal;
import io.delivery.lane.Lane;
import io.delivery.lane.LaneSnapshot;
import io.delivery.world.Scheduler;
import io.delivery.world.World;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Looks at a stream twice a second while it has anything to do: the journal's limit follows the
 * free disk, the time until it is full is estimated, doubts about lanes are settled, and a change
 * of the encryption takes effect.
 *
 * <p>A stream that has had nothing to do for {@link #REST_AFTER} <i>rests</i>: it closes its files,
 * and nobody looks at it until a record comes or somebody changes it. So thousands of idle streams
 * cost neither time nor file handles. Thread-safe.
 */
final class StreamTicks {
    private static final Duration TICK = Duration.ofMillis(500);

    /** Longer than most pauses of producers: the first record behind it opens the files again. */
    static final Duration REST_AFTER = Duration.ofSeconds(30);

    private static final Scheduler.Cancellable NOT_SET = () -> {};

    private final World world;
    private final Executor executor;
    private final Journal journal;
    private final DiskShares.Share share;
    private final JournalFill fill;
    private final Lanes lanes;
    private final StreamEncryption encryption;
    private final boolean mayRest;

    private volatile boolean resting;

    // --- under the lock ---
    private Scheduler.Cancellable next = NOT_SET;
    private boolean stopped;

    // --- of the executor ---
    private long seenEnd = -1;
    private long busyNanos;

    /**
     * @param executor where it looks
     * @param mayRest false when records come to the lanes in other ways than through the journal
     */
    StreamTicks(
            World world,
            Executor executor,
            Journal journal,
            DiskShares.Share share,
            JournalFill fill,
            Lanes lanes,
            StreamEncryption encryption,
            boolean mayRest) {
        this.world = world;
        this.executor = executor;
        this.journal = journal;
        this.share = share;
        this.fill = fill;
        this.lanes = lanes;
        this.encryption = encryption;
        this.mayRest = mayRest;
        this.busyNanos = world.clock().nanoTime();
    }

    /** Begins to look. */
    void start() {
        onTick();
    }

    /** Somebody wants something of the stream: a stream that rests is looked at again. */
    void wake() {
        if (resting) {
            lookSoon();
        }
    }

    /** The same, also of a stream that begins to rest at this moment. */
    synchronized void lookSoon() {
        if (resting && !stopped) {
            look(); // before anybody else sees that it does not rest: appends go by the new limit
            resting = false;
            executor.execute(this::onTick);
        }
    }

    /** A step that changes something of the stream. */
    interface Change<T, E extends Exception> {
        T make() throws E;
    }

    /**
     * Changes something that the next look may have to finish, above all when it has failed
     * half-way. The stream may have begun to rest meanwhile.
     */
    <T, E extends Exception> T lookAfter(Change<T, E> change) throws E {
        try {
            return change.make();
        } finally {
            lookSoon();
        }
    }

    /** What is seen of a stream that rests is as true as of one that does not. */
    void lookIfResting() {
        if (resting) {
            look();
        }
    }

    /** Looks no more. */
    synchronized void stop() {
        stopped = true;
        next.cancel();
    }

    private void look() {
        long limit = share.journalBytes();
        journal.limit(limit);
        fill.look(journal.heldBytes(), share, limit, world.clock().nanoTime());
    }

    private synchronized void onTick() {
        if (stopped) {
            return;
        }
        look();
        lanes.settleDoubt();
        encryption.settle();
        long now = world.clock().nanoTime();
        if (!isIdle()) {
            busyNanos = now;
        }
        if (mayRest && now - busyNanos >= REST_AFTER.toNanos()) {
            rest(now);
        } else {
            next.cancel();
            next = world.scheduler().after(TICK, executor, this::onTick);
        }
    }

    private boolean isIdle() {
        long end = journal.durableEnd();
        boolean same = end == seenEnd;
        seenEnd = end;
        return same
                && journal.healthy()
                && fill.trouble().isEmpty()
                && !lanes.isInDoubt()
                && encryption.isSettled()
                && lanes.all().stream().map(Lane::snapshot).allMatch(LaneSnapshot::isIdle);
    }

    /**
     * Begins to rest. Whoever has appended a record since the journal's end was looked at may not
     * have seen that the stream rests, and wakes nobody: the journal, where appends have an order,
     * does not rest then.
     */
    private void rest(long now) {
        long end = seenEnd;
        seenEnd = -1;
        busyNanos = now;
        resting = true;
        next = NOT_SET;
        journal.rest(end, this::rested);
    }

    private void rested(boolean closed) {
        if (closed) {
            share.bytes(); // the others may have what the journal has given back
            lanes.all().forEach(Lane::rest);
        } else {
            lookSoon();
        }
    }
}

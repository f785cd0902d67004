package io.delivery.journal;

import io.delivery.journal.JournalRecovery.Recovered;
import io.delivery.journal.SegmentFiles.Blank;
import io.delivery.log.DamagedLogException;
import io.delivery.log.Log;
import io.delivery.log.LogReader;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.RecordBatch;
import io.delivery.world.DiskFile;
import io.delivery.world.DiskFullException;
import io.delivery.world.World;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded journal of one stream: records survive a crash once their append has completed, and
 * stay until they are forgotten. What is on disk is described in {@code docs/formats/journal.md}.
 *
 * <p>Group commit: appends gather while the flusher writes and syncs the group before, so
 * concurrent producers share an fsync and a single one waits for nothing but its own. Sequences are
 * given in the order of the {@code append} calls, without gaps; what failed was given none.
 *
 * <p>A failed write or fsync abandons the segment, because nothing is known about it any more. Its
 * waiting appends fail, and the journal is unhealthy until a new segment could be opened, which it
 * tries every second. A full disk fails appends with {@link JournalFullException} and nothing else.
 *
 * <p>Thread-safe. The flusher runs on a serial executor of the scheduler; so do the callbacks of
 * appends and {@link #onDurable}, which therefore must not do more than hand over.
 */
public final class Journal implements Log, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Journal.class);

    /** After so long without an append the end is marked as durable and memory is given back. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final JournalSettings settings;
    private final World world;
    private final Metrics metrics;
    private final Executor flusher;
    private final SegmentFiles files;
    private final SegmentSupply supply;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    // --- what producers and the flusher share, under this lock; never held during disk work ---
    private final Object lock = new Object();
    private List<PendingAppend> gathering = new ArrayList<>();
    private List<PendingAppend> spareList = new ArrayList<>();
    private long waitingBytes;
    private boolean flushing;
    private boolean stopping;

    // --- written by the flusher (the first two also in open), read by everybody ---
    private volatile SegmentList segments;
    private volatile long durableEnd;
    private volatile long bytes;
    private volatile long heldBytes;
    private volatile long freeInActive;
    private volatile String trouble = "";

    // --- written by everybody ---
    private volatile long limit;
    private long forgotten; // under the lock

    // --- the flusher's own ---
    private final FrameWriter writer = new FrameWriter();
    private FrameHeader header;
    private Segment active;
    private DiskFile file;

    /** The sequence behind the last frame written; ahead of {@link #durableEnd} until the sync. */
    private long written;

    private long generation;
    private long markedUpTo;
    private long lastCommitNanos;
    private boolean idleTimerSet;
    private boolean retryTimerSet;

    private Journal(JournalSettings settings, World world, Metrics metrics) {
        this.settings = settings;
        this.world = world;
        this.metrics = metrics;
        this.limit = settings.limitBytes();
        this.files = new SegmentFiles(world.disk(), settings.directory());
        this.flusher = world.scheduler().serial(settings.stream() + "/journal");
        this.supply =
                new SegmentSupply(
                        files,
                        world.clock(),
                        flusher,
                        world.scheduler().pool(settings.stream() + "/journal-spare", 1));
    }

    /**
     * Recovers what is on disk; does its disk work on the calling thread. Without a journal on disk
     * nothing is created before the first append.
     *
     * @throws DamagedLogException when records that were durable cannot be read; nothing was
     *     changed or deleted then
     * @throws IOException when the disk fails, or the journal was written by a newer program or for
     *     another incarnation
     */
    public static Journal open(JournalSettings settings, World world, Metrics metrics)
            throws IOException {
        Journal journal = new Journal(settings, world, metrics);
        journal.begin(JournalRecovery.recover(settings, world, journal.files));
        return journal;
    }

    private void begin(Recovered recovered) {
        segments = recovered.segments();
        generation = recovered.generation();
        written = recovered.end();
        if (recovered.active() != null) {
            startAt(recovered.active(), recovered.activeFile());
        }
        durableEnd = recovered.end();
        forgotten = segments.begin(durableEnd);
        measure();
        if (active != null) {
            lastCommitNanos = world.clock().nanoTime();
            setIdleTimer(IDLE);
        }
    }

    String stream() {
        return settings.stream();
    }

    // --- append ---

    /**
     * Appends the records of one request as one frame. A batch without records completes at once.
     *
     * @param batch unchanged until the stage has completed, however it does
     * @return completes once the records survive a crash; fails with {@link JournalFullException}
     *     when there is no room, with another {@link IOException} when the disk failed: the records
     *     have no sequences then, though after a crash they may be found all the same
     */
    public CompletionStage<AcceptedBatch> append(RecordBatch batch) {
        if (batch.count() == 0) {
            return CompletableFuture.completedFuture(
                    new AcceptedBatch(settings.incarnation(), durableEnd, 0));
        }
        if (batch.length() > FrameHeader.MAX_PAYLOAD) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("a batch of " + batch.length() + " bytes"));
        }
        // The checksum is most of an append's work: here, on the producer's thread.
        PendingAppend append =
                new PendingAppend(
                        batch, FrameHeader.checksum(batch.array(), batch.offset(), batch.length()));
        boolean wake;
        synchronized (lock) {
            if (stopping) {
                return CompletableFuture.failedFuture(
                        new IOException("journal of stream " + stream() + " is closed"));
            }
            if (waitingBytes + append.frameBytes() > room()) {
                return CompletableFuture.failedFuture(full());
            }
            gathering.add(append);
            waitingBytes += append.frameBytes();
            wake = !flushing;
            flushing = true;
        }
        if (wake) {
            flusher.execute(this::flush);
        }
        return append;
    }

    private long room() {
        return limit - heldBytes + freeInActive;
    }

    private JournalFullException full() {
        return new JournalFullException(
                "journal of stream %s is full: %d of %d bytes are held until lanes commit"
                        .formatted(stream(), heldBytes, limit));
    }

    // --- the flusher ---

    private void flush() {
        List<PendingAppend> group;
        synchronized (lock) {
            group = gathering;
            gathering = spareList;
        }
        long groupBytes = 0;
        for (PendingAppend append : group) {
            groupBytes += append.frameBytes();
        }
        try {
            write(group);
        } finally {
            group.clear();
            boolean more;
            synchronized (lock) {
                spareList = group;
                waitingBytes -= groupBytes;
                more = !gathering.isEmpty();
                flushing = more;
            }
            if (more) {
                flusher.execute(this::flush);
            }
        }
    }

    private void write(List<PendingAppend> group) {
        int settled = 0;
        try {
            for (int i = 0; i < group.size(); i++) {
                PendingAppend append = group.get(i);
                if (!fits(append.frameBytes())) {
                    // What is in the old segment first: a segment's name says that everything
                    // below its first sequence is durable.
                    commit(group, settled, i);
                    settled = i;
                    nextSegment(append.frameBytes());
                }
                RecordBatch batch = append.batch();
                append.number(written, durableEnd, header);
                active.remember(written, writer.end());
                writer.add(header, batch.array(), batch.offset(), batch.length());
                written += batch.count();
            }
            commit(group, settled, group.size());
        } catch (JournalFullException e) {
            fail(group, e);
        } catch (DiskFullException e) {
            abandon();
            fail(group, new JournalFullException("stream " + stream() + ": " + e.getMessage(), e));
        } catch (IOException | RuntimeException e) {
            abandon();
            ail(e);
            fail(group, e);
            heal();
        } catch (Error e) {
            abandon();
            fail(group, e);
            throw e;
        } finally {
            measure();
        }
        if (active != null) {
            supply.prepare(active, writer.end(), limit, bytes);
            measure();
        }
    }

    private boolean fits(long frameBytes) {
        return active != null && writer.end() + frameBytes <= active.bytes();
    }

    /** From here on the records of these appends survive a crash. */
    private void commit(List<PendingAppend> group, int from, int to) throws IOException {
        if (from == to) {
            return;
        }
        writer.drain();
        sync();
        active.limit(writer.end());
        durableEnd = written;
        trouble = "";
        for (int i = from; i < to; i++) {
            PendingAppend append = group.get(i);
            append.complete(
                    new AcceptedBatch(
                            settings.incarnation(),
                            append.firstSequence(),
                            append.batch().count()));
        }
        tellListeners();
        lastCommitNanos = world.clock().nanoTime();
        setIdleTimer(IDLE);
    }

    private void sync() throws IOException {
        long begun = world.clock().nanoTime();
        file.sync();
        metrics.observe(Metric.FSYNC_SECONDS, stream(), world.clock().nanoTime() - begun);
    }

    private void tellListeners() {
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                log.error("A listener of the journal failed stream={}", stream(), e);
            }
        }
    }

    /** Fails those that have not completed. */
    private static void fail(List<PendingAppend> group, Throwable cause) {
        for (PendingAppend append : group) {
            append.completeExceptionally(cause);
        }
    }

    // --- segments ---

    private void nextSegment(long frameBytes) throws IOException {
        if (active != null) {
            supply.usedUp();
            leave();
        }
        openSegment(frameBytes);
    }

    private void openSegment(long frameBytes) throws IOException {
        SegmentList before = segments;
        if (before.isEmpty()) {
            settings.beforeFirstSegment().run();
            files.makeDirectory();
        }
        long held = before.heldBytes(forgotten(), durableEnd);
        Blank blank = supply.take(frameBytes, limit, limit - held);
        SegmentId id =
                new SegmentId(
                        settings.incarnation(),
                        durableEnd,
                        ++generation,
                        world.entropy().nextLong());
        try {
            files.writeHeader(blank, id);
        } catch (IOException e) {
            files.discard(blank);
            throw e;
        }
        files.name(blank, id);
        Segment newest = before.newest();
        Segment replaced = newest != null && newest.first() == durableEnd ? newest : null;
        long base = 0;
        if (newest != null) {
            newest.end(Math.min(newest.end(), durableEnd));
            base = newest.base() + newest.limit();
        }
        Segment segment = new Segment(id, files.path(id), base, blank.bytes(), Segment.Origin.MADE);
        segments = (replaced == null ? before : before.withoutNewest()).with(segment);
        startAt(segment, blank.file());
        if (replaced != null) {
            files.delete(replaced.path()); // nothing in it counts
        }
        dropForgotten();
    }

    private void startAt(Segment segment, DiskFile open) {
        active = segment;
        file = open;
        header = new FrameHeader(segment.id());
        writer.start(open, segment.limit());
        markedUpTo = segment.first();
    }

    /** Closes the segment in use; everything below the durable end stays readable in it. */
    private void leave() {
        files.close(file, active.path());
        active.end(durableEnd);
        active = null;
        file = null;
    }

    /** Gives the segment up after a failure: what was written to it since the last sync is dead. */
    private void abandon() {
        written = durableEnd;
        writer.start(null, 0);
        if (active != null) {
            leave();
        }
    }

    private void ail(Exception e) {
        trouble = "the journal cannot be written: " + e.getMessage();
        log.error("Journal failed, segment abandoned stream={}", stream(), e);
    }

    /** Opens a segment ahead of the next append, to see whether the disk works again. */
    private void heal() {
        retryTimerSet = false;
        if (healthy() || active != null || isStopping()) {
            return;
        }
        try {
            openSegment(FrameHeader.BYTES);
            sync();
            trouble = "";
            log.info("Journal works again stream={}", stream());
        } catch (IOException | RuntimeException e) {
            abandon();
            trouble = "the journal cannot be written: " + e.getMessage();
            setRetryTimer();
        } finally {
            measure();
        }
    }

    private void setRetryTimer() {
        if (!retryTimerSet) {
            retryTimerSet = true;
            world.scheduler().after(RETRY, flusher, this::heal);
        }
    }

    private void measure() {
        SegmentList present = segments;
        bytes = present.bytes() + supply.bytes();
        heldBytes = present.heldBytes(forgotten(), durableEnd);
        freeInActive = active == null ? 0 : Math.max(0, active.bytes() - writer.end());
    }

    // --- idle ---

    private void setIdleTimer(Duration wait) {
        if (!idleTimerSet) {
            idleTimerSet = true;
            world.scheduler().after(wait, flusher, this::onIdle);
        }
    }

    private void onIdle() {
        idleTimerSet = false;
        if (isStopping() || active == null) {
            return;
        }
        long left = IDLE.toNanos() - (world.clock().nanoTime() - lastCommitNanos);
        if (left > 0) {
            setIdleTimer(Duration.ofNanos(left));
            return;
        }
        try {
            markDurable();
        } catch (IOException e) {
            abandon();
            if (!(e instanceof DiskFullException)) {
                ail(e);
                heal();
            }
        }
        writer.release();
        supply.shed(1);
        measure();
    }

    /** Leaves word of what is durable. Needs no fsync: it is as good as the disk keeps it. */
    private void markDurable() throws IOException {
        if (markedUpTo < durableEnd && fits(FrameHeader.BYTES)) {
            header.markDurable(durableEnd);
            writer.add(header, new byte[0], 0, 0);
            writer.drain();
            markedUpTo = durableEnd;
        }
    }

    // --- the log ---

    /**
     * The first sequence that has not been given yet. A sequence is given when its record is
     * durable, so this is {@link #durableEnd()}.
     */
    @Override
    public long nextSequence() {
        return durableEnd;
    }

    @Override
    public long durableEnd() {
        return durableEnd;
    }

    @Override
    public long begin() {
        long end = durableEnd;
        return segments.begin(end);
    }

    @Override
    public long durableBytesFrom(long sequence) {
        long end = durableEnd;
        return segments.durableBytesFrom(sequence, end);
    }

    /** The segment with this sequence; null when there is none. */
    Segment segmentOf(long sequence) {
        return segments.segmentOf(sequence);
    }

    /**
     * Reads in order from this sequence on.
     *
     * @throws DamagedLogException when it is below {@link #begin()}: it was lost or forgotten
     */
    @Override
    public LogReader read(long fromSequence) throws IOException {
        long begin = begin();
        if (fromSequence < begin) {
            throw new DamagedLogException(
                    fromSequence,
                    "journal of stream %s begins with sequence %d, sequence %d was asked for"
                            .formatted(stream(), begin, fromSequence));
        }
        return new JournalReader(this, world.disk(), fromSequence);
    }

    /** Calls back on the flusher. */
    @Override
    public void onDurable(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void forgetBelow(long sequence) {
        synchronized (lock) {
            long below = Math.min(sequence, durableEnd);
            if (below <= forgotten || stopping) {
                return;
            }
            forgotten = below;
        }
        flusher.execute(this::forget);
    }

    private long forgotten() {
        synchronized (lock) {
            return forgotten;
        }
    }

    private void forget() {
        dropForgotten();
        measure();
        if (bytes > limit) {
            supply.shed(0);
            measure();
        }
    }

    private void dropForgotten() {
        SegmentList present = segments;
        int count = present.wholeBelow(forgotten());
        if (count == 0) {
            return;
        }
        segments = present.without(count);
        for (Segment segment : present.all().subList(0, count)) {
            supply.reuse(segment, limit);
        }
    }

    // --- room and health ---

    /** What the journal may take on disk from now on, in bytes. */
    public void limit(long newLimit) {
        limit = newLimit;
    }

    /** Bytes on disk: all segments as they were allocated, and the spares. */
    public long bytes() {
        return bytes;
    }

    /**
     * Bytes that lanes have not committed, what is dead in their segments included. Appends fail
     * with {@link JournalFullException} when there is no room between this and the limit.
     */
    public long heldBytes() {
        return Math.max(0, heldBytes - freeInActive);
    }

    /** False from a failed write or fsync until a new segment could be opened. */
    public boolean healthy() {
        return trouble.isEmpty();
    }

    /** What is wrong, for people; empty while the journal is healthy. */
    public String trouble() {
        return trouble;
    }

    // --- the end ---

    private boolean isStopping() {
        synchronized (lock) {
            return stopping;
        }
    }

    /**
     * Takes no more appends, flushes those that wait and closes the files. Readers that are open
     * stay usable.
     *
     * @return completes when nothing of the journal runs any more; never fails
     */
    public CompletionStage<Void> stop() {
        synchronized (lock) {
            if (stopping) {
                return stopped;
            }
            stopping = true;
        }
        flusher.execute(this::finish);
        return stopped;
    }

    /** Does what {@link #stop()} does and does not wait for it. */
    @Override
    public void close() {
        stop();
    }

    private void finish() {
        boolean pending;
        synchronized (lock) {
            pending = flushing;
        }
        if (pending) {
            flusher.execute(this::finish); // behind the flush that is queued already
            return;
        }
        if (active != null) {
            try {
                markDurable();
                file.truncate(writer.end());
                file.sync();
                active.bytes(writer.end());
            } catch (IOException e) {
                // Everything accepted is durable; the next start just has more to look at.
                log.warn(
                        "Closing the journal failed stream={} reason={}", stream(), e.getMessage());
            }
            leave();
        }
        writer.start(null, 0);
        writer.release();
        supply.close(
                () -> {
                    measure();
                    stopped.complete(null);
                });
    }
}

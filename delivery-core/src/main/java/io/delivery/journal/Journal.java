package io.delivery.journal;

import io.delivery.crypt.FileCipher;
import io.delivery.failure.FailureText;
import io.delivery.failure.RepeatedFailure;
import io.delivery.log.Log;
import io.delivery.log.LogReader;
import io.delivery.metrics.Metrics;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.RecordBatch;
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
import java.util.function.Consumer;
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

    /** The mark outside the segments lags behind by no more. */
    private static final Duration MARK = Duration.ofSeconds(1);

    private final JournalSettings settings;
    private final World world;
    private final Executor flusher;
    private final DamagedBytes damaged;
    private final RepeatedFailure writing;
    private final RepeatedFailure listening;
    private final SegmentChain chain;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    // --- what producers and the flusher share, under this lock; never held during disk work ---
    private final Object lock = new Object();
    private List<PendingAppend> gathering = new ArrayList<>();
    private List<PendingAppend> spareList = new ArrayList<>();
    private long waitingBytes;
    private boolean flushing;
    private boolean stopping;

    // --- the flusher's own; others read the trouble ---
    private volatile String trouble = "";
    private long lastCommitNanos;
    private boolean idleTimerSet;
    private boolean markTimerSet;
    private boolean retryTimerSet;

    private Journal(JournalSettings settings, World world, Metrics metrics) throws IOException {
        this.settings = settings;
        this.world = world;
        this.flusher = world.scheduler().serial(settings.stream() + "/journal");
        this.damaged = DamagedBytes.of(settings, world.disk());
        this.writing = failure("writing the journal");
        this.listening = failure("a listener of the journal");
        SegmentFiles files = new SegmentFiles(world.disk(), settings.directory(), world.clock());
        JournalMark mark = new JournalMark(settings, world);
        this.chain = new SegmentChain(settings, world, metrics, files, damaged, mark, flusher);
        chain.begin(JournalRecovery.recover(settings, world, files, damaged, mark.known()));
        setMarkTimer();
        if (chain.isOpen()) {
            lastCommitNanos = world.clock().nanoTime();
            setIdleTimer(IDLE);
        }
    }

    private RepeatedFailure failure(String work) {
        return RepeatedFailure.of(log, work, world.clock()::nanoTime, "stream", settings.stream());
    }

    /**
     * Recovers what is on disk; does its disk work on the calling thread. Without a journal on disk
     * nothing is created before the first append.
     *
     * <p>What was durable and cannot be read any more is told, copied aside and passed, here as far
     * as the newest segment goes and by readers in all others.
     *
     * @throws IOException when the disk fails, or the journal was written by a newer program or for
     *     another incarnation
     */
    public static Journal open(JournalSettings settings, World world, Metrics metrics)
            throws IOException {
        return new Journal(settings, world, metrics);
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
                    new AcceptedBatch(settings.incarnation(), chain.durableEnd(), 0, false));
        }
        if (batch.length() > FrameHeader.MAX_PAYLOAD - FileCipher.TAG_BYTES) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("a batch of " + batch.length() + " bytes"));
        }
        PendingAppend append = new PendingAppend(batch, settings.keys().current());
        boolean wake;
        synchronized (lock) {
            if (stopping) {
                return CompletableFuture.failedFuture(
                        new IOException("journal of stream " + stream() + " is closed"));
            }
            if (waitingBytes + append.frameBytes() > chain.room()) {
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

    private JournalFullException full() {
        return new JournalFullException(
                "journal of stream %s is full: %d of %d bytes are held until lanes commit"
                        .formatted(stream(), chain.heldBytes(), chain.limit()));
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
                if (!chain.fits(append)) {
                    commit(group, settled, i);
                    settled = i;
                    chain.next(append.frameBytes());
                }
                chain.add(append);
            }
            commit(group, settled, group.size());
        } catch (JournalFullException e) {
            fail(group, e);
        } catch (DiskFullException e) {
            chain.abandon();
            fail(
                    group,
                    new JournalFullException("stream " + stream() + ": " + FailureText.of(e), e));
        } catch (IOException | RuntimeException e) {
            chain.abandon();
            becomeUnhealthy(e);
            fail(group, e);
            tryNewSegment();
        } catch (Error e) {
            chain.abandon();
            fail(group, e);
            throw e;
        } finally {
            chain.measure();
        }
        chain.prepare();
    }

    /** From here on the records of these appends survive a crash. */
    private void commit(List<PendingAppend> group, int from, int to) throws IOException {
        if (from == to) {
            return;
        }
        chain.sync();
        trouble = "";
        writing.worked();
        for (int i = from; i < to; i++) {
            PendingAppend append = group.get(i);
            append.complete(
                    new AcceptedBatch(
                            settings.incarnation(),
                            append.firstSequence(),
                            append.batch().count(),
                            append.key() != null));
        }
        tellListeners();
        lastCommitNanos = world.clock().nanoTime();
        setIdleTimer(IDLE);
        setMarkTimer();
    }

    private void tellListeners() {
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                listening.failedOnce(e);
            }
        }
    }

    /** Fails those that have not completed. */
    private static void fail(List<PendingAppend> group, Throwable cause) {
        for (PendingAppend append : group) {
            append.completeExceptionally(cause);
        }
    }

    // --- health ---

    private void becomeUnhealthy(Exception e) {
        trouble = "the journal cannot be written: " + FailureText.of(e);
        writing.failed(e);
    }

    /** Opens a segment ahead of the next append, to see whether the disk works again. */
    private void tryNewSegment() {
        retryTimerSet = false;
        if (healthy() || chain.isOpen() || isStopping()) {
            return;
        }
        try {
            chain.next(FrameHeader.BYTES);
            chain.sync();
            trouble = "";
            writing.worked();
        } catch (IOException | RuntimeException e) {
            chain.abandon();
            trouble = "the journal cannot be written: " + FailureText.of(e);
            writing.failed(e);
            setRetryTimer();
        }
    }

    private void setRetryTimer() {
        if (!retryTimerSet) {
            retryTimerSet = true;
            world.scheduler().after(RETRY, flusher, this::tryNewSegment);
        }
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
        if (isStopping() || !chain.isOpen()) {
            return;
        }
        long left = IDLE.toNanos() - (world.clock().nanoTime() - lastCommitNanos);
        if (left > 0) {
            setIdleTimer(Duration.ofNanos(left));
            return;
        }
        try {
            chain.markDurable();
        } catch (IOException e) {
            chain.abandon();
            if (!(e instanceof DiskFullException)) {
                becomeUnhealthy(e);
                tryNewSegment();
            }
        }
        chain.relax();
    }

    /**
     * Closes the files until the next append, if none has been made since the end was this one.
     *
     * @param rested told whether they are closed, when {@link #bytes()} is what stays on the disk
     */
    public void rest(long end, Consumer<Boolean> rested) {
        flusher.execute(
                () -> {
                    boolean idle = end == durableEnd() && !isBusy() && !idleTimerSet;
                    rested.accept(idle && chain.rest());
                });
    }

    private boolean isBusy() {
        synchronized (lock) {
            return stopping || flushing;
        }
    }

    // --- the mark ---

    private void setMarkTimer() {
        if (!markTimerSet && chain.lacksMark()) {
            markTimerSet = true;
            world.scheduler().after(MARK, flusher, this::mark);
        }
    }

    private void mark() {
        markTimerSet = false;
        if (!isStopping() && !chain.mark()) {
            setMarkTimer();
        }
    }

    // --- the log ---

    /**
     * The first sequence that has not been given yet. A sequence is given when its record is
     * durable, so this is {@link #durableEnd()}.
     */
    @Override
    public long nextSequence() {
        return chain.durableEnd();
    }

    @Override
    public long durableEnd() {
        return chain.durableEnd();
    }

    @Override
    public long begin() {
        return chain.begin();
    }

    @Override
    public long durableBytesFrom(long sequence) {
        return chain.durableBytesFrom(sequence);
    }

    /** The segment with this sequence; null when there is none. */
    Segment segmentOf(long sequence) {
        return chain.segmentOf(sequence);
    }

    /** The reader passes what is damaged or missing, as {@link LogReader#next} tells it. */
    @Override
    public LogReader read(long fromSequence) {
        return new JournalReader(chain, world.disk(), damaged, settings.keys(), fromSequence);
    }

    /** Calls back on the flusher. */
    @Override
    public void onDurable(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void forgetBelow(long sequence) {
        synchronized (lock) {
            long below = Math.min(sequence, chain.durableEnd());
            if (below <= chain.forgotten() || stopping) {
                return;
            }
            chain.forgetBelow(below);
        }
        flusher.execute(chain::forget);
    }

    // --- room and health ---

    /** What the journal may take on disk from now on, in bytes. */
    public void limit(long newLimit) {
        chain.limit(newLimit);
    }

    /** Bytes on disk: all segments as they were allocated, spares, and copies of damage. */
    public long bytes() {
        return chain.bytes();
    }

    /**
     * Bytes that lanes have not committed, what is dead in their segments included. Appends fail
     * with {@link JournalFullException} when there is no room between this and the limit.
     */
    public long heldBytes() {
        return chain.usedBytes();
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
        try {
            chain.close(() -> stopped.complete(null));
        } catch (IOException e) {
            // Everything accepted is durable; the next start only has more frames to check.
            log.warn("journal not closed: stream={} error={}", stream(), FailureText.of(e));
        }
    }
}

package io.delivery.journal;

import io.delivery.failure.FailureText;
import io.delivery.journal.SegmentFiles.Blank;
import io.delivery.world.Clock;
import io.delivery.world.Disk;
import io.delivery.world.World;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the next segment comes from: how large it is to be, and spares that are recycled, or made,
 * before they are needed. One spare is made at most; a busy journal keeps a few that lanes have
 * given back, so that it need not write zeros. Used on the flusher; a spare is made on a pool
 * beside it.
 */
final class SegmentSupply {
    private static final Logger log = LoggerFactory.getLogger(SegmentSupply.class);

    /** A segment that fills faster makes the next one larger; a slower one makes it smaller. */
    private static final Duration BUSY = Duration.ofMinutes(1);

    private static final long[] CLASSES = {1 << 20, 8 << 20, 64 << 20};
    private static final long BLOCK = SegmentHeader.BLOCK;

    /**
     * Above this rate zeros ahead of the records cost more than they save: they take the disk's
     * bandwidth from them. Segments then grow, and are recycled once lanes have given them back. It
     * is the rate of all that this process writes to the disk: many journals that fill slowly are
     * as much of a rush as one that fills fast.
     */
    private static final long RUSH_BYTES_PER_SECOND = 16 << 20;

    /** A lane gives back a whole range at a time, which may be twice the largest segment. */
    private static final int MOST_SPARES = 4;

    private final SegmentFiles files;
    private final Disk disk;
    private final Clock clock;
    private final Executor flusher;
    private final Executor pool;

    private int sizeClass;
    private long openedNanos;

    /** What had been written to the disk by then. */
    private long writtenBefore;

    private final Deque<Blank> spares = new ArrayDeque<>(MOST_SPARES);

    /** Bytes of the spare that is being made; 0 when none is. */
    private long making;

    private boolean closed;
    private Runnable whenMade = () -> {};

    SegmentSupply(SegmentFiles files, World world, Executor flusher, Executor pool) {
        this.files = files;
        this.disk = world.disk();
        this.clock = world.clock();
        this.flusher = flusher;
        this.pool = pool;
    }

    /** Bytes on disk that are no segment's yet. */
    long bytes() {
        long sum = making;
        for (Blank spare : spares) {
            sum += spare.bytes();
        }
        return sum;
    }

    /** The segment in use is full: what comes next depends on how long that took. */
    void usedUp() {
        sizeClass =
                isBusy() ? Math.min(sizeClass + 1, CLASSES.length - 1) : Math.max(0, sizeClass - 1);
    }

    private boolean isBusy() {
        return clock.nanoTime() - openedNanos < BUSY.toNanos();
    }

    private boolean isRush(long used) {
        double seconds = (clock.nanoTime() - openedNanos) / 1e9;
        long written = Math.max(used, disk.bytesWritten() - writtenBefore);
        return written > RUSH_BYTES_PER_SECOND * seconds;
    }

    /**
     * A blank for the next segment.
     *
     * @param frameBytes what must fit into it beside its header and a durable mark
     * @param limit of the whole journal, bytes
     * @param room what of the limit is left for it
     * @throws JournalFullException when there is no room
     */
    Blank take(long frameBytes, long limit, long room) throws IOException {
        long least = leastBytes(frameBytes);
        Blank made = spares.pollFirst();
        while (made != null && made.bytes() < least) {
            files.discard(made);
            made = spares.pollFirst();
        }
        if (made == null) {
            long usual = wanted(sizeClass, limit);
            if (making > 0) {
                // The spare comes too late. A smaller segment bridges the time until it is there.
                usual = Math.max(Math.min(usual, CLASSES[0]), usual / 8);
            }
            long bytes = Math.max(least, Math.min(usual, room / BLOCK * BLOCK));
            if (bytes > room) {
                throw new JournalFullException(
                        "no room for a segment of %d bytes: %d of %d are left"
                                .formatted(bytes, Math.max(0, room), limit));
            }
            // Producers are waiting: not much is written before it can be used.
            made = bytes > CLASSES[0] ? files.createGrowing(bytes) : files.create(bytes);
        }
        openedNanos = clock.nanoTime();
        writtenBefore = disk.bytesWritten();
        return made;
    }

    /**
     * Makes a spare if the segment in use will be full soon, but not at once.
     *
     * @param taken what the journal has on disk now
     */
    void prepare(Segment active, long used, long limit, long taken) {
        if (!spares.isEmpty() || making > 0 || closed || used < active.bytes() / 2) {
            return;
        }
        if (!isBusy() || isRush(used)) {
            return;
        }
        long bytes = wanted(Math.min(sizeClass + 1, CLASSES.length - 1), limit);
        if (taken + bytes > limit) {
            return;
        }
        making = bytes;
        pool.execute(
                () -> {
                    Blank made = null;
                    try {
                        made = files.create(bytes);
                    } catch (IOException e) {
                        // The next segment is then made when it is needed, and says what is wrong.
                        log.debug("spare segment not made: error={}", FailureText.of(e));
                    } finally {
                        Blank result = made;
                        flusher.execute(() -> made(result));
                    }
                });
    }

    private void made(Blank blank) {
        making = 0;
        if (blank != null) {
            if (closed) {
                files.discard(blank);
            } else {
                spares.addLast(blank);
            }
        }
        whenMade.run();
    }

    /**
     * Takes a segment that nobody needs any more: as a spare, or to delete it.
     *
     * @param encrypts whether the stream does: a file with plain records is then not kept
     */
    void reuse(Segment segment, long limit, boolean encrypts) {
        boolean right =
                segment.bytes() == wanted(sizeClass, limit)
                        && segment.origin() == Segment.Origin.MADE
                        && !(encrypts && segment.holdsPlain())
                        && sizeClass > 0
                        && isBusy();
        if (right && spares.size() < MOST_SPARES && !closed) {
            try {
                spares.addLast(files.recycle(segment));
                return;
            } catch (IOException e) {
                log.warn(
                        "segment not used again: file={} error={}",
                        segment.path(),
                        FailureText.of(e));
            }
        }
        files.delete(segment.path());
    }

    /** Removes the spares that hold records in plain: the stream encrypts. */
    void shedPlain() {
        spares.removeIf(
                spare -> {
                    if (spare.holdsPlain()) {
                        files.discard(spare);
                    }
                    return spare.holdsPlain();
                });
    }

    /** Gives the room of all spares back but for this many. */
    void shed(int keep) {
        while (spares.size() > keep) {
            files.discard(spares.pollLast());
        }
    }

    /** No spare any more. Calls back, on the flusher, when none is left and none is being made. */
    void close(Runnable closedAll) {
        closed = true;
        shed(0);
        if (making > 0) {
            whenMade = closedAll;
        } else {
            closedAll.run();
        }
    }

    /** The size of a journal's first segment in this process, if it is to hold so many bytes. */
    static long firstBytes(long frameBytes, long limit) {
        return Math.max(leastBytes(frameBytes), wanted(0, limit));
    }

    /** The least that a segment takes which is to hold so many bytes. */
    static long leastBytes(long frameBytes) {
        return blocks(holding(frameBytes));
    }

    /** A segment with these frames and a durable mark behind them. */
    private static long holding(long frameBytes) {
        return SegmentHeader.BYTES + frameBytes + FrameHeader.BYTES;
    }

    private static long wanted(int sizeClass, long limit) {
        return Math.min(CLASSES[sizeClass], Math.max(BLOCK, limit / 8 / BLOCK * BLOCK));
    }

    private static long blocks(long bytes) {
        return (bytes + BLOCK - 1) / BLOCK * BLOCK;
    }
}

package io.delivery.journal;

import io.delivery.journal.JournalRecovery.Recovered;
import io.delivery.journal.SegmentFiles.Blank;
import io.delivery.mark.Mark;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.record.RecordBatch;
import io.delivery.world.DiskFile;
import io.delivery.world.World;
import java.io.IOException;
import java.util.concurrent.Executor;

/**
 * The segments of one journal, one behind the other, and the place in the newest where the next
 * frame goes. Knows what is durable; knows nothing of producers.
 *
 * <p>Written to by the flusher only. Everybody may ask what is durable, where it is and how much
 * room there is.
 */
final class SegmentChain {
    private final JournalSettings settings;
    private final World world;
    private final Metrics metrics;
    private final SegmentFiles files;
    private final SegmentSupply supply;
    private final DamagedBytes damaged;
    private final JournalMark mark;

    // --- written by the flusher (the first two also in begin), read by everybody ---
    private volatile SegmentList segments;
    private volatile long durableEnd;
    private volatile long bytes;
    private volatile long heldBytes;
    private volatile long freeInActive;

    // --- written by everybody ---
    private volatile long limit;
    private volatile long forgotten;

    // --- the flusher's own ---
    private final FrameWriter writer = new FrameWriter();
    private final FrameSealer sealer = new FrameSealer();
    private FrameHeader header;
    private Segment active;
    private DiskFile file;

    /** The sequence behind the last frame written; ahead of {@link #durableEnd} until the sync. */
    private long written;

    private long generation;
    private long markedUpTo;

    SegmentChain(
            JournalSettings settings,
            World world,
            Metrics metrics,
            SegmentFiles files,
            DamagedBytes damaged,
            JournalMark mark,
            Executor flusher) {
        this.mark = mark;
        this.settings = settings;
        this.world = world;
        this.metrics = metrics;
        this.files = files;
        this.damaged = damaged;
        this.limit = settings.limitBytes();
        this.supply =
                new SegmentSupply(
                        files,
                        world,
                        flusher,
                        world.scheduler().pool(settings.stream() + "/journal-spare", 1));
    }

    /** Goes on behind what an earlier process left. */
    void begin(Recovered recovered) {
        segments = recovered.segments();
        generation = recovered.generation();
        written = recovered.end();
        if (recovered.active() != null) {
            startAt(recovered.active(), recovered.activeFile());
        }
        durableEnd = recovered.end();
        forgotten = segments.begin(durableEnd);
        measure();
    }

    // --- what everybody may ask ---

    long durableEnd() {
        return durableEnd;
    }

    long begin() {
        long end = durableEnd;
        return segments.begin(end);
    }

    long durableBytesFrom(long sequence) {
        long end = durableEnd;
        return segments.durableBytesFrom(sequence, end);
    }

    /** The segment with this sequence; null when there is none. */
    Segment segmentOf(long sequence) {
        return segments.segmentOf(sequence);
    }

    /** Bytes on disk: all segments as they were allocated, spares, and copies of damage. */
    long bytes() {
        return bytes;
    }

    long limit() {
        return limit;
    }

    void limit(long newLimit) {
        limit = newLimit;
    }

    /** Bytes of segments that lanes still need. */
    long heldBytes() {
        return heldBytes;
    }

    /** As {@link #heldBytes()}, without what is free in the newest segment. */
    long usedBytes() {
        return Math.max(0, heldBytes - freeInActive);
    }

    /** Bytes that appends may still take. */
    long room() {
        return limit - heldBytes + freeInActive;
    }

    /** Lets everybody see how much room there is now. */
    void measure() {
        SegmentList present = segments;
        bytes = present.bytes() + supply.bytes() + damaged.bytes();
        heldBytes = present.heldBytes(forgotten, durableEnd);
        freeInActive = active == null ? 0 : Math.max(0, active.bytes() - writer.end());
    }

    // --- write ---

    /** Whether there is a segment in which frames can be written. */
    boolean isOpen() {
        return active != null;
    }

    /**
     * Whether there is room for the frame of this append and for a durable mark behind it, in a
     * segment whose format has such frames.
     */
    boolean fits(PendingAppend append) {
        return active != null
                && writer.end() + append.frameBytes() + FrameHeader.BYTES <= active.bytes()
                && (append.key() == null || active.format() == SegmentHeader.ENCRYPTED_FORMAT);
    }

    /** Writes the records of an append behind those before and gives them their sequences. */
    void add(PendingAppend append) throws IOException {
        openAgain();
        append.number(written, durableEnd, header);
        active.remember(written, writer.end());
        RecordBatch batch = append.batch();
        if (append.key() == null) {
            active.holdPlain();
            writer.add(header, batch.array(), batch.offset(), batch.length());
        } else {
            byte[] sealed =
                    sealer.seal(
                            append.key(),
                            active.id(),
                            header,
                            writer.end(),
                            batch.array(),
                            batch.offset(),
                            batch.length());
            writer.add(header, sealed, 0, header.length);
        }
        written += batch.count();
    }

    /** From here on everything that was added survives a crash. */
    void sync() throws IOException {
        writer.drain();
        long begun = world.clock().nanoTime();
        file.sync();
        metrics.observe(Metric.FSYNC_SECONDS, settings.stream(), world.clock().nanoTime() - begun);
        active.limit(writer.end());
        durableEnd = written;
    }

    /**
     * Writes a mark that says what is durable. It needs no fsync: without the mark the next start
     * knows less, and writes more frames again.
     */
    void markDurable() throws IOException {
        if (active != null && markedUpTo < durableEnd) {
            header.markDurable(durableEnd);
            writer.add(header, new byte[0], 0, 0);
            writer.drain();
            markedUpTo = durableEnd;
        }
    }

    /** Whether the mark outside the segments lags behind what is durable. */
    boolean lacksMark() {
        return mark.lacks(durableEnd);
    }

    /**
     * Tells outside the segments what is durable. Nothing waits for it.
     *
     * @return false when that failed: to be tried again
     */
    boolean mark() {
        Segment newest = segments.newest();
        if (newest == null || !lacksMark()) {
            return true;
        }
        long least = Math.min(newest.limit(), newest.bytes());
        return mark.write(new Mark(newest.id().generation(), durableEnd, least));
    }

    /** Makes a spare when one will be needed soon. */
    void prepare() {
        if (active != null) {
            supply.prepare(active, writer.end(), limit, bytes);
        }
        measure();
    }

    /** Gives back memory and room that only a busy journal needs. */
    void relax() {
        writer.release();
        sealer.release();
        supply.shed(1);
        measure();
    }

    /**
     * Closes the files; the next frame opens them again.
     *
     * @return false when that must wait, because a mark does not say yet all that there is to say
     */
    boolean rest() {
        supply.shed(0);
        measure();
        boolean marked = file == null || markedUpTo == durableEnd;
        if (!marked || !mark()) {
            return false;
        }
        if (file != null) {
            files.close(file, active.path());
            file = null;
            writer.start(null, writer.end());
        }
        mark.close();
        return true;
    }

    /** After a rest. */
    private void openAgain() throws IOException {
        if (file == null) {
            file = world.disk().open(active.path());
            writer.start(file, writer.end());
        }
    }

    // --- from segment to segment ---

    /**
     * Goes over to a new segment that holds at least this frame. What was added must have been
     * synced: a segment's name says that everything below its first sequence is durable.
     *
     * @throws JournalFullException when there is no room
     */
    void next(long frameBytes) throws IOException {
        if (active != null) {
            supply.usedUp();
            leave();
        }
        SegmentList before = segments;
        if (before.isEmpty()) {
            settings.beforeFirstSegment().run();
            files.makeDirectory();
        }
        long held = before.heldBytes(forgotten, durableEnd);
        if (encrypts()) {
            supply.shedPlain();
        }
        Blank blank = supply.take(frameBytes, limit, limit - held);
        SegmentId id =
                new SegmentId(
                        settings.incarnation(),
                        durableEnd,
                        ++generation,
                        world.entropy().nextLong());
        // A key may come meanwhile: the header and what is known of the segment must say the same.
        int format = SegmentHeader.formatOf(settings.keys());
        try {
            files.writeHeader(blank, id, format);
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
        Segment segment =
                new Segment(id, files.directory(), base, blank.bytes(), Segment.Origin.MADE);
        segment.format(format);
        if (blank.holdsPlain()) {
            segment.holdPlain();
        }
        segments = (replaced == null ? before : before.withoutNewest()).with(segment);
        startAt(segment, blank.file());
        if (replaced != null) {
            files.delete(replaced.path()); // nothing in it counts
        }
        dropForgotten();
        measure();
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
        if (file != null) {
            files.close(file, active.path());
        }
        active.end(durableEnd);
        active = null;
        file = null;
    }

    /** Gives the segment up after a failure: what was written to it since the last sync is dead. */
    void abandon() {
        written = durableEnd;
        writer.start(null, 0);
        if (active != null) {
            leave();
        }
        measure();
    }

    // --- forget ---

    /**
     * Every record below this sequence may be removed. Takes effect with {@link #forget}; never
     * goes back.
     */
    void forgetBelow(long sequence) {
        forgotten = sequence;
    }

    long forgotten() {
        return forgotten;
    }

    /** Removes what was forgotten, and spares, if there is more than the limit allows. */
    void forget() {
        dropForgotten();
        measure();
        if (bytes > limit) {
            supply.shed(0);
            measure();
        }
    }

    /** Whether nothing that it writes now may be read on the disk. */
    private boolean encrypts() {
        return settings.keys().current() != null;
    }

    private void dropForgotten() {
        boolean encrypts = encrypts();
        if (encrypts) {
            supply.shedPlain();
        }
        SegmentList present = segments;
        int count = present.wholeBelow(forgotten);
        if (count == 0) {
            return;
        }
        segments = present.without(count);
        for (Segment segment : present.all().subList(0, count)) {
            supply.reuse(segment, limit, encrypts);
        }
    }

    // --- the end ---

    /**
     * Closes the files.
     *
     * @param closed called, on the flusher, when nothing of the chain runs any more
     * @throws IOException when that fails; everything accepted is durable all the same, the next
     *     start just has more to look at
     */
    void close(Runnable closed) throws IOException {
        try {
            mark();
            if (active != null) {
                openAgain();
                markDurable();
                // A power cut may keep a truncation and lose a frame that was not synced before it:
                // the file would look as if somebody had cut it.
                file.sync();
                file.truncate(writer.end());
                file.sync();
                active.bytes(writer.end());
            }
        } finally {
            abandon();
            writer.release();
            mark.close();
            supply.close(
                    () -> {
                        measure();
                        closed.run();
                    });
        }
    }
}

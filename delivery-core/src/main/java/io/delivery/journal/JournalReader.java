package io.delivery.journal;

import io.delivery.crypt.StreamKeys;
import io.delivery.log.LogReader;
import io.delivery.record.RecordBatch;
import io.delivery.world.Disk;
import java.io.IOException;

/**
 * Reads frames up to the journal's durable end and believes none whose checksums do not fit: what
 * is bad below the durable end is damage, told, and passed. A journal gives every sequence to a
 * record, so none is ever absent. An entry's bytes lie in the reader's own window and are valid
 * until the next call.
 */
final class JournalReader implements LogReader {
    private final SegmentChain chain;
    private final Disk disk;
    private final DamagedBytes damaged;
    private final FrameOpener opener;
    private final SegmentInput input = new SegmentInput();

    /** The first sequence that has not been given out. */
    private long sequence;

    /**
     * Records behind a stretch that was told as lost: the next call gives them. Null when there are
     * none.
     */
    private Records behindLost;

    private Segment segment;
    private FrameWalk walk;

    JournalReader(
            SegmentChain chain,
            Disk disk,
            DamagedBytes damaged,
            StreamKeys keys,
            long fromSequence) {
        this.opener = new FrameOpener(keys);
        this.chain = chain;
        this.disk = disk;
        this.damaged = damaged;
        this.sequence = fromSequence;
    }

    @Override
    public Entry next() throws IOException {
        if (behindLost != null) {
            return give(behindLost);
        }
        // The durable end is read before any segment's limit, so every frame below it lies below
        // that limit.
        long durableEnd = chain.durableEnd();
        if (sequence >= durableEnd) {
            input.relax();
            return null;
        }
        try {
            return read(durableEnd);
        } catch (IOException e) {
            input.close(); // a second call begins anew, at the same sequence
            throw e;
        }
    }

    private Entry read(long durableEnd) throws IOException {
        long at = sequence;
        while (at < durableEnd) {
            if (segment == null || !input.isOpen() || at >= segment.end()) {
                at = enter(at);
                if (segment == null) {
                    break;
                }
            }
            // The limit is read once for the whole pass: a frame that is written behind it
            // meanwhile is not looked at.
            long limit = segment.limit();
            while (walk.next(limit, segment.end(), sequence)) {
                FrameHeader header = walk.header();
                if (walk.bad()) {
                    tell(walk.frameOffset(), header.firstSequence);
                }
                if (header.end() > sequence) {
                    Records records =
                            new Records(
                                    header.firstSequence,
                                    new RecordBatch(
                                            input.window(),
                                            walk.payload(),
                                            header.recordsLength(),
                                            header.count,
                                            header.arrivalMillis));
                    if (header.firstSequence > sequence) {
                        behindLost = records;
                        return lost(header.firstSequence);
                    }
                    return give(records);
                }
            }
            // No valid frame is left, although the records up to here were durable.
            at = Math.min(segment.end(), durableEnd);
            passRest(limit, at);
        }
        // The end of the log was reached without a frame: what was in between is lost.
        long end = Math.min(at, durableEnd);
        return end > sequence ? lost(end) : null;
    }

    private Entry give(Records records) {
        behindLost = null;
        sequence = records.end();
        return records;
    }

    private Entry lost(long end) {
        Lost lost = new Lost(sequence, end);
        sequence = end;
        return lost;
    }

    /** Opens the segment with this sequence; gives the first sequence that can be read from it. */
    private long enter(long wanted) throws IOException {
        long begin = chain.begin();
        if (wanted < begin) {
            damaged.missing(wanted, begin);
        }
        long from = Math.max(wanted, begin);
        segment = chain.segmentOf(from);
        if (segment == null) {
            return from;
        }
        input.open(disk, segment.path());
        if (walk == null) {
            walk = new FrameWalk(input, segment.id(), opener);
        }
        int place = segment.placeBefore(from);
        boolean headed = segment.headerFits(input);
        walk.start(segment.id(), segment.offsetAt(place), segment.sequenceAt(place));
        if (!headed && place == 0) {
            walk.bad(0);
        }
        return from;
    }

    private void tell(long to, long endSequence) {
        damaged.found(
                segment.id(),
                segment.path(),
                new BadStretch(walk.badFrom(), to, walk.badSequence(), endSequence));
    }

    /**
     * Behind the last valid frame: the next one, if one comes, begins behind this limit.
     *
     * @param limit up to which frames were looked for
     */
    private void passRest(long limit, long endSequence) {
        walk.bad(walk.offset());
        tell(Math.max(limit, walk.badFrom()), endSequence);
        walk.start(segment.id(), Math.max(limit, walk.badFrom()), endSequence);
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}

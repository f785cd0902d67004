package io.delivery.journal;

import io.delivery.world.Disk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks through the newest segment at start and finds out what of it can be believed: {@code
 * docs/formats/journal.md}, "What a reader does".
 *
 * @param end the sequence behind everything that was durable or is believed
 * @param endOffset where the last believed frame ends in the file
 * @param durableUpTo everything below is durable or damaged; a believed frame begins here, or it is
 *     the end
 * @param durableOffset where that frame begins
 * @param foundEnd the sequence behind the last valid frame
 * @param foundOffset where that frame ends in the file
 * @param cutFrames valid frames behind a torn one: they are cut with it
 * @param damage stretches that were durable and cannot be read
 */
record SegmentScan(
        long end,
        long endOffset,
        long durableUpTo,
        long durableOffset,
        long foundEnd,
        long foundOffset,
        int cutFrames,
        List<BadStretch> damage) {

    /**
     * Reads the whole file and fills the segment's index and limit.
     *
     * @param knownEnd what lanes have read lies below: it was durable
     * @param markedEnd everything below was durable, and a frame ends there
     * @throws IOException when the disk fails, or a newer program or another incarnation has
     *     written the segment
     */
    static SegmentScan of(Disk disk, Segment segment, long knownEnd, long markedEnd)
            throws IOException {
        try (SegmentInput input = new SegmentInput()) {
            input.open(disk, segment.path());
            return new Scan(segment, input, knownEnd, markedEnd).scan();
        }
    }

    /** A stretch, and how many valid frames lie in front of it. */
    private record Found(BadStretch stretch, long framesBefore) {}

    private static final class Scan {
        private final Segment segment;
        private final SegmentInput input;
        private final long length;
        private final long knownEnd;
        private final long markedEnd;
        private final FrameWalk walk;
        private final List<Found> bad = new ArrayList<>();
        private final List<BadStretch> damage = new ArrayList<>();

        /** The end of what was durable, as far as anybody knows. */
        private long durable;

        private boolean torn;
        private long end;
        private long endOffset;
        private int cutFrames;

        Scan(Segment segment, SegmentInput input, long knownEnd, long markedEnd)
                throws IOException {
            this.segment = segment;
            this.input = input;
            this.length = input.length();
            this.knownEnd = knownEnd;
            this.markedEnd = markedEnd;
            this.walk = new FrameWalk(input, segment.id());
        }

        SegmentScan scan() throws IOException {
            walk.start(segment.id(), SegmentHeader.BYTES, segment.first());
            walk.known(knownEnd);
            if (!segment.headerFits(input)) {
                walk.bad(0);
            }
            while (walk.next(length, Long.MAX_VALUE, 0)) {
                if (walk.bad()) {
                    remember(walk.frameOffset(), walk.header().firstSequence, walk.frames() - 1);
                }
                segment.remember(walk.header().firstSequence, walk.frameOffset());
            }
            long frames = walk.frames();
            long told = walk.sequence();
            walk.bad(walk.offset()); // what is behind the last valid frame, if it is nothing else
            long behindLast = walk.badFrom();
            remember(Math.max(length, walk.badFrom()), told, frames);

            long durableOfFrames =
                    Math.max(markedEnd, Math.max(segment.first(), walk.durableUpTo()));
            durable = Math.max(durableOfFrames, walk.known());
            for (int i = 0; i < bad.size() && !torn; i++) {
                boolean last = i == bad.size() - 1;
                judge(bad.get(i).stretch(), last, durableOfFrames == durable);
                if (torn) {
                    cutFrames = (int) (frames - bad.get(i).framesBefore());
                }
            }
            segment.limit(endOffset);
            segment.forgetFrom(endOffset);
            return new SegmentScan(
                    end,
                    endOffset,
                    durable,
                    durableOffset(),
                    told,
                    behindLast,
                    cutFrames,
                    List.copyOf(damage));
        }

        private void remember(long to, long endSequence, long framesBefore) {
            bad.add(
                    new Found(
                            new BadStretch(walk.badFrom(), to, walk.badSequence(), endSequence),
                            framesBefore));
        }

        /** The last stretch is what lies behind the last valid frame; it ends everything. */
        private void judge(BadStretch stretch, boolean last, boolean framesKnowBest) {
            long first = stretch.firstSequence();
            boolean wasDurable = first < durable || first == durable && !last && isEmpty(stretch);
            if (!wasDurable) {
                cut(stretch, first);
            } else if (last && stretch.endSequence() <= durable) {
                damage.add(upTo(stretch, durable));
                cut(stretch, durable);
            } else if (stretch.endSequence() <= durable) {
                damage.add(stretch);
            } else if (framesKnowBest) {
                // What frames know ends where a frame ends: what is above that was torn off.
                damage.add(upTo(stretch, durable));
                cut(stretch, durable);
            } else {
                // What lanes know may end in the middle of a frame, and nobody knows where that
                // frame ended: no sequence of it may be given again.
                durable = stretch.endSequence();
                damage.add(stretch);
                if (last) {
                    cut(stretch, durable);
                }
            }
        }

        private static boolean isEmpty(BadStretch stretch) {
            return !stretch.holdsRecords();
        }

        private static BadStretch upTo(BadStretch stretch, long endSequence) {
            return new BadStretch(
                    stretch.from(), stretch.to(), stretch.firstSequence(), endSequence);
        }

        private void cut(BadStretch stretch, long atSequence) {
            torn = true;
            end = atSequence;
            endOffset = Math.max(SegmentHeader.BYTES, stretch.from());
        }

        private long durableOffset() throws IOException {
            if (durable == end) {
                return endOffset;
            }
            int place = segment.placeBefore(durable);
            FrameWalk again = new FrameWalk(input, segment.id());
            again.start(segment.id(), segment.offsetAt(place), segment.sequenceAt(place));
            while (again.next(endOffset, Long.MAX_VALUE, 0)) {
                if (again.header().end() > durable) {
                    return again.frameOffset();
                }
            }
            throw new IOException(
                    "journal segment %s changed while it was looked through"
                            .formatted(segment.path()));
        }
    }
}

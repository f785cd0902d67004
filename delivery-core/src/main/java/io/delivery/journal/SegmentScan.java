package io.delivery.journal;

import io.delivery.log.DamagedLogException;
import io.delivery.world.Disk;
import java.io.IOException;
import java.util.Arrays;

/**
 * Looks through the newest segment at start and finds out what of it can be believed: {@code
 * docs/formats/journal.md}, "What a reader does".
 *
 * @param end the sequence behind the last believed frame
 * @param endOffset where that frame ends in the file
 * @param durableUpTo the highest that any valid frame knows; at least the segment's first sequence
 * @param durableOffset where the frame with that sequence begins
 * @param cutFrames valid frames behind a torn one: they are cut with it
 */
record SegmentScan(long end, long endOffset, long durableUpTo, long durableOffset, int cutFrames) {

    /**
     * Reads the whole file and fills the segment's index and limit.
     *
     * @throws DamagedLogException when a stretch cannot be read that was known to be durable
     */
    static SegmentScan of(Disk disk, Segment segment) throws IOException {
        try (SegmentInput input = new SegmentInput()) {
            input.open(disk, segment.path());
            return new Walk(segment, input, input.length()).scan();
        }
    }

    private static final class Walk {
        private final Segment segment;
        private final SegmentInput input;
        private final long length;
        private final FrameHeader header;

        private long sequence;
        private long offset = SegmentHeader.BYTES;
        private long durableUpTo;

        Walk(Segment segment, SegmentInput input, long length) {
            this.segment = segment;
            this.input = input;
            this.length = length;
            this.header = new FrameHeader(segment.id());
            this.sequence = segment.first();
            this.durableUpTo = segment.first();
        }

        SegmentScan scan() throws IOException {
            int at = input.find(0, SegmentHeader.BYTES, length);
            boolean headed =
                    at >= 0
                            && SegmentHeader.isOf(
                                    segment.id(),
                                    Arrays.copyOfRange(
                                            input.window(), at, at + SegmentHeader.BYTES),
                                    segment.path().toString());
            if (headed) {
                walkValidFrames();
            }
            long bad = headed ? offset : 0;
            int cutFrames = lookBehind();
            if (durableUpTo > sequence) {
                throw new DamagedLogException(
                        sequence,
                        ("journal segment %s is damaged at byte %d: sequences %d to %d were durable"
                                        + " and cannot be read; nothing was changed or deleted")
                                .formatted(segment.path(), bad, sequence, durableUpTo - 1));
            }
            segment.limit(offset);
            return new SegmentScan(sequence, offset, durableUpTo, durableOffset(), cutFrames);
        }

        private void walkValidFrames() throws IOException {
            while (true) {
                int at = input.find(offset, FrameHeader.BYTES, length);
                if (at < 0
                        || !header.readFrom(input.window(), at)
                        || header.firstSequence != sequence
                        || !payloadFits()) {
                    return;
                }
                durableUpTo = Math.max(durableUpTo, header.durableUpTo);
                segment.remember(sequence, offset);
                sequence = header.end();
                offset += FrameHeader.frameBytes(header.length);
            }
        }

        private boolean payloadFits() throws IOException {
            int at = input.find(offset + FrameHeader.BYTES, header.length, length);
            return at >= 0
                    && FrameHeader.checksum(input.window(), at, header.length)
                            == header.payloadChecksum;
        }

        /** Asks every frame behind the bad stretch what it knows to be durable. */
        private int lookBehind() throws IOException {
            int found = 0;
            long last = length - FrameHeader.BYTES;
            for (long at = offset; at <= last; at += FrameHeader.ALIGNMENT) {
                int header = input.find(at, FrameHeader.BYTES, length);
                if (header < 0) {
                    break;
                }
                if (this.header.readFrom(input.window(), header)) {
                    durableUpTo = Math.max(durableUpTo, this.header.durableUpTo);
                    found++;
                }
            }
            return found;
        }

        private long durableOffset() throws IOException {
            if (durableUpTo == sequence) {
                return offset;
            }
            int place = segment.placeBefore(durableUpTo);
            long at = segment.offsetAt(place);
            for (long next = segment.sequenceAt(place); next < durableUpTo; ) {
                header.readFrom(input.window(), input.find(at, FrameHeader.BYTES, length));
                next = header.end();
                at += FrameHeader.frameBytes(header.length);
            }
            return at;
        }
    }
}

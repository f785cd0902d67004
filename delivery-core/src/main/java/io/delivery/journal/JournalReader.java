package io.delivery.journal;

import io.delivery.log.DamagedLogException;
import io.delivery.log.LogReader;
import io.delivery.record.RecordBatch;
import io.delivery.world.Disk;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reads frames up to the journal's durable end and believes none whose checksums do not fit. An
 * entry's bytes lie in the reader's own window and are valid until the next call.
 */
final class JournalReader implements LogReader {
    private final Journal journal;
    private final Disk disk;
    private final SegmentInput input = new SegmentInput();

    /** The first sequence that has not been given out. */
    private long sequence;

    private Segment segment;
    private FrameHeader header;

    /** Where the next frame begins, and with which sequence; not behind {@link #sequence}. */
    private long offset;

    private long frameSequence;

    JournalReader(Journal journal, Disk disk, long fromSequence) {
        this.journal = journal;
        this.disk = disk;
        this.sequence = fromSequence;
    }

    @Override
    public Entry next() throws IOException {
        // Read before any limit of a segment: what is below it lies below that limit.
        long durableEnd = journal.durableEnd();
        if (sequence >= durableEnd) {
            input.relax();
            return null;
        }
        try {
            if (segment == null || !input.isOpen() || sequence >= segment.end()) {
                enter(journal.segmentOf(sequence));
            }
            while (true) {
                int at = input.find(offset, FrameHeader.BYTES, segment.limit());
                if (at < 0 || !header.readFrom(input.window(), at)) {
                    throw damaged("no valid frame");
                }
                if (header.firstSequence != frameSequence) {
                    throw damaged("a frame with sequence " + header.firstSequence);
                }
                long frame = offset;
                if (header.end() <= sequence) { // a durable mark, or in front of the position
                    offset = frame + FrameHeader.frameBytes(header.length);
                    frameSequence = header.end();
                    continue;
                }
                int payload = input.find(frame + FrameHeader.BYTES, header.length, segment.limit());
                if (payload < 0
                        || FrameHeader.checksum(input.window(), payload, header.length)
                                != header.payloadChecksum) {
                    throw damaged("a payload that does not fit its checksum");
                }
                offset = frame + FrameHeader.frameBytes(header.length);
                frameSequence = header.end();
                sequence = header.end();
                return new Entry(
                        header.firstSequence,
                        new RecordBatch(
                                input.window(),
                                payload,
                                header.length,
                                header.count,
                                header.arrivalMillis));
            }
        } catch (IOException e) {
            input.close(); // a second call begins anew, at the same sequence
            throw e;
        }
    }

    private void enter(Segment next) throws IOException {
        if (next == null) {
            throw new DamagedLogException(
                    sequence,
                    "journal of stream %s has no segment with sequence %d, although up to %d were given"
                            .formatted(journal.stream(), sequence, journal.durableEnd() - 1));
        }
        segment = next;
        input.open(disk, next.path());
        int at = input.find(0, SegmentHeader.BYTES, next.limit());
        offset = 0;
        if (at < 0
                || !SegmentHeader.isOf(
                        next.id(),
                        Arrays.copyOfRange(input.window(), at, at + SegmentHeader.BYTES),
                        next.path().toString())) {
            throw damaged("no valid segment header");
        }
        if (header == null) {
            header = new FrameHeader(next.id());
        } else {
            header.of(next.id());
        }
        int place = next.placeBefore(sequence);
        frameSequence = next.sequenceAt(place);
        offset = next.offsetAt(place);
    }

    private DamagedLogException damaged(String found) {
        return new DamagedLogException(
                sequence,
                "journal segment %s is damaged: %s at byte %d, so sequence %d cannot be read"
                        .formatted(segment.path(), found, offset, sequence));
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}

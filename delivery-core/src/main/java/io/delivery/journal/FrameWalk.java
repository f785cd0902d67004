package io.delivery.journal;

import java.io.IOException;

/**
 * Goes from frame to frame of one segment, passes what cannot be believed and says what that was.
 *
 * <p>A frame is valid when both checksums fit, its key opens it if it is to be opened, and its
 * sequences do not lie in front of those of the frames before: a frame inside a payload, copied
 * from elsewhere, is none. Behind a bad stretch the next valid frame is looked for at every place
 * where one may begin. Used by one thread at a time.
 */
final class FrameWalk {
    private final SegmentInput input;
    private final FrameHeader header;

    /** Null when encrypted payloads stay as they are. */
    private final FrameOpener opener;

    private SegmentId segment;

    private long frameOffset;
    private long offset;
    private long sequence;
    private int payload;
    private long frames;
    private boolean found;

    private boolean bad;
    private long badFrom;
    private long badSequence;

    private long durableUpTo;
    private long known;

    /** One that leaves encrypted payloads as they are: checksums tell whether they are whole. */
    FrameWalk(SegmentInput input, SegmentId id) {
        this(input, id, null);
    }

    /**
     * One that decrypts payloads in the input's window, and believes none that its key does not
     * open.
     */
    FrameWalk(SegmentInput input, SegmentId id, FrameOpener opener) {
        this.input = input;
        this.header = new FrameHeader(id);
        this.opener = opener;
        this.segment = id;
    }

    /**
     * Goes on in this segment, at a place where a frame begins or where nothing can be believed.
     */
    void start(SegmentId id, long atOffset, long atSequence) {
        header.of(id);
        segment = id;
        offset = atOffset;
        sequence = atSequence;
        found = false;
        bad = false;
    }

    /**
     * Takes what lanes know to be durable: everything below this sequence, and the whole of the
     * frame that it lies in.
     */
    void known(long fromElsewhere) {
        known = fromElsewhere;
    }

    /** What was given to {@link #known}, moved to the end of the frame that it lies in. */
    long known() {
        return known;
    }

    /** The highest durable-up-to of all headers so far. */
    long durableUpTo() {
        return durableUpTo;
    }

    /** The frame that {@link #next} has found. */
    FrameHeader header() {
        return header;
    }

    /** Where the frame begins in the file. */
    long frameOffset() {
        return frameOffset;
    }

    /** Where its payload is in the input's window. */
    int payload() {
        return payload;
    }

    /** Behind the frame, or behind everything that was looked at. */
    long offset() {
        return offset;
    }

    /** The sequence behind the last one that any believable header names. */
    long sequence() {
        return sequence;
    }

    /** Valid frames so far. */
    long frames() {
        return frames;
    }

    /** Whether a bad stretch lies in front of the frame, or of the end. */
    boolean bad() {
        return bad;
    }

    /** Where that stretch begins. */
    long badFrom() {
        return badFrom;
    }

    /** The first sequence that it may have held. */
    long badSequence() {
        return badSequence;
    }

    /** The bytes from here to the next valid frame are bad, unless a stretch has begun before. */
    void bad(long atOffset) {
        if (!bad) {
            bad = true;
            badFrom = atOffset;
            badSequence = sequence;
        }
    }

    /**
     * Finds the next valid frame.
     *
     * @param limit nothing at or behind this offset is looked at
     * @param endSequence frames from this sequence on are dead
     * @param wanted the payload of a frame that ends at or below this sequence is not looked at
     * @return false when there is none
     */
    boolean next(long limit, long endSequence, long wanted) throws IOException {
        if (found) {
            bad = false;
            found = false;
        }
        while (true) {
            frameOffset = offset;
            int at = input.find(offset, FrameHeader.BYTES, limit);
            if (at < 0) {
                return false;
            }
            if (!header.readFrom(input.window(), at) || header.firstSequence < sequence) {
                bad(offset);
                offset += FrameHeader.ALIGNMENT;
                continue;
            }
            if (header.firstSequence >= endSequence && header.end() > endSequence) {
                return false;
            }
            durableUpTo = Math.max(durableUpTo, header.durableUpTo);
            if (header.firstSequence < known && known < header.end()) {
                known = header.end();
            }
            boolean whole = header.end() <= wanted || payloadFits(limit);
            if (!whole || header.firstSequence > sequence) {
                bad(offset);
            }
            sequence = header.end();
            // A frame with a damaged payload may itself stand in the wrong place: then its length
            // does not lead to the next one.
            offset += whole ? FrameHeader.frameBytes(header.length) : FrameHeader.BYTES;
            if (whole) {
                frames++;
                found = true;
                return true;
            }
        }
    }

    private boolean payloadFits(long limit) throws IOException {
        payload = input.find(offset + FrameHeader.BYTES, header.length, limit);
        boolean fits =
                payload >= 0
                        && FrameHeader.checksum(input.window(), payload, header.length)
                                == header.payloadChecksum;
        return fits
                && (opener == null
                        || !header.isEncrypted()
                        || opener.open(segment, header, offset, input.window(), payload));
    }
}

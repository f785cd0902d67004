package io.delivery.lane;

import io.delivery.engine.DiskShares;
import io.delivery.engine.LaneLimits;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.lane.components.LaneComponents;

/**
 * The disk room of one lane: what its spool and its staged objects may take. Accept is never given
 * any of it. A part counts with the most it may become from the moment it enters a buffer, so that
 * what was read can always be staged; when no room is left the lane seals what it has and waits
 * until that has landed. Belongs to its lane's executor.
 */
final class LaneRoom {
    /** Beside its bytes, in the spool: sequence, part, arrival and length. */
    private static final int SPOOLED_BYTES_OF_PART = 24;

    /** Beside its base64: members, code, message and table of an error record. */
    private static final int ERROR_BYTES_OF_PART = 640;

    /** Beside its records: an object's header, footer and compression. */
    static final long BYTES_OF_OBJECT = 4096;

    private final DiskShares.Share share;
    private final LaneLimits limits;

    LaneRoom(DiskShares.Share share, LaneLimits limits) {
        this.share = share;
        this.limits = limits;
    }

    /**
     * Room for what is read next, in bytes; not positive when nothing may be read.
     *
     * @param held what the lane's uncommitted ranges may take in the end
     */
    long left(long held) {
        // What the next sequence may become must fit, however many parts it has.
        return share.laneBytes() - held - limits.sequenceBytes();
    }

    /** The most that a part may take until it has landed. */
    static long of(LaneComponents components, Kind kind, int length) {
        long staged = length + length / 8L + 16;
        if (!kind.isError() && components.encoder().mayReject()) {
            // A column may be wider than its text was, and what does not convert is an error
            // record.
            long errorRecord = 4L * ((length + 2L) / 3) + ERROR_BYTES_OF_PART;
            staged = Math.max(2L * length + 16, errorRecord);
        }
        return length + SPOOLED_BYTES_OF_PART + staged;
    }
}

package io.delivery.engine;

import io.delivery.config.Limits;

/**
 * How much a lane does at a time. One set for production; the simulated world has smaller ones, so
 * that a few records reach every limit.
 *
 * @param hintUnitBytes what one MB of a size hint is
 * @param stepBytes bytes read in one step, so that other work of the lane gets its turn
 * @param processParts parts that go through the processors together
 * @param ranges sealed ranges that may be landing at a time
 * @param encodingGroups groups of buffers that may be waiting for an encoder or with one
 * @param groupBytes small objects share a staging file up to this many expected bytes
 * @param groupObjects and up to this many objects
 * @param stateBytesOfRange a range whose object records are larger is sealed
 * @param stateTailBytes lane state is written anew when its tail is longer than this
 * @param spillEveryBytes while memory is short, buffers are spilled once per so many bytes read
 * @param sequenceBytes disk room that the next sequence may take before anything of it is encoded
 * @param drainBytes disk room that nothing but the error output may take: whatever share of the
 *     records does not convert, it goes through there, a piece at a time
 * @param laneBytes disk room that a lane takes at most, whatever its share
 */
public record LaneLimits(
        long hintUnitBytes,
        long stepBytes,
        int processParts,
        int ranges,
        int encodingGroups,
        long groupBytes,
        int groupObjects,
        long stateBytesOfRange,
        long stateTailBytes,
        long spillEveryBytes,
        long sequenceBytes,
        long drainBytes,
        long laneBytes) {
    public static final LaneLimits DEFAULTS =
            new LaneLimits(
                    1L << 20, // MB means MiB: contract §2.1
                    1L << 20,
                    10_000, // most records of an event for a function
                    16,
                    256,
                    8L << 20,
                    256,
                    64L << 20,
                    8L << 20, // design §5.6
                    1L << 20,
                    Limits.LANE_SEQUENCE_BYTES,
                    Limits.LANE_DRAIN_BYTES,
                    Long.MAX_VALUE);

    /** What of its disk room a lane never takes for buffers, in bytes. */
    public long keptBytes() {
        return sequenceBytes + drainBytes;
    }
}

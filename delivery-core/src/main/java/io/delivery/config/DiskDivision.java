package io.delivery.config;

/**
 * How a stream's share of the disk is divided between its journal and its lanes, and how a lane
 * divides its room: arithmetic only, all of it in bytes. Decision 45 tells why, docs/sizing.md what
 * follows for objects.
 */
public final class DiskDivision {
    /**
     * Of each 20 bytes for the journal and one lane. What is read stays in the journal until it is
     * committed, so the journal holds what the lane holds in its spool, and what arrives meanwhile.
     */
    private static final long JOURNAL_PARTS = 11;

    private static final long LANE_PARTS = 9;

    /** From 80 % on a journal counts as nearly full (decision 25): a range is sealed before. */
    private static final int PERCENT_OF_JOURNAL_FOR_RANGE = 75;

    /** Of a lane's room, for objects that are encoded side by side. */
    private static final long ENCODED_AT_A_TIME = 16;

    private DiskDivision() {}

    /** What each of so many lanes may take of a share, for its spool and its staging area. */
    public static long laneBytes(long shareBytes, int lanes) {
        long part = shareBytes / (JOURNAL_PARTS + LANE_PARTS * lanes) * LANE_PARTS;
        long beside = (shareBytes - Limits.JOURNAL_FLOOR_BYTES) / Math.max(1, lanes);
        return Math.max(Limits.LANE_FLOOR_BYTES, Math.min(part, beside));
    }

    /** What the journal may take of a share: what its lanes leave. */
    public static long journalBytes(long shareBytes, int lanes) {
        return Math.max(
                Limits.JOURNAL_FLOOR_BYTES, shareBytes - lanes * laneBytes(shareBytes, lanes));
    }

    /** A range that takes so much of the journal is sealed. */
    public static long rangeBytes(long journalBytes) {
        return journalBytes / 100 * PERCENT_OF_JOURNAL_FOR_RANGE;
    }

    /**
     * What a lane may hold in open buffers, with the objects that are made of them at a time.
     *
     * @param keptBytes what the next sequence may take, and what the error output drains through
     */
    public static long buffersBytes(long laneBytes, long keptBytes) {
        return Math.max(0, laneBytes - keptBytes);
    }

    /**
     * Objects that are made of open buffers hold room for so much of them, or for the largest: they
     * are encoded, landed and freed one after the other when there is no room for all.
     */
    public static long sideBySideBytes(long laneBytes, long keptBytes) {
        return buffersBytes(laneBytes, keptBytes) / ENCODED_AT_A_TIME;
    }
}

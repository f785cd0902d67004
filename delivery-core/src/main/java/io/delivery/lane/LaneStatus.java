package io.delivery.lane;

/**
 * One lane.
 *
 * @param lane {@code main-1}, {@code backup-1}: the kind and the version that opened it; then the
 *     log that it reads, unless that is the journal: {@code main-1~orders.0}
 * @param activePartitions open partition buffers
 * @param memoryBytes bytes of its buffers in memory
 * @param spoolBytes bytes of its buffers on disk
 * @param stagingBytes bytes of staged objects
 * @param waitingObjects recorded objects that have not been seen in the store
 * @param visibleVoids objects that were given up and are visible all the same: their records are in
 *     the store twice
 * @param oldestMillis arrival of the oldest record that is not committed, 0 when there is none
 */
public record LaneStatus(
        String lane,
        Books books,
        int activePartitions,
        long memoryBytes,
        long spoolBytes,
        long stagingBytes,
        int waitingObjects,
        int visibleVoids,
        long oldestMillis) {
    /** The same with so many more records accepted, and another oldest one. */
    LaneStatus with(long accepted, long oldest) {
        return new LaneStatus(
                lane,
                books.with(accepted),
                activePartitions,
                memoryBytes,
                spoolBytes,
                stagingBytes,
                waitingObjects,
                visibleVoids,
                oldest);
    }
}

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
                oldest);
    }

    /**
     * The lane after its stream was deleted: nothing is buffered any more.
     *
     * @param unseen records accepted that the lane had not heard of yet
     */
    public LaneStatus discarded(long unseen) {
        return new LaneStatus(lane, books.discarded(unseen), 0, 0, 0, 0, 0, 0);
    }
}

package io.delivery.stream;

import io.delivery.config.StreamDefinition;
import java.util.List;

/**
 * What a stream looks like at one moment.
 *
 * @param incarnation 32 hexadecimal digits; empty before the first record was accepted
 * @param createdMillis when its journal was created, milliseconds since the epoch; 0 before
 * @param journalBytes bytes of the journal on disk
 * @param journalLimitBytes the stream's present share
 * @param troubles one sentence each, with a remedy where there is one; empty when healthy
 */
public record StreamStatus(
        StreamDefinition definition,
        String incarnation,
        long createdMillis,
        long journalBytes,
        long journalLimitBytes,
        List<LaneStatus> lanes,
        List<String> troubles) {
    public boolean healthy() {
        return troubles.isEmpty();
    }

    /**
     * One lane.
     *
     * @param lane {@code main-1}, {@code backup-1}: the kind and the version that opened it
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
            long oldestMillis) {}
}

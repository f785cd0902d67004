package io.delivery.stream;

import io.delivery.config.StreamDefinition;
import io.delivery.lane.LaneStatus;
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
}

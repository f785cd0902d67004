package io.delivery.stream;

import io.delivery.config.EncryptionState;
import io.delivery.config.Origin;
import io.delivery.lane.LaneStatus;
import java.util.List;
import java.util.Optional;

/**
 * What a stream looks like at one moment.
 *
 * @param version of the definition in force; 0 when nobody can tell
 * @param incarnation 32 hexadecimal digits; empty before the stream is on disk, and while nobody
 *     can tell
 * @param createdMillis when it came to be on disk, milliseconds since the epoch; 0 before
 * @param encryption of what it keeps on the disk; empty while nobody can tell
 * @param journalBytes bytes of the journal on disk
 * @param journalLimitBytes the stream's present share
 * @param lanes empty while the stream is not open
 * @param refusal why producers get 503 at present, one sentence; empty when they do not
 * @param troubles one sentence each, with a remedy where there is one; empty when healthy
 */
public record StreamStatus(
        String name,
        int version,
        Origin origin,
        StreamPhase phase,
        String incarnation,
        long createdMillis,
        Optional<EncryptionState> encryption,
        long journalBytes,
        long journalLimitBytes,
        List<LaneStatus> lanes,
        String refusal,
        List<String> troubles) {

    public StreamStatus {
        lanes = List.copyOf(lanes);
        troubles = List.copyOf(troubles);
    }

    public boolean healthy() {
        return troubles.isEmpty();
    }

    /** The same, seen by somebody who knows more of where it is. */
    StreamStatus in(StreamPhase known) {
        return new StreamStatus(
                name,
                version,
                origin,
                known,
                incarnation,
                createdMillis,
                encryption,
                journalBytes,
                journalLimitBytes,
                lanes,
                refusal,
                troubles);
    }
}

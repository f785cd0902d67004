package io.delivery.verify;

import io.delivery.landing.CommittedRange;
import io.delivery.landing.LaneHistory;
import io.delivery.landing.LanePlan;
import io.delivery.ledger.LedgerReader;
import io.delivery.world.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All ranges of a lane that are still known, in their order: those in the ledger, then those that
 * the state has not forgotten. The state is read first: what it has forgotten by then is in the
 * ledger.
 */
final class LaneWalk {
    private final List<CommittedRange> inState = new ArrayList<>();
    private Optional<LaneHistory> state = Optional.empty();

    /** Is shown what is found. */
    interface Visitor {
        void committed(CommittedRange range);

        void damaged(Path file, long fromByte, long toByte, String reason);
    }

    /**
     * @param directory of the lane
     * @throws io.delivery.landing.LaneDamagedException when its state cannot be believed
     */
    static LaneWalk of(Path directory, Disk disk, Visitor visitor) throws IOException {
        LaneWalk walk = new LaneWalk();
        try {
            walk.state = Optional.of(LaneHistory.read(directory, disk, walk.inState::add));
        } catch (NoSuchFileException nothingYet) {
            // Nothing was recorded, or nothing is left: then the ledger goes on alone.
        }
        long until = walk.state.map(LaneHistory::firstCheckpoint).orElse(Long.MAX_VALUE);
        LedgerReader.read(
                directory,
                disk,
                new LedgerReader.Visitor() {
                    @Override
                    public void committed(CommittedRange range) {
                        // What is behind it is in the state as well, and may not be durable here.
                        if (range.end() <= until) {
                            visitor.committed(range);
                        }
                    }

                    @Override
                    public void damaged(Path file, long from, long to, String reason) {
                        visitor.damaged(file, from, to, reason);
                    }
                });
        walk.inState.forEach(visitor::committed);
        return walk;
    }

    /** What is not committed; empty when the lane has no state. */
    Optional<LanePlan> plan() {
        return state.map(LaneHistory::plan);
    }

    /** Empty when the lane has no state. */
    Optional<String> incarnation() {
        return state.map(LaneHistory::incarnation);
    }
}

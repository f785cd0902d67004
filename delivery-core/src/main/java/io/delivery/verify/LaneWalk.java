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

        /** The last entries of the ledger are gone: they were synced before the state began. */
        void lost(Path ledger, String what);
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
        InLedger ledger = new InLedger(until, visitor);
        long begin = walk.plan().map(LanePlan::begin).orElse(0L);
        long torn = LedgerReader.read(directory, disk, begin, until, ledger);
        if (walk.state.isPresent()) {
            if (until > begin && !LedgerReader.isThere(directory, disk)) {
                visitor.lost(
                        directory.resolve("ledger"),
                        "is gone, and the state begins at %d: what was committed before cannot be told"
                                .formatted(until));
            } else {
                ledger.requireEnd(directory.resolve("ledger"), torn, begin);
            }
        }
        walk.inState.forEach(visitor::committed);
        return walk;
    }

    private static final class InLedger implements LedgerReader.Visitor {
        private final long until;
        private final Visitor visitor;
        private long end = -1;
        private boolean behind;

        InLedger(long until, Visitor visitor) {
            this.until = until;
            this.visitor = visitor;
        }

        @Override
        public void committed(CommittedRange range) {
            // What is behind it is in the state as well, and may not be durable here.
            if (range.end() > until) {
                behind = true;
                return;
            }
            end = range.end();
            visitor.committed(range);
        }

        @Override
        public void damaged(Path file, long from, long to, String reason) {
            visitor.damaged(file, from, to, reason);
        }

        /**
         * Only what is behind the state's first checkpoint can be torn. A ledger of which its limit
         * has left nothing but an empty file ends nowhere.
         */
        void requireEnd(Path ledger, long torn, long laneBegin) {
            if (end >= 0 && end != until) {
                visitor.lost(
                        ledger,
                        "ends at sequence %d, and the state begins at %d: what was committed in between is missing"
                                .formatted(end, until));
            } else if (end < 0 && !behind && torn > 0 && until > laneBegin) {
                visitor.lost(
                        ledger,
                        "holds no whole entry, and the state begins at %d: what was committed before is missing"
                                .formatted(until));
            }
        }
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

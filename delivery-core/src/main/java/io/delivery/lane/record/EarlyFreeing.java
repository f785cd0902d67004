package io.delivery.lane.record;

import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneState;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Frees staged bytes of objects that have landed before their range commits, which is one more
 * sync. Files that hold other objects as well are kept. Belongs to its lane's executor.
 */
final class EarlyFreeing {
    private final LaneState state;
    private final StateAppends appends;
    private final StagedFiles files;
    private final Map<String, String> landed;

    /**
     * @param landed what the store said of each object that this process has landed, by its id
     */
    EarlyFreeing(
            LaneState state, StateAppends appends, StagedFiles files, Map<String, String> landed) {
        this.state = state;
        this.appends = appends;
        this.files = files;
        this.landed = landed;
    }

    /** Whether anything can be freed. */
    boolean mayFree() {
        return !onlySeen().isEmpty();
    }

    /**
     * Makes it durable which objects have landed, and removes their staged bytes.
     *
     * @param least bytes of files that make it worth a sync; 0 when any file does, an empty one too
     * @return whether anything was removed
     * @throws IOException when the state could not be written: nothing was removed
     */
    boolean free(long least) throws IOException {
        List<ObjectRecord> seen = onlySeen();
        if (seen.isEmpty() || StagedFiles.bytes(seen, state.plan()) < least) {
            return false;
        }
        appends.append(StagedFiles.haveLanded(seen, landed));
        // From here on no process needs those bytes.
        files.remove(seen);
        appends.tellCommitted();
        return true;
    }

    private List<ObjectRecord> onlySeen() {
        // The files of unsynced commits go with the next sync.
        return StagedFiles.onlySeen(state.plan(), state.unsyncedCommits());
    }
}

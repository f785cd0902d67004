package io.delivery.lane.record;

import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord;
import io.delivery.landing.LaneState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Appends to a lane's state, at once durable or with one sync for several, and tells which ranges
 * that made committed. Belongs to its lane's executor.
 */
final class StateAppends {
    private final LaneState state;
    private final Executor executor;
    private final Listener listener;

    /** Ranges that were uncommitted before an append which made earlier commits durable. */
    private final Set<RangePlan> committedByAppend = new LinkedHashSet<>();

    private boolean syncScheduled;
    private boolean closed;

    /** Is told what came of appends. */
    interface Listener {
        /** These ranges are committed, and that is durable: nothing of them is needed any more. */
        void durable(List<RangePlan> committed);

        /** The state could not be appended: what was to be written will be decided again. */
        void failed(IOException failure);
    }

    StateAppends(LaneState state, Executor executor, Listener listener) {
        this.state = state;
        this.executor = executor;
        this.listener = listener;
    }

    /**
     * One append, one sync, of which earlier commits are part; {@link #tellCommitted} tells them.
     */
    void append(List<? extends LaneRecord> records) throws IOException {
        List<RangePlan> before = uncommitted();
        boolean commits = state.unsyncedCommits() > 0;
        state.append(records);
        if (commits) {
            committedByAppend.addAll(before);
        }
    }

    /** Tells what was committed along with the last append. */
    void tellCommitted() {
        if (!committedByAppend.isEmpty()) {
            List<RangePlan> before = List.copyOf(committedByAppend);
            committedByAppend.clear();
            tellCommitted(before);
        }
    }

    /**
     * Appends a record that one of the next steps of the lane makes durable.
     *
     * @return false when it could not be written
     */
    boolean appendUnsynced(LaneRecord record) {
        try {
            state.appendUnsynced(List.of(record));
        } catch (IOException failed) {
            listener.failed(failed);
            return false;
        }
        if (!syncScheduled) {
            // Behind everything that has landed by now: they share the sync.
            syncScheduled = true;
            executor.execute(this::sync);
        }
        return true;
    }

    private void sync() {
        syncScheduled = false;
        if (closed) {
            return;
        }
        List<RangePlan> before = uncommitted();
        try {
            state.sync();
        } catch (IOException failed) {
            listener.failed(failed);
            return;
        }
        tellCommitted(before);
    }

    private List<RangePlan> uncommitted() {
        List<RangePlan> ranges = new ArrayList<>();
        state.plan().ranges().forEach(ranges::add);
        return ranges;
    }

    /** After a sync that may have made commits of these ranges durable. */
    private void tellCommitted(List<RangePlan> before) {
        long checkpoint = state.plan().checkpoint();
        List<RangePlan> committed =
                before.stream()
                        .filter(range -> range.sealed() && range.seal().end() <= checkpoint)
                        .toList();
        if (!committed.isEmpty()) {
            listener.durable(committed);
        }
    }

    /** Nothing is synced from now on. */
    void close() {
        closed = true;
    }
}

package io.delivery.lane;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Who waits for what a lane had accepted to be committed. Belongs to its lane's executor. */
final class Flushes {
    private final List<Request> waiting = new ArrayList<>(1);
    private boolean ended;
    private String refusal = "";

    private record Request(long target, CompletableFuture<Void> done) {}

    /** Completes {@code done} when everything below {@code target} is committed. */
    void add(long target, CompletableFuture<Void> done) {
        if (ended) {
            done.complete(null);
        } else if (!refusal.isEmpty()) {
            done.completeExceptionally(new IllegalStateException(refusal));
        } else {
            waiting.add(new Request(target, done));
        }
    }

    /** Whether a range that was read up to here must be sealed for somebody. */
    boolean wantSealed(long rangeStart, long position) {
        for (Request flush : waiting) {
            if (position >= flush.target() && rangeStart < flush.target()) {
                return true;
            }
        }
        return false;
    }

    /** Answers whoever waited for no more than this. */
    void committed(long checkpoint) {
        waiting.removeIf(
                flush -> {
                    if (checkpoint < flush.target()) {
                        return false;
                    }
                    flush.done().complete(null);
                    return true;
                });
    }

    /** All that the lane ever had to read is committed, whatever becomes of the lane. */
    void ended() {
        ended = true;
        waiting.forEach(flush -> flush.done().complete(null));
        waiting.clear();
    }

    /** Nothing more will be committed. */
    void refuse(String reason) {
        refusal = reason;
        waiting.forEach(
                flush -> flush.done().completeExceptionally(new IllegalStateException(reason)));
        waiting.clear();
    }
}

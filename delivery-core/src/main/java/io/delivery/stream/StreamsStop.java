package io.delivery.stream;

import io.delivery.world.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Stops every stream of a process, each once. Thread-safe. */
final class StreamsStop {
    private final KnownStreams known;
    private final Stopping how;
    private final Clock clock;
    private final long deadlineNanos;
    private final Set<DeliveryStream> begun = new HashSet<>();

    /**
     * @param grace for all of them together, from now on
     */
    StreamsStop(KnownStreams known, Stopping how, Duration grace, Clock clock) {
        this.known = known;
        this.how = how;
        this.clock = clock;
        this.deadlineNanos = clock.nanoTime() + grace.toNanos();
    }

    /**
     * Stops those that are open now and are not stopped yet.
     *
     * @return completes when nothing of them runs
     */
    synchronized CompletionStage<Void> begin() {
        Duration left = Duration.ofNanos(Math.max(0, deadlineNanos - clock.nanoTime()));
        List<CompletableFuture<Void>> stopped = new ArrayList<>();
        for (RegisteredStream stream : known.all()) {
            if (stream.phase() == StreamPhase.ACTIVE || stream.phase() == StreamPhase.DRAINING) {
                stream.stream()
                        .filter(begun::add)
                        .ifPresent(open -> stopped.add(open.stop(how, left).toCompletableFuture()));
            }
        }
        return CompletableFuture.allOf(stopped.toArray(CompletableFuture[]::new));
    }
}

package io.delivery.runtime;

import io.delivery.failure.RepeatedFailure;
import io.delivery.world.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * What is known of processes that ended and should not have. Belongs to its function's executor.
 */
final class Restarts {
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final int MOST_DOUBLINGS = 20; // the longest pause comes far earlier

    private final RepeatedFailure log;

    /** Processes that ended one after another, with no answer between them. */
    private int failures;

    private String last = "";

    /**
     * @param function its name
     */
    Restarts(String function, Clock clock) {
        log =
                RepeatedFailure.of(
                        LoggerFactory.getLogger(ProcessFunction.class),
                        "running a function",
                        clock::nanoTime,
                        "function",
                        function);
    }

    /**
     * A process has ended.
     *
     * @return how long no other is started: longer each time, as long as none answers
     */
    Duration failed(String why) {
        failures++;
        last = why;
        log.failed(why);
        Duration pause = SHORTEST_PAUSE.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    /** A process has answered. */
    void worked() {
        if (failures > 0) {
            failures = 0;
            log.worked();
        }
    }

    /** Why the last process ended; empty when one has answered since. */
    Optional<String> lastFailure() {
        return failures == 0 ? Optional.empty() : Optional.of(last);
    }

    /** As {@link #lastFailure}, with how many ended before it. */
    Optional<String> trouble() {
        return failures < 2
                ? lastFailure()
                : Optional.of(
                        "%d processes in a row ended without an answer, the last: %s"
                                .formatted(failures, last));
    }
}

package io.delivery.landing;

import java.time.Duration;

/** A time to wait that grows with each failure. Belongs to the executor of the landings. */
final class LandingPause {
    /** How fast it grows: it doubles from the first to the longest. */
    enum Growth {
        /** A store that may answer again any moment. */
        OF_FAILURE(Duration.ofMillis(100), Duration.ofSeconds(10)),
        /** One that refuses until somebody changes something. */
        OF_REFUSAL(Duration.ofSeconds(1), Duration.ofSeconds(60));

        private final Duration first;
        private final Duration longest;

        Growth(Duration first, Duration longest) {
            this.first = first;
            this.longest = longest;
        }
    }

    private int failures;
    private boolean begun;
    private long untilNanos;
    private long lastNanos;

    /** The attempt whose answer the others wait for; null when none is under way. */
    private LandingAttempt probe;

    boolean over(long nowNanos) {
        return !begun || nowNanos - untilNanos >= 0;
    }

    /** How long it is not over yet. */
    Duration left(long nowNanos) {
        return over(nowNanos) ? Duration.ZERO : Duration.ofNanos(untilNanos - nowNanos);
    }

    /** Whether something failed since the last success. */
    boolean failing() {
        return failures > 0;
    }

    void succeeded() {
        failures = 0;
        begun = false;
    }

    /** Whether one attempt is under way whose answer the others wait for. */
    boolean probing() {
        return probe != null;
    }

    /** The others wait for the answer to this one. */
    void probe(LandingAttempt attempt) {
        probe = attempt;
    }

    /** This one was answered; nothing happens when the others wait for another one. */
    void answered(LandingAttempt attempt) {
        if (probe == attempt) {
            probe = null;
        }
    }

    /**
     * Grows, once for all attempts that were under way together.
     *
     * @param startedNanos when the attempt that failed was made
     * @param jitter 0 to 1
     */
    Duration grow(Growth growth, long startedNanos, long nowNanos, double jitter) {
        if (failures == 0 || startedNanos - lastNanos >= 0) {
            failures++;
        }
        lastNanos = nowNanos;
        long grown = growth.first.toNanos() << Math.min(20, failures - 1);
        long nanos = (long) (Math.min(grown, growth.longest.toNanos()) * (0.5 + 0.5 * jitter));
        return waitFor(Duration.ofNanos(nanos), nowNanos);
    }

    /** Exactly so long, whatever failed before. */
    Duration waitFor(Duration pause, long nowNanos) {
        begun = true;
        untilNanos = nowNanos + pause.toNanos();
        return pause;
    }
}

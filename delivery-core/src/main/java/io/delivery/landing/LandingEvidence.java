package io.delivery.landing;

import io.delivery.landing.ObjectStore.Found;
import io.delivery.landing.ObjectStore.Presence;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * What is known of an object at its store: whether a request for it can still bring it there, and
 * what looks have seen. Belongs to the executor of the landings.
 */
final class LandingEvidence {
    /**
     * A proxy that restarts, or a network that logs in again, is through within a few seconds; a
     * person who is called for nothing loses more time than this.
     */
    static final Duration APART = Duration.ofSeconds(10);

    private final LandingTask task;

    /** Whether a request may have been sent, and since when none was. */
    private boolean maybeSent;

    private long quietSinceNanos;

    /** What looks see, and since when they have seen nothing else; null when none counts. */
    private Found lastFound;

    private long foundSinceNanos;

    LandingEvidence(LandingTask task) {
        this.task = task;
    }

    /** Since this moment no request was sent; an earlier one may be under way. */
    void requestMayBeUnderWay(long nowNanos) {
        maybeSent = true;
        quietSinceNanos = nowNanos;
        lastFound = null; // what was seen before says nothing of what is there now
    }

    /** Whether any request for it may have been sent. */
    boolean maybeSent() {
        return maybeSent;
    }

    /** For how long after this moment a request could still become visible; 0 if none could. */
    long nanosOfRequests(long atNanos) {
        if (!maybeSent) {
            return 0;
        }
        long life = task.store().requestLife(task.content().length()).toNanos();
        return Math.max(0, quietSinceNanos + life - atNanos);
    }

    /** A look was not answered: what those before it saw confirms none behind it. */
    void lookFailed() {
        lastFound = null;
    }

    /**
     * Takes what a look has seen.
     *
     * @param askedNanos when the look was made
     * @return whether a look before this one, long enough before it, was answered the same
     */
    boolean seenTwice(Found found, long askedNanos, long nowNanos) {
        if (found.presence() == Presence.ABSENT && nanosOfRequests(askedNanos) > 0) {
            lastFound = null; // it may come after this look, and the next one be a portal's
            return false;
        }
        if (!found.equals(lastFound)) {
            lastFound = found;
            foundSinceNanos = nowNanos;
            return false;
        }
        return askedNanos - foundSinceNanos >= APART.toNanos();
    }

    /** How long until a look can confirm the last one; empty when that does not count. */
    OptionalLong nanosToConfirm(long nowNanos) {
        return lastFound == null
                ? OptionalLong.empty()
                : OptionalLong.of(foundSinceNanos + APART.toNanos() - nowNanos);
    }
}

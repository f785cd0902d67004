package io.delivery.function;

import java.time.Duration;
import java.util.Objects;

/**
 * One event for a function.
 *
 * @param requestId names this invocation in logs and to the function; each try has its own
 * @param event JSON, not changed by anybody
 * @param timeout how long the function may take for it; more than zero
 */
public record Invocation(String requestId, byte[] event, Duration timeout) {
    /** Of an event and of an answer: Lambda quotas, invocation payload, synchronous. */
    public static final int MAX_PAYLOAD_BYTES = 6 << 20;

    public Invocation {
        Objects.requireNonNull(requestId, "requestId");
        Objects.requireNonNull(event, "event");
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException(
                    "an invocation has more than no time, was " + timeout);
        }
    }
}

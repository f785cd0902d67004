package io.delivery.function;

import java.util.Objects;
import java.util.Optional;

/** What became of one invocation. */
public sealed interface InvocationResult {
    /**
     * The function answered.
     *
     * @param payload as it came, at most {@link Invocation#MAX_PAYLOAD_BYTES}; need not be JSON
     */
    record Answered(byte[] payload) implements InvocationResult {
        public Answered {
            Objects.requireNonNull(payload, "payload");
        }
    }

    /**
     * There is no answer.
     *
     * @param message for people, one sentence; may have the function's own words
     * @param code what the API of AWS Lambda calls it, e.g. {@code ENILimitReachedException}; empty
     *     when the function does not run there, or when there was no answer
     */
    record Failed(Reason reason, String message, Optional<String> code)
            implements InvocationResult {
        public Failed {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(message, "message");
            Objects.requireNonNull(code, "code");
        }

        /** Without a code of AWS Lambda. */
        public Failed(Reason reason, String message) {
            this(reason, message, Optional.empty());
        }
    }

    /** Why there is no answer. */
    enum Reason {
        /** It threw, ended, answered more than may be, or could not be started. */
        FUNCTION_ERROR,
        /** It did not answer in time. */
        TIMED_OUT,
        /**
         * All slots that this program has for it were busy for the whole time, or the machine did
         * not let a process of it start: it was not asked.
         */
        NO_SLOT,
        /** Whoever runs it said 429. */
        TOO_MANY_INVOCATIONS,
        /** There is no such function. */
        NOT_FOUND,
        /** We may not invoke it. */
        ACCESS_DENIED,
        /** Whoever runs it is out of order (5xx), or says that the function is not ready yet. */
        SERVICE_UNAVAILABLE,
        /** Whoever runs it cannot be reached, or the connection broke. */
        UNREACHABLE,
        /** Whoever runs it refuses the invocation itself: any other 4xx. */
        REFUSED
    }
}

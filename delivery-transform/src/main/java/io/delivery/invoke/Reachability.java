package io.delivery.invoke;

import io.delivery.function.InvocationResult;
import io.delivery.function.InvocationResult.Answered;
import io.delivery.function.InvocationResult.Failed;
import java.util.Optional;

/**
 * Whether whoever runs a function takes invocations: a trouble when several in a row did not reach
 * it. Errors of the function itself, and its time-outs, are none. Thread-safe.
 */
final class Reachability {
    private static final int IN_A_ROW = 3;

    private int failures;
    private String last;

    /** Notes what became of an invocation, and gives it back. */
    synchronized InvocationResult seen(InvocationResult result) {
        if (result instanceof Answered) {
            failures = 0;
        } else if (result instanceof Failed failed) {
            switch (failed.reason()) {
                case FUNCTION_ERROR, TIMED_OUT -> failures = 0;
                case NO_SLOT -> {} // nobody was asked
                case TOO_MANY_INVOCATIONS,
                        NOT_FOUND,
                        ACCESS_DENIED,
                        SERVICE_UNAVAILABLE,
                        UNREACHABLE,
                        REFUSED -> {
                    failures++;
                    last = failed.message();
                }
            }
        }
        return result;
    }

    /** In one sentence. */
    synchronized Optional<String> trouble() {
        return failures < IN_A_ROW ? Optional.empty() : Optional.of(last);
    }
}

package io.delivery.runtime;

import io.delivery.function.Invocation;
import io.delivery.function.InvocationResult;
import io.delivery.function.InvocationResult.Failed;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.runtime.RuntimeExchange.Trailer;
import java.util.Optional;

/** What a process may say about an event that it has. */
enum AnswerKind {
    /** Its result. */
    RESPONSE(Invocation.MAX_PAYLOAD_BYTES) {
        @Override
        InvocationResult result(byte[] body, Optional<Trailer> trailer, String errorType) {
            return FunctionWords.response(body, trailer);
        }

        @Override
        InvocationResult tooLarge(String errorType) {
            return new Failed(
                    Reason.FUNCTION_ERROR,
                    "The function's response is too large: it has more than 6 MB");
        }

        @Override
        void refuse(RuntimeExchange exchange) {
            exchange.refuse(413, "Function.ResponseSizeTooLarge", FunctionWords.TOO_LARGE);
        }
    },

    /** The report of an error. */
    ERROR(FunctionWords.MAX_REPORT_BYTES) {
        @Override
        InvocationResult result(byte[] body, Optional<Trailer> trailer, String errorType) {
            return FunctionWords.failure(body, errorType);
        }

        @Override
        InvocationResult tooLarge(String errorType) {
            return FunctionWords.failure(FunctionWords.LONG_REPORT, errorType);
        }

        @Override
        void refuse(RuntimeExchange exchange) {
            exchange.refuse(
                    413,
                    "Function.ErrorReportTooLarge",
                    "The report of an error may have %d bytes"
                            .formatted(FunctionWords.MAX_REPORT_BYTES));
        }
    };

    private final int maxBytes;

    AnswerKind(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** More than this is not read. */
    int maxBytes() {
        return maxBytes;
    }

    /**
     * What it means.
     *
     * @param errorType that was told beside the body; empty when none was
     */
    abstract InvocationResult result(byte[] body, Optional<Trailer> trailer, String errorType);

    /** What it means when it is larger than may be. */
    abstract InvocationResult tooLarge(String errorType);

    /** Tells the process that it is larger than may be. */
    abstract void refuse(RuntimeExchange exchange);
}

package io.delivery.runtime;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.failure.FailureText;
import io.delivery.function.Invocation;
import io.delivery.function.InvocationResult;
import io.delivery.function.InvocationResult.Answered;
import io.delivery.function.InvocationResult.Failed;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.jackson.BoundedParsers;
import io.delivery.runtime.RuntimeExchange.Trailer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** What is told of a function's failures, in one sentence each. */
final class FunctionWords {
    /** More of a report than this is not read. */
    static final int MAX_REPORT_BYTES = 1 << 20;

    /** In Lambda's words: some runtimes look for them. */
    static final String TOO_LARGE =
            "Response payload size exceeded maximum allowed payload size (%d bytes)."
                    .formatted(Invocation.MAX_PAYLOAD_BYTES);

    /** What is told in place of a report that was not read. */
    static final byte[] LONG_REPORT =
            "its report of the error has more than 1 MB and was not read"
                    .getBytes(StandardCharsets.UTF_8);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SIGNAL = 128; // and its number: how shells tell it

    private FunctionWords() {}

    /**
     * An error that the function reported: its type and message, when it told them.
     *
     * @param typeBeside the type that was told beside the report; empty when none was
     */
    static String error(byte[] report, String typeBeside) {
        String type = typeBeside;
        String message = "";
        try (JsonParser parser = BoundedParsers.once(JSON.getFactory(), report)) {
            JsonNode json = JSON.readTree(parser);
            if (json != null && json.isObject()) {
                type = json.path("errorType").asText(type);
                message = json.path("errorMessage").asText("");
            }
        } catch (IOException notJson) {
            message = new String(report, StandardCharsets.UTF_8);
        }
        String told = type.isBlank() ? message : message.isBlank() ? type : type + ": " + message;
        return "The function failed"
                + (told.isBlank() ? " and did not say why" : ": " + LogLines.printable(told));
    }

    /**
     * The end of a process.
     *
     * @param status of its exit
     * @param started whether it had asked for an event
     * @param lastErrorLine what it said last
     */
    static String end(int status, boolean started, Optional<String> lastErrorLine) {
        String how =
                status > SIGNAL
                        ? "was ended by signal " + (status - SIGNAL)
                        : "ended with status " + status;
        return "The function's process %s %s%s"
                .formatted(
                        how,
                        started ? "without an answer" : "before it asked for an event",
                        lastErrorLine
                                .map(line -> "; the last line of its stderr: " + line)
                                .orElse(""));
    }

    /** What becomes of an event of a function that was closed. */
    static Failed closed() {
        return new Failed(Reason.FUNCTION_ERROR, "The function was closed");
    }

    /** A process that there is not. */
    static String couldNotStart(Throwable failure) {
        return "The function's process could not be started: " + FailureText.of(failure);
    }

    /** A process that asks for nothing. */
    static String silence(boolean starting, Duration time) {
        return "The function's process did not ask for %s event within %s"
                .formatted(starting ? "its first" : "the next", seconds(time));
    }

    /** What a response means: an error may follow it. */
    static InvocationResult response(byte[] body, Optional<Trailer> trailer) {
        return trailer.<InvocationResult>map(error -> failure(error.error(), error.errorType()))
                .orElseGet(() -> new Answered(body));
    }

    /** What the report of an error means. */
    static InvocationResult failure(byte[] report, String type) {
        return new Failed(Reason.FUNCTION_ERROR, error(report, type));
    }

    static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}

package io.delivery.api;

import io.delivery.failure.FailureText;
import io.delivery.stream.RegistryRefusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why a stream was not made, changed or deleted, in the contract's words. */
final class Refusals {
    private static final Logger log = LoggerFactory.getLogger(Refusals.class);

    private final String account;

    Refusals(String account) {
        this.account = account;
    }

    /** The stream's name is taken. */
    ApiException exists(String name) {
        return inUse("Firehose %s under accountId %s already exists".formatted(name, account));
    }

    static ApiException inUse(String message) {
        return new ApiException("ResourceInUseException", 400, message);
    }

    static ApiException concurrentModification(String message) {
        return new ApiException("ConcurrentModificationException", 400, message);
    }

    /**
     * The reply of a change that has been made, or what is thrown of one that has not.
     *
     * @param failure null when it has been made
     */
    byte[] orElse(Throwable failure, String name, Function<String, byte[]> reply) {
        if (failure == null) {
            return reply.apply(name);
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        throw new CompletionException(translated(cause, name));
    }

    /** The same, where the reply has no members. */
    byte[] orEmpty(Throwable failure, String name) {
        return orElse(failure, name, made -> emptyReply());
    }

    /** The reply of an operation whose output has no members. */
    static byte[] emptyReply() {
        return "{}".getBytes(StandardCharsets.US_ASCII);
    }

    private Throwable translated(Throwable cause, String name) {
        if (cause instanceof RegistryRefusal refusal) {
            return switch (refusal.why()) {
                case NAME_TAKEN -> taken(name, refusal.getMessage());
                case NO_SUCH_STREAM -> ApiException.streamNotFound(name, account);
                case WRONG_PHASE -> inUse(refusal.getMessage());
                case VERSION_CHANGED -> concurrentModification(refusal.getMessage());
                case DEFINED_ELSEWHERE -> definedElsewhere(name);
                case NO_MASTER_KEY ->
                        new ApiException("InvalidKMSResourceException", 400, refusal.getMessage());
                case TOO_MANY_CALLS -> ApiException.limitExceeded(refusal.getMessage());
                case STOPPING -> ApiException.slowDown();
            };
        }
        if (cause instanceof IllegalArgumentException refused) {
            return ApiException.invalidArgument(String.valueOf(refused.getMessage()));
        }
        if (cause instanceof IOException) {
            // The disk did not take it; it may do so later.
            log.error("stream not changed: stream={} error={}", name, FailureText.of(cause));
            return ApiException.slowDown();
        }
        return cause;
    }

    /** With the reason where Describe shows no stream of that name. */
    private ApiException taken(String name, String why) {
        return inUse("%s (%s)".formatted(exists(name).getMessage(), why));
    }

    /** A stream that is closed, and of which nobody can tell who has defined it, is nobody's. */
    static void requireKnown(StreamDoor stream) {
        if (stream.definition().isEmpty()) {
            throw ApiException.slowDown(); // an operator must look; the log and the status say why
        }
    }

    /**
     * The request that a stream was made with.
     *
     * @throws ApiException when the configuration has defined it, or nobody can tell who has
     */
    static String documentOf(StreamDoor stream, String name) {
        requireKnown(stream);
        return stream.document().orElseThrow(() -> definedElsewhere(name));
    }

    /** Streams of the configuration are changed there. */
    static ApiException definedElsewhere(String name) {
        return ApiException.invalidArgument(
                "Firehose %s is defined by this server's configuration: change it there."
                        .formatted(name));
    }
}

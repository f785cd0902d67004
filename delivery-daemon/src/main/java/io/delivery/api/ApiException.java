package io.delivery.api;

/**
 * A refused call, in the contract's words: what goes over the wire as {@code __type} and {@code
 * message}. Carries no stack trace: it is an answer, not a fault of the program.
 */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String type;
    private final int status;

    /**
     * @param type the error's name on the wire
     * @param status the HTTP status
     */
    public ApiException(String type, int status, String message) {
        super(message, null, false, false);
        this.type = type;
        this.status = status;
    }

    public String type() {
        return type;
    }

    public int status() {
        return status;
    }

    /** The body is not JSON, or a member has the wrong JSON type. */
    public static ApiException serialization(String message) {
        return new ApiException("SerializationException", 400, message);
    }

    /** Constraints of the model are broken; the message lists all of them. */
    public static ApiException validation(String message) {
        return new ApiException("ValidationException", 400, message);
    }

    /** A rule beyond the model is broken. */
    public static ApiException invalidArgument(String message) {
        return new ApiException("InvalidArgumentException", 400, message);
    }

    public static ApiException streamNotFound(String name, String account) {
        return new ApiException(
                "ResourceNotFoundException",
                400,
                "Firehose " + name + " under account " + account + " not found.");
    }

    /** Records of a stream that is being made or deleted. */
    public static ApiException streamNotActive(String name, String account) {
        return new ApiException(
                "ResourceNotFoundException",
                400,
                "Firehose " + name + " is not active in " + account + " account.");
    }

    /** There are as many of something as there may be. */
    public static ApiException limitExceeded(String message) {
        return new ApiException("LimitExceededException", 400, message);
    }

    public static ApiException unknownOperation(String message) {
        return new ApiException("UnknownOperationException", 400, message);
    }

    /** No room for this call now: SDKs come again by themselves. */
    public static ApiException slowDown() {
        return new ApiException("ServiceUnavailableException", 503, "Slow down.");
    }

    /** Our fault; the cause is in the log under the reply's request id. */
    public static ApiException internalFailure() {
        return new ApiException("InternalFailure", 500, "The request could not be processed.");
    }
}

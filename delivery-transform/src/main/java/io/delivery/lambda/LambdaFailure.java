package io.delivery.lambda;

import io.delivery.function.InvocationResult.Reason;
import io.delivery.record.Failure;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * Why a record fails that a function was to transform: Firehose's codes, as far as they can happen
 * here, and its words where they are known.
 */
enum LambdaFailure {
    MISSING_RECORD_ID(
            "MissingRecordId",
            Repeat.NEVER,
            "One or more record Ids were not returned. Ensure that the Lambda function returns all"
                    + " received record Ids.",
            "the function did not return the records"),
    DUPLICATED_RECORD_ID(
            "DuplicatedRecordId",
            Repeat.NEVER,
            "Multiple records were returned with the same record Id. Ensure that the Lambda"
                    + " function returns a unique record Id for each record.",
            "the function returned records twice"),
    PROCESSING_FAILED_STATUS(
            "ProcessingFailedStatus",
            Repeat.NEVER,
            "ProcessingFailed status set for record",
            "the function answered ProcessingFailed"),
    INVALID_RETURN_FORMAT(
            "InvalidReturnFormat",
            Repeat.NEVER,
            "", // depends on the source
            "the function returned records without data"),
    UNKNOWN_RESULT(
            "FunctionError",
            Repeat.NEVER,
            "Check your function and make sure the output is in required format. In addition to"
                    + " that, make sure the processed records contain valid result status of"
                    + " Dropped, Ok, or ProcessingFailed",
            "the function returned a result that is not Ok, Dropped or ProcessingFailed"),
    NOT_BASE64(
            "JsonProcessingException",
            Repeat.NEVER,
            "The function returned data that is not a string of base64 with padding",
            "the function returned data that is not base64"),
    NOT_JSON(
            "JsonProcessingException",
            Repeat.NEVER,
            "The function returned what is not JSON",
            "the function returned what is not JSON"),
    INVALID_PARTITION_KEYS(
            "JsonMappingException",
            Repeat.NEVER,
            "The function returned metadata.partitionKeys that is not an object of at most 50"
                    + " strings, numbers and booleans",
            "the function returned partition keys that are none"),
    TOO_LARGE(
            "InvocationFailure",
            Repeat.NEVER,
            "The record is too large: in base64 it does not fit into an event of 6 MB",
            "records are too large for an event of 6 MB"),
    FUNCTION_ERROR(
            "FunctionError",
            Repeat.YES,
            "The Lambda function was successfully invoked but it returned an error result.",
            "the function returned an error"),
    TIMED_OUT(
            "FunctionTimedOut",
            Repeat.YES,
            "The Lambda function invocation timed out. Increase the Timeout setting in the Lambda"
                    + " function.",
            "the function did not answer in time"),
    TOO_MANY_INVOCATIONS(
            "InvokeLimitExceeded",
            Repeat.YES,
            "The function has reached its concurrency limit.",
            "no slot of the function became free in time"),
    NOT_FOUND(
            "ResourceNotFound",
            Repeat.YES,
            "The function does not exist.",
            "the function does not exist"),
    ACCESS_DENIED(
            "InvokeAccessDenied",
            Repeat.YES,
            "Access was denied when the function was invoked.",
            "the function may not be invoked"),
    SERVICE_UNAVAILABLE(
            "ServiceUnavailable",
            Repeat.YES,
            "What runs the function is out of order.",
            "what runs the function is out of order"),
    UNREACHABLE(
            "TargetServerFailedToRespond",
            Repeat.YES,
            "What runs the function could not be reached.",
            "what runs the function cannot be reached"),
    REFUSED(
            "InvocationFailure",
            Repeat.NEVER,
            "The invocation was refused.",
            "what runs the function refuses the invocations"),
    DEFECT(
            "InternalServerError",
            Repeat.YES,
            "The invocation failed inside this program.",
            "invocations fail inside this program");

    /** Whether the same event may succeed when it is sent again. */
    private enum Repeat {
        YES,
        NEVER
    }

    private static final String PREFIX = "Lambda.";

    /** All that Firehose has behind the prefix. */
    private static final Set<String> FIREHOSE_CODES =
            Set.of(
                    "AssumeRoleAccessDenied",
                    "InvokeAccessDenied",
                    "JsonProcessingException",
                    "JsonMappingException",
                    "InvokeLimitExceeded",
                    "DuplicatedRecordId",
                    "MissingRecordId",
                    "ResourceNotFound",
                    "InvalidSubnetIDException",
                    "InvalidSecurityGroupIDException",
                    "SubnetIPAddressLimitReachedException",
                    "ENILimitReachedException",
                    "FunctionTimedOut",
                    "FunctionRequestTimedOut",
                    "FunctionError",
                    "TargetServerFailedToRespond",
                    "InvalidZipFileException",
                    "InternalServerError",
                    "ServiceUnavailable",
                    "InvalidSecurityToken",
                    "InvocationFailure",
                    "InvalidReturnFormat",
                    "ProcessingFailedStatus");

    /** What the function or whoever runs it says goes no further than this. */
    private static final int MOST_DETAIL_CHARS = 500;

    private final String code;
    private final boolean repeated;
    private final String text;
    private final String meaning;

    LambdaFailure(String code, Repeat repeat, String text, String meaning) {
        this.code = PREFIX + code;
        this.repeated = repeat == Repeat.YES;
        this.text = text;
        this.meaning = meaning;
    }

    static LambdaFailure of(Reason reason) {
        return switch (reason) {
            case FUNCTION_ERROR -> FUNCTION_ERROR;
            case TIMED_OUT -> TIMED_OUT;
            case NO_SLOT, TOO_MANY_INVOCATIONS -> TOO_MANY_INVOCATIONS;
            case NOT_FOUND -> NOT_FOUND;
            case ACCESS_DENIED -> ACCESS_DENIED;
            case SERVICE_UNAVAILABLE -> SERVICE_UNAVAILABLE;
            case UNREACHABLE -> UNREACHABLE;
            case REFUSED -> REFUSED;
        };
    }

    /** Whether the same event may succeed when it is sent again. */
    boolean repeated() {
        return repeated;
    }

    /** What a failure that was made here means, for a sentence of the stream's status. */
    static String meaningOf(Failure failure) {
        return Arrays.stream(values())
                .filter(it -> it.isMeantBy(failure))
                .map(it -> it.meaning)
                .findFirst()
                .orElse(failure.message());
    }

    /** By its words, since the code may be Lambda's own; by the code where it has no words. */
    private boolean isMeantBy(Failure failure) {
        return text.isEmpty() ? code.equals(failure.code()) : failure.message().startsWith(text);
    }

    Failure after(int attempts) {
        return new Failure(Failure.Kind.PROCESSING_FAILED, code, text, attempts);
    }

    /**
     * As {@link #after(int)}, with more words behind the known ones.
     *
     * @param detail what the function or whoever runs it says; may be empty
     */
    Failure after(int attempts, String detail) {
        return after(attempts, detail, Optional.empty());
    }

    /**
     * As {@link #after(int, String)}.
     *
     * @param said what the API of AWS Lambda calls it: the code, where Firehose has the same
     */
    Failure after(int attempts, String detail, Optional<String> said) {
        String shortened =
                detail.length() > MOST_DETAIL_CHARS
                        ? detail.substring(0, MOST_DETAIL_CHARS) + "…"
                        : detail;
        String message = text.isEmpty() || shortened.isEmpty() ? "" : text + " ";
        return new Failure(
                Failure.Kind.PROCESSING_FAILED,
                said.filter(FIREHOSE_CODES::contains).map(it -> PREFIX + it).orElse(code),
                shortened.isEmpty() ? text : message + shortened,
                attempts);
    }
}

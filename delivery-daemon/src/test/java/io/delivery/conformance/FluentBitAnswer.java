package io.delivery.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Fluent Bit's output {@code kinesis_firehose} makes of an answer. Every rule is one of
 * fluent/fluent-bit: {@code put_record_batch} and {@code process_api_response} of
 * plugins/out_kinesis_firehose/firehose_api.c (72eb2cec), {@code flb_json_get_val}, {@code
 * flb_aws_error}, {@code flb_aws_print_error} and {@code flb_aws_is_auth_error} of
 * src/aws/flb_aws_util.c (39122c7a), {@code process_data} and {@code header_lookup} of
 * src/flb_http_client.c (of 2026).
 *
 * @param sent the chunk is done; otherwise all of it is sent again
 * @param throttled it says that limits of throughput may have been exceeded
 * @param refreshesCredentials it takes the answer for one about credentials, and looks for others
 * @param log what it says of the answer; empty when all is well
 */
record FluentBitAnswer(boolean sent, boolean throttled, boolean refreshesCredentials, String log) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String UNAVAILABLE = "ServiceUnavailableException";

    /** A JSON string; the parser gives what is between the quotes as it stands there. */
    private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** Found anywhere in the answer, in any case. */
    private static final List<String> AUTH_TEXTS =
            List.of("invalidclienttokenid", "accessdenied", "expired");

    private static final List<String> AUTH_ERRORS =
            List.of(
                    "ExpiredToken",
                    "ExpiredTokenException",
                    "AccessDeniedException",
                    "AccessDenied",
                    "IncompleteSignature",
                    "SignatureDoesNotMatch",
                    "MissingAuthenticationToken",
                    "InvalidClientTokenId",
                    "InvalidToken",
                    "InvalidAccessKeyId",
                    "UnrecognizedClientException");

    /**
     * @param answer status line, head and body
     * @param records of the request
     * @throws IllegalArgumentException when it would say "malformed HTTP response", or that it
     *     cannot parse the answer
     */
    static FluentBitAnswer of(String answer, int records) {
        String payload = payload(answer);
        int status = Integer.parseInt(answer.substring(9, 12));
        if (status == 200) {
            return ofSuccess(payload, records);
        }
        String error = jsonValue(payload, "__type");
        String message = jsonValue(payload, "message");
        if (error.isEmpty() || message.isEmpty()) {
            throw new IllegalArgumentException("PutRecordBatch: Raw response: " + payload);
        }
        return new FluentBitAnswer(
                false,
                error.equals(UNAVAILABLE),
                status < 500 && isAuthError(payload, error),
                "PutRecordBatch API responded with error='%s', message='%s'"
                        .formatted(error, message));
    }

    /** It reads as many bytes as the head says; an answer in chunks has its own way. */
    private static String payload(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        String head = end < 0 ? answer : answer.substring(0, end + 2);
        int length = head.toLowerCase(Locale.ROOT).indexOf("content-length: ");
        if (!answer.startsWith("HTTP/1.1 ") || end < 0 || length < 0) {
            throw new IllegalArgumentException("malformed HTTP response: " + answer);
        }
        int value = length + "content-length: ".length();
        int size = Integer.parseInt(head.substring(value, head.indexOf("\r\n", value)));
        String payload = answer.substring(end + 4);
        if (payload.length() < size || size == 0) {
            throw new IllegalArgumentException("malformed HTTP response: " + answer);
        }
        return payload;
    }

    private static FluentBitAnswer ofSuccess(String payload, int records) {
        if (payload.contains("\"FailedPutCount\":0")) {
            return new FluentBitAnswer(true, false, false, "");
        }
        JsonNode root;
        try {
            root = JSON.readTree(payload);
        } catch (JsonProcessingException noJson) {
            throw new IllegalArgumentException("could not be parsed: " + payload, noJson);
        }
        JsonNode failed = root.path("FailedPutCount");
        JsonNode entries = root.path("RequestResponses");
        if (!failed.isInt() || failed.asInt() < 0 || !entries.isArray() || entries.isEmpty()) {
            throw new IllegalArgumentException("could not be parsed: " + payload);
        }
        boolean throttled = false;
        for (JsonNode entry : entries) {
            throttled |= entry.path("ErrorCode").asText().startsWith(UNAVAILABLE);
        }
        String log =
                failed.asInt() == records
                        ? "PutRecordBatch request returned with no records successfully received"
                        : "%d out of %d records failed to be delivered, will retry this batch"
                                .formatted(failed.asInt(), records);
        return new FluentBitAnswer(false, throttled, false, log);
    }

    /** What follows the first string that begins with the key, whether that is a key or not. */
    private static String jsonValue(String payload, String key) {
        List<String> strings = new ArrayList<>();
        Matcher string = STRING.matcher(payload);
        while (string.find()) {
            strings.add(string.group(1));
        }
        for (int i = 0; i < strings.size() - 1; i++) {
            if (strings.get(i).startsWith(key)) {
                return strings.get(i + 1);
            }
        }
        return "";
    }

    private static boolean isAuthError(String payload, String error) {
        String lower = payload.toLowerCase(Locale.ROOT);
        return AUTH_TEXTS.stream().anyMatch(lower::contains) || AUTH_ERRORS.contains(error);
    }
}

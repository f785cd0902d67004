package io.delivery.badinput;

import static io.delivery.badinput.BadRequestTable.Signature.BODY_CHANGED;
import static io.delivery.badinput.BadRequestTable.Signature.FAST_CLOCK;
import static io.delivery.badinput.BadRequestTable.Signature.NONE;
import static io.delivery.badinput.BadRequestTable.Signature.NO_HASH_HEADER;
import static io.delivery.badinput.BadRequestTable.Signature.OTHER_REGION;
import static io.delivery.badinput.BadRequestTable.Signature.RIGHT;
import static io.delivery.badinput.BadRequestTable.Signature.SLOW_CLOCK;
import static io.delivery.badinput.BadRequestTable.Signature.STRAY_TOKEN;
import static io.delivery.badinput.BadRequestTable.Signature.UNKNOWN_KEY;
import static io.delivery.badinput.BadRequestTable.Signature.WRONG_SECRET;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Requests that are refused as a whole, or look as if they should be: what is sent, where it is
 * noticed, what is answered. {@code BadRequestTableTest} sends each over HTTP to a service that has
 * the stream {@code clicks}. Messages that tell the time do so as of 2026-01-02T03:04:05Z.
 */
final class BadRequestTable {
    private static final String BATCH = "Firehose_20150804.PutRecordBatch";
    private static final String ONE = "Firehose_20150804.PutRecord";

    static final List<Row> ROWS =
            List.of(
                    refused(
                            "501 records",
                            batch("{'Data':'YQ=='},".repeat(500) + "{'Data':'YQ=='}"),
                            "ValidationException",
                            "1 validation error detected: Value at 'records' failed to satisfy"
                                    + " constraint: Member must have length less than or equal to"
                                    + " 500"),
                    refused(
                            "no record",
                            batch(""),
                            "ValidationException",
                            "1 validation error detected: Value at 'records' failed to satisfy"
                                    + " constraint: Member must have length greater than or equal"
                                    + " to 1"),
                    refused(
                            "4 MiB + 1 in one call",
                            batch(
                                    (data(1_024_000) + ",").repeat(4)
                                            + data((4 << 20) + 1 - 4 * 1_024_000)),
                            "InvalidArgumentException",
                            "Records size exceeds 4 MB limit"),
                    refused(
                            "a record of 1,000 KiB + 1",
                            batch(data(1) + "," + data(1_024_001)),
                            "ValidationException",
                            "1 validation error detected: Value"
                                    + " 'java.nio.HeapByteBuffer[pos=0 lim=1024001 cap=1024001]' at"
                                    + " 'records.2.member.data' failed to satisfy constraint:"
                                    + " Member must have length less than or equal to 1024000"),
                    refused(
                            "a body over 16 MiB",
                            new Sent(BATCH, RIGHT, new byte[(16 << 20) + 1]),
                            413,
                            "RequestEntityTooLargeException",
                            "The request's body is longer than 16777216 bytes."),
                    accepted("an empty record", batch("{'Data':''}")),
                    refused(
                            "a record without Data",
                            batch("{'Data':'YQ=='},{}"),
                            "ValidationException",
                            "1 validation error detected: Value at 'records.2.member.data' failed"
                                    + " to satisfy constraint: Member must not be null"),
                    refused(
                            "Data null",
                            new Sent(
                                    ONE,
                                    RIGHT,
                                    "{'DeliveryStreamName':'clicks','Record':{'Data':null}}"),
                            "ValidationException",
                            "1 validation error detected: Value at 'record.data' failed to satisfy"
                                    + " constraint: Member must not be null"),
                    refused(
                            "Data that is not base64",
                            batch("{'Data':'YQ=='},{'Data':'a b'}"),
                            "SerializationException",
                            "Data is not base64: record 2"),
                    refused(
                            "Data in base64url",
                            batch("{'Data':'_-8='}"),
                            "SerializationException",
                            "Data is not base64: record 1"),
                    refused(
                            "Data without padding",
                            batch("{'Data':'YQ'}"),
                            "SerializationException",
                            "Data is not base64: record 1"),
                    refused(
                            "Data that is a number",
                            batch("{'Data':1}"),
                            "SerializationException",
                            "NUMBER_VALUE can not be converted to a String"),
                    refused(
                            "several broken constraints",
                            new Sent(BATCH, RIGHT, "{'DeliveryStreamName':'','Records':[{}]}"),
                            "ValidationException",
                            "3 validation errors detected: Value at 'deliveryStreamName' failed to"
                                    + " satisfy constraint: Member must satisfy regular expression"
                                    + " pattern: [a-zA-Z0-9_.-]+; Value at 'deliveryStreamName' failed"
                                    + " to satisfy constraint: Member must have length greater than or"
                                    + " equal to 1; Value at 'records.1.member.data' failed to satisfy"
                                    + " constraint: Member must not be null"),
                    refused(
                            "an empty object",
                            new Sent(BATCH, RIGHT, "{}"),
                            "ValidationException",
                            "2 validation errors detected: Value at 'deliveryStreamName' failed to"
                                    + " satisfy constraint: Member must not be null; Value at"
                                    + " 'records' failed to satisfy constraint: Member must not be"
                                    + " null"),
                    refused(
                            "a stream name of 65 characters",
                            new Sent(
                                    "Firehose_20150804.DescribeDeliveryStream",
                                    RIGHT,
                                    "{'DeliveryStreamName':'" + "s".repeat(65) + "'}"),
                            "ValidationException",
                            "1 validation error detected: Value at 'deliveryStreamName' failed to"
                                    + " satisfy constraint: Member must have length less than or"
                                    + " equal to 64"),
                    refused(
                            "a Limit of 0",
                            new Sent("Firehose_20150804.ListDeliveryStreams", RIGHT, "{'Limit':0}"),
                            "ValidationException",
                            "1 validation error detected: Value at 'limit' failed to satisfy"
                                    + " constraint: Member must have value greater than or equal"
                                    + " to 1"),
                    refused(
                            "a Limit of 2^31",
                            new Sent(
                                    "Firehose_20150804.ListDeliveryStreams",
                                    RIGHT,
                                    "{'Limit':2147483648}"),
                            "SerializationException",
                            "NUMBER_VALUE can not be converted to an Integer"),
                    refused(
                            "an unknown stream",
                            new Sent(
                                    ONE,
                                    RIGHT,
                                    "{'DeliveryStreamName':'clocks','Record':{'Data':''}}"),
                            "ResourceNotFoundException",
                            "Firehose clocks under account 000000000000 not found."),
                    refused(
                            "no body",
                            new Sent(BATCH, RIGHT, ""),
                            "SerializationException",
                            "Unexpected end of the document"),
                    refused(
                            "a body that is not JSON",
                            new Sent(BATCH, RIGHT, "DeliveryStreamName=clicks"),
                            "SerializationException",
                            "Not JSON"),
                    refused(
                            "half of a body",
                            new Sent(BATCH, RIGHT, "{'DeliveryStreamName':'clicks','Rec"),
                            "SerializationException",
                            "Unexpected end of the document"),
                    refused(
                            "a JSON array",
                            new Sent(BATCH, RIGHT, "[]"),
                            "SerializationException",
                            "Start of list found where not expected"),
                    refused(
                            "a JSON scalar",
                            new Sent(BATCH, RIGHT, "'x'"),
                            "SerializationException",
                            "STRING_VALUE can not be converted to a structure"),
                    refused(
                            "NaN",
                            new Sent(BATCH, RIGHT, "{'x':NaN}"),
                            "SerializationException",
                            "Not JSON"),
                    refused(
                            "nesting 10,000 deep",
                            new Sent(BATCH, RIGHT, "{'x':" + "[".repeat(10_000)),
                            "SerializationException",
                            "Nested deeper than 100 levels"),
                    refused(
                            "invalid UTF-8",
                            new Sent(
                                    BATCH,
                                    RIGHT,
                                    "{\"x\":\"\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1)),
                            "SerializationException",
                            "Not UTF-8"),
                    refused(
                            "NUL in a string",
                            new Sent(BATCH, RIGHT, "{'x':'\0'}"),
                            "SerializationException",
                            "A control character inside a string"),
                    accepted(
                            "an unknown member",
                            new Sent(
                                    ONE,
                                    RIGHT,
                                    "{'x':[1e999,9223372036854775808,'\\ud800'],"
                                            + "'DeliveryStreamName':'clicks',"
                                            + "'Record':{'Data':'','y':null}}")),
                    accepted(
                            "a member twice",
                            new Sent(
                                    ONE,
                                    RIGHT,
                                    "{'DeliveryStreamName':'x','DeliveryStreamName':'clicks',"
                                            + "'Record':{'Data':'YQ==','Data':'Yg=='}}")),
                    refused(
                            "an unknown operation",
                            new Sent("Firehose_20150804.PutRecords", RIGHT, "{}"),
                            "UnknownOperationException",
                            "X-Amz-Target names no operation of Firehose_20150804.*"),
                    refused(
                            "another service's target",
                            new Sent("Kinesis_20131202.PutRecord", RIGHT, "{}"),
                            "UnknownOperationException",
                            "X-Amz-Target names no operation of Firehose_20150804.*"),
                    refused(
                            "encryption of a stream that the configuration defines",
                            new Sent(
                                    "Firehose_20150804.StopDeliveryStreamEncryption",
                                    RIGHT,
                                    "{'DeliveryStreamName':'clicks'}"),
                            "InvalidArgumentException",
                            "Firehose clicks is defined by this server's configuration: change it there."),
                    refused(
                            "no signature",
                            put(NONE),
                            403,
                            "MissingAuthenticationTokenException",
                            "Missing Authentication Token"),
                    refused(
                            "a wrong secret",
                            put(WRONG_SECRET),
                            403,
                            "InvalidSignatureException",
                            "The request signature we calculated does not match the signature you"
                                    + " provided. Check your AWS Secret Access Key and signing"
                                    + " method. Consult the service documentation for details."),
                    refused(
                            "a body changed on the way",
                            put(BODY_CHANGED),
                            403,
                            "InvalidSignatureException",
                            "The provided 'x-amz-content-sha256' header does not match what was"
                                    + " computed."),
                    refused(
                            "an unknown access key",
                            put(UNKNOWN_KEY),
                            403,
                            "UnrecognizedClientException",
                            "The security token included in the request is invalid."),
                    refused(
                            "a session token with a key that has none",
                            put(STRAY_TOKEN),
                            403,
                            "UnrecognizedClientException",
                            "The security token included in the request is invalid."),
                    refused(
                            "a clock six minutes slow",
                            put(SLOW_CLOCK),
                            403,
                            "InvalidSignatureException",
                            "Signature expired: 20260102T025805Z is now earlier than"
                                    + " 20260102T025905Z (20260102T030405Z - 5 min.)"),
                    refused(
                            "a clock six minutes fast",
                            put(FAST_CLOCK),
                            403,
                            "InvalidSignatureException",
                            "Signature not yet current: 20260102T031005Z is still later than"
                                    + " 20260102T030905Z (20260102T030405Z + 5 min.)"),
                    refused(
                            "another region's signature",
                            put(OTHER_REGION),
                            403,
                            "InvalidSignatureException",
                            "Credential should be scoped to a valid region, not 'eu-west-1'. This"
                                    + " server's is 'us-east-1'."),
                    accepted("no x-amz-content-sha256 header", put(NO_HASH_HEADER)));

    private BadRequestTable() {}

    /**
     * @param noticed {@link BadInput#CALL_REFUSED} or {@link BadInput#ACCEPTED}
     * @param status the HTTP status
     */
    record Row(String input, String noticed, int status, String code, String message, Sent sent)
            implements BadInput {
        @Override
        public String toString() {
            return input;
        }
    }

    /** A request; text is written with ' for ". */
    record Sent(String target, Signature signature, byte[] body) {
        Sent(String target, Signature signature, String body) {
            this(target, signature, body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        }
    }

    /** How it is signed. */
    enum Signature {
        RIGHT,
        NONE,
        WRONG_SECRET,
        BODY_CHANGED,
        UNKNOWN_KEY,
        STRAY_TOKEN,
        SLOW_CLOCK,
        FAST_CLOCK,
        OTHER_REGION,
        NO_HASH_HEADER
    }

    private static Row refused(String input, Sent sent, String code, String message) {
        return refused(input, sent, 400, code, message);
    }

    private static Row refused(String input, Sent sent, int status, String code, String message) {
        return new Row(input, BadInput.CALL_REFUSED, status, code, message, sent);
    }

    private static Row accepted(String input, Sent sent) {
        return new Row(input, BadInput.ACCEPTED, 200, "", "", sent);
    }

    private static Sent batch(String records) {
        return new Sent(
                BATCH, RIGHT, "{'DeliveryStreamName':'clicks','Records':[" + records + "]}");
    }

    private static Sent put(Signature signature) {
        return new Sent(ONE, signature, "{'DeliveryStreamName':'clicks','Record':{'Data':'YQ=='}}");
    }

    private static String data(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 'x');
        return "{'Data':'" + Base64.getEncoder().encodeToString(bytes) + "'}";
    }
}

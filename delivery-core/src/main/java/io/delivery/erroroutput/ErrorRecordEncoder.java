package io.delivery.erroroutput;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.delivery.record.Failure;
import io.delivery.record.SequencedRecord;
import java.util.Optional;

/**
 * Makes the line that stands in the error output for a record: one JSON object and a line feed,
 * with Firehose's members in the order captured. {@code rawData} is the base64 of the record's own
 * bytes, whatever they are; times are milliseconds since the epoch. Immutable and thread-safe.
 *
 * <p>Codes and messages longer than {@value #MAX_MESSAGE_CHARS} characters are cut there, so that
 * {@link #worstCaseBytes} holds for every failure.
 */
public final class ErrorRecordEncoder {
    /** Ours; Firehose states none. */
    public static final int MAX_MESSAGE_CHARS = 2048;

    private static final int MAX_CODE_CHARS = 256;
    private static final String LAMBDA_FAMILY = "Lambda.";

    private static final byte[] RAW_DATA_FIRST = ascii("{\"rawData\":");
    private static final byte[] ERROR_CODE = ascii(",\"errorCode\":");
    private static final byte[] ERROR_MESSAGE = ascii(",\"errorMessage\":");
    private static final byte[] ATTEMPTS = ascii(",\"attemptsMade\":");
    private static final byte[] ATTEMPTS_FIRST = ascii("{\"attemptsMade\":");
    private static final byte[] ARRIVAL = ascii(",\"arrivalTimestamp\":");
    private static final byte[] ATTEMPT_ENDING = ascii(",\"attemptEndingTimestamp\":");
    private static final byte[] LAST_ERROR_CODE = ascii(",\"lastErrorCode\":");
    private static final byte[] LAST_ERROR_MESSAGE = ascii(",\"lastErrorMessage\":");
    private static final byte[] RAW_DATA = ascii(",\"rawData\":");
    private static final byte[] SEQUENCE = ascii(",\"sequenceNumber\":\"");
    private static final byte[] SUB_SEQUENCE = ascii("\",\"subSequenceNumber\":");
    private static final byte[] NULL = ascii("null");
    private static final byte[] END = ascii("}\n");

    /** Longest decimal of a long, with its sign. */
    private static final int LONGEST_NUMBER = 20;

    /** Everything of a line but rawData, texts and configured members. */
    private static final int FIXED_BYTES =
            RAW_DATA_FIRST.length
                    + LAST_ERROR_CODE.length
                    + LAST_ERROR_MESSAGE.length
                    + ATTEMPTS.length
                    + ARRIVAL.length
                    + ATTEMPT_ENDING.length
                    + SEQUENCE.length
                    + SUB_SEQUENCE.length
                    + END.length
                    + 6 // quotes of rawData, code and message
                    + 5 * LONGEST_NUMBER;

    /** {@code ,"lambdaARN":"…"}, or nothing. */
    private final byte[] lambdaArn;

    /** {@code ,"dataCatalogTable":{…}} or null in its place. */
    private final byte[] dataCatalogTable;

    /**
     * @param lambdaArn the stream's Lambda, shown with failures of the {@code Lambda.} family
     * @param table the stream's table, shown with records that did not convert
     */
    public ErrorRecordEncoder(Optional<String> lambdaArn, Optional<DataCatalogTable> table) {
        LineBuffer buffer = new LineBuffer();
        lambdaArn.ifPresent(arn -> member(buffer, ",\"lambdaARN\":", arn));
        this.lambdaArn = buffer.toByteArray();
        buffer.reset();
        buffer.ascii(ascii(",\"dataCatalogTable\":"));
        table.ifPresentOrElse(present -> write(buffer, present), () -> buffer.ascii(NULL));
        this.dataCatalogTable = buffer.toByteArray();
    }

    /**
     * Appends one line.
     *
     * @param record the record as it entered; of a record that was split, the part
     * @param attemptEndingMillis when the last attempt ended, milliseconds since the epoch
     * @return bytes appended
     * @throws IllegalStateException when the buffer would exceed 2 GiB; it is left as it was
     */
    public int append(
            LineBuffer out, SequencedRecord record, Failure failure, long attemptEndingMillis) {
        Line line =
                switch (failure.kind()) {
                    case PROCESSING_FAILED, DECOMPRESSION_FAILED -> this::appendFailed;
                    case FORMAT_CONVERSION_FAILED -> this::appendNotConverted;
                };
        int before = out.length();
        try {
            line.append(out, record, failure, attemptEndingMillis);
        } catch (IllegalStateException tooLarge) {
            out.truncate(before);
            throw tooLarge;
        }
        return out.length() - before;
    }

    /** No line for a record of this length is longer, whatever the failure. */
    public long worstCaseBytes(int recordLength) {
        return FIXED_BYTES
                + 4L * ((recordLength + 2L) / 3)
                + (long) LineBuffer.MAX_BYTES_PER_CHAR * (MAX_CODE_CHARS + MAX_MESSAGE_CHARS)
                + Math.max(lambdaArn.length, dataCatalogTable.length);
    }

    /** What a kind of failure is written as. */
    @FunctionalInterface
    private interface Line {
        void append(
                LineBuffer out, SequencedRecord record, Failure failure, long attemptEndingMillis);
    }

    private void appendFailed(
            LineBuffer out, SequencedRecord record, Failure failure, long attemptEndingMillis) {
        out.ascii(RAW_DATA_FIRST).base64(record.array(), record.offset(), record.length());
        out.ascii(ERROR_CODE).string(failure.code(), MAX_CODE_CHARS);
        out.ascii(ERROR_MESSAGE).string(failure.message(), MAX_MESSAGE_CHARS);
        out.ascii(ATTEMPTS).number(failure.attempts());
        out.ascii(ARRIVAL).number(record.arrivalMillis());
        out.ascii(ATTEMPT_ENDING).number(attemptEndingMillis);
        if (failure.kind() == Failure.Kind.PROCESSING_FAILED
                && failure.code().startsWith(LAMBDA_FAMILY)) {
            out.ascii(lambdaArn);
        }
        out.ascii(END);
    }

    private void appendNotConverted(
            LineBuffer out, SequencedRecord record, Failure failure, long attemptEndingMillis) {
        out.ascii(ATTEMPTS_FIRST).number(failure.attempts());
        out.ascii(ARRIVAL).number(record.arrivalMillis());
        out.ascii(LAST_ERROR_CODE).string(failure.code(), MAX_CODE_CHARS);
        out.ascii(LAST_ERROR_MESSAGE).string(failure.message(), MAX_MESSAGE_CHARS);
        out.ascii(ATTEMPT_ENDING).number(attemptEndingMillis);
        out.ascii(RAW_DATA).base64(record.array(), record.offset(), record.length());
        out.ascii(SEQUENCE).number(record.sequence()).ascii(SUB_SEQUENCE);
        if (record.part() == 0 && record.lastPart()) {
            // The record was not split: it has no sub-sequence.
            out.ascii(NULL);
        } else {
            out.number(record.part());
        }
        out.ascii(dataCatalogTable).ascii(END);
    }

    private static void write(LineBuffer out, DataCatalogTable table) {
        member(out, "{\"catalogId\":", table.catalogId());
        member(out, ",\"databaseName\":", table.databaseName());
        member(out, ",\"tableName\":", table.tableName());
        member(out, ",\"region\":", table.region());
        member(out, ",\"versionId\":", table.versionId());
        member(out, ",\"roleArn\":", table.roleArn());
        out.ascii(ascii("}"));
    }

    private static void member(LineBuffer out, String name, String valueOrNull) {
        out.ascii(ascii(name)).string(valueOrNull, Integer.MAX_VALUE);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}

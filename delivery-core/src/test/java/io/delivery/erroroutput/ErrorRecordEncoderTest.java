package io.delivery.erroroutput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.record.Failure;
import io.delivery.record.SequencedRecord;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ErrorRecordEncoderTest {
    private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:enrich";
    private static final DataCatalogTable TABLE =
            new DataCatalogTable(
                    "000000000000",
                    "analytics",
                    "clicks",
                    "us-east-1",
                    "LATEST",
                    "arn:aws:iam::000000000000:role/firehose");

    private final ErrorRecordEncoder encoder =
            new ErrorRecordEncoder(Optional.of(ARN), Optional.of(TABLE));
    private final LineBuffer out = new LineBuffer();

    @Test
    void a_lambda_failure_has_the_captured_members_in_order() {
        Failure failure =
                new Failure(
                        Failure.Kind.PROCESSING_FAILED,
                        "Lambda.FunctionError",
                        "The function failed",
                        4);

        encoder.append(out, record("hello"), failure, 1_700_000_001_000L);

        assertThat(written())
                .isEqualTo(
                        "{\"rawData\":\"aGVsbG8=\",\"errorCode\":\"Lambda.FunctionError\","
                                + "\"errorMessage\":\"The function failed\",\"attemptsMade\":4,"
                                + "\"arrivalTimestamp\":1700000000123,"
                                + "\"attemptEndingTimestamp\":1700000001000,"
                                + "\"lambdaARN\":\""
                                + ARN
                                + "\"}\n");
    }

    @Test
    void a_partitioning_failure_names_no_lambda() {
        Failure failure =
                new Failure(
                        Failure.Kind.PROCESSING_FAILED,
                        "DynamicPartitioning.MetadataExtractionFailed",
                        "partitionKeys values must not be null or empty");

        encoder.append(out, record("{}"), failure, 7);

        assertThat(written())
                .isEqualTo(
                        "{\"rawData\":\"e30=\","
                                + "\"errorCode\":\"DynamicPartitioning.MetadataExtractionFailed\","
                                + "\"errorMessage\":\"partitionKeys values must not be null or empty\","
                                + "\"attemptsMade\":1,\"arrivalTimestamp\":1700000000123,"
                                + "\"attemptEndingTimestamp\":7}\n");
    }

    @Test
    void a_decompression_failure_is_like_a_processing_failure_without_a_lambda() {
        Failure failure =
                new Failure(Failure.Kind.DECOMPRESSION_FAILED, "Lambda.Looks", "not gzip");

        encoder.append(out, record(""), failure, 7);

        assertThat(written())
                .isEqualTo(
                        "{\"rawData\":\"\",\"errorCode\":\"Lambda.Looks\","
                                + "\"errorMessage\":\"not gzip\",\"attemptsMade\":1,"
                                + "\"arrivalTimestamp\":1700000000123,\"attemptEndingTimestamp\":7}\n");
    }

    @Test
    void a_record_that_does_not_convert_has_the_members_of_its_own_kind() {
        Failure failure =
                new Failure(
                        Failure.Kind.FORMAT_CONVERSION_FAILED,
                        "DataFormatConversion.MalformedData",
                        "column a");

        encoder.append(out, record("[1]"), failure, 1_700_000_001_000L);

        assertThat(written())
                .isEqualTo(
                        "{\"attemptsMade\":1,\"arrivalTimestamp\":1700000000123,"
                                + "\"lastErrorCode\":\"DataFormatConversion.MalformedData\","
                                + "\"lastErrorMessage\":\"column a\","
                                + "\"attemptEndingTimestamp\":1700000001000,"
                                + "\"rawData\":\"WzFd\",\"sequenceNumber\":\"42\","
                                + "\"subSequenceNumber\":null,"
                                + "\"dataCatalogTable\":{\"catalogId\":\"000000000000\","
                                + "\"databaseName\":\"analytics\",\"tableName\":\"clicks\","
                                + "\"region\":\"us-east-1\",\"versionId\":\"LATEST\","
                                + "\"roleArn\":\"arn:aws:iam::000000000000:role/firehose\"}}\n");
    }

    @Test
    void a_part_of_a_split_record_tells_its_number_and_an_unknown_table_is_null() {
        ErrorRecordEncoder bare = new ErrorRecordEncoder(Optional.empty(), Optional.empty());
        Failure failure = new Failure(Failure.Kind.FORMAT_CONVERSION_FAILED, "c", "m");
        byte[] bytes = "ab".getBytes(UTF_8);

        bare.append(out, new SequencedRecord().at(9, 0, false, bytes, 0, 1, 5), failure, 6);
        bare.append(out, new SequencedRecord().at(9, 1, true, bytes, 1, 1, 5), failure, 6);

        assertThat(written().split("\n"))
                .satisfiesExactly(
                        line ->
                                assertThat(line)
                                        .endsWith(
                                                "\"rawData\":\"YQ==\",\"sequenceNumber\":\"9\","
                                                        + "\"subSequenceNumber\":0,"
                                                        + "\"dataCatalogTable\":null}"),
                        line ->
                                assertThat(line)
                                        .endsWith(
                                                "\"rawData\":\"Yg==\",\"sequenceNumber\":\"9\","
                                                        + "\"subSequenceNumber\":1,"
                                                        + "\"dataCatalogTable\":null}"));
    }

    @Test
    void whatever_the_kind_of_failure_the_record_is_in_a_line() {
        for (Failure.Kind kind : Failure.Kind.values()) {
            out.reset();

            int appended = encoder.append(out, record("abc"), new Failure(kind, "c", "m"), 3);

            assertThat(written()).as("%s", kind).contains("\"rawData\":\"YWJj\"").endsWith("}\n");
            assertThat(appended).isEqualTo(written().length());
        }
    }

    @Test
    void a_table_may_leave_members_open() {
        ErrorRecordEncoder open =
                new ErrorRecordEncoder(
                        Optional.empty(),
                        Optional.of(new DataCatalogTable(null, "d", "t\"", null, null, null)));

        open.append(
                out, record("x"), new Failure(Failure.Kind.FORMAT_CONVERSION_FAILED, "c", "m"), 6);

        assertThat(written())
                .endsWith(
                        "\"dataCatalogTable\":{\"catalogId\":null,\"databaseName\":\"d\","
                                + "\"tableName\":\"t\\\"\",\"region\":null,\"versionId\":null,"
                                + "\"roleArn\":null}}\n");
    }

    @Test
    void any_message_is_one_legal_json_string() {
        String message =
                "q\" b\\ n\n r\r t\t b\b f\f nul\0 esc\u001b del\u007f é 日 😀 \u2028 /"
                        + " \uD83D! \uDE00 \uD83D";

        encoder.append(out, record("x"), failed(message), 1);

        assertThat(written())
                .contains(
                        "\"errorMessage\":\"q\\\" b\\\\ n\\n r\\r t\\t b\\b f\\f nul\\u0000"
                                + " esc\\u001b del\u007f é 日 😀 \u2028 / \\ud83d! \\ude00 \\ud83d\"")
                .containsOnlyOnce("\n");
    }

    @Test
    void random_messages_and_records_come_back_as_they_were() {
        Random random = new Random(5);
        for (int i = 0; i < 2_000; i++) {
            char[] chars = new char[random.nextInt(40)];
            for (int c = 0; c < chars.length; c++) {
                chars[c] =
                        (char)
                                switch (random.nextInt(4)) {
                                    case 0 -> random.nextInt(0x80);
                                    case 1 -> 0xD800 + random.nextInt(0x800);
                                    case 2 -> "\"\\\n/u".charAt(random.nextInt(5));
                                    default -> random.nextInt(0x10000);
                                };
            }
            String message = new String(chars);
            byte[] bytes = new byte[random.nextInt(100)];
            random.nextBytes(bytes);
            int offset = random.nextInt(bytes.length + 1);
            int length = random.nextInt(bytes.length - offset + 1);
            out.reset();

            int appended =
                    encoder.append(
                            out,
                            new SequencedRecord().at(1, 0, true, bytes, offset, length, 2),
                            failed(message),
                            3);

            Matcher line =
                    Pattern.compile(
                                    "\\{\"rawData\":\"([^\"]*)\",\"errorCode\":\"c\",\"errorMessage\":"
                                            + "\"((?:[^\"\\\\\\p{Cntrl}]|\\x7f|\\\\.)*)\",\"attemptsMade\":1,"
                                            + "\"arrivalTimestamp\":2,\"attemptEndingTimestamp\":3\\}\n",
                                    Pattern.DOTALL)
                            .matcher(written());
            assertThat(line.matches()).as(written()).isTrue();
            assertThat(Base64.getDecoder().decode(line.group(1)))
                    .isEqualTo(java.util.Arrays.copyOfRange(bytes, offset, offset + length));
            assertThat(unescaped(line.group(2))).isEqualTo(message);
            assertThat(appended).isEqualTo(out.length());
        }
    }

    @Test
    void a_long_message_is_cut_and_never_within_a_character() {
        String message = "x".repeat(ErrorRecordEncoder.MAX_MESSAGE_CHARS - 1) + "😀tail";

        encoder.append(out, record("x"), failed(message), 1);

        assertThat(written())
                .contains("\"" + "x".repeat(ErrorRecordEncoder.MAX_MESSAGE_CHARS - 1) + "\",\"att");
    }

    @Test
    void no_line_is_longer_than_the_worst_case() {
        byte[] bytes = new byte[100];
        String worst = "\0".repeat(5_000);
        for (Failure.Kind kind : Failure.Kind.values()) {
            for (int length = 0; length < bytes.length; length++) {
                Failure failure = new Failure(kind, "Lambda." + worst, worst, Integer.MIN_VALUE);
                SequencedRecord record =
                        new SequencedRecord()
                                .at(
                                        Long.MIN_VALUE,
                                        Integer.MIN_VALUE,
                                        false,
                                        bytes,
                                        0,
                                        length,
                                        Long.MIN_VALUE);

                int appended = encoder.append(out, record, failure, Long.MIN_VALUE);

                assertThat((long) appended).isLessThanOrEqualTo(encoder.worstCaseBytes(length));
                out.reset();
            }
        }
        assertThat(encoder.worstCaseBytes(1_024_000)).isBetween(1_365_336L, 1_400_000L);
    }

    @Test
    void a_buffer_that_is_reset_keeps_its_memory() {
        SequencedRecord large =
                new SequencedRecord().at(1, 0, true, new byte[1_024_000], 0, 1_024_000, 2);
        encoder.append(out, large, failed("m"), 3);
        byte[] memory = out.array();

        out.reset();
        encoder.append(out, large, failed("m"), 3);
        encoder.append(out, record("x"), failed("m"), 3);

        assertThat(out.array()).isSameAs(memory);
        assertThat(written().lines()).hasSize(2);
    }

    private static Failure failed(String message) {
        return new Failure(Failure.Kind.PROCESSING_FAILED, "c", message);
    }

    private static SequencedRecord record(String text) {
        // Not at the array's beginning, nor up to its end: a record is a view.
        byte[] array = ("##" + text + "##").getBytes(UTF_8);
        return new SequencedRecord()
                .at(42, 0, true, array, 2, array.length - 4, 1_700_000_000_123L);
    }

    private String written() {
        return new String(out.toByteArray(), UTF_8);
    }

    /** The opposite of JSON's escapes. */
    private static String unescaped(String json) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escape = json.charAt(++i);
            switch (escape) {
                case 'u' -> {
                    text.append((char) Integer.parseInt(json.substring(i + 1, i + 5), 16));
                    i += 4;
                }
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                default -> text.append(escape);
            }
        }
        return text.toString();
    }
}

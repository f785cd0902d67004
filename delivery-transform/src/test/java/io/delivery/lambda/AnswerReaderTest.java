package io.delivery.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.partition.PartitionKeys;
import io.delivery.processing.Outcome;
import io.delivery.record.Failure;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each answer of a function means: contract 5.3. Records are called 1, 2 and so on. */
class AnswerReaderTest {
    private static final String MISSING =
            "One or more record Ids were not returned. Ensure that the Lambda function returns all"
                    + " received record Ids.";

    private final AnswerReader reader = new AnswerReader(new EventSource.DirectPut());

    private List<Outcome> read(int records, String answer) {
        List<String> ids = List.of("1", "2", "3").subList(0, records);
        List<Outcome> outcomes = reader.read(answer.getBytes(StandardCharsets.UTF_8), ids, 1);
        assertThat(outcomes).hasSize(records).doesNotContainNull();
        return outcomes;
    }

    /** The outcome of record 1, of which the answer says this. */
    private Outcome readOne(String members) {
        return read(1, "{\"records\":[{" + members + "}]}").get(0);
    }

    private Outcome readOk(String members) {
        return readOne("\"recordId\":\"1\",\"result\":\"Ok\"," + members);
    }

    private static String text(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Ok.class);
        return new String(((Outcome.Ok) outcome).data(), StandardCharsets.UTF_8);
    }

    private static Failure failure(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.ProcessingFailed.class);
        Failure failure = ((Outcome.ProcessingFailed) outcome).failure();
        assertThat(failure.kind()).isEqualTo(Failure.Kind.PROCESSING_FAILED);
        assertThat(failure.attempts()).isEqualTo(1);
        return failure;
    }

    private static String code(Outcome outcome) {
        return failure(outcome).code();
    }

    // --- results ---

    @Test
    void ok_replaces_the_bytes_of_the_record() {
        assertThat(text(readOk("\"data\":\"aGVsbG8=\""))).isEqualTo("hello");
        assertThat(text(readOk("\"data\":\"\""))).isEmpty();
    }

    @Test
    void dropped_needs_no_data() {
        assertThat(readOne("\"recordId\":\"1\",\"result\":\"Dropped\""))
                .isEqualTo(new Outcome.Dropped());
        assertThat(readOne("\"recordId\":\"1\",\"result\":\"Dropped\",\"data\":\"not base64!\""))
                .isEqualTo(new Outcome.Dropped());
    }

    @Test
    void processing_failed_is_told_in_firehoses_words() {
        Failure failure =
                failure(
                        readOne(
                                "\"result\":\"ProcessingFailed\",\"recordId\":\"1\",\"data\":\"aGk=\""));

        assertThat(failure.code()).isEqualTo("Lambda.ProcessingFailedStatus");
        assertThat(failure.message()).isEqualTo("ProcessingFailed status set for record");
    }

    @Test
    void records_may_come_in_any_order_and_members_too() {
        List<Outcome> outcomes =
                read(
                        3,
                        """
                        {"more": [{"records": []}], "records": [
                          {"data": "Yw==", "x": {"y": [1]}, "result": "Ok", "recordId": "3"},
                          {"recordId": "1", "result": "Dropped"},
                          {"result": "Ok", "recordId": "2", "data": "Yg=="}
                        ], "further": null}
                        """);

        assertThat(outcomes.get(0)).isEqualTo(new Outcome.Dropped());
        assertThat(text(outcomes.get(1))).isEqualTo("b");
        assertThat(text(outcomes.get(2))).isEqualTo("c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"ok\"", "\"OK\"", "\"dropped\"", "\"\"", "null", "7", "{}", "[\"Ok\"]"})
    void a_result_that_firehose_does_not_know_fails_the_record(String result) {
        Failure failure =
                failure(readOne("\"recordId\":\"1\",\"data\":\"aGk=\",\"result\":" + result));

        assertThat(failure.code()).isEqualTo("Lambda.FunctionError");
        assertThat(failure.message())
                .startsWith("Check your function and make sure the output is in required format.")
                .endsWith("valid result status of Dropped, Ok, or ProcessingFailed");
    }

    @Test
    void a_record_without_a_result_fails() {
        assertThat(code(readOne("\"recordId\":\"1\",\"data\":\"aGk=\"")))
                .isEqualTo("Lambda.FunctionError");
    }

    // --- data ---

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"data\":null",
                ",\"Data\":\"aGk=\"",
                ",\"kafkaRecordValue\":\"aGk=\""
            })
    void ok_without_data_fails_the_record(String data) {
        Failure failure = failure(readOne("\"recordId\":\"1\",\"result\":\"Ok\"" + data));

        assertThat(failure.code()).isEqualTo("Lambda.InvalidReturnFormat");
        assertThat(failure.message())
                .startsWith(
                        "The data field cannot be null when the SourceType is DirectPut or"
                                + " KinesisStreamAsSource and processing result is Ok");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"not base64!\"",
                "\"aGk\"",
                "\"a\"",
                "\"=aGk\"",
                "\"aGk_\"",
                "\"ä\"",
                "12",
                "true",
                "{\"a\":1}",
                "[\"aGk=\"]"
            })
    void data_that_is_not_base64_fails_that_record_only(String data) {
        List<Outcome> outcomes =
                read(
                        3,
                        """
                        {"records":[{"recordId":"1","result":"Ok","data":"YQ=="},
                        {"recordId":"2","result":"Ok","data":%s},
                        {"recordId":"3","result":"Ok","data":"Yw=="}]}
                        """
                                .formatted(data));

        assertThat(text(outcomes.get(0))).isEqualTo("a");
        assertThat(code(outcomes.get(1))).isEqualTo("Lambda.JsonProcessingException");
        assertThat(text(outcomes.get(2))).isEqualTo("c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"aGVs\\nbG8=", "aGVsbG8=\\r\\n", "a\\u0047VsbG8=", "aGVsbG8=\n"})
    void line_breaks_and_escapes_do_not_make_base64_something_else(String data) {
        assertThat(text(readOk("\"data\":\"" + data + "\""))).isEqualTo("hello");

        // Beside a record that is not base64 the answer is read in another way.
        List<Outcome> outcomes =
                read(
                        2,
                        "{\"records\":[{\"recordId\":\"1\",\"result\":\"Ok\",\"data\":\""
                                + data
                                + "\"},{\"recordId\":\"2\",\"result\":\"Ok\",\"data\":\"?\"}]}");
        assertThat(text(outcomes.get(0))).isEqualTo("hello");
        assertThat(code(outcomes.get(1))).isEqualTo("Lambda.JsonProcessingException");
    }

    @Test
    void a_record_of_kafka_has_its_data_under_another_name() {
        AnswerReader kafka = new AnswerReader(new EventSource.Kafka("arn", record -> null));
        String answer =
                """
                {"records":[{"recordId":"1","result":"Ok","kafkaRecordValue":"aGk="},
                {"recordId":"2","result":"Ok","data":"aGk="}]}
                """;

        List<Outcome> outcomes =
                kafka.read(answer.getBytes(StandardCharsets.UTF_8), List.of("1", "2"), 1);

        assertThat(text(outcomes.get(0))).isEqualTo("hi");
        assertThat(failure(outcomes.get(1)).message())
                .isEqualTo(
                        "The kafkaRecordValue field cannot be null when the SourceType is"
                                + " MSKAsSource and processing result is Ok");
    }

    // --- ids ---

    @Test
    void a_record_that_is_not_returned_fails_alone() {
        List<Outcome> outcomes =
                read(2, "{\"records\":[{\"recordId\":\"2\",\"result\":\"Ok\",\"data\":\"YQ==\"}]}");

        assertThat(failure(outcomes.get(0)))
                .isEqualTo(
                        new Failure(
                                Failure.Kind.PROCESSING_FAILED,
                                "Lambda.MissingRecordId",
                                MISSING,
                                1));
        assertThat(text(outcomes.get(1))).isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource({"Ok,Ok", "Ok,Dropped", "Dropped,Dropped", "ProcessingFailed,Ok"})
    void a_record_that_is_returned_twice_fails_alone_whatever_is_said_of_it(
            String first, String second) {
        List<Outcome> outcomes =
                read(
                        2,
                        """
                        {"records":[{"recordId":"1","result":"%s","data":"YQ=="},
                        {"recordId":"2","result":"Ok","data":"Yg=="},
                        {"recordId":"1","result":"%s","data":"YQ=="}]}
                        """
                                .formatted(first, second));

        Failure failure = failure(outcomes.get(0));
        assertThat(failure.code()).isEqualTo("Lambda.DuplicatedRecordId");
        assertThat(failure.message())
                .isEqualTo(
                        "Multiple records were returned with the same record Id. Ensure that the"
                                + " Lambda function returns a unique record Id for each record.");
        assertThat(text(outcomes.get(1))).isEqualTo("b");
    }

    @Test
    void a_record_that_is_returned_three_times_fails_once() {
        String one = "{\"recordId\":\"1\",\"result\":\"Dropped\"}";

        assertThat(code(read(1, "{\"records\":[%s,%s,%s]}".formatted(one, one, one)).get(0)))
                .isEqualTo("Lambda.DuplicatedRecordId");
    }

    @Test
    void a_record_that_was_never_sent_is_ignored() {
        List<Outcome> outcomes =
                read(
                        1,
                        """
                        {"records":[{"recordId":"9","result":"Ok","data":"?"},
                        {"recordId":"1","result":"Dropped"},{"recordId":"9","result":"Nonsense"}]}
                        """);

        assertThat(outcomes).containsExactly(new Outcome.Dropped());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "{\"id\":\"1\"}", "[\"1\"]", "\"1 \"", "\"01\"", "1.0"})
    void an_id_that_is_none_of_those_sent_leaves_its_record_missing(String id) {
        assertThat(code(readOne("\"result\":\"Dropped\",\"recordId\":" + id)))
                .isEqualTo("Lambda.MissingRecordId");
    }

    @Test
    void an_id_that_is_written_as_a_number_counts() {
        assertThat(readOne("\"result\":\"Dropped\",\"recordId\":1"))
                .isEqualTo(new Outcome.Dropped());
    }

    @Test
    void records_that_are_no_objects_are_ignored() {
        assertThat(
                        read(
                                1,
                                """
                                {"records":[null, 1, "1", ["1"], true,
                                {"recordId":"1","result":"Dropped"}, {}]}
                                """))
                .containsExactly(new Outcome.Dropped());
    }

    // --- answers ---

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{}",
                "[]",
                "\"records\"",
                "17",
                "true",
                "{\"records\":null}",
                "{\"records\":{\"recordId\":\"1\"}}",
                "{\"records\":\"[]\"}",
                "{\"records\":[]}",
                "{\"Records\":[{\"recordId\":\"1\",\"result\":\"Dropped\"}]}",
                "[{\"recordId\":\"1\",\"result\":\"Dropped\"}]",
                "{\"errorMessage\":\"oops\",\"errorType\":\"Exception\"}"
            })
    void an_answer_without_records_leaves_every_record_missing(String answer) {
        for (Outcome outcome : read(3, answer)) {
            assertThat(code(outcome)).isEqualTo("Lambda.MissingRecordId");
            assertThat(failure(outcome).message()).isEqualTo(MISSING);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "{",
                "{\"records\":[",
                "{\"records\":[{\"recordId\":\"1\",\"result\":\"Dropped\"}",
                "{\"records\":[{\"recordId\":\"1\",\"result\":\"Dropped\"}]",
                "{'records':[]}",
                "{\"records\":[{\"recordId\":\"1\",\"result\":\"Ok\",\"data\":\"YQ==",
                "<html>",
                "\"half",
                "[1,"
            })
    void an_answer_that_is_not_json_fails_every_record(String answer) {
        for (Outcome outcome : read(2, answer)) {
            assertThat(code(outcome)).isEqualTo("Lambda.JsonProcessingException");
            assertThat(failure(outcome).message())
                    .startsWith("The function returned what is not JSON (at line 1, column ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000feff00110000", // UTF-32, and no character
                "000000ff", // as above, without a mark
                "7b000000ffffffff",
                "7b007d00", // an object in UTF-16
                "feff007b007d",
                "7b2261223a22f7bfbfbf227d", // what Jackson takes for UTF-8
                "7b2261223a22c080227d",
                "7b2261223a22ff227d"
            })
    void an_answer_that_is_not_utf8_fails_every_record(String hex) {
        List<Outcome> outcomes = reader.read(HexFormat.of().parseHex(hex), List.of("1", "2"), 1);

        assertThat(outcomes).hasSize(2);
        for (Outcome outcome : outcomes) {
            assertThat(code(outcome)).isEqualTo("Lambda.JsonProcessingException");
            assertThat(failure(outcome).message())
                    .isEqualTo("The function returned what is not JSON (it is not UTF-8)");
        }
    }

    @Test
    void an_answer_that_is_nested_without_end_is_not_json() {
        String answer = "{\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";

        assertThat(code(read(1, answer).get(0))).isEqualTo("Lambda.JsonProcessingException");
    }

    @Test
    void of_a_member_that_stands_twice_the_last_one_counts() {
        assertThat(
                        text(
                                readOne(
                                        "\"recordId\":\"7\",\"recordId\":\"1\",\"result\":\"x\",\"result\":\"Ok\","
                                                + "\"data\":\"?\",\"data\":null,\"data\":\"aGk=\"")))
                .isEqualTo("hi");
        assertThat(
                        read(
                                1,
                                """
                                {"records":[{"recordId":"1","result":"Ok","data":"YQ=="}],
                                "records":[{"recordId":"1","result":"Dropped"}]}
                                """))
                .containsExactly(new Outcome.Dropped());
    }

    @Test
    void what_python_writes_for_numbers_that_are_none_does_no_harm() {
        assertThat(
                        readOne(
                                "\"recordId\":\"1\",\"result\":\"Dropped\",\"score\":[NaN,Infinity,-Infinity]"))
                .isEqualTo(new Outcome.Dropped());
    }

    @Test
    void failures_say_how_often_the_event_was_sent() {
        Outcome outcome = reader.read(new byte[0], List.of("1"), 3).get(0);

        assertThat(((Outcome.ProcessingFailed) outcome).failure().attempts()).isEqualTo(3);
    }

    // --- partition keys ---

    private Map<String, String> keys(String metadata) {
        Outcome outcome = readOk("\"data\":\"\",\"metadata\":" + metadata);
        assertThat(outcome).isInstanceOf(Outcome.Ok.class);
        PartitionKeys keys = ((Outcome.Ok) outcome).keys();
        assertThat(keys.fromQuery()).isEmpty();
        return keys.fromLambda();
    }

    @Test
    void partition_keys_are_strings_and_numbers_and_booleans_as_json_writes_them() {
        assertThat(
                        keys(
                                """
                                {"partitionKeys":{"customer":"c1","year":2026,"rate":1.50,"big":12345678901234567890,
                                "new":true,"none":null}}
                                """))
                .isEqualTo(
                        Map.of(
                                "customer", "c1",
                                "year", "2026",
                                "rate", "1.50",
                                "big", "12345678901234567890",
                                "new", "true"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{}",
                "\"x\"",
                "[1]",
                "{\"partitionKeys\":null}",
                "{\"partitionKeys\":{}}",
                "{\"otfMetadata\":{\"destinationTableName\":\"t\",\"operation\":\"insert\"}}"
            })
    void a_record_may_have_no_partition_keys(String metadata) {
        assertThat(keys(metadata)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"customer\"",
                "[\"customer\"]",
                "7",
                "{\"customer\":{\"id\":1}}",
                "{\"customer\":[\"c1\"]}"
            })
    void partition_keys_that_are_none_fail_the_record(String keys) {
        Outcome outcome = readOk("\"data\":\"\",\"metadata\":{\"partitionKeys\":" + keys + "}");

        assertThat(code(outcome)).isEqualTo("Lambda.JsonMappingException");
    }

    @Test
    void fifty_partition_keys_are_taken_and_one_more_fails_the_record() {
        StringBuilder fifty = new StringBuilder("\"k0\":\"v\"");
        for (int i = 1; i < 50; i++) {
            fifty.append(",\"k").append(i).append("\":\"v\"");
        }

        assertThat(keys("{\"partitionKeys\":{" + fifty + ",\"k0\":\"again\"}}")).hasSize(50);
        assertThat(
                        code(
                                readOk(
                                        "\"data\":\"\",\"metadata\":{\"partitionKeys\":{"
                                                + fifty
                                                + ",\"more\":\"v\"}}")))
                .isEqualTo("Lambda.JsonMappingException");
    }
}

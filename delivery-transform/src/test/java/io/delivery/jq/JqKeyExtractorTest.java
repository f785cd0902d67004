package io.delivery.jq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;
import io.delivery.record.RecordFailedException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JqKeyExtractorTest {
    @Test
    void named_values_are_taken_from_the_record() throws Exception {
        String query =
                "{customer_id: .customer_id, region: .geo.region, year: .ts|strftime(\"%Y\")}";
        String record =
                "{\"customer_id\":\"c-7\",\"geo\":{\"region\":\"eu/west\"},\"ts\":1425599621}";

        Map<String, String> keys = extract(query, record);

        assertThat(keys)
                .containsExactly(
                        entry("customer_id", "c-7"),
                        entry("region", "eu/west"),
                        entry("year", "2015"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"text\" | text",
                "\" a b \" | ' a b '",
                "true | true",
                "false | false",
                "0 | 0",
                "-7 | -7",
                "1.50 | 1.5",
                "1.0 | 1",
                "1e2 | 100",
                "0.00001 | 1e-05",
                "1e17 | 1e+17",
                "9007199254740993 | 9007199254740993",
                "9223372036854775807 | 9223372036854775807",
                "9223372036854775808 | 9223372036854775808",
                "1e999 | 1.7976931348623157e+308",
                "-1e999 | -1.7976931348623157e+308",
                "\"\\u0000\" | '\u0000'",
                "\"\\ud83d\\ude00\" | \ud83d\ude00",
                "\"\\ud83d\" | \ufffd",
                "\"a\\udc00b\" | a\ufffdb"
            })
    void a_key_is_the_text_that_jq_prints(String json, String text) throws Exception {
        assertThat(extract("{k}", "{\"k\":" + json + "}")).containsExactly(entry("k", text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"k\":null}", "{}", "{\"k\":\"\"}"})
    void a_key_that_is_null_missing_or_empty_fails_the_record(String record) {
        assertFails("{k}", record)
                .hasMessage(
                        "partitionKeys values must not be null or empty: partitionKeyFromQuery:k");
    }

    @Test
    void a_name_that_is_the_records_own_is_not_told() {
        assertFails(".", "{\"secret\":null}")
                .hasMessage("partitionKeys values must not be null or empty");
    }

    /** As in a sequence of RFC 7464. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u001e{\"k\":1}\n",
                "{\"k\":1}\u001e",
                "\u001e\u001e {\"k\":1}\u001e2",
                "true\u001e{\"k\":1}"
            })
    void a_record_separator_stands_between_values(String record) throws Exception {
        assertThat(extract("objects", record)).containsExactly(entry("k", "1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1,\u001e2]", "tru\u001ee", "{\u001e\"k\":1}", "{\"k\":\"a\u001eb\"}"})
    void a_record_separator_within_a_value_fails_the_record(String record) {
        assertFails("{k: 1}", record);
    }

    @Test
    void not_a_number_is_null() {
        assertFails("{k: nan}", "{}")
                .hasMessage(
                        "partitionKeys values must not be null or empty: partitionKeyFromQuery:k");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"k\":[]}", "{\"k\":{}}", "{\"k\":[1]}"})
    void a_key_that_is_an_array_or_an_object_fails_the_record(String record) {
        assertFails("{k}", record)
                .hasMessage("partitionKeys values must be strings, numbers or booleans");
    }

    @ParameterizedTest
    @ValueSource(strings = {".k", "[.k]", "1", "null", "\"a\""})
    void a_query_that_yields_no_object_fails_the_record(String query) {
        assertFails(query, "{\"k\":1}")
                .hasMessage("the jq query does not yield an object for this record");
    }

    @Test
    void a_query_that_yields_nothing_fails_the_record() {
        assertFails("empty", "{}").hasMessage("the jq query yields nothing for this record");
        assertFails("{k: .k[]}", "{\"k\":[]}").hasMessageContaining("yields nothing");
    }

    @Test
    void a_query_that_yields_two_values_fails_the_record() {
        assertFails("{k: (1, 2)}", "{}").hasMessageContaining("more than one value");
        assertFails("try {k: (1, 2)} catch 3", "{}").hasMessageContaining("more than one value");
    }

    @Test
    void a_record_of_several_objects_yields_several_values() {
        assertFails("{k}", "{\"k\":1}\n{\"k\":2}").hasMessageContaining("more than one value");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " \n", "{}}", "{\"k\":1", "{k:1}", "nan1", "{\"k\":0x1}", "\u0000{}"})
    void what_is_no_json_fails_the_record(String record) {
        assertFails("{k: 1}", record);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"k\":1,\"x\":tru}",
                "{\"k\":1,\"x\":[1,]}",
                "{\"k\":1,\"x\":\"\\x\"}",
                "{\"k\":1,\"x\":\"a\u0001b\"}",
                "{\"k\":1,\"x\":{\"y\":01x}}",
                "{\"k\":1}}",
                "{\"k\":1}x",
                "{\"k\":1"
            })
    void what_is_no_json_behind_the_keys_fails_the_record(String record) {
        assertFails("{k}", record).hasMessageContaining("the record is not JSON");
    }

    @Test
    void a_record_in_an_unusual_form_has_the_keys_that_its_neighbours_have() throws Exception {
        JqKeyExtractor extractor = extractor("{k: .a.k}");

        for (int i = 0; i < 100; i++) {
            for (String record :
                    new String[] {
                        "{\"a\":{\"k\":\"v\"}}",
                        "{\"a\":{\"\\u006b\":\"v\"}}",
                        "{\"a\":{\"k\":\"w\"},\"a\":{\"k\":\"v\"}}",
                        "\ufeff{\"a\":{\"k\":\"\\u0076\"}}",
                        "{\"x\":NaN,\"a\":{\"k\":\"v\"}}\u001e"
                    }) {
                assertThat(extractor.extract(record(record.getBytes(StandardCharsets.UTF_8))))
                        .containsExactly(entry("k", "v"));
            }
        }
    }

    @Test
    void the_values_of_a_record_stay_when_the_bytes_of_the_next_one_are_in_their_place()
            throws Exception {
        JqKeyExtractor extractor = extractor("{k}");
        byte[] bytes = "{\"k\":\"one\"}".getBytes(StandardCharsets.UTF_8);

        Map<String, String> first = extractor.extract(record(bytes));
        System.arraycopy("two".getBytes(StandardCharsets.UTF_8), 0, bytes, 6, 3);
        Map<String, String> second = extractor.extract(record(bytes));

        assertThat(first).containsExactly(entry("k", "one"));
        assertThat(second).containsExactly(entry("k", "two"));
    }

    @Test
    void invalid_utf8_fails_the_record() throws Exception {
        byte[] record = "{\"k\":\"?\"}".getBytes(StandardCharsets.ISO_8859_1);
        record[6] = (byte) 0xc3;

        assertThatThrownBy(() -> extractor("{k: 1}").extract(record(record)))
                .isInstanceOf(RecordFailedException.class)
                .hasMessageContaining("not JSON");
    }

    @Test
    void zeros_do_not_make_a_record_utf16() throws Exception {
        byte[] record = "{\"k\":1}".getBytes(StandardCharsets.UTF_16BE);

        assertThatThrownBy(() -> extractor("{k}").extract(record(record)))
                .isInstanceOf(RecordFailedException.class);
    }

    @Test
    void a_path_leads_through_a_place_that_is_below_another_one() throws Exception {
        String query = "{k: (.a.b as $x | .a | try path(.b | $x | .c) catch \"none\" | tostring)}";

        assertThat(extractor(query).extract(record("{\"a\":{\"b\":{\"c\":1}}}")))
                .isEqualTo(Map.of("k", "[\"b\",\"c\"]"));
    }

    @Test
    void of_duplicate_members_the_last_counts() throws Exception {
        assertThat(extract("{k}", "{\"k\":1,\"k\":2}")).containsExactly(entry("k", "2"));
    }

    @Test
    void nesting_beyond_the_limit_fails_the_record() {
        assertFails("{k: 1}", "[".repeat(10_000) + "]".repeat(10_000))
                .hasMessageContaining("nested deeper than 1000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "-nan", "-Infinity", "00501", ".5", "1.", "+1", "INF"})
    void numbers_are_read_as_jq_reads_them(String number) throws Exception {
        assertThat(extract("{k}", "{\"k\":\"v\",\"m\":" + number + "}")).containsEntry("k", "v");
    }

    @Test
    void what_begins_with_an_n_is_null_or_nothing_to_jq() {
        assertFails("{k}", "{\"k\":\"v\",\"m\":nan}").hasMessageContaining("expected a value");
    }

    @Test
    void names_texts_and_numbers_may_have_any_length() throws Exception {
        String name = "n".repeat(1_000_000);

        assertThat(extract("{k}", "{\"k\":\"v\",\"" + name + "\":1}")).containsEntry("k", "v");
        assertThat(extract("{k}", "{\"k\":\"" + name + "\"}")).containsEntry("k", name);
        assertThat(extract("{k}", "{\"k\":" + "9".repeat(1_000_000) + "}"))
                .containsEntry("k", "1.7976931348623157e+308");
        assertThat(extract("{k}", "{\"k\":" + "9".repeat(1_000) + "}"))
                .containsEntry("k", "9".repeat(1_000));
    }

    @Test
    void a_message_tells_what_is_wrong_but_nothing_of_the_record() {
        assertFails("{k: (.secret | .x)}", "{\"secret\":\"4711\"}")
                .hasMessageContaining("Cannot index")
                .hasMessageNotContaining("4711");
        assertFails("{k: (.secret | .[])}", "{\"secret\":\"4711\"}")
                .hasMessageContaining("Cannot iterate")
                .hasMessageNotContaining("4711");
        assertFails("{k: error(.secret)}", "{\"secret\":\"4711\"}").hasMessageNotContaining("4711");
        assertFails("{k: (.secret | strptime(\"%Y-%m\"))}", "{\"secret\":\"4711\"}")
                .hasMessageNotContaining("4711");
        assertFails("{k: 1}", "{\"secret\": 4711x}").hasMessageNotContaining("4711");
    }

    @Test
    void only_the_view_is_read_and_it_may_be_moved() throws Exception {
        JqKeyExtractor extractor = extractor("{k}");
        byte[] bytes = "xx{\"k\":1}{\"k\":2}".getBytes(StandardCharsets.UTF_8);
        DeliveryRecord view = new DeliveryRecord();

        assertThat(extractor.extract(view.at(bytes, 2, 7, 0))).containsEntry("k", "1");
        assertThat(extractor.extract(view.at(bytes, 9, 7, 0))).containsEntry("k", "2");
    }

    @Test
    void a_failed_record_does_not_affect_the_next_one() throws Exception {
        JqKeyExtractor extractor = extractor("if .bad then [range(1e9)] else {k: .k} end");

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> extractor.extract(record("{\"bad\":true}")))
                    .isInstanceOf(RecordFailedException.class);
            assertThat(extractor.extract(record("{\"k\":1}"))).containsEntry("k", "1");
        }
    }

    @Test
    void the_integers_of_a_record_stay_exact_in_arithmetic_until_they_overflow() throws Exception {
        String record = "{\"k\":9007199254740993,\"m\":9223372036854775807}";

        assertThat(extract("{k: (.k + 2), l: (.k * 3), m: (.m + 1)}", record))
                .containsExactly(
                        entry("k", "9007199254740995"),
                        entry("l", "27021597764222979"),
                        entry("m", "9223372036854776000"));
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertFails(
            String query, String record) {
        AbstractThrowableAssert<?, ? extends Throwable> thrown =
                assertThatThrownBy(() -> extract(query, record))
                        .isInstanceOf(RecordFailedException.class);
        thrown.asInstanceOf(type(RecordFailedException.class))
                .extracting(RecordFailedException::failure)
                .satisfies(
                        failure -> {
                            assertThat(failure.kind()).isEqualTo(Failure.Kind.PROCESSING_FAILED);
                            assertThat(failure.code())
                                    .isEqualTo("DynamicPartitioning.MetadataExtractionFailed");
                        });
        return thrown;
    }

    private static Map<String, String> extract(String query, String record) throws Exception {
        return extractor(query).extract(record(record));
    }

    private static JqKeyExtractor extractor(String query) throws JqSyntaxException {
        return new JqKeyExtractor(JqProgram.compile(query));
    }

    private static DeliveryRecord record(String text) {
        return record(text.getBytes(StandardCharsets.UTF_8));
    }

    private static DeliveryRecord record(byte[] bytes) {
        return new DeliveryRecord().at(bytes, 0, bytes.length, 0);
    }
}

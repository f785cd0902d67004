package io.delivery.jq;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.testkit.Outcomes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JqProcessorTest {
    private final List<JqLimit> limits = new ArrayList<>();

    private JqProcessor processor(String program, long steps) {
        try {
            return new JqProcessor(JqProgram.compile(program), steps, limits::add);
        } catch (JqSyntaxException wrong) {
            throw new IllegalStateException(wrong);
        }
    }

    private String outcome(String program, String record) {
        return Outcomes.of(processor(program, JqKeyExtractor.DEFAULT_STEPS), record);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\0',
            value = {
                "{b: .a, c: 1}; {\"a\" : [1, 2.50]}; {\"b\":[1,2.5],\"c\":1}",
                ".; { \"z\":1, \"a\":2 } ; {\"z\":1,\"a\":2}",
                ".a; {\"a\":\"text\"}; \"text\"",
                ".a; {\"a\":9007199254740993}; 9007199254740993",
                ".a; {}; null",
                "del(.ip); {\"ip\":\"1.2.3.4\",\"x\":\"\u00e9\ud83d\ude00\"}; {\"x\":\"\u00e9\ud83d\ude00\"}",
                ".; \"a\\u0000\\ud83d\"; \"a\\u0000\ufffd\"",
                "select(.keep); {\"keep\":true}{\"keep\":false}; {\"keep\":true}",
            })
    void a_record_becomes_the_value_that_the_program_yields(
            String program, String record, String expected) {
        assertThat(outcome(program, record)).isEqualTo(expected);
    }

    @Test
    void a_program_that_yields_nothing_drops_the_record() {
        assertThat(outcome("empty", "{}")).isEqualTo("dropped");
        assertThat(outcome("select(.level == \"error\")", "{\"level\":\"info\"}"))
                .isEqualTo("dropped");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \r\n\t"})
    void a_record_that_is_empty_or_has_only_white_space_is_dropped(String record) {
        assertThat(outcome(".", record)).isEqualTo("dropped");
        assertThat(outcome("1", record)).isEqualTo("dropped");
    }

    @Test
    void more_than_one_value_fails_the_record() {
        String severalValues =
                "Processing.JqFailed: the jq query yields more than one value for this record";

        assertThat(outcome(".[]", "[1,2]")).isEqualTo(severalValues);
        assertThat(outcome(".", "{}{}")).isEqualTo(severalValues);
        assertThat(outcome(".[]", "[1]")).isEqualTo("1");
    }

    @Test
    void a_program_that_yields_several_values_for_every_record_is_told_before_the_first()
            throws JqSyntaxException {
        assertThat(JqProgram.compile("1, 2").whyNoRecord())
                .hasValue(
                        "must yield at most one value, and yields more than one value for every"
                                + " record");
        assertThat(JqProgram.compile(".[]").whyNoRecord()).isEmpty();
        assertThat(JqProgram.compile("empty").whyNoRecord()).isEmpty();
        assertThat(JqProgram.compile("1, 2").whyNoKeys()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"confidential", "{\"a\":confidential}", "{\"a\":1} x"})
    void a_record_that_is_not_json_fails_without_a_word_of_it(String record) {
        assertThat(outcome(".", record))
                .startsWith("Processing.JqFailed: the record is ")
                .doesNotContain("confidential");
    }

    @Test
    void an_error_of_the_program_fails_the_record_without_a_word_of_it() {
        assertThat(outcome(".a.b", "{\"a\":\"confidential\"}"))
                .startsWith("Processing.JqFailed: the jq query fails on this record")
                .doesNotContain("confidential");
        assertThat(outcome("error", "\"confidential\""))
                .isEqualTo("Processing.JqFailed: the jq query raises an error on this record");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\0',
            value = {
                "tonumber; \"much\"; tonumber cannot read a string as a number",
                "tonumber; \"[1]\"; tonumber cannot read a string as a number",
                "tonumber; \"\"; tonumber cannot read a string as a number",
                "tonumber; \"1 2\"; tonumber cannot read a string as a number",
                "tonumber; [1]; array cannot be parsed as a number",
                "fromjson; \"much\"; fromjson cannot read a string as JSON: Invalid JSON at byte 0",
            })
    void a_text_that_cannot_be_read_is_told_with_the_function(
            String program, String record, String message) {
        assertThat(outcome(program, record))
                .isEqualTo("Processing.JqFailed: the jq query fails on this record: " + message);
    }

    @Test
    void an_endless_program_fails_its_record_and_the_next_one_is_read() {
        JqProcessor processor = processor("if . then last(repeat(1)) else 2 end", 10_000);

        assertThat(Outcomes.of(processor, "true"))
                .isEqualTo(
                        "Processing.JqFailed: the jq query takes more than 10000 steps on this"
                                + " record");
        assertThat(Outcomes.of(processor, "false")).isEqualTo("2");
        assertThat(limits).containsExactly(JqLimit.RECORD);
    }

    @Test
    void many_records_that_need_much_are_limited_together() {
        JqProcessor processor = processor("[range(100000)] | length", 200_000);
        List<String> outcomes = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            outcomes.add(Outcomes.of(processor, "1"));
        }

        assertThat(outcomes.get(0)).isEqualTo("100000");
        assertThat(outcomes.get(59)).contains("the records before have used up");
        assertThat(limits).contains(JqLimit.STREAM).doesNotContain(JqLimit.RECORD);
    }

    @Test
    void a_result_that_is_too_large_fails_the_record() {
        assertThat(outcome("[range(300000) | \"abcdefghijklmnopqrst\"]", "1"))
                .startsWith("Processing.JqFailed: the jq query ");
        assertThat(limits).containsExactly(JqLimit.RECORD);
    }
}

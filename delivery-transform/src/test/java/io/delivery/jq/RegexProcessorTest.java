package io.delivery.jq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.testkit.Outcomes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegexProcessorTest {
    private final List<JqLimit> limits = new ArrayList<>();

    private RegexProcessor processor(String pattern, long steps) {
        return new RegexProcessor(RecordPattern.compile(pattern), steps, limits::add);
    }

    private String outcome(String pattern, String record) {
        return Outcomes.of(processor(pattern, JqKeyExtractor.DEFAULT_STEPS), record);
    }

    @Test
    void a_record_without_bytes_is_dropped_whatever_the_pattern() {
        assertThat(outcome("(?<a>x)", "")).isEqualTo("dropped");
        assertThat(outcome("(?<a>x)?", "")).isEqualTo("dropped");
        assertThat(outcome("(?<a>x)?", " ")).isEqualTo("{\"a\":null}");
    }

    @Test
    void a_line_of_a_web_server_becomes_json() {
        String pattern =
                "^(?<ip>\\S+) \\S+ (?<user>\\S+) \\[(?<time>[^\\]]+)\\] \"(?<request>[^\"]*)\""
                        + " (?<status>\\d{3}) (?<bytes>\\d+|-)$";

        assertThat(
                        outcome(
                                pattern,
                                "127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] \"GET /a.gif"
                                        + " HTTP/1.0\" 200 2326"))
                .isEqualTo(
                        "{\"ip\":\"127.0.0.1\",\"user\":\"frank\","
                                + "\"time\":\"10/Oct/2000:13:55:36 -0700\","
                                + "\"request\":\"GET /a.gif HTTP/1.0\",\"status\":\"200\","
                                + "\"bytes\":\"2326\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\0',
            value = {
                "(?<a>b+); xbbxb; {\"a\":\"bb\"}", // the first match, anywhere
                "(?<a>x)|(?<b>y); y; {\"a\":null,\"b\":\"y\"}",
                "(?<a>x)|(?<a>y); y; {\"a\":\"y\"}",
                "(?<z>.)(?<a>.)(.); 123; {\"z\":\"1\",\"a\":\"2\"}",
                "(?<a>x?)y; y; {\"a\":\"\"}",
                "(?<a>.+); a\"b\\c; {\"a\":\"a\\\"b\\\\c\"}",
                "(?<a>.); \ud83d\ude00; {\"a\":\"\ud83d\ude00\"}",
                "(?i)(?<a>[a-z]+); ABC; {\"a\":\"ABC\"}",
                "(?<a>\\w+)(?=:); k:v; {\"a\":\"k\"}",
            })
    void a_record_becomes_the_named_groups_of_the_first_match(
            String pattern, String record, String expected) {
        assertThat(outcome(pattern, record)).isEqualTo(expected);
    }

    @Test
    void line_breaks_are_characters_that_only_some_patterns_pass() {
        assertThat(outcome("^(?<a>[^\\n]*)$", "one\n")).isEqualTo("{\"a\":\"one\"}");
        assertThat(outcome("(?s)^(?<a>.*)$", "one\ntwo")).isEqualTo("{\"a\":\"one\\ntwo\"}");
    }

    @Test
    void a_record_without_a_match_fails_without_a_word_of_it() {
        assertThat(outcome("^(?<a>[0-9]+)$", "confidential"))
                .isEqualTo(
                        "Processing.RegexFailed: the regular expression does not match the record");
        assertThat(outcome("(?<a>x)", "\n"))
                .isEqualTo(
                        "Processing.RegexFailed: the regular expression does not match the record");
    }

    @Test
    void a_record_that_is_not_in_utf8_fails() {
        byte[] latin1 = "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(Outcomes.of(processor("(?<a>.*)", 1000), latin1))
                .isEqualTo("Processing.RegexFailed: the record is not in UTF-8");
    }

    @Test
    @Timeout(20)
    void a_pattern_that_goes_back_without_end_fails_its_record_and_the_next_one_is_read() {
        RegexProcessor processor = processor("^(?<a>(a+)+)+$", JqKeyExtractor.DEFAULT_STEPS);

        assertThat(Outcomes.of(processor, "a".repeat(50_000) + "b"))
                .startsWith(
                        "Processing.RegexFailed: the regular expression takes more than 1000000"
                                + " steps on this record");
        assertThat(Outcomes.of(processor, "aa")).isEqualTo("{\"a\":\"aa\"}");
        assertThat(limits).containsExactly(JqLimit.RECORD);
    }

    @Test
    @Timeout(60)
    void many_such_records_are_limited_together() {
        RegexProcessor processor = processor("^(?<a>(a+)+)+$", 100_000);
        String outcome = "";
        for (int i = 0; i < 40; i++) {
            outcome = Outcomes.of(processor, "a".repeat(30) + "b");
        }

        assertThat(outcome).contains("the records before have used up");
        assertThat(limits).contains(JqLimit.STREAM);
        assertThat(Outcomes.of(processor, "aa")).isEqualTo("{\"a\":\"aa\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\0',
            value = {
                "(?<a>x; must be a regular expression: end pattern with unmatched parenthesis",
                "x; must have a group with a name, such as (?<status>[0-9]+)",
                "(x); must have a group with a name, such as (?<status>[0-9]+)",
            })
    void a_pattern_that_is_none_or_has_no_name_is_refused(String pattern, String message) {
        assertThatThrownBy(() -> RecordPattern.compile(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}

package io.delivery.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.ProcessorSettings;
import io.delivery.config.Secret;
import io.delivery.testkit.Outcomes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactProcessorTest {
    private static final String FAILED = "Processing.RedactFailed: ";

    private static String masked(String record, String... paths) {
        return Outcomes.of(
                new RedactProcessor(
                        new ProcessorSettings.Redact(List.of(), List.of(paths), Optional.empty())),
                record);
    }

    private static String hashed(Optional<String> key, String record, String... paths) {
        return Outcomes.of(
                new RedactProcessor(
                        new ProcessorSettings.Redact(
                                List.of(paths), List.of(), key.map(Secret::new))),
                record);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\0',
            value = {
                ".a; {\"a\":1,\"b\":2}; {\"a\":\"***\",\"b\":2}",
                ".a.b; {\"a\":{\"b\":\"x\",\"c\":1},\"b\":\"x\"}; {\"a\":{\"b\":\"***\",\"c\":1},\"b\":\"x\"}",
                ".a[]; {\"a\":[1,\"x\",null,[2],{}]}; {\"a\":[\"***\",\"***\",\"***\",\"***\",\"***\"]}",
                ".a[]; {\"a\":{\"b\":1,\"c\":2}}; {\"a\":{\"b\":\"***\",\"c\":\"***\"}}",
                ".a[].b; {\"a\":[{\"b\":1},{\"c\":1},{\"b\":{}}]}; {\"a\":[{\"b\":\"***\"},{\"c\":1},{\"b\":\"***\"}]}",
                ".[].b; [{\"b\":true},{\"b\":false}]; [{\"b\":\"***\"},{\"b\":\"***\"}]",
                ".[\"x y\"]; {\"x y\":1}; {\"x y\":\"***\"}",
                ".email; {\"em\\u0061il\":\"x\"}; {\"em\\u0061il\":\"***\"}",
                ".a; {\"a\":1,\"b\":0,\"a\":2}; {\"a\":\"***\",\"b\":0,\"a\":\"***\"}",
                ".a; {\"a\":{\"deep\":[{\"x\":\"}\"}]},\"b\":1}; {\"a\":\"***\",\"b\":1}",
            })
    void a_value_that_a_path_leads_to_is_masked(String path, String record, String expected) {
        assertThat(masked(record, path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "[{\"a\":1}]",
                "\"a\"",
                "17",
                "null",
                "{\"b\":{\"a\":1}}",
                " { \"x\" : 1.00e+05 , \"y\":-0 , \"z\" : \"\\u00e9\\/\" }\r\n",
                "{\"x\":123456789012345678901234567890.123456789}"
            })
    void a_path_that_leads_nowhere_changes_no_byte(String record) {
        assertThat(masked(record, ".a", ".b.c", ".b[].c.d")).isEqualTo(record);
    }

    @Test
    void everything_else_stays_byte_for_byte() {
        assertThat(
                        masked(
                                "\ufeff\t{ \"n\" : 1.50 ,\n \"a\" :  [ 1 , 2 ]  , \"t\":\"\\u0041\\/\u20ac\" } \n",
                                ".a"))
                .isEqualTo(
                        "\ufeff\t{ \"n\" : 1.50 ,\n \"a\" :  \"***\"  , \"t\":\"\\u0041\\/\u20ac\" } \n");
    }

    @Test
    void each_json_value_of_a_record_is_redacted() {
        assertThat(masked("{\"a\":1}\n{\"a\":2}\n", ".a"))
                .isEqualTo("{\"a\":\"***\"}\n{\"a\":\"***\"}\n");
    }

    @Test
    void the_outer_value_counts_and_of_hash_and_mask_the_mask() {
        assertThat(masked("{\"a\":{\"b\":1,\"c\":2}}", ".a.b", ".a")).isEqualTo("{\"a\":\"***\"}");
        assertThat(masked("{\"a\":{\"b\":{\"x\":1},\"c\":2}}", ".a[].x", ".a.b"))
                .isEqualTo("{\"a\":{\"b\":\"***\",\"c\":2}}");
        RedactProcessor both =
                new RedactProcessor(
                        new ProcessorSettings.Redact(
                                List.of(".a[]"), List.of(".a.b"), Optional.empty()));
        assertThat(Outcomes.of(both, "{\"a\":{\"b\":\"x\"}}")).isEqualTo("{\"a\":{\"b\":\"***\"}}");
    }

    @Test
    void a_string_is_hashed_as_text_and_any_other_value_as_it_is_written() {
        // printf abc | sha256sum, printf 1.50 | sha256sum, printf '[1, 2]' | sha256sum
        assertThat(
                        hashed(
                                Optional.empty(),
                                "{\"a\":\"\\u0061bc\",\"b\":1.50,\"c\":[1, 2]}",
                                ".a",
                                ".b",
                                ".c"))
                .isEqualTo(
                        "{\"a\":\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\","
                                + "\"b\":\"1a60b208ff491c3e2d21cdd5abb003e51e97b072efec59098863da45021de6a9\","
                                + "\"c\":\"3a316d6d3226f84c1e46e4447fa8d5fd800bff4a1bc6498152523cd4a602b69b\"}");
    }

    @Test
    void with_a_key_the_hash_is_an_hmac() {
        // RFC 4231, test case 2
        assertThat(hashed(Optional.of("Jefe"), "{\"a\":\"what do ya want for nothing?\"}", ".a"))
                .isEqualTo(
                        "{\"a\":\"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\0',
            value = {
                "'confidential'; the record is not JSON, at byte 1",
                "'{\"a\":confidential}'; the record is not JSON, at byte 6",
                "'{\"a\":1'; the record is not JSON, at byte 7",
                "'{\"a\":1} x'; the record is not JSON, at byte 9",
                "'{\"a\":01}'; the record is not JSON, at byte 7",
                "'{\"a\":NaN}'; the record is not JSON, at byte 9",
            })
    void a_record_that_is_not_json_fails_without_a_word_of_it(String quoted, String message) {
        String record = quoted.substring(1, quoted.length() - 1);

        assertThat(masked(record, ".a")).isEqualTo(FAILED + message).doesNotContain("confidential");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\r\n\t "})
    void a_record_that_is_empty_or_has_only_white_space_passes_as_it_is(String record) {
        assertThat(masked(record, ".a")).isEqualTo(record);
    }

    @Test
    void a_record_in_another_encoding_or_no_utf8_fails() {
        RedactProcessor processor =
                new RedactProcessor(
                        new ProcessorSettings.Redact(List.of(), List.of(".a"), Optional.empty()));
        String record = "{\"a\":\"\u00e9\",\"b\":1}";

        assertThat(Outcomes.of(processor, record.getBytes(StandardCharsets.UTF_16)))
                .isEqualTo(FAILED + "the record is not JSON in UTF-8");
        assertThat(Outcomes.of(processor, record.getBytes(StandardCharsets.UTF_16BE)))
                .isEqualTo(FAILED + "the record is not JSON in UTF-8");
        assertThat(Outcomes.of(processor, record.getBytes(StandardCharsets.ISO_8859_1)))
                .startsWith(FAILED + "the record is not JSON");
    }

    @Test
    void nesting_has_a_limit_and_length_has_none() {
        String deep = "{\"b\":".repeat(2000) + "1" + "}".repeat(2000);

        assertThat(masked(deep, ".a")).isEqualTo(FAILED + "the record is nested deeper than 1000");
        String longest = "{\"a\":\"" + "x".repeat(900_000) + "\",\"b\":" + "1".repeat(90_000) + "}";
        assertThat(masked(longest, ".a")).startsWith("{\"a\":\"***\",\"b\":11").hasSize(90_016);
    }

    /** A text of JSON, and the same when {@code .a} and {@code .b[].c} are masked. */
    record Pair(String before, String after) {
        static Pair same(String text) {
            return new Pair(text, text);
        }
    }

    @Property(tries = 500)
    void only_what_paths_lead_to_changes(@ForAll("documents") Pair document) {
        assertThat(masked(document.before(), ".a", ".b[].c")).isEqualTo(document.after());
    }

    @Provide
    Arbitrary<Pair> documents() {
        Arbitrary<String> space = Arbitraries.strings().withChars(" \n\t\r").ofMaxLength(2);
        Arbitrary<String> value =
                Arbitraries.of(
                        "1",
                        "-0.50e+2",
                        "null",
                        "true",
                        "\"\\\"}\"",
                        "\"\u00e9\ud83d\ude00\\u00e9\"",
                        "\"\"",
                        "[1 ,\"]\"]",
                        "{\"a\":{\"c\" : 2}}",
                        "{}",
                        "[]");
        Arbitrary<Pair> a =
                Combinators.combine(value, space)
                        .as((v, s) -> new Pair("\"a\":" + s + v + s, "\"a\":" + s + "\"***\"" + s));
        Arbitrary<Pair> other =
                Combinators.combine(value, space)
                        .as((v, s) -> Pair.same("\"x\"" + s + ":" + s + v));
        Arbitrary<Pair> element =
                Combinators.combine(value, space, Arbitraries.of(true, false))
                        .as(
                                (v, s, isObject) ->
                                        isObject
                                                ? new Pair(
                                                        s + "{\"c\":" + v + s + "}",
                                                        s + "{\"c\":\"***\"" + s + "}")
                                                : Pair.same("7" + s));
        Arbitrary<Pair> b =
                element.list().ofMaxSize(4).map(elements -> joined("\"b\":[", elements, "]"));
        Arbitrary<Pair> member = Arbitraries.oneOf(a, other, b);
        return Combinators.combine(member.list().ofMaxSize(6), space)
                .as(
                        (members, s) -> {
                            Pair object = joined("{", members, "}");
                            return new Pair(s + object.before() + s, s + object.after() + s);
                        });
    }

    private static Pair joined(String begin, List<Pair> pairs, String end) {
        return new Pair(
                begin + String.join(",", pairs.stream().map(Pair::before).toList()) + end,
                begin + String.join(",", pairs.stream().map(Pair::after).toList()) + end);
    }
}

package io.delivery.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.ProcessorSettings.Csv;
import io.delivery.config.ProcessorSettings.Jq;
import io.delivery.config.ProcessorSettings.Redact;
import io.delivery.config.ProcessorSettings.Regex;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProcessorSettingsTest {
    private static List<String> problems(ProcessorSettings settings) {
        ConfigProblems problems = new ConfigProblems();
        settings.validate("p", problems);
        return problems.all().stream().map(ConfigProblems.Problem::toString).toList();
    }

    @Test
    void settings_that_are_right_have_no_problems() {
        assertThat(problems(new Jq(".a"))).isEmpty();
        assertThat(problems(new Csv(List.of(), ',', '"'))).isEmpty();
        assertThat(problems(new Csv(List.of("a", "", "b"), '\t', '\''))).isEmpty();
        assertThat(problems(new Regex("(?<a>.)"))).isEmpty();
        assertThat(problems(new Redact(List.of(".a"), List.of(".b[]"), Optional.empty())))
                .isEmpty();
        assertThat(problems(new Redact(List.of(".a"), List.of(), Optional.of(new Secret("k")))))
                .isEmpty();
    }

    @Test
    void a_program_or_pattern_without_characters_is_refused() {
        assertThat(problems(new Jq(" "))).containsExactly("p.jq: must not be empty");
        assertThat(problems(new Regex(""))).containsExactly("p.regex: must not be empty");
    }

    @Test
    void columns_have_different_names() {
        assertThat(problems(new Csv(List.of("a", "b", "a"), ',', '"')))
                .containsExactly("p.csv.columns[2]: must be there once, a is there twice");
    }

    @Test
    void delimiter_and_quote_are_different_characters_that_end_no_row() {
        assertThat(problems(new Csv(List.of(), '"', '"')))
                .containsExactly("p.csv.quote: must differ from the delimiter, was \"");
        assertThat(problems(new Csv(List.of(), '\n', '\r')))
                .containsExactly(
                        "p.csv.delimiter: must not be a line break, which ends a row",
                        "p.csv.quote: must not be a line break, which ends a row");
        assertThat(problems(new Csv(List.of(), '\ud83d', '"')))
                .containsExactly("p.csv.delimiter: must be a character up to U+FFFF");
    }

    @Test
    void something_is_redacted_once_by_paths_that_are_paths() {
        assertThat(problems(new Redact(List.of(), List.of(), Optional.empty())))
                .containsExactly("p.redact: must have hash, mask or both");
        assertThat(
                        problems(
                                new Redact(
                                        List.of(".a", "b"),
                                        List.of(".[\"a\"]"),
                                        Optional.of(new Secret("")))))
                .containsExactly(
                        "p.redact.hash[1]: must be a path such as .user.email or .items[].price:"
                                + " expected a dot at character 1, was b",
                        "p.redact.mask[0]: must be there once, was at p.redact.hash[0] before",
                        "p.redact.key: must not be empty");
        assertThat(problems(new Redact(List.of(), List.of(".a"), Optional.of(new Secret("k")))))
                .containsExactly("p.redact.key: must be left out: nothing is hashed");
    }
}

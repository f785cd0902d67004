package io.delivery.suggest;

import static io.delivery.suggest.Suggestions.HIVE;
import static io.delivery.suggest.Suggestions.OPENX;
import static io.delivery.suggest.Suggestions.records;
import static io.delivery.suggest.Suggestions.table;
import static io.delivery.suggest.Suggestions.types;
import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.JsonSerDe;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearMissesTest {
    private static final String TIMESTAMP = "\"2026-01-31T10:20:30Z\"";

    private static List<String> notes(JsonSerDe serde, List<String> values) {
        SuggestedTable suggested =
                table(
                        serde,
                        SuggestOptions.DEFAULTS,
                        List.of(records(values.toArray(new String[0]))));
        assertThat(types(suggested)).containsEntry("c", "string");
        return suggested.notes();
    }

    /** So many times the one value, and then the others. */
    private static List<String> values(int times, String value, String... others) {
        List<String> values = new ArrayList<>(Collections.nCopies(times, value));
        values.addAll(List.of(others));
        return values;
    }

    @Test
    void a_few_texts_among_timestamps_are_counted_and_the_first_is_shown_with_its_place() {
        assertThat(notes(OPENX, values(998, TIMESTAMP, "\"n/a\"", "\"\"")))
                .containsExactly(
                        "c: 998 of 1,000 values are timestamps; 2 are not, the first is \"n/a\" in"
                                + " line 999");
    }

    @Test
    void a_few_texts_among_dates_are_told_as_dates() {
        assertThat(notes(OPENX, values(9, "\"2026-1-31\"", "\"soon\"")))
                .containsExactly(
                        "c: 9 of 10 values are dates; 1 is not, the first is \"soon\" in line 10");
    }

    @Test
    void a_long_text_may_be_a_secret_and_is_cut() {
        String secret = "\"AKIAIOSFODNN7EXAMPLE\"";

        assertThat(notes(OPENX, values(20, TIMESTAMP, secret)))
                .containsExactly(
                        "c: 20 of 21 values are timestamps; 1 is not, the first is \"AKIA…\" (20"
                                + " characters) in line 21");
        assertThat(notes(OPENX, values(20, "7", "\"" + "x".repeat(100_000) + "\"")))
                .containsExactly(
                        "c: 20 of 21 values are numbers; 1 is not, the first is \"xxxx…\" (100,000"
                                + " characters) in line 21");
    }

    @Test
    void what_steers_a_terminal_is_not_shown() {
        assertThat(notes(OPENX, values(20, TIMESTAMP, "\"\\u001b[2J\"")).get(0))
                .contains("the first is \"\\u001b[2J\" in line 21");
    }

    @Test
    void numbers_in_texts_are_told_with_what_the_deserializer_makes_of_them() {
        assertThat(notes(OPENX, values(3, "\"12\"", "\"-0.5\"", "4")))
                .containsExactly(
                        "c: 5 of 5 values are numbers, 4 of them in texts; a column of numbers"
                                + " would read them, too");
        assertThat(notes(HIVE, values(3, "\"12\"")))
                .containsExactly(
                        "c: 3 of 3 values are numbers, 3 of them in texts; serde hive reads no"
                                + " number in a text");
    }

    /** A number would lose something of it. */
    @ParameterizedTest
    @CsvSource({
        "01234",
        "+1",
        "1e3",
        "1.",
        ".5",
        "' 1'",
        "12345678901234567890",
        "1.23456789012345678"
    })
    void a_text_of_which_a_number_would_lose_something_is_none(String text) {
        assertThat(notes(OPENX, values(20, "\"" + text + "\""))).isEmpty();
    }

    @Test
    void a_column_of_many_kinds_of_texts_has_no_note() {
        assertThat(notes(OPENX, values(8, TIMESTAMP, "\"a\"", "\"b\""))).isEmpty();
        assertThat(notes(OPENX, values(2, "\"a\"", "\"b\"", "null"))).isEmpty();
    }

    @Test
    void notes_are_of_parts_too_and_bounded_in_number() {
        assertThat(notes(OPENX, List.of("\"1\"", "\"2\""))).hasSize(1);
        StringBuilder record = new StringBuilder("{");
        for (int i = 0; i < 700; i++) {
            record.append("\"k").append(i).append("\":{\"a\":[\"1\"]},");
        }
        SuggestedTable many = table(OPENX, record + "\"end\":1}");

        assertThat(many.notes()).hasSize(500);
        assertThat(many.notes().get(0)).startsWith("k0.a[]: 1 of 1 values are numbers");
    }

    @Test
    void a_note_quotes_samples_and_is_no_comment_of_the_table() {
        SuggestedTable suggested =
                table(
                        OPENX,
                        SuggestOptions.DEFAULTS,
                        List.of(records(values(20, TIMESTAMP, "\"n/a\"").toArray(new String[0]))));

        assertThat(suggested.schema().columns().get(0).comment()).isEmpty();
    }
}

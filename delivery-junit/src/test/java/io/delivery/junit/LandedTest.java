package io.delivery.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LandedTest {
    private static String failure(Runnable assertion) {
        return catchThrowableOfType(AssertionError.class, assertion::run).getMessage();
    }

    @Test
    void lines_are_compared_in_any_order_and_each_as_often_as_it_is_there() {
        Landed landed = new WhatLanded().text("a\nb\n").text("a\n").landed();

        assertThat(landed.assertLines("b", "a", "a")).isSameAs(landed);
        assertThat(failure(() -> landed.assertLines("a", "b"))).contains("expected: <[a, b]>");
        assertThat(failure(() -> landed.assertLines("a", "b", "b")))
                .contains("but was: <[a, a, b]>");
        assertThat(failure(() -> landed.assertLines("a", "a", "b", "c"))).contains("[a, a, b, c]");
    }

    @Test
    void a_failure_says_what_landed_instead() {
        Landed landed =
                new WhatLanded()
                        .text("one\ntwo\n")
                        .error("Lambda.FunctionError", "it failed", "three\u0007")
                        .trouble("the bucket refuses")
                        .landed();

        String said = failure(() -> landed.assertLines("one"));

        assertThat(said)
                .startsWith("lines of orders: 0 missing, 1 not expected\n  not expected: two\n")
                .contains(
                        "Of 3 records that were put into orders, 2 are in the destination, 1 in the error output, and 0 were dropped:",
                        "  destination: lake/orders-1, 2 records, 3 bytes\n    one\n    two\n",
                        "  error output: Lambda.FunctionError: it failed, record: three.\n",
                        "  trouble: the bucket refuses\n",
                        "(the log)",
                        "expected: <[one]> but was: <[one, two]>");
    }

    @Test
    void a_failure_of_lines_says_which_are_missing_and_which_nobody_expected() {
        Landed landed = new WhatLanded().text("a\nb\nb\n").landed();

        assertThat(failure(() -> landed.assertLines("a", "a", "c")))
                .startsWith(
                        """
                        lines of orders: 2 missing, 2 not expected
                          missing: a
                          missing: c
                          not expected: b
                          not expected: b
                        """);
    }

    @Test
    void a_failure_about_much_stays_short() {
        Landed landed = new WhatLanded().text("line\n".repeat(100_000)).landed();
        String[] expected = Collections.nCopies(90_000, "line").toArray(String[]::new);

        assertThat(failure(() -> landed.assertLines(expected)))
                .startsWith("lines of orders: 0 missing, 10000 not expected\n")
                .contains("… and 9990 more not expected")
                .hasSizeLessThan(4000);
    }

    @Test
    void bytes_that_are_no_UTF8_are_shown_as_digits() {
        byte[] bytes = {0, (byte) 0xff, 'a'};
        Landed landed = new WhatLanded().content(bytes).error("E", "why", bytes).landed();

        assertThat(landed.describe())
                .contains("    00ff61 (3 bytes that are no UTF-8)\n")
                .contains("error output: E: why, record: 00ff61 (3 bytes that are no UTF-8)\n");
        assertThat(landed.objects().get(0).content()).isEqualTo(bytes);
        assertThat(new WhatLanded().content(new byte[5000]).landed().describe())
                .contains("....")
                .hasSizeLessThan(1000);
    }

    @Test
    void a_row_that_is_not_there_is_told_with_the_one_that_is_most_like_it() {
        Map<String, Object> row = new HashMap<>();
        row.put("id", 7L);
        row.put("day", LocalDate.of(2026, 11, 30));
        row.put("note", null);
        Landed landed = new WhatLanded().rows(List.of(Map.of("id", 1L), row)).landed();

        assertThat(failure(() -> landed.assertRow(Map.of("id", 7, "day", "2026-11-30"))))
                .startsWith(
                        """
                        a row of orders
                        the row that is most like it differs in
                          day: expected 2026-11-30 (String), and it is 2026-11-30 (LocalDate)
                        Of 2 records""");
        assertThat(failure(() -> landed.assertRow(Map.of("id", 7, "note", "x"))))
                .contains("  note: expected x (String), and it is null\n");
        assertThat(failure(() -> landed.assertRow(Map.of("ID", 7))))
                .contains("  ID: there is no such column, there are [id]\n");
        assertThat(failure(() -> new WhatLanded().landed().assertRow(Map.of("id", 7))))
                .startsWith("a row of orders\nOf 0 records");
    }

    @Test
    void keys_of_maps_are_compared_by_their_values_too() {
        Landed landed =
                new WhatLanded().rows(List.of(Map.of("sums", Map.of(1L, 2L, 3L, 4L)))).landed();

        landed.assertRow(Map.of("sums", Map.of(3, 4, 1, 2)));
        assertThat(failure(() -> landed.assertRow(Map.of("sums", Map.of(3, 4, 1, 3)))))
                .contains("(Map)");
    }

    @Test
    void a_description_stays_short() {
        WhatLanded much = new WhatLanded().text("line\n".repeat(1000)).text("x".repeat(5000));
        for (int i = 0; i < 50; i++) {
            much.text("small\n").error("E", "m", "r");
        }

        String description = much.landed().describe();

        assertThat(description.lines().count()).isLessThan(60);
        assertThat(description)
                .contains(
                        "… and 990 more of them",
                        "… (5000 characters)",
                        "… and 42 more objects of destination",
                        "… and 40 more records of the error output");
    }

    @Test
    void a_row_is_found_by_some_of_its_columns_and_numbers_by_their_values() {
        Map<String, Object> row = new HashMap<>();
        row.put("id", 7L);
        row.put("price", new BigDecimal("1.50"));
        row.put("note", null);
        row.put("tags", List.of(1L, Map.of("k", 2.0)));
        Landed landed = new WhatLanded().rows(List.of(Map.of("id", 1L), row)).landed();

        landed.assertRow(Map.of("id", 7, "price", 1.5));
        landed.assertRow(Map.of("tags", List.of(1, Map.of("k", 2))));
        Map<String, Object> noNote = new HashMap<>();
        noNote.put("note", null);
        landed.assertRow(noNote);
        assertThat(failure(() -> landed.assertRow(Map.of("id", 7, "price", 2))))
                .contains("a row of orders", "expected: <{", "but was: <[{id=1}");
        assertThat(failure(() -> landed.assertRow(Map.of("unknown", 1)))).contains("unknown");
        assertThat(failure(() -> landed.assertRow(Map.of("tags", List.of(1))))).contains("tags");
    }

    @Test
    void errors_are_found_by_their_codes() {
        Landed good = new WhatLanded().text("one\n").landed();
        Landed bad = new WhatLanded().error("E.One", "why", "raw").landed();

        good.assertNoErrors().assertRecords(1);
        bad.assertError("E.One").assertRecords(0);
        assertThat(bad.errors().get(0).rawText()).isEqualTo("raw");
        assertThat(failure(() -> bad.assertNoErrors())).contains("E.One: why, record: raw");
        assertThat(failure(() -> bad.assertError("E.Two"))).contains("E.One: why");
        assertThat(failure(() -> good.assertError("E.Two"))).contains("destination: lake/orders-1");
        assertThat(failure(() -> good.assertRecords(2))).contains("expected: <2> but was: <1>");
    }

    @Test
    void what_cannot_be_read_as_asked_for_says_what_it_is() {
        Landed rows = new WhatLanded().rows(List.of(Map.of("id", 1L))).landed();
        Landed text = new WhatLanded().text("no JSON").landed();

        assertThatThrownBy(rows::lines)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("lake/orders-1 is Parquet and no text: rows() reads it")
                .hasMessageContaining("    {id=1}");
        assertThatThrownBy(text::rows)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(
                        "lake/orders-1 has something else in it than objects of JSON: no JSON");
    }

    @Test
    void a_system_that_the_service_does_not_run_on_is_told_by_its_name() {
        assertThatThrownBy(() -> Children.requireSystem("Windows 11"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "it needs Linux or macOS, and this is Windows 11: tests that need it run in WSL");
        Children.requireSystem("Linux");
        Children.requireSystem("Mac OS X");
    }

    @Test
    void names_that_would_be_something_else_in_JSON_are_refused() {
        assertThatThrownBy(() -> StreamRequest.of("a\"b", "bucket"))
                .hasMessage(
                        "the name of a stream has letters, digits, '.', '_' and '-', was 'a\"b'");
        assertThatThrownBy(() -> StreamRequest.of("a", ""))
                .hasMessageStartingWith("the name of a bucket");
        assertThat(StreamRequest.of("a", "b")).contains("\"a\"", "\"arn:aws:s3:::b\"");
    }
}

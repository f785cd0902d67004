package io.delivery.suggest;

import static io.delivery.suggest.Suggestions.HIVE;
import static io.delivery.suggest.Suggestions.OPENX;
import static io.delivery.suggest.Suggestions.records;
import static io.delivery.suggest.Suggestions.table;
import static io.delivery.suggest.Suggestions.typeOf;
import static io.delivery.suggest.Suggestions.types;
import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.JsonSerDe;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestedTypesTest {
    @Test
    void whole_numbers_are_never_narrower_than_int() {
        assertThat(typeOf(OPENX, "1", "-0", "127")).isEqualTo("int");
        assertThat(typeOf(OPENX, "-2147483648", "2147483647")).isEqualTo("int");
        assertThat(typeOf(OPENX, "1", "2147483648")).isEqualTo("bigint");
        assertThat(typeOf(OPENX, "9223372036854775807", "-9223372036854775808"))
                .isEqualTo("bigint");
    }

    @Test
    void whole_numbers_beyond_64_bits_are_decimals_as_long_as_they_have_38_digits() {
        assertThat(typeOf(OPENX, "1", "9223372036854775808")).isEqualTo("decimal(38,0)");
        assertThat(typeOf(OPENX, "-" + "9".repeat(38))).isEqualTo("decimal(38,0)");
        assertThat(typeOf(OPENX, "1", "9".repeat(39))).isEqualTo("string");
    }

    @Test
    void fractions_are_doubles_unless_a_whole_number_would_lose_digits() {
        assertThat(typeOf(OPENX, "1", "1.5")).isEqualTo("double");
        assertThat(typeOf(OPENX, "1e3", "1.0")).isEqualTo("double");
        assertThat(typeOf(OPENX, "9007199254740992", "1.5")).isEqualTo("double");
        assertThat(typeOf(OPENX, "9007199254740993", "1.25")).isEqualTo("decimal(38,2)");
        assertThat(typeOf(OPENX, "9007199254740993", "1e-30")).isEqualTo("string");
    }

    @Test
    void numbers_that_a_double_makes_infinite_or_zero_keep_their_digits() {
        assertThat(typeOf(OPENX, "1e400")).isEqualTo("string");
        assertThat(typeOf(OPENX, "1e-400")).isEqualTo("string");
        assertThat(typeOf(OPENX, "0e-400", "0e99999")).isEqualTo("double");
    }

    @Test
    void fractions_become_decimals_on_demand_where_all_digits_fit() {
        SuggestOptions decimals = new SuggestOptions(true, 50, 1000);

        assertThat(types(table(OPENX, decimals, List.of(records("1.25", "-100", "3.5")))))
                .containsEntry("c", "decimal(38,2)");
        assertThat(types(table(OPENX, decimals, List.of(records("1e-30", "1e30")))))
                .containsEntry("c", "double");
    }

    @Test
    void a_decimal_says_how_many_digits_it_leaves_on_each_side_of_the_point() {
        SuggestOptions decimals = new SuggestOptions(true, 50, 1000);
        SuggestedTable suggested =
                table(OPENX, decimals, List.of(records("1.25", "-100", "3.505")));

        assertThat(suggested.schema().columns().get(0).comment())
                .isEqualTo(
                        "decimal(38,3): 35 digits before the point, and 3 behind it, as many as the"
                                + " samples have; of more behind it the last are rounded");
    }

    @Test
    void a_number_of_which_a_double_loses_digits_is_told() {
        assertThat(commentOf("12345678901234.123456789", "0.1", "1234567890.12345678901"))
                .isEqualTo(
                        "2 numbers have more digits than a double keeps; --decimals makes it a"
                                + " decimal");
        assertThat(commentOf("[0.1234567890123456789]"))
                .isEqualTo(
                        "[]: 1 numbers have more digits than a double keeps; --decimals makes it a"
                                + " decimal");
        assertThat(commentOf("1.2345678901234567890123456789e-20"))
                .isEqualTo("1 numbers have more digits than a double keeps");
        assertThat(commentOf("1.23456789e-320"))
                .isEqualTo("1 numbers have more digits than a double keeps");
    }

    @Test
    void a_number_that_a_double_gives_back_digit_by_digit_is_no_news() {
        assertThat(
                        commentOf(
                                "0.30000000000000004",
                                "1.7976931348623157e308",
                                "0.1",
                                "123456789012.345",
                                "2.50000000000000000000000",
                                "0.0000000000000000000000",
                                "4e22"))
                .isEmpty();
    }

    private static String commentOf(String... values) {
        return table(OPENX, records(values)).schema().columns().get(0).comment();
    }

    @Test
    void texts_are_timestamps_only_when_a_file_keeps_every_one_of_them_whole() {
        assertThat(typeOf(OPENX, "\"2026-03-01T10:20:30Z\"", "\"2026-3-1 9:5:7.123456\"", "null"))
                .isEqualTo("timestamp");
        assertThat(typeOf(OPENX, "\"2026-03-01T10:20:30.1234567Z\"")).isEqualTo("string");
        assertThat(typeOf(OPENX, "\"2026-03-01T10:20:30.123456000Z\"")).isEqualTo("timestamp");
        assertThat(typeOf(OPENX, "\"2026-03-01T10:20:30Z\"", "\"\"")).isEqualTo("string");
        assertThat(typeOf(OPENX, "\"2026-03-01T10:20:30+02:00\"")).isEqualTo("string");
        assertThat(typeOf(OPENX, "\"2026-02-30 10:20:30\"")).isEqualTo("string");
        assertThat(typeOf(OPENX, "\"1700000000\"")).isEqualTo("string");
        assertThat(typeOf(OPENX, "\"2026-03-01T10:20:30Z\"", "1700000000")).isEqualTo("string");
    }

    @Test
    void timestamps_are_those_of_the_deserializer() {
        JsonSerDe apache = new JsonSerDe.Hive(List.of("dd/MMM/yyyy:HH:mm:ss Z"));

        assertThat(typeOf(HIVE, "\"2026-03-01T10:20:30Z\"")).isEqualTo("string");
        assertThat(typeOf(HIVE, "\"2026-03-01 10:20:30\"")).isEqualTo("timestamp");
        assertThat(typeOf(apache, "\"07/Feb/2026:15:13:01 +0000\"", "\"2026-03-01 10:20:30\""))
                .isEqualTo("timestamp");
    }

    @Test
    void texts_are_dates_when_all_are_days_that_exist() {
        assertThat(typeOf(OPENX, "\"2026-01-31\"", "\"2026-1-5\"")).isEqualTo("date");
        assertThat(typeOf(OPENX, "\"2026-01-31\"", "\"2023-02-29\"")).isEqualTo("string");
        assertThat(typeOf(OPENX, "\"2026-01-31\"", "\"2026-01-31 00:00:00\"")).isEqualTo("string");
    }

    @Test
    void plain_values_of_several_kinds_are_texts() {
        assertThat(typeOf(OPENX, "true", "null", "false")).isEqualTo("boolean");
        assertThat(typeOf(OPENX, "true", "1")).isEqualTo("string");
        assertThat(typeOf(HIVE, "1", "\"1\"")).isEqualTo("string");
    }

    @Test
    void a_field_of_which_only_null_was_seen_is_a_string_and_its_comment_says_so() {
        SuggestedTable table = table(OPENX, "{\"c\":null}");

        assertThat(types(table)).containsEntry("c", "string");
        assertThat(table.schema().columns().get(0).comment()).isEqualTo("only null was seen");
    }

    @Test
    void elements_of_arrays_are_widened_and_empty_arrays_are_of_strings() {
        assertThat(typeOf(OPENX, "[1,null]", "[]", "[2.5]")).isEqualTo("array<double>");
        assertThat(typeOf(OPENX, "[1,\"x\"]")).isEqualTo("array<string>");
        assertThat(typeOf(OPENX, "[[1],[]]", "[null]")).isEqualTo("array<array<int>>");
        assertThat(typeOf(OPENX, "[]")).isEqualTo("array<string>");
        assertThat(typeOf(OPENX, "[{\"a\":1},{\"b\":\"x\"}]"))
                .isEqualTo("array<struct<a:int,b:string>>");
    }

    @Test
    void objects_without_fields_are_maps() {
        assertThat(typeOf(OPENX, "{}")).isEqualTo("map<string,string>");
        assertThat(typeOf(OPENX, "{}", "{\"a\":1}")).isEqualTo("struct<a:int>");
    }

    @Test
    void openx_gets_arrays_of_one_and_json_as_text_for_values_of_several_kinds() {
        assertThat(typeOf(OPENX, "[1]", "2")).isEqualTo("array<int>");
        assertThat(typeOf(OPENX, "[{\"a\":1}]", "{\"a\":2}")).isEqualTo("array<struct<a:int>>");
        assertThat(typeOf(OPENX, "{\"a\":1}", "\"x\"")).isEqualTo("string");
        assertThat(typeOf(OPENX, "[{\"a\":1}]", "\"x\"")).isEqualTo("string");
    }

    @Test
    void hive_gets_the_kind_that_most_values_have_and_a_problem_with_places() {
        SuggestedTable table = table(HIVE, records("{\"a\":1}", "{\"a\":2}", "\"x\"", "[1]"));

        assertThat(types(table)).containsEntry("c", "struct<a:int>");
        assertThat(table.problems()).hasSize(1);
        assertThat(table.problems().get(0))
                .contains("2 objects (first in line 1)")
                .contains("1 arrays (first in line 4)")
                .contains("1 plain values (first in line 3)");
    }

    @Test
    void objects_whose_keys_vary_without_end_are_maps() {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < 51; i++) {
            records.add("{\"c\":{\"user-" + i + "\":" + i + ",\"x\":1.5}}");
        }

        assertThat(types(table(OPENX, SuggestOptions.DEFAULTS, records)))
                .containsEntry("c", "map<string,double>");
        assertThat(types(table(HIVE, SuggestOptions.DEFAULTS, records)))
                .containsEntry("c", "map<string,double>");
        assertThat(types(table(OPENX, SuggestOptions.DEFAULTS, records.subList(0, 49))).get("c"))
                .startsWith("struct<");
        assertThat(types(table(OPENX, new SuggestOptions(false, 60, 1000), records)).get("c"))
                .startsWith("struct<");
    }

    @Test
    void a_wide_object_that_is_always_the_same_stays_a_struct() {
        StringBuilder wide = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            wide.append(i == 0 ? "" : ",").append("\"k").append(i).append("\":1");
        }

        assertThat(typeOf(OPENX, "{" + wide + "}", "{" + wide + "}")).startsWith("struct<k0:int,");
    }

    @Test
    void types_end_at_32_levels_where_openx_keeps_the_rest_as_text() {
        String deep = "[".repeat(40) + "{\"a\":1}" + "]".repeat(40);

        assertThat(typeOf(OPENX, deep)).isEqualTo("array<".repeat(31) + "string" + ">".repeat(31));
        SuggestedTable hive = table(HIVE, "{\"c\":" + deep + ",\"d\":1}");
        assertThat(types(hive)).containsOnlyKeys("d");
        assertThat(hive.problems().get(0)).contains("left out: it is nested too deep");
    }

    @Test
    void a_type_that_no_catalog_takes_for_its_length_is_kept_as_json() {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            StringBuilder fields = new StringBuilder();
            for (int k = 0; k < 900; k++) {
                fields.append(k == 0 ? "" : ",").append('"').append("k".repeat(200)).append(k);
                fields.append("\":1");
            }
            records.add("{\"c\":{" + fields + "},\"d\":1}");
        }

        assertThat(types(table(OPENX, SuggestOptions.DEFAULTS, records)))
                .containsEntry("c", "string");
        assertThat(types(table(HIVE, SuggestOptions.DEFAULTS, records))).containsOnlyKeys("d");
    }
}

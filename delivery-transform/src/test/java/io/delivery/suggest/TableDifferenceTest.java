package io.delivery.suggest;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.HiveTypes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.TableSchema;
import io.delivery.format.TableSchema.Column;
import io.delivery.json.JsonRecordDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableDifferenceTest {
    private static TableSchema present(JsonSerDe serde, String... columns) {
        List<Column> all = new ArrayList<>();
        for (String column : columns) {
            int blank = column.indexOf(' ');
            all.add(
                    new Column(
                            column.substring(0, blank),
                            HiveTypes.parse(column.substring(blank + 1))));
        }
        return new TableSchema("db", "t", "1", all, List.of(), serde);
    }

    private static List<String> changes(TableSchema present, String... records) {
        SampleObserver seen = Suggestions.observed(present.serde(), List.of(records));
        TableDifference difference =
                new TableDifference(JsonRecordDecoder::new, present, present.serde());
        for (int i = 0; i < records.length; i++) {
            difference.add(Suggestions.sample(i + 1, records[i]));
        }
        SuggestedTable table =
                SuggestedTable.of(seen, SuggestOptions.DEFAULTS, "db", "t", List.of())
                        .orElseThrow();
        return difference.changes(table).stream()
                .map(change -> change.kind() + " " + change.path() + " " + change.text())
                .toList();
    }

    @Test
    void a_table_that_holds_more_than_the_samples_need_is_left_alone() {
        TableSchema present =
                present(
                        JsonSerDe.OpenX.DEFAULTS,
                        "a bigint",
                        "b string",
                        "c decimal(9,2)",
                        "d map<string,double>",
                        "e timestamp");

        assertThat(changes(present, "{\"a\":1,\"b\":{\"x\":1},\"c\":1.5,\"d\":{\"k\":1},\"e\":1}"))
                .isEmpty();
    }

    @Test
    void new_columns_and_new_fields_are_added_with_their_types_and_keys() {
        TableSchema present =
                present(JsonSerDe.OpenX.DEFAULTS, "a struct<b:int>", "l array<struct<x:int>>");

        assertThat(
                        changes(
                                present,
                                "{\"a\":{\"b\":1,\"c\":{\"d\":true}},\"l\":[{\"x\":1,\"y\":2}],\"@e\":[1]}"))
                .containsExactly(
                        "ADDED a.c struct<d:boolean>",
                        "ADDED l[].y int",
                        "ADDED e array<int>, key @e");
    }

    @Test
    void columns_and_fields_that_no_sample_has_are_told() {
        TableSchema present =
                present(JsonSerDe.OpenX.DEFAULTS, "a struct<b:int,c:date>", "gone bigint");

        assertThat(changes(present, "{\"a\":{\"b\":1}}"))
                .containsExactly("NEVER_SEEN a.c date", "NEVER_SEEN gone bigint");
    }

    @Test
    void a_type_that_a_wider_one_replaces_is_widened_and_the_first_sample_named() {
        TableSchema present =
                present(
                        JsonSerDe.OpenX.DEFAULTS,
                        "a int",
                        "s struct<f:float,i:smallint>",
                        "d decimal(5,2)");

        assertThat(
                        changes(
                                present,
                                "{\"a\":1,\"s\":{\"f\":1.5,\"i\":1},\"d\":1}",
                                "{\"a\":2147483648}",
                                "{\"s\":{\"f\":1e100,\"i\":2}}",
                                "{\"s\":{\"i\":40000}}",
                                "{\"d\":100000}"))
                .satisfiesExactly(
                        a ->
                                assertThat(a)
                                        .startsWith(
                                                "WIDENED a int to bigint: 1 samples do not fit,"
                                                        + " first line 2: "),
                        f ->
                                assertThat(f)
                                        .startsWith(
                                                "WIDENED s.f float to double: 1 samples do not"
                                                        + " fit, first line 3: "),
                        i -> assertThat(i).startsWith("WIDENED s.i smallint to int: "),
                        d -> assertThat(d).startsWith("WIDENED d decimal(5,2) to decimal(38,2): "));
    }

    @Test
    void a_decimal_keeps_its_scale_and_gets_digits_before_the_point_where_they_are_enough() {
        TableSchema present =
                present(
                        JsonSerDe.OpenX.DEFAULTS,
                        "less decimal(9,4)",
                        "fraction decimal(5,2)",
                        "behind decimal(5,2)",
                        "before decimal(38,30)");

        assertThat(
                        changes(
                                present,
                                "{\"less\":1234567.5,\"fraction\":123456.78,\"behind\":123456.789,\"before\":123456789.5}"))
                .satisfiesExactly(
                        less ->
                                assertThat(less)
                                        .startsWith("WIDENED less decimal(9,4) to decimal(38,4): "),
                        fraction ->
                                assertThat(fraction)
                                        .startsWith(
                                                "WIDENED fraction decimal(5,2) to decimal(38,2): "),
                        behind ->
                                assertThat(behind)
                                        .startsWith(
                                                "CONFLICT behind is decimal(5,2), samples need"
                                                        + " double: "),
                        before ->
                                assertThat(before)
                                        .startsWith(
                                                "CONFLICT before is decimal(38,30), samples need"
                                                        + " double: "));
    }

    @Test
    void a_type_that_no_other_replaces_is_a_conflict() {
        TableSchema present =
                present(
                        JsonSerDe.OpenX.DEFAULTS,
                        "a int",
                        "b struct<x:int>",
                        "c date",
                        "d map<int,int>");

        assertThat(
                        changes(
                                present,
                                "{\"a\":1.5}",
                                "{\"b\":\"x\"}",
                                "{\"c\":1}",
                                "{\"d\":{\"k\":1}}"))
                .satisfiesExactly(
                        a -> assertThat(a).startsWith("CONFLICT a is int, samples need double: "),
                        b ->
                                assertThat(b)
                                        .startsWith(
                                                "CONFLICT b is struct<x:int>, samples need string: "),
                        c -> assertThat(c).startsWith("CONFLICT c is date, samples need int: "),
                        d -> assertThat(d).startsWith("CONFLICT d is map<int,int>, samples need "));
    }

    @Test
    void what_does_not_fit_in_arrays_is_compared_at_their_elements() {
        TableSchema present =
                present(
                        JsonSerDe.OpenX.DEFAULTS,
                        "l array<int>",
                        "o array<struct<b:int>>",
                        "n array<array<smallint>>",
                        "m map<string,array<int>>",
                        "s array<struct<f:float>>");

        assertThat(
                        changes(
                                present,
                                "{\"l\":[1,3000000000],\"m\":{\"k\":[3000000000]}}",
                                "{\"l\":[1,2,3000000000],\"m\":{}}",
                                "{\"o\":[{\"b\":1},{\"b\":3000000000}]}",
                                "{\"n\":[[1],[2,40000]],\"s\":[{\"f\":1e100}]}"))
                .satisfiesExactly(
                        l ->
                                assertThat(l)
                                        .startsWith(
                                                "WIDENED l[] int to bigint: 2 samples do not fit,"
                                                        + " first line 1: Column l[]: "),
                        o -> assertThat(o).startsWith("WIDENED o[].b int to bigint: 1 samples"),
                        n -> assertThat(n).startsWith("WIDENED n[][] smallint to int: 1 samples"),
                        s -> assertThat(s).startsWith("WIDENED s[].f float to double: 1 samples"),
                        m ->
                                assertThat(m)
                                        .startsWith("CONFLICT m{}[] does not hold the samples: 1"));
    }

    @Test
    void a_single_value_that_does_not_fit_is_compared_as_an_array_of_one() {
        TableSchema present =
                present(
                        JsonSerDe.OpenX.DEFAULTS,
                        "l array<int>",
                        "o array<struct<b:int>>",
                        "n array<array<smallint>>");

        assertThat(
                        changes(
                                present,
                                "{\"l\":3000000000,\"o\":{\"b\":3000000000}}",
                                "{\"n\":40000}",
                                "{\"n\":[1,40000]}"))
                .satisfiesExactly(
                        l -> assertThat(l).startsWith("WIDENED l[] int to bigint: 1 samples"),
                        o -> assertThat(o).startsWith("WIDENED o[].b int to bigint: 1 samples"),
                        n -> assertThat(n).startsWith("WIDENED n[][] smallint to int: "));
    }

    @Test
    void an_array_that_the_hive_serde_refuses_is_another_place_than_its_elements() {
        TableSchema present = present(JsonSerDe.Hive.DEFAULTS, "l array<int>", "k array<int>");

        assertThat(changes(present, "{\"l\":1,\"k\":[3000000000]}"))
                .satisfiesExactly(
                        l -> assertThat(l).startsWith("CONFLICT l is array<int>, samples need int"),
                        k -> assertThat(k).startsWith("WIDENED k[] int to bigint: 1 samples"));
    }

    @Test
    void columns_are_matched_by_the_keys_that_fill_them() {
        JsonSerDe mapped = new JsonSerDe.OpenX(true, false, Map.of("ts", "@timestamp"));

        assertThat(changes(present(mapped, "ts bigint"), "{\"@Timestamp\":1}")).isEmpty();
        assertThat(changes(present(mapped, "ts bigint"), "{\"ts\":1}"))
                .containsExactly("NEVER_SEEN ts bigint", "ADDED ts int");
    }
}

package io.delivery.suggest;

import static io.delivery.suggest.Suggestions.HIVE;
import static io.delivery.suggest.Suggestions.OPENX;
import static io.delivery.suggest.Suggestions.observed;
import static io.delivery.suggest.Suggestions.table;
import static io.delivery.suggest.Suggestions.types;
import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.DecoderOptions;
import io.delivery.format.JsonSerDe;
import io.delivery.format.TableSchema.Column;
import io.delivery.json.JsonRecordDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SuggestedNamesTest {
    private static Map<String, String> mappings(SuggestedTable table) {
        return ((JsonSerDe.OpenX) table.schema().serde()).columnToJsonKeyMappings();
    }

    @Test
    void keys_that_are_no_names_get_one_and_a_mapping() {
        SuggestedTable table =
                table(
                        OPENX,
                        "{\"@timestamp\":1,\"User Agent\":2,\"a.b\":{\"c-d\":3},\"\":4,\"!\":5}");

        assertThat(types(table))
                .containsOnlyKeys("timestamp", "user_agent", "a_b", "field", "field_2")
                .containsEntry("a_b", "struct<c_d:int>");
        assertThat(mappings(table))
                .isEqualTo(
                        Map.of(
                                "timestamp", "@timestamp",
                                "user_agent", "user agent",
                                "a_b", "a.b",
                                "c_d", "c-d",
                                "field", "",
                                "field_2", "!"));
    }

    @Test
    void a_name_that_stands_for_another_key_is_used_nowhere_else() {
        SuggestedTable table = table(OPENX, "{\"@t\":1,\"s\":{\"t\":2,\"@t\":3},\"u\":{\"$t\":4}}");

        assertThat(types(table))
                .containsEntry("t_2", "int")
                .containsEntry("s", "struct<t:int,t_2:int>")
                .containsEntry("u", "struct<t_3:int>");
        assertThat(mappings(table)).isEqualTo(Map.of("t_2", "@t", "t_3", "$t"));
    }

    @Test
    void keys_that_differ_in_case_are_one_column_and_a_comment_says_so() {
        SuggestedTable table = table(OPENX, "{\"Port\":1,\"x\":1}", "{\"port\":\"a\",\"x\":1}");

        assertThat(types(table)).isEqualTo(Map.of("port", "string", "x", "int"));
        assertThat(table.schema().columns().get(0).comment()).contains("also written port");
    }

    @Test
    void keys_that_differ_in_case_are_columns_of_their_own_when_case_counts() {
        SuggestedTable table =
                table(new JsonSerDe.OpenX(false, false, Map.of()), "{\"port\":1,\"Port\":\"a\"}");

        assertThat(types(table)).isEqualTo(Map.of("port", "int", "port_2", "string"));
        assertThat(mappings(table)).isEqualTo(Map.of("port_2", "Port"));
    }

    @Test
    void dots_need_no_mapping_when_the_deserializer_turns_them_into_underscores() {
        SuggestedTable table =
                table(new JsonSerDe.OpenX(true, true, Map.of()), "{\"A.b\":1}", "{\"a_b\":2.5}");

        assertThat(types(table)).isEqualTo(Map.of("a_b", "double"));
        assertThat(mappings(table)).isEmpty();
    }

    @Test
    void hive_maps_no_keys_so_that_columns_with_dots_are_left_out_and_told() {
        SuggestedTable table = table(HIVE, "{\"a.b\":1,\"c d\":{\"e.f\":2},\"g\":3}");

        assertThat(types(table)).isEqualTo(Map.of("c d", "struct<`e.f`:int>", "g", "int"));
        assertThat(table.problems()).hasSize(1);
        assertThat(table.problems().get(0)).startsWith("a.b: left out");
    }

    @Test
    void reserved_words_stay_and_are_told() {
        SuggestedTable table = table(OPENX, "{\"timestamp\":1,\"order\":2,\"other\":3}");

        assertThat(table.schema().columns().stream().map(Column::comment))
                .containsExactly(
                        "a reserved word: queries need it in quotes",
                        "a reserved word: queries need it in quotes",
                        "");
    }

    @Test
    void keys_that_can_be_no_column_are_counted_and_told() {
        SuggestedTable table =
                table(
                        OPENX,
                        "{\"" + "k".repeat(256) + "\":1,\"" + "l".repeat(300) + "\":2,\"a\":3}");

        assertThat(types(table)).containsOnlyKeys("a");
        assertThat(table.problems()).hasSize(1);
        assertThat(table.problems().get(0)).startsWith("(root): 2 values have keys");
    }

    @Test
    void partition_columns_are_no_columns() {
        SampleObserver seen = observed(OPENX, List.of("{\"dt\":\"2026-01-31\",\"a\":1}"));

        SuggestedTable table =
                SuggestedTable.of(
                                seen,
                                SuggestOptions.DEFAULTS,
                                "db",
                                "t",
                                List.of(new Column("dt", Primitive.STRING)))
                        .orElseThrow();

        assertThat(types(table)).containsOnlyKeys("a");
        assertThat(table.schema().partitionColumns()).hasSize(1);
    }

    @Test
    void a_hundred_thousand_keys_leave_the_most_frequent_ones() {
        SampleObserver seen = new SampleObserver(JsonRecordDecoder::new, OPENX, 0);
        for (int i = 0; i < 100; i++) {
            StringBuilder record = new StringBuilder("{\"always\":1");
            for (int k = 0; k < 1000; k++) {
                record.append(",\"k").append(i * 1000 + k).append("\":{\"a\":[{\"b\":1}]}");
            }
            seen.add(Suggestions.sample(i, record.append('}').toString()));
        }

        SuggestedTable table =
                SuggestedTable.of(seen, new SuggestOptions(false, 50, 20), "db", "t", List.of())
                        .orElseThrow();

        assertThat(table.schema().columns()).hasSize(20);
        assertThat(types(table)).containsKey("always");
        assertThat(seen.root().parts()).isLessThanOrEqualTo(SampleObserver.MAX_PARTS);
        assertThat(table.problems()).anyMatch(p -> p.contains("9980 keys that fewer records have"));
        assertThat(table.problems()).anyMatch(p -> p.contains("90001 values have keys"));
    }

    @Test
    void memory_is_bounded_when_every_object_has_other_objects_below_it() {
        SampleObserver seen = new SampleObserver(JsonRecordDecoder::new, OPENX, 0);
        List<String> records = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            StringBuilder record = new StringBuilder("{");
            for (int k = 0; k < 100; k++) {
                record.append(k == 0 ? "" : ",").append("\"k").append(k).append("\":{");
                for (int d = 0; d < 10; d++) {
                    record.append(d == 0 ? "" : ",").append("\"x").append(i * 10 + d);
                    record.append("\":[[[1]]]");
                }
                record.append('}');
            }
            records.add(record.append('}').toString());
        }
        for (String record : records) {
            seen.add(Suggestions.sample(1, record));
            assertThat(seen.root().parts()).isLessThanOrEqualTo(SampleObserver.MAX_PARTS + 1000);
        }

        SuggestedTable table =
                SuggestedTable.of(seen, SuggestOptions.DEFAULTS, "db", "t", List.of())
                        .orElseThrow();
        SampleCheck check =
                new SampleCheck(JsonRecordDecoder::new, table.schema(), DecoderOptions.DEFAULTS);
        records.forEach(record -> check.add(Suggestions.sample(1, record)));
        assertThat(check.failed()).isZero();
    }
}

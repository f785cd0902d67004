package io.delivery.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.delivery.format.DecoderOptions;
import io.delivery.format.HiveTypes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFieldPolicy;
import io.delivery.jackson.BoundedParsers;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordFailedException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that fill several columns, or several fields of a struct. */
class SharedKeysTest {
    private static final UnknownFieldPolicy DROP = UnknownFieldPolicy.DEFAULT;
    private static final UnknownFieldPolicy REFUSE = new UnknownFieldPolicy.Refuse();
    private static final UnknownFieldPolicy KEEP = new UnknownFieldPolicy.Keep("extras");

    private final ReportedFields reported = new ReportedFields();

    private static JsonSerDe mapped(String... pairs) {
        Map<String, String> mappings = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            mappings.put(pairs[i], pairs[i + 1]);
        }
        return new JsonSerDe.OpenX(true, false, mappings);
    }

    private static TableSchema table(JsonSerDe serde, String columns) {
        List<TableSchema.Column> all = new ArrayList<>();
        for (String column : columns.split("; ")) {
            String[] parts = column.split(" ", 2);
            all.add(new TableSchema.Column(parts[0], HiveTypes.parse(parts[1])));
        }
        TableSchema.Column dt = new TableSchema.Column("dt", HiveTypes.parse("string"));
        return new TableSchema("db", "t", "1", all, List.of(dt), serde);
    }

    /** All columns of the only row. */
    private String row(TableSchema table, UnknownFieldPolicy policy, String text)
            throws RecordFailedException {
        JsonRecordDecoder decoder =
                new JsonRecordDecoder(table, new DecoderOptions(Optional.empty(), policy));
        byte[] record = ("  " + text).getBytes(StandardCharsets.UTF_8);
        RowBuffer rows = new RowBuffer();
        decoder.decode(new DeliveryRecord().at(record, 1, record.length - 1, 0), rows);
        decoder.written();
        decoder.report(reported);
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < table.columns().size(); i++) {
            shown.append(i == 0 ? "" : " ")
                    .append(RowText.of(table.columns().get(i).type(), rows, rows.row(0) + i));
        }
        return shown.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\":7}                       | 7 7",
                "{\"id\":null}                    | null null",
                "{\"ID\":7}                       | 7 7",
                "{\"a\":1,\"id\":7}               | 7 7",
                "{\"ID\":1,\"id\":7}              | 7 7",
                "{\"id\":7,\"ID\":1}              | 7 7",
                "{\"id\":7,\"id\":8}              | 8 8",
                "{\"x\":[{\"id\":0}],\"id\": 7 }  | 7 7",
                "{}                               | null null",
            })
    void a_key_fills_each_column_that_is_mapped_to_it(String record, String expected)
            throws Exception {
        assertThat(row(table(mapped("a", "id"), "id int; a string"), DROP, record))
                .isEqualTo(expected);
    }

    /** A value that is read again begins anew, and with it the places of its tokens. */
    @Test
    void paths_are_compared_with_the_record_and_not_with_the_value_that_is_read_again()
            throws Exception {
        StringBuilder unknown = new StringBuilder("{");
        for (int i = 0; i < 6_000; i++) {
            unknown.append("\"").append("n".repeat(200)).append(i).append("\":1,");
        }
        TableSchema table =
                table(
                        mapped("a", "id"),
                        "id struct<x:int>; a struct<x:int>; extras map<string,string>");

        assertThat(row(table, KEEP, unknown + "\"id\":{\"x\":1,\"zz\":2}}"))
                .startsWith("{x=1} {x=1} <nnn")
                .contains("n5999:1", "id.zz:2");
    }

    @Test
    void each_column_reads_the_value_by_its_own_type() throws Exception {
        TableSchema table =
                table(
                        mapped("whole", "s", "list", "s"),
                        "s struct<a:int,t:timestamp>; whole string; list array<struct<a:string>>");

        assertThat(row(table, DROP, "{\"s\": { \"a\" : 1, \"t\":\"2026-01-01T00:00:00Z\"} }"))
                .isEqualTo(
                        "{a=1,t=2026-01-01T00:00:00Z} {\"a\":1,\"t\":\"2026-01-01T00:00:00Z\"} [{a=1}]");
    }

    @Test
    void fields_of_structs_share_keys_at_any_depth() throws Exception {
        TableSchema table = table(mapped("b", "a", "d", "c"), "c struct<a:int,b:string>; d string");

        assertThat(row(table, DROP, "{\"c\":{\"a\":1}}")).isEqualTo("{a=1,b=1} {\"a\":1}");
    }

    @Test
    void a_value_must_fit_every_column_that_it_fills() {
        TableSchema table = table(mapped("a", "id"), "a string; id int");

        assertThatThrownBy(() -> row(table, DROP, "{\"id\":\"x\"}"))
                .hasMessageContaining("Column id: ");
        assertThatThrownBy(() -> row(table, DROP, "{\"ID\":\"x\"}"))
                .hasMessageContaining("Column id: ");
    }

    @Test
    void of_two_keys_the_closer_one_fills_each_column() throws Exception {
        TableSchema table = table(mapped("a", "ID"), "id int; a int");

        assertThat(row(table, REFUSE, "{\"ID\":1,\"id\":2}")).isEqualTo("2 1");
        assertThat(row(table, REFUSE, "{\"id\":2,\"ID\":1}")).isEqualTo("2 1");
        assertThat(row(table, REFUSE, "{\"Id\":\"3\"}")).isEqualTo("3 3");
        assertThat(reported.seen).isEmpty();
        assertThat(reported.superseded).isEmpty();
    }

    @Test
    void a_key_that_fills_none_of_its_columns_in_the_end_is_counted_and_refused() throws Exception {
        TableSchema table = table(mapped("a", "id"), "id int; a int");

        assertThat(row(table, DROP, "{\"ID\":1,\"id\":2}")).isEqualTo("2 2");
        assertThat(row(table, DROP, "{\"id\":2,\"Id\":\"no number\"}")).isEqualTo("2 2");

        assertThat(reported.superseded).containsOnlyKeys("ID", "Id").containsEntry("ID", 1L);
        assertThatThrownBy(() -> row(table, REFUSE, "{\"ID\":1,\"id\":2}"))
                .hasMessageContaining("Another key of the record fills the column");
    }

    @Test
    void a_partition_column_takes_no_key_from_a_column() throws Exception {
        TableSchema table = table(mapped("event_dt", "dt"), "event_dt string; n int");

        assertThat(row(table, REFUSE, "{\"dt\":\"2026\",\"n\":1}")).isEqualTo("2026 1");
    }

    @Test
    void unknown_fields_are_kept_for_each_column_that_reads_them() throws Exception {
        TableSchema table =
                table(
                        mapped("r", "s"),
                        "s struct<a:int>; r struct<b:int>; extras map<string,string>");

        assertThat(row(table, KEEP, "{\"s\":{\"a\":1,\"b\":2},\"x\":3}"))
                .isEqualTo("{a=1} {b=2} <s.b:2,r.a:1,x:3>");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a.b\":1}             | 1 1",
                "{\"a_b\":2}             | 2 null",
                "{\"a.b\":1,\"a_b\":2}   | 2 1",
                "{\"a_b\":2,\"a.b\":1}   | 2 1",
                "{\"A.B\":1}             | 1 1",
            })
    void a_dotted_key_fills_the_column_with_underscores_and_the_one_that_is_mapped_to_it(
            String record, String expected) throws Exception {
        JsonSerDe serde = new JsonSerDe.OpenX(true, true, Map.of("x", "a.b"));

        assertThat(row(table(serde, "a_b int; x int"), DROP, record)).isEqualTo(expected);
    }

    @Test
    void what_is_wrong_with_the_json_behind_a_shared_value_is_told() {
        TableSchema table = table(mapped("a", "id"), "id int; a int");

        assertThatThrownBy(() -> row(table, DROP, "{\"id\":1,}"))
                .hasMessageContaining("Encountered malformed JSON");
        assertThatThrownBy(() -> row(table, DROP, "{\"id\":[1,}"))
                .hasMessageContaining("Encountered malformed JSON");
        assertThatThrownBy(() -> row(table, DROP, "{\"id\":1"))
                .hasMessageContaining("Encountered malformed JSON");
    }

    /** Jackson copies all names that a factory has for each value with a new one. */
    @Test
    void new_names_in_each_value_that_is_read_again_cost_a_bounded_copy() throws Exception {
        TableSchema table = table(mapped("a", "s"), "s struct<x:int>; a string");
        int values = 20_000;
        StringBuilder record = new StringBuilder("{");
        for (int i = 0; i < values; i++) {
            record.append(i == 0 ? "" : ",").append("\"s\":{\"name ").append(i).append("\":1}");
        }
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();

        row(table, DROP, record.append('}').toString());

        assertThat((thread.getCurrentThreadAllocatedBytes() - before) / values).isLessThan(60_000);
    }

    /** The value of the key within is shorter, and is read while the longer one around it is. */
    @Test
    void long_names_are_forgotten_although_a_value_within_theirs_is_read_again() throws Exception {
        TableSchema table =
                table(
                        mapped("x", "k", "y", "k"),
                        "x struct<x:string,y:string,a:int>; y struct<x:string,y:string,a:int>");
        TokenDecoder decoder = new TokenDecoder(table, DecoderOptions.DEFAULTS);
        RowBuffer rows = new RowBuffer();
        int most = 0;
        for (int i = 0; i < 500; i++) {
            byte[] record =
                    "{\"k\":{\"%d%s\":1,\"k\":1}}"
                            .formatted(i, "n".repeat(30_000))
                            .getBytes(StandardCharsets.UTF_8);
            decoder.decode(new DeliveryRecord().at(record, 0, record.length, 0), rows);
            most = Math.max(most, namesOfValues(decoder));
        }

        assertThat(most).isBetween(1, 12);
    }

    private static int namesOfValues(TokenDecoder decoder) throws ReflectiveOperationException {
        Field parsers = TokenDecoder.class.getDeclaredField("valueParsers");
        Method kept = BoundedParsers.class.getDeclaredMethod("keptNames");
        parsers.setAccessible(true);
        kept.setAccessible(true);
        return (int) kept.invoke(parsers.get(decoder));
    }
}

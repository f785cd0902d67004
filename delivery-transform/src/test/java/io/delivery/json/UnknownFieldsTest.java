package io.delivery.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.format.DecoderOptions;
import io.delivery.format.HiveTypes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFieldPolicy;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;
import io.delivery.record.RecordFailedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownFieldsTest {
    private static final JsonSerDe OPENX = JsonSerDe.OpenX.DEFAULTS;
    private static final JsonSerDe EXACT = new JsonSerDe.OpenX(false, false, Map.of());
    private static final JsonSerDe HIVE = JsonSerDe.Hive.DEFAULTS;
    private static final UnknownFieldPolicy REFUSE = new UnknownFieldPolicy.Refuse();
    private static final UnknownFieldPolicy KEEP = new UnknownFieldPolicy.Keep("extras");

    /** Columns id, s, l, m and extras; dt is a partition column. */
    private static final List<TableSchema.Column> COLUMNS =
            List.of(
                    column("id", "int"),
                    column("s", "struct<a:int>"),
                    column("l", "array<struct<a:int>>"),
                    column("m", "map<string,struct<a:int>>"),
                    column("extras", "map<string,string>"));

    /** The record, and what is in extras. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\":1}                       | null",
                "{}                               | null",
                "{\"x\":1}                        | <x:1>",
                "{\"x\":\"a\\\"b\"}               | <x:\"a\\\"b\">",
                "{\"x\":null,\"y\":true}          | <x:null,y:true>",
                "{\"x\":1.50,\"y\":1e400}         | <x:1.50,y:1e400>",
                "{\"x\":{ \"B\" : [1, {}] }}      | <x:{\"b\":[1,{}]}>",
                "{\"x\":{\"B\":1,\"b\":2,\"c\":3,\"C\":4}} | <x:{\"b\":2,\"c\":3}>",
                "{\"x\":[],\"id\":7,\"y\":\"\"}   | <x:[],y:\"\">",
                "{\"X\":1}                        | <x:1>",
                "{\"x\":1,\"X\":2}                | <x:1>",
                "{\"X\":1,\"x\":2}                | <x:2>",
                "{\"x\":1,\"x\":2}                | <x:2>",
                "{\"dt\":\"2026\"}                | null",
                "{\"extras\":{\"x\":\"y\"}}       | <extras:{\"x\":\"y\"}>",
                "{\"Extras\":1,\"x\":2}           | <extras:1,x:2>",
                "{\"s\":{\"a\":1,\"b\":2}}        | <s.b:2>",
                "{\"s\":[1,2,\"3\"]}              | <s[1]:2,s[2]:\"3\">",
                "{\"l\":[{\"b\":1},{},{\"b\":2}]} | <l[0].b:1,l[2].b:2>",
                "{\"l\":{\"b\":1}}                | <l.b:1>",
                "{\"m\":{\"K\":{\"b\":1},\"q\":{\"b\":2}}} | <m{k}.b:1,m{q}.b:2>",
                "{\"ID\":1,\"id\":2}              | null",
                "{\"a.b\":1}                      | <a.b:1>",
            })
    void openx_keeps_unknown_fields_as_text_under_their_paths(String record, String expected)
            throws Exception {
        assertThat(extras(OPENX, record)).containsExactly(expected);
    }

    /** The record, and what is in extras: only the fields of the value that counts. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"S\":{\"b\":2},\"s\":{\"a\":1}}                     | null",
                "{\"s\":{\"a\":1},\"S\":{\"b\":2}}                     | null",
                "{\"S\":{\"b\":2,\"a\":\"?\"},\"s\":{\"a\":1}}         | null",
                "{\"S\":{\"b\":2},\"s\":{\"b\":3}}                     | <s.b:3>",
                "{\"S\":{\"b\":2},\"s\":null}                          | null",
                "{\"s\":{\"b\":2},\"s\":{\"a\":1}}                     | null",
                "{\"S\":{\"b\":2},\"S\":{\"c\":1}}                     | <s.c:1>",
                "{\"S\":[1,2],\"s\":[1]}                               | null",
                "{\"x\":1,\"S\":{\"b\":2,\"c\":3},\"y\":4,\"s\":{}}      | <x:1,y:4>",
                "{\"S\":{\"b\":2},\"y\":4,\"s\":{},\"z\":5}           | <y:4,z:5>",
                "{\"x\":1,\"S\":{\"b\":2},\"s\":{},\"z\":5}           | <x:1,z:5>",
                "{\"l\":[{\"b\":1}],\"l\":[{\"a\":1},{\"b\":2}]}       | <l[1].b:2>",
                "{\"L\":{\"b\":1},\"l\":[]}                            | null",
                "{\"m\":{\"k\":{\"b\":1},\"k\":{\"a\":1}}}             | null",
                "{\"m\":{\"K\":{\"b\":1},\"k\":{\"c\":1}}}             | <m{k}.c:1>",
                "{\"m\":{\"k.b\":{\"b\":1},\"k\":{},\"k\":{\"a\":1}}}  | <m{k.b}.b:1>",
                "{\"M\":{\"k\":{\"b\":1}},\"m\":{}}                    | null",
                "{\"s.b\":1,\"s\":{},\"s\":{\"a\":1}}                  | <s.b:1>",
            })
    void of_a_value_that_another_one_replaces_nothing_is_kept(String record, String expected)
            throws Exception {
        assertThat(extras(OPENX, record)).containsExactly(expected);
    }

    /** Two fields in different places, whose paths are the same. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"s\":{\"a\":1,\"b\":2},\"s.b\":3}",
                "{\"s.b\":3,\"s\":{\"a\":1,\"b\":2}}",
                "{\"s\":{\"B\":2},\"S.b\":3}",
                "{\"s\":[1,2],\"s[1]\":3}",
                "{\"l\":[{\"b\":2}],\"l[0].b\":3}",
                "{\"m\":{\"secret\":{\"b\":2}},\"m{secret}.b\":3}",
                "{\"m\":{\"secret\":{\"}.b\":2},\"secret}.\":{\"b\":2}}}",
            })
    void a_record_in_which_two_fields_would_be_kept_under_one_path_fails(String record) {
        Failure failure = failure(KEEP, record);

        assertThat(failure.code()).isEqualTo("DataFormatConversion.MalformedData");
        assertThat(failure.message())
                .contains("Another unknown field of the record has the same path");
    }

    @Test
    void keys_with_signs_of_paths_are_kept_as_they_are() throws Exception {
        assertThat(extras(OPENX, "{\"a.b\":1,\"a\":{\"b\":2},\"c[0]\":3,\"\\\\.\":4,\"A.B\":5}"))
                .containsExactly("<a.b:1,a:{\"b\":2},c[0]:3,\\.:4>");
    }

    /** Twice the same key: its values are treated alike, however it is written. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"s\":{\"b\":1},\"s\":{\"a\":1}}   | Field s.b: ",
                "{\"S\":{\"b\":1},\"S\":{\"a\":1}}   | Field s.b: ",
                "{\"id\":\"?\",\"id\":1}              | Column id: ",
                "{\"ID\":\"?\",\"ID\":1}              | Column id: ",
                "{\"ID\":1,\"Id\":2}                  | Field ID: ",
                "{\"m\":{\"K\":{},\"k\":{}}}          | Field m{}: ",
                "{\"m\":{\"KE\":{},\"Ke\":{}}}        | Field m{}: ",
            })
    void what_is_refused_does_not_depend_on_how_a_key_is_written(String record, String message) {
        assertThat(failure(REFUSE, record).message()).startsWith(message);
    }

    @Test
    void what_did_not_fit_in_one_record_is_no_reason_to_refuse_the_next() throws Exception {
        JsonRecordDecoder decoder = decoder(OPENX, UnknownFieldPolicy.DEFAULT);
        RowBuffer rows = new RowBuffer();
        assertThatThrownBy(() -> decoder.decode(record("{\"ID\":\"?\",\"s\":1}"), rows))
                .isInstanceOf(RecordFailedException.class);

        decoder.decode(record("{\"S\":1,\"s\":{\"a\":1}}"), rows);

        assertThat(rows.rowCount()).isEqualTo(1);
    }

    /** The record, what is counted as kept, and what as superseded. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"ID\":1,\"id\":2}                            | {}           | {ID=1}",
                "{\"id\":1,\"ID\":2}                            | {}           | {ID=1}",
                "{\"ID\":1,\"Id\":2}                            | {}           | {ID=1}",
                "{\"x\":1,\"X\":2}                              | {x=1}        | {X=1}",
                "{\"X\":1,\"x\":2}                              | {x=1}        | {X=1}",
                "{\"XY\":1,\"Xy\":2}                            | {Xy=1}       | {XY=1}",
                "{\"x\":1,\"x\":2}                              | {x=1}        | {}",
                "{\"S\":{\"b\":2},\"s\":{\"a\":1}}              | {}           | {S=1}",
                "{\"s\":{\"a\":1},\"S\":{\"b\":2}}              | {}           | {S=1}",
                "{\"m\":{\"K\":{\"b\":1},\"k\":{\"c\":1}}}      | {m{}.c=1}    | {m{}.K=1}",
                "{\"m\":{\"k\":{\"c\":1},\"K\":{\"b\":1}}}      | {m{}.c=1}    | {m{}.K=1}",
            })
    void what_another_key_supersedes_is_not_counted_as_kept(
            String record, String kept, String superseded) throws Exception {
        JsonRecordDecoder decoder = decoder(OPENX, KEEP);
        decoder.decode(record(record), new RowBuffer());
        decoder.written();
        ReportedFields reported = new ReportedFields();

        decoder.report(reported);

        assertThat(reported.seen.toString()).isEqualTo(kept);
        assertThat(reported.superseded.toString()).isEqualTo(superseded);
    }

    @Test
    void where_case_counts_the_keys_of_what_is_kept_stay_as_they_are() throws Exception {
        String record = "{\"X\":{\"B\":1},\"x\":2,\"ID\":3}";

        assertThat(extras(EXACT, record)).containsExactly("<X:{\"B\":1},x:2,ID:3>");
        assertThat(extras(HIVE, record)).containsExactly("<X:{\"B\":1},x:2>");
    }

    @Test
    void each_row_keeps_its_own() throws Exception {
        assertThat(extras(OPENX, "{\"x\":1}{\"id\":1}{\"y\":2,\"z\":3}"))
                .containsExactly("<x:1>", "null", "<y:2,z:3>");
    }

    @Test
    void many_are_kept_without_a_key_twice() throws Exception {
        StringBuilder record = new StringBuilder("{");
        for (int i = 0; i < 50_000; i++) {
            record.append("\"k").append(i % 25_000).append("\":").append(i).append(',');
        }
        String kept = extras(OPENX, record + "\"id\":1}").get(0);

        assertThat(kept).startsWith("<k0:25000,k1:25001,").endsWith(",k24999:49999>");
    }

    @Test
    void what_is_kept_is_bounded() {
        StringBuilder fields = new StringBuilder("{");
        for (int i = 0; i <= UnknownFieldPolicy.Keep.MAX_FIELDS; i++) {
            fields.append("\"k").append(i).append("\":1,");
        }
        String longName = "n".repeat(200_000);
        String paths =
                "{\"m\":{\"%s\":{%s\"a\":1}}}"
                        .formatted(longName, "\"%d\":1,".repeat(100).formatted(numbers(100)));

        assertThat(failure(KEEP, fields + "\"id\":1}"))
                .isEqualTo(
                        new Failure(
                                Failure.Kind.FORMAT_CONVERSION_FAILED,
                                "DataFormatConversion.ConversionFailureException",
                                "A row of the record has more than 131072 unknown fields"));
        assertThat(failure(KEEP, paths).message())
                .isEqualTo(
                        "The paths of the record's unknown fields have more than 1048576"
                                + " bytes, and more than its JSON");
    }

    /** As the messages of a batch of log events, which are one record. */
    @Test
    void the_paths_of_a_long_record_may_be_as_long_as_its_json() throws Exception {
        int rows = 20_000;
        StringBuilder record = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            record.append("{\"id\":1,\"").append("n".repeat(100)).append("\":\"").append(i);
            record.append("\"}\n");
        }

        assertThat(extras(OPENX, record.toString())).hasSize(rows);
    }

    private static Object[] numbers(int count) {
        Object[] numbers = new Object[count];
        Arrays.setAll(numbers, i -> i);
        return numbers;
    }

    @Test
    void text_that_is_no_text_is_refused_with_its_path() {
        assertThat(failure(KEEP, "{\"l\":[{},{\"x\":\"\\ud800\"}]}").message())
                .isEqualTo(
                        "Column l[1].x: The text has invalid characters: half of a surrogate pair");
        assertThat(failure(KEEP, "{\"\\udc00\":1}").message()).contains("surrogate");
        assertThat(failure(KEEP, "{\"\\ud800\":1}").message()).contains("surrogate");
    }

    /** The record, and the field that it is refused for. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"x\":\"secret\"}                        | x: Data does not match the schema. The table has no column for this field",
                "{\"id\":1}{\"y\":1}                       | y: Data",
                "{\"s\":{\"a\":1,\"b\":\"secret\"}}        | s.b: Data",
                "{\"s\":[1,2]}                             | s[1]: Data",
                "{\"l\":[{\"a\":1},{\"c\":1}]}             | l[1].c: Data",
                "{\"m\":{\"secret\":{\"b\":1}}}            | m{}.b: Data",
                "{\"ID\":1,\"id\":2}                       | ID: Data does not match the schema. Another key of the record fills the column of this field",
                "{\"id\":2,\"ID\":1}                       | ID: Data",
                "{\"m\":{\"secret\":{},\"SECRET\":{}}}     | m{}: Data",
            })
    void a_record_with_an_unknown_field_can_be_refused(String record, String message) {
        Failure failure = failure(REFUSE, record);

        assertThat(failure.code()).isEqualTo("DataFormatConversion.MalformedData");
        assertThat(failure.message()).startsWith("Field " + message).doesNotContain("secret");
    }

    @Test
    void a_record_without_unknown_fields_is_no_refusal() throws Exception {
        String record = "{\"id\":1,\"dt\":\"x\",\"extras\":{\"a\":\"b\"},\"l\":[{\"A\":1}]}";

        assertThat(rows(OPENX, REFUSE, record)).containsExactly("<a:b>");
        assertThat(rows(HIVE, REFUSE, record)).containsExactly("<a:b>");
    }

    @Test
    void they_are_counted_when_they_are_kept_too_and_only_in_records_that_are_written()
            throws Exception {
        JsonRecordDecoder decoder = decoder(OPENX, KEEP);
        RowBuffer rows = new RowBuffer();
        decoder.decode(record("{\"x\":1,\"l\":[{\"b\":1},{\"b\":2}]}{\"ID\":1,\"id\":2}"), rows);
        decoder.written();
        decoder.decode(record("{\"x\":1,\"y\":1}"), rows);
        assertThatThrownBy(() -> decoder.decode(record("{\"x\":1,\"id\":\"?\"}"), rows))
                .isInstanceOf(RecordFailedException.class);

        Map<String, Long> seen = new TreeMap<>();
        decoder.report(seen::put);

        assertThat(seen).isEqualTo(Map.of("x", 1L, "l[].b", 2L, "ID", 1L));
    }

    /** The record, and what is in extras of a table whose column has a capital letter. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"S\":{\"b\":1,\"B\":2}} | <s.b:1>",
                "{\"S\":{\"B\":2,\"b\":1}} | <s.b:1>",
                "{\"s\":{\"b\":1,\"B\":2}} | <s.b:1>",
            })
    void the_key_in_lower_case_counts_however_the_column_is_written(String record, String expected)
            throws Exception {
        List<TableSchema.Column> columns =
                List.of(column("S", "struct<a:int>"), column("extras", "map<string,string>"));
        TableSchema table = new TableSchema("db", "t", "1", columns, List.of(), OPENX);
        RowBuffer row = new RowBuffer();
        new JsonRecordDecoder(table, new DecoderOptions(Optional.empty(), KEEP))
                .decode(record(record), row);
        assertThat(RowText.of(columns.get(1).type(), row, row.row(0) + 1)).isEqualTo(expected);
    }

    /** The column that is to keep them, and why it cannot. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gone | must name a column of type map<string,string>, was gone, and db.t has no such column",
                "m    | must name a column of type map<string,string>, was m, which has the type map<string,struct<a:int>> in db.t",
                "dt   | must name a column of type map<string,string>, was dt, and db.t has no such column",
            })
    void a_column_that_cannot_keep_them_is_no_column_for_that(String column, String problem) {
        UnknownFieldPolicy policy = new UnknownFieldPolicy.Keep(column);

        assertThatThrownBy(() -> decoder(OPENX, policy))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknownFields.keep " + problem);
    }

    @Test
    void the_column_is_found_in_any_case() throws Exception {
        assertThat(rows(OPENX, new UnknownFieldPolicy.Keep("EXTRAS"), "{\"x\":1}"))
                .containsExactly("<x:1>");
    }

    /** Where a value does not fit, with the serde that says so. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "array<struct<a:array<int>>>      | [{},{\"a\":[1,2,\"x\"]}]   | Column c[1].a[2]: ",
                "array<array<tinyint>>            | [[1],[2,300]]              | Column c[1][1]: ",
                "array<array<tinyint>>            | [[1],300]                  | Column c[1]: ",
                "array<int>                       | \"x\"                      | Column c: ",
                "map<string,array<int>>           | {\"secret\":[1,\"x\"]}     | Column c{}[1]: ",
                "map<int,string>                  | {\"secret\":\"x\"}         | Column c: ",
                "struct<a:int,b:array<date>>      | [1,[\"2024-01-01\",\"\"]]  | Column c.b[1]: ",
                "array<struct<a:int>>             | [{\"a\":1},\"secret\"]     | in column c[1]",
                "array<boolean>                   | [true,1]                   | Column c[1]: ",
                "array<double>                    | [1,1e999]                  | Column c[1]: ",
                "array<decimal(3,1)>              | [1,\"secret\"]             | Column c[1]: ",
                "array<timestamp>                 | [1,\"secret\"]             | Column c[1]: ",
                "array<string>                    | [1,\"\\ud800secret\"]      | Column c[1]: ",
                "array<map<string,int>>           | [{},\"secret\"]            | Column c[1]: ",
            })
    void a_value_that_does_not_fit_is_named_with_its_place_and_without_its_contents(
            String type, String value, String place) {
        TableSchema table =
                new TableSchema("db", "t", "1", List.of(column("c", type)), List.of(), OPENX);
        JsonRecordDecoder decoder = new JsonRecordDecoder(table, DecoderOptions.DEFAULTS);

        assertThatThrownBy(() -> decoder.decode(record("{\"c\":" + value + "}"), new RowBuffer()))
                .isInstanceOf(RecordFailedException.class)
                .hasMessageContaining(place)
                .hasMessageNotContaining("secret");
    }

    private static List<String> extras(JsonSerDe serde, String record) throws Exception {
        return rows(serde, KEEP, record);
    }

    /** What is in extras, by row. */
    private static List<String> rows(JsonSerDe serde, UnknownFieldPolicy policy, String record)
            throws RecordFailedException {
        RowBuffer rows = new RowBuffer();
        decoder(serde, policy).decode(record(record), rows);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < rows.rowCount(); i++) {
            texts.add(RowText.of(COLUMNS.get(4).type(), rows, rows.row(i) + 4));
        }
        return texts;
    }

    private static Failure failure(UnknownFieldPolicy policy, String record) {
        try {
            decoder(OPENX, policy).decode(record(record), new RowBuffer());
        } catch (RecordFailedException e) {
            return e.failure();
        }
        throw new AssertionError("was taken for a row: " + record);
    }

    private static JsonRecordDecoder decoder(JsonSerDe serde, UnknownFieldPolicy policy) {
        TableSchema table =
                new TableSchema("db", "t", "1", COLUMNS, List.of(column("dt", "string")), serde);
        return new JsonRecordDecoder(table, new DecoderOptions(Optional.empty(), policy));
    }

    private static TableSchema.Column column(String name, String type) {
        return new TableSchema.Column(name, HiveTypes.parse(type));
    }

    private static DeliveryRecord record(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new DeliveryRecord().at(bytes, 0, bytes.length, 0);
    }
}

package io.delivery.catalog;

import static io.delivery.format.SchemaCatalog.LATEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.delivery.format.CatalogException;
import io.delivery.format.CatalogException.Reason;
import io.delivery.format.DecoderOptions;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RowBuffer;
import io.delivery.format.SchemaProblem;
import io.delivery.format.SchemaProblem.Cause;
import io.delivery.format.TableSchema;
import io.delivery.json.JsonRecordDecoder;
import io.delivery.record.DeliveryRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileCatalogTest {
    @TempDir private Path directory;
    private FileCatalog catalog;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectory(directory.resolve("db"));
        catalog = new FileCatalog(directory, JsonRecordDecoder::checkTimestampFormat);
    }

    @Test
    void a_table_is_read_with_all_it_can_say() throws Exception {
        write(
                "orders.yaml",
                """
                # what people order
                columns:
                  - {name: id, type: bigint, comment: the order}
                  - name: tags
                    type: array<struct<a:int, b:string>>
                partitionColumns:
                  - {name: dt, type: string}
                serde:
                  openx:
                    caseInsensitive: false
                    convertDotsInJsonKeysToUnderscores: true
                    columnToJsonKeyMappings: {id: "@id"}
                """);

        TableSchema table = catalog.table("db", "orders", LATEST);

        assertThat(table.qualifiedName()).isEqualTo("db.orders");
        assertThat(columns(table)).isEqualTo("id bigint, tags array<struct<a:int,b:string>>");
        assertThat(table.columns().get(0).comment()).isEqualTo("the order");
        assertThat(table.partitionColumns()).hasSize(1);
        assertThat(table.serde()).isEqualTo(new JsonSerDe.OpenX(false, true, Map.of("id", "@id")));
        assertThat(table.version()).matches("sha256:[0-9a-f]{16}");
    }

    @Test
    void the_serde_is_openx_unless_the_table_says_otherwise() throws Exception {
        write("a.yaml", "columns: [{name: id, type: int}]");
        write("b.yaml", "columns: [{name: id, type: int}]\nserde: hive");
        write(
                "c.yaml",
                "columns: [{name: id, type: int}]\n"
                        + "serde: {hive: {timestampFormats: [millis, yyyy-MM-dd]}}");

        assertThat(catalog.table("db", "a", LATEST).serde()).isEqualTo(JsonSerDe.OpenX.DEFAULTS);
        assertThat(catalog.table("db", "b", LATEST).serde()).isEqualTo(JsonSerDe.Hive.DEFAULTS);
        assertThat(catalog.table("db", "c", LATEST).serde())
                .isEqualTo(new JsonSerDe.Hive(List.of("millis", "yyyy-MM-dd")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "columns: [{name: id, type: int}]~partitons: []         | INVALID_SCHEMA      | :2 partitons: unknown; supported here: columns, partitionColumns, serde",
                "colums: [{name: id, type: int}]                        | INVALID_SCHEMA      | :1 colums: unknown; did you mean columns?",
                "columns: [{name: id, type: int}]~partition_columns: [] | INVALID_SCHEMA      | :2 partition_columns: unknown; did you mean partitionColumns?",
                "columns: [{name: id, typ: int}]                        | INVALID_SCHEMA      | :1 columns[0].typ: unknown; did you mean type?",
                "columns: [{nmae: id, type: int}]                       | INVALID_SCHEMA      | :1 columns[0].nmae: unknown; did you mean name?",
                "columns:~- {name: id, type: int}~- {name: a}           | INVALID_SCHEMA      | :3 columns[1].type: must be given",
                "columns: [{type: int}]                                 | INVALID_SCHEMA      | :1 columns[0].name: must be given",
                "columns: [{name: id, type: }]                          | INVALID_SCHEMA      | :1 columns[0].type: must be a text, was nothing",
                "columns: [{name: id, type: [int]}]                     | INVALID_SCHEMA      | :1 columns[0].type: must be a text, was a list",
                "columns: [id]                                          | INVALID_SCHEMA      | :1 columns[0]: must be a section with keys: name, type, comment",
                "columns:~  - {name: id, type: int}~  - {name: a, type: array<}| INVALID_TYPE_FORMAT | :3 columns[1].type: expected a type, saw the end at character 7",
                "columns: [{name: id, type: 'map<string,int'}]          | INVALID_TYPE_FORMAT | :1 columns[0].type: expected '>', saw the end at character 15",
                "columns: [{name: id, type: strin}]                     | INVALID_TYPE_FORMAT | :1 columns[0].type: unknown type, saw 'strin' at character 1; did you mean string?",
                "columns: [{name: id, type: 'array<long>'}]             | INVALID_TYPE_FORMAT | :1 columns[0].type: unknown type, saw 'long>' at character 7; did you mean bigint?",
                "columns: [{name: id, type: datetime}]                  | INVALID_TYPE_FORMAT | ; did you mean timestamp?",
                "columns: [{name: id, type: geometry}]                  | INVALID_TYPE_FORMAT | ; the types are boolean, tinyint",
                "columns: [{name: id, type: 'decimal(40,2)'}]           | INVALID_TYPE_FORMAT | decimal precision must be 1 to 38, was 40",
                "columns: [{name: id, type: 'struct<a:int,A:int>'}]     | INVALID_TYPE_FORMAT | field A is there twice",
                "columns: [{name: a.b, type: int}]                      | INVALID_SCHEMA      | :1 columns[0].name: a column name has no dots, was a.b; only the fields of a struct may have them",
                "columns:~- {name: id, type: int}~- {name: ID, type: int} | INVALID_SCHEMA    | :3 columns[1].name: must be there once, was ID as in line 2",
                "columns: [{name: id, type: int}]~partitionColumns: [{name: id, type: int}] | INVALID_SCHEMA | :2 partitionColumns[0].name: must be there once, was id as in line 1",
                "columns: []                                            | NON_EXISTENT_COLUMNS| :1 columns: a table needs at least one",
                "serde: openx                                           | NON_EXISTENT_COLUMNS| :1 columns: a table needs at least one",
                "columns: {id: int}                                     | INVALID_SCHEMA      | :1 columns: must be a list of {name, type}",
                "''                                                     | NON_EXISTENT_COLUMNS| :1: the file is empty",
                "[]                                                     | INVALID_SCHEMA      | :1: must be a section with keys: columns, partitionColumns, serde",
                "columns: [{name: id, type: int}]~serde: csv            | INVALID_SCHEMA      | :2 serde: must be openx or hive, was csv",
                "columns: [{name: id, type: int}]~serde: opnx           | INVALID_SCHEMA      | :2 serde: must be openx or hive, was opnx; did you mean openx?",
                "columns: [{name: id, type: int}]~serde: {hvie: {}}     | INVALID_SCHEMA      | :2 serde.hvie: unknown; did you mean hive?",
                "columns: [{name: id, type: int}]~serde: {}             | INVALID_SCHEMA      | :2 serde: must have one of openx and hive, is empty",
                "columns: [{name: id, type: int}]~serde: {openx: , hive: } | INVALID_SCHEMA   | :2 serde: must have one of openx and hive, has both",
                "columns: [{name: id, type: int}]~serde: {openx: {caseInsensitive: maybe}} | INVALID_SCHEMA | :2 serde.openx.caseInsensitive: must be true or false, was maybe",
                "columns: [{name: id, type: int}]~serde: {openx: {caseinsensitiv: true}} | INVALID_SCHEMA | :2 serde.openx.caseinsensitiv: unknown; did you mean caseInsensitive?",
                "columns: [{name: id, type: int}]~serde: {openx: {timestampFormats: []}} | INVALID_SCHEMA | :2 serde.openx.timestampFormats: unknown; supported here: caseInsensitive",
                "columns: [{name: id, type: int}]~serde: {openx: {columnToJsonKeyMappings: {id: [a]}}} | INVALID_SCHEMA | :2 serde.openx.columnToJsonKeyMappings.id: must be a text, was a list",
                "columns: [{name: id, type: int}]~serde: {hive: {timestampFormats: millis}} | INVALID_SCHEMA | :2 serde.hive.timestampFormats: must be a list of patterns",
                "columns: [{name: id, type: int}]~serde:~  hive:~    timestampFormats:~    - yyyy~    - yyyy-MM-ddP | INVALID_SCHEMA | :6 serde.hive.timestampFormats[1]: letter P is not supported in timestamp format yyyy-MM-ddP",
                "columns: [{name: id, type: int}]~columns: []           | INVALID_SCHEMA      | :2 columns: is given twice, first in line 1",
                "columns: [{name: id, type: int                         | INVALID_SCHEMA      | :1: is not YAML: expected",
                "columns: &a [*a]                                       | INVALID_SCHEMA      | :1 columns[0]: must be a section",
            })
    void a_file_that_makes_no_sense_is_refused_with_its_line(
            String content, Reason reason, String message) throws Exception {
        write("t.yaml", content.replace('~', '\n'));

        CatalogException refusal = refusal("t", LATEST);

        assertThat(refusal.reason()).isEqualTo(reason);
        assertThat(refusal.getMessage()).contains("db/t.yaml").contains(message);
        assertThat(refusal.problems())
                .hasSize(1)
                .allSatisfy(problem -> assertThat(problem.cause()).isEqualTo(Cause.CONTENT));
    }

    @Test
    void all_problems_are_told_at_once_in_the_order_of_the_lines() throws Exception {
        write(
                "t.yaml",
                """
                serde: {hive: {timestampFormats: [yyyy-CC]}}
                colums: []
                columns:
                  - {name: a, type: strin}
                  - {type: int}
                  - {name: A, type: 'map<string'}
                partitionColumns: [{name: dt, type: day}]
                """);

        assertThat(refusal("t", LATEST).problems())
                .extracting(SchemaProblem::line, SchemaProblem::path)
                .containsExactly(
                        tuple(1, "serde.hive.timestampFormats[0]"),
                        tuple(2, "colums"),
                        tuple(4, "columns[0].type"),
                        tuple(5, "columns[1].name"),
                        tuple(6, "columns[2].type"),
                        tuple(6, "columns[2].name"),
                        tuple(7, "partitionColumns[0].type"));
    }

    @Test
    void an_avro_record_is_a_table() throws Exception {
        write(
                "t.avsc",
                """
                {"type":"record","name":"T","fields":[
                 {"name":"id","type":"long","doc":"the order"},
                 {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
                 {"name":"day","type":["null",{"type":"int","logicalType":"date"}]},
                 {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
                 {"name":"kind","type":{"type":"enum","name":"K","symbols":["A","B"]}},
                 {"name":"raw","type":{"type":"fixed","name":"F","size":4}},
                 {"name":"lines","type":{"type":"array","items":{"type":"record","name":"L","fields":[
                   {"name":"sku","type":["null","string"]},{"name":"n","type":"int"}]}}},
                 {"name":"extra","type":{"type":"map","values":"double"}},
                 {"name":"ok","type":"boolean"},{"name":"f","type":"float"}]}
                """);

        TableSchema table = catalog.table("db", "t", LATEST);

        assertThat(columns(table))
                .isEqualTo(
                        "id bigint, at timestamp, day date, price decimal(9,2), kind string,"
                                + " raw binary, lines array<struct<sku:string,n:int>>,"
                                + " extra map<string,double>, ok boolean, f float");
        assertThat(table.columns().get(0).comment()).isEqualTo("the order");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "timestamp-micros",
                "timestamp-nanos",
                "local-timestamp-micros",
                "local-timestamp-nanos"
            })
    void an_avro_timestamp_that_json_numbers_cannot_mean_is_refused(String logicalType)
            throws Exception {
        write(
                "t.avsc",
                """
                {"type":"record","name":"T","fields":[{"name":"at","type":["null",
                 {"type":"long","logicalType":"%s"}]}]}
                """
                        .formatted(logicalType));

        assertThat(refusal("t", LATEST).getMessage())
                .contains("t.avsc:1 at: " + logicalType + " cannot be read")
                .contains("make it timestamp-millis");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{when: '@timestamp'} | there is no column or field when at any depth",
                "{id: x, lines: '@l', z9: z} | there is no column or field z9 at any depth",
            })
    void a_mapping_of_nothing_is_refused(String mappings, String message) throws Exception {
        write("t.yaml", MAPPED.formatted(mappings));

        assertThat(refusal("t", LATEST).getMessage())
                .contains("t.yaml:8 serde.openx.columnToJsonKeyMappings: " + message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{id: name, name: id}",
                "{x: '@x', z: '@z', v: w}",
                "{dt: day}",
                "{}",
                "{id: Name}",
                "{id: dt}",
                "{dt: id}",
                "{x: y, z: w}"
            })
    void mappings_of_columns_and_of_fields_at_any_depth_are_taken(String mappings)
            throws Exception {
        write("t.yaml", MAPPED.formatted(mappings));

        assertThat(catalog.table("db", "t", LATEST).columns()).hasSize(4);
    }

    @Test
    void keys_that_differ_in_dots_only_fill_a_column_each() throws Exception {
        write(
                "t.yaml",
                """
                columns: [{name: a_b, type: int}, {name: x, type: int}]
                serde:
                  openx: {convertDotsInJsonKeysToUnderscores: true, columnToJsonKeyMappings: {x: a.b}}
                """);
        TableSchema table = catalog.table("db", "t", LATEST);
        byte[] record = "{\"a_b\":1,\"a.b\":2}".getBytes(StandardCharsets.UTF_8);
        RowBuffer rows = new RowBuffer();

        new JsonRecordDecoder(table, DecoderOptions.DEFAULTS)
                .decode(new DeliveryRecord().at(record, 0, record.length, 0), rows);

        assertThat(rows.number(rows.row(0))).isEqualTo(1);
        assertThat(rows.number(rows.row(0) + 1)).isEqualTo(2);
    }

    private static final String MAPPED =
            """
            columns:
              - {name: id, type: int}
              - {name: name, type: string}
              - {name: at, type: 'struct<x:int,y:int>'}
              - {name: lines, type: 'array<struct<z:int,w:int,m:map<string,struct<v:int>>>>'}
            partitionColumns: [{name: dt, type: string}]
            serde:
              openx: {columnToJsonKeyMappings: %s}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"string\" | t.avsc:1: a table is an Avro record, was string",
                "~{ | t.avsc:2: is not JSON: Unexpected end-of-input",
                "{'type':'record','name':'T','fields':[]} | t.avsc:1 fields: a table needs at least one",
                "{'type':'record','name':'T','fields':[~{'name':'b','type':'int'},~{'name':'a','type':['int','string']}]} | t.avsc:3 a: a union must be of null and one type, was of 2 types",
                "{'type':'record','name':'T','fields':[~{'name':'a','type':['null','T']}]} | or a record holds itself",
                "{'type':'record','name':'T','fields':[~{'name':'a','type':'null'}]} | t.avsc:2 a: null is no type",
                "{'type':'record','name':'T','fields':[~{'name':'a','type':'int'},~{'name':'A','type':'int'}]} | t.avsc:3 A: must be there once, was A as in line 2",
                "{'type':'record','name':'T','fields':[~{'name':'a','type':'strin'}]} | t.avsc: is no Avro schema: ",
                "{'type':'record','name':'T','fields':[~{'name':'a','type':'int','order':'asc'}]} | t.avsc:2 a.order: must be ascending, descending or ignore, was asc",
                "{'type':'record','name':'T','fields':[~{'name':'a','type':'int'},~{'order':1,'name':'b','type':'int'}]} | t.avsc:3 b.order: must be ascending, descending or ignore, was 1",
                "{'type':'record','name':'T','fields':[~{'type':{'type':'record','name':'U','fields':[{'name':'b','type':'int','order':'up'}]},'name':'a'}]} | t.avsc: is no Avro schema: ",
                "{'type':'record','name':'T','fields':[~{'name':'a','type':{'type':'long','logicalType':'timestamp-milis'}}]} | t.avsc:2 a: logicalType timestamp-milis is unknown; did you mean timestamp-millis?",
                "{'type':'record','name':'T','fields':[~{'name':'a','type':{'type':'long','logicaltype':'timestamp-millis'}}]} | t.avsc:2 a: logicaltype is unknown; did you mean logicalType?",
                "{'type':'record','name':'T','fields':[~{'name':'a','type':{'type':'bytes','logicalType':'decimal','precision':2,'scale':5}}]} | t.avsc:2 a: logicalType decimal does not go with bytes, or its parameters are wrong",
                "{'type':'record','name':'T','fields':[~{'name':'a','type':{'type':'bytes','logicalType':'decimal','precision':50}}]} | t.avsc:2 a: decimal precision must be 1 to 38, was 50",
                "{'type':'record','name':'T','fields':[~{'name':'l','type':{'type':'array','items':{'type':'record','name':'L','fields':[~{'name':'s','type':{'type':'map','values':['int','long']}}]}}}]} | t.avsc:3 l[].s{}: a union",
            })
    void an_avro_schema_that_is_no_table_is_refused(String content, String message)
            throws Exception {
        write("t.avsc", content.replace('\'', '"').replace('~', '\n'));

        assertThat(refusal("t", LATEST).getMessage()).contains("t.avsc").contains(message);
    }

    @Test
    void all_problems_of_an_avro_schema_are_told_at_once() throws Exception {
        write(
                "t.avsc",
                """
                {"type":"record","name":"T","fields":[
                 {"name":"a","type":["int","string"]},
                 {"name":"b","type":{"type":"record","name":"B","fields":[
                   {"name":"c","type":{"type":"long","logicalType":"timestamp-micros"}},
                   {"name":"d","type":"null"}]}}]}
                """);

        assertThat(refusal("t", LATEST).problems())
                .extracting(SchemaProblem::line, SchemaProblem::path)
                .containsExactly(tuple(2, "a"), tuple(4, "b.c"), tuple(5, "b.d"));
    }

    @Test
    void a_logical_type_of_somebody_elses_is_ignored_as_avro_wants_it() throws Exception {
        write(
                "t.avsc",
                """
                {"type":"record","name":"T","fields":[
                 {"name":"a","type":{"type":"string","logicalType":"geo-json"}},
                 {"name":"b","type":{"type":"string","logicalType":"uuid"}},
                 {"name":"c","type":{"type":"int","logicalType":"time-millis"}}]}
                """);

        assertThat(columns(catalog.table("db", "t", LATEST)))
                .isEqualTo("a string, b string, c int");
    }

    @Test
    void types_that_multiply_are_refused() throws Exception {
        StringBuilder schema =
                new StringBuilder("{\"type\":\"record\",\"name\":\"T\",\"fields\":[");
        String last = "\"int\"";
        for (int i = 0; i < 20; i++) {
            String record =
                    "{\"type\":\"record\",\"name\":\"R%d\",\"fields\":[{\"name\":\"a\",\"type\":%s}%s]}"
                            .formatted(
                                    i,
                                    last,
                                    i == 0
                                            ? ""
                                            : ",{\"name\":\"b\",\"type\":\"R%d\"}"
                                                    .formatted(i - 1));
            last = record;
        }
        write("t.avsc", schema.append("{\"name\":\"a\",\"type\":" + last + "}]}").toString());

        assertThat(refusal("t", LATEST).getMessage()).contains("has more than 20000 types");
    }

    @Test
    void two_files_for_one_table_are_an_error() throws Exception {
        write("t.yaml", "columns: [{name: id, type: int}]");
        write("t.avsc", "{}");

        assertThat(refusal("t", LATEST).getMessage()).contains("are both there");
    }

    @Test
    void a_changed_file_is_seen_at_once() throws Exception {
        write("t.yaml", "columns: [{name: id, type: int}]");
        TableSchema before = catalog.table("db", "t", LATEST);
        assertThat(catalog.table("db", "t", LATEST)).isSameAs(before);

        write("t.yaml", "columns: [{name: ip, type: int}]");

        TableSchema after = catalog.table("db", "t", LATEST);
        assertThat(columns(after)).isEqualTo("ip int");
        assertThat(after.version()).isNotEqualTo(before.version());
    }

    @Test
    void the_last_good_schema_stays_in_force_while_the_file_is_broken_or_gone() throws Exception {
        write("t.yaml", "columns: [{name: id, type: int}]");
        TableSchema good = catalog.table("db", "t", LATEST);

        write("t.yaml", "columns: [{name: id, type: in");
        assertThat(catalog.table("db", "t", LATEST)).isSameAs(good);
        Files.delete(directory.resolve("db/t.yaml"));
        assertThat(catalog.table("db", "t", LATEST)).isSameAs(good);
        write("t.yaml", "columns: [{name: id, type: bigint}]");
        assertThat(columns(catalog.table("db", "t", LATEST))).isEqualTo("id bigint");
    }

    @Test
    void the_last_good_schema_stays_in_force_while_no_parser_takes_the_file() throws Exception {
        String schema = "{'type':'record','name':'T','fields':[{'name':'id','type':'int'%s}]}";
        write("t.avsc", schema.formatted("").replace('\'', '"'));
        TableSchema good = catalog.table("db", "t", LATEST);

        for (String wrong : List.of(",'order':'asc'", ",'order':1", ",'order':{}", ",'order':")) {
            write("t.avsc", schema.formatted(wrong).replace('\'', '"'));

            assertThat(catalog.table("db", "t", LATEST)).as(wrong).isSameAs(good);
        }
    }

    @Test
    void what_a_parser_throws_at_a_file_is_told_as_what_is_wrong_with_it() throws Exception {
        FileCatalog failing =
                new FileCatalog(
                        directory,
                        format -> {
                            throw new IllegalStateException("injected");
                        });
        write(
                "t.yaml",
                "columns: [{name: id, type: int}]\nserde: {hive: {timestampFormats: [millis]}}");

        CatalogException refused =
                catchThrowableOfType(
                        CatalogException.class, () -> failing.table("db", "t", LATEST));

        assertThat(refused.getMessage()).contains("t.yaml").contains("injected");
        assertThat(refused.problems()).extracting(SchemaProblem::cause).containsOnly(Cause.CONTENT);
    }

    @Test
    void a_numbered_version_is_a_file_of_its_own() throws Exception {
        write("t.yaml", "columns: [{name: now, type: int}]");
        write("t@3.yaml", "columns: [{name: then, type: int}]");

        assertThat(columns(catalog.table("db", "t", LATEST))).isEqualTo("now int");
        assertThat(columns(catalog.table("db", "t", ""))).isEqualTo("now int");
        assertThat(columns(catalog.table("db", "t", "3"))).isEqualTo("then int");
        assertThat(catalog.table("db", "t", "3").version()).isEqualTo("3");
        assertThat(refusal("t", "4").reason()).isEqualTo(Reason.INVALID_VERSION_ID);
        assertThat(refusal("t", "latest").getMessage())
                .isEqualTo("a version is LATEST or a number, was latest; did you mean LATEST?");
    }

    @Test
    void what_is_not_there_is_named() {
        CatalogException refusal = refusal("missing", LATEST);

        assertThat(refusal.reason()).isEqualTo(Reason.ENTITY_NOT_FOUND);
        assertThat(refusal.code()).isEqualTo("DataFormatConversion.EntityNotFound");
        assertThat(refusal.getMessage()).contains("missing.yaml").contains("missing.avsc");
        assertThat(refusal.problems())
                .extracting(SchemaProblem::cause, SchemaProblem::lasts)
                .containsExactly(tuple(Cause.ABSENT, false));
    }

    @Test
    void what_is_not_there_is_asked_for_by_a_name_that_resembles_it() throws Exception {
        write("clicks.yaml", "columns: [{name: id, type: int}]");
        Files.createDirectory(directory.resolve("analytics"));

        assertThat(refusal("click", LATEST).getMessage()).endsWith("; did you mean db.clicks?");
        assertThat(refusal("orders", LATEST).getMessage()).endsWith(" is there");
        assertThatThrownBy(() -> catalog.table("analytcs", "t", LATEST))
                .hasMessageEndingWith("; did you mean analytics.t?");
    }

    @Test
    void what_can_name_no_table_never_gets_better() {
        assertThat(refusal("a/b", LATEST).problems())
                .extracting(SchemaProblem::path, SchemaProblem::lasts)
                .containsExactly(tuple("table", true));
        assertThat(refusal("t", "latest").problems())
                .extracting(SchemaProblem::path, SchemaProblem::lasts)
                .containsExactly(tuple("version", true));
    }

    @Test
    void a_file_that_cannot_be_read_may_be_readable_later() throws Exception {
        Files.createDirectory(directory.resolve("db/t.yaml"));

        assertThat(refusal("t", LATEST).problems())
                .extracting(SchemaProblem::cause, SchemaProblem::lasts)
                .containsExactly(tuple(Cause.UNREADABLE, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../db", "a/b", "a\\b", "a.b", "t@3", "a\0", "-a", "é"})
    void names_that_could_be_paths_are_refused(String name) throws Exception {
        Files.writeString(directory.resolve("t.yaml"), "columns: [{name: id, type: int}]");

        assertThat(refusal(name, LATEST).reason()).isEqualTo(Reason.INVALID_INPUT);
        assertThatThrownBy(() -> catalog.table(name, "t", LATEST))
                .hasMessageStartingWith("a database name has letters, digits, _ and -");
    }

    @Test
    void a_giant_file_is_refused() throws Exception {
        write("t.yaml", "#".repeat((1 << 20) + 1));

        assertThat(refusal("t", LATEST).getMessage()).contains("more than 1 MiB");
    }

    private CatalogException refusal(String table, String version) {
        return catchThrowableOfType(
                CatalogException.class, () -> catalog.table("db", table, version));
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(directory.resolve("db").resolve(name), content);
    }

    private static String columns(TableSchema table) {
        return table.columns().stream()
                .map(column -> column.name() + " " + column.type())
                .collect(Collectors.joining(", "));
    }
}

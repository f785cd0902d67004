package io.delivery.catalog;

import static io.delivery.format.SchemaCatalog.LATEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.delivery.format.CatalogException;
import io.delivery.format.CatalogException.Reason;
import io.delivery.format.JsonSerDe;
import io.delivery.format.TableSchema;
import java.io.IOException;
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
        catalog = new FileCatalog(directory);
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
                "columns: [{name: id, type: int}]~partitons: []         | INVALID_SCHEMA      | :2: partitons: unknown key of a table; it has columns, partitionColumns, serde",
                "columns: [{name: id, typ: int}]                        | INVALID_SCHEMA      | :1: typ: unknown key of a column; it has name, type, comment",
                "columns: [{name: id}]                                  | INVALID_SCHEMA      | :1: columns: a column needs a name and a type",
                "columns:~  - {name: id, type: int}~  - {name: a, type: array<}| INVALID_TYPE_FORMAT | :3: type of column a: expected a type, saw the end at character 7",
                "columns: [{name: a.b, type: int}]                      | INVALID_SCHEMA      | :1: a column name has no dots or control characters, was a.b",
                "columns: [{name: id, type: int},{name: ID, type: int}] | INVALID_SCHEMA      | column ID is there twice",
                "columns: [{name: id, type: int}]~partitionColumns: [{name: id, type: int}] | INVALID_SCHEMA | partition column id is there twice",
                "columns: []                                            | NON_EXISTENT_COLUMNS| columns: a table needs at least one",
                "columns: {id: int}                                     | INVALID_SCHEMA      | :1: columns: must be a list of {name, type}",
                "''                                                     | NON_EXISTENT_COLUMNS| :1: the file is empty",
                "[]                                                     | INVALID_SCHEMA      | :1: a table: must have keys: columns, partitionColumns, serde",
                "columns: [{name: id, type: int}]~serde: csv            | INVALID_SCHEMA      | :2: serde: must be openx or hive, was csv",
                "columns: [{name: id, type: int}]~serde: {openx: , hive: } | INVALID_SCHEMA   | :2: serde: openx and hive are both there",
                "columns: [{name: id, type: int}]~serde: {openx: {caseInsensitive: maybe}} | INVALID_SCHEMA | :2: caseInsensitive: must be true or false",
                "columns: [{name: id, type: int}]~serde: {hive: {timestampFormats: millis}} | INVALID_SCHEMA | :2: timestampFormats: must be a list of patterns",
                "columns: [{name: id, type: int}]~columns: []           | INVALID_SCHEMA      | columns",
                "columns: [{name: id, type: int                         | INVALID_SCHEMA      | db/t.yaml:",
                "columns: &a [*a]                                       | INVALID_SCHEMA      | db/t.yaml",
            })
    void a_file_that_makes_no_sense_is_refused_with_its_line(
            String content, Reason reason, String message) throws Exception {
        write("t.yaml", content.replace('~', '\n'));

        CatalogException refusal = refusal("t", LATEST);

        assertThat(refusal.reason()).isEqualTo(reason);
        assertThat(refusal.getMessage()).contains("db/t.yaml").contains(message);
    }

    @Test
    void all_problems_are_told_at_once() throws Exception {
        write("t.yaml", "colums: []\ncolumns:\n  - {name: a, type: strin}\n  - {type: int}\n");

        assertThat(refusal("t", LATEST).getMessage())
                .contains(":1: colums")
                .contains(":3: type of column a")
                .contains(":4: columns: a column needs a name");
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
                .contains("t.avsc: field at: " + logicalType + " cannot be read")
                .contains("make it timestamp-millis");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{when: '@timestamp'} | there is no column or field when at any depth",
                "{id: Name} | id and name would both be filled from the key name",
                "{ID: NAME} | id and name would both be filled from the key name",
                "{id: dt} | id and dt would both be filled from the key dt",
                "{dt: id} | id and dt would both be filled from the key id",
                "{x: y} | at.x and at.y would both be filled from the key y",
                "{z: w} | lines[].z and lines[].w would both be filled from the key w",
            })
    void a_mapping_of_nothing_or_of_two_columns_to_one_key_is_refused(
            String mappings, String message) throws Exception {
        write("t.yaml", MAPPED.formatted(mappings));

        assertThat(refusal("t", LATEST).getMessage())
                .contains("t.yaml:8: columnToJsonKeyMappings: " + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{id: name, name: id}", "{x: '@x', z: '@z', v: w}", "{dt: day}", "{}"})
    void mappings_of_columns_and_of_fields_at_any_depth_are_taken(String mappings)
            throws Exception {
        write("t.yaml", MAPPED.formatted(mappings));

        assertThat(catalog.table("db", "t", LATEST).columns()).hasSize(4);
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
                "\"string\" | a table is an Avro record, was string",
                "{ | t.avsc",
                "{\"type\":\"record\",\"name\":\"T\",\"fields\":[{\"name\":\"a\",\"type\":[\"int\",\"string\"]}]} | field a: a union must be of null and one type, was of 2 types",
                "{\"type\":\"record\",\"name\":\"T\",\"fields\":[{\"name\":\"a\",\"type\":[\"null\",\"T\"]}]} | or a record holds itself",
            })
    void an_avro_schema_that_is_no_table_is_refused(String content, String message)
            throws Exception {
        write("t.avsc", content);

        assertThat(refusal("t", LATEST).getMessage()).contains("t.avsc").contains(message);
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
    void a_numbered_version_is_a_file_of_its_own() throws Exception {
        write("t.yaml", "columns: [{name: now, type: int}]");
        write("t@3.yaml", "columns: [{name: then, type: int}]");

        assertThat(columns(catalog.table("db", "t", LATEST))).isEqualTo("now int");
        assertThat(columns(catalog.table("db", "t", ""))).isEqualTo("now int");
        assertThat(columns(catalog.table("db", "t", "3"))).isEqualTo("then int");
        assertThat(catalog.table("db", "t", "3").version()).isEqualTo("3");
        assertThat(refusal("t", "4").reason()).isEqualTo(Reason.INVALID_VERSION_ID);
        assertThat(refusal("t", "latest").getMessage())
                .isEqualTo("a version is LATEST or a number, was latest");
    }

    @Test
    void what_is_not_there_is_named() {
        CatalogException refusal = refusal("missing", LATEST);

        assertThat(refusal.reason()).isEqualTo(Reason.ENTITY_NOT_FOUND);
        assertThat(refusal.code()).isEqualTo("DataFormatConversion.EntityNotFound");
        assertThat(refusal.getMessage()).contains("missing.yaml").contains("missing.avsc");
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

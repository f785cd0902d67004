package io.delivery.parquet;

import static io.delivery.parquet.DuckDbReader.parquet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.convert.ConvertingEncoderFactory;
import io.delivery.convert.TableReference;
import io.delivery.format.CatalogException;
import io.delivery.format.DecoderOptions;
import io.delivery.format.EncoderFactory;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RecordEncoder;
import io.delivery.format.SchemaProblem;
import io.delivery.format.SchemaProblem.Cause;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFieldPolicy;
import io.delivery.format.UnknownFields;
import io.delivery.json.JsonRecordDecoder;
import io.delivery.parquet.ParquetSettings.Dictionary;
import io.delivery.parquet.ParquetSettings.Timestamps;
import io.delivery.parquet.ParquetSettings.Version;
import io.delivery.record.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ParquetEncoderTest {
    private static final ParquetSettings SETTINGS = ParquetSettings.DEFAULTS;

    @TempDir private Path directory;
    private Path file;
    private DuckDbReader lake;

    @BeforeEach
    void open() throws Exception {
        file = directory.resolve("object.parquet");
        lake = new DuckDbReader();
    }

    @AfterEach
    void close() throws Exception {
        lake.close();
    }

    static Stream<ParquetSettings> everySetting() {
        List<ParquetSettings> all = new ArrayList<>();
        for (PageCompression compression : PageCompression.values()) {
            for (Version version : Version.values()) {
                for (Dictionary dictionary : Dictionary.values()) {
                    all.add(
                            SETTINGS.withCompression(compression)
                                    .withWriterVersion(version)
                                    .withDictionary(dictionary));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("everySetting")
    void names_with_dots_and_blanks_read_back_also_where_their_paths_look_the_same(
            ParquetSettings settings) throws Exception {
        TableSchema table =
                Objects.table(
                        "st struct<service.name:string,first name:string,xs:array<struct<a.b:int>>>",
                        "a struct<b.c:int,b:struct<c:int>>");
        String record =
                """
                {"st":{"service.name":"api","first name":"Ada","xs":[{"a.b":1},{"a.b":2}]},
                 "a":{"b.c":3,"b":{"c":4}}}""";

        Map<Long, Failure> rejected =
                Objects.encode(file, settings, table, Stream.of(record, "{}", record));

        assertThat(rejected).isEmpty();
        assertThat(
                        lake.rows(
                                "SELECT st['service.name'], st['first name'], st.xs[2]['a.b'],"
                                        + " a['b.c'], a.b.c FROM "
                                        + parquet(file)))
                .containsExactly("api|Ada|2|3|4", "null|null|null|null|null", "api|Ada|2|3|4");
    }

    @ParameterizedTest
    @MethodSource("everySetting")
    void every_type_reads_back_as_it_was(ParquetSettings settings) throws Exception {
        TableSchema table =
                Objects.table(
                        "b boolean",
                        "i1 tinyint",
                        "i2 smallint",
                        "i4 int",
                        "i8 bigint",
                        "f4 float",
                        "f8 double",
                        "d decimal(5,2)",
                        "dd decimal(38,10)",
                        "s string",
                        "c char(3)",
                        "v varchar(3)",
                        "day date",
                        "moment timestamp",
                        "bin binary");
        String record =
                """
                {"b":true,"i1":-128,"i2":32767,"i4":-2147483648,"i8":9223372036854775807,
                 "f4":1.5,"f8":-2.25e-300,"d":-123.45,"dd":-1234567890123456789012345678.0123456789,
                 "s":"gr\u00fc\u00df \ud83d\ude00","c":"abcd","v":"abcd","day":"1969-12-31",
                 "moment":"1969-12-31T23:59:59.123456Z","bin":"\\u0001x"}""";

        Map<Long, Failure> rejected =
                Objects.encode(file, settings, table, Stream.of(record, "{}", record));

        assertThat(rejected).isEmpty();
        String values =
                "true|-128|32767|-2147483648|9223372036854775807|1.5|-2.25E-300|-123.45"
                        + "|-1234567890123456789012345678.0123456789|gr\u00fc\u00df \ud83d\ude00"
                        + "|abc|abc|1969-12-31|1969-12-31 23:59:59.123456+00|\\x01x";
        assertThat(
                        lake.rows(
                                "SELECT b,i1,i2,i4,i8,f4,f8,d,dd,s,c,v,day,moment::VARCHAR,bin::VARCHAR"
                                        + " FROM "
                                        + parquet(file)))
                .containsExactly(values, "null|".repeat(14) + "null", values);
        assertThat(lake.rows("SELECT column_type FROM (DESCRIBE FROM " + parquet(file) + ")"))
                .containsExactly(
                        "BOOLEAN",
                        "TINYINT",
                        "SMALLINT",
                        "INTEGER",
                        "BIGINT",
                        "FLOAT",
                        "DOUBLE",
                        "DECIMAL(5,2)",
                        "DECIMAL(38,10)",
                        "VARCHAR",
                        "VARCHAR",
                        "VARCHAR",
                        "DATE",
                        "TIMESTAMP WITH TIME ZONE",
                        "BLOB");
        assertThat(lake.value("SELECT DISTINCT compression FROM parquet_metadata('" + file + "')"))
                .isEqualTo(settings.compression().name());
        assertThat(lake.value("SELECT num_rows FROM parquet_file_metadata('" + file + "')"))
                .isEqualTo("3");
    }

    @Test
    void nested_values_read_back_as_they_were() throws Exception {
        TableSchema table =
                Objects.table(
                        "l array<int>",
                        "ll array<array<string>>",
                        "m map<string,bigint>",
                        "mi map<int,array<double>>",
                        "s struct<a:int,b:struct<c:string,d:array<struct<e:boolean>>>>");

        Objects.encode(
                file,
                SETTINGS,
                table,
                Stream.of(
                        "{\"l\":[1,null,3],\"ll\":[[\"a\"],[],null,[null,\"b\"]],"
                                + "\"m\":{\"x\":1,\"y\":null},\"mi\":{\"7\":[1.5],\"8\":[]},"
                                + "\"s\":{\"a\":1,\"b\":{\"c\":\"z\",\"d\":[{\"e\":true},{}]}}}",
                        "{\"l\":[],\"ll\":[],\"m\":{},\"mi\":{},\"s\":{}}",
                        "{}",
                        "{\"s\":{\"b\":{\"d\":[]}}}"));

        assertThat(lake.rows("SELECT l::VARCHAR, ll::VARCHAR FROM " + parquet(file)))
                .containsExactly(
                        "[1, NULL, 3]|[[a], [], NULL, [NULL, b]]",
                        "[]|[]",
                        "null|null",
                        "null|null");
        assertThat(lake.rows("SELECT m::VARCHAR, mi::VARCHAR FROM " + parquet(file)))
                .containsExactly(
                        "{x=1, y=NULL}|{7=[1.5], 8=[]}", "{}|{}", "null|null", "null|null");
        assertThat(lake.rows("SELECT s::VARCHAR FROM " + parquet(file)))
                .containsExactly(
                        "{'a': 1, 'b': {'c': z, 'd': [{'e': true}, {'e': NULL}]}}",
                        "{'a': NULL, 'b': NULL}",
                        "null",
                        "{'a': NULL, 'b': {'c': NULL, 'd': []}}");
    }

    /** As Hive writes them; a varchar keeps its blanks. */
    @Test
    void a_char_is_written_without_the_blanks_at_its_end() throws Exception {
        Objects.encode(
                file,
                SETTINGS,
                Objects.table("c char(4)", "v varchar(4)"),
                Stream.of(
                        "{\"c\":\"a \",\"v\":\"a \"}",
                        "{\"c\":\" b c d\",\"v\":\" b c d\"}",
                        "{\"c\":\"  \",\"v\":\"  \"}",
                        "{\"c\":\"\",\"v\":\"\"}"));

        assertThat(
                        lake.rows(
                                "SELECT concat('<', c, '>'), concat('<', v, '>') FROM "
                                        + parquet(file)))
                .containsExactly("<a>|<a >", "< b c>|< b c>", "<>|<  >", "<>|<>");
    }

    @Test
    void lists_have_three_levels() throws Exception {
        Objects.encode(file, SETTINGS, Objects.table("l array<int>"), Stream.of("{\"l\":[1]}"));

        assertThat(
                        lake.rows(
                                "SELECT name, repetition_type, converted_type FROM parquet_schema('"
                                        + file
                                        + "') OFFSET 1"))
                .containsExactly("l|OPTIONAL|LIST", "list|REPEATED|null", "element|OPTIONAL|null");
    }

    @ParameterizedTest
    @EnumSource(Timestamps.class)
    void timestamps_read_back_in_either_form(Timestamps timestamps) throws Exception {
        ParquetSettings settings = SETTINGS.withTimestamps(timestamps);

        Objects.encode(
                file,
                settings,
                Objects.table("moment timestamp"),
                Stream.of(
                        "{\"moment\":\"2024-02-29T01:02:03.123456Z\"}",
                        "{\"moment\":\"1900-01-01 00:00:00\"}",
                        "{\"moment\":-1}",
                        "{\"moment\":null}"));

        assertThat(
                        lake.value(
                                "SELECT type FROM parquet_schema('"
                                        + file
                                        + "') WHERE name = 'moment'"))
                .isEqualTo(timestamps == Timestamps.INT96 ? "INT96" : "INT64");
        assertThat(lake.rows("SELECT moment::TIMESTAMP::VARCHAR FROM " + parquet(file)))
                .containsExactly(
                        "2024-02-29 01:02:03.123456",
                        "1900-01-01 00:00:00",
                        "1969-12-31 23:59:59",
                        "null");
    }

    @Test
    void a_record_lands_with_all_of_its_rows_or_none_and_its_neighbours_are_written()
            throws Exception {
        Map<Long, Failure> rejected =
                Objects.encode(
                        file,
                        SETTINGS,
                        Objects.table("id int", "l array<int>"),
                        Stream.of(
                                "{\"id\":1,\"l\":[1]}{\"id\":2}",
                                "{\"id\":3,\"l\":[3]}{\"id\":4,\"l\":[4,\"x\"]}",
                                "{\"id\":5,\"l\":[5,6]}",
                                "",
                                "{\"id\":6}{",
                                "{\"id\":7}"));

        assertThat(lake.rows("SELECT id, l::VARCHAR FROM " + parquet(file)))
                .containsExactly("1|[1]", "2|null", "5|[5, 6]", "7|null");
        assertThat(rejected.keySet()).containsExactly(1L, 3L, 4L);
        assertThat(rejected.get(1L).kind()).isEqualTo(Failure.Kind.FORMAT_CONVERSION_FAILED);
        assertThat(rejected.get(1L).code()).isEqualTo("DataFormatConversion.MalformedData");
        assertThat(rejected.get(1L).message())
                .isEqualTo(
                        "Column l[1]: Data does not match the schema. The value is not a number for"
                                + " int");
        assertThat(rejected.get(4L).code()).isEqualTo("DataFormatConversion.ParseError");
    }

    @Test
    void an_object_of_rejected_records_is_encoded_too() throws Exception {
        Map<Long, Failure> rejected =
                Objects.encode(
                        file,
                        SETTINGS,
                        Objects.table("id int"),
                        Stream.of("[]", "x", "{\"id\":[]}"));

        assertThat(rejected).hasSize(3);
        assertThat(lake.value("SELECT count(*) FROM " + parquet(file))).isEqualTo("0");
    }

    @Test
    void an_object_without_records_is_a_file_without_rows() throws Exception {
        Objects.encode(file, SETTINGS, Objects.table("id int"), Stream.of());

        assertThat(lake.value("SELECT count(*) FROM " + parquet(file))).isEqualTo("0");
    }

    @Test
    void row_groups_are_closed_before_memory_runs_out() throws Exception {
        Random random = new Random(7);
        Stream<String> records =
                IntStream.range(0, 60)
                        .mapToObj(
                                i -> {
                                    byte[] bytes = new byte[500_000];
                                    random.nextBytes(bytes);
                                    String text = Base64.getEncoder().encodeToString(bytes);
                                    return "{\"id\":" + i + ",\"s\":\"" + text + "\"}";
                                });

        Objects.encode(file, SETTINGS, Objects.table("id int", "s string"), records);

        assertThat(
                        lake.value(
                                "SELECT count(DISTINCT row_group_id) BETWEEN 2 AND 6,"
                                        + " max(total_uncompressed_size) < 20000000"
                                        + " FROM parquet_metadata('"
                                        + file
                                        + "')"))
                .isEqualTo("true|true");
        assertThat(
                        lake.value(
                                "SELECT count(*), sum(id), min(length(s)), max(length(s)) FROM "
                                        + parquet(file)))
                .isEqualTo("60|1770|666668|666668");
    }

    @Test
    void ranges_are_kept_for_readers_until_texts_get_long() throws Exception {
        Objects.encode(
                file,
                SETTINGS,
                Objects.table("id int", "s string"),
                Stream.of(
                        "{\"id\":1,\"s\":\"a\"}",
                        "{\"id\":2,\"s\":\"b\"}",
                        "{\"id\":3,\"s\":\"" + "x".repeat(40_000) + "\"}"));

        assertThat(
                        lake.rows(
                                "SELECT row_group_id, path_in_schema, stats_min_value,"
                                        + " stats_max_value FROM parquet_metadata('"
                                        + file
                                        + "') ORDER BY 1, 2"))
                .containsExactly("0|id|1|2", "0|s|a|b", "1|id|3|3", "1|s|null|null");
        assertThat(lake.value("SELECT count(*), max(length(s)) FROM " + parquet(file)))
                .isEqualTo("3|40000");
    }

    /** A row group, its column, and whether it has min, max and a column index. */
    private List<String> ranges() throws Exception {
        List<String> ranges = new ArrayList<>();
        int group = 0;
        for (BlockMetaData block : new ParquetJavaReader(file).footer().getBlocks()) {
            for (ColumnChunkMetaData column : block.getColumns()) {
                boolean has = column.getStatistics().hasNonNullValue();
                assertThat(column.getColumnIndexReference() != null).isEqualTo(has);
                ranges.add(group + " " + column.getPath().toDotString() + (has ? "" : " none"));
            }
            group++;
        }
        return ranges;
    }

    @Test
    void only_the_column_that_has_a_long_text_loses_its_ranges() throws Exception {
        Objects.encode(
                file,
                SETTINGS,
                Objects.table(
                        "name string",
                        "l array<struct<n:int,body:string>>",
                        "m map<string,binary>"),
                Stream.of(
                        "{\"name\":\"a\",\"l\":[{\"n\":1,\"body\":\"b\"}],\"m\":{\"k\":\"v\"}}",
                        "{\"name\":\"b\",\"l\":[{},{\"n\":2,\"body\":\"%s\"}],\"m\":{\"k\":\"v\"}}"
                                .formatted("x".repeat(7000)),
                        "{\"name\":\"c\",\"l\":[{\"n\":3,\"body\":\"b\"}],\"m\":{\"k\":\"v\"}}",
                        "{\"name\":\"c\",\"l\":[{\"n\":3,\"body\":\"b\"}],\"m\":{\"k\":\"%s\"}}"
                                .formatted("y".repeat(7000))));

        assertThat(ranges())
                .containsExactly(
                        "0 name",
                        "0 l.list.element.n",
                        "0 l.list.element.body",
                        "0 m.key_value.key",
                        "0 m.key_value.value",
                        "1 name",
                        "1 l.list.element.n",
                        "1 l.list.element.body none",
                        "1 m.key_value.key",
                        "1 m.key_value.value",
                        "2 name",
                        "2 l.list.element.n",
                        "2 l.list.element.body none",
                        "2 m.key_value.key",
                        "2 m.key_value.value none");
        assertThat(lake.value("SELECT count(*), max(length(l[2].body)) FROM " + parquet(file)))
                .isEqualTo("4|7000");
    }

    @Test
    void a_column_whose_first_text_is_long_costs_no_row_group() throws Exception {
        Objects.encode(
                file,
                SETTINGS,
                Objects.table("name string", "body string"),
                Stream.of("{\"name\":\"a\",\"body\":\"" + "x".repeat(20_000) + "\"}"));

        assertThat(ranges()).containsExactly("0 name", "0 body none");
    }

    @Test
    void a_field_with_dots_in_its_name_loses_its_range_alone() throws Exception {
        Objects.encode(
                file,
                SETTINGS,
                Objects.table(
                        "name string", "n int", "s struct<service.name:string,a.b:int,c:int>"),
                Stream.of(
                        "{\"name\":\"a\",\"n\":1,\"s\":{\"service.name\":\"%s\",\"a.b\":1,\"c\":2}}"
                                .formatted("x".repeat(20_000))));

        assertThat(ranges())
                .containsExactly("0 name", "0 n", "0 s.service.name none", "0 s.a.b", "0 s.c");
    }

    @Test
    void long_texts_in_one_column_after_the_other_close_few_row_groups() throws Exception {
        int columns = 20;
        String[] names = new String[columns];
        for (int i = 0; i < columns; i++) {
            names[i] = "c" + i + " string";
        }
        String text = "x".repeat(2000);
        Stream<String> records =
                IntStream.range(0, columns)
                        .mapToObj(i -> "{\"c%d\":\"%s\",\"c0\":\"a\"}".formatted(i, text));

        Objects.encode(file, SETTINGS, Objects.table(names), records);

        List<BlockMetaData> groups = new ParquetJavaReader(file).footer().getBlocks();
        assertThat(groups).hasSize(1 + TableFiles.maxEarlyGroups(columns));
        assertThat(groups.get(groups.size() - 1).getColumns())
                .noneMatch(column -> column.getStatistics().hasNonNullValue());
        assertThat(TableFiles.maxEarlyGroups(1)).isEqualTo(8);
        assertThat(TableFiles.maxEarlyGroups(columns)).isEqualTo(8);
        assertThat(TableFiles.maxEarlyGroups(5000)).isEqualTo(1);
    }

    @Test
    void the_largest_numbers_that_settings_have_are_taken() throws Exception {
        ParquetSettings largest =
                new ParquetSettings(
                        SETTINGS.compression(),
                        Integer.MAX_VALUE,
                        Integer.MAX_VALUE,
                        SETTINGS.dictionary(),
                        SETTINGS.writerVersion(),
                        Integer.MAX_VALUE - 1,
                        SETTINGS.timestamps(),
                        SETTINGS.memoryBytes());

        Objects.encode(file, largest, Objects.table("id int"), Stream.of("{\"id\":7}"));

        assertThat(lake.value("SELECT sum(id) FROM " + parquet(file))).isEqualTo("7");
    }

    @Test
    void a_dictionary_is_written_where_it_pays_unless_it_is_off() throws Exception {
        List<String> records =
                IntStream.range(0, 5000).mapToObj(i -> "{\"s\":\"value " + i % 7 + "\"}").toList();
        TableSchema table = Objects.table("s string");
        String encodings = "SELECT encodings FROM parquet_metadata('" + file + "')";

        Objects.encode(file, SETTINGS, table, records.stream());
        assertThat(lake.value(encodings)).contains("PLAIN_DICTIONARY");

        Objects.encode(file, SETTINGS.withDictionary(Dictionary.OFF), table, records.stream());
        assertThat(lake.value(encodings)).doesNotContain("DICTIONARY");
    }

    @Test
    void the_api_s_deserializer_overrides_the_table_s() throws Exception {
        EncoderFactory hive =
                Objects.factory(
                        SETTINGS,
                        Objects.table("id int"),
                        new DecoderOptions(
                                Optional.of(JsonSerDe.Hive.DEFAULTS), UnknownFieldPolicy.DEFAULT),
                        UnknownFields.IGNORED);

        Map<Long, Failure> rejected = Objects.encode(file, hive, Stream.of("{\"id\":\"1\"}"));

        assertThat(rejected.get(0L).message()).contains("VALUE_STRING) not numeric");
    }

    @Test
    void unknown_fields_are_reported_once_the_object_is_durable() throws Exception {
        Map<String, Long> seen = new TreeMap<>();
        UnknownFields unknown = (field, times) -> seen.merge(field, times, Long::sum);
        EncoderFactory factory = Objects.factory(SETTINGS, Objects.table("id int"), unknown);
        OutputStream full =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("disk is full");
                    }
                };

        assertThatThrownBy(
                        () ->
                                factory.encoder()
                                        .encode(
                                                new Objects.Records(
                                                        List.of("{\"x\":1}").iterator()),
                                                full,
                                                failure -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage("disk is full");
        assertThat(seen).isEmpty();

        RecordEncoder encoder = factory.encoder();
        encoder.encode(
                new Objects.Records(List.of("{\"x\":1}", "{\"x\":2,\"y\":{}}").iterator()),
                new ByteArrayOutputStream(),
                failure -> {});
        assertThat(seen).as("another object of its file may fail").isEmpty();
        encoder.staged();
        assertThat(seen).isEqualTo(Map.of("x", 2L, "y", 1L));
    }

    @Test
    void without_a_schema_no_record_is_rejected_and_the_object_fails() {
        EncoderFactory factory =
                new ConvertingEncoderFactory(
                        new ParquetFormat(SETTINGS),
                        new TableReference(
                                (database, table, version) -> {
                                    throw new CatalogException(
                                            CatalogException.Reason.ENTITY_NOT_FOUND,
                                            List.of(
                                                    new SchemaProblem(
                                                            Cause.ABSENT,
                                                            "",
                                                            0,
                                                            "table",
                                                            "no such file")));
                                },
                                "analytics",
                                "clicks",
                                "LATEST"),
                        DecoderOptions.DEFAULTS,
                        JsonRecordDecoder::new,
                        UnknownFields.IGNORED);
        RecordEncoder encoder = factory.encoder();
        List<Failure> rejected = new ArrayList<>();

        assertThatThrownBy(
                        () ->
                                encoder.encode(
                                        new Objects.Records(List.of("{}").iterator()),
                                        new ByteArrayOutputStream(),
                                        rejected::add))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "convert to Parquet: no schema of analytics.clicks (version LATEST): no"
                                + " such file");
        assertThat(rejected).isEmpty();
    }

    @Test
    void a_failing_source_fails_the_object() {
        RecordEncoder encoder =
                Objects.factory(SETTINGS, Objects.table("id int"), UnknownFields.IGNORED).encoder();

        assertThatThrownBy(
                        () ->
                                encoder.encode(
                                        () -> {
                                            throw new IOException("segment is damaged");
                                        },
                                        new ByteArrayOutputStream(),
                                        failure -> {}))
                .hasMessage("segment is damaged");
    }

    @Test
    void the_object_s_name_and_headers_are_parquet_s() {
        EncoderFactory factory =
                Objects.factory(SETTINGS, Objects.table("id int"), UnknownFields.IGNORED);

        assertThat(factory.extension()).isEqualTo(".parquet");
        assertThat(factory.contentEncoding()).isEmpty();
        assertThat(factory.memoryBytes()).isEqualTo(64L << 20);
    }

    @Test
    void the_footer_of_a_wide_table_is_expected() throws Exception {
        String[] columns =
                IntStream.range(0, 500).mapToObj(i -> "c" + i + " string").toArray(String[]::new);
        EncoderFactory factory =
                Objects.factory(SETTINGS, Objects.table(columns), UnknownFields.IGNORED);

        Objects.encode(file, factory, Stream.of("{\"c1\":\"x\"}"));

        assertThat(file.toFile().length())
                .isGreaterThan(10_000)
                .isLessThan(factory.expectedBytes(10));
    }

    @Test
    void settings_out_of_range_are_refused() {
        assertThatThrownBy(
                        () ->
                                new ParquetSettings(
                                        PageCompression.GZIP,
                                        1,
                                        1 << 20,
                                        Dictionary.OFF,
                                        Version.V1,
                                        0,
                                        Timestamps.INT96,
                                        64 << 20))
                .hasMessage("blockSizeBytes: must be at least 67108864, was 1");
    }
}

package io.delivery.orc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.ColumnarSettings.Orc;
import io.delivery.config.ColumnarSettings.OrcCompression;
import io.delivery.config.ColumnarSettings.OrcVersion;
import io.delivery.format.EncoderFactory;
import io.delivery.format.TableSchema;
import io.delivery.parquet.Objects;
import io.delivery.record.Failure;
import io.delivery.testkit.orc.OrcContent;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.orc.OrcFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OrcEncoderTest {
    private static final Orc SETTINGS = Orc.DEFAULTS;

    @TempDir private Path directory;

    /** Each compression, both versions, without dictionaries and with them. */
    static Stream<Orc> everySetting() {
        List<Orc> all = new ArrayList<>();
        for (OrcCompression compression : OrcCompression.values()) {
            all.add(OrcFiles.with(compression, 0, OrcVersion.V0_12));
            all.add(OrcFiles.with(compression, 1, OrcVersion.V0_12));
            all.add(OrcFiles.with(compression, 1, OrcVersion.V0_11));
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("everySetting")
    void the_least_and_the_greatest_of_every_type_read_back(Orc settings) throws Exception {
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
                        "d18 decimal(18,0)",
                        "d38 decimal(38,10)",
                        "s string",
                        "c char(4)",
                        "v varchar(3)",
                        "day date",
                        "bin binary");
        String most =
                """
                {"b":true,"i1":127,"i2":32767,"i4":2147483647,"i8":9223372036854775807,
                 "f4":"Infinity","f8":"Infinity","d":999.99,"d18":999999999999999999,
                 "d38":9999999999999999999999999999.9999999999,
                 "s":"gr\u00fc\u00df \ud83d\ude00","c":"abcdef","v":"abcd","day":"9999-12-31",
                 "bin":"\\u0001x"}""";
        String least =
                """
                {"b":false,"i1":-128,"i2":-32768,"i4":-2147483648,"i8":-9223372036854775808,
                 "f4":"-Infinity","f8":"-Infinity","d":-999.99,"d18":-999999999999999999,
                 "d38":-9999999999999999999999999999.9999999999,
                 "s":"","c":"a","v":"","day":"0001-01-01","bin":""}""";

        try (OrcContent file =
                OrcFiles.encode(directory, settings, table, Stream.of(most, "{}", least))) {
            assertThat(file.rows())
                    .containsExactly(
                            List.of(
                                    true,
                                    127L,
                                    32767L,
                                    2147483647L,
                                    Long.MAX_VALUE,
                                    Double.POSITIVE_INFINITY,
                                    Double.POSITIVE_INFINITY,
                                    new BigDecimal("999.99"),
                                    new BigDecimal("999999999999999999"),
                                    new BigDecimal("9999999999999999999999999999.9999999999"),
                                    "gr\u00fc\u00df \ud83d\ude00",
                                    "abcd",
                                    "abc",
                                    LocalDate.of(9999, 12, 31),
                                    "0178"),
                            nulls(15),
                            List.of(
                                    false,
                                    -128L,
                                    -32768L,
                                    -2147483648L,
                                    Long.MIN_VALUE,
                                    Double.NEGATIVE_INFINITY,
                                    Double.NEGATIVE_INFINITY,
                                    new BigDecimal("-999.99"),
                                    new BigDecimal("-999999999999999999"),
                                    new BigDecimal("-9999999999999999999999999999.9999999999"),
                                    "",
                                    // Filled up with blanks in the file; readers cut them off.
                                    "a",
                                    "",
                                    LocalDate.of(1, 1, 1),
                                    ""));
            assertThat(file.type().toString())
                    .isEqualTo(
                            "struct<b:boolean,i1:tinyint,i2:smallint,i4:int,i8:bigint,f4:float,"
                                    + "f8:double,d:decimal(5,2),d18:decimal(18,0),"
                                    + "d38:decimal(38,10),s:string,c:char(4),v:varchar(3),"
                                    + "day:date,bin:binary>");
            assertThat(file.reader().getCompressionKind().name())
                    .isEqualTo(settings.compression().name());
            assertThat(file.reader().getFileVersion())
                    .isEqualTo(
                            settings.formatVersion() == OrcVersion.V0_11
                                    ? OrcFile.Version.V_0_11
                                    : OrcFile.Version.V_0_12);
            assertThat(file.streams("s").contains("DICTIONARY_DATA"))
                    .isEqualTo(settings.dictionaryKeyThreshold() == 1);
        }
    }

    @Test
    void numbers_that_are_none_and_the_zero_below_zero_read_back() throws Exception {
        try (OrcContent file =
                OrcFiles.encode(
                        directory,
                        SETTINGS,
                        Objects.table("f4 float", "f8 double"),
                        Stream.of(
                                "{\"f4\":\"NaN\",\"f8\":\"NaN\"}", "{\"f4\":-0.0,\"f8\":-0.0}"))) {
            assertThat(file.rows())
                    .containsExactly(List.of(Double.NaN, Double.NaN), List.of(-0.0, -0.0));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2024-02-29T01:02:03.123456789Z, 2024-02-29T01:02:03.123456789Z",
        "1969-12-31T23:59:58.999999999Z, 1969-12-31T23:59:58.999999999Z",
        "1969-12-31T23:59:59Z,           1969-12-31T23:59:59Z",
        "1969-12-31T23:59:59.000999999Z, 1969-12-31T23:59:59.000999999Z",
        "1970-01-01T00:00:00Z,           1970-01-01T00:00:00Z",
        "1582-10-10T00:00:00.5Z,         1582-10-10T00:00:00.5Z",
        "0001-01-01T00:00:00.001Z,       0001-01-01T00:00:00.001Z",
        "9999-12-31T23:59:59.999999999Z, 9999-12-31T23:59:59.999999999Z",
    })
    void moments_read_back_to_the_nanosecond(String written, Instant read) throws Exception {
        try (OrcContent file =
                OrcFiles.encode(
                        directory,
                        SETTINGS,
                        Objects.table("moment timestamp"),
                        Stream.of("{\"moment\":\"" + written + "\"}"))) {
            assertThat(file.rows()).containsExactly(List.of(read));
            assertThat(file.type().toString()).isEqualTo("struct<moment:timestamp>");
        }
    }

    /** ORC has no form for them: the class LostMoments says why. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "moment timestamp | {\"moment\":\"1969-12-31T23:59:59.001Z\"} | moment",
                "moment timestamp | {\"moment\":-0.25} | moment",
                "moment timestamp | {\"moment\":1}{\"moment\":\"1969-12-31 23:59:59.999999999\"} | moment",
                "l array<timestamp> | {\"l\":[null,1,-0.25]} | l[]",
                "m map<timestamp,int> | {\"m\":{\"-0.25\":1}} | m{key}",
                "m map<string,struct<a:int,at:timestamp>> | {\"m\":{\"a\":null,\"b\":{\"at\":-0.25}}} | m{}.at",
            })
    void a_record_with_a_moment_that_orc_cannot_keep_fails_with_all_of_its_rows(
            String column, String record, String place) throws Exception {
        Map<Long, Failure> rejected =
                Objects.encode(
                        directory.resolve("moments.orc"),
                        Objects.factory(new OrcFormat(SETTINGS), Objects.table(column, "id int")),
                        Stream.of("{\"id\":1}", record, "{\"id\":2}"));

        assertThat(rejected).containsOnlyKeys(1L);
        assertThat(rejected.get(1L).code())
                .isEqualTo("DataFormatConversion.ConversionFailureException");
        assertThat(rejected.get(1L).message())
                .isEqualTo(
                        "Column "
                                + place
                                + ": ORC has no form for a timestamp from"
                                + " 1969-12-31T23:59:59.001Z to the end of that second");
    }

    @Test
    void the_footer_tells_which_table_the_file_is_of() throws Exception {
        try (OrcContent file =
                OrcFiles.encode(
                        directory, SETTINGS, Objects.table("id int"), Stream.of("{\"id\":1}"))) {
            assertThat(file.reader().getMetadataKeys())
                    .containsExactlyInAnyOrder("delivery.table", "delivery.table.version");
            assertThat(UTF_8.decode(file.reader().getMetadataValue("delivery.table")).toString())
                    .isEqualTo("db.t");
            assertThat(
                            UTF_8.decode(file.reader().getMetadataValue("delivery.table.version"))
                                    .toString())
                    .isEqualTo("1");
        }
    }

    @Test
    void days_before_the_calendar_changed_are_those_of_today_s_calendar() throws Exception {
        try (OrcContent file =
                OrcFiles.encode(
                        directory,
                        SETTINGS,
                        Objects.table("day date"),
                        Stream.of("{\"day\":\"1582-10-10\"}", "{\"day\":\"1500-02-28\"}"))) {
            assertThat(file.reader().writerUsedProlepticGregorian()).isTrue();
            assertThat(file.rows())
                    .containsExactly(
                            List.of(LocalDate.of(1582, 10, 10)),
                            List.of(LocalDate.of(1500, 2, 28)));
        }
    }

    @ParameterizedTest
    @MethodSource("everySetting")
    void nested_values_and_what_is_missing_at_each_level_read_back(Orc settings) throws Exception {
        TableSchema table =
                Objects.table(
                        "l array<int>",
                        "ll array<array<string>>",
                        "m map<string,bigint>",
                        "mi map<int,array<decimal(20,1)>>",
                        "s struct<a:int,b:struct<c:string,d:array<struct<e:boolean>>>>");

        try (OrcContent file =
                OrcFiles.encode(
                        directory,
                        settings,
                        table,
                        Stream.of(
                                "{\"l\":[1,null,3],\"ll\":[[\"a\"],[],null,[null,\"b\"]],"
                                        + "\"m\":{\"x\":1,\"y\":null},\"mi\":{\"7\":[1.5],\"8\":[]},"
                                        + "\"s\":{\"a\":1,\"b\":{\"c\":\"z\",\"d\":[{\"e\":true},{}]}}}",
                                "{\"l\":[],\"ll\":[],\"m\":{},\"mi\":{},\"s\":{}}",
                                "{}",
                                "{\"s\":{\"b\":{\"d\":[null]}}}"))) {
            assertThat(file.rows())
                    .containsExactly(
                            Arrays.asList(
                                    Arrays.asList(1L, null, 3L),
                                    Arrays.asList(
                                            List.of("a"),
                                            List.of(),
                                            null,
                                            Arrays.asList(null, "b")),
                                    map("x", 1L, "y", null),
                                    map(7L, List.of(new BigDecimal("1.5")), 8L, List.of()),
                                    map(
                                            "a",
                                            1L,
                                            "b",
                                            map(
                                                    "c",
                                                    "z",
                                                    "d",
                                                    List.of(map("e", true), map("e", null))))),
                            Arrays.asList(
                                    List.of(),
                                    List.of(),
                                    Map.of(),
                                    Map.of(),
                                    map("a", null, "b", null)),
                            nulls(5),
                            Arrays.asList(
                                    null,
                                    null,
                                    null,
                                    null,
                                    map(
                                            "a",
                                            null,
                                            "b",
                                            map("c", null, "d", Collections.singletonList(null)))));
        }
    }

    @Test
    void names_with_odd_characters_read_back() throws Exception {
        String[] names = {"first name", "a,b", "\u00fc", "quo'te", "s:t", "*"};

        TableSchema table =
                new TableSchema(
                        "db",
                        "t",
                        "1",
                        Arrays.stream(names)
                                .map(
                                        name ->
                                                new TableSchema.Column(
                                                        name,
                                                        io.delivery.format.HiveTypes.parse(
                                                                "struct<`a.b`:int>")))
                                .toList(),
                        List.of(),
                        io.delivery.format.JsonSerDe.OpenX.DEFAULTS);

        try (OrcContent file =
                OrcFiles.encode(
                        directory,
                        SETTINGS,
                        table,
                        Stream.of("{\"a,b\":{\"a.b\":1},\"*\":{\"a.b\":2}}"))) {

            assertThat(file.type().getFieldNames()).containsExactly(names);
            assertThat(file.rows())
                    .containsExactly(
                            Arrays.asList(null, map("a.b", 1L), null, null, null, map("a.b", 2L)));
        }
    }

    @Test
    void an_object_without_records_is_a_file_without_rows() throws Exception {
        try (OrcContent file =
                OrcFiles.encode(directory, SETTINGS, Objects.table("id int"), Stream.of())) {
            assertThat(file.rows()).isEmpty();
            assertThat(file.type().toString()).isEqualTo("struct<id:int>");
        }
    }

    @Test
    void a_record_lands_with_all_of_its_rows_or_none() throws Exception {
        Path file = directory.resolve("object.orc");
        Map<Long, Failure> rejected =
                Objects.encode(
                        file,
                        OrcFiles.factory(SETTINGS, Objects.table("id int", "l array<int>")),
                        Stream.of(
                                "{\"id\":1,\"l\":[1]}{\"id\":2}",
                                "{\"id\":3,\"l\":[3]}{\"id\":4,\"l\":[4,\"x\"]}",
                                "{\"id\":5,\"l\":[5,6]}"));

        assertThat(rejected.keySet()).containsExactly(1L);
        try (OrcContent content = OrcContent.of(Files.readAllBytes(file))) {
            assertThat(content.rows())
                    .containsExactly(
                            List.of(1L, List.of(1L)),
                            Arrays.asList(2L, null),
                            List.of(5L, List.of(5L, 6L)));
        }
    }

    @Test
    void a_record_of_many_rows_and_many_elements_reads_back() throws Exception {
        String rows =
                String.join(
                        "", IntStream.range(0, 5000).mapToObj(i -> "{\"id\":" + i + "}").toList());
        String elements =
                "{\"l\":"
                        + IntStream.range(0, 200_000).mapToObj(i -> "\"t" + i + "\"").toList()
                        + "}";

        try (OrcContent file =
                OrcFiles.encode(
                        directory,
                        SETTINGS,
                        Objects.table("id int", "l array<string>"),
                        Stream.of(rows, elements, elements, rows))) {
            List<List<Object>> read = file.rows();
            assertThat(read).hasSize(10_002);
            assertThat(read.get(4999)).isEqualTo(Arrays.asList(4999L, null));
            assertThat((List<?>) read.get(5001).get(1)).hasSize(200_000);
            assertThat(((List<?>) read.get(5001).get(1)).get(199_999)).isEqualTo("t199999");
            assertThat(read.get(10_001)).isEqualTo(Arrays.asList(4999L, null));
        }
    }

    @Test
    void the_same_rows_are_the_same_bytes_whatever_is_written_beside_them() throws Exception {
        List<String> records =
                IntStream.range(0, 20_000)
                        .mapToObj(i -> "{\"id\":" + i + ",\"s\":\"v" + i * 31 % 977 + "\"}")
                        .toList();
        TableSchema table = Objects.table("id int", "s string");
        EncoderFactory factory =
                OrcFiles.factory(OrcFiles.with(OrcCompression.ZSTD, 0.8, OrcVersion.V0_12), table);
        Path alone = directory.resolve("alone.orc");
        Objects.encode(alone, factory, records.stream());

        List<Path> crowd =
                IntStream.range(0, 12)
                        .parallel()
                        .mapToObj(
                                i -> {
                                    Path one = directory.resolve("beside" + i + ".orc");
                                    try {
                                        Objects.encode(one, factory, records.stream());
                                    } catch (IOException e) {
                                        throw new java.io.UncheckedIOException(e);
                                    }
                                    return one;
                                })
                        .toList();

        byte[] expected = Files.readAllBytes(alone);
        for (Path one : crowd) {
            assertThat(Files.readAllBytes(one)).isEqualTo(expected);
        }
    }

    private static List<Object> nulls(int count) {
        return Collections.nCopies(count, null);
    }

    private static Map<Object, Object> map(Object... keysAndValues) {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}

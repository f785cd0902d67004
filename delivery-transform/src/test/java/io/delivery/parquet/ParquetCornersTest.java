package io.delivery.parquet;

import static io.delivery.parquet.DuckDbReader.parquet;
import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.JsonSerDe;
import io.delivery.format.TableSchema;
import io.delivery.parquet.ParquetSettings.Timestamps;
import io.delivery.parquet.ParquetSettings.Version;
import io.delivery.record.Failure;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The least, the greatest and the oddest values, as DuckDB and parquet-java read them. */
class ParquetCornersTest {
    private static final ParquetSettings SETTINGS = ParquetSettings.DEFAULTS;

    @TempDir private Path folder;
    private Path file;
    private DuckDbReader lake;

    static Stream<Arguments> everyTypeAndVersion() {
        return CornerValues.all().stream()
                .flatMap(
                        corner ->
                                Stream.of(Version.values())
                                        .map(version -> Arguments.of(corner, version)));
    }

    @BeforeEach
    void open() throws Exception {
        file = folder.resolve("corners.parquet");
        lake = new DuckDbReader();
    }

    @AfterEach
    void close() throws Exception {
        lake.close();
    }

    @ParameterizedTest
    @MethodSource("everyTypeAndVersion")
    void parquet_java_sees_the_values_at_the_edges_of_a_type(CornerValues corner, Version version)
            throws Exception {
        corner.write(file, new ParquetFormat(SETTINGS.withWriterVersion(version)));

        assertThat(new ParquetJavaReader(file).rows()).isEqualTo(corner.seen());
    }

    @ParameterizedTest
    @MethodSource("everyTypeAndVersion")
    void duckdb_sees_the_values_at_the_edges_of_a_type(CornerValues corner, Version version)
            throws Exception {
        corner.write(file, new ParquetFormat(SETTINGS.withWriterVersion(version)));

        String shown = corner.type().equals("binary") ? "hex(c)" : "c::VARCHAR";
        assertThat(lake.rows("SELECT " + shown + " FROM " + parquet(file)))
                .extracting(seen -> canonical(corner.type(), seen))
                .isEqualTo(corner.seen());
    }

    /** What DuckDB shows, in the words of {@link ParquetJavaReader}. */
    private static String canonical(String type, String seen) {
        if (seen.equals("null")) {
            return seen;
        }
        return switch (type) {
            case "float" -> String.valueOf(Float.parseFloat(number(seen)));
            case "double" -> String.valueOf(Double.parseDouble(number(seen)));
            case "binary" -> HexFormat.of().formatHex(HexFormat.of().parseHex(seen));
            case "timestamp" ->
                    LocalDateTime.parse(seen.replace(' ', 'T').replace("+00", ""))
                            .toInstant(ZoneOffset.UTC)
                            .toString();
            // DuckDB leaves the zero out where no digit can stand before the point.
            default -> seen.replaceFirst("^(-?)\\.", "$10.");
        };
    }

    private static String number(String seen) {
        return seen.equals("nan") ? "NaN" : seen.replace("inf", "Infinity");
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void both_readers_see_the_same_times_in_int96(Version version) throws Exception {
        TableSchema table = Objects.table("c timestamp");
        Objects.encode(
                file,
                SETTINGS.withTimestamps(Timestamps.INT96).withWriterVersion(version),
                table,
                Stream.of(
                        "{\"c\":\"0001-01-01 00:00:00\"}",
                        "{\"c\":\"1969-12-31 23:59:59.123456789\"}",
                        "{\"c\":\"9999-12-31 23:59:59.999999999\"}",
                        "{}"));

        assertThat(new ParquetJavaReader(file).rows())
                .containsExactly(
                        "0001-01-01T00:00:00Z",
                        "1969-12-31T23:59:59.123456789Z",
                        "9999-12-31T23:59:59.999999999Z",
                        "null");
        assertThat(lake.rows("SELECT c::TIMESTAMP::VARCHAR FROM " + parquet(file)))
                .containsExactly(
                        "0001-01-01 00:00:00",
                        "1969-12-31 23:59:59.123456",
                        "9999-12-31 23:59:59.999999",
                        "null");
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void nothing_is_nothing_at_each_level(Version version) throws Exception {
        TableSchema table =
                Objects.table(
                        "l array<array<int>>",
                        "m map<string,map<int,string>>",
                        "s struct<a:struct<b:array<int>>,c:map<string,int>>");
        Objects.encode(
                file,
                SETTINGS.withWriterVersion(version),
                table,
                Stream.of(
                        "{}",
                        "{\"l\":null,\"m\":null,\"s\":null}",
                        "{\"l\":[],\"m\":{},\"s\":{}}",
                        "{\"l\":[null,[],[null]],\"m\":{\"a\":null,\"b\":{},\"c\":{\"1\":null}},"
                                + "\"s\":{\"a\":{},\"c\":{}}}",
                        "{\"s\":{\"a\":{\"b\":[]},\"c\":{\"x\":null}}}"));

        assertThat(new ParquetJavaReader(file).rows())
                .containsExactly(
                        "null|null|null",
                        "null|null|null",
                        "[]|<>|{a=null,c=null}",
                        "[null,[],[null]]|<a:null,b:<>,c:<1:null>>|{a={b=null},c=<>}",
                        "null|null|{a={b=[]},c=<x:null>}");
        assertThat(lake.rows("SELECT l::VARCHAR, m::VARCHAR, s::VARCHAR FROM " + parquet(file)))
                .containsExactly(
                        "null|null|null",
                        "null|null|null",
                        "[]|{}|{'a': NULL, 'c': NULL}",
                        "[NULL, [], [NULL]]|{a=NULL, b={}, c={1=NULL}}|{'a': {'b': NULL}, 'c': {}}",
                        "null|null|{'a': {'b': []}, 'c': {x=NULL}}");
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void texts_of_a_mebibyte_arrive_whole(Version version) throws Exception {
        String long1 = "é".repeat(1 << 19);
        String long2 = "x".repeat(1 << 20);
        Objects.encode(
                file,
                SETTINGS.withWriterVersion(version),
                Objects.table("s string", "l array<string>"),
                Stream.of(
                        "{\"s\":\"" + long1 + "\",\"l\":[\"" + long2 + "\",\"\"]}",
                        "{\"s\":\"short\"}"));

        assertThat(new ParquetJavaReader(file).rows())
                .containsExactly(long1 + "|[" + long2 + ",]", "short|null");
        assertThat(lake.rows("SELECT md5(s), md5(l[1]), l[2] FROM " + parquet(file) + " LIMIT 1"))
                .isEqualTo(lake.rows("SELECT md5('" + long1 + "'), md5('" + long2 + "'), ''"));
    }

    @Test
    void keys_that_differ_by_case_or_by_dots_stay_apart_where_case_and_dots_count()
            throws Exception {
        JsonSerDe exact = new JsonSerDe.OpenX(false, false, Map.of("upper_id", "ID"));
        Objects.encode(
                file,
                SETTINGS,
                Objects.table(
                        exact,
                        "id int",
                        "upper_id int",
                        "m map<string,int>",
                        "s struct<a.b:int,c:int>"),
                Stream.of(
                        "{\"ID\":1,\"id\":2,\"m\":{\"a\":1,\"A\":2,\"a.b\":3},"
                                + "\"s\":{\"a.b\":4,\"a_b\":5,\"C\":6,\"c\":7}}"));

        assertThat(new ParquetJavaReader(file).rows())
                .containsExactly("2|1|<a:1,A:2,a.b:3>|{a.b=4,c=7}");
        assertThat(lake.rows("SELECT id, upper_id, m::VARCHAR, s.c FROM " + parquet(file)))
                .containsExactly("2|1|{a=1, A=2, a.b=3}|7");
    }

    /** The type, the value, and why its record is refused. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tinyint       | -129                        | The value is out of range for tinyint",
                "smallint      | -32769                      | The value is out of range for smallint",
                "int           | -2147483649                 | The value is out of range for int",
                "bigint        | -9223372036854775809        | The value is out of range for bigint",
                "float         | 3.5e38                      | The value is out of range for float",
                "double        | 1.8e308                     | The value is out of range for double",
                "decimal(3,1)  | 99.95                       | The value is out of range for decimal(3,1)",
                "decimal(38,0) | 100000000000000000000000000000000000000 | The value is out of range for decimal(38,0)",
                "timestamp     | \"2024-02-09 23:59:60\"     | Invalid or unsupported timestamp format",
                "timestamp     | \"2024-02-09T23:59:60Z\"    | Invalid or unsupported timestamp format",
                "timestamp     | 9223372036855               | ",
                "timestamp     | 9223372036854776000         | The value is out of range for timestamp",
                "date          | \"10000-01-01\"             | Invalid format for one or more dates",
                "date          | \"2023-02-30\"              | Invalid format for one or more dates",
            })
    void what_is_beyond_the_edges_is_refused(String type, String value, String reason)
            throws Exception {
        Map<Long, Failure> rejected =
                Objects.encode(
                        file, SETTINGS, Objects.table("c " + type), Stream.of(record(value)));

        if (reason == null) {
            assertThat(rejected).isEmpty();
        } else {
            assertThat(rejected.get(0L).code()).isEqualTo("DataFormatConversion.MalformedData");
            assertThat(rejected.get(0L).message()).startsWith("Column c: ").contains(reason);
        }
    }

    static String record(String value) {
        return "{\"c\":" + value + "}";
    }
}

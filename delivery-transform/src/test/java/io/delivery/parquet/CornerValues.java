package io.delivery.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.ColumnType;
import io.delivery.format.HiveTypes;
import io.delivery.format.RowFormat;
import io.delivery.record.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The values at the edges of each type: what a record has, and what every reader must see. */
public record CornerValues(String type, List<String> json, List<String> seen) {
    private static final String NINES = "9".repeat(38);

    /** {@code JSON => seen}; where there is no arrow a reader sees what the record has. */
    private static CornerValues of(String type, String... values) {
        return new CornerValues(
                type,
                Arrays.stream(values).map(value -> value.split(" => ", 2)[0]).toList(),
                Arrays.stream(values)
                        .map(value -> value.split(" => ", 2))
                        .map(parts -> parts[parts.length - 1])
                        .toList());
    }

    public static List<CornerValues> all() {
        return List.of(
                of("boolean", "true", "false", "null"),
                of("tinyint", "-128", "127", "0", "null"),
                of("smallint", "-32768", "32767", "0", "null"),
                of("int", "-2147483648", "2147483647", "0", "null"),
                of("bigint", "-9223372036854775808", "9223372036854775807", "0", "null"),
                of(
                        "float",
                        "3.4028235E38",
                        "-3.4028235E38",
                        "1.4E-45",
                        "\"NaN\" => NaN",
                        "\"Infinity\" => Infinity",
                        "\"-Infinity\" => -Infinity",
                        "-0.0",
                        "0 => 0.0",
                        "null"),
                of(
                        "double",
                        "1.7976931348623157E308",
                        "-1.7976931348623157E308",
                        "4.9E-324",
                        "\"NaN\" => NaN",
                        "\"Infinity\" => Infinity",
                        "\"-Infinity\" => -Infinity",
                        "-0.0",
                        "0 => 0.0",
                        "null"),
                of("decimal(1,0)", "9", "-9", "-0.4 => 0", "null"),
                of("decimal(9,2)", "9999999.99", "-9999999.99", "0.005 => 0.01", "null"),
                of("decimal(18,18)", "0." + "9".repeat(18), "-0." + "9".repeat(18), "null"),
                of("decimal(38,0)", NINES, "-" + NINES, "0", "null"),
                of("decimal(38,38)", "0." + NINES, "-0." + NINES, "null"),
                of("string", "\"\" => ", "\"é😀\" => é😀", "\"a\\u0000b\" => a\u0000b", "null"),
                of("char(2)", "\"\" => ", "\"é😀x\" => é😀", "\"a\" => a", "null"),
                of("varchar(2)", "\"\" => ", "\"é😀x\" => é😀", "\"a\" => a", "null"),
                of("binary", "\"\" => ", "\"a\\u0000é\" => 6100c3a9", "null"),
                of(
                        "date",
                        "\"0001-01-01\" => 0001-01-01",
                        "\"1582-10-10\" => 1582-10-10",
                        "\"1969-12-31\" => 1969-12-31",
                        "\"1970-1-1\" => 1970-01-01",
                        "\"9999-12-31\" => 9999-12-31",
                        "null"),
                of(
                        "timestamp",
                        "\"0001-01-01 00:00:00\" => 0001-01-01T00:00:00Z",
                        "\"1582-10-10 01:02:03.5\" => 1582-10-10T01:02:03.500Z",
                        "\"1969-12-31T23:59:59.999999Z\" => 1969-12-31T23:59:59.999999Z",
                        "-1 => 1969-12-31T23:59:59Z",
                        "-0.000001 => 1969-12-31T23:59:59.999999Z",
                        "0 => 1970-01-01T00:00:00Z",
                        "\"9999-12-31 23:59:59.999999\" => 9999-12-31T23:59:59.999999Z",
                        "null"));
    }

    /** Without values that a format or a reader has no form for. */
    public CornerValues without(Predicate<String> ofSeen) {
        List<Integer> kept =
                IntStream.range(0, seen.size())
                        .filter(i -> !ofSeen.test(seen.get(i)))
                        .boxed()
                        .toList();
        return new CornerValues(
                type, kept.stream().map(json::get).toList(), kept.stream().map(seen::get).toList());
    }

    public List<ColumnType> types() {
        return List.of(HiveTypes.parse(type));
    }

    /** Writes a file with the column {@code c}. */
    public void write(Path file, RowFormat format) throws IOException {
        Map<Long, Failure> rejected =
                Objects.encode(
                        file,
                        Objects.factory(format, Objects.table("c " + type)),
                        json.stream().map(value -> "{\"c\":" + value + "}"));
        assertThat(rejected).isEmpty();
    }

    @Override
    public String toString() {
        return type;
    }
}

package io.delivery.orc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.delivery.config.ColumnarSettings.Orc;
import io.delivery.config.ColumnarSettings.OrcCompression;
import io.delivery.config.ColumnarSettings.OrcVersion;
import io.delivery.format.EncoderFactory;
import io.delivery.format.FileSizes;
import io.delivery.format.MemoryNeededException;
import io.delivery.format.RowFormat;
import io.delivery.format.TableSchema;
import io.delivery.parquet.Objects;
import io.delivery.parquet.PageCompression;
import io.delivery.parquet.ParquetFormat;
import io.delivery.parquet.ParquetSettings;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What files of each format take, by their table. */
class FileSizesTest {
    private static final long MIB = 1 << 20;
    private static final Orc PLAIN_ORC = OrcFiles.with(OrcCompression.NONE, 0, OrcVersion.V0_12);
    private static final ParquetSettings PLAIN_PARQUET =
            ParquetSettings.DEFAULTS.withCompression(PageCompression.UNCOMPRESSED);

    @TempDir private Path directory;

    static Stream<RowFormat> formats() {
        return Stream.of(new OrcFormat(Orc.DEFAULTS), new ParquetFormat(ParquetSettings.DEFAULTS));
    }

    static Stream<RowFormat> formatsThatCompressNothing() {
        return Stream.of(new OrcFormat(PLAIN_ORC), new ParquetFormat(PLAIN_PARQUET));
    }

    private static TableSchema wide(int columns, String type) {
        return Objects.table(
                IntStream.range(0, columns)
                        .mapToObj(i -> "c" + i + " " + type)
                        .toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void a_table_of_few_columns_takes_the_least_memory(RowFormat format) {
        assertThat(format.sizes(wide(300, "string")).memoryBytes()).isEqualTo(64 * MIB);
        assertThat(format.sizesOfUnknownTable().memoryBytes()).isEqualTo(64 * MIB);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void each_further_column_takes_more_nested_ones_too(RowFormat format) {
        long two = format.sizes(wide(2_000, "bigint")).memoryBytes();
        long four = format.sizes(wide(4_000, "bigint")).memoryBytes();
        long nested = format.sizes(wide(1_000, "struct<a:int,b:int,c:int,d:int>")).memoryBytes();

        assertThat(two).isBetween(90 * MIB, 120 * MIB);
        assertThat(four).isBetween(two + 40 * MIB, two + 70 * MIB);
        assertThat(nested).isGreaterThanOrEqualTo(four);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void an_encoder_that_has_too_little_for_its_table_says_what_it_needs_and_reads_nothing(
            RowFormat format) throws Exception {
        TableSchema table = wide(3_000, "bigint");
        EncoderFactory factory = Objects.factory(format, table);
        long needed = format.sizes(table).memoryBytes();
        assertThat(factory.memoryBytes()).isEqualTo(64 * MIB);

        assertThatThrownBy(
                        () ->
                                factory.encoder(factory.memoryBytes())
                                        .encode(
                                                () -> {
                                                    throw new AssertionError("a record is read");
                                                },
                                                OutputStream.nullOutputStream(),
                                                failure -> {}))
                .isInstanceOfSatisfying(
                        MemoryNeededException.class,
                        more -> assertThat(more.bytes()).isEqualTo(needed))
                .hasMessage("convert to %s: db.t has 3,000 columns".formatted(format.name()));

        assertThat(factory.memoryBytes()).isEqualTo(needed);
        Path file = directory.resolve("object");
        assertThat(Objects.encode(file, factory, Stream.of("{\"c0\":1}"))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("formatsThatCompressNothing")
    void a_table_without_values_that_grow_is_expected_as_large_as_its_json(RowFormat format) {
        TableSchema table = Objects.table("id int", "name string", "on date", "ok boolean");

        assertThat(format.sizes(table).expectedBytes(100 * MIB)).isLessThan(130 * MIB);
    }

    @ParameterizedTest
    @MethodSource("formatsThatCompressNothing")
    void before_a_table_is_known_the_most_is_expected(RowFormat format) {
        FileSizes unknown = format.sizesOfUnknownTable();

        assertThat(unknown.expectedBytes(100 * MIB)).isGreaterThan(400 * MIB);
    }

    /** Of those whose values grow most: tables of other types are expected to take less. */
    @ParameterizedTest
    @MethodSource("formatsThatCompressNothingOrMuch")
    void no_table_is_expected_to_take_more_than_one_that_is_not_known(RowFormat format) {
        long unknown = format.sizesOfUnknownTable().expectedBytes(100 * MIB);

        for (String type :
                List.of(
                        "char(255)",
                        "array<char(255)>",
                        "map<char(255),char(255)>",
                        "struct<a:char(255)>",
                        "array<array<char(255)>>",
                        "array<decimal(38,0)>",
                        "map<decimal(38,0),decimal(38,0)>",
                        "array<timestamp>",
                        "array<string>")) {
            long known = format.sizes(Objects.table("c " + type)).expectedBytes(100 * MIB);

            assertThat(known)
                    .as("%s, but for the footers of more columns", type)
                    .isLessThanOrEqualTo(unknown + MIB);
        }
    }

    static Stream<RowFormat> formatsThatCompressNothingOrMuch() {
        return Stream.concat(
                formats(),
                Stream.concat(
                        formatsThatCompressNothing(),
                        Stream.of(
                                new ParquetFormat(
                                        PLAIN_PARQUET.withTimestamps(
                                                ParquetSettings.Timestamps.INT96)))));
    }

    /** Tables with the shortest JSON of their values. */
    static Stream<Arguments> growing() {
        List<Arguments> all = new ArrayList<>();
        for (RowFormat format :
                List.of(
                        new OrcFormat(PLAIN_ORC),
                        new OrcFormat(Orc.DEFAULTS),
                        new ParquetFormat(PLAIN_PARQUET),
                        new ParquetFormat(
                                PLAIN_PARQUET.withDictionary(ParquetSettings.Dictionary.OFF)),
                        new ParquetFormat(
                                ParquetSettings.DEFAULTS.withTimestamps(
                                        ParquetSettings.Timestamps.INT96)))) {
            for (String type :
                    List.of(
                            "char(255)",
                            "array<char(255)>",
                            "map<char(9),char(20)>",
                            "array<double>",
                            "array<float>",
                            "array<bigint>",
                            "array<decimal(38,30)>",
                            "array<decimal(18,2)>",
                            "array<timestamp>",
                            "array<string>",
                            "struct<a:double,b:char(99)>")) {
                all.add(arguments(format, type));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("growing")
    void a_file_of_values_that_grow_is_no_larger_than_was_expected(RowFormat format, String type)
            throws Exception {
        String form =
                switch (type.substring(0, 4)) {
                    case "arra" -> "{\"c\":[1,2,3,%d,4,5,6,7,8,9]}";
                    case "map<" -> "{\"c\":{\"%d\":1}}";
                    case "stru" -> "{\"c\":[1,%d]}";
                    default -> "{\"c\":%d}";
                };
        List<String> ten = IntStream.range(0, 10).mapToObj(form::formatted).toList();
        IntFunction<String> record = i -> ten.get(i % 10);
        EncoderFactory factory = Objects.factory(format, Objects.table("c " + type));
        Path file = directory.resolve("object");
        int count = 50_000;
        long inputBytes = IntStream.range(0, count).mapToLong(i -> record.apply(i).length()).sum();

        Objects.encode(file, factory, IntStream.range(0, count).mapToObj(record));

        assertThat(Files.size(file)).isLessThanOrEqualTo(factory.expectedBytes(inputBytes));
    }
}

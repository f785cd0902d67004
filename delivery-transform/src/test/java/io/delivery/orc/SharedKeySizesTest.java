package io.delivery.orc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.delivery.config.ColumnarSettings.Orc;
import io.delivery.config.ColumnarSettings.OrcCompression;
import io.delivery.config.ColumnarSettings.OrcVersion;
import io.delivery.format.DecoderOptions;
import io.delivery.format.EncoderFactory;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RowFormat;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFields;
import io.delivery.orc.SharedKeyFile.Text;
import io.delivery.parquet.Objects;
import io.delivery.parquet.PageCompression;
import io.delivery.parquet.ParquetFormat;
import io.delivery.parquet.ParquetSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What files take of a table in which one key fills several columns. */
class SharedKeySizesTest {
    private static final int COLUMNS = 17;

    /** The longest record that a processor makes. */
    private static final int LONGEST = 16 << 20;

    /** Half of a service's heap of 512 MiB. */
    private static final long HEAP = 256 << 20;

    /**
     * {@code make proof} tries all formats in processes of their own, a build the one that is ours.
     */
    private static final boolean EVERYTHING = Boolean.getBoolean("memory.everything");

    @TempDir private Path directory;

    static Stream<SharedKeyFile.Format> tried() {
        return EVERYTHING
                ? Stream.of(SharedKeyFile.Format.values())
                : Stream.of(SharedKeyFile.Format.PARQUET);
    }

    static Stream<RowFormat> formats() {
        return Stream.of(
                new OrcFormat(Orc.DEFAULTS),
                new OrcFormat(OrcFiles.with(OrcCompression.NONE, 0, OrcVersion.V0_12)),
                new ParquetFormat(ParquetSettings.DEFAULTS),
                new ParquetFormat(
                        ParquetSettings.DEFAULTS.withCompression(PageCompression.UNCOMPRESSED)));
    }

    static Stream<Arguments> shared() {
        JsonSerDe columns = new JsonSerDe.OpenX(true, false, Map.of("b", "a", "c", "a", "d", "A"));
        JsonSerDe fields = new JsonSerDe.OpenX(true, true, Map.of("b", "a", "y", "x", "z", "x"));
        return formats()
                .flatMap(
                        format ->
                                Stream.of(
                                        arguments(
                                                format,
                                                Objects.table(
                                                        columns,
                                                        "a string",
                                                        "b string",
                                                        "c varchar(60000)",
                                                        "d binary"),
                                                "{\"a\":\"%s\"}"),
                                        arguments(
                                                format,
                                                Objects.table(
                                                        fields,
                                                        "a struct<x:string,y:string,z:string>",
                                                        "b array<struct<x:string,y:string,z:string>>"),
                                                "{\"a\":{\"x\":\"%s\"}}")));
    }

    @ParameterizedTest
    @MethodSource("shared")
    void a_file_is_no_larger_than_was_expected_however_many_columns_a_key_fills(
            RowFormat format, TableSchema table, String record) throws Exception {
        Random random = new Random(81);
        List<String> records = new ArrayList<>();
        long inputBytes = 0;
        for (int i = 0; i < 40; i++) {
            byte[] noise = new byte[30_000];
            random.nextBytes(noise);
            records.add(record.formatted(Base64.getEncoder().encodeToString(noise)));
            inputBytes += records.get(i).getBytes(StandardCharsets.UTF_8).length;
        }
        EncoderFactory factory = Objects.factory(format, table);
        Path file = directory.resolve("object");

        assertThat(Objects.encode(file, factory, records.stream())).isEmpty();

        assertThat(Files.size(file))
                .isGreaterThan(2 * inputBytes)
                .isLessThanOrEqualTo(factory.expectedBytes(inputBytes));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void the_deserializer_of_the_stream_counts_and_not_that_of_the_table(RowFormat format)
            throws Exception {
        TableSchema table = Objects.table("a string", "b string");
        DecoderOptions options =
                new DecoderOptions(
                        Optional.of(new JsonSerDe.OpenX(true, false, Map.of("b", "a"))),
                        DecoderOptions.DEFAULTS.unknownFields());
        EncoderFactory shared = Objects.factory(format, table, options, UnknownFields.IGNORED);
        EncoderFactory usual = Objects.factory(format, table);
        long more = format.sizes(table, options).memoryBytes();

        usual.encoder(more).encode(() -> null, OutputStream.nullOutputStream(), f -> {});
        shared.encoder(more).encode(() -> null, OutputStream.nullOutputStream(), f -> {});

        assertThat(shared.memoryBytes()).isEqualTo(more).isGreaterThan(usual.memoryBytes());
        assertThat(shared.expectedBytes(1 << 30)).isGreaterThan(2L << 30);
    }

    /** The heap of a process has nothing else in it but what the JVM itself needs. */
    @ParameterizedTest
    @MethodSource("tried")
    void the_longest_texts_in_many_columns_of_one_key_fit_into_the_memory_that_is_reserved(
            SharedKeyFile.Format format) throws Exception {
        fits(format, Text.OF_COLUMNS);
    }

    @ParameterizedTest
    @EnumSource(names = {"PARQUET", "ORC_DICTIONARIES"})
    void and_so_do_those_in_unknown_fields_that_are_kept(SharedKeyFile.Format format)
            throws Exception {
        fits(format, Text.UNKNOWN);
    }

    private static void fits(SharedKeyFile.Format format, Text text) throws Exception {
        long reserved = format.format.sizes(text.table(COLUMNS), text.options()).memoryBytes();
        long usual = format.format.sizes(text.table(1), text.options()).memoryBytes();

        assertThat(encoded(format, text, COLUMNS, reserved))
                .as("with %d bytes of heap", reserved)
                .isTrue();
        assertThat(encoded(format, text, COLUMNS, usual))
                .as("with what a table without shared keys takes")
                .isFalse();
    }

    /** A megabyte of paths in each record. */
    @ParameterizedTest
    @MethodSource("tried")
    void the_longest_paths_of_unknown_fields_fit_into_the_memory_of_any_table(
            SharedKeyFile.Format format) throws Exception {
        assertThat(encoded(format, Text.KEY_OF_UNKNOWN, 1, 64L << 20)).isTrue();
    }

    /** As many entries of the map as a record that PutRecord takes can have. */
    @ParameterizedTest
    @MethodSource("manyUnknown")
    void as_many_unknown_fields_as_there_can_be_fit_into_the_memory_of_any_table(
            SharedKeyFile.Format format, Text text) throws Exception {
        assertThat(encoded(format, text, 1, 64L << 20)).isTrue();
    }

    static Stream<Arguments> manyUnknown() {
        return Stream.of(SharedKeyFile.Format.PARQUET, SharedKeyFile.Format.ORC)
                .flatMap(
                        format ->
                                Stream.of(
                                        arguments(format, Text.MANY_UNKNOWN),
                                        arguments(format, Text.SURPLUS)));
    }

    /** Records of a key and of fields behind it, as many as their paths may be. */
    @ParameterizedTest
    @CsvSource({"700,1400", "2500,400", "25000,38", "33000,30", "100,9000"})
    void a_file_is_no_larger_than_was_expected_however_long_the_paths_of_unknown_fields_are(
            int keyBytes, int fields) throws Exception {
        TableSchema table = Objects.table("m map<string,struct<a:int>>", "rest map<string,string>");
        String values =
                IntStream.range(0, fields)
                        .mapToObj(i -> "\"" + Integer.toString(i, 36) + "\":1")
                        .collect(Collectors.joining(","));
        Random random = new Random(56);
        List<String> records = new ArrayList<>();
        long inputBytes = 0;
        for (int i = 0; i < 6; i++) {
            byte[] noise = new byte[keyBytes];
            random.nextBytes(noise);
            String key = Base64.getEncoder().encodeToString(noise).substring(0, keyBytes);
            records.add("{\"m\":{\"%s\":{%s}}}".formatted(key, values));
            inputBytes += records.get(i).length();
        }
        for (RowFormat format : formats().toList()) {
            EncoderFactory factory =
                    Objects.factory(format, table, Text.UNKNOWN.options(), UnknownFields.IGNORED);
            Path file = directory.resolve(format.getClass() + "-" + keyBytes);

            assertThat(Objects.encode(file, factory, records.stream())).isEmpty();

            assertThat(Files.size(file)).isLessThanOrEqualTo(factory.expectedBytes(inputBytes));
        }
    }

    /** A record that a processor has decompressed, in the heap of a service of this size. */
    @ParameterizedTest
    @MethodSource("tried")
    void the_longest_text_of_all_is_refused_where_its_key_fills_many_columns(
            SharedKeyFile.Format format) throws Exception {
        Process process =
                process(format, Text.OF_COLUMNS, COLUMNS, HEAP, Integer.toString(LONGEST));
        String said = said(process);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(refusals(said))
                .containsExactly(
                        "DataFormatConversion.ConversionFailureException Column c2: the texts of a"
                                + " record have at most 35651584 bytes in all its columns",
                        "DataFormatConversion.ConversionFailureException Column c2: the texts of a"
                                + " record have at most 35651584 bytes in all its columns");
    }

    @ParameterizedTest
    @MethodSource("tried")
    void and_is_written_where_it_fills_one(SharedKeyFile.Format format) throws Exception {
        Process process = process(format, Text.OF_COLUMNS, 1, HEAP, Integer.toString(LONGEST));
        String said = said(process);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(refusals(said)).isEmpty();
    }

    /** Short values that a struct has no fields for: each is kept under a path of its own. */
    @ParameterizedTest
    @ValueSource(
            strings = {"s", "a_long_name_of_a_struct_whose_fields_have_long_paths_all_of_them"})
    void a_file_is_no_larger_than_was_expected_however_short_the_unknown_fields_are(String struct)
            throws Exception {
        TableSchema table = Objects.table(struct + " struct<a:int>", "rest map<string,string>");
        Random random = new Random(83);
        List<String> records = new ArrayList<>();
        long inputBytes = 0;
        while (inputBytes < 2 << 20) {
            String digits =
                    random.ints(7_000, 0, 10)
                            .mapToObj(Integer::toString)
                            .collect(Collectors.joining(","));
            records.add("{\"%s\":[%s]}".formatted(struct, digits));
            inputBytes += records.get(records.size() - 1).length();
        }
        // Without dictionaries, which would have the paths of one record for all others.
        for (RowFormat format :
                List.of(
                        new OrcFormat(OrcFiles.with(OrcCompression.SNAPPY, 0, OrcVersion.V0_12)),
                        new ParquetFormat(
                                ParquetSettings.DEFAULTS.withDictionary(
                                        ParquetSettings.Dictionary.OFF)))) {
            EncoderFactory factory =
                    Objects.factory(format, table, Text.UNKNOWN.options(), UnknownFields.IGNORED);
            Path file = directory.resolve(format.name());

            assertThat(Objects.encode(file, factory, records.stream())).isEmpty();

            assertThat(Files.size(file))
                    .as(format.name())
                    .isGreaterThan(2 * inputBytes)
                    .isLessThanOrEqualTo(factory.expectedBytes(inputBytes));
        }
    }

    private static boolean encoded(
            SharedKeyFile.Format format, Text text, int columns, long heapBytes) throws Exception {
        Process process = process(format, text, columns, heapBytes);
        String said = said(process);
        boolean encoded = process.waitFor() == 0;
        if (!encoded) {
            assertThat(said).contains("OutOfMemoryError");
        }
        return encoded;
    }

    /** Behind what the logging of libraries says. */
    private static List<String> refusals(String said) {
        return said.lines().filter(line -> line.startsWith("DataFormatConversion.")).toList();
    }

    private static String said(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Process process(
            SharedKeyFile.Format format, Text text, int columns, long heapBytes, String... more)
            throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-Xmx" + heapBytes,
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                SharedKeyFile.class.getName(),
                                format.name(),
                                text.name(),
                                Integer.toString(columns)));
        command.addAll(List.of(more));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}

package io.delivery.orc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.delivery.config.ColumnarSettings.BloomFilters;
import io.delivery.config.ColumnarSettings.Orc;
import io.delivery.config.ColumnarSettings.OrcCompression;
import io.delivery.config.ColumnarSettings.OrcVersion;
import io.delivery.config.ColumnarSettings.Padding;
import io.delivery.format.EncoderFactory;
import io.delivery.format.TableSchema;
import io.delivery.parquet.Objects;
import io.delivery.testkit.orc.OrcContent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.orc.util.BloomFilter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the settings of ORC files do. */
class OrcSettingsTest {
    private static final Orc SETTINGS = Orc.DEFAULTS;

    @TempDir private Path directory;

    @ParameterizedTest
    @MethodSource("io.delivery.orc.OrcEncoderTest#everySetting")
    void stripes_are_written_before_memory_runs_out(Orc settings) throws Exception {
        Orc small =
                new Orc(
                        settings.compression(),
                        8 << 20,
                        1000,
                        Optional.empty(),
                        Optional.empty(),
                        settings.dictionaryKeyThreshold(),
                        settings.formatVersion());
        Random random = new Random(7);
        Stream<String> records =
                IntStream.range(0, 20)
                        .mapToObj(
                                i -> {
                                    byte[] bytes = new byte[786_432];
                                    random.nextBytes(bytes);
                                    String text = Base64.getEncoder().encodeToString(bytes);
                                    return "{\"id\":" + i + ",\"s\":\"" + text + "\"}";
                                });

        try (OrcContent file =
                OrcFiles.encode(directory, small, Objects.table("id int", "s string"), records)) {
            assertThat(file.stripes()).hasSizeBetween(2, 4);
            List<List<Object>> rows = file.rows();
            assertThat(rows).hasSize(20);
            assertThat(rows).allSatisfy(row -> assertThat((String) row.get(1)).hasSize(1_048_576));
            assertThat(rows.stream().map(row -> row.get(0)))
                    .isEqualTo(IntStream.range(0, 20).mapToObj(i -> (Object) (long) i).toList());
        }
    }

    @Test
    void bloom_filters_are_there_for_the_named_columns_whatever_their_case() throws Exception {
        Orc settings =
                new Orc(
                        OrcCompression.ZLIB,
                        Orc.DEFAULT_STRIPE_SIZE_BYTES,
                        1000,
                        Optional.empty(),
                        Optional.of(new BloomFilters(List.of("ID", "st"), 0.01)),
                        0,
                        OrcVersion.V0_12);
        Stream<String> records =
                IntStream.range(0, 3000)
                        .mapToObj(i -> "{\"id\":" + i + ",\"s\":\"x\",\"st\":{\"a\":\"y\"}}");

        try (OrcContent file =
                OrcFiles.encode(
                        directory,
                        settings,
                        Objects.table("id int", "s string", "st struct<a:string>"),
                        records)) {
            assertThat(file.streams("id")).contains("BLOOM_FILTER_UTF8");
            assertThat(file.streams("st.a")).contains("BLOOM_FILTER_UTF8");
            assertThat(file.streams("s")).doesNotContain("BLOOM_FILTER_UTF8").contains("ROW_INDEX");
            assertThat(file.reader().getRowIndexStride()).isEqualTo(1000);
        }
    }

    @Test
    void a_dictionary_is_kept_where_no_more_than_the_threshold_is_distinct() throws Exception {
        List<String> records =
                IntStream.range(0, 5000)
                        .mapToObj(i -> "{\"few\":\"v" + i % 7 + "\",\"many\":\"v" + i + "\"}")
                        .toList();
        TableSchema table = Objects.table("few string", "many string");

        try (OrcContent file =
                OrcFiles.encode(
                        directory,
                        OrcFiles.with(OrcCompression.NONE, 0.5, OrcVersion.V0_12),
                        table,
                        records.stream())) {
            assertThat(file.streams("few")).contains("DICTIONARY_DATA");
            assertThat(file.streams("many")).doesNotContain("DICTIONARY_DATA");
        }
    }

    @Test
    void padding_keeps_stripes_within_blocks() throws Exception {
        Optional<Padding> padding = Optional.of(new Padding(64 << 20, 1));

        List<Long> plain = stripeStarts(Optional.empty());
        List<Long> padded = stripeStarts(padding);

        assertThat(padded).hasSameSizeAs(plain);
        assertThat(plain).noneMatch(start -> start == 64 << 20);
        assertThat(padded).contains(64L << 20);
    }

    @Test
    void a_gap_that_is_larger_than_the_tolerance_is_not_filled() throws Exception {
        Optional<Padding> padding = Optional.of(new Padding(64 << 20, 0));

        assertThat(stripeStarts(padding)).isEqualTo(stripeStarts(Optional.empty()));
    }

    private List<Long> stripeStarts(Optional<Padding> padding) throws IOException {
        Orc settings =
                new Orc(
                        OrcCompression.NONE,
                        64 << 20,
                        1000,
                        padding,
                        Optional.empty(),
                        0,
                        OrcVersion.V0_12);
        String record = "{\"s\":\"" + "x".repeat(1 << 20) + "\"}";
        try (OrcContent file =
                OrcFiles.encode(
                        directory,
                        settings,
                        Objects.table("s string"),
                        Stream.generate(() -> record).limit(80))) {
            return file.stripes().stream().map(stripe -> stripe.getOffset()).toList();
        }
    }

    @Test
    void a_wide_table_has_no_dictionaries() throws Exception {
        int width = 2000;
        String[] columns =
                IntStream.range(0, width)
                        .mapToObj(i -> "c" + i + (i % 2 == 0 ? " string" : " bigint"))
                        .toArray(String[]::new);
        StringBuilder record = new StringBuilder("{");
        for (int i = 0; i < width; i++) {
            record.append(i == 0 ? "" : ",").append("\"c").append(i).append("\":").append(i);
        }
        String text = record.append("}").toString();

        try (OrcContent file =
                OrcFiles.encode(
                        directory,
                        OrcFiles.with(OrcCompression.SNAPPY, 1, OrcVersion.V0_12),
                        Objects.table(columns),
                        Stream.generate(() -> text).limit(1000))) {
            assertThat(file.streams("c0")).doesNotContain("DICTIONARY_DATA");
            assertThat(file.rowCount()).isEqualTo(1000);
            assertThat(file.stripes()).hasSizeLessThan(3);
        }
    }

    @Test
    void the_object_s_name_and_headers_are_orc_s() {
        EncoderFactory factory = OrcFiles.factory(SETTINGS, Objects.table("id int"));

        assertThat(factory.extension()).isEqualTo(".orc");
        assertThat(factory.contentEncoding()).isEmpty();
        assertThat(factory.memoryBytes()).isEqualTo(64L << 20);
        assertThatThrownBy(() -> new OrcFormat(SETTINGS, 1))
                .hasMessage("memoryBytes: must be at least 67108864, was 1");
    }

    @Test
    void the_footer_of_a_wide_table_is_expected() throws Exception {
        String[] columns =
                IntStream.range(0, 500).mapToObj(i -> "c" + i + " string").toArray(String[]::new);
        EncoderFactory factory = OrcFiles.factory(SETTINGS, Objects.table(columns));
        Path file = directory.resolve("object.orc");

        Objects.encode(file, factory, Stream.of("{\"c1\":\"x\"}"));

        assertThat(file.toFile().length())
                .isGreaterThan(5_000)
                .isLessThan(factory.expectedBytes(10));
    }

    private static Orc filtered(
            OrcCompression compression, int stride, double probability, String... columns) {
        return new Orc(
                compression,
                Orc.DEFAULT_STRIPE_SIZE_BYTES,
                stride,
                Optional.empty(),
                Optional.of(new BloomFilters(List.of(columns), probability)),
                0,
                OrcVersion.V0_12);
    }

    @Test
    void bloom_filters_beyond_an_object_s_memory_are_left_out() throws Exception {
        Orc settings = filtered(OrcCompression.SNAPPY, 1_000_000, 0.00001, "a", "b", "c");

        try (OrcContent file =
                OrcFiles.encode(
                        directory,
                        settings,
                        Objects.table("a int", "b int", "c int"),
                        Stream.of("{\"a\":1,\"b\":2,\"c\":3}"))) {
            assertThat(file.streams("a")).contains("BLOOM_FILTER_UTF8");
            assertThat(file.streams("b")).doesNotContain("BLOOM_FILTER_UTF8");
            assertThat(file.streams("c")).doesNotContain("BLOOM_FILTER_UTF8");
            assertThat(file.rowCount()).isEqualTo(1);
        }
    }

    @Test
    void a_stripe_ends_before_its_bloom_filters_take_more_than_a_quarter_of_the_memory()
            throws Exception {
        int width = 200;
        String[] columns =
                IntStream.range(0, width).mapToObj(i -> "c" + i + " bigint").toArray(String[]::new);
        String[] names = IntStream.range(0, width).mapToObj(i -> "c" + i).toArray(String[]::new);
        Orc settings = filtered(OrcCompression.SNAPPY, 1000, 0.00001, names);
        long filtersOfAStride = width * BloomFilterPlan.bytes(1000, 0.00001);

        try (OrcContent file =
                OrcFiles.encode(
                        directory,
                        settings,
                        Objects.table(columns),
                        Stream.generate(() -> "{\"c0\":1}").limit(40_000))) {
            assertThat(file.stripes()).hasSizeGreaterThan(2);
            assertThat(file.stripes())
                    .allSatisfy(
                            stripe -> {
                                long strides = (stripe.getNumberOfRows() + 999) / 1000;
                                assertThat(filtersOfAStride * (1 + 2 * strides))
                                        .isLessThanOrEqualTo(16L << 20);
                            });
        }
    }

    @ParameterizedTest
    @CsvSource({"1000, 0.05", "1000, 0.00001", "1000000, 0.05", "1234, 0.999"})
    void the_size_of_a_filter_is_that_of_orc_s(int stride, double probability) {
        BloomFilter orcs = new BloomFilter(stride, probability);

        assertThat(BloomFilterPlan.bytes(stride, probability))
                .isBetween(orcs.getBitSize() / 8L, orcs.getBitSize() / 8L + 8);
    }

    @Test
    void a_filter_that_is_left_out_is_told_once_for_all_objects() {
        List<String> told = new ArrayList<>();
        LeftOutFilters leftOut = new LeftOutFilters(told::add);
        TableSchema table = Objects.table("a int", "b int");
        BloomFilters wanted = new BloomFilters(List.of("gone", "a", "b"), 0.00001);

        BloomFilterPlan first = plan(wanted, table, leftOut);
        BloomFilterPlan second = plan(wanted, table, leftOut);

        assertThat(first).isEqualTo(second);
        assertThat(first.columns()).containsExactly("a");
        assertThat(told).hasSize(2);
        assertThat(told.get(0)).endsWith("that the table does not have: column=gone table=db.t");
        assertThat(told.get(1)).contains("too much memory").endsWith("column=b table=db.t");
    }

    private static BloomFilterPlan plan(
            BloomFilters wanted, TableSchema table, LeftOutFilters leftOut) {
        return BloomFilterPlan.of(wanted, table, OrcTypes.of(table), 1_000_000, 64L << 20, leftOut);
    }

    @Test
    void the_old_version_is_refused_for_a_table_that_gets_no_dictionaries() throws Exception {
        OrcFormat format = new OrcFormat(OrcFiles.with(OrcCompression.SNAPPY, 1, OrcVersion.V0_11));
        TableSchema most = texts(128);
        TableSchema more = texts(129);

        assertThat(format.misfit(most)).isEmpty();
        assertThat(format.misfit(more))
                .contains(
                        "must be V0_12 for a table of more than 128 texts, nested ones included, was"
                                + " V0_11, and db.t has 129: there is no memory for so many"
                                + " dictionaries");
        assertThat(new OrcFormat(SETTINGS).misfit(more)).isEmpty();
        assertThatThrownBy(() -> format.begin(more, OutputStream.nullOutputStream()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("orc.formatVersion must be V0_12 for a table of more");
        try (OrcContent file =
                OrcFiles.encode(
                        directory,
                        OrcFiles.with(OrcCompression.SNAPPY, 1, OrcVersion.V0_11),
                        most,
                        Stream.of("{\"c1\":\"x\"}"))) {
            assertThat(file.streams("c1")).contains("DICTIONARY_DATA");
        }
    }

    /** The last column is a struct, so that nested texts count. */
    private static TableSchema texts(int count) {
        return Objects.table(
                IntStream.range(0, count)
                        .mapToObj(
                                i ->
                                        "c"
                                                + i
                                                + (i == count - 1
                                                        ? " struct<a:varchar(3)>"
                                                        : " string"))
                        .toArray(String[]::new));
    }

    static Stream<Arguments> largeForTheirInput() {
        String[] many = IntStream.range(0, 50).mapToObj(i -> "c" + i).toArray(String[]::new);
        String[] columns = Arrays.stream(many).map(name -> name + " bigint").toArray(String[]::new);
        List<String> denseRecords =
                IntStream.range(0, 5_000)
                        .mapToObj(
                                i ->
                                        Arrays.stream(many)
                                                .map(
                                                        c ->
                                                                "\""
                                                                        + c
                                                                        + "\":"
                                                                        + (i * 31 + c.hashCode()))
                                                .collect(Collectors.joining(",", "{", "}")))
                        .toList();
        IntFunction<String> dense = denseRecords::get;
        List<Arguments> all = new ArrayList<>();
        for (OrcCompression compression : OrcCompression.values()) {
            Orc plain = OrcFiles.with(compression, 0, OrcVersion.V0_12);
            IntFunction<String> letters = i -> "{\"c\":\"" + (char) ('a' + i * 31 % 26) + "\"}";
            all.add(arguments(plain, Objects.table("c char(255)"), 100_000, letters));
            Orc filters = filtered(compression, 1000, 0.00001, many);
            IntFunction<String> sparse = i -> "{\"c0\":" + i + "}";
            IntFunction<String> nothing = i -> "{}";
            all.add(arguments(filters, Objects.table(columns), 50_000, sparse));
            all.add(arguments(filters, Objects.table(columns), 50_000, nothing));
            all.add(arguments(filters, Objects.table(columns), 5_000, dense));
            Orc fewRows = filtered(compression, 1_000_000, 0.05, many);
            all.add(arguments(fewRows, Objects.table(columns), 1, sparse));
        }
        Orc padded =
                new Orc(
                        OrcCompression.NONE,
                        48 << 20,
                        1000,
                        Optional.of(new Padding(64 << 20, 1)),
                        Optional.empty(),
                        0,
                        OrcVersion.V0_12);
        String text = "x".repeat(1 << 20);
        String record = "{\"s\":\"" + text + "\"}";
        IntFunction<String> long1 = i -> record;
        all.add(arguments(padded, Objects.table("s string"), 140, long1));
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("largeForTheirInput")
    void a_file_is_no_larger_than_was_expected_of_its_records(
            Orc settings, TableSchema table, int count, IntFunction<String> records)
            throws Exception {
        EncoderFactory factory = OrcFiles.factory(settings, table);
        Path file = directory.resolve("object.orc");
        long inputBytes = IntStream.range(0, count).mapToLong(i -> records.apply(i).length()).sum();

        Objects.encode(file, factory, IntStream.range(0, count).mapToObj(records));

        assertThat(Files.size(file)).isLessThanOrEqualTo(factory.expectedBytes(inputBytes));
    }
}

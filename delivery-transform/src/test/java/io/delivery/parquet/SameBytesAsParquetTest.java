package io.delivery.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.ColumnType;
import io.delivery.format.DecoderOptions;
import io.delivery.format.RowBuffer;
import io.delivery.format.RowFile;
import io.delivery.format.TableSchema;
import io.delivery.json.JsonRecordDecoder;
import io.delivery.parquet.ParquetSettings.Dictionary;
import io.delivery.parquet.ParquetSettings.Timestamps;
import io.delivery.parquet.ParquetSettings.Version;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordFailedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What our columns write is compared with what Parquet's own columns write of the same rows: all
 * bytes of the file are the same.
 *
 * <p>{@code -Dcolumns.records=N} writes N records of tables that chance makes; {@code
 * -Dcolumns.seed=N} begins with another seed. A failure names its seed.
 */
class SameBytesAsParquetTest {
    private static final int RECORDS_OF_A_TABLE = 500;
    private static final long RECORDS = Long.getLong("columns.records", 15_000);
    private static final long FIRST_SEED = Long.getLong("columns.seed", 1);

    @TempDir Path folder;

    @Test
    void tables_and_records_that_chance_makes_become_the_same_files() throws Exception {
        long tables = Math.max(1, RECORDS / RECORDS_OF_A_TABLE);
        for (long seed = FIRST_SEED; seed < FIRST_SEED + tables; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ParquetSettings settings = settings(random);
            RandomRows invented = new RandomRows(seed);
            List<ColumnType> types = invented.types();
            TwoFiles files = new TwoFiles(table(types), settings);
            for (int i = 0; i < RECORDS_OF_A_TABLE; i++) {
                files.write(invented.record(types));
            }
            files.requireSame("seed " + seed + ", " + types + ", " + settings);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void pages_end_and_row_groups_close_at_the_same_rows(Version version) throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        byte[] noise = new byte[300];

        int rowGroups =
                same(
                        small().withWriterVersion(version),
                        40_000,
                        i -> {
                            random.nextBytes(noise);
                            return "{\"id\":%d,\"kind\":\"kind %d\",\"text\":\"%s\",\"tags\":[\"a\",\"%d\"]}"
                                    .formatted(i, i % 7, HexFormat.of().formatHex(noise), i % 1000);
                        },
                        "id bigint",
                        "kind string",
                        "text string",
                        "tags array<string>");

        assertThat(rowGroups).isGreaterThan(1);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void a_dictionary_that_becomes_full_in_the_middle_of_a_page_is_left_at_the_same_value(
            Version version) throws Exception {
        // Dictionaries of so many columns have less than 100 KiB each.
        List<String> columns = new ArrayList<>();
        IntStream.range(0, 40).forEach(i -> columns.add("unused%d int".formatted(i)));
        columns.add("number bigint");
        columns.add("text string");
        columns.add("price double");
        columns.add("amount decimal(20,2)");

        same(
                small().withWriterVersion(version),
                35_000,
                i ->
                        i < 21_000
                                ? "{\"number\":%d,\"text\":\"%d\",\"price\":%d.5,\"amount\":%d}"
                                        .formatted(i % 5, i % 9, i % 3, i % 4)
                                : "{\"number\":%1$d,\"text\":\"number %1$d\",\"price\":%1$d.25,\"amount\":%1$d.75}"
                                        .formatted(i),
                columns.toArray(String[]::new));
    }

    @ParameterizedTest
    @EnumSource(Dictionary.class)
    void a_column_whose_first_pages_are_null_is_the_same(Dictionary dictionary) throws Exception {
        same(
                small().withDictionary(dictionary),
                50_000,
                i -> i < 45_000 ? "{}" : "{\"text\":\"%d\",\"number\":%d}".formatted(i % 3, i % 2),
                "text string",
                "number int");
    }

    @Test
    void a_long_text_takes_the_ranges_of_its_column_only() throws Exception {
        same(
                small(),
                3_000,
                i ->
                        "{\"text\":\"%s\",\"short\":\"%d\"}"
                                .formatted(i % 1000 == 999 ? "x".repeat(40_000) : "x", i),
                "text string",
                "short string");
    }

    /** The greatest character has no successor, by which a text that is cut could end. */
    @ParameterizedTest
    @ValueSource(ints = {20, 510, 515, 1_000, 3_000})
    void texts_that_cannot_be_cut_have_the_same_index_or_none(int characters) throws Exception {
        String greatest = new String(Character.toChars(Character.MAX_CODE_POINT));
        for (int records : new int[] {3, 3_000}) {
            same(
                    small(),
                    records,
                    i -> "{\"text\":\"%s\"}".formatted(greatest.repeat(characters + i % 2)),
                    "text string");
        }
    }

    @Test
    void numbers_that_are_none_and_zeros_with_a_sign_have_the_same_ranges() throws Exception {
        List<String> values = List.of("\"NaN\"", "-0.0", "0.0", "\"-Infinity\"", "1e300", "-2");
        for (int count = 1; count <= values.size(); count++) {
            int all = count;
            same(
                    small(),
                    100,
                    i -> {
                        String value = values.get(i % all);
                        return "{\"wide\":%s,\"narrow\":%s}"
                                .formatted(value, value.replace("1e300", "1e30"));
                    },
                    "wide double",
                    "narrow float");
        }
    }

    /** Thousands of devices report in turn: no value comes again before all of them have. */
    @Test
    void values_that_come_again_after_thousands_of_others_have_a_dictionary() throws Exception {
        Path file = folder.resolve("turns.parquet");
        Objects.encode(
                file,
                ParquetSettings.DEFAULTS,
                Objects.table("text string", "number bigint"),
                IntStream.range(0, 40_000)
                        .map(i -> i % 5_000)
                        .mapToObj("{\"text\":\"text %1$d\",\"number\":%1$d}"::formatted));

        List<ColumnChunkMetaData> columns =
                new ParquetJavaReader(file).footer().getBlocks().get(0).getColumns();
        assertThat(columns)
                .extracting(column -> column.getEncodingStats().hasDictionaryPages())
                .containsOnly(true);
    }

    /** Gives the number of row groups. */
    private int same(
            ParquetSettings settings, int records, IntFunction<String> record, String... columns)
            throws Exception {
        TwoFiles files = new TwoFiles(Objects.table(columns), settings);
        for (int i = 0; i < records; i++) {
            files.write(record.apply(i));
        }
        return files.requireSame(List.of(columns) + ", " + settings);
    }

    /** Pages of 64 KiB and row groups of 16 MiB. */
    private static ParquetSettings small() {
        ParquetSettings defaults = ParquetSettings.DEFAULTS;
        return new ParquetSettings(
                PageCompression.SNAPPY,
                defaults.blockSizeBytes(),
                64 << 10,
                defaults.dictionary(),
                defaults.writerVersion(),
                defaults.maxPaddingBytes(),
                defaults.timestamps(),
                defaults.memoryBytes());
    }

    private static ParquetSettings settings(SplittableRandom random) {
        return small().withCompression(any(random, PageCompression.values()))
                .withDictionary(any(random, Dictionary.values()))
                .withWriterVersion(any(random, Version.values()))
                .withTimestamps(any(random, Timestamps.values()));
    }

    private static <T> T any(SplittableRandom random, T[] of) {
        return of[random.nextInt(of.length)];
    }

    private static TableSchema table(List<ColumnType> types) {
        String[] columns = new String[types.size()];
        for (int column = 0; column < columns.length; column++) {
            columns[column] = "c" + column + " " + types.get(column);
        }
        return Objects.table(columns);
    }

    private static DeliveryRecord record(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return new DeliveryRecord().at(bytes, 0, bytes.length, 0);
    }

    /** The same rows in two files. */
    private final class TwoFiles {
        private final JsonRecordDecoder decoder;
        private final RowBuffer rows = new RowBuffer();
        private final ByteArrayOutputStream theirs = new ByteArrayOutputStream();
        private final ByteArrayOutputStream ours = new ByteArrayOutputStream();
        private int written;
        private final List<RowFile> all;

        TwoFiles(TableSchema table, ParquetSettings settings) throws IOException {
            decoder = new JsonRecordDecoder(table, DecoderOptions.DEFAULTS);
            all =
                    List.of(
                            new ReferenceParquetObject(table, settings, theirs),
                            new ParquetFormat(settings).begin(table, ours));
        }

        void write(String json) throws IOException {
            try {
                decoder.decode(record(json), rows);
            } catch (RecordFailedException misfit) {
                return;
            }
            written++;
            for (RowFile file : all) {
                file.write(rows);
            }
        }

        /** Gives the number of row groups. */
        int requireSame(String what) throws IOException {
            for (RowFile file : all) {
                file.finish();
                file.close();
            }
            assertThat(ours.toByteArray()).as(what).isEqualTo(theirs.toByteArray());
            assertThat(written).as("records that are rows").isPositive();
            Path path = folder.resolve("read.parquet");
            Files.write(path, ours.toByteArray());
            try (ParquetTable table = ParquetTable.open(path)) {
                assertThat(table.rows()).as(what).hasSizeGreaterThanOrEqualTo(written);
            }
            return new ParquetJavaReader(path).footer().getBlocks().size();
        }
    }
}

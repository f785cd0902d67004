package io.delivery.parquet;

import static io.delivery.parquet.DuckDbReader.parquet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFields;
import io.delivery.parquet.ParquetSettings.Version;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

/** What a file is made of beside its values: pages, indexes, metadata, padding. */
class ParquetFileTest {
    private static final ParquetSettings SETTINGS = ParquetSettings.DEFAULTS;
    private static final TableSchema TABLE = Objects.table("id bigint", "s string");

    @TempDir private Path folder;
    private Path file;
    private DuckDbReader lake;

    @BeforeEach
    void open() throws Exception {
        file = folder.resolve("file.parquet");
        lake = new DuckDbReader();
    }

    @AfterEach
    void close() throws Exception {
        lake.close();
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void pages_are_of_the_version_that_is_set(Version version) throws Exception {
        Objects.encode(
                file,
                SETTINGS.withWriterVersion(version),
                TABLE,
                IntStream.range(0, 10_000)
                        .mapToObj(i -> "{\"id\":" + i + ",\"s\":\"user-" + i % 5000 + "\"}"));

        ParquetJavaReader reader = new ParquetJavaReader(file);
        for (ColumnChunkMetaData column : reader.footer().getBlocks().get(0).getColumns()) {
            assertThat(column.getEncodingStats().usesV2Pages()).isEqualTo(version == Version.V2);
        }
        assertThat(reader.rows()).hasSize(10_000).contains("0|user-0", "9999|user-4999");
        assertThat(lake.value("SELECT count(*), sum(id), max(s) FROM " + parquet(file)))
                .isEqualTo("10000|49995000|user-999");
    }

    @Test
    void every_column_has_statistics_and_indexes() throws Exception {
        Objects.encode(file, SETTINGS, TABLE, numbered(1000));

        for (BlockMetaData group : new ParquetJavaReader(file).footer().getBlocks()) {
            for (ColumnChunkMetaData column : group.getColumns()) {
                assertThat(column.getStatistics().hasNonNullValue()).isTrue();
                assertThat(column.getColumnIndexReference()).isNotNull();
                assertThat(column.getOffsetIndexReference()).isNotNull();
            }
        }
        assertThat(
                        lake.rows(
                                "SELECT path_in_schema, num_values, stats_min_value, stats_max_value"
                                        + " FROM parquet_metadata('"
                                        + file
                                        + "')"))
                .containsExactly("id|1000|0|999", "s|1000|text 0|text 999");
    }

    /** A record of a wide table is large without any long text. */
    @Test
    void a_wide_table_has_statistics_of_its_texts_too() throws Exception {
        int columns = 3000;
        String[] names = new String[columns];
        StringBuilder record = new StringBuilder("{");
        for (int i = 0; i < columns; i++) {
            names[i] = "c" + i + " string";
            record.append(i == 0 ? "\"c" : ",\"c").append(i).append("\":\"value ").append(i);
            record.append('"');
        }
        Objects.encode(file, SETTINGS, Objects.table(names), Stream.of(record + "}"));

        List<BlockMetaData> groups = new ParquetJavaReader(file).footer().getBlocks();
        assertThat(groups).hasSize(1);
        assertThat(groups.get(0).getColumns())
                .hasSize(columns)
                .allMatch(column -> column.getStatistics().hasNonNullValue());
    }

    @Test
    void the_footer_tells_who_wrote_the_file_and_for_which_table() throws Exception {
        Objects.encode(file, SETTINGS, TABLE, numbered(1));

        assertThat(new ParquetJavaReader(file).footer().getFileMetaData().getKeyValueMetaData())
                .isEqualTo(Map.of("delivery.table", "db.t", "delivery.table.version", "1"));
        assertThat(lake.value("SELECT created_by FROM parquet_file_metadata('" + file + "')"))
                .startsWith("parquet-mr version ");
    }

    @Test
    void a_table_that_changes_has_its_new_columns_in_the_next_file() throws Exception {
        ParquetFormat format = new ParquetFormat(SETTINGS);
        TableSchema wider = Objects.table("id bigint", "s string", "n int");

        for (TableSchema table : List.of(TABLE, wider, TABLE)) {
            Objects.encode(file, Objects.factory(format, table), Stream.of("{\"id\":1,\"n\":2}"));

            assertThat(lake.value("SELECT * FROM " + parquet(file)))
                    .isEqualTo(table == wider ? "1|null|2" : "1|null");
        }
    }

    @Test
    void the_same_records_make_the_same_bytes_whoever_encodes_them_at_the_same_time()
            throws Exception {
        int encoders = 4;
        var factory = Objects.factory(SETTINGS, TABLE, UnknownFields.IGNORED);
        CyclicBarrier together = new CyclicBarrier(encoders);
        Callable<byte[]> encoding =
                () -> {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    together.await();
                    factory.encoder()
                            .encode(
                                    new Objects.Records(numbered(20_000).iterator()),
                                    out,
                                    failure -> {});
                    return out.toByteArray();
                };
        ExecutorService threads = Executors.newFixedThreadPool(encoders);
        try {
            List<Future<byte[]>> encoded =
                    threads.invokeAll(java.util.Collections.nCopies(encoders, encoding));

            byte[] first = encoded.get(0).get();
            assertThat(first).hasSizeGreaterThan(10_000);
            for (Future<byte[]> other : encoded) {
                assertThat(other.get()).isEqualTo(first);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void row_groups_begin_blocks_where_padding_may_fill_the_rest_of_one() throws Exception {
        int block = 64 << 20;
        ParquetSettings padded =
                new ParquetSettings(
                        SETTINGS.compression(),
                        block,
                        SETTINGS.pageSizeBytes(),
                        SETTINGS.dictionary(),
                        SETTINGS.writerVersion(),
                        block - (1 << 20),
                        SETTINGS.timestamps(),
                        SETTINGS.memoryBytes());

        Objects.encode(file, padded, TABLE, incompressible());

        assertThat(starts()).hasSize(2).element(1).isEqualTo((long) block);
        assertThat(lake.value("SELECT count(*), sum(id) FROM " + parquet(file)))
                .isEqualTo("40|780");
        assertThat(Files.size(file))
                .isGreaterThan(block)
                .isLessThan(new ParquetFormat(padded).sizes(TABLE).expectedBytes(40 * 670_000));
    }

    /** Padding may take all of a block but its first byte: each row group begins one. */
    @Test
    void the_zeros_before_each_row_group_are_expected_and_no_more_of_them() throws Exception {
        int block = 64 << 20;
        ParquetSettings padded =
                new ParquetSettings(
                        SETTINGS.compression(),
                        block,
                        SETTINGS.pageSizeBytes(),
                        SETTINGS.dictionary(),
                        SETTINGS.writerVersion(),
                        block - 1,
                        SETTINGS.timestamps(),
                        SETTINGS.memoryBytes());
        long expected = new ParquetFormat(padded).sizes(TABLE).expectedBytes(40 * 670_000);

        Objects.encode(file, padded, TABLE, incompressible());

        assertThat(starts()).containsExactly((long) block, 2L * block);
        // Two row groups that are full, the last one, and eight that long texts may close early.
        assertThat(Files.size(file)).isGreaterThan(2L * block).isLessThanOrEqualTo(expected);
        assertThat(expected).isLessThan(12L * block);
        assertThat(new ParquetFormat(padded).sizes(TABLE).expectedBytes(Integer.MAX_VALUE))
                .isLessThan(240L * block);
    }

    @Test
    void without_padding_row_groups_follow_each_other() throws Exception {
        Objects.encode(file, SETTINGS, TABLE, incompressible());

        List<BlockMetaData> groups = new ParquetJavaReader(file).footer().getBlocks();
        assertThat(starts()).hasSizeGreaterThan(1);
        assertThat(groups.get(1).getStartingPos())
                .isEqualTo(groups.get(0).getStartingPos() + groups.get(0).getCompressedSize());
    }

    @Test
    void padding_as_long_as_a_block_is_refused() {
        assertThatThrownBy(() -> SETTINGS.withMaxPaddingBytes(256 << 20))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "maxPaddingBytes: must be at least 0 and at most 268435455, was 268435456");
    }

    private List<Long> starts() throws Exception {
        return new ParquetJavaReader(file)
                .footer().getBlocks().stream().map(BlockMetaData::getStartingPos).toList();
    }

    private static Stream<String> numbered(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"id\":" + i + ",\"s\":\"text " + i + "\"}");
    }

    /** 27 MB in 40 records: two row groups or more. */
    private static Stream<String> incompressible() {
        Random random = new Random(7);
        return IntStream.range(0, 40)
                .mapToObj(
                        i -> {
                            byte[] bytes = new byte[500_000];
                            random.nextBytes(bytes);
                            String text = Base64.getEncoder().encodeToString(bytes);
                            return "{\"id\":" + i + ",\"s\":\"" + text + "\"}";
                        });
    }
}

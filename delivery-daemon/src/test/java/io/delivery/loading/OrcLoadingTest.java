package io.delivery.loading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.delivery.config.ColumnarSettings.BloomFilters;
import io.delivery.config.ColumnarSettings.Orc;
import io.delivery.config.ColumnarSettings.OrcCompression;
import io.delivery.config.ColumnarSettings.OrcVersion;
import io.delivery.config.ColumnarSettings.Padding;
import io.delivery.config.FormatSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrcLoadingTest {
    private static final String ALL =
            "compression: zstd, stripeSize: 16MB, rowIndexStride: 5000, padding: true,"
                    + " blockSize: 128MB, paddingTolerance: 0.1, bloomFilterColumns: [id, 'first"
                    + " name'], bloomFilterFalsePositiveProbability: 0.0001,"
                    + " dictionaryKeyThreshold: 0.8, formatVersion: V0_12";

    @TempDir private Path folder;

    @Test
    void the_defaults_are_those_of_the_api() {
        assertThat(read("")).isEqualTo(Orc.DEFAULTS);
        assertThat(Orc.DEFAULTS)
                .isEqualTo(
                        new Orc(
                                OrcCompression.SNAPPY,
                                64 << 20,
                                10_000,
                                Optional.empty(),
                                Optional.empty(),
                                0,
                                OrcVersion.V0_12));
    }

    @Test
    void every_setting_is_read() {
        assertThat(read(ALL))
                .isEqualTo(
                        new Orc(
                                OrcCompression.ZSTD,
                                16 << 20,
                                5000,
                                Optional.of(new Padding(128 << 20, 0.1)),
                                Optional.of(new BloomFilters(List.of("id", "first name"), 0.0001)),
                                0.8,
                                OrcVersion.V0_12));
    }

    @Test
    void padding_and_bloom_filters_have_defaults_of_their_own() {
        Orc orc = read("padding: true, bloomFilterColumns: [id]");

        assertThat(orc.padding()).contains(new Padding(256 << 20, 0.05));
        assertThat(orc.bloomFilters()).contains(new BloomFilters(List.of("id"), 0.05));
    }

    @Test
    void files_of_the_old_version_always_have_dictionaries() {
        assertThat(read("formatVersion: V0_11").dictionaryKeyThreshold()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ALL,
                "padding: true, paddingTolerance: 0.000000001",
                "formatVersion: V0_11, compression: none",
                "dictionaryKeyThreshold: 1, bloomFilterColumns: ['${DOLLAR}x'],"
                        + " bloomFilterFalsePositiveProbability: 0.00001"
            })
    void a_document_reads_back_as_the_same_definition_and_the_same_document(String settings)
            throws Exception {
        ConfigFile file = file(settings).with("DOLLAR", "$");
        LoadedConfig loaded = file.load();
        LoadedStream stream = loaded.streams().get(0);

        LoadedStream again =
                file.loader().loadStream("s", stream.document(), file.path(), loaded.config());

        assertThat(again).isEqualTo(stream);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                arguments(
                        "compression: gzip",
                        "orc.compression: must be one of none, zlib, snappy, zstd, was gzip"),
                arguments("stripeSize: 1MB", "orc.stripeSize: must be at least 8MB, was 1MB"),
                arguments(
                        "stripeSize: 64",
                        "orc.stripeSize: needs a unit, was 64; did you mean 64MB?"),
                arguments(
                        "rowIndexStride: 999",
                        "orc.rowIndexStride: must be at least 1000 rows, was 999"),
                arguments(
                        "rowIndexStride: 1000001",
                        "orc.rowIndexStride: must be at most 1000000 rows, was 1000001"),
                arguments(
                        "rowIndexStride: many",
                        "orc.rowIndexStride: must be a whole number, was many"),
                arguments("blockSize: 128MB", "orc.blockSize: does nothing without padding: true"),
                arguments(
                        "padding: false, paddingTolerance: 0.1",
                        "orc.paddingTolerance: does nothing without padding: true"),
                arguments(
                        "padding: true, blockSize: 1MB",
                        "orc.blockSize: must be at least 64MB, was 1MB"),
                arguments(
                        "padding: true, paddingTolerance: 1.1",
                        "orc.paddingTolerance: must be a number from 0 to 1, was 1.1"),
                arguments(
                        "padding: true, paddingTolerance: 5%",
                        "orc.paddingTolerance: must be a number such as 0.05, was 5%"),
                arguments(
                        "bloomFilterFalsePositiveProbability: 0.1",
                        "orc.bloomFilterFalsePositiveProbability: does nothing without"
                                + " bloomFilterColumns"),
                arguments(
                        "bloomFilterColumns: [a], bloomFilterFalsePositiveProbability: 0",
                        "orc.bloomFilterFalsePositiveProbability: must be 0.00001 or more and below"
                                + " 1, was 0.0"),
                arguments(
                        "bloomFilterColumns: [a], bloomFilterFalsePositiveProbability: 0.000009",
                        "orc.bloomFilterFalsePositiveProbability: must be 0.00001 or more and below"
                                + " 1, was 9.0E-6"),
                arguments(
                        "bloomFilterColumns: [a], bloomFilterFalsePositiveProbability: 1",
                        "orc.bloomFilterFalsePositiveProbability: must be 0.00001 or more and below"
                                + " 1, was 1.0"),
                arguments("bloomFilterColumns: [a, A]", "orc.bloomFilterColumns: names A twice"),
                arguments(
                        "bloomFilterColumns: ['a,b']",
                        "orc.bloomFilterColumns: must be names without commas and without blanks"
                                + " around them, was 'a,b'"),
                arguments(
                        "bloomFilterColumns: id",
                        "orc.bloomFilterColumns: must be a list of texts, was a single value"),
                arguments(
                        "dictionaryKeyThreshold: 1.5",
                        "orc.dictionaryKeyThreshold: must be a number from 0 to 1, was 1.5"),
                arguments(
                        "dictionaryKeyThreshold: -0.1",
                        "orc.dictionaryKeyThreshold: must be a number from 0 to 1, was -0.1"),
                arguments(
                        "formatVersion: v0_12",
                        "orc.formatVersion: must be one of V0_11, V0_12, was v0_12; did you mean"
                                + " V0_12?"),
                arguments(
                        "formatVersion: V0_11, dictionaryKeyThreshold: 0.5",
                        "orc.dictionaryKeyThreshold: must be 1 or left out with formatVersion V0_11,"
                                + " which has texts in dictionaries only"),
                arguments(
                        "formatVersion: V0_11, bloomFilterColumns: [a]",
                        "orc.bloomFilterColumns: needs formatVersion V0_12: files of V0_11 have no"
                                + " Bloom filters"),
                arguments("blokSize: 64MB", "orc.blokSize: unknown; did you mean blockSize?"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void a_mistake_is_told_with_its_line(String settings, String problem) {
        assertThat(file(settings).problems()).containsExactly("6 streams.s.format." + problem);
    }

    @Test
    void exactly_one_format_is_given() {
        assertThat(ConfigFile.stream(folder, "format: {orc: {}}").problems())
                .contains("4 streams.s.format.schema: must be given");
        assertThat(ConfigFile.stream(folder, "format: orc").problems())
                .contains(
                        "4 streams.s.format: orc needs a schema: {orc: {}, schema: {table:"
                                + " database.table}}");
        assertThat(ConfigFile.stream(folder, "format: {orc: {}, parquet: {}}").problems())
                .contains(
                        "4 streams.s.format: must have one of raw, parquet and orc, and has parquet"
                                + " and orc");
    }

    @Test
    void objects_are_not_compressed_again() {
        assertThat(
                        ConfigFile.in(
                                        folder,
                                        """
                                        stores: {local: {directory: lake}}
                                        catalogs: {main: {file: .}}
                                        streams:
                                          s:
                                            format: {orc: {}, schema: {table: a.b}}
                                            destination: {bucket: b, errorPrefix: e/, compression: gzip}
                                        """)
                                .problems())
                .containsExactly(
                        "6 streams.s.destination.compression: must be none with format.orc, which"
                                + " compresses inside (format.orc.compression), was gzip");
    }

    private Orc read(String settings) {
        return (Orc)
                ((FormatSettings.Converted)
                                file(settings).load().config().streams().get(0).format())
                        .file();
    }

    private ConfigFile file(String settings) {
        return ConfigFile.in(
                folder,
                """
                stores: {local: {directory: lake}}
                catalogs: {main: {file: .}}
                streams:
                  s:
                    format:
                      orc: {%s}
                      schema: {table: db.t}
                    destination: {bucket: b, errorPrefix: e/}
                """
                        .formatted(settings));
    }
}

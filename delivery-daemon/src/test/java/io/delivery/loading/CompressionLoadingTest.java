package io.delivery.loading;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.Compression;
import io.delivery.config.Compression.Codec;
import io.delivery.config.StreamDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CompressionLoadingTest {
    private static final String ALL = "none, gzip, zip, snappy, hadoopSnappy, zstd";

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource
    void each_codec_has_a_word_in_a_destination_and_in_a_backup(Codec codec) {
        StreamDefinition stream = stream(codec.word(), codec.word());

        assertThat(stream.destination().compression()).isEqualTo(Compression.of(codec));
        assertThat(stream.backup().orElseThrow().compression()).isEqualTo(Compression.of(codec));
        assertThat(codec.word()).isEqualTo(Types.word(codec));
    }

    @ParameterizedTest
    @CsvSource({
        "'{gzip: {level: 1}}', GZIP, 1",
        "'{gzip: {level: 9}}', GZIP, 9",
        "'{gzip: {}}', GZIP, 6",
        "'{gzip: }', GZIP, 6",
        "'{zip: {level: 3}}', ZIP, 3",
        "'{zstd: {level: 1}}', ZSTD, 1",
        "'{zstd: {level: 19}}', ZSTD, 19",
        "'{zstd: {}}', ZSTD, 3"
    })
    void a_codec_with_levels_takes_one(String setting, Codec codec, int level) {
        StreamDefinition stream = stream(setting, setting);

        Compression expected = new Compression(codec, level);
        assertThat(stream.destination().compression()).isEqualTo(expected);
        assertThat(stream.backup().orElseThrow().compression()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzp | must be one of " + ALL + ", was gzp; did you mean gzip?",
                "GZIP | must be one of " + ALL + ", was GZIP; did you mean gzip?",
                "HADOOP_SNAPPY | must be one of "
                        + ALL
                        + ", was HADOOP_SNAPPY; did you mean hadoopSnappy?",
                "lz4 | must be one of " + ALL + ", was lz4",
                "'' | must be one of " + ALL + ", was empty; leave the line out for the default",
                "'{}' | must have one of gzip, zip, zstd, and has none of them",
                "'{gzip: {}, zstd: {}}' | must have one of gzip, zip, zstd, and has gzip and zstd",
                "[gzip] | must be a section with gzip, zip, zstd, was a list"
            })
    void what_is_no_compression_is_refused(String setting, String problem) {
        assertRefused(setting, "compression: " + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'{gzip: {level: 0}}' | gzip.level: must be between 1 and 9, was 0",
                "'{gzip: {level: 10}}' | gzip.level: must be between 1 and 9, was 10",
                "'{zip: {level: -1}}' | zip.level: must be between 1 and 9, was -1",
                "'{zstd: {level: 20}}' | zstd.level: must be between 1 and 19, was 20",
                "'{zstd: {level: fast}}' | zstd.level: must be a whole number, was fast",
                "'{zstd: {levl: 3}}' | zstd.levl: unknown; did you mean level?",
                "'{gzip: 9}' | gzip: must be a section with level, was a single value"
            })
    void a_level_that_the_codec_does_not_have_is_refused(String setting, String problem) {
        assertRefused(setting, "compression." + problem);
    }

    @ParameterizedTest
    @CsvSource({"none", "snappy", "hadoopSnappy"})
    void a_level_of_a_codec_without_levels_is_refused(String codec) {
        String setting = "{gzip: {}, %s: {level: 1}}".formatted(codec);

        assertRefused(
                setting,
                "compression.%1$s: not supported: it has no levels; write compression: %1$s; supported here: gzip, zip, zstd"
                        .formatted(codec));
    }

    /** The line that is wrong is told in a destination and in a backup. */
    private void assertRefused(String setting, String problem) {
        String of = setting.isEmpty() ? "" : " " + setting;
        assertThat(
                        ConfigFile.stream(
                                        folder,
                                        "destination:\n  bucket: b\n  compression:%s\n"
                                                        .formatted(of)
                                                + "backup:\n  bucket: b\n  compression:%s\n"
                                                        .formatted(of))
                                .problems())
                .containsExactly(
                        "6 streams.s.destination." + problem, "9 streams.s.backup." + problem);
    }

    @ParameterizedTest
    @CsvSource({"zstd, zstd", "hadoopSnappy, hadoopSnappy", "'{zip: {level: 1}}', zip"})
    void a_converted_stream_compresses_inside(String setting, String codec) {
        ConfigFile file =
                ConfigFile.stream(
                        folder,
                        """
                        format: {parquet: {}, schema: {catalog: main, table: db.t}}
                        destination: {bucket: b, compression: %s}
                        """
                                .formatted(setting));

        assertThat(file.problems())
                .contains(
                        "5 streams.s.destination.compression: must be none with format.parquet, which compresses inside (format.parquet.compression), was "
                                + codec);
    }

    @Property(tries = 50)
    void a_definition_s_document_reads_back_the_same(
            @ForAll Codec codec, @ForAll @IntRange(min = 1, max = 19) int level) throws Exception {
        Compression compression =
                new Compression(codec, codec.hasLevels() ? 1 + level % codec.mostLevel() : 0);
        Path directory = Files.createTempDirectory("compression");
        ConfigFile file =
                ConfigFile.stream(
                        directory,
                        "destination: {bucket: b, compression: %1$s}\nbackup: {bucket: b, compression: %1$s}"
                                .formatted(setting(compression)));
        LoadedConfig loaded = file.load();
        StreamDefinition stream = loaded.config().streams().get(0);
        assertThat(stream.destination().compression()).isEqualTo(compression);

        String document = StreamDocument.of(stream, Map.of());

        assertThat(
                        file.loader()
                                .loadStream("s", document, file.path(), loaded.config())
                                .definition())
                .isEqualTo(stream);
        Files.delete(file.path());
        Files.delete(directory);
    }

    private static String setting(Compression compression) {
        String word = compression.codec().word();
        return compression.codec().hasLevels()
                ? "{%s: {level: %d}}".formatted(word, compression.level())
                : word;
    }

    private StreamDefinition stream(String compression, String ofBackup) {
        return ConfigFile.stream(
                        folder,
                        """
                        destination:
                          bucket: b
                          compression: %s
                        backup:
                          bucket: raw
                          compression: %s
                        """
                                .formatted(compression, ofBackup))
                .load()
                .config()
                .streams()
                .get(0);
    }
}

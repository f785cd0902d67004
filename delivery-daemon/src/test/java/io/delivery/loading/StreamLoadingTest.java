package io.delivery.loading;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.BackupSettings;
import io.delivery.config.BufferingHints;
import io.delivery.config.BufferingHints.Latency;
import io.delivery.config.ColumnarSettings.Parquet;
import io.delivery.config.ColumnarSettings.ParquetCompression;
import io.delivery.config.ColumnarSettings.ParquetVersion;
import io.delivery.config.ColumnarSettings.Timestamps;
import io.delivery.config.Compression;
import io.delivery.config.DestinationSettings;
import io.delivery.config.FormatSettings;
import io.delivery.config.FormatSettings.Delimiter;
import io.delivery.config.FormatSettings.SchemaReference;
import io.delivery.config.PartitioningSettings;
import io.delivery.config.SplitSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.config.TransformSettings;
import io.delivery.format.DecoderOptions;
import io.delivery.format.JsonSerDe;
import io.delivery.format.UnknownFieldPolicy;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamLoadingTest {
    private static final ZoneId UTC = ZoneId.of("UTC");

    @TempDir Path folder;

    @Test
    void what_is_left_out_has_its_documented_default() {
        StreamDefinition stream = only(ConfigFile.stream(folder, "destination: {bucket: b}"));

        assertThat(stream)
                .isEqualTo(
                        new StreamDefinition(
                                "s",
                                1,
                                new BufferingHints(5, 300, Latency.STANDARD),
                                TransformSettings.NONE,
                                Optional.empty(),
                                new FormatSettings.Raw(Delimiter.NONE),
                                new DestinationSettings(
                                        "local",
                                        "b",
                                        Optional.empty(),
                                        Optional.empty(),
                                        Compression.NONE,
                                        UTC,
                                        Optional.empty()),
                                Optional.empty()));
    }

    @Test
    void every_setting_of_a_raw_stream_is_read() {
        StreamDefinition stream =
                only(
                        ConfigFile.stream(
                                folder,
                                """
                                source: directPut
                                buffer: {size: 7MB, interval: 2m}
                                split: {delimiter: "####"}
                                format: {raw: {delimiter: newline}}
                                destination:
                                  store: local
                                  bucket: events
                                  prefix: 'a/!{timestamp:yyyy}/'
                                  errorPrefix: 'e/!{firehose:error-output-type}/'
                                  compression: gzip
                                  timezone: Europe/Berlin
                                  fileExtension: .log
                                backup:
                                  store: local
                                  bucket: raw
                                  prefix: raw/
                                  compression: gzip
                                  delimiter: lines
                                  timezone: Asia/Tokyo
                                  buffer: {size: 1MB, interval: 5s, lowLatency: true}
                                """));

        assertThat(stream)
                .isEqualTo(
                        new StreamDefinition(
                                "s",
                                1,
                                new BufferingHints(7, 120, Latency.STANDARD),
                                TransformSettings.splitting(new SplitSettings.Delimited("####")),
                                Optional.empty(),
                                new FormatSettings.Raw(Delimiter.NEWLINE),
                                new DestinationSettings(
                                        "local",
                                        "events",
                                        Optional.of("a/!{timestamp:yyyy}/"),
                                        Optional.of("e/!{firehose:error-output-type}/"),
                                        Compression.GZIP,
                                        ZoneId.of("Europe/Berlin"),
                                        Optional.of(".log")),
                                Optional.of(
                                        new BackupSettings(
                                                "local",
                                                "raw",
                                                Optional.of("raw/"),
                                                Compression.GZIP,
                                                Delimiter.LINES,
                                                ZoneId.of("Asia/Tokyo"),
                                                new BufferingHints(1, 5, Latency.LOW)))));
    }

    @Test
    void every_setting_of_a_partitioned_and_converted_stream_is_read() {
        StreamDefinition stream = only(converted());

        assertThat(stream.buffer()).isEqualTo(BufferingHints.LARGE_DEFAULTS);
        assertThat(stream.transform().split()).contains(new SplitSettings.Json());
        assertThat(stream.partitioning())
                .contains(
                        new PartitioningSettings(
                                Optional.of("{id: .id}"), Optional.of(Set.of("id")), 9));
        assertThat(stream.format())
                .isEqualTo(
                        new FormatSettings.Converted(
                                new Parquet(
                                        ParquetCompression.ZSTD,
                                        Timestamps.INT96,
                                        Optional.of(false),
                                        64L << 20,
                                        64 << 10,
                                        8L << 20,
                                        ParquetVersion.V2),
                                new SchemaReference("main", "db", "t", "3"),
                                new DecoderOptions(
                                        Optional.of(
                                                new JsonSerDe.OpenX(
                                                        false,
                                                        true,
                                                        Map.of("id", "@ID", "a_b", "A.b"))),
                                        new UnknownFieldPolicy.Keep("extras"))));
    }

    @Test
    void a_document_reads_back_as_the_same_definition_and_the_same_document() throws Exception {
        ConfigFile file = converted();
        LoadedConfig loaded = file.load();
        LoadedStream stream = loaded.streams().get(0);

        LoadedStream again =
                file.loader().loadStream("s", stream.document(), file.path(), loaded.config());

        assertThat(again).isEqualTo(stream);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "####", "\n", "\r\n", "\t", " ", "'", "\"", ": ", "# x", "${A}", "$${A}", "null",
                "true", "~", "12", "- a", "&a", "*a", "!a", "é😀", "\u0000", "\u0085", "\uFEFF"
            })
    void whatever_a_text_holds_its_document_reads_back_the_same(String delimiter) throws Exception {
        ConfigFile file = ConfigFile.stream(folder, "destination: {bucket: b}");
        LoadedConfig loaded = file.load();
        StreamDefinition plain = loaded.config().streams().get(0);
        StreamDefinition stream =
                new StreamDefinition(
                        "s",
                        1,
                        plain.buffer(),
                        TransformSettings.splitting(new SplitSettings.Delimited(delimiter)),
                        plain.partitioning(),
                        plain.format(),
                        plain.destination(),
                        plain.backup());

        String document = StreamDocument.of(stream, Map.of());

        assertThat(
                        file.loader()
                                .loadStream("s", document, file.path(), loaded.config())
                                .definition())
                .isEqualTo(stream);
    }

    @Test
    void a_new_value_behind_the_same_variable_is_in_the_definition_and_not_in_the_document() {
        String settings = "destination: {bucket: '${BUCKET}', prefix: 'a$${b}/'}";
        LoadedStream before =
                ConfigFile.stream(folder, settings).with("BUCKET", "one").load().streams().get(0);
        LoadedStream after =
                ConfigFile.stream(folder, settings).with("BUCKET", "two").load().streams().get(0);

        assertThat(after.definition().destination().bucket()).isEqualTo("two");
        assertThat(after.definition().destination().prefix()).contains("a${b}/");
        assertThat(after.document()).isEqualTo(before.document()).contains("${BUCKET}", "a$${b}/");
        assertThat(after.definition().sameSettingsAs(before.definition())).isFalse();
    }

    @Test
    void another_way_to_write_the_same_is_no_change_and_another_default_store_is_one() {
        String two = "stores: {a: {directory: a, default: %s}, b: {directory: b, default: %s}}\n";
        String stream = "streams: {s: {buffer: {interval: %s}, destination: {bucket: b}}}";
        LoadedStream a = onlyLoaded(two.formatted(true, false) + stream.formatted("5m"));
        LoadedStream same = onlyLoaded(two.formatted(true, false) + stream.formatted("300s"));
        LoadedStream b = onlyLoaded(two.formatted(false, true) + stream.formatted("5m"));

        assertThat(same).isEqualTo(a);
        assertThat(b.document()).isNotEqualTo(a.document());
    }

    @ParameterizedTest
    @CsvSource({
        "1MB, 60s, false",
        "128MB, 900s, false",
        "1MiB, 1m, false",
        "1MB, 0s, true",
        "128MB, 59s, true",
        "1024KB, 60s, false"
    })
    void hints_at_their_edges_are_accepted(String size, String interval, boolean lowLatency) {
        String buffer =
                "buffer: {size: %s, interval: %s, lowLatency: %s}"
                        .formatted(size, interval, lowLatency);

        assertThat(ConfigFile.stream(folder, buffer + "\ndestination: {bucket: b}").problems())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0MB | 60s | false | 4 streams.s.buffer.size: must be between 1 MB and 128 MB, was 0 MB",
                "129MB | 60s | false | 4 streams.s.buffer.size: must be between 1 MB and 128 MB, was 129 MB",
                "1MB | 59s | false | 4 streams.s.buffer.interval: must be between 60 s and 900 s, was 59 s; lowLatency: true lifts the lower bound",
                "1MB | 901s | false | 4 streams.s.buffer.interval: must be between 60 s and 900 s, was 901 s",
                "0MB | 0s | true | 4 streams.s.buffer.size: must be between 1 MB and 128 MB, was 0 MB",
                "129MB | 0s | true | 4 streams.s.buffer.size: must be between 1 MB and 128 MB, was 129 MB",
                "1MB | 901s | true | 4 streams.s.buffer.interval: must be between 0 s and 900 s, was 901 s",
            })
    void hints_beyond_their_edges_are_refused(
            String size, String interval, boolean lowLatency, String problem) {
        String buffer =
                "buffer: {size: %s, interval: %s, lowLatency: %s}"
                        .formatted(size, interval, lowLatency);

        assertThat(ConfigFile.stream(folder, buffer + "\ndestination: {bucket: b}").problems())
                .containsExactly(problem);
    }

    @Test
    void a_partitioned_stream_needs_64_MB_unless_it_has_low_latency() {
        String settings =
                """
                buffer: {size: 63MB, lowLatency: %s}
                partitioning: {query: '{id: .id}'}
                destination: {bucket: b, prefix: '!{partitionKeyFromQuery:id}/', errorPrefix: e/}
                """;

        assertThat(ConfigFile.stream(folder, settings.formatted(true)).problems()).isEmpty();
        assertThat(ConfigFile.stream(folder, settings.formatted(false)).problems())
                .containsExactly(
                        "4 streams.s.buffer.size: must be between 64 MB and 128 MB with"
                                + " partitioning, was 63 MB; lowLatency: true lifts the lower bound");
    }

    @Test
    void the_prefix_must_use_what_the_query_yields() {
        String settings =
                """
                partitioning: {query: '{id: .id}'}
                destination: {bucket: b, prefix: '!{partitionKeyFromQuery:it}/', errorPrefix: e/}
                """;

        assertThat(ConfigFile.stream(folder, settings).whoseQueryYields("id").problems())
                .contains(
                        "5 streams.s.destination.prefix: Prefix uses partitionKeyFromQuery:it,"
                                + " which the query does not yield; it yields id");
        assertThat(ConfigFile.stream(folder, settings).whoseQueryFails("no such thing").problems())
                .containsExactly("4 streams.s.partitioning.query: no such thing");
    }

    private ConfigFile converted() {
        ConfigFile.write(folder.resolve("schemas/db/t.yaml"), "columns: []");
        return ConfigFile.in(
                        folder,
                        """
                        stores: {local: {directory: lake}}
                        catalogs: {main: {file: schemas}}
                        streams:
                          s:
                            split: json
                            partitioning: {query: '{id: .id}', activePartitionsLimit: 9}
                            format:
                              parquet: {compression: zstd, timestamps: int96, dictionary: false, blockSize: 64MB, pageSize: 64KB, maxPadding: 8MB, writerVersion: v2}
                              serde:
                                openx:
                                  caseInsensitive: false
                                  convertDotsInJsonKeysToUnderscores: true
                                  columnToJsonKeyMappings: {id: '@ID', a_b: A.b}
                              unknownFields: {keep: extras}
                              schema: {catalog: main, table: db.t, version: 3}
                            destination: {bucket: b, prefix: '!{partitionKeyFromQuery:id}/', errorPrefix: e/}
                            backup: {bucket: raw}
                        """)
                .whoseQueryYields("id");
    }

    private LoadedStream onlyLoaded(String text) {
        return ConfigFile.in(folder, text).load().streams().get(0);
    }

    private static StreamDefinition only(ConfigFile file) {
        return file.load().config().streams().get(0);
    }
}

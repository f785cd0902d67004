package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.firehose.model.BufferingHints;
import software.amazon.awssdk.services.firehose.model.ExtendedS3DestinationConfiguration;
import software.amazon.awssdk.services.firehose.model.ExtendedS3DestinationUpdate;
import software.amazon.awssdk.services.firehose.model.FirehoseException;
import software.amazon.awssdk.services.firehose.model.InvalidArgumentException;
import software.amazon.awssdk.services.firehose.model.OpenXJsonSerDe;
import software.amazon.awssdk.services.firehose.model.OrcSerDe;
import software.amazon.awssdk.services.firehose.model.Processor;
import software.amazon.awssdk.services.firehose.model.ProcessorParameter;
import software.amazon.awssdk.services.firehose.model.ProcessorType;

/** What a caller of the API may not define, and what its definitions rest on. */
@SuppressWarnings({"deprecation", "unchecked"}) // S3DestinationConfiguration; varargs of builders
class ApiRulesTest extends ApiWorld {
    @Test
    void rules_beyond_the_model_are_told_in_the_captured_words() {
        assertRefused(
                d -> d.prefix("x/!{timestamp:yyyy}/"),
                "Ths supplied prefix(es) do not satisfy the following constraint: ErrorOutputPrefix"
                        + " cannot be null or empty when Prefix contains expressions");
        assertRefused(
                d -> d.prefix("x/!{partitionKeyFromQuery:k}/").errorOutputPrefix("e/"),
                "Dynamic Partitioning Namespaces can only be part of a prefix expression when"
                        + " Dynamic Partitioning is enabled.");
        assertRefused(
                d -> d.processingConfiguration(p -> p.enabled(true).processors(List.of())),
                "A maximum of 5 and a minimum of 1 processor needs to be supplied when processing"
                        + " is enabled.");
        assertRefused(
                d ->
                        d.processingConfiguration(
                                p ->
                                        p.enabled(true)
                                                .processors(
                                                        q ->
                                                                q.type(
                                                                        ProcessorType
                                                                                .CLOUD_WATCH_LOG_PROCESSING))),
                "CloudWatchLogProcessingProcessor can only be enabled with DecompressionProcessor");
        assertThatThrownBy(() -> client.createDeliveryStream(c -> c.deliveryStreamName("none")))
                .hasMessageContaining(
                        "Exactly one destination configuration is supported for a Firehose");
        assertThatThrownBy(
                        () ->
                                client.createDeliveryStream(
                                        c ->
                                                c.deliveryStreamName("two")
                                                        .s3DestinationConfiguration(
                                                                d ->
                                                                        d.roleARN(ROLE)
                                                                                .bucketARN(
                                                                                        "arn:aws:s3:::b"))
                                                        .extendedS3DestinationConfiguration(
                                                                d ->
                                                                        d.roleARN(ROLE)
                                                                                .bucketARN(
                                                                                        "arn:aws:s3:::b"))))
                .hasMessageContaining(
                        "Exactly one of S3DestinationConfiguration or"
                                + " ExtendedS3DestinationConfiguration must be specified.");
        assertThat(client.listDeliveryStreams().deliveryStreamNames()).containsExactly("fixed");
    }

    private void assertRefused(
            Consumer<ExtendedS3DestinationConfiguration.Builder> destination, String message) {
        assertThatThrownBy(() -> create("refused", destination))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void a_bucket_that_is_certainly_missing_is_refused_and_one_that_comes_is_taken()
            throws Exception {
        assertRefused(
                d -> d.bucketARN("arn:aws:s3:::strict-one"),
                "The bucket strict-one does not exist in the store strict");

        Files.createDirectories(folder.resolve("strict/strict-one"));
        create("made", d -> d.bucketARN("arn:aws:s3:::strict-one"));

        assertThatThrownBy(() -> update("made", u -> u.bucketARN("arn:aws:s3:::strict-two")))
                .hasMessageContaining("The bucket strict-two does not exist");
    }

    @Test
    void an_update_looks_only_at_what_it_changes() throws Exception {
        Path main = Files.createDirectories(folder.resolve("strict/strict-main"));
        Path kept = Files.createDirectories(folder.resolve("strict/strict-kept"));
        Path table = Files.createDirectories(folder.resolve("schemas/db")).resolve("t.yaml");
        Files.writeString(table, "columns: [{name: id, type: int}]\n");
        create(
                "made",
                d -> {
                    orc(d, "t");
                    d.bucketARN("arn:aws:s3:::strict-main")
                            .s3BackupMode("Enabled")
                            .s3BackupConfiguration(
                                    b -> b.roleARN(ROLE).bucketARN("arn:aws:s3:::strict-kept"));
                });
        Files.delete(main);
        Files.delete(kept);
        Files.delete(table);
        restart(); // a catalog of files keeps a table for as long as it lives

        update("made", u -> u.prefix("p/").bufferingHints(h -> hints(h, 70)));
        update("made", u -> tolerance(u, 0.04));
        update("made", u -> u.s3BackupUpdate(b -> b.prefix("kept/")));

        assertThat(describe("made").versionId()).isEqualTo("4");
        assertThatThrownBy(
                        () ->
                                update(
                                        "made",
                                        u ->
                                                u.s3BackupUpdate(
                                                        b ->
                                                                b.bucketARN(
                                                                        "arn:aws:s3:::strict-two"))))
                .hasMessageContaining("The bucket strict-two does not exist");
        assertThatThrownBy(
                        () ->
                                update(
                                        "made",
                                        u ->
                                                u.dataFormatConversionConfiguration(
                                                        c ->
                                                                c.schemaConfiguration(
                                                                        t -> t.tableName("none")))))
                .hasMessageContaining("The table db.none of SchemaConfiguration cannot be used");
        assertThat(describe("made").versionId()).isEqualTo("4");
    }

    private static void hints(BufferingHints.Builder hints, int seconds) {
        hints.sizeInMBs(64).intervalInSeconds(seconds);
    }

    private static void orc(ExtendedS3DestinationConfiguration.Builder d, String table) {
        orc(d, table, x -> {}, o -> {});
    }

    private static void orc(
            ExtendedS3DestinationConfiguration.Builder d,
            String table,
            Consumer<OrcSerDe.Builder> serializer,
            Consumer<OpenXJsonSerDe.Builder> deserializer) {
        d.bufferingHints(b -> b.sizeInMBs(64).intervalInSeconds(60))
                .errorOutputPrefix("errors/")
                .dataFormatConversionConfiguration(
                        c ->
                                c.schemaConfiguration(s -> s.databaseName("db").tableName(table))
                                        .inputFormatConfiguration(
                                                i ->
                                                        i.deserializer(
                                                                e ->
                                                                        e.openXJsonSerDe(
                                                                                deserializer)))
                                        .outputFormatConfiguration(
                                                o -> o.serializer(e -> e.orcSerDe(serializer))));
    }

    @Test
    void records_are_converted_by_the_table_that_the_catalog_has() throws Exception {
        assertRefused(
                d -> orc(d, "none"), "The table db.none of SchemaConfiguration cannot be used");
        Files.createDirectories(folder.resolve("schemas/db"));
        Files.writeString(
                folder.resolve("schemas/db/t.yaml"), "columns: [{name: id, type: int}]\n");

        create("made", d -> orc(d, "t"));
        put("made", "{\"id\":1}");
        put("made", "{\"id\":\"x\"}");
        service.flush().get(60, TimeUnit.SECONDS);

        assertThat(objects())
                .hasSize(2)
                .anyMatch(key -> key.endsWith(".orc"))
                .anyMatch(key -> key.startsWith("errors/"));
        assertThat(
                        destination("made")
                                .dataFormatConversionConfiguration()
                                .schemaConfiguration()
                                .versionId())
                .isEqualTo("LATEST");
    }

    private static Processor processor(String type, String... parameters) {
        List<ProcessorParameter> all = new ArrayList<>();
        for (int i = 0; i < parameters.length; i += 2) {
            all.add(
                    ProcessorParameter.builder()
                            .parameterName(parameters[i])
                            .parameterValue(parameters[i + 1])
                            .build());
        }
        return Processor.builder().type(type).parameters(all).build();
    }

    private void assertProcessorsRefused(String message, Processor... processors) {
        assertRefused(
                d -> d.processingConfiguration(p -> p.enabled(true).processors(processors)),
                message);
    }

    @Test
    void processors_that_would_be_ignored_are_refused() {
        Processor split = processor("RecordDeAggregation", "SubRecordType", "JSON");
        assertProcessorsRefused(
                "Cannot have more than 1 RecordDeAggregation processor", split, split);
        assertProcessorsRefused(
                "SubRecordType is no parameter of a Decompression processor",
                processor("Decompression", "CompressionFormat", "GZIP", "SubRecordType", "JSON"));
        assertProcessorsRefused(
                "LambdaArn is no parameter of an AppendDelimiterToRecord processor",
                processor("AppendDelimiterToRecord", "LambdaArn", "enrich"));
        assertProcessorsRefused(
                "Delimiter must be base64 of UTF-8",
                processor(
                        "RecordDeAggregation", "SubRecordType", "DELIMITED", "Delimiter", "/w=="));
        assertProcessorsRefused(
                "The function enrich is not configured",
                processor(
                        "Lambda",
                        "LambdaArn",
                        "arn:aws:lambda:us-east-1:000000000000:function:enrich:live"));
        assertRefused(
                d ->
                        d.s3BackupMode("Enabled")
                                .s3BackupConfiguration(
                                        b ->
                                                b.roleARN(ROLE)
                                                        .bucketARN("arn:aws:s3:::kept")
                                                        .errorOutputPrefix("!{foo:bar}/")),
                "S3BackupConfiguration.ErrorOutputPrefix");
    }

    @Test
    void the_same_numbers_written_otherwise_are_no_change() throws Exception {
        Files.createDirectories(folder.resolve("schemas/db"));
        Files.writeString(
                folder.resolve("schemas/db/t.yaml"), "columns: [{name: id, type: int}]\n");
        create("made", d -> orc(d, "t"));
        update("made", u -> tolerance(u, 0.05));
        assertThat(describe("made").versionId()).isEqualTo("2");

        restart();
        update("made", u -> tolerance(u, 0.050));

        assertThat(describe("made").versionId()).isEqualTo("2");
    }

    private static void tolerance(ExtendedS3DestinationUpdate.Builder update, double share) {
        update.dataFormatConversionConfiguration(
                c ->
                        c.outputFormatConfiguration(
                                o ->
                                        o.serializer(
                                                e -> e.orcSerDe(r -> r.paddingTolerance(share)))));
    }

    @Test
    void a_configuration_in_which_its_names_mean_something_else_is_refused() throws Exception {
        create("made", d -> d.bucketARN("arn:aws:s3:::made"));
        String before = Files.readString(folder.resolve("delivery.yaml"));

        Files.writeString(
                folder.resolve("delivery.yaml"),
                before.replace("{match: '*', store: lake}", "{match: '*', store: strict}"));

        assertThatThrownBy(this::reload)
                .hasStackTraceContaining(
                        "stream made was made through the API, and its names would mean something"
                                + " else: its store, its catalog or its function would be another"
                                + " one (store strict for bucket made, which was lake)");
        Files.writeString(
                folder.resolve("delivery.yaml"), before.replace("match: '*'", "match: 'other'"));
        assertThatThrownBy(this::reload)
                .hasStackTraceContaining("No store is configured for the bucket made");
    }

    @Test
    void settings_that_do_not_fit_the_table_are_refused_also_in_an_update() throws Exception {
        Files.createDirectories(folder.resolve("schemas/db"));
        Files.writeString(
                folder.resolve("schemas/db/t.yaml"), "columns: [{name: id, type: int}]\n");
        String filters =
                "OrcSerDe.BloomFilterColumns must name columns of db.t, was idd; did you mean id?";

        assertRefused(d -> orc(d, "t", x -> x.bloomFilterColumns("ID", "idd"), o -> {}), filters);
        assertRefused(
                d -> orc(d, "t", x -> {}, o -> o.columnToJsonKeyMappings(Map.of("ts", "at"))),
                "OpenXJsonSerDe.ColumnToJsonKeyMappings must fit db.t: there is no column or field"
                        + " ts at any depth");
        assertRefused(
                d -> orc(d, "t", x -> x.rowIndexStride(100_000_000), o -> {}),
                "OrcSerDe.RowIndexStride must be at most 1000000 rows, was 100000000");
        create("made", d -> orc(d, "t", x -> x.bloomFilterColumns("ID"), o -> {}));
        assertThatThrownBy(
                        () ->
                                update(
                                        "made",
                                        u ->
                                                u.dataFormatConversionConfiguration(
                                                        c ->
                                                                c.outputFormatConfiguration(
                                                                        o ->
                                                                                o.serializer(
                                                                                        e ->
                                                                                                e
                                                                                                        .orcSerDe(
                                                                                                                x ->
                                                                                                                        x
                                                                                                                                .bloomFilterColumns(
                                                                                                                                        "idd")))))))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining(filters);
    }

    /** Terraform sends a DictionaryKeyThreshold of 0 whatever the version. */
    @Test
    void a_threshold_of_0_counts_as_left_out_in_files_that_have_dictionaries_only()
            throws Exception {
        Files.createDirectories(folder.resolve("schemas/db"));
        Files.writeString(
                folder.resolve("schemas/db/t.yaml"), "columns: [{name: id, type: int}]\n");

        assertRefused(
                d ->
                        orc(
                                d,
                                "t",
                                x -> x.formatVersion("V0_11").dictionaryKeyThreshold(0.3),
                                o -> {}),
                "OrcSerDe.DictionaryKeyThreshold must be 1 or left out");
        create(
                "made",
                d ->
                        orc(
                                d,
                                "t",
                                x -> x.formatVersion("V0_11").dictionaryKeyThreshold(0.0),
                                o -> {}));
        put("made", "{\"id\":1}");
        service.flush().get(60, TimeUnit.SECONDS);

        assertThat(objects()).singleElement().asString().endsWith(".orc");
        assertThat(
                        destination("made")
                                .dataFormatConversionConfiguration()
                                .outputFormatConfiguration()
                                .serializer()
                                .orcSerDe()
                                .dictionaryKeyThreshold())
                .isZero();
    }

    @Test
    void destinations_and_sources_that_are_not_here_are_named() {
        assertThatThrownBy(
                        () ->
                                client.createDeliveryStream(
                                        c ->
                                                c.deliveryStreamName("http")
                                                        .httpEndpointDestinationConfiguration(
                                                                h ->
                                                                        h.endpointConfiguration(
                                                                                        e ->
                                                                                                e
                                                                                                        .url(
                                                                                                                "https://x"))
                                                                                .s3Configuration(
                                                                                        s ->
                                                                                                s.roleARN(
                                                                                                                ROLE)
                                                                                                        .bucketARN(
                                                                                                                "arn:aws:s3:::b")))))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining(
                        "HttpEndpointDestinationConfiguration is not available on this server");
        assertThatThrownBy(
                        () ->
                                client.createDeliveryStream(
                                        request("k", d -> {}).toBuilder()
                                                .deliveryStreamType("KinesisStreamAsSource")
                                                .build()))
                .isInstanceOf(FirehoseException.class)
                .hasMessageContaining("KinesisStreamAsSource is not available on this server");
    }
}

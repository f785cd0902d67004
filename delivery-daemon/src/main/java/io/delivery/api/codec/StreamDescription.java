package io.delivery.api.codec;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.control.ApiDefinition;
import io.delivery.api.control.ApiDescription;
import io.delivery.api.control.RequestRules;
import io.delivery.api.model.ServiceModel;
import io.delivery.config.BackupSettings;
import io.delivery.config.BufferingHints;
import io.delivery.config.ColumnarSettings;
import io.delivery.config.Compression;
import io.delivery.config.DestinationSettings;
import io.delivery.config.EncryptionState;
import io.delivery.config.EncryptionStatus;
import io.delivery.config.FormatSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.format.JsonSerDe;
import io.delivery.stream.StreamPhase;
import io.delivery.stream.StreamStatus;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Describes a stream in the API's words (DeliveryStreamDescription). A stream from YAML is
 * projected: it has no role, so a placeholder stands there; what the API has no word for
 * (NEWLINE-terminated lines, ZSTD, INT96) is left out or shown as its nearest value.
 */
public final class StreamDescription {
    /** Of the one destination that a stream has: captured. */
    public static final String DESTINATION_ID = "destinationId-000000000001";

    private static final int PARTITIONING_RETRY_SECONDS = 300; // API reference, RetryOptions

    private final String region;
    private final String account;
    private final long startedMillis;
    private final ProcessorDescription processors;
    private final ApiDescription api;

    /**
     * @param startedMillis stands for the creation of a stream that has no journal yet,
     *     milliseconds since the epoch
     */
    public StreamDescription(
            String region, String account, long startedMillis, ServiceModel model) {
        this.api = new ApiDescription(model);
        this.region = region;
        this.account = account;
        this.startedMillis = startedMillis;
        this.processors = new ProcessorDescription(region, account, placeholderRole());
    }

    /**
     * The reply of DescribeDeliveryStream for a stream of the configuration.
     *
     * @param serde that a stream which converts reads records with
     */
    public ObjectNode of(
            StreamDefinition stream,
            StreamStatus status,
            EncryptionStatus encryption,
            JsonSerDe serde) {
        return reply(
                status.version(),
                status,
                encryption,
                described -> {},
                destination -> {
                    s3(destination.putObject("S3DestinationDescription"), stream);
                    extendedS3(
                            destination.putObject("ExtendedS3DestinationDescription"),
                            stream,
                            serde);
                });
    }

    /**
     * The reply of DescribeDeliveryStream for a stream that a caller of the API has defined.
     *
     * @param version of this definition
     */
    public ObjectNode of(
            ApiDefinition stream, StreamStatus status, EncryptionStatus encryption, int version) {
        return reply(
                version,
                status,
                encryption,
                described -> {
                    stream.lastUpdate()
                            .ifPresent(time -> described.put("LastUpdateTimestamp", time));
                    stream.source()
                            .ifPresent(
                                    source ->
                                            described
                                                    .putObject("Source")
                                                    .set("DirectPutSourceDescription", source));
                },
                destination -> api.describe(stream, destination));
    }

    private ObjectNode reply(
            int version,
            StreamStatus status,
            EncryptionStatus encryption,
            Consumer<ObjectNode> head,
            Consumer<ObjectNode> destination) {
        String name = status.name();
        ObjectNode reply = JsonNodeFactory.instance.objectNode();
        ObjectNode described = reply.putObject("DeliveryStreamDescription");
        described.put("DeliveryStreamName", name);
        described.put(
                "DeliveryStreamARN",
                "arn:aws:firehose:" + region + ":" + account + ":deliverystream/" + name);
        described.put("DeliveryStreamStatus", word(status.phase()));
        encryption(described.putObject("DeliveryStreamEncryptionConfiguration"), encryption);
        described.put("DeliveryStreamType", "DirectPut");
        described.put("VersionId", String.valueOf(Math.max(1, version)));
        long created = status.createdMillis() > 0 ? status.createdMillis() : startedMillis;
        described.put("CreateTimestamp", BigDecimal.valueOf(created, 3));
        head.accept(described);
        ObjectNode shown = described.putArray("Destinations").addObject();
        shown.put("DestinationId", DESTINATION_ID);
        destination.accept(shown);
        described.put("HasMoreDestinations", false);
        return reply;
    }

    /** Which key, it tells while one is in use, or about to be. */
    private static void encryption(ObjectNode out, EncryptionStatus encryption) {
        Optional<String> arn = encryption.settings().keyArn();
        if (encryption.state() != EncryptionState.DISABLED) {
            arn.ifPresent(named -> out.put(RequestRules.KEY_ARN, named));
            out.put(
                    RequestRules.KEY_TYPE,
                    arn.isPresent() ? RequestRules.CUSTOMER_KEY : RequestRules.OWN_KEY);
        }
        out.put("Status", encryption.state().name());
    }

    /** A stream that cannot be opened takes no records, and is there. */
    private static String word(StreamPhase phase) {
        return switch (phase) {
            case CREATING -> "CREATING";
            case ACTIVE, DRAINING, CLOSED -> "ACTIVE";
            case DELETING -> "DELETING";
        };
    }

    private void s3(ObjectNode out, StreamDefinition stream) {
        DestinationSettings destination = stream.destination();
        place(
                out,
                destination.bucket(),
                destination.prefix(),
                stream.buffer(),
                destination.compression());
        destination.errorPrefix().ifPresent(p -> out.put("ErrorOutputPrefix", p));
    }

    private void extendedS3(ObjectNode out, StreamDefinition stream, JsonSerDe serde) {
        s3(out, stream);
        processors.describe(out.putObject("ProcessingConfiguration"), stream);
        out.put("S3BackupMode", stream.backup().isPresent() ? "Enabled" : "Disabled");
        stream.backup().ifPresent(b -> backup(out.putObject("S3BackupDescription"), b));
        ObjectNode conversion = out.putObject("DataFormatConversionConfiguration");
        stream.format()
                .choose(
                        raw -> conversion.put("Enabled", false),
                        converted -> conversion(conversion, converted, serde));
        if (stream.partitioning().isPresent()) {
            ObjectNode partitioning = out.putObject("DynamicPartitioningConfiguration");
            partitioning
                    .putObject("RetryOptions")
                    .put("DurationInSeconds", PARTITIONING_RETRY_SECONDS);
            partitioning.put("Enabled", true);
        }
        stream.destination().fileExtension().ifPresent(e -> out.put("FileExtension", e));
        timezone(out, stream.destination().timezone());
    }

    private void backup(ObjectNode out, BackupSettings backup) {
        place(out, backup.bucket(), backup.prefix(), backup.buffer(), backup.compression());
    }

    private void place(
            ObjectNode out,
            String bucket,
            Optional<String> prefix,
            BufferingHints buffer,
            Compression compression) {
        out.put("RoleARN", placeholderRole());
        out.put("BucketARN", "arn:aws:s3:::" + bucket);
        prefix.ifPresent(p -> out.put("Prefix", p));
        out.putObject("BufferingHints")
                .put("SizeInMBs", buffer.sizeInMBs())
                .put("IntervalInSeconds", buffer.intervalInSeconds());
        format(compression).ifPresent(word -> out.put("CompressionFormat", word));
        out.putObject("EncryptionConfiguration").put("NoEncryptionConfig", "NoEncryption");
        out.putObject("CloudWatchLoggingOptions").put("Enabled", false);
    }

    /** Empty when the API has no word for it. */
    private static Optional<String> format(Compression compression) {
        return switch (compression.codec()) {
            case NONE -> Optional.of("UNCOMPRESSED");
            case GZIP -> Optional.of("GZIP");
            case ZIP -> Optional.of("ZIP");
            case SNAPPY -> Optional.of("Snappy");
            case HADOOP_SNAPPY -> Optional.of("HADOOP_SNAPPY");
            case ZSTD -> Optional.empty();
        };
    }

    private String placeholderRole() {
        return "arn:aws:iam::" + account + ":role/delivery";
    }

    private ObjectNode conversion(
            ObjectNode out, FormatSettings.Converted converted, JsonSerDe serde) {
        FormatSettings.SchemaReference schema = converted.schema();
        out.putObject("SchemaConfiguration")
                .put("RoleARN", placeholderRole())
                .put("CatalogId", schema.catalog())
                .put("DatabaseName", schema.database())
                .put("TableName", schema.table())
                .put("Region", region)
                .put("VersionId", schema.version());
        deserializer(out.putObject("InputFormatConfiguration").putObject("Deserializer"), serde);
        ObjectNode serializer = out.putObject("OutputFormatConfiguration").putObject("Serializer");
        converted
                .file()
                .choose(
                        parquet -> parquet(serializer.putObject("ParquetSerDe"), parquet),
                        orc -> orc(serializer.putObject("OrcSerDe"), orc));
        return out.put("Enabled", true);
    }

    private static ObjectNode deserializer(ObjectNode out, JsonSerDe serde) {
        return serde.accept(
                new JsonSerDe.Visitor<>() {
                    @Override
                    public ObjectNode openX(JsonSerDe.OpenX openX) {
                        ObjectNode options = out.putObject("OpenXJsonSerDe");
                        options.put(
                                "ConvertDotsInJsonKeysToUnderscores",
                                openX.convertDotsInJsonKeysToUnderscores());
                        options.put("CaseInsensitive", openX.caseInsensitive());
                        if (!openX.columnToJsonKeyMappings().isEmpty()) {
                            ObjectNode mappings = options.putObject("ColumnToJsonKeyMappings");
                            new TreeMap<>(openX.columnToJsonKeyMappings()).forEach(mappings::put);
                        }
                        return out;
                    }

                    @Override
                    public ObjectNode hive(JsonSerDe.Hive hive) {
                        ObjectNode options = out.putObject("HiveJsonSerDe");
                        if (!hive.timestampFormats().isEmpty()) {
                            ArrayNode formats = options.putArray("TimestampFormats");
                            hive.timestampFormats().forEach(formats::add);
                        }
                        return out;
                    }
                });
    }

    private static ObjectNode parquet(ObjectNode serde, ColumnarSettings.Parquet parquet) {
        serde.put("BlockSizeBytes", parquet.blockSizeBytes());
        serde.put("PageSizeBytes", parquet.pageSizeBytes());
        compression(parquet.compression()).ifPresent(word -> serde.put("Compression", word));
        parquet.dictionary().ifPresent(d -> serde.put("EnableDictionaryCompression", d));
        serde.put("MaxPaddingBytes", parquet.maxPaddingBytes());
        serde.put(
                "WriterVersion",
                switch (parquet.writerVersion()) {
                    case V1 -> "V1";
                    case V2 -> "V2";
                });
        return serde;
    }

    /** Empty when the API has no word for it. */
    private static Optional<String> compression(ColumnarSettings.ParquetCompression compression) {
        return switch (compression) {
            case NONE -> Optional.of("UNCOMPRESSED");
            case SNAPPY -> Optional.of("SNAPPY");
            case GZIP -> Optional.of("GZIP");
            case ZSTD -> Optional.empty();
        };
    }

    private static ObjectNode orc(ObjectNode serde, ColumnarSettings.Orc orc) {
        serde.put("StripeSizeBytes", orc.stripeSizeBytes())
                .put("RowIndexStride", orc.rowIndexStride())
                .put("EnablePadding", orc.padding().isPresent());
        orc.padding()
                .ifPresent(
                        padding ->
                                serde.put("BlockSizeBytes", padding.blockSizeBytes())
                                        .put("PaddingTolerance", padding.tolerance()));
        compression(orc.compression()).ifPresent(word -> serde.put("Compression", word));
        orc.bloomFilters()
                .ifPresent(
                        filters -> {
                            filters.columns().forEach(serde.putArray("BloomFilterColumns")::add);
                            serde.put(
                                    "BloomFilterFalsePositiveProbability",
                                    filters.falsePositiveProbability());
                        });
        return serde.put("DictionaryKeyThreshold", orc.dictionaryKeyThreshold())
                .put("FormatVersion", orc.formatVersion().name());
    }

    /** Empty when the API has no word for it. */
    private static Optional<String> compression(ColumnarSettings.OrcCompression compression) {
        return switch (compression) {
            case NONE -> Optional.of("NONE");
            case ZLIB -> Optional.of("ZLIB");
            case SNAPPY -> Optional.of("SNAPPY");
            case ZSTD -> Optional.empty();
        };
    }

    /** UTC is the default and is left out, as Firehose does when none was given. */
    private static void timezone(ObjectNode out, ZoneId zone) {
        String id = zone.getId();
        if (!id.equals("UTC") && !id.equals("Z")) {
            out.put("CustomTimeZone", id);
        }
    }
}

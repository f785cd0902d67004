package io.delivery.wiring;

import io.delivery.catalog.FileCatalog;
import io.delivery.compress.GzipEncoderFactory;
import io.delivery.config.BackupSettings;
import io.delivery.config.CatalogSettings;
import io.delivery.config.Compression;
import io.delivery.config.DestinationSettings;
import io.delivery.config.FormatSettings;
import io.delivery.config.PartitioningSettings;
import io.delivery.config.SplitSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.erroroutput.DataCatalogTable;
import io.delivery.erroroutput.ErrorRecordEncoder;
import io.delivery.format.EncoderFactory;
import io.delivery.format.SchemaCatalog;
import io.delivery.jq.JqKeyExtractor;
import io.delivery.jq.JqProgram;
import io.delivery.jq.JqSyntaxException;
import io.delivery.json.JsonRecordDecoder;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.lane.components.LaneComponents;
import io.delivery.lane.components.Resources;
import io.delivery.lane.components.Splitters;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.parquet.PageCompression;
import io.delivery.parquet.ParquetEncoderFactory;
import io.delivery.parquet.ParquetSettings;
import io.delivery.partition.KeyExpression;
import io.delivery.partition.PartitionKeyExtractor;
import io.delivery.processing.RecordSplitter;
import io.delivery.raw.RawEncoderFactory;
import io.delivery.raw.RecordDelimiter;
import io.delivery.split.DelimitedSplitter;
import io.delivery.split.JsonSplitter;
import io.delivery.stream.ComponentFactory;
import io.delivery.stream.StreamComponents;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the components that a stream's definition names. A new format or processor is a line here.
 */
public final class ComponentRegistry implements ComponentFactory {
    private final Map<String, SchemaCatalog> catalogs = new HashMap<>();
    private final Metrics metrics;
    private final String region;
    private final String account;

    public ComponentRegistry(
            List<CatalogSettings> settings, Metrics metrics, String region, String account) {
        settings.forEach(
                catalog ->
                        catalogs.put(
                                catalog.name(),
                                new FileCatalog(
                                        catalog.directory(),
                                        JsonRecordDecoder::checkTimestampFormat)));
        this.metrics = metrics;
        this.region = region;
        this.account = account;
    }

    @Override
    public StreamComponents components(StreamDefinition stream) {
        return new StreamComponents(
                main(stream), stream.backup().map(backup -> backup(stream, backup)));
    }

    private LaneComponents main(StreamDefinition stream) {
        DestinationSettings destination = stream.destination();
        EncoderFactory encoder = encoder(stream);
        return new LaneComponents(
                Kind.MAIN,
                stream.version(),
                stream.buffer(),
                stream.split().map(ComponentRegistry::splitter).orElse(Splitters.WHOLE),
                ComponentRegistry::openSplitter,
                List.of(),
                stream.partitioning().map(partitioning -> extractor(partitioning, stream.name())),
                stream.partitioning()
                        .map(PartitioningSettings::activePartitionsLimit)
                        .orElse(Integer.MAX_VALUE),
                KeyExpression.of(
                        destination.prefix(),
                        destination.errorPrefix(),
                        destination.timezone(),
                        stream.name(),
                        destination
                                .fileExtension()
                                .filter(e -> !e.isEmpty())
                                .orElse(encoder.extension())),
                encoder,
                Optional.of(new ErrorRecordEncoder(Optional.empty(), table(stream))),
                destination.store(),
                destination.bucket(),
                Resources.none());
    }

    private static LaneComponents backup(StreamDefinition stream, BackupSettings backup) {
        EncoderFactory encoder = compressed(raw(backup.delimiter()), backup.compression());
        return new LaneComponents(
                Kind.BACKUP,
                stream.version(),
                backup.buffer(),
                Splitters.WHOLE,
                ComponentRegistry::openSplitter,
                List.of(),
                Optional.empty(),
                Integer.MAX_VALUE,
                KeyExpression.of(
                        backup.prefix(),
                        Optional.empty(),
                        backup.timezone(),
                        stream.name(),
                        encoder.extension()),
                encoder,
                Optional.empty(),
                backup.store(),
                backup.bucket(),
                Resources.none());
    }

    // --- split ---

    private static String splitter(SplitSettings split) {
        RecordSplitter splitter =
                split.choose(
                        json -> new JsonSplitter(),
                        delimited ->
                                new DelimitedSplitter(
                                        delimited.delimiter().getBytes(StandardCharsets.UTF_8)));
        return splitter.identity();
    }

    /** Every splitter there ever was: a range begun under one is finished under it. */
    private static RecordSplitter openSplitter(String identity) {
        if (identity.equals(JsonSplitter.IDENTITY)) {
            return new JsonSplitter();
        }
        if (identity.startsWith(DelimitedSplitter.IDENTITY)) {
            String delimiter = identity.substring(DelimitedSplitter.IDENTITY.length());
            return new DelimitedSplitter(Base64.getDecoder().decode(delimiter));
        }
        return null;
    }

    // --- partition ---

    private PartitionKeyExtractor extractor(PartitioningSettings partitioning, String stream) {
        try {
            return new JqKeyExtractor(
                    JqProgram.compile(partitioning.query()),
                    JqKeyExtractor.DEFAULT_STEPS,
                    limit -> metrics.add(Metric.JQ_LIMITED_RECORDS, stream, limit.label(), 1));
        } catch (JqSyntaxException checkedBefore) {
            throw new IllegalArgumentException(checkedBefore.getMessage(), checkedBefore);
        }
    }

    // --- format ---

    private EncoderFactory encoder(StreamDefinition stream) {
        return stream.format()
                .choose(
                        raw -> compressed(raw(raw.delimiter()), stream.destination().compression()),
                        parquet -> parquet(stream, parquet));
    }

    private static EncoderFactory raw(FormatSettings.Delimiter delimiter) {
        return new RawEncoderFactory(
                switch (delimiter) {
                    case NONE -> RecordDelimiter.NONE;
                    case NEWLINE -> RecordDelimiter.NEWLINE;
                    case LINES -> RecordDelimiter.LINES;
                });
    }

    private static EncoderFactory compressed(EncoderFactory inner, Compression compression) {
        return switch (compression) {
            case NONE -> inner;
            case GZIP -> new GzipEncoderFactory(inner);
        };
    }

    private EncoderFactory parquet(StreamDefinition stream, FormatSettings.Parquet parquet) {
        FormatSettings.SchemaReference schema = parquet.schema();
        SchemaCatalog catalog = catalogs.get(schema.catalog());
        if (catalog == null) {
            throw new IllegalArgumentException(
                    "stream %s: catalog %s is not configured"
                            .formatted(stream.name(), schema.catalog()));
        }
        return new ParquetEncoderFactory(
                settings(parquet),
                catalog,
                schema.database(),
                schema.table(),
                schema.version(),
                JsonRecordDecoder::new,
                new FieldsWithoutColumn(metrics, stream.name()));
    }

    private static ParquetSettings settings(FormatSettings.Parquet parquet) {
        ParquetSettings defaults = ParquetSettings.DEFAULTS;
        return new ParquetSettings(
                switch (parquet.compression()) {
                    case NONE -> PageCompression.UNCOMPRESSED;
                    case SNAPPY -> PageCompression.SNAPPY;
                    case GZIP -> PageCompression.GZIP;
                    case ZSTD -> PageCompression.ZSTD;
                },
                parquet.blockSizeBytes(),
                parquet.pageSizeBytes(),
                parquet.dictionary().orElse(true)
                        ? ParquetSettings.Dictionary.WHERE_IT_PAYS
                        : ParquetSettings.Dictionary.OFF,
                defaults.writerVersion(),
                switch (parquet.timestamps()) {
                    case INT64 -> ParquetSettings.Timestamps.INT64_MICROS;
                    case INT96 -> ParquetSettings.Timestamps.INT96;
                },
                defaults.memoryBytes(),
                defaults.deserializer());
    }

    private Optional<DataCatalogTable> table(StreamDefinition stream) {
        return stream.format()
                .schemaReference()
                .map(
                        schema ->
                                new DataCatalogTable(
                                        account,
                                        schema.database(),
                                        schema.table(),
                                        region,
                                        schema.version(),
                                        "arn:aws:iam::%s:role/delivery".formatted(account)));
    }
}

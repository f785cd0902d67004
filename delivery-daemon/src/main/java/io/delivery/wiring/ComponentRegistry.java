package io.delivery.wiring;

import io.delivery.compress.Codec;
import io.delivery.compress.CompressedEncoderFactory;
import io.delivery.config.BackupSettings;
import io.delivery.config.CatalogSettings;
import io.delivery.config.ColumnarSettings;
import io.delivery.config.Compression;
import io.delivery.config.DestinationSettings;
import io.delivery.config.FormatSettings;
import io.delivery.config.FunctionSettings;
import io.delivery.config.PartitioningSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.convert.ConvertingEncoderFactory;
import io.delivery.convert.TableReference;
import io.delivery.erroroutput.DataCatalogTable;
import io.delivery.erroroutput.ErrorRecordEncoder;
import io.delivery.failure.OpenedSoFar;
import io.delivery.format.EncoderFactory;
import io.delivery.format.RowFormat;
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
import io.delivery.orc.OrcFormat;
import io.delivery.parquet.PageCompression;
import io.delivery.parquet.ParquetFormat;
import io.delivery.parquet.ParquetSettings;
import io.delivery.partition.KeyExpression;
import io.delivery.partition.PartitionKeyExtractor;
import io.delivery.processing.Processor;
import io.delivery.processing.RecordSplitter;
import io.delivery.raw.RawEncoderFactory;
import io.delivery.raw.RecordDelimiter;
import io.delivery.split.SplitStages;
import io.delivery.stream.ComponentFactory;
import io.delivery.stream.StreamComponents;
import io.delivery.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Makes the components that a stream's definition names. A new format or processor is a line here.
 */
public final class ComponentRegistry implements ComponentFactory {
    private final Supplies supplies;
    private final Metrics metrics;
    private final String region;
    private final String account;
    private final FieldsOfStreams fields;

    /** Shared by all streams, so that few compressors wait for work; none for no compression. */
    private final Map<Compression, Optional<Codec>> codecs = new ConcurrentHashMap<>();

    /** What has a name in the configuration and belongs to it; components lease it. */
    interface Supplies {
        /**
         * @return gives the store back
         * @throws IllegalArgumentException when there is no such store
         */
        Runnable store(String name);

        /**
         * @throws IllegalArgumentException when there is no such function
         */
        Generation.Lease<MadeFunction> function(String name);

        /**
         * @throws IllegalArgumentException when there is no such catalog
         */
        Generation.Lease<SchemaCatalog> catalog(String name);

        /**
         * What that catalog was made of.
         *
         * @throws IllegalArgumentException when there is no such catalog
         */
        CatalogSettings catalogSettings(String name);
    }

    /** What the components of one lane have leased. */
    private final class Leases {
        private final String stream;
        private final OpenedSoFar giveBack = new OpenedSoFar();

        Leases(String stream) {
            this.stream = stream;
        }

        void store(String name) {
            giveBack.add(leased(() -> supplies.store(name)));
        }

        MadeFunction function(String name) {
            Generation.Lease<MadeFunction> function = leased(() -> supplies.function(name));
            giveBack.add(function::close);
            return function.value();
        }

        SchemaCatalog catalog(String name) {
            Generation.Lease<SchemaCatalog> catalog = leased(() -> supplies.catalog(name));
            giveBack.add(catalog::close);
            return catalog.value();
        }

        FieldsWithoutColumn fieldsWithoutColumn() {
            FieldsWithoutColumn joined = fields.join(stream, metrics);
            giveBack.add(() -> fields.leave(stream));
            return joined;
        }

        private <L> L leased(Supplier<L> lease) {
            try {
                return lease.get();
            } catch (IllegalArgumentException missing) {
                throw new IllegalArgumentException(
                        "stream %s: %s".formatted(stream, missing.getMessage()), missing);
            }
        }

        /** The processors of a lane, closed at the latest when everything is given back. */
        List<Processor> processors(StreamDefinition definition) {
            List<Processor> made = new Processors(definition, this::function, metrics).all();
            made.forEach(processor -> giveBack.add(processor::close));
            return made;
        }

        void giveBack() {
            giveBack.close();
        }
    }

    ComponentRegistry(
            Supplies supplies,
            Metrics metrics,
            String region,
            String account,
            FieldsOfStreams fields) {
        this.supplies = supplies;
        this.metrics = metrics;
        this.region = region;
        this.account = account;
        this.fields = fields;
    }

    /** Of a program whose catalogs never change, whose stores are its own, without functions. */
    public ComponentRegistry(
            List<CatalogSettings> settings,
            World world,
            Metrics metrics,
            String region,
            String account) {
        this(fixed(settings, Map.of(), world), metrics, region, account, new FieldsOfStreams());
    }

    /**
     * What never changes.
     *
     * @param functions by name; not closed here
     */
    static Supplies fixed(
            List<CatalogSettings> settings, Map<String, MadeFunction> functions, World world) {
        CatalogRegistry.Change catalogs;
        try {
            catalogs = new CatalogRegistry(world).prepare(settings);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return new Supplies() {
            @Override
            public Runnable store(String name) {
                return () -> {};
            }

            @Override
            public Generation.Lease<MadeFunction> function(String name) {
                MadeFunction function = functions.get(name);
                if (function == null) {
                    throw new IllegalArgumentException(
                            "function %s is not configured".formatted(name));
                }
                return new Generation<>("function " + name, function, its -> {}).lease();
            }

            @Override
            public Generation.Lease<SchemaCatalog> catalog(String name) {
                return catalogs.lease(name);
            }

            @Override
            public CatalogSettings catalogSettings(String name) {
                return catalogs.settings(name);
            }
        };
    }

    @Override
    public StreamComponents components(StreamDefinition stream) {
        LaneComponents main = leasing(stream, leases -> main(stream, leases));
        try {
            return new StreamComponents(
                    main,
                    stream.backup()
                            .map(backup -> leasing(stream, it -> backup(stream, backup, it))));
        } catch (Throwable refused) { // also errors
            OpenedSoFar.closeAfter(refused, main::close);
            throw refused;
        }
    }

    /** What was leased for components that cannot be made is given back. */
    private LaneComponents leasing(
            StreamDefinition stream, Function<Leases, LaneComponents> making) {
        Leases leases = new Leases(stream.name());
        try {
            return making.apply(leases);
        } catch (Throwable refused) { // also errors
            OpenedSoFar.closeAfter(refused, leases::giveBack);
            throw refused;
        }
    }

    private LaneComponents main(StreamDefinition stream, Leases leases) {
        DestinationSettings destination = stream.destination();
        leases.store(destination.store());
        EncoderFactory encoder = encoder(stream, leases);
        return new LaneComponents(
                Kind.MAIN,
                stream.version(),
                stream.buffer(),
                SplitStages.of(stream.transform())
                        .map(RecordSplitter::identity)
                        .orElse(Splitters.WHOLE),
                SplitStages::open,
                leases.processors(stream),
                extractor(stream, metrics),
                stream.partitioning()
                        .map(PartitioningSettings::activePartitionsLimit)
                        .orElse(Integer.MAX_VALUE),
                keys(stream),
                encoder,
                Optional.of(new ErrorRecordEncoder(lambdaArn(stream), table(stream))),
                destination.store(),
                destination.bucket(),
                new Resources(leases::giveBack));
    }

    private LaneComponents backup(StreamDefinition stream, BackupSettings backup, Leases leases) {
        leases.store(backup.store());
        EncoderFactory encoder = compressed(raw(backup.delimiter()), backup.compression());
        return new LaneComponents(
                Kind.BACKUP,
                stream.version(),
                backup.buffer(),
                Splitters.WHOLE,
                SplitStages::open,
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
                new Resources(leases::giveBack));
    }

    // --- partition ---

    /** The keys of a stream's objects. */
    static KeyExpression keys(StreamDefinition stream) {
        DestinationSettings destination = stream.destination();
        return KeyExpression.of(
                destination.prefix(),
                destination.errorPrefix(),
                destination.timezone(),
                stream.name(),
                destination
                        .fileExtension()
                        .filter(e -> !e.isEmpty())
                        .orElseGet(() -> extension(stream)));
    }

    /** Present when a query makes partition keys of the records of a stream. */
    static Optional<PartitionKeyExtractor> extractor(StreamDefinition stream, Metrics metrics) {
        return stream.partitioning()
                .flatMap(PartitioningSettings::query)
                .map(query -> extractor(query, stream.name(), metrics));
    }

    private static PartitionKeyExtractor extractor(String query, String stream, Metrics metrics) {
        try {
            return new JqKeyExtractor(
                    JqProgram.compile(query),
                    JqKeyExtractor.DEFAULT_STEPS,
                    limit -> metrics.add(Metric.JQ_LIMITED_RECORDS, stream, limit.label(), 1));
        } catch (JqSyntaxException checkedBefore) {
            throw new IllegalArgumentException(checkedBefore.getMessage(), checkedBefore);
        }
    }

    // --- format ---

    private static String extension(StreamDefinition stream) {
        return stream.format()
                .choose(
                        raw ->
                                compressed(
                                                raw(raw.delimiter()),
                                                codec(stream.destination().compression()))
                                        .extension(),
                        converted -> rows(converted.file()).extension());
    }

    private EncoderFactory raw(StreamDefinition stream, FormatSettings.Raw raw) {
        return compressed(raw(raw.delimiter()), stream.destination().compression());
    }

    private EncoderFactory encoder(StreamDefinition stream, Leases leases) {
        return stream.format()
                .choose(raw -> raw(stream, raw), converted -> converting(converted, leases));
    }

    private static EncoderFactory raw(FormatSettings.Delimiter delimiter) {
        return new RawEncoderFactory(
                switch (delimiter) {
                    case NONE -> RecordDelimiter.NONE;
                    case NEWLINE -> RecordDelimiter.NEWLINE;
                    case LINES -> RecordDelimiter.LINES;
                });
    }

    private EncoderFactory compressed(EncoderFactory inner, Compression compression) {
        return compressed(inner, codecs.computeIfAbsent(compression, ComponentRegistry::codec));
    }

    private static EncoderFactory compressed(EncoderFactory inner, Optional<Codec> codec) {
        return codec.<EncoderFactory>map(its -> new CompressedEncoderFactory(inner, its))
                .orElse(inner);
    }

    private static Optional<Codec> codec(Compression compression) {
        int level = compression.level();
        return switch (compression.codec()) {
            case NONE -> Optional.empty();
            case GZIP -> Optional.of(Codec.gzip(level));
            case ZIP -> Optional.of(Codec.zip(level));
            case SNAPPY -> Optional.of(Codec.snappy());
            case HADOOP_SNAPPY -> Optional.of(Codec.hadoopSnappy());
            case ZSTD -> Optional.of(Codec.zstd(level));
        };
    }

    private EncoderFactory converting(FormatSettings.Converted converted, Leases leases) {
        FormatSettings.SchemaReference schema = converted.schema();
        return new ConvertingEncoderFactory(
                rows(converted.file()),
                new TableReference(
                        leases.catalog(schema.catalog()),
                        schema.database(),
                        schema.table(),
                        schema.version()),
                converted.decoder(),
                JsonRecordDecoder::new,
                leases.fieldsWithoutColumn().under(converted.decoder().unknownFields()));
    }

    /** The files that these settings describe. */
    static RowFormat rows(ColumnarSettings file) {
        return file.choose(parquet -> new ParquetFormat(parquet(parquet)), OrcFormat::new);
    }

    private static ParquetSettings parquet(ColumnarSettings.Parquet parquet) {
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
                switch (parquet.writerVersion()) {
                    case V1 -> ParquetSettings.Version.V1;
                    case V2 -> ParquetSettings.Version.V2;
                },
                Math.toIntExact(parquet.maxPaddingBytes()),
                switch (parquet.timestamps()) {
                    case INT64 -> ParquetSettings.Timestamps.INT64_MICROS;
                    case INT96 -> ParquetSettings.Timestamps.INT96;
                },
                defaults.memoryBytes());
    }

    private Optional<String> lambdaArn(StreamDefinition stream) {
        return stream.transform()
                .function()
                .map(name -> FunctionSettings.arn(region, account, name));
    }

    private Optional<DataCatalogTable> table(StreamDefinition stream) {
        return stream.format().schemaReference().map(this::table);
    }

    /** As error records show it (contract §7.3): the version is the one that was asked for. */
    private DataCatalogTable table(FormatSettings.SchemaReference schema) {
        return supplies.catalogSettings(schema.catalog())
                .definition()
                .choose(
                        files -> table(schema, account, region),
                        glue -> table(schema, glue.catalogId().orElse(account), glue.region()));
    }

    private DataCatalogTable table(
            FormatSettings.SchemaReference schema, String catalogId, String catalogRegion) {
        return new DataCatalogTable(
                catalogId,
                schema.database(),
                schema.table(),
                catalogRegion,
                schema.version(),
                "arn:aws:iam::%s:role/delivery".formatted(account));
    }
}

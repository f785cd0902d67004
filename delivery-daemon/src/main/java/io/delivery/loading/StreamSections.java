package io.delivery.loading;

import static io.delivery.loading.Types.FLAG;
import static io.delivery.loading.Types.TEXT;

import io.delivery.config.BackupSettings;
import io.delivery.config.BufferingHints;
import io.delivery.config.BufferingHints.Latency;
import io.delivery.config.Compression;
import io.delivery.config.DestinationSettings;
import io.delivery.config.EncryptionSettings;
import io.delivery.config.FormatSettings;
import io.delivery.config.PartitioningSettings;
import io.delivery.config.ProcessorSettings;
import io.delivery.config.SplitSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.config.Suggestion;
import io.delivery.config.TransformSettings;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The settings of one stream. */
final class StreamSections {
    private static final Field<Integer> SIZE =
            Field.of("size", Types.MEGABYTES, "Buffered bytes before encoding and compression.")
                    .byDefault("5MB; 128MB when the stream is partitioned or converted")
                    .bounded(
                            "1MB to 128MB; from 64MB when the stream is partitioned or converted,"
                                    + " unless lowLatency")
                    .example("64MB")
                    .api("BufferingHints.SizeInMBs");
    private static final Field<Integer> INTERVAL =
            Field.of("interval", Types.SECONDS, "Age of the oldest buffered record.")
                    .byDefault("300s")
                    .bounded("60s to 900s; from 0s with lowLatency")
                    .example("60s")
                    .api("BufferingHints.IntervalInSeconds");
    private static final Field<Boolean> LOW_LATENCY =
            Field.of(
                            "lowLatency",
                            FLAG,
                            "Removes the lower bounds of size and interval, for small and frequent objects.")
                    .byDefault("false");
    private static final Field<BufferValues> BUFFER = buffer("streams.NAME.buffer");
    private static final Field<BufferValues> BACKUP_BUFFER = buffer("streams.NAME.backup.buffer");

    private static final Field<String> SOURCE =
            Field.of("source", new SourceType(), "Where records come from.")
                    .byDefault("directPut")
                    .api("DeliveryStreamType");
    private static final Field<SplitSettings> SPLIT =
            Field.of("split", new SplitType(), "How one record is taken apart into several.")
                    .byDefault("none: one record stays one")
                    .example("json")
                    .api("RecordDeAggregation processor");

    private static final Field<List<ProcessorSettings>> PROCESSORS =
            Field.of(
                            "processors",
                            ProcessorSections.PROCESSORS,
                            "The steps that each record passes, in the order written. They run"
                                    + " behind decompression and split, and before partitioning.")
                    .byDefault("none")
                    .example("[{lambda: {function: enrich}}]")
                    .api("ProcessingConfiguration");

    private static final Field<String> QUERY =
            Field.of(
                            "query",
                            TEXT,
                            "A jq 1.6 program that yields one object; its names are the partition"
                                    + " keys.")
                    .byDefault("none: a function yields the keys")
                    .bounded("1 to 5120 characters")
                    .example("'{region: .geo.region}'")
                    .api("MetadataExtractionQuery");
    private static final Field<Integer> ACTIVE_PARTITIONS_LIMIT =
            Field.of(
                            "activePartitionsLimit",
                            Types.NUMBER,
                            "Open partition buffers at a time; records of further partitions go to the"
                                    + " error output.")
                    .byDefault(String.valueOf(PartitioningSettings.DEFAULT_ACTIVE_PARTITIONS_LIMIT))
                    .bounded("1 to 100000")
                    .example("10000");
    private static final Field<PartitioningSettings> PARTITIONING =
            Field.of(
                            "partitioning",
                            Types.section(
                                    Section.of(
                                            "streams.NAME.partitioning",
                                            "Dynamic partitioning: the prefix takes values from the records.",
                                            QUERY,
                                            ACTIVE_PARTITIONS_LIMIT),
                                    StreamSections::partitioning),
                            "Dynamic partitioning.")
                    .byDefault("none")
                    .api("DynamicPartitioningConfiguration");

    private static final Field<FormatSettings> FORMAT =
            Field.of("format", FormatSection.TYPE, "How records become the bytes of an object.")
                    .byDefault("raw")
                    .example("{raw: {delimiter: lines}}")
                    .api("DataFormatConversionConfiguration, AppendDelimiterToRecord processor");

    private static final Field<String> STORE =
            Field.of("store", TEXT, "A name under stores.")
                    .byDefault("the only store, else the default one")
                    .example("lake");
    private static final Field<String> BUCKET =
            Field.of("bucket", TEXT, "The bucket.")
                    .bounded("1 to 255 of [A-Za-z0-9_.-]")
                    .example("events")
                    .api("BucketARN");
    private static final Field<String> PREFIX =
            Field.of(
                            "prefix",
                            TEXT,
                            "What keys begin with; expressions are `!{timestamp:…}`,"
                                    + " `!{firehose:random-string}`, `!{partitionKeyFromQuery:…}`,"
                                    + " `!{partitionKeyFromLambda:…}`.")
                    .byDefault("yyyy/MM/dd/HH/")
                    .example("'clicks/dt=!{timestamp:yyyy-MM-dd}/'")
                    .api("Prefix");
    private static final Field<String> ERROR_PREFIX =
            Field.of(
                            "errorPrefix",
                            TEXT,
                            "What keys of the error output begin with; with expressions it needs"
                                    + " `!{firehose:error-output-type}`.")
                    .byDefault("the prefix, the kind of error and yyyy/MM/dd/HH/")
                    .bounded(
                            "must be given when the prefix has expressions, and with parquet or orc")
                    .example("'errors/!{firehose:error-output-type}/'")
                    .api("ErrorOutputPrefix");
    private static final Field<Compression> COMPRESSION =
            compression("streams.NAME.destination.compression");
    private static final Field<Compression> BACKUP_COMPRESSION =
            compression("streams.NAME.backup.compression");
    private static final Field<ZoneId> TIMEZONE =
            Field.of("timezone", Types.TIMEZONE, "Time zone of the times in keys.")
                    .byDefault(DestinationSettings.DEFAULT_TIMEZONE.getId())
                    .example("Europe/Berlin")
                    .api("CustomTimeZone");
    private static final Field<String> FILE_EXTENSION =
            Field.of("fileExtension", TEXT, "Replaces the whole extension of keys.")
                    .byDefault("by format and compression")
                    .bounded("a dot and [0-9a-z!-_.*'()], at most 128 characters")
                    .example(".ndjson")
                    .api("FileExtension");
    private static final Field<DestinationSettings> DESTINATION =
            Field.of(
                            "destination",
                            Types.section(
                                    Section.of(
                                                    "streams.NAME.destination",
                                                    "Where objects and the error output land.",
                                                    STORE,
                                                    BUCKET,
                                                    PREFIX,
                                                    ERROR_PREFIX,
                                                    COMPRESSION,
                                                    TIMEZONE,
                                                    FILE_EXTENSION)
                                            .without(
                                                    Map.of(
                                                            "errorStore",
                                                            "the error output goes to the destination's store",
                                                            "errorBucket",
                                                            "the error output goes to the destination's bucket")),
                                    StreamSections::destination),
                            "Where objects land.")
                    .api("ExtendedS3DestinationConfiguration");

    private static final Field<FormatSettings.Delimiter> BACKUP_DELIMITER =
            FormatSection.delimiter("What separates source records in an object.");
    private static final Field<BackupSettings> BACKUP =
            Field.of(
                            "backup",
                            Types.section(
                                    Section.of(
                                            "streams.NAME.backup",
                                            "Where the untouched source records land.",
                                            STORE,
                                            BUCKET,
                                            PREFIX,
                                            BACKUP_COMPRESSION,
                                            BACKUP_DELIMITER,
                                            TIMEZONE,
                                            BACKUP_BUFFER),
                                    StreamSections::backup),
                            "Where the untouched source records land.")
                    .byDefault("none")
                    .api("S3BackupConfiguration");

    private static final Field<Boolean> ENCRYPTION =
            Field.of(
                            "encryption",
                            FLAG,
                            "Whether what the stream keeps on the disk is encrypted. It needs a key under"
                                    + " `encryption.keys`.")
                    .byDefault("false")
                    .api("DeliveryStreamEncryptionConfigurationInput");

    private static final Section STREAM =
            Section.of(
                            "streams.NAME",
                            "A delivery stream. NAME has 1 to 64 of [a-zA-Z0-9_.-].",
                            SOURCE,
                            BUFFER,
                            ProcessorSections.DECOMPRESSION,
                            ProcessorSections.CLOUD_WATCH_LOGS,
                            SPLIT,
                            PROCESSORS,
                            PARTITIONING,
                            FORMAT,
                            DESTINATION,
                            BACKUP,
                            ENCRYPTION)
                    .without(
                            Map.of(
                                    "cloudWatchLogging",
                                    "",
                                    "tags",
                                    "",
                                    "quota",
                                    "quotas of streams are rules beside them: quotas: [{match: NAME, records: 1000/s}]"));

    private StreamSections() {}

    static final ValueType<List<StreamDefinition>> STREAMS =
            Types.named("streams", STREAM, StreamSections::stream);

    private static final BufferValues NO_BUFFER =
            new BufferValues(Optional.empty(), Optional.empty(), BufferingHints.DEFAULT_LATENCY);

    static Optional<StreamDefinition> stream(YamlValue value) {
        return value.section(STREAM).map(in -> stream(StoreSections.nameOf(value, "streams"), in));
    }

    private static StreamDefinition stream(String name, SectionValues in) {
        in.get(SOURCE);
        Optional<PartitioningSettings> partitioning = in.get(PARTITIONING);
        FormatSettings format = in.get(FORMAT).orElse(FormatSettings.DEFAULT);
        DestinationSettings nowhere =
                new DestinationSettings(
                        "",
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        DestinationSettings.DEFAULT_COMPRESSION,
                        DestinationSettings.DEFAULT_TIMEZONE,
                        Optional.empty());
        return new StreamDefinition(
                name,
                1,
                in.get(BUFFER)
                        .orElse(NO_BUFFER)
                        .hints(BufferingHints.defaultsOf(format, partitioning)),
                new TransformSettings(
                        ProcessorSections.decompression(in),
                        in.get(SPLIT),
                        in.get(PROCESSORS).orElse(List.of())),
                partitioning,
                format,
                in.required(DESTINATION, nowhere),
                in.get(BACKUP),
                in.get(ENCRYPTION)
                        .filter(encrypted -> encrypted)
                        .map(encrypted -> EncryptionSettings.DEFAULT));
    }

    /** What a file says of a buffer; the rest depends on the stream. */
    private record BufferValues(
            Optional<Integer> sizeInMBs, Optional<Integer> intervalInSeconds, Latency latency) {
        BufferingHints hints(BufferingHints defaults) {
            return new BufferingHints(
                    sizeInMBs.orElse(defaults.sizeInMBs()),
                    intervalInSeconds.orElse(defaults.intervalInSeconds()),
                    latency);
        }
    }

    private static Field<BufferValues> buffer(String path) {
        return Field.of(
                        "buffer",
                        Types.section(
                                Section.of(
                                        path,
                                        "When an object is made: whichever is reached first.",
                                        SIZE,
                                        INTERVAL,
                                        LOW_LATENCY),
                                in ->
                                        new BufferValues(
                                                in.get(SIZE),
                                                in.get(INTERVAL),
                                                in.get(LOW_LATENCY)
                                                        .map(
                                                                low ->
                                                                        low
                                                                                ? Latency.LOW
                                                                                : Latency.STANDARD)
                                                        .orElse(BufferingHints.DEFAULT_LATENCY))),
                        "When an object is made.")
                .byDefault("as below")
                .api("BufferingHints");
    }

    private static Field<Compression> compression(String path) {
        return Field.of("compression", new CompressionSection(path), "Compression of raw objects.")
                .byDefault(DestinationSettings.DEFAULT_COMPRESSION.codec().word())
                .example("gzip")
                .api("CompressionFormat");
    }

    private static PartitioningSettings partitioning(SectionValues in) {
        Optional<String> query = in.get(QUERY);
        Optional<Set<String>> keys = Optional.empty();
        if (query.filter(text -> !text.isBlank()).isPresent()) {
            try {
                keys = in.reading().programs().queryKeys(query.get());
            } catch (IllegalArgumentException e) {
                in.problem(QUERY, e.getMessage());
            }
        }
        return new PartitioningSettings(
                query,
                keys,
                in.get(ACTIVE_PARTITIONS_LIMIT)
                        .orElse(PartitioningSettings.DEFAULT_ACTIVE_PARTITIONS_LIMIT));
    }

    private static DestinationSettings destination(SectionValues in) {
        return new DestinationSettings(
                store(in),
                in.required(BUCKET, ""),
                in.get(PREFIX),
                in.get(ERROR_PREFIX),
                in.get(COMPRESSION).orElse(DestinationSettings.DEFAULT_COMPRESSION),
                in.get(TIMEZONE).orElse(DestinationSettings.DEFAULT_TIMEZONE),
                in.get(FILE_EXTENSION));
    }

    private static BackupSettings backup(SectionValues in) {
        return new BackupSettings(
                store(in),
                in.required(BUCKET, ""),
                in.get(PREFIX),
                in.get(BACKUP_COMPRESSION).orElse(DestinationSettings.DEFAULT_COMPRESSION),
                in.get(BACKUP_DELIMITER).orElse(FormatSettings.DEFAULT_DELIMITER),
                in.get(TIMEZONE).orElse(DestinationSettings.DEFAULT_TIMEZONE),
                in.get(BACKUP_BUFFER).orElse(NO_BUFFER).hints(BufferingHints.DEFAULTS));
    }

    private static String store(SectionValues in) {
        if (in.has(STORE)) {
            return in.get(STORE).orElse("");
        }
        Optional<String> byDefault = in.reading().defaultStore();
        if (byDefault.isEmpty()) {
            in.problem(
                    STORE,
                    "must be given, because stores has no only store and none with default: true");
        }
        return byDefault.orElse("");
    }

    private static final class SourceType implements ValueType<String> {
        private static final String DIRECT_PUT = "directPut";
        private static final Section SECTION =
                Section.of(
                                "streams.NAME.source",
                                "A log owned by somebody else.",
                                Field.of(DIRECT_PUT, TEXT, ""))
                        .without(Map.of("kafka", "", "kinesis", "", "msk", ""));

        @Override
        public String words() {
            return DIRECT_PUT;
        }

        @Override
        public Optional<String> read(YamlValue value) {
            if (!value.isScalar()) {
                return value.entries(DIRECT_PUT)
                        .flatMap(
                                in -> {
                                    in.forEach((key, v) -> v.problem(SECTION.unknown(key)));
                                    return in.isEmpty()
                                            ? value.problem("must be directPut, was empty")
                                            : Optional.empty();
                                });
            }
            Optional<String> text = value.text(DIRECT_PUT);
            if (text.isPresent() && !text.get().equals(DIRECT_PUT)) {
                return value.problem(
                        "must be directPut, was "
                                + text.get()
                                + Suggestion.ask(text.get(), List.of(DIRECT_PUT)));
            }
            return text;
        }
    }

    /** {@code json} or {@code {delimiter: text}}. */
    private static final class SplitType implements ValueType<SplitSettings> {
        private static final Field<String> DELIMITER =
                Field.of("delimiter", TEXT, "The text that separates the pieces of one record.")
                        .example("\"####\"")
                        .api("Delimiter (there in base64)");
        private static final Section SECTION =
                Section.of("streams.NAME.split", "Pieces between delimiters.", DELIMITER);

        @Override
        public String words() {
            return "json, {delimiter: text}";
        }

        @Override
        public List<Section> sections() {
            return List.of(SECTION);
        }

        @Override
        public Optional<SplitSettings> read(YamlValue value) {
            if (!value.isScalar()) {
                return value.section(SECTION)
                        .map(in -> in.required(DELIMITER, "?"))
                        .map(SplitSettings.Delimited::new);
            }
            Optional<String> text = value.text(words());
            if (text.isPresent() && !text.get().equals("json")) {
                return value.problem(
                        "must be json or {delimiter: text}, was "
                                + text.get()
                                + Suggestion.ask(text.get(), List.of("json")));
            }
            return text.map(json -> new SplitSettings.Json());
        }
    }
}

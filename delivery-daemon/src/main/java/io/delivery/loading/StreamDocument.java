package io.delivery.loading;

import io.delivery.config.BackupSettings;
import io.delivery.config.BufferingHints;
import io.delivery.config.ByteSize;
import io.delivery.config.ColumnarSettings;
import io.delivery.config.Compression;
import io.delivery.config.Decompression;
import io.delivery.config.DestinationSettings;
import io.delivery.config.FormatSettings;
import io.delivery.config.PartitioningSettings;
import io.delivery.config.ProcessorSettings;
import io.delivery.config.Secret;
import io.delivery.config.SplitSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.config.TransformSettings;
import io.delivery.format.JsonSerDe;
import io.delivery.format.UnknownFieldPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;

/**
 * A definition as YAML, in the order of the reference, with one way to write each value: as a
 * whole, to be kept and compared, or without what a reader would fill in, for people.
 */
final class StreamDocument {
    private static final String TIMEZONE = DestinationSettings.DEFAULT_TIMEZONE.getId();

    private final Map<String, String> unresolved;
    private final Defaults defaults;

    /** What becomes of a setting that has its default. */
    private enum Defaults {
        WRITTEN,
        LEFT_OUT
    }

    private StreamDocument(Map<String, String> unresolved, Defaults defaults) {
        this.unresolved = unresolved;
        this.defaults = defaults;
    }

    /**
     * The whole definition, every default filled in.
     *
     * @param unresolved texts to write instead of the value they stand for, by the path in the
     *     stream
     */
    static String of(StreamDefinition stream, Map<String, String> unresolved) {
        DumpSettings settings =
                DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.BLOCK)
                        // The other styles lose a text that is nothing but a line break.
                        .setDefaultScalarStyle(ScalarStyle.DOUBLE_QUOTED)
                        .setSplitLines(false)
                        .build();
        return new Dump(settings)
                .dumpToString(new StreamDocument(unresolved, Defaults.WRITTEN).stream(stream));
    }

    /** The settings that differ from their defaults, as sections, lists and texts. */
    static Map<String, Object> settings(StreamDefinition stream) {
        return new StreamDocument(Map.of(), Defaults.LEFT_OUT).stream(stream);
    }

    private Map<String, Object> stream(StreamDefinition stream) {
        Node root = new Node("");
        root.put("source", "directPut", "directPut");
        BufferingHints byDefault =
                BufferingHints.defaultsOf(stream.format(), stream.partitioning());
        root.section("buffer", buffer -> buffer(buffer, stream.buffer(), byDefault));
        transform(root, stream.transform());
        stream.partitioning()
                .ifPresent(
                        p ->
                                root.section("partitioning")
                                        .put("query", p.query())
                                        .put(
                                                "activePartitionsLimit",
                                                p.activePartitionsLimit(),
                                                PartitioningSettings
                                                        .DEFAULT_ACTIVE_PARTITIONS_LIMIT));
        root.section("format", format -> format(format, stream.format()));
        destination(root.section("destination"), stream.destination());
        stream.backup().ifPresent(b -> backup(root.section("backup"), b));
        // Only when it is: documents of earlier programs do not say it, and mean the same.
        stream.encryption().ifPresent(encrypted -> root.put("encryption", "true"));
        return root.values;
    }

    private static void buffer(Node buffer, BufferingHints hints, BufferingHints byDefault) {
        buffer.put("size", hints.sizeInMBs() + "MB", byDefault.sizeInMBs() + "MB")
                .put(
                        "interval",
                        hints.intervalInSeconds() + "s",
                        byDefault.intervalInSeconds() + "s")
                .put("lowLatency", hints.latency() == BufferingHints.Latency.LOW, false);
    }

    private void transform(Node root, TransformSettings transform) {
        transform
                .decompression()
                .ifPresent(
                        gzip ->
                                root.put(
                                                "decompression",
                                                Types.word(ProcessorSections.Compressed.GZIP))
                                        .section(
                                                "cloudWatchLogs",
                                                logs ->
                                                        logs.put(
                                                                "extractMessages",
                                                                extracts(gzip.messages()),
                                                                false)));
        transform.split().ifPresent(split -> split(root, split));
        if (!transform.processors().isEmpty()) {
            List<ProcessorSettings> processors = transform.processors();
            List<Node> items = root.items("processors", processors.size());
            for (int i = 0; i < processors.size(); i++) {
                processor(items.get(i), processors.get(i));
            }
        }
    }

    private static boolean extracts(Decompression.Messages messages) {
        return switch (messages) {
            case IN_ENVELOPE -> false;
            case EXTRACTED -> true;
        };
    }

    private static Node processor(Node item, ProcessorSettings settings) {
        return settings.choose(
                lambda -> lambda(item.section("lambda"), lambda),
                jq -> item.put("jq", jq.program()),
                csv -> csv(item.section("csv"), csv),
                regex -> item.put("regex", regex.pattern()),
                redact ->
                        item.section("redact")
                                .put("hash", redact.hash())
                                .put("mask", redact.mask())
                                .put("key", redact.key().map(Secret::value)));
    }

    private static Node lambda(Node node, ProcessorSettings.Lambda lambda) {
        return node.put("function", lambda.function())
                .put("retries", lambda.retries(), ProcessorSettings.Lambda.DEFAULT_RETRIES)
                .section(
                        "buffer",
                        buffer ->
                                buffer.put(
                                                "size",
                                                ByteSize.setting(lambda.bufferBytes()),
                                                ByteSize.setting(
                                                        ProcessorSettings.Lambda
                                                                .DEFAULT_BUFFER_BYTES))
                                        .put(
                                                "interval",
                                                lambda.bufferInterval().map(Units::setting)));
    }

    private static Node csv(Node node, ProcessorSettings.Csv csv) {
        if (csv.columns().isEmpty()) {
            node.put("header", "true");
        } else {
            node.put("columns", csv.columns());
        }
        return node.put("delimiter", csv.delimiter(), ProcessorSettings.Csv.DEFAULT_DELIMITER)
                .put("quote", csv.quote(), ProcessorSettings.Csv.DEFAULT_QUOTE);
    }

    private static Node split(Node parent, SplitSettings settings) {
        return settings.choose(
                json -> parent.put("split", "json"),
                delimited -> parent.section("split").put("delimiter", delimited.delimiter()));
    }

    private static Node format(Node format, FormatSettings settings) {
        return settings.choose(
                raw ->
                        format.section(
                                "raw",
                                section ->
                                        section.put(
                                                "delimiter",
                                                Types.word(raw.delimiter()),
                                                Types.word(FormatSettings.DEFAULT_DELIMITER))),
                converted -> converted(format, converted));
    }

    private static Node converted(Node format, FormatSettings.Converted converted) {
        converted
                .file()
                .choose(
                        parquet -> parquet(format.section("parquet"), parquet),
                        orc -> orc(format.section("orc"), orc));
        FormatSettings.SchemaReference schema = converted.schema();
        format.section("schema")
                .put("catalog", schema.catalog())
                .put("table", schema.database() + "." + schema.table())
                .put("version", schema.version(), FormatSettings.SchemaReference.LATEST);
        converted.decoder().serde().ifPresent(serde -> serde(format.section("serde"), serde));
        return unknownFields(format, converted.decoder().unknownFields());
    }

    private static void serde(Node node, JsonSerDe serde) {
        Node options = node.section(serde.name());
        serde.accept(
                new JsonSerDe.Visitor<Node>() {
                    @Override
                    public Node openX(JsonSerDe.OpenX openX) {
                        return options.put(
                                        "caseInsensitive",
                                        openX.caseInsensitive(),
                                        JsonSerDe.OpenX.DEFAULTS.caseInsensitive())
                                .put(
                                        "convertDotsInJsonKeysToUnderscores",
                                        openX.convertDotsInJsonKeysToUnderscores(),
                                        JsonSerDe.OpenX.DEFAULTS
                                                .convertDotsInJsonKeysToUnderscores())
                                .section(
                                        "columnToJsonKeyMappings",
                                        // A map has no order, and a document is compared as a text.
                                        mappings ->
                                                new TreeMap<>(openX.columnToJsonKeyMappings())
                                                        .forEach(mappings::put));
                    }

                    @Override
                    public Node hive(JsonSerDe.Hive hive) {
                        return options.put("timestampFormats", hive.timestampFormats());
                    }
                });
    }

    private static Node unknownFields(Node format, UnknownFieldPolicy policy) {
        String name = UnknownFieldsSection.FIELD.name();
        return policy.accept(
                new UnknownFieldPolicy.Visitor<Node>() {
                    @Override
                    public Node drop(UnknownFieldPolicy.Drop drop) {
                        return format.put(
                                name, UnknownFieldsSection.DROP, UnknownFieldsSection.DROP);
                    }

                    @Override
                    public Node refuse(UnknownFieldPolicy.Refuse refuse) {
                        return format.put(name, UnknownFieldsSection.REFUSE);
                    }

                    @Override
                    public Node keep(UnknownFieldPolicy.Keep keep) {
                        return format.section(name).put("keep", keep.column());
                    }
                });
    }

    private static Node parquet(Node file, ColumnarSettings.Parquet parquet) {
        ColumnarSettings.Parquet byDefault = ColumnarSettings.Parquet.DEFAULTS;
        return file.put(
                        "compression",
                        Types.word(parquet.compression()),
                        Types.word(byDefault.compression()))
                .put(
                        "timestamps",
                        Types.word(parquet.timestamps()),
                        Types.word(byDefault.timestamps()))
                .put("dictionary", parquet.dictionary().map(String::valueOf))
                .bytes("blockSize", parquet.blockSizeBytes(), byDefault.blockSizeBytes())
                .bytes("pageSize", parquet.pageSizeBytes(), byDefault.pageSizeBytes())
                .bytes("maxPadding", parquet.maxPaddingBytes(), byDefault.maxPaddingBytes())
                .put(
                        "writerVersion",
                        Types.word(parquet.writerVersion()),
                        Types.word(byDefault.writerVersion()));
    }

    private static Node orc(Node file, ColumnarSettings.Orc orc) {
        ColumnarSettings.Orc byDefault = ColumnarSettings.Orc.DEFAULTS;
        file.put("compression", Types.word(orc.compression()), Types.word(byDefault.compression()))
                .bytes("stripeSize", orc.stripeSizeBytes(), byDefault.stripeSizeBytes())
                .put("rowIndexStride", orc.rowIndexStride(), byDefault.rowIndexStride());
        orc.padding()
                .ifPresent(
                        padding ->
                                file.put("padding", "true")
                                        .bytes(
                                                "blockSize",
                                                padding.blockSizeBytes(),
                                                ColumnarSettings.Padding.DEFAULT_BLOCK_SIZE_BYTES)
                                        .put(
                                                "paddingTolerance",
                                                Types.fraction(padding.tolerance()),
                                                Types.fraction(
                                                        ColumnarSettings.Padding
                                                                .DEFAULT_TOLERANCE)));
        orc.bloomFilters()
                .ifPresent(
                        filters ->
                                file.put("bloomFilterColumns", filters.columns())
                                        .put(
                                                "bloomFilterFalsePositiveProbability",
                                                Types.fraction(filters.falsePositiveProbability()),
                                                Types.fraction(
                                                        ColumnarSettings.BloomFilters
                                                                .DEFAULT_FALSE_POSITIVE_PROBABILITY)));
        return file.put(
                        "dictionaryKeyThreshold",
                        Types.fraction(orc.dictionaryKeyThreshold()),
                        Types.fraction(ColumnarSettings.Orc.defaultThreshold(orc.formatVersion())))
                .put("formatVersion", orc.formatVersion().name(), byDefault.formatVersion().name());
    }

    private static void destination(Node destination, DestinationSettings settings) {
        destination
                .put("store", settings.store())
                .put("bucket", settings.bucket())
                .put("prefix", settings.prefix())
                .put("errorPrefix", settings.errorPrefix());
        compression(destination, settings.compression())
                .put("timezone", settings.timezone().getId(), TIMEZONE)
                .put("fileExtension", settings.fileExtension());
    }

    private static void backup(Node backup, BackupSettings settings) {
        backup.put("store", settings.store())
                .put("bucket", settings.bucket())
                .put("prefix", settings.prefix());
        compression(backup, settings.compression())
                .put(
                        "delimiter",
                        Types.word(settings.delimiter()),
                        Types.word(FormatSettings.DEFAULT_DELIMITER))
                .put("timezone", settings.timezone().getId(), TIMEZONE)
                .section(
                        "buffer",
                        buffer -> buffer(buffer, settings.buffer(), BufferingHints.DEFAULTS));
    }

    private static Node compression(Node parent, Compression compression) {
        Compression.Codec codec = compression.codec();
        if (!codec.hasLevels() || parent.leavesOut(compression, Compression.of(codec))) {
            return parent.put(
                    "compression",
                    codec.word(),
                    DestinationSettings.DEFAULT_COMPRESSION.codec().word());
        }
        parent.section("compression")
                .section(codec.word())
                .put("level", String.valueOf(compression.level()));
        return parent;
    }

    /** A section being written. */
    private final class Node {
        private final String path;
        private final Map<String, Object> values = new LinkedHashMap<>();

        Node(String path) {
            this.path = path;
        }

        Node put(String name, String value) {
            values.put(name, unresolved.getOrDefault(path + name, Substitution.escaped(value)));
            return this;
        }

        /** A setting with a default. */
        Node put(String name, Object value, Object byDefault) {
            return leavesOut(value, byDefault) ? this : put(name, String.valueOf(value));
        }

        /** A size with a default. */
        Node bytes(String name, long value, long byDefault) {
            return put(name, ByteSize.setting(value), ByteSize.setting(byDefault));
        }

        boolean leavesOut(Object value, Object byDefault) {
            return switch (defaults) {
                case WRITTEN -> false;
                case LEFT_OUT -> value.equals(byDefault);
            };
        }

        Node put(String name, Optional<String> value) {
            value.ifPresent(v -> put(name, v));
            return this;
        }

        /** A list of texts; without any it is left out. */
        Node put(String name, List<String> texts) {
            List<String> written = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                String at = "%s%s[%d]".formatted(path, name, i);
                written.add(unresolved.getOrDefault(at, Substitution.escaped(texts.get(i))));
            }
            if (!written.isEmpty()) {
                values.put(name, written);
            }
            return this;
        }

        /** A list of sections. */
        List<Node> items(String name, int count) {
            List<Node> items = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                items.add(new Node("%s%s[%d].".formatted(path, name, i)));
            }
            values.put(name, items.stream().map(item -> item.values).toList());
            return items;
        }

        Node section(String name) {
            Node section = new Node(path + name + ".");
            values.put(name, section.values);
            return section;
        }

        /** A section that means nothing while nothing is in it. */
        Node section(String name, Consumer<Node> filling) {
            Node section = new Node(path + name + ".");
            filling.accept(section);
            if (defaults == Defaults.WRITTEN || !section.values.isEmpty()) {
                values.put(name, section.values);
            }
            return this;
        }
    }
}

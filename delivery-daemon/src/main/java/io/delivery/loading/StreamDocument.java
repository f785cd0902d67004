package io.delivery.loading;

import io.delivery.config.BackupSettings;
import io.delivery.config.BufferingHints;
import io.delivery.config.ByteSize;
import io.delivery.config.ColumnarSettings;
import io.delivery.config.Compression;
import io.delivery.config.Decompression;
import io.delivery.config.DestinationSettings;
import io.delivery.config.FormatSettings;
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
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;

/** A definition as YAML, every default filled in, one way to write each value. */
final class StreamDocument {
    private final Map<String, String> unresolved;

    private StreamDocument(Map<String, String> unresolved) {
        this.unresolved = unresolved;
    }

    /**
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
        return new Dump(settings).dumpToString(new StreamDocument(unresolved).stream(stream));
    }

    private Map<String, Object> stream(StreamDefinition stream) {
        Node root = new Node("");
        root.put("source", "directPut");
        buffer(root, stream.buffer());
        transform(root, stream.transform());
        stream.partitioning()
                .ifPresent(
                        p ->
                                root.section("partitioning")
                                        .put("query", p.query())
                                        .put(
                                                "activePartitionsLimit",
                                                String.valueOf(p.activePartitionsLimit())));
        format(root.section("format"), stream.format());
        destination(root.section("destination"), stream.destination());
        stream.backup().ifPresent(b -> backup(root.section("backup"), b));
        // Only when it is: documents of earlier programs do not say it, and mean the same.
        stream.encryption().ifPresent(encrypted -> root.put("encryption", "true"));
        return root.values;
    }

    private static void buffer(Node parent, BufferingHints hints) {
        parent.section("buffer")
                .put("size", hints.sizeInMBs() + "MB")
                .put("interval", hints.intervalInSeconds() + "s")
                .put("lowLatency", String.valueOf(hints.latency() == BufferingHints.Latency.LOW));
    }

    private void transform(Node root, TransformSettings transform) {
        transform
                .decompression()
                .ifPresent(
                        gzip ->
                                root.put(
                                                "decompression",
                                                Types.word(ProcessorSections.Compressed.GZIP))
                                        .section("cloudWatchLogs")
                                        .put("extractMessages", extracts(gzip.messages())));
        transform.split().ifPresent(split -> split(root, split));
        if (!transform.processors().isEmpty()) {
            List<ProcessorSettings> processors = transform.processors();
            List<Node> items = root.items("processors", processors.size());
            for (int i = 0; i < processors.size(); i++) {
                processor(items.get(i), processors.get(i));
            }
        }
    }

    private static String extracts(Decompression.Messages messages) {
        return switch (messages) {
            case IN_ENVELOPE -> "false";
            case EXTRACTED -> "true";
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
        node.put("function", lambda.function()).put("retries", String.valueOf(lambda.retries()));
        return node.section("buffer")
                .put("size", ByteSize.setting(lambda.bufferBytes()))
                .put("interval", lambda.bufferInterval().map(Units::setting));
    }

    private static Node csv(Node node, ProcessorSettings.Csv csv) {
        if (csv.columns().isEmpty()) {
            node.put("header", "true");
        } else {
            node.put("columns", csv.columns());
        }
        return node.put("delimiter", String.valueOf(csv.delimiter()))
                .put("quote", String.valueOf(csv.quote()));
    }

    private static Node split(Node parent, SplitSettings settings) {
        return settings.choose(
                json -> parent.put("split", "json"),
                delimited -> parent.section("split").put("delimiter", delimited.delimiter()));
    }

    private static Node format(Node format, FormatSettings settings) {
        return settings.choose(
                raw -> format.section("raw").put("delimiter", Types.word(raw.delimiter())),
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
                .put("version", schema.version());
        converted.decoder().serde().ifPresent(serde -> serde(format.section("serde"), serde));
        return unknownFields(format, converted.decoder().unknownFields());
    }

    private static void serde(Node node, JsonSerDe serde) {
        Node options = node.section(serde.name());
        serde.accept(
                new JsonSerDe.Visitor<Node>() {
                    @Override
                    public Node openX(JsonSerDe.OpenX openX) {
                        options.put("caseInsensitive", String.valueOf(openX.caseInsensitive()))
                                .put(
                                        "convertDotsInJsonKeysToUnderscores",
                                        String.valueOf(openX.convertDotsInJsonKeysToUnderscores()));
                        Node mappings = options.section("columnToJsonKeyMappings");
                        // A map has no order, and a document is compared as a text.
                        new TreeMap<>(openX.columnToJsonKeyMappings()).forEach(mappings::put);
                        return options;
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
                        return format.put(name, UnknownFieldsSection.DROP);
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
        return file.put("compression", Types.word(parquet.compression()))
                .put("timestamps", Types.word(parquet.timestamps()))
                .put("dictionary", parquet.dictionary().map(String::valueOf))
                .put("blockSize", ByteSize.setting(parquet.blockSizeBytes()))
                .put("pageSize", ByteSize.setting(parquet.pageSizeBytes()))
                .put("maxPadding", ByteSize.setting(parquet.maxPaddingBytes()))
                .put("writerVersion", Types.word(parquet.writerVersion()));
    }

    private static Node orc(Node file, ColumnarSettings.Orc orc) {
        file.put("compression", Types.word(orc.compression()))
                .put("stripeSize", ByteSize.setting(orc.stripeSizeBytes()))
                .put("rowIndexStride", String.valueOf(orc.rowIndexStride()));
        orc.padding()
                .ifPresent(
                        padding ->
                                file.put("padding", "true")
                                        .put(
                                                "blockSize",
                                                ByteSize.setting(padding.blockSizeBytes()))
                                        .put(
                                                "paddingTolerance",
                                                Types.fraction(padding.tolerance())));
        orc.bloomFilters()
                .ifPresent(
                        filters ->
                                file.put("bloomFilterColumns", filters.columns())
                                        .put(
                                                "bloomFilterFalsePositiveProbability",
                                                Types.fraction(
                                                        filters.falsePositiveProbability())));
        return file.put("dictionaryKeyThreshold", Types.fraction(orc.dictionaryKeyThreshold()))
                .put("formatVersion", orc.formatVersion().name());
    }

    private static void destination(Node destination, DestinationSettings settings) {
        destination
                .put("store", settings.store())
                .put("bucket", settings.bucket())
                .put("prefix", settings.prefix())
                .put("errorPrefix", settings.errorPrefix());
        compression(destination, settings.compression())
                .put("timezone", settings.timezone().getId())
                .put("fileExtension", settings.fileExtension());
    }

    private static void backup(Node backup, BackupSettings settings) {
        backup.put("store", settings.store())
                .put("bucket", settings.bucket())
                .put("prefix", settings.prefix());
        compression(backup, settings.compression())
                .put("delimiter", Types.word(settings.delimiter()))
                .put("timezone", settings.timezone().getId());
        buffer(backup, settings.buffer());
    }

    private static Node compression(Node parent, Compression compression) {
        Compression.Codec codec = compression.codec();
        if (!codec.hasLevels()) {
            return parent.put("compression", codec.word());
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
    }
}

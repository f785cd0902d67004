package io.delivery.loading;

import io.delivery.config.BackupSettings;
import io.delivery.config.BufferingHints;
import io.delivery.config.ByteSize;
import io.delivery.config.DestinationSettings;
import io.delivery.config.FormatSettings;
import io.delivery.config.SplitSettings;
import io.delivery.config.StreamDefinition;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
        stream.transform().split().ifPresent(split -> split(root, split));
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
        return root.values;
    }

    private static void buffer(Node parent, BufferingHints hints) {
        parent.section("buffer")
                .put("size", hints.sizeInMBs() + "MB")
                .put("interval", hints.intervalInSeconds() + "s")
                .put("lowLatency", String.valueOf(hints.latency() == BufferingHints.Latency.LOW));
    }

    private static Node split(Node parent, SplitSettings settings) {
        return settings.choose(
                json -> parent.put("split", "json"),
                delimited -> parent.section("split").put("delimiter", delimited.delimiter()));
    }

    private static Node format(Node format, FormatSettings settings) {
        return settings.choose(
                raw -> format.section("raw").put("delimiter", Types.word(raw.delimiter())),
                parquet -> parquet(format, parquet));
    }

    private static Node parquet(Node format, FormatSettings.Parquet parquet) {
        format.section("parquet")
                .put("compression", Types.word(parquet.compression()))
                .put("timestamps", Types.word(parquet.timestamps()))
                .put("dictionary", parquet.dictionary().map(String::valueOf))
                .put("blockSize", ByteSize.setting(parquet.blockSizeBytes()))
                .put("pageSize", ByteSize.setting(parquet.pageSizeBytes()));
        FormatSettings.SchemaReference schema = parquet.schema();
        return format.section("schema")
                .put("catalog", schema.catalog())
                .put("table", schema.database() + "." + schema.table())
                .put("version", schema.version());
    }

    private static void destination(Node destination, DestinationSettings settings) {
        destination
                .put("store", settings.store())
                .put("bucket", settings.bucket())
                .put("prefix", settings.prefix())
                .put("errorPrefix", settings.errorPrefix())
                .put("compression", Types.word(settings.compression()))
                .put("timezone", settings.timezone().getId())
                .put("fileExtension", settings.fileExtension());
    }

    private static void backup(Node backup, BackupSettings settings) {
        backup.put("store", settings.store())
                .put("bucket", settings.bucket())
                .put("prefix", settings.prefix())
                .put("compression", Types.word(settings.compression()))
                .put("delimiter", Types.word(settings.delimiter()))
                .put("timezone", settings.timezone().getId());
        buffer(backup, settings.buffer());
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

        Node section(String name) {
            Node section = new Node(path + name + ".");
            values.put(name, section.values);
            return section;
        }
    }
}

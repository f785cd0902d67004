package io.delivery.suggest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.format.JsonSerDe;
import io.delivery.format.TableSchema;
import io.delivery.format.TableSchema.Column;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes a table for people and for catalogs. */
public final class TableText {
    /** Words that YAML takes for something else than a text. */
    private static final Set<String> YAML_WORDS =
            Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    /** Files that an external table is of, with the classes that metastores name for them. */
    public enum StoredAs {
        PARQUET(
                "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
                "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
                "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"),
        ORC(
                "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
                "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
                "org.apache.hadoop.hive.ql.io.orc.OrcSerde");

        private final String input;
        private final String output;
        private final String library;

        StoredAs(String input, String output, String library) {
            this.input = input;
            this.output = output;
            this.library = library;
        }
    }

    private TableText() {}

    /**
     * The file of a catalog of the program, {@code <database>/<table>.yaml}.
     *
     * @param heading lines of a comment above it
     */
    public static String yaml(TableSchema table, List<String> heading) {
        StringBuilder text = new StringBuilder();
        heading.forEach(line -> text.append("# ").append(KeyForms.shownLine(line)).append('\n'));
        text.append("columns:\n");
        table.columns().forEach(column -> yaml(column, text));
        if (!table.partitionColumns().isEmpty()) {
            text.append("partitionColumns:\n");
            table.partitionColumns().forEach(column -> yaml(column, text));
        }
        text.append(
                table.serde()
                        .accept(
                                new JsonSerDe.Visitor<String>() {
                                    @Override
                                    public String openX(JsonSerDe.OpenX serde) {
                                        return yaml(serde);
                                    }

                                    @Override
                                    public String hive(JsonSerDe.Hive serde) {
                                        return yaml(serde);
                                    }
                                }));
        return text.toString();
    }

    private static void yaml(Column column, StringBuilder text) {
        text.append("  - {name: ")
                .append(quoted(column.name()))
                .append(", type: ")
                .append(quoted(column.type().toString()))
                .append('}');
        if (!column.comment().isEmpty()) {
            text.append("  # ").append(KeyForms.shownLine(column.comment()));
        }
        text.append('\n');
    }

    private static String yaml(JsonSerDe.OpenX serde) {
        JsonSerDe.OpenX defaults = JsonSerDe.OpenX.DEFAULTS;
        StringBuilder options = new StringBuilder();
        if (serde.caseInsensitive() != defaults.caseInsensitive()) {
            options.append("    caseInsensitive: ").append(serde.caseInsensitive()).append('\n');
        }
        if (serde.convertDotsInJsonKeysToUnderscores()
                != defaults.convertDotsInJsonKeysToUnderscores()) {
            options.append("    convertDotsInJsonKeysToUnderscores: ")
                    .append(serde.convertDotsInJsonKeysToUnderscores())
                    .append('\n');
        }
        if (!serde.columnToJsonKeyMappings().isEmpty()) {
            options.append("    columnToJsonKeyMappings:\n");
            sorted(serde.columnToJsonKeyMappings())
                    .forEach(
                            entry ->
                                    options.append("      ")
                                            .append(quoted(entry.getKey()))
                                            .append(": ")
                                            .append(quoted(entry.getValue()))
                                            .append('\n'));
        }
        return options.isEmpty() ? "serde: openx\n" : "serde:\n  openx:\n" + options;
    }

    private static String yaml(JsonSerDe.Hive serde) {
        if (serde.timestampFormats().isEmpty()) {
            return "serde: hive\n";
        }
        StringBuilder formats = new StringBuilder("serde:\n  hive:\n    timestampFormats:\n");
        serde.timestampFormats()
                .forEach(format -> formats.append("      - ").append(quoted(format)).append('\n'));
        return formats.toString();
    }

    private static List<Map.Entry<String, String>> sorted(Map<String, String> mappings) {
        return mappings.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
    }

    /** As YAML reads it back, whatever it is. */
    private static String quoted(String text) {
        if (text.matches("[a-z_][a-z0-9_]*") && !YAML_WORDS.contains(text)) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints()
                .forEach(
                        c -> {
                            if (c == '"' || c == '\\') {
                                quoted.append('\\').appendCodePoint(c);
                            } else if (c >= ' ' && c <= '~' || Character.isLetterOrDigit(c)) {
                                quoted.appendCodePoint(c);
                            } else {
                                quoted.append((c > 0xFFFF ? "\\U%08x" : "\\u%04x").formatted(c));
                            }
                        });
        return quoted.append('"').toString();
    }

    /**
     * The {@code TableInput} of AWS Glue, for {@code aws glue create-table --table-input}: Glue API
     * reference, TableInput.
     *
     * @param location of the objects, {@code s3://bucket/prefix/}; empty leaves it out
     * @throws IllegalArgumentException when a struct has a name that no metastore can keep
     */
    public static String glue(TableSchema table, StoredAs files, Optional<String> location) {
        ObjectNode input = new ObjectMapper().createObjectNode();
        input.put("Name", table.table()).put("TableType", "EXTERNAL_TABLE");
        input.putObject("Parameters")
                .put("EXTERNAL", "TRUE")
                .put("classification", files.name().toLowerCase(Locale.ROOT));
        glue(input.putArray("PartitionKeys"), table.partitionColumns());
        ObjectNode storage = input.putObject("StorageDescriptor");
        glue(storage.putArray("Columns"), table.columns());
        location.ifPresent(place -> storage.put("Location", place));
        storage.put("InputFormat", files.input).put("OutputFormat", files.output);
        storage.putObject("SerdeInfo").put("SerializationLibrary", files.library);
        return input.toPrettyString() + "\n";
    }

    private static void glue(ArrayNode list, List<Column> columns) {
        for (Column column : columns) {
            ObjectNode one = list.addObject();
            one.put("Name", column.name()).put("Type", column.type().accept(new GlueType()));
            if (!column.comment().isEmpty()) {
                one.put("Comment", column.comment());
            }
        }
    }

    /**
     * The Deserializer of a stream whose table has no deserializer of its own, as AWS Glue's have
     * none: Firehose API reference, Deserializer.
     */
    public static String deserializer(JsonSerDe serde) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        serde.accept(
                new JsonSerDe.Visitor<Void>() {
                    @Override
                    public Void openX(JsonSerDe.OpenX openX) {
                        ObjectNode options = root.putObject("OpenXJsonSerDe");
                        options.put("CaseInsensitive", openX.caseInsensitive());
                        options.put(
                                "ConvertDotsInJsonKeysToUnderscores",
                                openX.convertDotsInJsonKeysToUnderscores());
                        ObjectNode mappings = options.putObject("ColumnToJsonKeyMappings");
                        sorted(openX.columnToJsonKeyMappings())
                                .forEach(entry -> mappings.put(entry.getKey(), entry.getValue()));
                        return null;
                    }

                    @Override
                    public Void hive(JsonSerDe.Hive hive) {
                        ArrayNode formats =
                                root.putObject("HiveJsonSerDe").putArray("TimestampFormats");
                        hive.timestampFormats().forEach(formats::add);
                        return null;
                    }
                });
        return root.toString();
    }

    /**
     * {@code CREATE EXTERNAL TABLE}, as Hive and Athena read it. Names are in back quotes: they may
     * be reserved words.
     *
     * @param location of the objects, {@code s3://bucket/prefix/}
     */
    public static String ddl(TableSchema table, StoredAs files, String location) {
        StringBuilder text = new StringBuilder("CREATE EXTERNAL TABLE ");
        text.append(backQuoted(table.database()))
                .append('.')
                .append(backQuoted(table.table()))
                .append(" (\n");
        ddl(table.columns(), text);
        text.append(")\n");
        if (!table.partitionColumns().isEmpty()) {
            text.append("PARTITIONED BY (\n");
            ddl(table.partitionColumns(), text);
            text.append(")\n");
        }
        return text.append("STORED AS ")
                .append(files.name())
                .append("\nLOCATION ")
                .append(singleQuoted(location))
                .append(";\n")
                .toString();
    }

    private static void ddl(List<Column> columns, StringBuilder text) {
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            text.append("  ")
                    .append(backQuoted(column.name()))
                    .append(' ')
                    .append(column.type().accept(new DdlType()));
            if (!column.comment().isEmpty()) {
                text.append(" COMMENT ").append(singleQuoted(column.comment()));
            }
            text.append(i + 1 < columns.size() ? ",\n" : "\n");
        }
    }

    private static String backQuoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    private static String singleQuoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}

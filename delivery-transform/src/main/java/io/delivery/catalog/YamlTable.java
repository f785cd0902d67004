package io.delivery.catalog;

import io.delivery.format.CatalogException;
import io.delivery.format.CatalogException.Reason;
import io.delivery.format.ColumnType;
import io.delivery.format.HiveTypes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.TableSchema;
import io.delivery.format.TableSchema.Column;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads one table from YAML:
 *
 * <pre>
 * columns:
 *   - {name: id, type: bigint, comment: what people call the order}
 *   - {name: tags, type: array&lt;string&gt;}
 * partitionColumns:
 *   - {name: dt, type: string}
 * serde:
 *   openx: {caseInsensitive: true, convertDotsInJsonKeysToUnderscores: false,
 *           columnToJsonKeyMappings: {ts: timestamp}}
 * </pre>
 *
 * <p>{@code serde} is {@code openx} (the default) or {@code hive} alone, or one of them with its
 * options; {@code hive} has {@code timestampFormats}, a list. A mapping names a column, or a field
 * of a struct at any depth, and no two of a row or a struct are filled from the same key. All
 * problems are told at once, each with file and line.
 */
final class YamlTable {
    private static final int MAX_PROBLEMS = 20;

    private final Path file;
    private final byte[] content;
    private final List<String> problems = new ArrayList<>();
    private Reason reason = Reason.INVALID_SCHEMA;

    /** Null when there are none. */
    private Node mappingsPlace;

    YamlTable(Path file, byte[] content) {
        this.file = file;
        this.content = content;
    }

    TableSchema read(String database, String table, String version) throws CatalogException {
        Map<String, Node> keys =
                mapping(root(), "a table", List.of("columns", "partitionColumns", "serde"));
        List<Column> columns = columns(keys.get("columns"), "columns");
        List<Column> partitions = columns(keys.get("partitionColumns"), "partitionColumns");
        JsonSerDe serde = serde(keys.get("serde"));
        if (columns.isEmpty() && problems.isEmpty()) {
            throw new CatalogException(
                    Reason.NON_EXISTENT_COLUMNS, file + ":1: columns: a table needs at least one");
        }
        if (problems.isEmpty()) {
            try {
                TableSchema schema =
                        new TableSchema(database, table, version, columns, partitions, serde);
                checkMappings(serde, columns, partitions);
                if (problems.isEmpty()) {
                    return schema;
                }
            } catch (IllegalArgumentException e) {
                problems.add(file + ": " + e.getMessage());
            }
        }
        throw new CatalogException(reason, String.join("; ", problems));
    }

    private void checkMappings(JsonSerDe serde, List<Column> columns, List<Column> partitions) {
        if (mappingsPlace != null && serde instanceof JsonSerDe.OpenX openX) {
            for (String problem : KeyMappings.problems(openX, columns, partitions)) {
                problem(mappingsPlace, "columnToJsonKeyMappings: " + problem);
            }
        }
    }

    private Node root() throws CatalogException {
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(file.toString())
                        .setUseMarks(true)
                        .setAllowDuplicateKeys(false)
                        .setCodePointLimit(content.length + 1)
                        .build();
        try {
            Optional<Node> root =
                    new Compose(settings).composeInputStream(new ByteArrayInputStream(content));
            return root.orElseThrow(
                    () ->
                            new CatalogException(
                                    Reason.NON_EXISTENT_COLUMNS, file + ":1: the file is empty"));
        } catch (MarkedYamlEngineException e) {
            String line = e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
            throw new CatalogException(
                    Reason.INVALID_SCHEMA, file + line + ": " + e.getProblem(), e);
        } catch (YamlEngineException | StackOverflowError e) {
            throw new CatalogException(
                    Reason.INVALID_SCHEMA, file + ": is no YAML: " + e.getMessage(), e);
        }
    }

    private List<Column> columns(Node node, String key) {
        List<Column> columns = new ArrayList<>();
        if (node == null) {
            return columns;
        }
        if (!(node instanceof SequenceNode list)) {
            problem(node, key + ": must be a list of {name, type}");
            return columns;
        }
        for (Node item : list.getValue()) {
            Map<String, Node> keys = mapping(item, "a column", List.of("name", "type", "comment"));
            String name = text(keys.get("name"), "name");
            String type = text(keys.get("type"), "type");
            String comment = text(keys.get("comment"), "comment");
            if (name == null || type == null) {
                if (item instanceof MappingNode) {
                    problem(item, key + ": a column needs a name and a type");
                }
                continue;
            }
            try {
                ColumnType parsed = type(keys.get("type"), name, type);
                if (parsed != null) {
                    columns.add(new Column(name, parsed, comment == null ? "" : comment));
                }
            } catch (IllegalArgumentException e) {
                problem(keys.get("name"), e.getMessage());
            }
        }
        return columns;
    }

    private ColumnType type(Node node, String column, String type) {
        try {
            return HiveTypes.parse(type);
        } catch (IllegalArgumentException e) {
            reason = Reason.INVALID_TYPE_FORMAT;
            problem(node, "type of column " + column + ": " + e.getMessage());
            return null;
        }
    }

    private JsonSerDe serde(Node node) {
        if (node == null) {
            return JsonSerDe.OpenX.DEFAULTS;
        }
        if (node instanceof ScalarNode scalar) {
            switch (scalar.getValue()) {
                case "openx":
                    return JsonSerDe.OpenX.DEFAULTS;
                case "hive":
                    return JsonSerDe.Hive.DEFAULTS;
                default:
                    problem(node, "serde: must be openx or hive, was " + scalar.getValue());
                    return JsonSerDe.OpenX.DEFAULTS;
            }
        }
        Map<String, Node> keys = mapping(node, "serde", List.of("openx", "hive"));
        if (keys.size() > 1) {
            problem(node, "serde: openx and hive are both there; a table has one of them");
        }
        return keys.containsKey("hive") ? hive(keys.get("hive")) : openX(keys.get("openx"));
    }

    private JsonSerDe openX(Node node) {
        JsonSerDe.OpenX defaults = JsonSerDe.OpenX.DEFAULTS;
        if (node == null) {
            return defaults;
        }
        Map<String, Node> keys =
                mapping(
                        node,
                        "openx",
                        List.of(
                                "caseInsensitive",
                                "convertDotsInJsonKeysToUnderscores",
                                "columnToJsonKeyMappings"));
        Map<String, String> mappings = new LinkedHashMap<>();
        mappingsPlace = keys.get("columnToJsonKeyMappings");
        if (mappingsPlace != null) {
            mapping(mappingsPlace, "columnToJsonKeyMappings", null)
                    .forEach(
                            (column, key) -> {
                                String value = text(key, column);
                                if (value != null) {
                                    mappings.put(column, value);
                                }
                            });
        }
        return new JsonSerDe.OpenX(
                flag(keys.get("caseInsensitive"), "caseInsensitive", defaults.caseInsensitive()),
                flag(
                        keys.get("convertDotsInJsonKeysToUnderscores"),
                        "convertDotsInJsonKeysToUnderscores",
                        defaults.convertDotsInJsonKeysToUnderscores()),
                mappings);
    }

    private JsonSerDe hive(Node node) {
        Map<String, Node> keys = mapping(node, "hive", List.of("timestampFormats"));
        Node formats = keys.get("timestampFormats");
        List<String> read = new ArrayList<>();
        if (formats instanceof SequenceNode list) {
            for (Node item : list.getValue()) {
                String format = text(item, "timestampFormats");
                if (format != null) {
                    read.add(format);
                }
            }
        } else if (formats != null) {
            problem(formats, "timestampFormats: must be a list of patterns");
        }
        return new JsonSerDe.Hive(read);
    }

    private boolean flag(Node node, String key, boolean otherwise) {
        if (node == null) {
            return otherwise;
        }
        if (node instanceof ScalarNode scalar && node.getTag().equals(Tag.BOOL)) {
            return Boolean.parseBoolean(scalar.getValue());
        }
        problem(node, key + ": must be true or false");
        return otherwise;
    }

    private String text(Node node, String key) {
        if (node == null) {
            return null;
        }
        if (node instanceof ScalarNode scalar && !node.getTag().equals(Tag.NULL)) {
            return scalar.getValue();
        }
        problem(node, key + ": must be a text");
        return null;
    }

    /** The keys of a mapping; all of them are fine when {@code allowed} is null. */
    private Map<String, Node> mapping(Node node, String what, List<String> allowed) {
        Map<String, Node> keys = new LinkedHashMap<>();
        boolean empty = node instanceof ScalarNode && node.getTag().equals(Tag.NULL);
        if (empty) {
            return keys;
        }
        if (!(node instanceof MappingNode mapping)) {
            problem(
                    node,
                    what + ": must have keys" + (allowed == null ? "" : ": " + joined(allowed)));
            return keys;
        }
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                problem(entry.getKeyNode(), what + ": a key must be a text");
            } else if (allowed != null && !allowed.contains(key.getValue())) {
                problem(
                        key,
                        key.getValue()
                                + ": unknown key of "
                                + what
                                + "; it has "
                                + joined(allowed));
            } else if (keys.put(key.getValue(), entry.getValueNode()) != null) {
                problem(key, key.getValue() + ": is there twice");
            }
        }
        return keys;
    }

    private static String joined(List<String> names) {
        return String.join(", ", names);
    }

    private void problem(Node node, String message) {
        if (problems.size() < MAX_PROBLEMS) {
            int line = node.getStartMark().map(Mark::getLine).orElse(0) + 1;
            problems.add(file + ":" + line + ": " + message);
        }
    }
}

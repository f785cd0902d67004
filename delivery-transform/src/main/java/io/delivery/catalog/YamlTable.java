package io.delivery.catalog;

import io.delivery.config.Suggestion;
import io.delivery.format.CatalogException;
import io.delivery.format.CatalogException.Reason;
import io.delivery.format.ColumnType;
import io.delivery.format.JsonSerDe;
import io.delivery.format.TableSchema;
import io.delivery.format.TableSchema.Column;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
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
 * of a struct at any depth. All problems are told at once, each with file and line.
 */
final class YamlTable {
    static final List<String> TABLE = List.of("columns", "partitionColumns", "serde");
    static final List<String> COLUMN = List.of("name", "type", "comment");
    static final List<String> SERDES = List.of("openx", "hive");
    static final List<String> OPENX =
            List.of(
                    "caseInsensitive",
                    "convertDotsInJsonKeysToUnderscores",
                    "columnToJsonKeyMappings");
    static final List<String> HIVE = List.of("timestampFormats");

    private final Path file;
    private final byte[] content;
    private final TimestampFormats formats;
    private final TableProblems problems;

    /** Null when there are none. */
    private Node mappingsPlace;

    YamlTable(Path file, byte[] content, TimestampFormats formats) {
        this.file = file;
        this.content = content;
        this.formats = formats;
        this.problems = new TableProblems(file);
    }

    TableSchema read(String database, String table, String version) throws CatalogException {
        Map<String, Node> keys = mapping(root(), "", TABLE);
        List<Column> columns = columns(keys.get("columns"), "columns");
        List<Column> partitions = columns(keys.get("partitionColumns"), "partitionColumns");
        JsonSerDe serde = serde(keys.get("serde"));
        if (columns.isEmpty() && problems.isEmpty()) {
            throw problems.only(
                    Reason.NON_EXISTENT_COLUMNS, 1, "columns", "a table needs at least one");
        }
        if (problems.isEmpty()) {
            checkMappings(serde, columns, partitions);
        }
        if (!problems.isEmpty()) {
            throw problems.all();
        }
        return new TableSchema(database, table, version, columns, partitions, serde);
    }

    private void checkMappings(JsonSerDe serde, List<Column> columns, List<Column> partitions) {
        if (mappingsPlace != null && serde instanceof JsonSerDe.OpenX openX) {
            for (String problem : KeyMappings.problems(openX, columns, partitions)) {
                problem(mappingsPlace, "serde.openx.columnToJsonKeyMappings", problem);
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
                    () -> problems.only(Reason.NON_EXISTENT_COLUMNS, 1, "", "the file is empty"));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            throw problems.only(Reason.INVALID_SCHEMA, line, "", "is not YAML: " + e.getProblem());
        } catch (YamlEngineException | StackOverflowError e) {
            throw problems.only(Reason.INVALID_SCHEMA, 0, "", "is not YAML: " + e.getMessage());
        }
    }

    private List<Column> columns(Node node, String key) {
        List<Column> columns = new ArrayList<>();
        if (node == null) {
            return columns;
        }
        if (!(node instanceof SequenceNode list)) {
            problem(node, key, "must be a list of {name, type}");
            return columns;
        }
        for (int i = 0; i < list.getValue().size(); i++) {
            column(list.getValue().get(i), key + "[" + i + "]").ifPresent(columns::add);
        }
        return columns;
    }

    private Optional<Column> column(Node item, String path) {
        Map<String, Node> keys = mapping(item, path, COLUMN);
        String name = required(item, keys, path, "name");
        String type = required(item, keys, path, "type");
        String comment = text(keys.get("comment"), path + ".comment");
        ColumnType parsed =
                type == null ? null : problems.type(line(keys.get("type")), path + ".type", type);
        if (name == null) {
            return Optional.empty();
        }
        int line = line(keys.get("name"));
        problems.column(line, path + ".name", name);
        try {
            // The name is looked at even where the type is none.
            ColumnType known = parsed == null ? ColumnType.Primitive.STRING : parsed;
            return Optional.of(new Column(name, known, comment == null ? "" : comment).inFiles());
        } catch (IllegalArgumentException e) {
            problems.add(line, path + ".name", e.getMessage());
            return Optional.empty();
        }
    }

    private String required(Node owner, Map<String, Node> keys, String path, String key) {
        Node node = keys.get(key);
        if (node == null) {
            // A key that is unknown was complained about, and may be meant to be this one.
            if (owner instanceof MappingNode all && all.getValue().size() == keys.size()) {
                problem(owner, path + "." + key, "must be given");
            }
            return null;
        }
        return text(node, path + "." + key);
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
                    String was = scalar.getValue();
                    problem(
                            node,
                            "serde",
                            "must be openx or hive, was " + was + Suggestion.ask(was, SERDES));
                    return JsonSerDe.OpenX.DEFAULTS;
            }
        }
        Map<String, Node> keys = mapping(node, "serde", SERDES);
        if (keys.size() > 1) {
            problem(node, "serde", "must have one of openx and hive, has both");
        } else if (keys.isEmpty()
                && node instanceof MappingNode none
                && none.getValue().isEmpty()) {
            problem(node, "serde", "must have one of openx and hive, is empty");
        }
        JsonSerDe openX = openX(keys.get("openx"));
        return keys.containsKey("hive") ? hive(keys.get("hive")) : openX;
    }

    private JsonSerDe openX(Node node) {
        JsonSerDe.OpenX defaults = JsonSerDe.OpenX.DEFAULTS;
        if (node == null) {
            return defaults;
        }
        String path = "serde.openx";
        Map<String, Node> keys = mapping(node, path, OPENX);
        mappingsPlace = keys.get("columnToJsonKeyMappings");
        return new JsonSerDe.OpenX(
                flag(keys, path, "caseInsensitive", defaults.caseInsensitive()),
                flag(
                        keys,
                        path,
                        "convertDotsInJsonKeysToUnderscores",
                        defaults.convertDotsInJsonKeysToUnderscores()),
                mappings(path + ".columnToJsonKeyMappings"));
    }

    private Map<String, String> mappings(String path) {
        Map<String, String> mappings = new LinkedHashMap<>();
        if (mappingsPlace != null) {
            mapping(mappingsPlace, path, null)
                    .forEach(
                            (column, node) -> {
                                String key = text(node, path + "." + column);
                                if (key != null) {
                                    mappings.put(column, key);
                                }
                            });
        }
        return mappings;
    }

    private JsonSerDe hive(Node node) {
        String path = "serde.hive";
        Node list = mapping(node, path, HIVE).get("timestampFormats");
        List<String> read = new ArrayList<>();
        if (list instanceof SequenceNode items) {
            for (Node item : items.getValue()) {
                String at = path + ".timestampFormats[" + read.size() + "]";
                String format = text(item, at);
                if (format != null) {
                    check(item, at, format);
                }
                read.add(format == null ? "" : format);
            }
        } else if (list != null) {
            problem(list, path + ".timestampFormats", "must be a list of patterns");
        }
        return new JsonSerDe.Hive(read);
    }

    private void check(Node place, String path, String format) {
        try {
            formats.check(format);
        } catch (IllegalArgumentException e) {
            problem(place, path, e.getMessage());
        }
    }

    private boolean flag(Map<String, Node> keys, String path, String key, boolean otherwise) {
        Node node = keys.get(key);
        if (node == null) {
            return otherwise;
        }
        if (node instanceof ScalarNode scalar && node.getTag().equals(Tag.BOOL)) {
            return Boolean.parseBoolean(scalar.getValue());
        }
        problem(node, path + "." + key, "must be true or false" + was(node));
        return otherwise;
    }

    private String text(Node node, String path) {
        if (node == null) {
            return null;
        }
        if (node instanceof ScalarNode scalar && !node.getTag().equals(Tag.NULL)) {
            return scalar.getValue();
        }
        problem(node, path, "must be a text" + was(node));
        return null;
    }

    private static String was(Node node) {
        if (node instanceof ScalarNode scalar) {
            return ", was " + (scalar.getValue().isEmpty() ? "nothing" : scalar.getValue());
        }
        return node instanceof SequenceNode ? ", was a list" : ", was a section";
    }

    /** The keys of a mapping; all of them are fine when {@code allowed} is null. */
    private Map<String, Node> mapping(Node node, String path, List<String> allowed) {
        Map<String, Node> keys = new LinkedHashMap<>();
        if (node instanceof ScalarNode && node.getTag().equals(Tag.NULL)) {
            return keys;
        }
        if (!(node instanceof MappingNode mapping)) {
            String expected = allowed == null ? "" : ": " + String.join(", ", allowed);
            problem(node, path, "must be a section with keys" + expected);
            return keys;
        }
        Map<String, Integer> lines = new HashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                problem(entry.getKeyNode(), path, "a key must be a text");
                continue;
            }
            String name = key.getValue();
            String at = path.isEmpty() ? name : path + "." + name;
            Integer first = lines.putIfAbsent(name, line(key));
            if (first != null) {
                problem(key, at, "is given twice, first in line " + first);
            } else if (allowed != null && !allowed.contains(name)) {
                String near = Suggestion.ask(name, allowed);
                problem(
                        key,
                        at,
                        "unknown"
                                + (near.isEmpty()
                                        ? "; supported here: " + String.join(", ", allowed)
                                        : near));
            } else {
                keys.put(name, entry.getValueNode());
            }
        }
        return keys;
    }

    private void problem(Node node, String path, String message) {
        problems.add(line(node), path, message);
    }

    private static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }
}

package io.delivery.quickstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A table for records that nobody has described, from the first of them: one column for each key at
 * the top. Whole numbers become {@code bigint}, other numbers {@code double}, true and false {@code
 * boolean}, and everything else a {@code string}: objects, arrays and what has more than one type
 * keep their JSON as text, so that a guess refuses as little as possible.
 */
final class GuessedTable {
    private static final int LINES = 10_000;
    private static final int MAX_CHARS = 64 << 20;
    private static final int MAX_COLUMNS = 500;
    private static final int MAX_PARTITIONS = 20;
    private static final int MAX_VALUE_CHARS = 64;
    private static final int SHOWN_COLUMNS = 6;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Key> keys = new LinkedHashMap<>();

    private long objects;
    private JsonNode first;

    private GuessedTable() {}

    /** The first lines have no JSON object. */
    static final class NothingToGuessException extends Exception {
        private static final long serialVersionUID = 1L;

        NothingToGuessException(String message) {
            super(message);
        }
    }

    /** What is known of one key. */
    private static final class Key {
        final String name;
        final String column;
        String type;
        long seen;
        final Set<String> values = new TreeSet<>();
        boolean fewValues = true;
        boolean hasParts;

        Key(String name, String column) {
            this.name = name;
            this.column = column;
        }

        void see(JsonNode value) {
            if (value.isNull()) {
                return;
            }
            seen++;
            hasParts |= value.isContainerNode();
            String now = typeOf(value);
            if (type == null) {
                type = now;
            } else if (!type.equals(now)) {
                boolean numbers = Set.of(type, now).equals(Set.of("bigint", "double"));
                type = numbers ? "double" : "string";
            }
            if (fewValues) {
                values.add(value.asText());
                fewValues =
                        values.size() <= MAX_PARTITIONS
                                && value.isValueNode()
                                && value.asText().matches("[\\w .:@-]{1," + MAX_VALUE_CHARS + "}");
            }
        }

        private static String typeOf(JsonNode value) {
            if (value.isBoolean()) {
                return "boolean";
            }
            if (value.isIntegralNumber() && value.canConvertToLong()) {
                return "bigint";
            }
            return value.isFloatingPointNumber() ? "double" : "string";
        }
    }

    static GuessedTable of(InputStream in) throws IOException, NothingToGuessException {
        GuessedTable table = new GuessedTable();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        long chars = 0;
        for (int i = 0; i < LINES && chars < MAX_CHARS; i++) {
            String line = lines.readLine();
            if (line == null) {
                break;
            }
            chars += line.length();
            table.see(line);
        }
        if (table.keys.isEmpty()) {
            throw new NothingToGuessException(
                    "no JSON object with a key in its first lines; one JSON object per line is"
                            + " expected");
        }
        return table;
    }

    private void see(String line) {
        JsonNode record;
        try {
            record = JSON.readTree(line);
        } catch (JsonProcessingException noJson) {
            return; // It will be in the error output.
        }
        if (record == null || !record.isObject()) {
            return;
        }
        objects++;
        if (first == null && !record.isEmpty()) {
            first = record;
        }
        record.properties().forEach(field -> key(field.getKey(), field.getValue()));
    }

    private void key(String name, JsonNode value) {
        Key key = keys.get(name);
        if (key == null && keys.size() < MAX_COLUMNS && !name.isEmpty() && printable(name)) {
            key = new Key(name, column(name.toLowerCase(Locale.ROOT)));
            keys.put(name, key);
        }
        if (key != null) {
            key.see(value);
        }
    }

    private static boolean printable(String name) {
        return name.chars()
                .noneMatch(c -> Character.isISOControl(c) || Character.isSurrogate((char) c));
    }

    /** Letters, digits and underscores: what every engine takes for a column's name. */
    private String column(String lower) {
        String plain = lower.replaceAll("[^a-z0-9_]+", "_").replaceAll("^_+|_+$", "");
        plain = plain.isEmpty() ? "column" : plain.substring(0, Math.min(100, plain.length()));
        Set<String> taken = new LinkedHashSet<>();
        keys.values().forEach(key -> taken.add(key.column));
        String name = plain;
        for (int i = 2; taken.contains(name); i++) {
            name = plain + "_" + i;
        }
        return name;
    }

    String yaml() {
        StringBuilder columns = new StringBuilder();
        StringBuilder mappings = new StringBuilder();
        for (Key key : keys.values()) {
            String type = key.type == null ? "string" : key.type;
            columns.append("  - {name: %s, type: %s}%n".formatted(quoted(key.column), type));
            if (!key.column.equals(key.name)) {
                mappings.append("      %s: %s%n".formatted(quoted(key.column), quoted(key.name)));
            }
        }
        // Keys as they are: objects kept as text would have theirs in lower case otherwise.
        String serde = "serde:%n  openx:%n    caseInsensitive: false%n".formatted();
        if (!mappings.isEmpty()) {
            serde += "    columnToJsonKeyMappings:%n".formatted() + mappings;
        }
        return "# Guessed from the first %,d records; correct it where you know better.%ncolumns:%n"
                        .formatted(objects)
                + columns
                + serde;
    }

    /** In single quotes: YAML takes words such as yes, null and 1e3 for something else. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** A key that all have, with the fewest values but more than one: few, large files. */
    Optional<Partitioning> partitioning() {
        return keys.values().stream()
                .filter(key -> key.fewValues && key.seen == objects && key.values.size() > 1)
                .min(Comparator.comparingInt(key -> key.values.size()))
                .map(GuessedTable::by);
    }

    private static Partitioning by(Key key) {
        String query = "{%s: .[%s]}".formatted(key.column, JSON.valueToTree(key.name));
        boolean startsAsName = key.column.matches("[a-z_].*");
        return new Partitioning(
                startsAsName ? query : query.replace("{" + key.column, "{key_" + key.column),
                List.of(startsAsName ? key.column : "key_" + key.column));
    }

    /** The first that most records have; those with parts last. */
    List<String> shownColumns() {
        return keys.values().stream()
                .sorted(
                        Comparator.comparing((Key key) -> key.hasParts)
                                .thenComparingLong(key -> -key.seen))
                .limit(SHOWN_COLUMNS)
                .map(key -> key.column)
                .toList();
    }

    /** Of the first record, what is short. */
    String ownRecord() {
        Map<String, JsonNode> kept = new HashMap<>();
        partitioning().ifPresent(by -> kept.put(keyOf(by), first.get(keyOf(by))));
        ObjectNode record = JSON.createObjectNode();
        first.properties()
                .forEach(
                        field -> {
                            JsonNode value = field.getValue();
                            boolean isShort =
                                    value.isValueNode()
                                            && value.asText().length() <= MAX_VALUE_CHARS;
                            if (kept.containsKey(field.getKey())
                                    || isShort && record.size() < SHOWN_COLUMNS) {
                                record.set(field.getKey(), value);
                            }
                        });
        return record.toString();
    }

    private String keyOf(Partitioning by) {
        return keys.values().stream()
                .filter(key -> by.equals(by(key)))
                .map(key -> key.name)
                .findFirst()
                .orElseThrow();
    }
}

package io.delivery.catalog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.delivery.jackson.BoundedParsers;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells in which line of an Avro schema each field begins, and which fields have an order that
 * there is not: Avro's own parser does not. A field whose type stands before its name is known, the
 * fields in its type are not.
 */
final class AvroLines {
    private static final JsonFactory JSON = new JsonFactory();

    // Avro 1.12 specification, "Complex Types", Records; its parser takes them in any case.
    private static final List<String> ORDERS = List.of("ascending", "descending", "ignore");

    private final Map<String, Integer> lines = new HashMap<>();
    private final Map<String, String> wrongOrders = new TreeMap<>();

    private AvroLines() {}

    static AvroLines of(byte[] content) {
        AvroLines lines = new AvroLines();
        try (JsonParser json = BoundedParsers.once(JSON, content)) {
            json.nextToken();
            lines.schema(json, "");
        } catch (IOException notJson) {
            // Avro's parser says so. What was found so far is right.
        }
        return lines;
    }

    /** Line of a field by its path, such as {@code lines[].sku}; 0 when it is not known. */
    int line(String path) {
        for (String at = path; !at.isEmpty(); at = above(at)) {
            Integer line = lines.get(at);
            if (line != null) {
                return line;
            }
        }
        return 0;
    }

    /** What stands as the order of fields, by their paths, where it is none. */
    Map<String, String> wrongOrders() {
        return wrongOrders;
    }

    /** The array or map around an element, the record around a field. */
    private static String above(String path) {
        boolean isElement = path.endsWith("[]") || path.endsWith("{}");
        return path.substring(
                0, isElement ? path.length() - 2 : Math.max(0, path.lastIndexOf('.')));
    }

    /** Reads the schema at the current token, up to its last one. */
    private void schema(JsonParser json, String path) throws IOException {
        if (json.currentToken() == JsonToken.START_ARRAY) {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                schema(json, path);
            }
        } else if (json.currentToken() == JsonToken.START_OBJECT) {
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String key = json.currentName();
                json.nextToken();
                switch (key) {
                    case "fields" -> fields(json, path.isEmpty() ? "" : path + ".");
                    case "items" -> schema(json, path + "[]");
                    case "values" -> schema(json, path + "{}");
                    case "type" -> schema(json, path);
                    default -> json.skipChildren();
                }
            }
        }
    }

    private void fields(JsonParser json, String prefix) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                json.skipChildren();
                continue;
            }
            int line = json.currentTokenLocation().getLineNr();
            String path = null;
            String order = ORDERS.get(0);
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String key = json.currentName();
                json.nextToken();
                if (key.equals("name")) {
                    path = prefix + json.getText();
                    lines.putIfAbsent(path, line);
                } else if (key.equals("type") && path != null) {
                    schema(json, path);
                } else {
                    order = key.equals("order") ? json.getText() : order;
                    json.skipChildren();
                }
            }
            if (path != null && !ORDERS.contains(order.toLowerCase(Locale.ROOT))) {
                wrongOrders.put(path, order);
            }
        }
    }
}

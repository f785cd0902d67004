package io.delivery.jq.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The way from a value into its depth, and what lies at its end. A value is at the end of a path
 * when it is that very node (or the same number, boolean or null), not an equal one: {@code
 * jv_identical} and {@code path_intact} of jq 1.6.
 */
public final class Path {
    private final Path before;
    private final JsonNode key;
    private final JsonNode end;

    private Path(Path before, JsonNode key, JsonNode end) {
        this.before = before;
        this.key = key;
        this.end = end;
    }

    /** The path that does not leave the value. */
    static Path at(JsonNode value) {
        return new Path(null, null, value);
    }

    /** One step further; null when this is null. */
    static Path then(Path path, JsonNode key, JsonNode end) {
        return path == null ? null : new Path(path, key, end);
    }

    boolean leadsTo(JsonNode value) {
        if (value == end) {
            return true;
        }
        if (!value.isNumber() || !end.isNumber()) {
            return false;
        }
        return value.isLong() && end.isLong()
                ? value.longValue() == end.longValue()
                : Double.doubleToRawLongBits(value.doubleValue())
                        == Double.doubleToRawLongBits(end.doubleValue());
    }

    /** Refuses to go on from a value that is not where the path leads. */
    static void checkAccess(Path path, JsonNode value, JsonNode key) throws JqError {
        if (path != null && !path.leadsTo(value)) {
            throw new JqError(
                    budget ->
                            "Invalid path expression near attempt to access element "
                                    + JqError.dump(key, 14, budget)
                                    + " of "
                                    + JqError.dump(value, 29, budget),
                    "Invalid path expression near attempt to access an element");
        }
    }

    /** Refuses to iterate over a value that is not where the path leads. */
    static void checkIteration(Path path, JsonNode value) throws JqError {
        if (path != null && !path.leadsTo(value)) {
            throw new JqError(
                    budget ->
                            "Invalid path expression near attempt to iterate through "
                                    + JqError.dump(value, 29, budget),
                    "Invalid path expression near attempt to iterate");
        }
    }

    /** The keys on the way, as {@code path} yields them. */
    ArrayNode keys(Budget budget) {
        Deque<JsonNode> keys = new ArrayDeque<>();
        for (Path at = this; at.before != null; at = at.before) {
            keys.push(at.key);
        }
        budget.chargeNodes(keys.size());
        ArrayNode array = JsonNodeFactory.instance.arrayNode(keys.size());
        keys.forEach(array::add);
        return array;
    }
}

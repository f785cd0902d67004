package io.delivery.jq.value;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * {@code delpaths}: deletes all paths at once, so that every container is copied once, however many
 * of its elements go, and indexes mean what they meant before.
 */
public final class Deletion {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Budget budget;
    private final Order order;

    public Deletion(Budget budget) {
        this.budget = budget;
        this.order = new Order(budget);
    }

    /** The value without what is at the paths. */
    public JsonNode delete(JsonNode value, JsonNode paths) throws JqError {
        if (!paths.isArray()) {
            throw new JqError("Paths must be specified as an array");
        }
        List<JsonNode> sorted = new ArrayList<>(paths.size());
        paths.forEach(sorted::add);
        budget.chargeSorting(sorted.size());
        sorted.sort(order::compareForSorting);
        for (JsonNode path : sorted) {
            if (!path.isArray()) {
                throw new JqError("Path must be specified as array, not " + Order.kind(path));
            }
        }
        if (sorted.isEmpty()) {
            return value;
        }
        if (sorted.get(0).isEmpty()) {
            return NullNode.getInstance();
        }
        return delete(value, sorted, 0);
    }

    /** Deletes paths that are sorted and alike before a depth. */
    private JsonNode delete(JsonNode value, List<JsonNode> paths, int depth) throws JqError {
        budget.enter();
        List<JsonNode> whole = new ArrayList<>();
        Edit edit = new Edit(value, budget);
        int i = 0;
        while (i < paths.size()) {
            JsonNode key = paths.get(i).get(depth);
            boolean isWhole = paths.get(i).size() == depth + 1;
            int end = i;
            while (end < paths.size() && order.equal(key, paths.get(end).get(depth))) {
                end++;
            }
            // Not a number equals not even itself.
            end = Math.max(end, i + 1);
            if (isWhole) {
                whole.add(key);
            } else {
                JsonNode inner = Access.get(edit.current(), key, budget);
                if (!inner.isNull()) {
                    JsonNode less = delete(inner, paths.subList(i, end), depth + 1);
                    edit.set(NODES.arrayNode().add(key), less);
                }
            }
            i = end;
        }
        JsonNode without = deleteKeys(edit.value(), whole);
        budget.leave();
        return without;
    }

    private JsonNode deleteKeys(JsonNode value, List<JsonNode> keys) throws JqError {
        if (keys.isEmpty() || value.isNull()) {
            return value;
        }
        if (value.isObject()) {
            budget.chargeMembers((long) value.size() + keys.size());
            ObjectNode kept = NODES.objectNode();
            kept.setAll((ObjectNode) value);
            for (JsonNode key : keys) {
                if (!key.isTextual()) {
                    throw new JqError("Cannot delete " + Order.kind(key) + " field of object");
                }
                budget.chargeSameness(key.textValue().length());
                kept.remove(key.textValue());
            }
            return kept;
        }
        if (value.isArray()) {
            return deleteElements(value, keys);
        }
        throw new JqError("Cannot delete fields from " + Order.kind(value));
    }

    private JsonNode deleteElements(JsonNode array, List<JsonNode> keys) throws JqError {
        budget.chargeNodes((long) array.size() + keys.size());
        BitSet deleted = new BitSet(array.size());
        for (JsonNode key : keys) {
            if (key.isNumber()) {
                double index = key.doubleValue();
                int at = (int) index + (index < 0 ? array.size() : 0);
                if (at >= 0 && at < array.size()) {
                    deleted.set(at);
                }
            } else if (key.isObject()) {
                Access.Slice slice = Access.Slice.of(key, array.size());
                if (slice == null) {
                    throw new JqError("Start and end indices of an array slice must be numbers");
                }
                budget.chargeNodes((slice.end() - slice.start()) / 64);
                deleted.set(slice.start(), slice.end());
            } else {
                throw new JqError("Cannot delete " + Order.kind(key) + " element of array");
            }
        }
        ArrayNode kept = NODES.arrayNode(array.size());
        for (int i = deleted.nextClearBit(0); i < array.size(); i = deleted.nextClearBit(i + 1)) {
            kept.add(array.get(i));
        }
        return kept;
    }
}

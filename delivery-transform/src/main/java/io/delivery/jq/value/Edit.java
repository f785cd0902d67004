package io.delivery.jq.value;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * A value that is being changed at one path after the other. Values are immutable to programs, so a
 * container is copied before its first change, and only then: further changes go into the copy, as
 * long as no program has seen it. What is copied or filled up is charged.
 */
public final class Edit {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** The room for more copies than these is not kept. */
    private static final int FEW = 32;

    private final Budget budget;
    private Set<JsonNode> copies = none();
    private JsonNode root;

    public Edit(JsonNode value, Budget budget) {
        this.root = value;
        this.budget = budget;
    }

    /** The value with all changes so far. */
    public JsonNode value() {
        forgetCopies();
        return root;
    }

    /** The value with all changes so far, for looking at only. */
    JsonNode current() {
        return root;
    }

    /** What is at a path now. */
    public JsonNode get(JsonNode path) throws JqError {
        JsonNode found = Access.getPath(root, path, budget);
        if (copies.contains(found) || hasSlice(path)) {
            // A program will see it, and with it what is in it: copies lie in copies and in slices.
            forgetCopies();
        }
        return found;
    }

    private static boolean hasSlice(JsonNode path) {
        for (int i = 0; i < path.size(); i++) {
            if (path.get(i).isObject()) {
                return true;
            }
        }
        return false;
    }

    private void forgetCopies() {
        if (copies.size() > FEW) {
            // Clearing takes as long as the set was large once, again and again.
            copies = none();
        } else {
            copies.clear();
        }
    }

    private static Set<JsonNode> none() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    /** Puts a value at a path. */
    public void set(JsonNode path, JsonNode value) throws JqError {
        if (!path.isArray()) {
            throw new JqError("Path must be specified as an array");
        }
        root = set(root, path, 0, value);
    }

    private JsonNode set(JsonNode in, JsonNode path, int depth, JsonNode value) throws JqError {
        if (depth == path.size()) {
            return value;
        }
        budget.enter();
        JsonNode key = path.get(depth);
        // Of a slice that is replaced nothing is needed.
        boolean isReplaced = key.isObject() && depth + 1 == path.size() && !in.isTextual();
        JsonNode inner = isReplaced ? in : Access.get(in, key, budget);
        JsonNode written = put(in, key, set(inner, path, depth + 1, value));
        budget.leave();
        return written;
    }

    private JsonNode put(JsonNode in, JsonNode key, JsonNode value) throws JqError {
        if (key.isTextual() && (in.isObject() || in.isNull())) {
            ObjectNode object = in.isNull() ? own(NODES.objectNode()) : copy((ObjectNode) in);
            return object.set(key.textValue(), value);
        }
        if (key.isNumber() && (in.isArray() || in.isNull())) {
            ArrayNode array = in.isNull() ? own(NODES.arrayNode()) : copy((ArrayNode) in);
            return putElement(array, key.doubleValue(), value);
        }
        if (key.isObject() && (in.isArray() || in.isNull())) {
            return putSlice(in.isNull() ? NODES.arrayNode() : in, key, value);
        }
        throw new JqError(
                "Cannot update field at " + Order.kind(key) + " index of " + Order.kind(in));
    }

    private JsonNode putElement(ArrayNode array, double key, JsonNode value) throws JqError {
        budget.checkIndex(key);
        int index = (int) key + (key < 0 ? array.size() : 0);
        if (index < 0 || Double.isNaN(key)) {
            throw new JqError("Out of bounds negative array index");
        }
        budget.chargeNodes(Math.max(0, index - array.size()));
        while (array.size() < index) {
            array.add(NullNode.getInstance());
        }
        return index == array.size() ? array.add(value) : setElement(array, index, value);
    }

    private static ArrayNode setElement(ArrayNode array, int index, JsonNode value) {
        array.set(index, value);
        return array;
    }

    private JsonNode putSlice(JsonNode in, JsonNode key, JsonNode value) throws JqError {
        Access.Slice slice = Access.Slice.of(key, in.size());
        if (slice == null) {
            throw new JqError("Start and end indices of an array slice must be numbers");
        }
        if (!value.isArray()) {
            throw new JqError("A slice of an array can only be assigned another array");
        }
        budget.chargeNodes((long) in.size() + value.size());
        ArrayNode array = own(NODES.arrayNode(in.size()));
        for (int i = 0; i < slice.start(); i++) {
            array.add(in.get(i));
        }
        value.forEach(array::add);
        for (int i = slice.end(); i < in.size(); i++) {
            array.add(in.get(i));
        }
        return array;
    }

    /** Takes away what is at a path. */
    public void delete(JsonNode path) throws JqError {
        root = delete(root, path, 0);
    }

    private JsonNode delete(JsonNode in, JsonNode path, int depth) throws JqError {
        if (in.isNull() || depth == path.size()) {
            return NullNode.getInstance();
        }
        JsonNode key = path.get(depth);
        if (depth + 1 < path.size()) {
            JsonNode inner = Access.get(in, key, budget);
            return inner.isNull() ? in : put(in, key, delete(inner, path, depth + 1));
        }
        if (in.isObject() && key.isTextual()) {
            return without(copy((ObjectNode) in), key.textValue());
        }
        if (in.isArray() && key.isNumber()) {
            double index = key.doubleValue();
            int at = (int) index + (index < 0 ? in.size() : 0);
            return at >= 0 && at < in.size() ? without(copy((ArrayNode) in), at) : in;
        }
        forgetCopies(); // what is left of a slice is a new array, and no copy
        return new Deletion(budget).delete(in, NODES.arrayNode().add(NODES.arrayNode().add(key)));
    }

    private static ObjectNode without(ObjectNode object, String name) {
        object.remove(name);
        return object;
    }

    private ArrayNode without(ArrayNode array, int index) {
        budget.chargeNodes((array.size() - index) / 64);
        array.remove(index);
        return array;
    }

    private <T extends JsonNode> T own(T container) {
        copies.add(container);
        return container;
    }

    private ObjectNode copy(ObjectNode object) {
        if (copies.contains(object)) {
            return object;
        }
        budget.chargeMembers(object.size());
        ObjectNode copy = own(NODES.objectNode());
        copy.setAll(object);
        return copy;
    }

    private ArrayNode copy(ArrayNode array) {
        if (copies.contains(array)) {
            return array;
        }
        budget.chargeNodes(array.size());
        return own(NODES.arrayNode(array.size() + 1)).addAll(array);
    }
}

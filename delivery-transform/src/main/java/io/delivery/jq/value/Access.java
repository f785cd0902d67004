package io.delivery.jq.value;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;

/**
 * What is at a place of a value: under a name, at an index counted from either end, in a slice
 * {@code {"start": n, "end": m}}, or wherever an array is found in another.
 */
public final class Access {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** A longer name is not told in a message. */
    private static final int MOST_TOLD = 30;

    private Access() {}

    /** A slice of an array or a text, in elements or code points. */
    record Slice(int start, int end) {
        /** Null when its ends are neither numbers nor null. */
        static Slice of(JsonNode key, int length) {
            JsonNode from = key.path("start");
            JsonNode to = key.path("end");
            if (!from.isNumber() && !from.isNull() || !to.isNumber() && !to.isNull()) {
                return null;
            }
            double start = from.isNull() ? 0 : from.doubleValue();
            double end = to.isNull() ? length : to.doubleValue();
            start = Math.min(length, Math.max(0, start < 0 ? start + length : start));
            end = Math.min(length, Math.max(0, end < 0 ? end + length : end));
            int first = (int) start;
            // An end within an element takes the element: .[:1.5] is .[:2].
            return new Slice(first, Math.max(first, (int) Math.ceil(end)));
        }
    }

    /** What is under the name, null when nothing is. */
    public static JsonNode member(JsonNode in, String name) throws JqError {
        if (in.isObject()) {
            JsonNode value = in.get(name);
            return value == null ? NullNode.getInstance() : value;
        }
        if (in.isNull()) {
            return in;
        }
        throw cannotIndex(in, name);
    }

    /** What is at the place that the key tells, null when nothing is. */
    public static JsonNode get(JsonNode in, JsonNode key, Budget budget) throws JqError {
        if (key.isTextual()) {
            budget.chargeSameness(key.textValue().length());
            return member(in, key.textValue());
        }
        if (in.isArray()) {
            if (key.isNumber()) {
                return element(in, key);
            }
            if (key.isObject()) {
                Slice slice = Slice.of(key, in.size());
                if (slice == null) {
                    throw new JqError("Start and end indices of an array slice must be numbers");
                }
                return slice(in, slice, budget);
            }
            if (key.isArray()) {
                return indexes(in, key, budget);
            }
        }
        if (in.isTextual() && key.isObject()) {
            String text = in.textValue();
            budget.chargeCharacters(text.length());
            Slice slice = Slice.of(key, Texts.length(text));
            if (slice == null) {
                throw new JqError("Start and end indices of an string slice must be numbers");
            }
            return Texts.slice(text, slice.start(), slice.end(), budget);
        }
        if (in.isNull() && (key.isNumber() || key.isObject())) {
            return in;
        }
        throw new JqError("Cannot index " + Order.kind(in) + " with " + Order.kind(key));
    }

    private static JqError cannotIndex(JsonNode in, String name) {
        String kind = Order.kind(in);
        if (name.length() < MOST_TOLD) {
            return new JqError(
                    "Cannot index " + kind + " with string \"" + name + "\"",
                    "Cannot index " + kind + " with string …");
        }
        return new JqError("Cannot index " + kind + " with string");
    }

    /** An index with a fraction is nowhere. */
    private static JsonNode element(JsonNode in, JsonNode key) {
        double index = key.doubleValue();
        if (index != Math.rint(index) || Math.abs(index) > Integer.MAX_VALUE) {
            return NullNode.getInstance();
        }
        JsonNode value = in.get(index < 0 ? (int) index + in.size() : (int) index);
        return value == null ? NullNode.getInstance() : value;
    }

    private static JsonNode slice(JsonNode in, Slice slice, Budget budget) {
        budget.chargeNodes((long) slice.end() - slice.start());
        ArrayNode part = NODES.arrayNode(slice.end() - slice.start());
        for (int i = slice.start(); i < slice.end(); i++) {
            part.add(in.get(i));
        }
        return part;
    }

    /** Where an array is found in another; an empty one nowhere. */
    private static JsonNode indexes(JsonNode in, JsonNode searched, Budget budget) {
        Order order = new Order(budget);
        ArrayNode indexes = NODES.arrayNode();
        for (int at = 0; at + searched.size() <= in.size() && !searched.isEmpty(); at++) {
            int alike = 0;
            while (alike < searched.size()
                    && order.equal(in.get(at + alike), searched.get(alike))) {
                alike++;
            }
            if (alike == searched.size()) {
                indexes.add(Arithmetic.integer(at));
            }
        }
        return indexes;
    }

    /** {@code has}. */
    public static boolean has(JsonNode in, JsonNode key, Budget budget) throws JqError {
        if (in.isNull()) {
            return false;
        }
        if (in.isObject() && key.isTextual()) {
            budget.chargeSameness(key.textValue().length());
            return in.has(key.textValue());
        }
        if (in.isArray() && key.isNumber()) {
            double index = key.doubleValue();
            return index > -1 && index < in.size();
        }
        throw new JqError(
                "Cannot check whether " + Order.kind(in) + " has a " + Order.kind(key) + " key");
    }

    /** What is at the end of a path. */
    public static JsonNode getPath(JsonNode in, JsonNode path, Budget budget) throws JqError {
        if (!path.isArray()) {
            throw new JqError("Path must be specified as an array");
        }
        JsonNode at = in;
        for (JsonNode key : path) {
            budget.chargeNodes(1);
            at = get(at, key, budget);
        }
        return at;
    }
}

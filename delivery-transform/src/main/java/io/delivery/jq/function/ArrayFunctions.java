package io.delivery.jq.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.delivery.jq.expression.Calls.Values;
import io.delivery.jq.expression.Terms;
import io.delivery.jq.value.Access;
import io.delivery.jq.value.Arithmetic;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.Deletion;
import io.delivery.jq.value.Edit;
import io.delivery.jq.value.JqError;
import io.delivery.jq.value.Order;
import io.delivery.jq.value.Texts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Functions that look at values of all types, and those of arrays and objects. */
final class ArrayFunctions {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Budget budget;
    private final Order order;
    private final Arithmetic arithmetic;
    private final Map<String, Values> functions = new HashMap<>();

    private ArrayFunctions(Budget budget) {
        this.budget = budget;
        this.order = new Order(budget);
        this.arithmetic = new Arithmetic(budget);
    }

    /** By name and number of arguments; names that begin with _ are for definitions only. */
    static Map<String, Values> all(Budget budget) {
        ArrayFunctions all = new ArrayFunctions(budget);
        all.addQuestions();
        all.addParts();
        all.addOrders();
        return all.functions;
    }

    static void checkIterable(JsonNode in) throws JqError {
        if (!in.isContainerNode()) {
            throw Terms.cannotIterate(in);
        }
    }

    private void addQuestions() {
        functions.put("not/0", (in, none) -> BooleanNode.valueOf(!Order.isTrue(in)));
        functions.put("type/0", (in, none) -> TextNode.valueOf(Order.kind(in)));
        functions.put("length/0", (in, none) -> length(in));
        functions.put(
                "isinfinite/0",
                (in, none) ->
                        BooleanNode.valueOf(in.isNumber() && Double.isInfinite(in.doubleValue())));
        functions.put(
                "isnan/0",
                (in, none) -> BooleanNode.valueOf(in.isNumber() && Double.isNaN(in.doubleValue())));
        functions.put(
                "isnormal/0",
                (in, none) ->
                        BooleanNode.valueOf(
                                in.isNumber()
                                        && Double.isFinite(in.doubleValue())
                                        && Math.abs(in.doubleValue()) >= Double.MIN_NORMAL));
        functions.put(
                "has/1", (in, values) -> BooleanNode.valueOf(Access.has(in, values[0], budget)));
        functions.put(
                "contains/1",
                (in, values) -> {
                    if (!Order.kind(in).equals(Order.kind(values[0]))) {
                        throw JqError.of(in, values[0], "cannot have their containment checked");
                    }
                    return BooleanNode.valueOf(order.contains(in, values[0]));
                });
    }

    private JsonNode length(JsonNode in) throws JqError {
        if (in.isContainerNode()) {
            return Arithmetic.integer(in.size());
        }
        if (in.isTextual()) {
            budget.chargeCharacters(in.textValue().length());
            return Arithmetic.integer(Texts.length(in.textValue()));
        }
        if (in.isNumber()) {
            return in.isLong() && in.longValue() >= 0
                    ? in
                    : in.isLong()
                            ? Arithmetic.negated(in)
                            : DoubleNode.valueOf(Math.abs(in.doubleValue()));
        }
        if (in.isNull()) {
            return Arithmetic.integer(0);
        }
        throw JqError.of(in, "has no length");
    }

    private void addParts() {
        functions.put("keys/0", (in, none) -> keys(in, order.sortedNames(in)));
        functions.put(
                "keys_unsorted/0",
                (in, none) -> {
                    List<String> names = new ArrayList<>();
                    in.fieldNames().forEachRemaining(names::add);
                    return keys(in, names);
                });
        functions.put("add/0", (in, none) -> sum(in));
        functions.put("setpath/2", (in, values) -> setPath(in, values[0], values[1]));
        functions.put("delpaths/1", (in, values) -> new Deletion(budget).delete(in, values[0]));
        functions.put("_flatten/1", (in, values) -> flattened(in, values[0]));
        functions.put("indices/1", (in, values) -> indices(in, values[0]));
        functions.put("reverse/0", (in, none) -> reversed(in));
    }

    private JsonNode keys(JsonNode in, List<String> names) throws JqError {
        budget.chargeNodes(in.size());
        ArrayNode keys = NODES.arrayNode(in.size());
        if (in.isObject()) {
            names.forEach(keys::add);
        } else if (in.isArray()) {
            for (int i = 0; i < in.size(); i++) {
                keys.add(Arithmetic.integer(i));
            }
        } else {
            throw JqError.of(in, "has no keys");
        }
        return keys;
    }

    private JsonNode setPath(JsonNode in, JsonNode path, JsonNode value) throws JqError {
        Edit edit = new Edit(in, budget);
        edit.set(path, value);
        return edit.value();
    }

    /** In one pass for texts and arrays, which jq's own definition copies again and again. */
    private JsonNode sum(JsonNode in) throws JqError {
        checkIterable(in);
        budget.chargeNodes(in.size());
        boolean texts = in.size() > 1;
        boolean arrays = in.size() > 1;
        for (JsonNode element : in) {
            texts &= element.isTextual();
            arrays &= element.isArray();
        }
        if (texts) {
            StringBuilder all = new StringBuilder();
            for (JsonNode element : in) {
                all.append(element.textValue());
                if (all.length() > Budget.MOST_CHARACTERS) {
                    break;
                }
            }
            budget.chargeText(all.length());
            return TextNode.valueOf(all.toString());
        }
        if (arrays) {
            ArrayNode all = NODES.arrayNode();
            for (JsonNode element : in) {
                budget.chargeNodes(element.size());
                element.forEach(all::add);
            }
            return all;
        }
        JsonNode sum = NullNode.getInstance();
        for (JsonNode element : in) {
            sum = arithmetic.plus(sum, element);
        }
        return sum;
    }

    private JsonNode flattened(JsonNode in, JsonNode depth) throws JqError {
        checkIterable(in);
        ArrayNode flat = NODES.arrayNode();
        flatten(in, depth.doubleValue(), flat);
        return flat;
    }

    private void flatten(JsonNode in, double depth, ArrayNode flat) {
        budget.enter();
        for (JsonNode element : in) {
            budget.chargeNodes(1);
            if (element.isArray() && depth != 0) {
                flatten(element, depth - 1, flat);
            } else {
                flat.add(element);
            }
        }
        budget.leave();
    }

    private JsonNode indices(JsonNode in, JsonNode searched) throws JqError {
        if (in.isArray() && !searched.isArray()) {
            return Access.get(in, NODES.arrayNode().add(searched), budget);
        }
        if (in.isTextual() && searched.isTextual()) {
            return Texts.indexes(in.textValue(), searched.textValue(), budget);
        }
        return Access.get(in, searched, budget);
    }

    /** {@code [.[length - 1 - range(0; length)]]}: of nothing an empty array. */
    private JsonNode reversed(JsonNode in) throws JqError {
        double length = length(in).doubleValue();
        ArrayNode reversed = NODES.arrayNode();
        for (double i = length - 1; i >= 0 && length > 0; i--) {
            budget.chargeNodes(1);
            reversed.add(Access.get(in, DoubleNode.valueOf(i), budget));
        }
        return reversed;
    }

    // In order ------------------------------------------------------------------------------------

    private void addOrders() {
        functions.put(
                "sort/0",
                (in, none) -> {
                    if (!in.isArray()) {
                        throw JqError.of(in, "cannot be sorted, as it is not an array");
                    }
                    return NODES.arrayNode().addAll(values(sorted(in, in)));
                });
        functions.put(
                "_sort_by/1", (in, keys) -> NODES.arrayNode().addAll(values(sorted(in, keys[0]))));
        functions.put("_group_by/1", (in, keys) -> grouped(in, keys[0]));
        functions.put("min/0", (in, none) -> least(in, in, true));
        functions.put("max/0", (in, none) -> least(in, in, false));
        functions.put("_min_by/1", (in, keys) -> least(in, keys[0], true));
        functions.put("_max_by/1", (in, keys) -> least(in, keys[0], false));
    }

    private record Keyed(JsonNode key, JsonNode value) {}

    private List<Keyed> sorted(JsonNode in, JsonNode keys) throws JqError {
        if (!in.isArray() || in.size() != keys.size()) {
            throw JqError.of(in, keys, "cannot be sorted, as they are not both arrays");
        }
        budget.chargeSorting(in.size());
        List<Keyed> all = new ArrayList<>(in.size());
        for (int i = 0; i < in.size(); i++) {
            all.add(new Keyed(keys.get(i), in.get(i)));
        }
        all.sort((a, b) -> order.compareForSorting(a.key(), b.key()));
        return all;
    }

    private static List<JsonNode> values(List<Keyed> all) {
        return all.stream().map(Keyed::value).toList();
    }

    private JsonNode grouped(JsonNode in, JsonNode keys) throws JqError {
        ArrayNode groups = NODES.arrayNode();
        JsonNode key = null;
        ArrayNode group = null;
        for (Keyed keyed : sorted(in, keys)) {
            if (group == null || !order.equal(key, keyed.key())) {
                key = keyed.key();
                group = groups.addArray();
            }
            group.add(keyed.value());
        }
        return groups;
    }

    /** Of several that are alike, the first least or the last greatest. */
    private JsonNode least(JsonNode in, JsonNode keys, boolean isLeast) throws JqError {
        if (!in.isArray() || !keys.isArray()) {
            throw JqError.of(in, keys, "cannot be iterated over");
        }
        if (in.size() != keys.size()) {
            throw JqError.of(in, keys, "have wrong length");
        }
        if (in.isEmpty()) {
            return NullNode.getInstance();
        }
        int found = 0;
        for (int i = 1; i < in.size(); i++) {
            if (order.compare(keys.get(i), keys.get(found)) < 0 == isLeast) {
                found = i;
            }
        }
        return in.get(found);
    }
}

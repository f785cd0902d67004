package io.delivery.jq.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.delivery.jq.expression.Calls.Values;
import io.delivery.jq.regex.Regex;
import io.delivery.jq.value.Arithmetic;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import io.delivery.jq.value.Order;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Functions of regular expressions. */
final class RegexFunctions {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Budget budget;
    private final JqRegex regexes;
    private final Map<String, Values> functions = new HashMap<>();

    private RegexFunctions(Budget budget, JqRegex regexes) {
        this.budget = budget;
        this.regexes = regexes;
    }

    /** By name and number of arguments; names that begin with _ are for definitions only. */
    static Map<String, Values> all(Budget budget, JqRegex regexes) {
        RegexFunctions all = new RegexFunctions(budget, regexes);
        all.add();
        return all.functions;
    }

    private void add() {
        functions.put("test/2", (in, values) -> test(in, values[0], values[1]));
        functions.put("test/1", (in, values) -> test(in, pattern(values[0]), flags(values[0])));
        functions.put("_match/2", (in, values) -> matches(in, values[0], values[1]));
        functions.put(
                "_match/1", (in, values) -> matches(in, pattern(values[0]), flags(values[0])));
        functions.put("_captures/0", (in, none) -> captures(in));
        functions.put("split/2", (in, values) -> split(in, values[0], values[1]));
    }

    /** An array has a pattern and, it may be, its flags. */
    static JsonNode pattern(JsonNode value) throws JqError {
        if (value.isTextual()) {
            return value;
        }
        if (!value.isArray() || value.isEmpty()) {
            throw new JqError(Order.kind(value) + " not a string or array");
        }
        return value.get(0);
    }

    static JsonNode flags(JsonNode value) {
        return value.isArray() && value.size() > 1 ? value.get(1) : NullNode.getInstance();
    }

    static JsonNode withoutGlobal(JsonNode flags) {
        return flags.isTextual() ? TextNode.valueOf(flags.textValue().replace("g", "")) : flags;
    }

    private JsonNode test(JsonNode in, JsonNode pattern, JsonNode flags) throws JqError {
        JqRegex.Search search = regexes.search(in, pattern, flags, "");
        return BooleanNode.valueOf(search.next() != null);
    }

    /** Objects with offset, length, string and captures, in code points. */
    private JsonNode matches(JsonNode in, JsonNode pattern, JsonNode flags) throws JqError {
        JqRegex.Search search = regexes.search(in, pattern, flags, "");
        ArrayNode matches = NODES.arrayNode();
        for (Regex.Match match = search.next(); match != null; match = search.next()) {
            matches.add(described(search, match));
        }
        return matches;
    }

    private ObjectNode described(JqRegex.Search search, Regex.Match match) {
        budget.chargeNodes(4L + 4L * match.groups());
        ObjectNode object = NODES.objectNode();
        object.set("offset", Arithmetic.integer(search.codePointsBefore(match.begin(0))));
        object.set("length", Arithmetic.integer(search.codePoints(match, 0)));
        object.put("string", search.text(match, 0));
        ArrayNode captures = object.putArray("captures");
        // A match of nothing has no captures: f_match of jq 1.6.
        for (int group = 1; group < match.groups() && !match.isEmpty(0); group++) {
            ObjectNode capture = captures.addObject();
            boolean tookPart = match.tookPart(group);
            int offset = tookPart ? search.codePointsBefore(match.begin(group)) : -1;
            capture.set("offset", Arithmetic.integer(offset));
            if (match.isEmpty(group)) {
                // The members of an empty capture are set in another order there.
                capture.put("string", tookPart ? "" : null);
                capture.set("length", Arithmetic.integer(0));
            } else {
                capture.set("length", Arithmetic.integer(search.codePoints(match, group)));
                capture.put("string", search.text(match, group));
            }
            capture.put("name", search.name(group));
        }
        return object;
    }

    /** Of a match, its named groups. */
    private static ObjectNode captures(JsonNode match) {
        ObjectNode captures = NODES.objectNode();
        for (JsonNode capture : match.path("captures")) {
            if (!capture.path("name").isNull()) {
                captures.set(capture.get("name").textValue(), capture.get("string"));
            }
        }
        return captures;
    }

    /** The text between the matches. */
    private JsonNode split(JsonNode in, JsonNode pattern, JsonNode flags) throws JqError {
        JqRegex.Search search = regexes.search(in, pattern, flags, "g");
        ArrayNode pieces = NODES.arrayNode();
        int from = 0;
        for (Regex.Match match = search.next(); match != null; match = search.next()) {
            budget.chargeNodes(1);
            pieces.add(search.text(from, match.begin(0)));
            from = match.end(0);
        }
        return pieces.add(search.text(from, search.length()));
    }

    /** A part of a text that is replaced: what stands before it, and its named groups. */
    record Replaced(String before, ObjectNode captures) {}

    /**
     * What is replaced, and the rest behind it. As in jq 1.6 every search begins anew behind the
     * match before, so that {@code ^} matches there.
     */
    String replaced(JsonNode in, JsonNode pattern, JsonNode flags, List<Replaced> parts)
            throws JqError {
        boolean isGlobal = flags.isTextual() && flags.textValue().indexOf('g') >= 0;
        JsonNode others = withoutGlobal(flags);
        JsonNode rest = in;
        do {
            JqRegex.Search search = regexes.search(rest, pattern, others, "");
            Regex.Match match = search.next();
            if (match == null) {
                break;
            }
            budget.step();
            ObjectNode captures = captures(described(search, match));
            parts.add(new Replaced(search.text(0, match.begin(0)), captures));
            rest = TextNode.valueOf(search.text(match.end(0), search.length()));
            budget.chargeCharacters(rest.textValue().length());
        } while (isGlobal && !rest.textValue().isEmpty());
        return rest.textValue();
    }

    static RegexFunctions of(Budget budget, JqRegex regexes) {
        return new RegexFunctions(budget, regexes);
    }
}

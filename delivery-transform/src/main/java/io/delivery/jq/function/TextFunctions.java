package io.delivery.jq.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.delivery.jq.expression.Calls.Values;
import io.delivery.jq.value.Arithmetic;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import io.delivery.jq.value.JqText;
import io.delivery.jq.value.JsonReader;
import io.delivery.jq.value.Texts;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Functions that take texts or make them. */
final class TextFunctions {
    private final Budget budget;
    private final Map<String, Values> functions = new HashMap<>();

    private TextFunctions(Budget budget) {
        this.budget = budget;
    }

    /** By name and number of arguments. */
    static Map<String, Values> all(Budget budget) {
        TextFunctions all = new TextFunctions(budget);
        all.addConversions();
        all.addParts();
        return all.functions;
    }

    private interface Made {
        String of(JsonNode in) throws JqError;
    }

    private void add(String name, Made made) {
        functions.put(
                name,
                (in, none) -> {
                    String text = made.of(in);
                    budget.chargeText(text.length());
                    return TextNode.valueOf(text);
                });
    }

    private void addConversions() {
        functions.put(
                "tostring/0",
                (in, none) -> in.isTextual() ? in : TextNode.valueOf(JqText.json(in, budget)));
        add("tojson/0", in -> JqText.json(in, budget));
        functions.put("fromjson/0", (in, none) -> parsed(in));
        functions.put("tonumber/0", (in, none) -> number(in));
        functions.put("explode/0", (in, none) -> exploded(in));
        add("implode/0", this::imploded);
        add("ascii_downcase/0", in -> mapAscii(in, 'A', 'Z', 'a' - 'A'));
        add("ascii_upcase/0", in -> mapAscii(in, 'a', 'z', 'A' - 'a'));
        functions.put(
                "utf8bytelength/0",
                (in, none) -> {
                    if (!in.isTextual()) {
                        throw JqError.of(in, "only strings have UTF-8 byte length");
                    }
                    budget.chargeCharacters(in.textValue().length());
                    return Arithmetic.integer(
                            in.textValue().getBytes(StandardCharsets.UTF_8).length);
                });
    }

    private JsonNode parsed(JsonNode in) throws JqError {
        if (!in.isTextual()) {
            throw JqError.of(in, "only strings can be parsed");
        }
        String text = in.textValue();
        budget.chargeText(text.length());
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        JsonReader reader = new JsonReader(bytes, 0, bytes.length);
        try {
            JsonNode value = reader.next();
            if (value == null) {
                throw notParsed("Expected JSON value", text);
            }
            budget.chargeWalk(value);
            if (reader.next() != null) {
                throw notParsed("Unexpected extra JSON values", text);
            }
            return value;
        } catch (JsonReader.NotJsonException notJson) {
            throw notParsed("Invalid JSON at byte " + notJson.place(), text);
        }
    }

    private static JqError notParsed(String problem, String text) {
        return new JqError(
                problem + " (while parsing '" + text + "')",
                "fromjson cannot read a string as JSON: " + problem);
    }

    private JsonNode number(JsonNode in) throws JqError {
        if (in.isNumber()) {
            return in;
        }
        if (!in.isTextual()) {
            throw JqError.of(in, "cannot be parsed as a number");
        }
        JsonNode parsed;
        try {
            parsed = parsed(in);
        } catch (JqError notJson) {
            throw notANumber(notJson);
        }
        if (!parsed.isNumber()) {
            throw notANumber(JqError.of(in, "cannot be parsed as a number"));
        }
        return parsed;
    }

    private static JqError notANumber(JqError why) {
        return new JqError(
                charged -> why.value(charged).textValue(),
                "tonumber cannot read a string as a number");
    }

    private JsonNode exploded(JsonNode in) throws JqError {
        if (!in.isTextual()) {
            throw new JqError("explode input must be a string");
        }
        budget.chargeNodes(in.textValue().length());
        ArrayNode points = JsonNodeFactory.instance.arrayNode();
        in.textValue().codePoints().forEach(point -> points.add(Arithmetic.integer(point)));
        return points;
    }

    /** What is beyond Unicode, or half of a surrogate pair, becomes U+FFFD. */
    private String imploded(JsonNode in) throws JqError {
        if (!in.isArray()) {
            throw new JqError("implode input must be an array");
        }
        budget.chargeNodes(in.size());
        StringBuilder text = new StringBuilder();
        for (JsonNode element : in) {
            if (!element.isNumber()) {
                throw new JqError("implode takes code points");
            }
            int point = (int) element.doubleValue();
            boolean isCharacter =
                    Character.isValidCodePoint(point)
                            && !(point >= Character.MIN_SURROGATE
                                    && point <= Character.MAX_SURROGATE);
            text.appendCodePoint(isCharacter ? point : 0xFFFD);
        }
        return text.toString();
    }

    private static String mapAscii(JsonNode in, char from, char to, int distance) throws JqError {
        if (!in.isTextual()) {
            throw new JqError("explode input must be a string");
        }
        char[] characters = in.textValue().toCharArray();
        for (int i = 0; i < characters.length; i++) {
            if (characters[i] >= from && characters[i] <= to) {
                characters[i] += (char) distance;
            }
        }
        return new String(characters);
    }

    private void addParts() {
        functions.put(
                "startswith/1",
                (in, values) -> BooleanNode.valueOf(startsWith(in, values[0], "startswith() ")));
        functions.put(
                "endswith/1",
                (in, values) -> BooleanNode.valueOf(endsWith(in, values[0], "endswith() ")));
        functions.put("ltrimstr/1", (in, values) -> withoutStart(in, values[0]));
        functions.put("rtrimstr/1", (in, values) -> withoutEnd(in, values[0]));
        functions.put(
                "split/1",
                (in, values) -> {
                    if (!in.isTextual() || !values[0].isTextual()) {
                        throw new JqError("split input and separator must be strings");
                    }
                    return Texts.split(in.textValue(), values[0].textValue(), budget);
                });
        functions.put("join/1", (in, values) -> joined(in, values[0]));
    }

    private boolean startsWith(JsonNode in, JsonNode part, String function) throws JqError {
        checkTexts(in, part, function);
        return starts(in.textValue(), part.textValue());
    }

    private boolean endsWith(JsonNode in, JsonNode part, String function) throws JqError {
        checkTexts(in, part, function);
        return ends(in.textValue(), part.textValue());
    }

    private boolean starts(String text, String part) {
        budget.chargeCharacters(Math.min(text.length(), part.length()));
        return text.startsWith(part);
    }

    private boolean ends(String text, String part) {
        budget.chargeCharacters(Math.min(text.length(), part.length()));
        return text.endsWith(part);
    }

    private static void checkTexts(JsonNode in, JsonNode part, String function) throws JqError {
        if (!in.isTextual() || !part.isTextual()) {
            throw new JqError(function + "requires string inputs");
        }
    }

    /** What is no text, or does not begin so, stays what it is. */
    private JsonNode withoutStart(JsonNode in, JsonNode part) {
        if (!in.isTextual() || !part.isTextual() || !starts(in.textValue(), part.textValue())) {
            return in;
        }
        budget.chargeCharacters(in.textValue().length());
        return TextNode.valueOf(in.textValue().substring(part.textValue().length()));
    }

    private JsonNode withoutEnd(JsonNode in, JsonNode part) {
        if (!in.isTextual() || !part.isTextual() || !ends(in.textValue(), part.textValue())) {
            return in;
        }
        String text = in.textValue();
        budget.chargeCharacters(text.length());
        return TextNode.valueOf(text.substring(0, text.length() - part.textValue().length()));
    }

    /**
     * Numbers and booleans become texts, null an empty one, and the separator is looked at only
     * when there is something to separate, as in jq's own definition.
     */
    private JsonNode joined(JsonNode in, JsonNode separator) throws JqError {
        ArrayFunctions.checkIterable(in);
        StringBuilder joined = new StringBuilder();
        boolean isFirst = true;
        for (JsonNode element : in) {
            budget.chargeNodes(1);
            if (!isFirst) {
                append(separator, joined);
            }
            isFirst = false;
            boolean isScalar = element.isNumber() || element.isBoolean();
            append(isScalar ? TextNode.valueOf(JqText.json(element, budget)) : element, joined);
        }
        budget.chargeText(joined.length());
        return TextNode.valueOf(joined.toString());
    }

    private void append(JsonNode part, StringBuilder joined) throws JqError {
        if (part.isTextual()) {
            joined.append(part.textValue());
            // All of it is charged at the end.
            if (joined.length() > Budget.MOST_CHARACTERS) {
                budget.chargeText(joined.length());
            }
        } else if (!part.isNull()) {
            budget.chargeText(joined.length());
            throw JqError.of(TextNode.valueOf(joined.toString()), part, "cannot be added");
        }
    }
}

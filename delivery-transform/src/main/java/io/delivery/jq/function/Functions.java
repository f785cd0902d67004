package io.delivery.jq.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.delivery.jq.date.JqDates;
import io.delivery.jq.expression.Calls;
import io.delivery.jq.expression.Calls.Values;
import io.delivery.jq.expression.Constructions.Format;
import io.delivery.jq.expression.Control;
import io.delivery.jq.expression.Expression;
import io.delivery.jq.expression.Loops;
import io.delivery.jq.expression.Paths;
import io.delivery.jq.value.Arithmetic;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every function that a program may call without having defined it, by name and arity. */
public final class Functions {
    /** What would make a key depend on more than its record. */
    private static final Set<String> REFUSED =
            Set.of(
                    "now/0",
                    "localtime/0",
                    "strflocaltime/1",
                    "input/0",
                    "inputs/0",
                    "debug/0",
                    "stderr/0",
                    "input_filename/0",
                    "input_line_number/0",
                    "env/0",
                    "halt/0",
                    "halt_error/0",
                    "halt_error/1",
                    "builtins/0",
                    "get_search_list/0",
                    "get_prog_origin/0",
                    "get_jq_origin/0",
                    "modulemeta/0");

    /** Of jq 1.6, but not of ours. */
    private static final Set<String> NOT_SUPPORTED =
            Set.of("j0/0", "j1/0", "jn/2", "y0/0", "y1/0", "yn/2", "erf/0", "erfc/0");

    private static final Pattern DEFINITION =
            Pattern.compile("def (\\w+)(?:\\(([^)]*)\\))?:\\s*(.*);\\s*", Pattern.DOTALL);

    private static final Map<String, Written> WRITTEN = read();

    private final Budget budget;
    private final Map<String, Values> ofValues = new HashMap<>();
    private final Map<String, Special> special = new HashMap<>();
    private final JqFormats formats;

    /** A function that is written in jq. */
    public record Written(List<String> parameters, String body) {}

    /** Makes a call that takes its arguments as expressions. */
    private interface Special {
        Expression call(List<Expression> arguments);
    }

    public Functions(Budget budget) {
        this.budget = budget;
        this.formats = new JqFormats(budget);
        JqRegex regexes = new JqRegex(budget);
        ofValues.putAll(ArrayFunctions.all(budget));
        ofValues.putAll(TextFunctions.all(budget));
        ofValues.putAll(MathFunctions.all());
        ofValues.putAll(RegexFunctions.all(budget, regexes));
        addDatesAndFormats();
        addSpecial();
        addSubstitutions(RegexFunctions.of(budget, regexes));
    }

    /** Whether the name is one of jq's that must not be used, e.g. {@code now/0}. */
    public static boolean isRefused(String nameAndArity) {
        return REFUSED.contains(nameAndArity);
    }

    /** Whether the name is one of jq's that is missing. */
    public static boolean isNotSupported(String nameAndArity) {
        return NOT_SUPPORTED.contains(nameAndArity);
    }

    /** A call of a function that is not written in jq, when there is one of that name. */
    public Optional<Expression> call(String name, List<Expression> arguments) {
        String nameAndArity = name + "/" + arguments.size();
        Values values = ofValues.get(nameAndArity);
        if (values != null) {
            return Optional.of(
                    new Calls.OfValues(values, Results.of(nameAndArity), arguments, budget));
        }
        return Optional.ofNullable(special.get(nameAndArity)).map(made -> made.call(arguments));
    }

    /** A function that is written in jq, when there is one of that name. */
    public static Optional<Written> written(String nameAndArity) {
        return Optional.ofNullable(WRITTEN.get(nameAndArity));
    }

    /** A format, e.g. {@code csv}, when there is one of that name. */
    public Optional<Format> format(String name) {
        return Optional.ofNullable(formats.of(name));
    }

    private void addDatesAndFormats() {
        ofValues.put("gmtime/0", (in, none) -> JqDates.brokenDown(in));
        ofValues.put("mktime/0", (in, none) -> Arithmetic.integer(JqDates.seconds(in)));
        ofValues.put(
                "strftime/1",
                (in, values) -> TextNode.valueOf(JqDates.format(in, values[0], budget)));
        ofValues.put("strptime/1", (in, values) -> JqDates.parse(in, values[0], budget));
        ofValues.put(
                "format/1",
                (in, values) -> {
                    if (!values[0].isTextual()) {
                        throw JqError.of(values[0], "is not a valid format");
                    }
                    Format format = formats.of(values[0].textValue());
                    if (format == null) {
                        budget.chargeText(values[0].textValue().length());
                        throw new JqError(
                                values[0].textValue() + " is not a valid format",
                                "not a valid format");
                    }
                    return TextNode.valueOf(format.of(in));
                });
    }

    private void addSpecial() {
        special.put("empty/0", none -> new Control.Nothing(budget));
        special.put("error/1", all -> new Control.Raise(all.get(0), budget));
        special.put("path/1", all -> new Paths.Of(all.get(0), budget));
        special.put("getpath/1", all -> new Paths.Get(all.get(0), budget));
        special.put("del/1", all -> new Paths.Delete(all.get(0), budget));
        special.put("recurse/1", all -> new Loops.Recurse(all.get(0), budget));
        special.put("repeat/1", all -> new Loops.Repeat(all.get(0), budget));
        special.put("while/2", all -> new Loops.While(all.get(0), all.get(1), budget));
        special.put("until/2", all -> new Loops.Until(all.get(0), all.get(1), budget));
        special.put("range/2", all -> new Loops.Range(all.get(0), all.get(1), budget));
        special.put(
                "range/3", all -> new Loops.RangeBy(all.get(0), all.get(1), all.get(2), budget));
    }

    private void addSubstitutions(RegexFunctions regexes) {
        Arithmetic arithmetic = new Arithmetic(budget);
        TextNode global = TextNode.valueOf("g");
        // Of sub/2 alone, an array may have a pattern and its flags; of these g does nothing.
        Values first =
                (in, values) ->
                        both(
                                RegexFunctions.pattern(values[0]),
                                RegexFunctions.withoutGlobal(RegexFunctions.flags(values[0])));
        Values all = (in, values) -> both(values[0], global);
        Values flagged = (in, values) -> both(values[1], values[0]);
        Values allFlagged = (in, values) -> both(values[1], arithmetic.plus(values[0], global));
        addSubstitution("sub/2", first, regexes);
        addSubstitution("gsub/2", all, regexes);
        addSubstitution("sub/3", flagged, regexes);
        addSubstitution("gsub/3", allFlagged, regexes);
    }

    private static JsonNode both(JsonNode pattern, JsonNode flags) {
        return JsonNodeFactory.instance.arrayNode().add(pattern).add(flags);
    }

    /** The arguments are pattern, replacement and flags; the pattern changes the slowest. */
    private void addSubstitution(String name, Values patternAndFlags, RegexFunctions regexes) {
        special.put(
                name,
                all -> {
                    List<Expression> arguments =
                            all.size() == 2 ? List.of(all.get(0)) : List.of(all.get(2), all.get(0));
                    Calls.OfValues both = new Calls.OfValues(patternAndFlags, arguments, budget);
                    return new Substitution(both, all.get(1), regexes, budget);
                });
    }

    // Written in jq -------------------------------------------------------------------------------

    private static Map<String, Written> read() {
        Map<String, Written> all = new TreeMap<>();
        for (String paragraph : text().split("\n\n")) {
            Matcher definition = DEFINITION.matcher(paragraph);
            if (definition.matches()) {
                List<String> parameters =
                        definition.group(2) == null
                                ? List.of()
                                : Arrays.asList(definition.group(2).split("; "));
                String nameAndArity = definition.group(1) + "/" + parameters.size();
                all.put(nameAndArity, new Written(parameters, definition.group(3)));
            } else if (!paragraph.startsWith("#")) {
                throw new IllegalStateException("not a definition: " + paragraph);
            }
        }
        return all;
    }

    private static String text() {
        try (InputStream definitions = Functions.class.getResourceAsStream("definitions.jq")) {
            return new String(definitions.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException notThere) {
            throw new IllegalStateException(notThere);
        }
    }
}

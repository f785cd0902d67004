package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Version;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.internal.JsonQueryFunction;
import net.thisptr.jackson.jq.path.Path;

/**
 * Every function that a program may call: some of jackson-jq's, weighed; ours, where its are not
 * jq's, grow without a bound or recurse where a loop does; and those that jq itself defines in jq.
 */
final class JqFunctions {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

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
                    "get_search_list/0",
                    "modulemeta/0");

    /** Taken from jackson-jq; what they cost does not depend on the size of their values. */
    private static final List<String> LIGHT =
            List.of(
                    "empty/0",
                    "error/1",
                    "not/0",
                    "type/0",
                    "length/0",
                    "path/1",
                    "range/1",
                    "range/2",
                    "range/3",
                    "has/1",
                    "getpath/1",
                    "infinite/0",
                    "nan/0",
                    "isinfinite/0",
                    "isnan/0",
                    "isnormal/0",
                    "acos/0",
                    "asin/0",
                    "atan/0",
                    "atan2/2",
                    "cbrt/0",
                    "cos/0",
                    "cosh/0",
                    "exp/0",
                    "exp10/0",
                    "exp2/0",
                    "expm1/0",
                    "log/0",
                    "log10/0",
                    "log1p/0",
                    "log2/0",
                    "pow/2",
                    "sin/0",
                    "sinh/0",
                    "sqrt/0",
                    "tan/0",
                    "tanh/0");

    /** Taken from jackson-jq; they look at all of their values. */
    private static final List<String> HEAVY =
            List.of(
                    "contains/1",
                    "delpaths/1",
                    "endswith/1",
                    "explode/0",
                    "from_entries/0",
                    "fromjson/0",
                    "group_by/1",
                    "index/1",
                    "indices/1",
                    "keys/0",
                    "keys_unsorted/0",
                    "ltrimstr/1",
                    "max_by/1",
                    "min_by/1",
                    "reverse/0",
                    "rindex/1",
                    "rtrimstr/1",
                    "sort_by/1",
                    "split/1",
                    "startswith/1",
                    "to_entries/0",
                    "tonumber/0",
                    "utf8bytelength/0");

    /** Name, parameters and body, as the jq 1.6 manual describes them. */
    private static final String[][] IN_JQ = {
        {"error", "error(.)"},
        {"map f", "[.[] | f]"},
        {"select f", "if f then . else empty end"},
        {"recurse", "recurse(.[]?)"},
        {"recurse f cond", "recurse(f | select(cond))"},
        {"recurse_down", "recurse"},
        {"values", "select(. != null)"},
        {"nulls", "select(. == null)"},
        {"booleans", "select(type == \"boolean\")"},
        {"numbers", "select(type == \"number\")"},
        {"strings", "select(type == \"string\")"},
        {"arrays", "select(type == \"array\")"},
        {"objects", "select(type == \"object\")"},
        {"iterables", "select(type | . == \"array\" or . == \"object\")"},
        {"scalars", "select(type | . != \"array\" and . != \"object\")"},
        {"isfinite", "type == \"number\" and (isinfinite | not)"},
        {"finites", "select(isfinite)"},
        {"normals", "select(isnormal)"},
        {"first f", "label $out | f | ., break $out"},
        {"first", ".[0]"},
        {"last f", "reduce f as $x (null; $x)"},
        {"last", ".[-1]"},
        {"nth $n", ".[$n]"},
        {
            "nth $n f",
            "if $n < 0 then error(\"nth doesn't support negative indices\")"
                    + " else last(limit($n + 1; f)) end"
        },
        {
            "limit $n f",
            "if $n < 0 then f else label $out | foreach f as $x (0; . + 1;"
                    + " $x, if . >= $n then break $out else empty end) end"
        },
        {"isempty f", "first((f | false), true)"},
        {"any f cond", "isempty(first(f | cond | select(.))) | not"},
        {"any f", "any(.[]; f)"},
        {"any", "any(.)"},
        {"all f cond", "isempty(first(f | cond | select(. | not)))"},
        {"all f", "all(.[]; f)"},
        {"all", "all(.)"},
        {"in xs", ". as $x | xs | has($x)"},
        {"inside xs", ". as $x | xs | contains($x)"},
        {"with_entries f", "to_entries | map(f) | from_entries"},
        {"map_values f", ".[] |= f"},
        {"del f", "delpaths([path(f)])"},
        {"paths", "path(..) | select(length > 0)"},
        {"paths f", ". as $in | paths | select(. as $p | $in | getpath($p) | f)"},
        {"leaf_paths", "paths(scalars)"},
        {"sort", "sort_by(.)"},
        {"unique_by f", "[group_by(f)[] | .[0]]"},
        {"unique", "unique_by(.)"},
        {"min", "min_by(.)"},
        {"max", "max_by(.)"},
        {"flatten", "_flatten(1000000000)"},
        {
            "flatten $depth",
            "if $depth < 0 then error(\"flatten depth must not be negative\")"
                    + " else _flatten($depth) end"
        },
        {"transpose", "(map(length) | max // 0) as $n | [range(0; $n) as $i | [.[][$i]]]"},
        {
            "combinations",
            "if length == 0 then [] else"
                    + " .[0][] as $x | (.[1:] | combinations) as $w | [$x] + $w end"
        },
        {"combinations n", ". as $in | [range(n) | $in] | combinations"},
        {
            "walk f",
            "if type == \"object\" then with_entries(.value |= walk(f)) | f"
                    + " elif type == \"array\" then map(walk(f)) | f else f end"
        },
        {
            "tostream",
            "path(def r: (.[]? | r), .; r) as $p | getpath($p)"
                    + " | reduce path(.[]?) as $q ([$p, .]; [$p + $q])"
        },
        {"IN s", "any(s == .; .)"},
        {"IN f s", "any(f == s; .)"},
        {"INDEX f key", "reduce f as $row ({}; .[$row | key | tostring] |= $row)"},
        {"INDEX key", "INDEX(.[]; key)"},
        {"test re flags", "_match(re; flags; true)"},
        {"test $re", "_pattern($re) as [$p, $flags] | test($p; $flags)"},
        {"match re flags", "_match(re; flags; false) | .[]"},
        {"match $re", "_pattern($re) as [$p, $flags] | match($p; $flags)"},
        {
            "capture re flags",
            "match(re; flags) | [.captures[] | select(.name != null)"
                    + " | {key: .name, value: .string}] | from_entries"
        },
        {"capture $re", "_pattern($re) as [$p, $flags] | capture($p; $flags)"},
        {
            "scan $re",
            "match($re; \"g\") | if (.captures | length) > 0"
                    + " then [.captures[] | .string] else .string end"
        },
        {"splits $re flags", "split($re; flags) | .[]"},
        {"splits $re", "splits($re; null)"},
        {"sub re s", "sub(re; s; null)"},
        {"gsub re s", "gsub(re; s; null)"},
        {"_pattern $re", "if $re | type == \"array\" then [$re[0], $re[1]] else [$re, null] end"},
        {"todateiso8601", "strftime(\"%Y-%m-%dT%H:%M:%SZ\")"},
        {"fromdateiso8601", "strptime(\"%Y-%m-%dT%H:%M:%SZ\") | mktime"},
        {"todate", "todateiso8601"},
        {"fromdate", "fromdateiso8601"},
        {"date", "todate"},
        {"dateadd u n", ". + n"},
        {"datesub u n", ". - n"},
        {"@text", "tostring"},
        {"@json", "tojson"},
    };

    private final Budget budget;
    private final JqRegex regex;
    private final Map<String, Function> functions = new HashMap<>();
    private final Scope scope = Scope.newEmptyScope();

    JqFunctions(Budget budget) throws JqSyntaxException {
        this.budget = budget;
        this.regex = new JqRegex(budget);
        addOfJacksonJq();
        addLoops();
        addOurs();
        addRegexes();
        addDates();
        addInJq();
    }

    /** Whether the name is one of jq's that must not be used, e.g. {@code now/0}. */
    static boolean isRefused(String nameAndArity) {
        return REFUSED.contains(nameAndArity);
    }

    /** Null when there is none of that name and arity; names that begin with _ are for us only. */
    Function function(String nameAndArity) {
        return functions.get(nameAndArity);
    }

    private void addOfJacksonJq() {
        Map<String, Function> theirs =
                BuiltinFunctionLoader.getInstance()
                        .loadFunctionsFromServiceLoader(
                                Function.class.getClassLoader(), Versions.JQ_1_6);
        LIGHT.forEach(name -> functions.put(name, theirs.get(name)));
        HEAVY.forEach(name -> functions.put(name, new Weighed(theirs.get(name), budget)));
        functions.put("setpath/2", new Weighed(filling(theirs.get("setpath/2")), budget));
    }

    /** {@code setpath}, which fills arrays up to the indexes of its path. */
    private Function filling(Function setpath) {
        return (scope, arguments, in, path, out, version) -> {
            Expression counted =
                    (scope2, in2, path2, out2, requirePath) ->
                            arguments
                                    .get(0)
                                    .apply(
                                            scope2,
                                            in2,
                                            path2,
                                            (value, valuePath) -> {
                                                budget.chargeFill(in, value);
                                                out2.emit(value, valuePath);
                                            },
                                            requirePath);
            setpath.apply(scope, List.of(counted, arguments.get(1)), in, path, out, version);
        };
    }

    /** One of jackson-jq's functions that looks at all of its values. */
    private record Weighed(Function function, Budget budget) implements Function {
        @Override
        public void apply(
                Scope scope,
                List<Expression> arguments,
                JsonNode in,
                Path path,
                PathOutput out,
                Version version)
                throws JsonQueryException {
            budget.chargeWeight(in);
            List<Expression> weighed = new ArrayList<>(arguments.size());
            for (Expression argument : arguments) {
                weighed.add(new WeighedArgument(argument, budget));
            }
            function.apply(
                    scope,
                    weighed,
                    in,
                    path,
                    (value, valuePath) -> {
                        if (value.isTextual()) {
                            budget.checkLength(value.textValue().length());
                        }
                        budget.chargeSize(value); // more nodes than its input, of explode
                        out.emit(value, valuePath);
                    },
                    version);
        }
    }

    private record WeighedArgument(Expression argument, Budget budget) implements Expression {
        @Override
        public void apply(Scope scope, JsonNode in, Path path, PathOutput out, boolean requirePath)
                throws JsonQueryException {
            argument.apply(
                    scope,
                    in,
                    path,
                    (value, valuePath) -> {
                        budget.chargeWeight(value);
                        budget.chargePairs(in, value);
                        // An element of a path, if this is one.
                        for (JsonNode element : value) {
                            budget.checkIndex(element);
                        }
                        out.emit(value, valuePath);
                    },
                    requirePath);
        }
    }

    // Ours ----------------------------------------------------------------------------------------

    /** A function of its input alone, with one result. */
    private interface Simple {
        JsonNode of(JsonNode in) throws JsonQueryException;
    }

    private interface SimpleText {
        String of(JsonNode in) throws JsonQueryException;
    }

    /**
     * A function of its input and its arguments, with one result for each of their combinations.
     */
    private interface Several {
        JsonNode of(JsonNode in, JsonNode[] arguments) throws JsonQueryException;
    }

    private void add(String name, Simple simple) {
        functions.put(
                name,
                (scope, arguments, in, path, out, version) -> {
                    budget.chargeWeight(in);
                    out.emit(simple.of(in), null);
                });
    }

    private void addText(String name, SimpleText simple) {
        add(
                name,
                in -> {
                    String text = simple.of(in);
                    budget.checkLength(text.length());
                    return TextNode.valueOf(text);
                });
    }

    private void addSeveral(String name, Several several) {
        functions.put(
                name,
                (scope, arguments, in, path, out, version) ->
                        forEach(
                                scope,
                                arguments,
                                in,
                                arguments.size() - 1,
                                new JsonNode[arguments.size()],
                                values -> out.emit(several.of(in, values), null)));
    }

    private interface Combination {
        void take(JsonNode[] values) throws JsonQueryException;
    }

    private void forEach(
            Scope scope,
            List<Expression> arguments,
            JsonNode in,
            int index,
            JsonNode[] values,
            Combination combination)
            throws JsonQueryException {
        if (index < 0) {
            budget.chargeWeight(in);
            combination.take(values);
            return;
        }
        arguments
                .get(index)
                .apply(
                        scope,
                        in,
                        null,
                        (value, path) -> {
                            values[index] = value;
                            forEach(scope, arguments, in, index - 1, values, combination);
                        },
                        false);
    }

    private void addOurs() {
        addText("tostring/0", JqText::text);
        addText("tojson/0", JqText::json);
        addText("@csv/0", JqFormats::csv);
        addText("@tsv/0", JqFormats::tsv);
        addText("@sh/0", JqFormats::shell);
        addText("@html/0", JqFormats::html);
        addText("@uri/0", JqFormats::uri);
        addText("@base64/0", JqFormats::base64);
        addText("@base64d/0", JqFormats::base64Decoded);
        addText("ascii_downcase/0", in -> mapAscii(in, 'A', 'Z', 'a' - 'A'));
        addText("ascii_upcase/0", in -> mapAscii(in, 'a', 'z', 'A' - 'a'));
        addText("implode/0", JqFunctions::implode);
        add("add/0", this::sum);
        addSeveral("join/1", (in, arguments) -> join(in, arguments[0]));
        addSeveral("_flatten/1", (in, arguments) -> flatten(in, arguments[0].asInt()));
        add("floor/0", in -> rounded(in, Math::floor));
        add("ceil/0", in -> rounded(in, Math::ceil));
        add("trunc/0", in -> rounded(in, a -> a < 0 ? Math.ceil(a) : Math.floor(a)));
        add("rint/0", in -> rounded(in, Math::rint));
        add("nearbyint/0", in -> rounded(in, Math::rint));
        add("fabs/0", in -> rounded(in, Math::abs));
        // Half away from zero, as C's.
        add("round/0", in -> rounded(in, a -> Math.signum(a) * Math.floor(Math.abs(a) + 0.5)));
    }

    private static String mapAscii(JsonNode in, char from, char to, int distance)
            throws JsonQueryException {
        if (!in.isTextual()) {
            throw new JsonQueryException("explode input must be a string");
        }
        char[] characters = in.textValue().toCharArray();
        for (int i = 0; i < characters.length; i++) {
            if (characters[i] >= from && characters[i] <= to) {
                characters[i] += (char) distance;
            }
        }
        return new String(characters);
    }

    /** Surrogates are no characters: each becomes U+FFFD, as in jq 1.7. */
    private static String implode(JsonNode in) throws JsonQueryException {
        if (!in.isArray()) {
            throw new JsonQueryException("implode input must be an array");
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode element : in) {
            double point = element.isNumber() ? element.asDouble() : -1;
            if (point < 0 || point > Character.MAX_CODE_POINT) {
                throw new JsonQueryException("implode takes code points from 0 to 1114111");
            }
            boolean surrogate =
                    point >= Character.MIN_SURROGATE && point < Character.MAX_SURROGATE + 1;
            text.appendCodePoint(surrogate ? 0xFFFD : (int) point);
        }
        return text.toString();
    }

    private static JsonNode rounded(JsonNode in, java.util.function.DoubleUnaryOperator rounding)
            throws JsonQueryException {
        if (!in.isNumber()) {
            throw new JsonQueryException("the value is not a number");
        }
        if (in.isIntegralNumber() && in.asDouble() == rounding.applyAsDouble(in.asDouble())) {
            return in;
        }
        return DoubleNode.valueOf(rounding.applyAsDouble(in.asDouble()));
    }

    /** In one pass for texts and arrays, which jq's own definition copies again and again. */
    private JsonNode sum(JsonNode in) throws JsonQueryException {
        if (!in.isContainerNode()) {
            throw new JsonQueryException("Cannot iterate over the value");
        }
        boolean texts = in.size() > 0;
        boolean arrays = in.size() > 0;
        for (JsonNode element : in) {
            texts &= element.isTextual();
            arrays &= element.isArray();
        }
        if (texts) {
            StringBuilder all = new StringBuilder();
            for (JsonNode element : in) {
                all.append(element.textValue());
                budget.checkLength(all.length());
            }
            return TextNode.valueOf(all.toString());
        }
        if (arrays) {
            ArrayNode all = NODES.arrayNode();
            in.forEach(element -> element.forEach(all::add));
            return all;
        }
        GuardedOperator plus = GuardedOperator.of("+", budget);
        JsonNode sum = NullNode.getInstance();
        for (JsonNode element : in) {
            sum = plus.apply(scope.getObjectMapper(), sum, element);
        }
        return sum;
    }

    private JsonNode join(JsonNode in, JsonNode separator) throws JsonQueryException {
        if (!in.isContainerNode()) {
            throw new JsonQueryException("Cannot iterate over the value");
        }
        if (!separator.isTextual() && in.size() > 0) {
            throw new JsonQueryException("the separator is not a string");
        }
        StringBuilder joined = new StringBuilder();
        boolean first = true;
        for (JsonNode element : in) {
            if (element.isContainerNode()) {
                throw new JsonQueryException("an array or object cannot be joined");
            }
            joined.append(first ? "" : separator.textValue());
            joined.append(element.isNull() ? "" : JqText.text(element));
            budget.checkLength(joined.length());
            first = false;
        }
        budget.chargeText(joined.length());
        return TextNode.valueOf(joined.toString());
    }

    private JsonNode flatten(JsonNode in, int depth) throws JsonQueryException {
        if (!in.isContainerNode()) {
            throw new JsonQueryException("Cannot iterate over the value");
        }
        ArrayNode flat = NODES.arrayNode();
        flatten(in, depth, flat);
        return flat;
    }

    private static void flatten(JsonNode in, int depth, ArrayNode flat) {
        for (JsonNode element : in) {
            if (element.isArray() && depth != 0) {
                flatten(element, depth - 1, flat);
            } else {
                flat.add(element);
            }
        }
    }

    // Loops ---------------------------------------------------------------------------------------

    private record Place(JsonNode value, Path path) {}

    private static List<Place> all(Expression expression, Scope scope, Place in)
            throws JsonQueryException {
        List<Place> all = new ArrayList<>(1);
        expression.apply(
                scope,
                in.value(),
                in.path(),
                (value, path) -> all.add(new Place(value, path)),
                false);
        return all;
    }

    private interface Loop {
        /**
         * One turn.
         *
         * @return where to go on, if anywhere
         */
        List<Place> turn(Scope scope, List<Expression> arguments, Place at, PathOutput out)
                throws JsonQueryException;
    }

    /**
     * Goes on in a loop as long as there is one place to go to, and recurses when there are more.
     */
    private void addLoop(String name, Loop loop) {
        functions.put(
                name,
                (scope, arguments, in, path, out, version) ->
                        run(loop, scope, arguments, new Place(in, path), out));
    }

    private void run(Loop loop, Scope scope, List<Expression> arguments, Place from, PathOutput out)
            throws JsonQueryException {
        budget.enter();
        try {
            List<Place> next = loop.turn(scope, arguments, from, out);
            while (next.size() == 1) {
                budget.step();
                next = loop.turn(scope, arguments, next.get(0), out);
            }
            for (Place place : next) {
                run(loop, scope, arguments, place, out);
            }
        } finally {
            budget.leave();
        }
    }

    private void addLoops() {
        Loop emitThenGoOn =
                (scope, arguments, at, out) -> {
                    out.emit(at.value(), at.path());
                    return all(arguments.get(0), scope, at);
                };
        addLoop("recurse/1", emitThenGoOn);
        addLoop("repeat/1", emitThenGoOn);
        addLoop(
                "while/2",
                (scope, arguments, at, out) -> {
                    List<Place> next = new ArrayList<>();
                    for (Place condition : all(arguments.get(0), scope, at)) {
                        if (isTrue(condition.value())) {
                            out.emit(at.value(), at.path());
                            next.addAll(all(arguments.get(1), scope, at));
                        }
                    }
                    return next;
                });
        addLoop(
                "until/2",
                (scope, arguments, at, out) -> {
                    List<Place> next = new ArrayList<>();
                    for (Place condition : all(arguments.get(0), scope, at)) {
                        if (isTrue(condition.value())) {
                            out.emit(at.value(), at.path());
                        } else {
                            next.addAll(all(arguments.get(1), scope, at));
                        }
                    }
                    return next;
                });
    }

    private static boolean isTrue(JsonNode value) {
        return !value.isNull() && !(value.isBoolean() && !value.booleanValue());
    }

    // Regular expressions, dates, definitions
    // -------------------------------------------------------

    private void addRegexes() {
        addSeveral(
                "_match/3",
                (in, arguments) ->
                        arguments[2].booleanValue()
                                ? BooleanNode.valueOf(regex.test(in, arguments[0], arguments[1]))
                                : regex.match(in, arguments[0], arguments[1]));
        addSeveral("split/2", (in, arguments) -> regex.split(in, arguments[0], arguments[1]));
        addSubstitution("sub/3", false);
        addSubstitution("gsub/3", true);
    }

    private void addSubstitution(String name, boolean global) {
        functions.put(
                name,
                (scope, arguments, in, path, out, version) -> {
                    Expression replacement = arguments.get(1);
                    forEach(
                            scope,
                            List.of(arguments.get(0), arguments.get(2)),
                            in,
                            1,
                            new JsonNode[2],
                            values ->
                                    regex.substitute(
                                            in,
                                            values[0],
                                            values[1],
                                            global,
                                            captures -> texts(replacement, scope, captures),
                                            text -> out.emit(TextNode.valueOf(text), null)));
                });
    }

    private static List<String> texts(Expression expression, Scope scope, ObjectNode captures)
            throws JsonQueryException {
        List<String> texts = new ArrayList<>(1);
        for (Place text : all(expression, scope, new Place(captures, null))) {
            if (!text.value().isTextual()) {
                throw new JsonQueryException("a replacement is not a string");
            }
            texts.add(text.value().textValue());
        }
        return texts;
    }

    private void addDates() {
        add("gmtime/0", JqDates::brokenDown);
        add("mktime/0", in -> LongNode.valueOf(JqDates.seconds(in)));
        addSeveral(
                "strftime/1",
                (in, arguments) -> TextNode.valueOf(JqDates.format(in, arguments[0], budget)));
        addSeveral("strptime/1", (in, arguments) -> JqDates.parse(in, arguments[0]));
    }

    private void addInJq() throws JqSyntaxException {
        // Names first: the definitions know each other, whatever their order.
        Map<String, Later> later = new HashMap<>();
        for (String[] definition : IN_JQ) {
            List<String> words = Arrays.asList(definition[0].split(" "));
            Later function = new Later();
            later.put(definition[0], function);
            functions.put(words.get(0) + "/" + (words.size() - 1), function);
        }
        for (String[] definition : IN_JQ) {
            List<String> words = Arrays.asList(definition[0].split(" "));
            List<String> parameters = words.subList(1, words.size());
            Expression body = JqParser.parseBody(definition[1], parameters, this, budget);
            later.get(definition[0]).function =
                    new JsonQueryFunction(words.get(0), parameters, body, scope);
        }
        functions.keySet().removeIf(name -> name.startsWith("_"));
    }

    /** A function that is called by name before it is there. */
    private static final class Later implements Function {
        private Function function;

        @Override
        public void apply(
                Scope scope,
                List<Expression> arguments,
                JsonNode in,
                Path path,
                PathOutput out,
                Version version)
                throws JsonQueryException {
            function.apply(scope, arguments, in, path, out, version);
        }
    }
}

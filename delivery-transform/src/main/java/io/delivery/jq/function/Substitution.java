package io.delivery.jq.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.delivery.jq.expression.Calls;
import io.delivery.jq.expression.Env;
import io.delivery.jq.expression.Expression;
import io.delivery.jq.expression.Kinds;
import io.delivery.jq.expression.Output;
import io.delivery.jq.expression.Path;
import io.delivery.jq.value.Arithmetic;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import java.util.ArrayList;
import java.util.List;

/** {@code sub} and {@code gsub}: the replacement is an expression that gets the named groups. */
final class Substitution extends Expression {
    private final Calls.OfValues patternAndFlags;
    private final Expression replacement;
    private final RegexFunctions regexes;
    private final Arithmetic arithmetic;

    /**
     * @param patternAndFlags an array of both
     */
    Substitution(
            Calls.OfValues patternAndFlags,
            Expression replacement,
            RegexFunctions regexes,
            Budget budget) {
        super(budget);
        this.patternAndFlags = patternAndFlags;
        this.replacement = replacement;
        this.regexes = regexes;
        this.arithmetic = new Arithmetic(budget);
    }

    @Override
    public Kinds kinds(Kinds in) {
        return Kinds.STRING;
    }

    @Override
    protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
        patternAndFlags.runForValues(
                env, in, (both, none) -> substitute(both.get(0), both.get(1), env, in, path, out));
    }

    private void substitute(
            JsonNode pattern, JsonNode flags, Env env, JsonNode in, Path path, Output out)
            throws JqError {
        List<RegexFunctions.Replaced> parts = new ArrayList<>();
        String rest = regexes.replaced(in, pattern, flags, parts);
        if (parts.isEmpty()) {
            out.take(in, path);
            return;
        }
        append(parts, parts.size() - 1, TextNode.valueOf(rest), env, path, out);
    }

    /** From the last part to the first, whose replacements change the fastest. */
    private void append(
            List<RegexFunctions.Replaced> parts,
            int index,
            JsonNode tail,
            Env env,
            Path path,
            Output out)
            throws JqError {
        if (index < 0) {
            out.take(tail, path);
            return;
        }
        RegexFunctions.Replaced part = parts.get(index);
        TextNode before = TextNode.valueOf(part.before());
        replacement.runForValues(
                env,
                part.captures(),
                (text, none) -> {
                    JsonNode joined = arithmetic.plus(arithmetic.plus(before, text), tail);
                    append(parts, index - 1, joined, env, path, out);
                });
    }
}

package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.path.Path;

/**
 * A text with values in it.
 *
 * @param texts before, between and behind the values: one more than these
 * @param format for each value; null for plain text
 */
record Interpolation(List<String> texts, List<Expression> values, Function format, Budget budget)
        implements Expression {
    @Override
    public void apply(Scope scope, JsonNode in, Path path, PathOutput out, boolean requirePath)
            throws JsonQueryException {
        append(scope, in, values.size() - 1, texts.get(values.size()), out);
    }

    /** From the last value to the first: of several, the first one's change the fastest in jq. */
    private void append(Scope scope, JsonNode in, int index, String tail, PathOutput out)
            throws JsonQueryException {
        if (index < 0) {
            out.emit(TextNode.valueOf(tail), null);
            return;
        }
        PathOutput formatted =
                (value, valuePath) -> {
                    budget.chargeWeight(value);
                    String text = JqText.text(value);
                    budget.checkLength((long) text.length() + tail.length());
                    append(scope, in, index - 1, texts.get(index) + text + tail, out);
                };
        PathOutput plain =
                format == null
                        ? formatted
                        : (value, valuePath) ->
                                format.apply(
                                        scope, List.of(), value, null, formatted, Versions.JQ_1_6);
        values.get(index).apply(scope, in, null, plain, false);
    }
}

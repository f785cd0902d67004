package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.path.Path;

/**
 * What stands in brackets: an assignment to a far index would fill an array up to it, and a long
 * array as an index is looked for in another.
 */
record CheckedIndex(Expression index, Budget budget) implements Expression {
    @Override
    public void apply(Scope scope, JsonNode in, Path path, PathOutput out, boolean requirePath)
            throws JsonQueryException {
        index.apply(
                scope,
                in,
                path,
                (value, valuePath) -> {
                    budget.checkIndex(value);
                    if (value.isContainerNode()) {
                        budget.chargeWeight(value);
                        budget.chargePairs(in, value);
                    }
                    out.emit(value, valuePath);
                },
                requirePath);
    }
}

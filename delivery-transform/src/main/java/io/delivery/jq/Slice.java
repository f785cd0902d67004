package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.path.Path;

/** {@code .[from:to]}, which copies what it yields. */
record Slice(Expression slice, Budget budget) implements Expression {
    @Override
    public void apply(Scope scope, JsonNode in, Path path, PathOutput out, boolean requirePath)
            throws JsonQueryException {
        slice.apply(
                scope,
                in,
                path,
                (value, valuePath) -> {
                    budget.chargeSize(value);
                    out.emit(value, valuePath);
                },
                requirePath);
    }
}

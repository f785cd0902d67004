package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.path.Path;

/**
 * The left side of an assignment. Each place that is written copies the containers around it, so
 * each costs as many steps as the value has nodes, in proportion.
 */
record WrittenPaths(Expression paths, Budget budget) implements Expression {
    @Override
    public void apply(Scope scope, JsonNode in, Path path, PathOutput out, boolean requirePath)
            throws JsonQueryException {
        paths.apply(
                scope,
                in,
                path,
                (value, valuePath) -> {
                    budget.chargeWeight(in);
                    out.emit(value, valuePath);
                },
                requirePath);
    }
}

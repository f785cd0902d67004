package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.path.Path;

/**
 * The left side of an assignment. Each place that is written copies the containers around it, so
 * each costs as many steps as the value has nodes, in proportion, and what an array is filled up
 * with costs as if it were there.
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
                    if (valuePath != null) {
                        ArrayNode elements = JsonNodeFactory.instance.arrayNode();
                        valuePath.toJsonNode(elements);
                        budget.chargeFill(in, elements);
                    }
                    out.emit(value, valuePath);
                },
                requirePath);
    }
}

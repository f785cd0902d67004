package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.path.Path;

/** Any expression of a program, under its budget. */
final class Counted implements Expression {
    private final Expression expression;
    private final Budget budget;

    Counted(Expression expression, Budget budget) {
        this.expression = expression;
        this.budget = budget;
    }

    @Override
    public void apply(Scope scope, JsonNode in, Path path, PathOutput out, boolean requirePath)
            throws JsonQueryException {
        budget.enter();
        try {
            expression.apply(
                    scope,
                    in,
                    path,
                    (value, valuePath) -> {
                        budget.step();
                        out.emit(value, valuePath);
                    },
                    requirePath);
        } finally {
            budget.leave();
        }
    }

    /** What is counted. */
    Expression expression() {
        return expression;
    }

    @Override
    public String toString() {
        return expression.toString();
    }
}

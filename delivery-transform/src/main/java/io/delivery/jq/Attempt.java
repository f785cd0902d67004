package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.exception.JsonQueryBreakException;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.path.Path;

/**
 * {@code try body catch handler}, or {@code body?} without one. A break passes through, and so does
 * the end of the budget. As in jq 1.6, errors behind it in the pipe are caught too.
 *
 * @param handler gets the error's value; may be null
 */
record Attempt(Expression body, Expression handler, Budget budget) implements Expression {
    /** An error collects its stack trace. */
    private static final int STEPS_OF_AN_ERROR = 16;

    @Override
    public void apply(Scope scope, JsonNode in, Path path, PathOutput out, boolean requirePath)
            throws JsonQueryException {
        try {
            body.apply(scope, in, path, out, requirePath);
        } catch (JsonQueryBreakException toItsLabel) {
            throw toItsLabel;
        } catch (JsonQueryException error) {
            budget.charge(STEPS_OF_AN_ERROR);
            if (handler != null) {
                handler.apply(scope, error.getMessageAsJsonNode(), null, out, requirePath);
            }
        }
    }
}

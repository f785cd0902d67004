package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.internal.tree.literal.ValueLiteral;
import net.thisptr.jackson.jq.path.Path;

/** A value that stands in the program: also integers beyond 2^63, which jackson-jq's own cannot. */
final class Literal implements Expression {
    private static final class Value extends ValueLiteral {
        Value(JsonNode value) {
            super(value);
        }
    }

    private final JsonNode value;
    private final ValueLiteral literal;

    Literal(JsonNode value) {
        this.value = value;
        this.literal = new Value(value);
    }

    /** The text, when the expression is nothing but one; otherwise null. */
    static String textOf(Expression expression) {
        Expression plain =
                expression instanceof Counted counted ? counted.expression() : expression;
        return plain instanceof Literal literal ? literal.value.textValue() : null;
    }

    @Override
    public void apply(Scope scope, JsonNode in, Path path, PathOutput out, boolean requirePath)
            throws JsonQueryException {
        literal.apply(scope, in, path, out, requirePath);
    }
}

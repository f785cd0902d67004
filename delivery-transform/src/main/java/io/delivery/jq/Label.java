package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.exception.JsonQueryBreakException;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.path.Path;

/**
 * {@code label $name | body}. Every run of a label is another one, as in {@code first(first(f),
 * g)}: a break must end the run it belongs to (jackson-jq goes by the name alone).
 */
record Label(String name, Expression body, Budget budget) implements Expression {
    /** No variable has such a name. */
    private static final String PREFIX = "*label*";

    @Override
    public void apply(Scope scope, JsonNode in, Path path, PathOutput out, boolean requirePath)
            throws JsonQueryException {
        long run = budget.nextLabel();
        Scope inner = Scope.newChildScope(scope);
        inner.setValue(PREFIX + name, LongNode.valueOf(run));
        try {
            body.apply(inner, in, path, out, requirePath);
        } catch (Jump jump) {
            if (jump.run != run) {
                throw jump;
            }
        }
    }

    /** {@code break $name}. */
    record Break(String name) implements Expression {
        @Override
        public void apply(Scope scope, JsonNode in, Path path, PathOutput out, boolean requirePath)
                throws JsonQueryException {
            throw new Jump(scope.getValue(PREFIX + name).longValue());
        }
    }

    private static final class Jump extends JsonQueryBreakException {
        private static final long serialVersionUID = 1L;

        private final long run;

        Jump(long run) {
            super("label");
            this.run = run;
        }

        /** Control flow: nobody reads where it came from. */
        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}

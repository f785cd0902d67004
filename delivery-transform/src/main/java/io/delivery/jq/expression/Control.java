package io.delivery.jq.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import io.delivery.jq.selection.SelectedRecord;
import io.delivery.jq.value.Arithmetic;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import io.delivery.jq.value.Order;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What decides which part of a program goes on. */
public final class Control {
    /** The member of what is raised by a break: jq 1.6's GENLABEL. */
    private static final String MARK = "__jq";

    private Control() {}

    /** {@code if condition then first else second end} */
    public static final class Conditional extends Expression {
        private final Expression condition;
        private final Expression then;
        private final Expression otherwise;

        public Conditional(
                Expression condition, Expression then, Expression otherwise, Budget budget) {
            super(budget);
            this.condition = condition;
            this.then = then;
            this.otherwise = otherwise;
        }

        @Override
        public Optional<? extends Expression> selective(SelectedRecord record) {
            return Expression.selective(List.of(condition, then, otherwise), record)
                    .map(all -> new Conditional(all.get(0), all.get(1), all.get(2), budget));
        }

        @Override
        public Kinds kinds(Kinds in) {
            return then.kinds(in).or(otherwise.kinds(in));
        }

        @Override
        public Optional<Set<String>> literalKeys() {
            return then.literalKeys()
                    .filter(keys -> Optional.of(keys).equals(otherwise.literalKeys()));
        }

        @Override
        protected boolean yieldsOne() {
            return condition.yieldsOne() && then.yieldsOne() && otherwise.yieldsOne();
        }

        @Override
        protected JsonNode one(Env env, JsonNode in) throws JqError {
            budget.step();
            return chosen(condition.one(env, in)).one(env, in);
        }

        private Expression chosen(JsonNode decision) {
            return Order.isTrue(decision) ? then : otherwise;
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            condition.runForValues(
                    env, in, (decision, none) -> chosen(decision).run(env, in, path, out));
        }
    }

    /**
     * {@code try body catch handler}, or {@code body?}. As in jq 1.6, errors behind it in the pipe
     * are caught too, and so is a break that passes: the handler gets its mark. The end of the
     * budget passes through.
     */
    public static final class Attempt extends Expression {
        private static final JsonNode IGNORED = NullNode.getInstance();

        private final Expression body;
        private final Optional<Expression> handler;

        public Attempt(Expression body, Optional<Expression> handler, Budget budget) {
            super(budget);
            this.body = body;
            this.handler = handler;
        }

        @Override
        public Optional<? extends Expression> selective(SelectedRecord record) {
            return body.selective(record).map(tried -> new Attempt(tried, handler, budget));
        }

        @Override
        public Kinds kinds(Kinds in) {
            Kinds caught =
                    handler.map(expression -> expression.kinds(Kinds.ANY)).orElse(Kinds.NONE);
            return body.kinds(in).or(caught);
        }

        @Override
        public Optional<Set<String>> literalKeys() {
            return handler.isPresent() ? Optional.empty() : body.literalKeys();
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            int nested = budget.nested();
            JsonNode caught;
            try {
                body.run(env, in, path, out);
                return;
            } catch (JqError error) {
                budget.returnTo(nested);
                if (handler.isEmpty()) {
                    return;
                }
                caught = handler.get().ignoresInput() ? IGNORED : error.value(budget);
            }
            handler.get().run(env, caught, path, out);
        }
    }

    /**
     * {@code label $name | body}. Every run of a label is another one, as in {@code first(first(f),
     * g)}: a break ends the run it belongs to.
     */
    public static final class Label extends Expression {
        private final Expression body;

        public Label(Expression body, Budget budget) {
            super(budget);
            this.body = body;
        }

        @Override
        public Optional<? extends Expression> selective(SelectedRecord record) {
            return body.selective(record).map(within -> new Label(within, budget));
        }

        @Override
        public Kinds kinds(Kinds in) {
            return body.kinds(in);
        }

        @Override
        public Optional<Set<String>> literalKeys() {
            return body.literalKeys();
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            long label = budget.nextLabel();
            int nested = budget.nested();
            try {
                body.run(Env.withLabel(env, label), in, path, out);
            } catch (JqError error) {
                if (!leadsTo(error, label)) {
                    throw error;
                }
                budget.returnTo(nested);
            }
        }
    }

    /** {@code break $name} */
    public static final class Break extends Expression {
        private final int distance;

        public Break(int distance, Budget budget) {
            super(budget);
            this.distance = distance;
        }

        @Override
        public Optional<Expression> selective(SelectedRecord record) {
            return Optional.of(this);
        }

        @Override
        public Kinds kinds(Kinds in) {
            return Kinds.NONE;
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            long label = Env.up(env, distance).label();
            throw jumpTo(label);
        }
    }

    /** The error that ends the run of a label. */
    static JqError jumpTo(long label) {
        return JqError.raised(
                JsonNodeFactory.instance.objectNode().set(MARK, Arithmetic.integer(label)));
    }

    static boolean leadsTo(JqError error, long label) {
        JsonNode value = error.raised();
        return value != null
                && value.isObject()
                && value.size() == 1
                && value.path(MARK).asLong(-1) == label;
    }

    /** {@code empty} */
    public static final class Nothing extends Expression {
        public Nothing(Budget budget) {
            super(budget);
        }

        @Override
        public Optional<Expression> selective(SelectedRecord record) {
            return Optional.of(this);
        }

        @Override
        public Kinds kinds(Kinds in) {
            return Kinds.NONE;
        }

        @Override
        protected boolean ignoresInput() {
            return true;
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) {
            // This is what it does.
        }
    }

    /** {@code error(value)}; of null, nothing. */
    public static final class Raise extends Expression {
        private final Expression value;

        public Raise(Expression value, Budget budget) {
            super(budget);
            this.value = value;
        }

        @Override
        public Optional<? extends Expression> selective(SelectedRecord record) {
            return value.selective(record).map(raised -> new Raise(raised, budget));
        }

        @Override
        public Kinds kinds(Kinds in) {
            return Kinds.NONE;
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            value.runForValues(
                    env,
                    in,
                    (raised, none) -> {
                        // An error without a message is none: jv_invalid_has_msg.
                        if (!raised.isNull()) {
                            throw JqError.raised(raised);
                        }
                    });
        }
    }
}

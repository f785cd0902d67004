package io.delivery.jq.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.delivery.jq.value.Arithmetic;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import io.delivery.jq.value.Order;
import java.util.List;

/** Functions of jq that go on with what they yield. */
public final class Loops {
    private Loops() {}

    /**
     * A function that calls itself at its end: it goes on in a loop as long as there is one place
     * to go to, and recurses when there are more. Everything comes in the order of the recursion.
     */
    private abstract static class Loop extends Expression {
        Loop(Budget budget) {
            super(budget);
        }

        /** One turn of a loop. */
        final class Turn implements Output {
            private final Env env;
            private final Output out;
            private JsonNode next;
            private Path nextPath;
            private boolean isNested;

            Turn(Env env, Output out) {
                this.env = env;
                this.out = out;
            }

            /** Where the loop goes on. What comes later is behind it. */
            @Override
            public void take(JsonNode value, Path path) throws JqError {
                goOn();
                next = value;
                nextPath = path;
            }

            /** What the loop yields. */
            void emit(JsonNode value, Path path) throws JqError {
                goOn();
                isNested = true;
                out.take(value, path);
                isNested = false;
            }

            private void goOn() throws JqError {
                if (next != null) {
                    JsonNode value = next;
                    next = null;
                    isNested = true;
                    run(env, value, nextPath, out);
                    isNested = false;
                }
            }
        }

        /** Emits what one turn yields, and takes where to go on. */
        abstract void turn(Env env, JsonNode in, Path path, Turn turn) throws JqError;

        @Override
        protected final void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            Turn turn = new Turn(env, out);
            turn.next = in;
            turn.nextPath = path;
            while (turn.next != null) {
                budget.step();
                JsonNode value = turn.next;
                turn.next = null;
                try {
                    turn(env, value, turn.nextPath, turn);
                } catch (JqError error) {
                    // Its own error comes behind all that was to go on before it.
                    if (!turn.isNested) {
                        turn.goOn();
                    }
                    throw error;
                }
            }
        }
    }

    /** {@code recurse(f)} */
    public static final class Recurse extends Loop {
        private final Expression further;

        public Recurse(Expression further, Budget budget) {
            super(budget);
            this.further = further;
        }

        @Override
        public Kinds kinds(Kinds in) {
            return in.or(further.kinds(Kinds.ANY));
        }

        @Override
        void turn(Env env, JsonNode in, Path path, Turn turn) throws JqError {
            turn.emit(in, path);
            further.run(env, in, path, turn);
        }
    }

    /** {@code while(condition; update)} */
    public static final class While extends Loop {
        private final Expression condition;
        private final Expression update;

        public While(Expression condition, Expression update, Budget budget) {
            super(budget);
            this.condition = condition;
            this.update = update;
        }

        @Override
        public Kinds kinds(Kinds in) {
            return in.or(update.kinds(Kinds.ANY));
        }

        @Override
        void turn(Env env, JsonNode in, Path path, Turn turn) throws JqError {
            condition.runForValues(
                    env,
                    in,
                    (decision, none) -> {
                        if (Order.isTrue(decision)) {
                            turn.emit(in, path);
                            update.run(env, in, path, turn);
                        }
                    });
        }
    }

    /** {@code until(condition; next)} */
    public static final class Until extends Loop {
        private final Expression condition;
        private final Expression next;

        public Until(Expression condition, Expression next, Budget budget) {
            super(budget);
            this.condition = condition;
            this.next = next;
        }

        @Override
        public Kinds kinds(Kinds in) {
            return in.or(next.kinds(Kinds.ANY));
        }

        @Override
        void turn(Env env, JsonNode in, Path path, Turn turn) throws JqError {
            condition.runForValues(
                    env,
                    in,
                    (decision, none) -> {
                        if (Order.isTrue(decision)) {
                            turn.emit(in, path);
                        } else {
                            next.run(env, in, path, turn);
                        }
                    });
        }
    }

    /** {@code repeat(f)}: in jq 1.6 the same again and again. */
    public static final class Repeat extends Expression {
        private final Expression repeated;

        public Repeat(Expression repeated, Budget budget) {
            super(budget);
            this.repeated = repeated;
        }

        @Override
        public Kinds kinds(Kinds in) {
            return repeated.kinds(in);
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            while (true) {
                repeated.run(env, in, path, out);
            }
        }
    }

    /** {@code range(from; to)} */
    public static final class Range extends Expression {
        private final Expression from;
        private final Expression to;

        public Range(Expression from, Expression to, Budget budget) {
            super(budget);
            this.from = from;
            this.to = to;
        }

        @Override
        public Kinds kinds(Kinds in) {
            return Kinds.NUMBER;
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            from.runForValues(
                    env,
                    in,
                    (begin, none) ->
                            to.runForValues(
                                    env, in, (end, noneEither) -> count(begin, end, path, out)));
        }

        private void count(JsonNode begin, JsonNode end, Path path, Output out) throws JqError {
            if (!begin.isNumber() || !end.isNumber()) {
                throw new JqError("Range bounds must be numeric");
            }
            JsonNode one = Arithmetic.integer(1);
            Arithmetic arithmetic = new Arithmetic(budget);
            JsonNode at = begin;
            while (at.doubleValue() < end.doubleValue()) {
                budget.step();
                out.take(at, path);
                at = arithmetic.plus(at, one);
            }
        }
    }

    /** {@code range(from; to; by)}, for whatever has an order and can be added. */
    public static final class RangeBy extends Expression {
        private final Calls.OfValues bounds;
        private final Order order;
        private final Arithmetic arithmetic;

        public RangeBy(Expression from, Expression to, Expression by, Budget budget) {
            super(budget);
            this.order = new Order(budget);
            this.arithmetic = new Arithmetic(budget);
            // The last argument's values change the slowest there, and the first one's here.
            this.bounds =
                    new Calls.OfValues(
                            (in, values) ->
                                    JsonNodeFactory.instance
                                            .arrayNode()
                                            .add(values[2])
                                            .add(values[1])
                                            .add(values[0]),
                            List.of(by, to, from),
                            budget);
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            bounds.runForValues(
                    env, in, (all, none) -> count(all.get(0), all.get(1), all.get(2), path, out));
        }

        private void count(JsonNode from, JsonNode to, JsonNode by, Path path, Output out)
                throws JqError {
            JsonNode zero = Arithmetic.integer(0);
            boolean up = order.compare(by, zero) > 0;
            boolean down = order.compare(by, zero) < 0;
            JsonNode at = from;
            while (up && order.compare(at, to) < 0 || down && order.compare(at, to) > 0) {
                budget.step();
                out.take(at, path);
                at = arithmetic.plus(at, by);
            }
        }
    }
}

package io.delivery.jq.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import io.delivery.jq.selection.SelectedRecord;
import io.delivery.jq.value.Arithmetic;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import io.delivery.jq.value.Order;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What joins expressions. */
public final class Operators {
    private Operators() {}

    /** {@code left | right} */
    public static final class Pipe extends Expression {
        private final Expression left;
        private final Expression right;

        public Pipe(Expression left, Expression right, Budget budget) {
            super(budget);
            this.left = left;
            this.right = right;
        }

        @Override
        public Optional<? extends Expression> selective(SelectedRecord record) {
            // What stands behind it sees nothing of the record but what the left yields.
            return left.selective(record).map(first -> new Pipe(first, right, budget));
        }

        @Override
        public Kinds kinds(Kinds in) {
            return right.kinds(left.kinds(in));
        }

        @Override
        public Optional<String> hopelessKey(Kinds in) {
            return right.hopelessKey(left.kinds(in));
        }

        @Override
        public Optional<Set<String>> literalKeys() {
            return right.literalKeys();
        }

        @Override
        public boolean yieldsSeveral() {
            return left.yieldsSeveral() && (right.yieldsOne() || right.yieldsSeveral())
                    || left.yieldsOne() && right.yieldsSeveral();
        }

        @Override
        protected boolean yieldsOne() {
            return left.yieldsOne() && right.yieldsOne();
        }

        @Override
        protected JsonNode one(Env env, JsonNode in) throws JqError {
            return right.one(env, left.one(env, in));
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            if (path == null && left.yieldsOne()) {
                right.run(env, left.one(env, in), null, out);
                return;
            }
            left.run(env, in, path, (value, there) -> right.run(env, value, there, out));
        }
    }

    /** {@code a, b, c} */
    public static final class Comma extends Expression {
        private final Expression[] all;

        public Comma(List<Expression> all, Budget budget) {
            super(budget);
            this.all = all.toArray(Expression[]::new);
        }

        @Override
        public Optional<? extends Expression> selective(SelectedRecord record) {
            return Expression.selective(Arrays.asList(all), record)
                    .map(each -> new Comma(each, budget));
        }

        @Override
        public boolean yieldsSeveral() {
            return Arrays.stream(all).filter(Expression::yieldsOne).count() > 1
                    || Arrays.stream(all).anyMatch(Expression::yieldsSeveral);
        }

        @Override
        public Kinds kinds(Kinds in) {
            Kinds kinds = Kinds.NONE;
            for (Expression expression : all) {
                kinds = kinds.or(expression.kinds(in));
            }
            return kinds;
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            for (Expression expression : all) {
                expression.run(env, in, path, out);
            }
        }
    }

    /** {@code left + right} and so on: all values of the left for each of the right. */
    public static final class Binary extends Expression {
        private final Arithmetic.Operator operator;
        private final Expression left;
        private final Expression right;
        private final Arithmetic arithmetic;

        public Binary(
                Arithmetic.Operator operator, Expression left, Expression right, Budget budget) {
            super(budget);
            this.operator = operator;
            this.left = left;
            this.right = right;
            this.arithmetic = new Arithmetic(budget);
        }

        /**
         * Calculated when the program is read, as jq 1.6 does it: between two numbers and, by plus,
         * between two texts.
         */
        @Override
        public Optional<? extends Expression> selective(SelectedRecord record) {
            return Expression.selective(List.of(left, right), record)
                    .map(both -> new Binary(operator, both.get(0), both.get(1), budget));
        }

        @Override
        public Optional<JsonNode> constant() {
            Optional<JsonNode> a = left.constant();
            Optional<JsonNode> b = right.constant();
            if (a.isEmpty() || b.isEmpty() || operator == Arithmetic.Operator.MODULO) {
                return Optional.empty();
            }
            boolean texts = a.get().isTextual() && b.get().isTextual();
            boolean numbers = a.get().isNumber() && b.get().isNumber();
            if (!numbers && !(texts && operator == Arithmetic.Operator.PLUS)) {
                return Optional.empty();
            }
            if (operator == Arithmetic.Operator.DIVIDED_BY && b.get().doubleValue() == 0) {
                return Optional.of(DoubleNode.valueOf(a.get().doubleValue() / 0.0));
            }
            Budget moment = new Budget();
            moment.begin(Budget.MOST_CHARACTERS);
            try {
                return Optional.of(new Arithmetic(moment).apply(operator, a.get(), b.get()));
            } catch (JqError impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        @Override
        public Kinds kinds(Kinds in) {
            return left.kinds(in).with(operator, right.kinds(in));
        }

        @Override
        public Optional<Set<String>> literalKeys() {
            Optional<Set<String>> keys = left.literalKeys();
            Optional<Set<String>> others = right.literalKeys();
            if (operator != Arithmetic.Operator.PLUS || keys.isEmpty() || others.isEmpty()) {
                return Optional.empty();
            }
            Set<String> union = new LinkedHashSet<>(keys.get());
            union.addAll(others.get());
            return Optional.of(union);
        }

        @Override
        protected boolean yieldsOne() {
            return left.yieldsOne() && right.yieldsOne();
        }

        @Override
        protected JsonNode one(Env env, JsonNode in) throws JqError {
            budget.step();
            JsonNode b = right.one(env, in);
            return arithmetic.apply(operator, left.one(env, in), b);
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            right.runForValues(
                    env,
                    in,
                    (b, none) ->
                            left.runForValues(
                                    env,
                                    in,
                                    (a, noneEither) ->
                                            out.take(arithmetic.apply(operator, a, b), path)));
        }
    }

    /** {@code -term} */
    public static final class Negation extends Expression {
        private final Expression term;

        public Negation(Expression term, Budget budget) {
            super(budget);
            this.term = term;
        }

        @Override
        public Optional<? extends Expression> selective(SelectedRecord record) {
            return term.selective(record).map(value -> new Negation(value, budget));
        }

        @Override
        public Kinds kinds(Kinds in) {
            return Kinds.NUMBER;
        }

        @Override
        protected boolean yieldsOne() {
            return term.yieldsOne();
        }

        @Override
        protected JsonNode one(Env env, JsonNode in) throws JqError {
            budget.step();
            return Arithmetic.negated(term.one(env, in));
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            term.run(env, in, path, (a, there) -> out.take(Arithmetic.negated(a), there));
        }
    }

    /** {@code left and right}, {@code left or right}. */
    public static final class Logic extends Expression {
        private final Expression left;
        private final Expression right;
        private final boolean decided;

        private Logic(Expression left, Expression right, boolean decided, Budget budget) {
            super(budget);
            this.left = left;
            this.right = right;
            this.decided = decided;
        }

        /** {@code left and right} */
        public static Logic and(Expression left, Expression right, Budget budget) {
            return new Logic(left, right, false, budget);
        }

        /** {@code left or right} */
        public static Logic or(Expression left, Expression right, Budget budget) {
            return new Logic(left, right, true, budget);
        }

        @Override
        public Optional<? extends Expression> selective(SelectedRecord record) {
            return Expression.selective(List.of(left, right), record)
                    .map(both -> new Logic(both.get(0), both.get(1), decided, budget));
        }

        @Override
        public Kinds kinds(Kinds in) {
            return Kinds.BOOLEAN;
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            left.run(
                    env,
                    in,
                    path,
                    (a, there) -> {
                        if (Order.isTrue(a) == decided) {
                            out.take(BooleanNode.valueOf(decided), there);
                        } else {
                            right.run(
                                    env,
                                    in,
                                    there,
                                    (b, further) ->
                                            out.take(
                                                    BooleanNode.valueOf(Order.isTrue(b)), further));
                        }
                    });
        }
    }

    /** {@code left // right}: what is true of the left, otherwise the right. */
    public static final class Alternative extends Expression {
        private final Expression left;
        private final Expression right;

        public Alternative(Expression left, Expression right, Budget budget) {
            super(budget);
            this.left = left;
            this.right = right;
        }

        @Override
        public Optional<? extends Expression> selective(SelectedRecord record) {
            return Expression.selective(List.of(left, right), record)
                    .map(both -> new Alternative(both.get(0), both.get(1), budget));
        }

        @Override
        public Kinds kinds(Kinds in) {
            Kinds left = this.left.kinds(in);
            return left.and(Kinds.SCALAR.or(Kinds.ARRAY).or(Kinds.OBJECT)).or(right.kinds(in));
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            Found found = new Found();
            left.run(env, in, path, (value, there) -> found.take(value, there, out));
            if (!found.any) {
                right.run(env, in, path, out);
            }
        }

        private static final class Found {
            private boolean any;

            void take(JsonNode value, Path path, Output out) throws JqError {
                if (Order.isTrue(value)) {
                    any = true;
                    out.take(value, path);
                }
            }
        }
    }
}

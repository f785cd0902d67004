package io.delivery.jq.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.delivery.jq.value.Access;
import io.delivery.jq.value.Arithmetic;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.Deletion;
import io.delivery.jq.value.Edit;
import io.delivery.jq.value.JqError;
import io.delivery.jq.value.Order;

/** Paths of values, and the assignments, which write along them. */
public final class Paths {
    private Paths() {}

    /** Takes the paths of what an expression yields. */
    private interface Taker {
        void take(ArrayNode path) throws JqError;
    }

    private static void forEach(Expression places, Env env, JsonNode in, Budget budget, Taker taker)
            throws JqError {
        places.run(
                env,
                in,
                Path.at(in),
                (value, path) -> {
                    if (!path.leadsTo(value)) {
                        throw new JqError(
                                charged ->
                                        "Invalid path expression with result "
                                                + JqError.dump(value, 29, charged),
                                "Invalid path expression");
                    }
                    taker.take(path.keys(budget));
                });
    }

    /** {@code path(places)} */
    public static final class Of extends Expression {
        private final Expression places;

        public Of(Expression places, Budget budget) {
            super(budget);
            this.places = places;
        }

        @Override
        public Kinds kinds(Kinds in) {
            return Kinds.ARRAY;
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            forEach(places, env, in, budget, keys -> out.take(keys, path));
        }
    }

    /** {@code getpath(path)}, which is a place itself. */
    public static final class Get extends Expression {
        private final Expression keys;

        public Get(Expression keys, Budget budget) {
            super(budget);
            this.keys = keys;
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            keys.runForValues(
                    env,
                    in,
                    (way, none) -> {
                        JsonNode found = Access.getPath(in, way, budget);
                        if (path == null || !path.leadsTo(in)) {
                            out.take(found, path);
                            return;
                        }
                        Path there = path;
                        for (JsonNode key : way) {
                            there = Path.then(there, key, found);
                        }
                        out.take(found, there);
                    });
        }
    }

    /** {@code del(places)} */
    public static final class Delete extends Expression {
        private final Expression places;

        public Delete(Expression places, Budget budget) {
            super(budget);
            this.places = places;
        }

        @Override
        public Kinds kinds(Kinds in) {
            return in.or(Kinds.NULL);
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            ArrayNode paths = JsonNodeFactory.instance.arrayNode();
            forEach(places, env, in, budget, paths::add);
            out.take(new Deletion(budget).delete(in, paths), path);
        }
    }

    /** {@code places = value}: all places get the same value, once for each value. */
    public static final class Assignment extends Expression {
        private final Expression places;
        private final Expression value;

        public Assignment(Expression places, Expression value, Budget budget) {
            super(budget);
            this.places = places;
            this.value = value;
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            value.runForValues(
                    env,
                    in,
                    (assigned, none) -> {
                        Edit edit = new Edit(in, budget);
                        forEach(places, env, in, budget, keys -> edit.set(keys, assigned));
                        out.take(edit.value(), path);
                    });
        }
    }

    /**
     * {@code places |= update}: each place gets the first value of what is there, and goes when
     * there is none.
     */
    public static final class Update extends Expression {
        private final Expression places;
        private final Expression update;

        public Update(Expression places, Expression update, Budget budget) {
            super(budget);
            this.places = places;
            this.update = update;
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            out.take(updated(places, env, in, budget, value -> first(env, value)), path);
        }

        /**
         * Null when there is none, or when a {@code try} of the update catches the break behind it:
         * both as in jq 1.6.
         */
        private JsonNode first(Env env, JsonNode value) throws JqError {
            if (update.yieldsOne()) {
                return update.one(env, value);
            }
            long label = budget.nextLabel();
            int nested = budget.nested();
            JsonNode[] first = new JsonNode[1];
            try {
                update.run(
                        env,
                        value,
                        null,
                        (found, none) -> {
                            first[0] = found;
                            throw Control.jumpTo(label);
                        });
                return null;
            } catch (JqError error) {
                if (!Control.leadsTo(error, label)) {
                    throw error;
                }
                budget.returnTo(nested);
                return first[0];
            }
        }
    }

    /** {@code places += value} and so on: {@code places |= . + $value}, once for each value. */
    public static final class Calculation extends Expression {
        private final Expression places;
        private final Arithmetic.Operator operator;
        private final Expression value;
        private final Arithmetic arithmetic;

        public Calculation(
                Expression places, Arithmetic.Operator operator, Expression value, Budget budget) {
            super(budget);
            this.places = places;
            this.operator = operator;
            this.value = value;
            this.arithmetic = new Arithmetic(budget);
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            value.runForValues(
                    env,
                    in,
                    (operand, none) ->
                            out.take(
                                    updated(
                                            places,
                                            env,
                                            in,
                                            budget,
                                            old -> arithmetic.apply(operator, old, operand)),
                                    path));
        }
    }

    /** {@code places //= value}: {@code places |= (. // $value)}, once for each value. */
    public static final class Default extends Expression {
        private final Expression places;
        private final Expression value;

        public Default(Expression places, Expression value, Budget budget) {
            super(budget);
            this.places = places;
            this.value = value;
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            value.runForValues(
                    env,
                    in,
                    (other, none) ->
                            out.take(
                                    updated(
                                            places,
                                            env,
                                            in,
                                            budget,
                                            old -> Order.isTrue(old) ? old : other),
                                    path));
        }
    }

    /** Makes a new value of an old one; null when there is to be none. */
    private interface Renewal {
        JsonNode of(JsonNode old) throws JqError;
    }

    /** Paths are those of the value before: what is deleted on the way moves what is behind it. */
    private static JsonNode updated(
            Expression places, Env env, JsonNode in, Budget budget, Renewal renewal)
            throws JqError {
        Edit edit = new Edit(in, budget);
        forEach(
                places,
                env,
                in,
                budget,
                keys -> {
                    JsonNode renewed = renewal.of(edit.get(keys));
                    if (renewed == null) {
                        edit.delete(keys);
                    } else {
                        edit.set(keys, renewed);
                    }
                });
        return edit.value();
    }
}

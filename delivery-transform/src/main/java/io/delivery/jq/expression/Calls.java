package io.delivery.jq.expression;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import java.util.List;

/** Calls of functions. */
public final class Calls {
    private Calls() {}

    /** A call of a function that is written in jq. */
    public static final class OfDefinition extends Expression {
        /** The definition is seen from everywhere and sees nothing. */
        private static final int GLOBAL = -1;

        private final Definition definition;
        private final int distance;
        private final Expression[] arguments;

        private OfDefinition(
                Definition definition, int distance, List<Expression> arguments, Budget budget) {
            super(budget);
            this.definition = definition;
            this.distance = distance;
            this.arguments = arguments.toArray(Expression[]::new);
        }

        /**
         * @param distance how many bindings there are between the definition and the call
         */
        public static OfDefinition local(
                Definition definition, int distance, List<Expression> arguments, Budget budget) {
            return new OfDefinition(definition, distance, arguments, budget);
        }

        /** A call of one of jq's own. */
        public static OfDefinition global(
                Definition definition, List<Expression> arguments, Budget budget) {
            return new OfDefinition(definition, GLOBAL, arguments, budget);
        }

        @Override
        public Kinds kinds(Kinds in) {
            return definition.kinds(in);
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            Env inner = distance == GLOBAL ? null : Env.up(env, distance);
            for (Expression argument : arguments) {
                inner = Env.withClosure(inner, argument, env);
            }
            bindVariables(0, inner, env, in, path, out);
        }

        /** The first parameter's values change the slowest. */
        private void bindVariables(
                int index, Env inner, Env env, JsonNode in, Path path, Output out) throws JqError {
            int next = index;
            while (next < arguments.length && !definition.isVariable(next)) {
                next++;
            }
            if (next == arguments.length) {
                definition.body().run(inner, in, path, out);
                return;
            }
            int following = next + 1;
            arguments[next].runForValues(
                    env,
                    in,
                    (value, none) ->
                            bindVariables(following, Env.with(inner, value), env, in, path, out));
        }
    }

    /** A call of what was given to the function around. */
    public static final class OfParameter extends Expression {
        private final int distance;

        public OfParameter(int distance, Budget budget) {
            super(budget);
            this.distance = distance;
        }

        int distance() {
            return distance;
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            Env.up(env, distance).runClosure(in, path, out);
        }
    }

    /** Makes one value of a value and arguments. */
    public interface Values {
        JsonNode apply(JsonNode in, JsonNode[] arguments) throws JqError;
    }

    /** A call of a function of values, once for every combination of its arguments' values. */
    public static final class OfValues extends Expression {
        private static final JsonNode[] NONE = {};

        private final Values function;
        private final Kinds kinds;
        private final Expression[] arguments;
        private final boolean yieldsOne;

        /** Of a function that may make anything. */
        public OfValues(Values function, List<Expression> arguments, Budget budget) {
            this(function, Kinds.ANY, arguments, budget);
        }

        /**
         * @param kinds what the function makes, whatever it is given
         */
        public OfValues(Values function, Kinds kinds, List<Expression> arguments, Budget budget) {
            super(budget);
            this.function = function;
            this.kinds = kinds;
            this.arguments = arguments.toArray(Expression[]::new);
            this.yieldsOne = arguments.stream().allMatch(Expression::yieldsOne);
        }

        @Override
        public Kinds kinds(Kinds in) {
            return kinds;
        }

        @Override
        protected boolean yieldsOne() {
            return yieldsOne;
        }

        @Override
        protected JsonNode one(Env env, JsonNode in) throws JqError {
            budget.step();
            if (arguments.length == 0) {
                return function.apply(in, NONE);
            }
            JsonNode[] values = new JsonNode[arguments.length];
            for (int i = values.length - 1; i >= 0; i--) {
                values[i] = arguments[i].one(env, in);
            }
            return function.apply(in, values);
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            if (yieldsOne) {
                out.take(one(env, in), path);
            } else {
                apply(arguments.length - 1, new JsonNode[arguments.length], env, in, path, out);
            }
        }

        /** The last argument's values change the slowest. */
        private void apply(
                int index, JsonNode[] values, Env env, JsonNode in, Path path, Output out)
                throws JqError {
            if (index < 0) {
                budget.step();
                out.take(function.apply(in, values.clone()), path);
                return;
            }
            arguments[index].runForValues(
                    env,
                    in,
                    (value, none) -> {
                        values[index] = value;
                        apply(index - 1, values, env, in, path, out);
                    });
        }
    }
}

package io.delivery.jq.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.delivery.jq.selection.SelectedRecord;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What binds variables. */
public final class Bindings {
    private Bindings() {}

    /**
     * One of the patterns of a binding.
     *
     * @param known numbers of the variables that are known behind it, for each name; -1 for a name
     *     that it has not
     */
    public record Alternative(Pattern pattern, List<Integer> known) {}

    /**
     * What a value is taken apart into: the first of the patterns that fits, and all their
     * variables.
     */
    public static final class Patterns {
        private final List<Alternative> alternatives;
        private final int variables;
        private final Budget budget;

        /**
         * @param variables how many the patterns have together
         */
        public Patterns(List<Alternative> alternatives, int variables, Budget budget) {
            this.alternatives = List.copyOf(alternatives);
            this.variables = variables;
            this.budget = budget;
        }

        private interface Then {
            void go(Env env, Path path) throws JqError;
        }

        /**
         * An error of a pattern, or behind it, leads to the next pattern; one of the last is one.
         */
        private void match(Env env, JsonNode value, Path path, Then then) throws JqError {
            int last = alternatives.size() - 1;
            for (int i = 0; i < last; i++) {
                int nested = budget.nested();
                try {
                    match(alternatives.get(i), env, value, path, then);
                    return;
                } catch (JqError next) {
                    budget.returnTo(nested);
                }
            }
            match(alternatives.get(last), env, value, path, then);
        }

        private void match(Alternative alternative, Env env, JsonNode value, Path path, Then then)
                throws JqError {
            budget.enter();
            JsonNode[] found = new JsonNode[variables];
            Arrays.fill(found, NullNode.getInstance());
            alternative
                    .pattern()
                    .match(
                            env,
                            value,
                            path,
                            found,
                            further -> {
                                Env inner = env;
                                for (int number : alternative.known()) {
                                    JsonNode variable =
                                            number < 0 ? NullNode.getInstance() : found[number];
                                    inner = Env.with(inner, variable);
                                }
                                then.go(inner, further);
                            });
            budget.leave();
        }
    }

    /** {@code source as patterns | body} */
    public static final class Binding extends Expression {
        private final Expression source;
        private final Patterns patterns;
        private final Expression body;

        public Binding(Expression source, Patterns patterns, Expression body, Budget budget) {
            super(budget);
            this.source = source;
            this.patterns = patterns;
            this.body = body;
        }

        @Override
        public Optional<? extends Expression> selective(SelectedRecord record) {
            return Expression.selective(List.of(source, body), record)
                    .map(both -> new Binding(both.get(0), patterns, both.get(1), budget));
        }

        @Override
        public Kinds kinds(Kinds in) {
            return body.kinds(in);
        }

        @Override
        public Optional<String> hopelessKey(Kinds in) {
            return body.hopelessKey(in);
        }

        @Override
        public Optional<Set<String>> literalKeys() {
            return body.literalKeys();
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            source.runForValues(
                    env,
                    in,
                    (value, none) ->
                            patterns.match(
                                    env,
                                    value,
                                    path,
                                    (inner, further) -> body.run(inner, in, further, out)));
        }
    }

    /**
     * The state of a loop, which is null while it is worked on: LOADVN of jq 1.6. So is the input
     * when it was used once: DUPN.
     */
    private static final class State {
        private JsonNode value;

        State(JsonNode value) {
            this.value = value;
        }

        JsonNode take() {
            JsonNode taken = value;
            value = NullNode.getInstance();
            return taken;
        }
    }

    /** {@code reduce source as patterns (initial; update)} */
    public static final class Reduce extends Expression {
        private final Expression source;
        private final Patterns patterns;
        private final Expression initial;
        private final Expression update;

        public Reduce(
                Expression source,
                Patterns patterns,
                Expression initial,
                Expression update,
                Budget budget) {
            super(budget);
            this.source = source;
            this.patterns = patterns;
            this.initial = initial;
            this.update = update;
        }

        /** Null is the state that an update leaves which yields nothing. */
        @Override
        public Kinds kinds(Kinds in) {
            return initial.kinds(in).or(update.kinds(Kinds.ANY)).or(Kinds.NULL);
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            State input = new State(in);
            initial.run(
                    env,
                    in,
                    path,
                    (begin, there) -> {
                        State state = new State(begin);
                        source.run(
                                env,
                                input.take(),
                                there,
                                (value, valuePath) ->
                                        patterns.match(
                                                env,
                                                value,
                                                valuePath,
                                                (inner, further) ->
                                                        update.run(
                                                                inner,
                                                                state.take(),
                                                                further,
                                                                (next, none) ->
                                                                        state.value = next)));
                        out.take(state.value, there);
                    });
        }
    }

    /** {@code foreach source as patterns (initial; update; extract)} */
    public static final class Foreach extends Expression {
        private final Expression source;
        private final Patterns patterns;
        private final Expression initial;
        private final Expression update;
        private final Expression extract;

        public Foreach(
                Expression source,
                Patterns patterns,
                Expression initial,
                Expression update,
                Expression extract,
                Budget budget) {
            super(budget);
            this.source = source;
            this.patterns = patterns;
            this.initial = initial;
            this.update = update;
            this.extract = extract;
        }

        @Override
        public Kinds kinds(Kinds in) {
            return extract.kinds(update.kinds(Kinds.ANY));
        }

        @Override
        protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
            State input = new State(in);
            initial.run(
                    env,
                    in,
                    path,
                    (begin, there) -> {
                        State state = new State(begin);
                        source.run(
                                env,
                                input.take(),
                                there,
                                (value, valuePath) ->
                                        patterns.match(
                                                env,
                                                value,
                                                valuePath,
                                                (inner, further) ->
                                                        turn(inner, state, further, out)));
                    });
        }

        private void turn(Env env, State state, Path path, Output out) throws JqError {
            update.run(
                    env,
                    state.take(),
                    path,
                    (next, there) -> {
                        state.value = next;
                        extract.run(env, next, there, out);
                    });
        }
    }
}

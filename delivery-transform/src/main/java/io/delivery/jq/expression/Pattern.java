package io.delivery.jq.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.delivery.jq.value.Access;
import io.delivery.jq.value.Arithmetic;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import java.util.List;

/**
 * The left side of a binding: takes a value apart into variables, which are numbered. The variables
 * of one pattern are not known within it.
 */
public abstract class Pattern {
    /** Goes on with the variables that were taken. */
    interface Then {
        void go(Path path) throws JqError;
    }

    /** Puts the parts of a value into {@code variables}, once for each way there is. */
    abstract void match(Env env, JsonNode value, Path path, JsonNode[] variables, Then then)
            throws JqError;

    /** Adds the numbers of its variables, in the order in which they get their values. */
    public abstract void addVariables(List<Integer> numbers);

    /** {@code $name} */
    public static final class OfVariable extends Pattern {
        private final int number;

        public OfVariable(int number) {
            this.number = number;
        }

        @Override
        void match(Env env, JsonNode value, Path path, JsonNode[] variables, Then then)
                throws JqError {
            variables[number] = value;
            then.go(path);
        }

        @Override
        public void addVariables(List<Integer> numbers) {
            numbers.add(number);
        }
    }

    /** A part of an object: where it is, the pattern for it, and a variable for all of it. */
    public static final class Part {
        private final Expression key;
        private final int whole;
        private final Pattern pattern;

        private Part(Expression key, int whole, Pattern pattern) {
            this.key = key;
            this.whole = whole;
            this.pattern = pattern;
        }

        /** {@code key: pattern} */
        public static Part of(Expression key, Pattern pattern) {
            return new Part(key, -1, pattern);
        }

        /** {@code $name} or {@code $name: pattern}. */
        public static Part bound(String name, int variable, Pattern pattern, Budget budget) {
            Expression key = new Terms.Literal(TextNode.valueOf(name), budget);
            return new Part(key, variable, pattern);
        }
    }

    /** {@code {key: pattern, …}} */
    public static final class OfObject extends Pattern {
        private final List<Part> parts;
        private final Budget budget;

        public OfObject(List<Part> parts, Budget budget) {
            this.parts = List.copyOf(parts);
            this.budget = budget;
        }

        @Override
        public void addVariables(List<Integer> numbers) {
            for (Part part : parts) {
                if (part.whole >= 0) {
                    numbers.add(part.whole);
                }
                part.pattern.addVariables(numbers);
            }
        }

        @Override
        void match(Env env, JsonNode value, Path path, JsonNode[] variables, Then then)
                throws JqError {
            match(0, env, value, path, variables, then);
        }

        private void match(
                int index, Env env, JsonNode value, Path path, JsonNode[] variables, Then then)
                throws JqError {
            if (index == parts.size()) {
                then.go(path);
                return;
            }
            budget.enter();
            Part part = parts.get(index);
            part.key.runForValues(
                    env,
                    value,
                    (key, none) -> {
                        Path.checkAccess(path, value, key);
                        JsonNode found = Access.get(value, key, budget);
                        if (part.whole >= 0) {
                            variables[part.whole] = found;
                        }
                        part.pattern.match(
                                env,
                                found,
                                Path.then(path, key, found),
                                variables,
                                further -> match(index + 1, env, value, further, variables, then));
                    });
            budget.leave();
        }
    }

    /** {@code [pattern, …]}, whose last element is matched first, as in jq 1.6. */
    public static final class OfArray extends Pattern {
        private final List<Pattern> elements;
        private final Budget budget;

        public OfArray(List<Pattern> elements, Budget budget) {
            this.elements = List.copyOf(elements);
            this.budget = budget;
        }

        @Override
        public void addVariables(List<Integer> numbers) {
            for (int i = elements.size() - 1; i >= 0; i--) {
                elements.get(i).addVariables(numbers);
            }
        }

        @Override
        void match(Env env, JsonNode value, Path path, JsonNode[] variables, Then then)
                throws JqError {
            match(elements.size() - 1, env, value, path, variables, then);
        }

        private void match(
                int index, Env env, JsonNode value, Path path, JsonNode[] variables, Then then)
                throws JqError {
            if (index < 0) {
                then.go(path);
                return;
            }
            budget.enter();
            JsonNode key = Arithmetic.integer(index);
            Path.checkAccess(path, value, key);
            JsonNode found = Access.get(value, key, budget);
            elements.get(index)
                    .match(
                            env,
                            found,
                            Path.then(path, key, found),
                            variables,
                            further -> match(index - 1, env, value, further, variables, then));
            budget.leave();
        }
    }
}

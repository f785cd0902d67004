package io.delivery.jq.expression;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.jq.value.JqError;

/**
 * What names stand for at a place of a running program: one variable, label or parameter, and all
 * outside of it. Immutable, so that a value that is yielded in the middle of a loop finds what was
 * bound when it was yielded. The grammar knows how far outside a name is bound.
 */
public final class Env {
    private final Env outer;
    private final Object bound;

    private Env(Env outer, Object bound) {
        this.outer = outer;
        this.bound = bound;
    }

    /** An expression that is given to a function, and where it stands. */
    private record Closure(Expression expression, Env env) {}

    /** Around whole programs nothing is bound, which is {@code null}. */
    static Env with(Env outer, JsonNode variable) {
        return new Env(outer, variable);
    }

    static Env withLabel(Env outer, long label) {
        return new Env(outer, label);
    }

    static Env withClosure(Env outer, Expression expression, Env env) {
        // What is only passed on is not wrapped again.
        if (expression instanceof Calls.OfParameter passedOn) {
            return new Env(outer, up(env, passedOn.distance()).bound);
        }
        return new Env(outer, new Closure(expression, env));
    }

    /** So many bindings outside. */
    static Env up(Env env, int distance) {
        Env found = env;
        for (int i = 0; i < distance; i++) {
            found = found.outer;
        }
        return found;
    }

    JsonNode variable() {
        return (JsonNode) bound;
    }

    long label() {
        return (Long) bound;
    }

    void runClosure(JsonNode in, Path path, Output out) throws JqError {
        Closure closure = (Closure) bound;
        closure.expression().run(closure.env(), in, path, out);
    }
}

package io.delivery.jq.expression;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.jq.selection.SelectedRecord;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A part of a program: yields any number of values for one. */
public abstract class Expression {
    protected final Budget budget;

    protected Expression(Budget budget) {
        this.budget = budget;
    }

    /**
     * Hands every value that it yields to {@code out}.
     *
     * @param env what is bound around it; null around a whole program
     * @param path where the input comes from; null when nobody wants to know
     */
    public final void run(Env env, JsonNode in, Path path, Output out) throws JqError {
        budget.enter();
        evaluate(env, in, path, out);
        budget.leave();
    }

    /** {@link #run}, counted already. */
    protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
        out.take(one(env, in), path);
    }

    /** Whether it yields one value for every input, or an error. */
    protected boolean yieldsOne() {
        return false;
    }

    /** Whether it yields more than one value for every input, or an error. */
    public boolean yieldsSeveral() {
        return false;
    }

    /** The value that it yields: the same as {@link #run} for one that {@link #yieldsOne}. */
    protected JsonNode one(Env env, JsonNode in) throws JqError {
        throw new IllegalStateException(getClass().getName());
    }

    /** Yields every value without its path. */
    public final void runForValues(Env env, JsonNode in, Output out) throws JqError {
        if (yieldsOne()) {
            out.take(one(env, in), null);
        } else {
            run(env, in, null, out);
        }
    }

    /**
     * Names of the members of what it yields, when that is an object and they can be read off the
     * program.
     */
    public Optional<Set<String>> literalKeys() {
        return Optional.empty();
    }

    /** Whether it does the same whatever its input is, which nobody needs to make for it then. */
    protected boolean ignoresInput() {
        return false;
    }

    /** The value, when it stands in the program. */
    public Optional<JsonNode> constant() {
        return Optional.empty();
    }

    /**
     * Which kinds of values it can yield.
     *
     * @param in the kinds that its input can have
     */
    public Kinds kinds(Kinds in) {
        return Kinds.ANY;
    }

    /**
     * A literal key of the object that it yields whose value can never be one of a partition key,
     * and what that value is: {@code k, which is an array}.
     *
     * @param in the kinds that its input can have
     */
    public Optional<String> hopelessKey(Kinds in) {
        return Optional.empty();
    }

    /**
     * The same for a record of which only those places are read that this asks for: it yields the
     * same values and errors for the same steps, whatever it is given as the input, as long as
     * nobody wants to know its paths.
     *
     * @param record gets the places
     * @return empty when this looks at its input as a whole, or may
     */
    public Optional<? extends Expression> selective(SelectedRecord record) {
        return Optional.empty();
    }

    /** All of them, when each can be. */
    static Optional<List<Expression>> selective(
            List<? extends Expression> all, SelectedRecord record) {
        List<Expression> selective = new ArrayList<>(all.size());
        for (Expression expression : all) {
            Optional<? extends Expression> one = expression.selective(record);
            if (one.isEmpty()) {
                return Optional.empty();
            }
            selective.add(one.get());
        }
        return Optional.of(selective);
    }

    /** Which names lead from the input to what this yields, when it does nothing else. */
    Optional<Way> way() {
        return Optional.empty();
    }
}

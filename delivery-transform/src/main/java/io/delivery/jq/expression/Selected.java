package io.delivery.jq.expression;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.jq.selection.SelectedRecord;
import io.delivery.jq.value.Access;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import java.util.Optional;

/**
 * A place of a record of which only the places are read that a program looks at: {@code .a.b}, as a
 * {@link Terms.Field} of a field yields it from the whole record, with the same errors and for the
 * same steps.
 */
final class Selected extends Expression {
    private final SelectedRecord record;
    private final int place;
    private final Way way;

    private Selected(SelectedRecord record, int place, Way way, Budget budget) {
        super(budget);
        this.record = record;
        this.place = place;
        this.way = way;
    }

    /** Empty when the way leads nowhere, or the record has no room for one more place. */
    static Optional<Selected> of(Optional<Way> way, SelectedRecord record, Budget budget) {
        if (way.isEmpty() || way.get().names().isEmpty()) {
            return Optional.empty();
        }
        int place = record.place(way.get().names());
        return place < 0
                ? Optional.empty()
                : Optional.of(new Selected(record, place, way.get(), budget));
    }

    @Override
    protected boolean yieldsOne() {
        return way.yieldsOne();
    }

    @Override
    protected JsonNode one(Env env, JsonNode in) throws JqError {
        budget.charge(way.steps());
        return value();
    }

    /** Null when nothing is yielded. */
    private JsonNode value() throws JqError {
        JsonNode value = record.value(place);
        int resolved = record.resolved(place);
        if (resolved == way.names().size() || value.isNull()) {
            return value;
        }
        return way.optional().get(resolved)
                ? null
                : Access.member(value, way.names().get(resolved));
    }

    @Override
    protected void evaluate(Env env, JsonNode in, Path path, Output out) throws JqError {
        if (path != null) {
            throw new IllegalStateException("a record that is not read as a whole has no paths");
        }
        budget.charge(way.stepsOfRun());
        for (int i = 1; i < way.waiting(); i++) {
            budget.enter();
        }
        JsonNode value = value();
        if (value != null) {
            out.take(value, null);
        }
        for (int i = 1; i < way.waiting(); i++) {
            budget.leave();
        }
    }
}

package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.delivery.jq.expression.Expression;
import io.delivery.jq.selection.SelectedRecord;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import io.delivery.record.Attempts;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordFailedException;
import java.util.Optional;

/**
 * Runs a program on records of which only the places are read that it looks at. What ends well is
 * what the whole record would have given, for the same steps. It fails no record but one that takes
 * too much, and would take as much again: it gives up whatever else does not end well, and the
 * record is read as a whole. Not thread-safe.
 */
final class SelectiveRun<R> {
    private final Expression program;
    private final SelectedRecord record;
    private final JqUse<R> use;
    private final Budget budget;
    private final Attempts attempts;
    private JsonNode result;
    private R made;

    private SelectiveRun(
            Expression program,
            SelectedRecord record,
            JqUse<R> use,
            Budget budget,
            Attempts attempts) {
        this.program = program;
        this.record = record;
        this.use = use;
        this.budget = budget;
        this.attempts = attempts;
    }

    /**
     * @param budget that of the program
     * @return empty for a program that looks at its record as a whole, or at a place and at one
     *     below it
     */
    static <R> Optional<SelectiveRun<R>> of(
            Expression program, JqUse<R> use, Budget budget, Attempts attempts) {
        SelectedRecord record = new SelectedRecord();
        return program.selective(record)
                .filter(selective -> !record.isNested())
                .map(selective -> new SelectiveRun<>(selective, record, use, budget, attempts));
    }

    /**
     * Runs the program on a record.
     *
     * @param allowed steps
     * @return false when it was given up; otherwise {@link #takeMade} has what came of it, and the
     *     budget what is left of the steps
     * @throws Budget.LimitExceededException when the program needs too much for this record
     */
    boolean on(DeliveryRecord bytes, long allowed) {
        if (!attempts.isWorthOne()) {
            return false;
        }
        try {
            if (record.read(bytes) && isEvaluated(allowed)) {
                attempts.succeeded();
                return true;
            }
            attempts.failed();
            return false;
        } finally {
            record.forget();
        }
    }

    /** What the program has made of the record, once: it is not kept for an idle stream. */
    R takeMade() {
        R taken = made;
        made = null;
        return taken;
    }

    /** Lets go the names that the records have had. */
    void rest() {
        record.forgetNames();
    }

    private boolean isEvaluated(long allowed) {
        budget.begin(allowed);
        try {
            // Nothing of the program looks at its input; where it did, this would make it fail.
            program.run(null, MissingNode.getInstance(), null, (yielded, path) -> take(yielded));
            made = use.of(result, budget);
            return true;
        } catch (Budget.LimitExceededException beyond) {
            attempts.succeeded();
            throw beyond;
        } catch (JqError | RecordFailedException | RuntimeException | StackOverflowError failed) {
            // The whole record tells why. It may also end well there.
            return false;
        } finally {
            result = null;
        }
    }

    private void take(JsonNode yielded) {
        if (result != null) {
            throw new SecondValueException();
        }
        result = yielded;
    }
}

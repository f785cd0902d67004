package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.jq.expression.Expression;
import io.delivery.jq.grammar.JqParser;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import io.delivery.jq.value.JsonReader;
import io.delivery.jq.value.NameCache;
import io.delivery.record.Attempts;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;
import io.delivery.record.RecordFailedException;
import java.util.Optional;

/**
 * Runs a jq program on one record after the other, each under a budget, and makes something of what
 * it yields. The record is JSON in UTF-8 as jq reads it ({@link JsonReader}). One with several JSON
 * values gets a result for each of them, as in jq, and so fails unless all but one yield nothing.
 *
 * <p>A program that looks at some places of its record only is run by {@link SelectiveRun} first.
 * What that gives up is read as a whole, from its beginning: every failure is told here alone.
 *
 * <p>Every failure has the code that was asked for, and a message without the record's contents.
 */
final class JqRun<R> {
    private final Budget budget = new Budget();
    private final NameCache names = new NameCache();
    private final long steps;
    private final StepAllowance allowance;
    private final JqLimit.Listener limits;
    private final Expression program;
    private final Optional<SelectiveRun<R>> selective;
    private final JqUse<R> use;
    private final String code;
    private JsonNode result;
    private boolean empty;

    /**
     * @param steps how many steps the program may take on one record: about one for every part of
     *     the program that runs, every value that it yields and every 4 elements that it copies.
     *     All records together may take 20 times as many at once, and then what each record brings
     *     ({@link StepAllowance})
     * @param limits hears of each record that failed because a limit was reached
     * @param code of each failure
     * @param use of what is yielded
     */
    JqRun(JqProgram program, long steps, JqLimit.Listener limits, String code, JqUse<R> use) {
        this(program, steps, limits, code, use, Optional.of(new Attempts()));
    }

    /**
     * @param attempts say when only the places are read that the program looks at; empty for never
     */
    JqRun(
            JqProgram program,
            long steps,
            JqLimit.Listener limits,
            String code,
            JqUse<R> use,
            Optional<Attempts> attempts) {
        if (steps < 1) {
            throw new IllegalArgumentException("at least one step is needed, was " + steps);
        }
        this.steps = steps;
        this.allowance = new StepAllowance(steps);
        this.limits = limits;
        this.code = code;
        this.use = use;
        try {
            this.program = JqParser.parse(program.query(), budget);
        } catch (JqSyntaxException compiledBefore) {
            throw new IllegalStateException(compiledBefore);
        }
        this.selective = attempts.flatMap(when -> SelectiveRun.of(this.program, use, budget, when));
    }

    /**
     * What comes of a record.
     *
     * @throws RecordFailedException when it is not JSON, the program fails on it, needs too much or
     *     yields more than one value
     */
    R on(DeliveryRecord record) throws RecordFailedException {
        long allowed = allowance.next(record.length());
        try {
            if (selective.isPresent() && selective.get().on(record, allowed)) {
                return selective.get().takeMade();
            }
            budget.begin(allowed);
            evaluate(record);
            return use.of(result, budget);
        } catch (Budget.LimitExceededException beyond) {
            throw limited(beyond, allowed);
        } catch (StackOverflowError tooDeep) {
            limits.reached(JqLimit.RECORD);
            throw failed("the jq query recurses too deeply on this record");
        } catch (SecondValueException several) {
            throw failed("the jq query yields more than one value for this record");
        } catch (RuntimeException unexpected) {
            // Whatever an odd value may do to the interpreter, the next record can be read.
            throw failed("the jq query fails on this record: " + unexpected.getClass().getName());
        } finally {
            result = null;
            allowance.take(allowed - budget.left());
        }
    }

    /** Lets go the names that the records have had, which are kept for the sake of speed. */
    void rest() {
        names.forget();
        selective.ifPresent(SelectiveRun::rest);
    }

    private RecordFailedException limited(Budget.LimitExceededException beyond, long allowed) {
        if (beyond.isOfSteps() && allowed < steps) {
            limits.reached(JqLimit.STREAM);
            return failed(
                    "the jq query takes more than "
                            + allowed
                            + " steps on this record: the records before have used up what it could"
                            + " take beyond that, up to "
                            + steps);
        }
        limits.reached(JqLimit.RECORD);
        return failed(beyond.getMessage());
    }

    private void evaluate(DeliveryRecord record) throws RecordFailedException {
        result = null;
        empty = true;
        int begin = record.offset();
        JsonReader reader = new JsonReader(record.array(), begin, begin + record.length(), names);
        for (JsonNode value = read(reader); value != null; value = read(reader)) {
            empty = false;
            if (reader.hasAlikeNames()) {
                budget.raiseMembers();
            }
            run(value);
        }
    }

    /** Whether the record that is run on has no value: it is empty or has only white space. */
    boolean isOnEmptyRecord() {
        return empty;
    }

    private JsonNode read(JsonReader reader) throws RecordFailedException {
        try {
            return reader.next();
        } catch (JsonReader.NotJsonException notJson) {
            throw failed(
                    "the record is not JSON: "
                            + notJson.getMessage()
                            + ", at byte "
                            + (notJson.place() + 1));
        }
    }

    private void run(JsonNode value) throws RecordFailedException {
        try {
            program.run(
                    null,
                    value,
                    null,
                    (yielded, path) -> {
                        if (result != null) {
                            throw new SecondValueException();
                        }
                        result = yielded;
                    });
        } catch (JqError error) {
            throw failed(
                    error.isRaised()
                            ? "the jq query raises an error on this record"
                            : "the jq query fails on this record: " + error.withoutValues());
        }
    }

    /** With the code of this program's failures. */
    RecordFailedException failed(String message) {
        return new RecordFailedException(
                new Failure(Failure.Kind.PROCESSING_FAILED, code, message));
    }
}

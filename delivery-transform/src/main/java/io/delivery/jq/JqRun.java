package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.jq.expression.Expression;
import io.delivery.jq.grammar.JqParser;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import io.delivery.jq.value.JsonReader;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;
import io.delivery.record.RecordFailedException;

/**
 * Runs a jq program on one record after the other, each under a budget. The record is JSON in UTF-8
 * as jq reads it ({@link JsonReader}). One with several JSON values gets a result for each of them,
 * as in jq, and so fails unless all but one yield nothing.
 *
 * <p>Every failure has the code that was asked for, and a message without the record's contents.
 */
final class JqRun {
    private final Budget budget = new Budget();
    private final long steps;
    private final StepAllowance allowance;
    private final JqLimit.Listener limits;
    private final Expression program;
    private final String code;
    private JsonNode result;
    private boolean empty;

    /** Passes through every {@code try} of the program. */
    private static final class SecondValueException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SecondValueException() {
            super(null, null, false, false);
        }
    }

    /** Makes something of the value that the program yields; its work is in the same budget. */
    @FunctionalInterface
    interface Use<R> {
        /**
         * @param yielded null when the program yields nothing
         */
        R of(JsonNode yielded, Budget budget) throws RecordFailedException;
    }

    /**
     * @param steps how many steps the program may take on one record: about one for every part of
     *     the program that runs, every value that it yields and every 4 elements that it copies.
     *     All records together may take 20 times as many at once, and then what each record brings
     *     ({@link StepAllowance})
     * @param limits hears of each record that failed because a limit was reached
     * @param code of each failure
     */
    JqRun(JqProgram program, long steps, JqLimit.Listener limits, String code) {
        if (steps < 1) {
            throw new IllegalArgumentException("at least one step is needed, was " + steps);
        }
        this.steps = steps;
        this.allowance = new StepAllowance(steps);
        this.limits = limits;
        this.code = code;
        try {
            this.program = JqParser.parse(program.query(), budget);
        } catch (JqSyntaxException compiledBefore) {
            throw new IllegalStateException(compiledBefore);
        }
    }

    /**
     * What comes of a record.
     *
     * @throws RecordFailedException when it is not JSON, the program fails on it, needs too much or
     *     yields more than one value
     */
    <R> R on(DeliveryRecord record, Use<R> use) throws RecordFailedException {
        long allowed = allowance.next(record.length());
        budget.begin(allowed);
        try {
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
        JsonReader reader = new JsonReader(record.array(), begin, begin + record.length());
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

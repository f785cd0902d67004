package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.jq.expression.Expression;
import io.delivery.jq.grammar.JqParser;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import io.delivery.jq.value.JqText;
import io.delivery.jq.value.JsonReader;
import io.delivery.partition.PartitionKeyExtractor;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;
import io.delivery.record.RecordFailedException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Partition keys by a jq program. The record is JSON in UTF-8 as jq reads it ({@link JsonReader});
 * the program must yield exactly one object on it. A record with several JSON values gets a result
 * for each of them, as in jq, and so fails unless all but one yield nothing.
 *
 * <p>Keys become text: strings as they are (half of a surrogate pair becomes U+FFFD), numbers as jq
 * 1.6 prints them but integers with all their digits, booleans as {@code true} and {@code false}. A
 * key that is null, missing, an empty string, an array or an object fails the record.
 *
 * <p>Every failure has code {@code DynamicPartitioning.MetadataExtractionFailed} and a message
 * without the record's contents.
 */
public final class JqKeyExtractor implements PartitionKeyExtractor {
    /** Steps that a program may take on one record, unless something else is said. */
    public static final long DEFAULT_STEPS = 1_000_000;

    private static final String CODE = "DynamicPartitioning.MetadataExtractionFailed";

    private final Budget budget = new Budget();
    private final long steps;
    private final StepAllowance allowance;
    private final JqLimit.Listener limits;
    private final Expression program;
    private JsonNode result;

    /** Passes through every {@code try} of the program. */
    private static final class SecondValueException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SecondValueException() {
            super(null, null, false, false);
        }
    }

    /** With {@link #DEFAULT_STEPS}. */
    public JqKeyExtractor(JqProgram program) {
        this(program, DEFAULT_STEPS, limit -> {});
    }

    /**
     * @param steps how many steps the program may take on one record: about one for every part of
     *     the program that runs, every value that it yields and every 4 elements that it copies.
     *     All records together may take 20 times as many at once, and then what each record brings
     *     ({@link StepAllowance})
     * @param limits hears of each record that failed because a limit was reached
     */
    public JqKeyExtractor(JqProgram program, long steps, JqLimit.Listener limits) {
        if (steps < 1) {
            throw new IllegalArgumentException("at least one step is needed, was " + steps);
        }
        this.steps = steps;
        this.allowance = new StepAllowance(steps);
        this.limits = limits;
        try {
            this.program = JqParser.parse(program.query(), budget);
        } catch (JqSyntaxException compiledBefore) {
            throw new IllegalStateException(compiledBefore);
        }
    }

    @Override
    public Map<String, String> extract(DeliveryRecord record) throws RecordFailedException {
        long allowed = allowance.next(record.length());
        budget.begin(allowed);
        try {
            return keys(evaluate(record));
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

    private JsonNode evaluate(DeliveryRecord record) throws RecordFailedException {
        result = null;
        boolean empty = true;
        int begin = record.offset();
        JsonReader reader = new JsonReader(record.array(), begin, begin + record.length());
        for (JsonNode value = read(reader); value != null; value = read(reader)) {
            empty = false;
            if (reader.hasAlikeNames()) {
                budget.raiseMembers();
            }
            run(value);
        }
        if (empty) {
            throw failed("the record is empty or has only white space");
        }
        if (result == null) {
            throw failed("the jq query yields nothing for this record");
        }
        return result;
    }

    private static JsonNode read(JsonReader reader) throws RecordFailedException {
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

    private Map<String, String> keys(JsonNode yielded) throws RecordFailedException {
        if (!yielded.isObject()) {
            throw failed("the jq query does not yield an object for this record");
        }
        Map<String, String> keys = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : yielded.properties()) {
            JsonNode value = member.getValue();
            if (value.isContainerNode()) {
                throw failed("partitionKeys values must be strings, numbers or booleans");
            }
            String text = value.isNull() ? "" : JqText.text(value, budget);
            if (text.isEmpty() || value.isDouble() && Double.isNaN(value.doubleValue())) {
                throw failed("partitionKeys values must not be null or empty");
            }
            keys.put(member.getKey(), JqText.withoutLoneSurrogates(text));
        }
        return Collections.unmodifiableMap(keys);
    }

    private static RecordFailedException failed(String message) {
        return new RecordFailedException(
                new Failure(Failure.Kind.PROCESSING_FAILED, CODE, message));
    }
}

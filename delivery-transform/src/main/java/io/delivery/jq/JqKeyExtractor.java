package io.delivery.jq;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.partition.PartitionKeyExtractor;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;
import io.delivery.record.RecordFailedException;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.exception.JsonQueryUserException;

/**
 * Partition keys by a jq program. The record is UTF-8 JSON (of duplicate members the last counts);
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

    static final int MOST_NESTED = 1_000;
    private static final int MOST_DIGITS = 1_000;
    private static final String CODE = "DynamicPartitioning.MetadataExtractionFailed";

    private static final ObjectMapper JSON =
            new ObjectMapper(
                    JsonFactory.builder()
                            // UTF-8 only: zeros in the first bytes do not make it UTF-16.
                            .disable(JsonFactory.Feature.CHARSET_DETECTION)
                            // Names of hostile records are no use to keep.
                            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                            .streamReadConstraints(
                                    StreamReadConstraints.builder()
                                            .maxNestingDepth(MOST_NESTED)
                                            .maxNumberLength(MOST_DIGITS)
                                            .build())
                            .build());

    private final Budget budget;
    private final Expression program;
    private JsonNode result;

    /** With {@link #DEFAULT_STEPS}. */
    public JqKeyExtractor(JqProgram program) {
        this(program, DEFAULT_STEPS);
    }

    /**
     * @param steps how many steps the program may take on one record: about one for every part of
     *     the program that runs, every value that it yields and every 4 elements that it copies
     */
    public JqKeyExtractor(JqProgram program, long steps) {
        if (steps < 1) {
            throw new IllegalArgumentException("at least one step is needed, was " + steps);
        }
        this.budget = new Budget(steps);
        try {
            this.program =
                    JqParser.parse(program.query(), new JqFunctions(budget), budget).expression();
        } catch (JqSyntaxException compiledBefore) {
            throw new IllegalStateException(compiledBefore);
        }
    }

    @Override
    public Map<String, String> extract(DeliveryRecord record) throws RecordFailedException {
        Objects.requireNonNull(record, "record");
        try {
            return keys(evaluate(record));
        } catch (Budget.LimitExceededException beyond) {
            throw failed(beyond.getMessage());
        } catch (StackOverflowError tooDeep) {
            throw failed("the jq query recurses too deeply on this record");
        } catch (RuntimeException unexpected) {
            // Whatever an odd value may do to the interpreter, the next record can be read.
            throw failed("the jq query fails on this record: " + unexpected.getClass().getName());
        } finally {
            result = null;
        }
    }

    private JsonNode evaluate(DeliveryRecord record) throws RecordFailedException {
        budget.begin();
        result = null;
        boolean empty = true;
        int mark = byteOrderMark(record);
        try (JsonParser parser =
                JSON.createParser(record.array(), record.offset() + mark, record.length() - mark)) {
            JsonNode value;
            while ((value = read(parser)) != null) {
                empty = false;
                run(value);
            }
        } catch (IOException inMemory) {
            throw new IllegalStateException(inMemory);
        }
        if (empty) {
            throw failed("the record is empty or has only white space");
        }
        if (result == null) {
            throw failed("the jq query yields nothing for this record");
        }
        return result;
    }

    /** Skipped at the front of a record, as jq does: its length, or 0. */
    private static int byteOrderMark(DeliveryRecord record) {
        byte[] array = record.array();
        int at = record.offset();
        return record.length() >= 3
                        && array[at] == (byte) 0xEF
                        && array[at + 1] == (byte) 0xBB
                        && array[at + 2] == (byte) 0xBF
                ? 3
                : 0;
    }

    private JsonNode read(JsonParser parser) throws RecordFailedException, IOException {
        try {
            return JSON.readTree(parser);
        } catch (StreamConstraintsException beyond) {
            throw failed(
                    "the record's JSON is beyond a limit: nested deeper than "
                            + MOST_NESTED
                            + ", or a number longer than "
                            + MOST_DIGITS
                            + " digits");
        } catch (JsonProcessingException notJson) {
            throw failed(
                    "the record is not JSON: at byte " + parser.currentLocation().getByteOffset());
        } catch (IOException notUtf8) {
            throw failed("the record is not JSON in UTF-8");
        }
    }

    private void run(JsonNode value) throws RecordFailedException {
        try {
            program.apply(
                    Scope.newEmptyScope(),
                    value,
                    null,
                    (yielded, path) -> {
                        if (result != null) {
                            throw new Budget.LimitExceededException(
                                    "the jq query yields more than one value for this record");
                        }
                        result = yielded;
                    },
                    false);
        } catch (JsonQueryUserException raised) {
            throw failed("the jq query raises an error on this record");
        } catch (JsonQueryException error) {
            throw failed("the jq query fails on this record: " + withoutValues(error.getMessage()));
        }
    }

    private static Map<String, String> keys(JsonNode yielded) throws RecordFailedException {
        if (!yielded.isObject()) {
            throw failed("the jq query does not yield an object for this record");
        }
        Map<String, String> keys = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : yielded.properties()) {
            JsonNode value = member.getValue();
            if (value.isContainerNode()) {
                throw failed("partitionKeys values must be strings, numbers or booleans");
            }
            String text = value.isNull() ? "" : JqText.text(value);
            if (text.isEmpty() || value.isDouble() && Double.isNaN(value.doubleValue())) {
                throw failed("partitionKeys values must not be null or empty");
            }
            keys.put(member.getKey(), JqText.withoutLoneSurrogates(text));
        }
        return Collections.unmodifiableMap(keys);
    }

    /** What jq puts in quotes and parentheses comes from the record. */
    private static String withoutValues(String message) {
        if (message == null) {
            return "an error";
        }
        return message.replaceAll("\\(.*\\)|\".*\"", "…").replaceAll("[\\r\\n].*", "");
    }

    private static RecordFailedException failed(String message) {
        return new RecordFailedException(
                new Failure(Failure.Kind.PROCESSING_FAILED, CODE, message));
    }
}

package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqText;
import io.delivery.partition.KeyExpression;
import io.delivery.partition.PartitionKeyExtractor;
import io.delivery.record.Attempts;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordFailedException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Partition keys by a jq program, which must yield exactly one object on the record ({@link
 * JqRun}).
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

    private final JqRun<Map<String, String>> run;
    private final Set<String> literalKeys;

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
        this(program, steps, limits, Optional.of(new Attempts()));
    }

    /**
     * @param attempts say when only the places are read that the program looks at; empty for never
     */
    JqKeyExtractor(
            JqProgram program, long steps, JqLimit.Listener limits, Optional<Attempts> attempts) {
        this.run = new JqRun<>(program, steps, limits, CODE, this::keys, attempts);
        this.literalKeys = program.keys().orElse(Set.of());
    }

    @Override
    public Map<String, String> extract(DeliveryRecord record) throws RecordFailedException {
        return run.on(record);
    }

    @Override
    public void rest() {
        run.rest();
    }

    private Map<String, String> keys(JsonNode yielded, Budget budget) throws RecordFailedException {
        if (yielded == null) {
            throw run.failed(
                    run.isOnEmptyRecord()
                            ? "the record is empty or has only white space"
                            : "the jq query yields nothing for this record");
        }
        if (!yielded.isObject()) {
            throw run.failed("the jq query does not yield an object for this record");
        }
        String[] names = new String[yielded.size()];
        String[] values = new String[names.length];
        int index = 0;
        for (Map.Entry<String, JsonNode> member : yielded.properties()) {
            JsonNode value = member.getValue();
            if (value.isContainerNode()) {
                throw run.failed("partitionKeys values must be strings, numbers or booleans");
            }
            String text = value.isNull() ? "" : JqText.text(value, budget);
            if (text.isEmpty() || value.isDouble() && Double.isNaN(value.doubleValue())) {
                throw run.failed(nullOrEmpty(member.getKey()));
            }
            names[index] = member.getKey();
            values[index++] = JqText.withoutLoneSurrogates(text);
        }
        return index <= SmallMap.MOST ? new SmallMap(names, values) : map(names, values);
    }

    private static Map<String, String> map(String[] names, String[] values) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
            keys.put(names[i], values[i]);
        }
        return Collections.unmodifiableMap(keys);
    }

    /** Names the key if the program does: any other name may be contents of the record. */
    private String nullOrEmpty(String key) {
        return literalKeys.contains(key)
                ? KeyExpression.nullOrEmptyQueryKey(key)
                : KeyExpression.NULL_OR_EMPTY;
    }
}

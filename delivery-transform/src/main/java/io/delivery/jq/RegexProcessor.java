package io.delivery.jq;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.jq.regex.Regex;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqText;
import io.delivery.processing.BatchHints;
import io.delivery.processing.Outcome;
import io.delivery.processing.RecordProcessor;
import io.delivery.record.SequencedRecord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Each record, a text in UTF-8, becomes a JSON object of the named groups of a regular expression's
 * first match in it, in the order of the pattern. A group that took no part is null; of several
 * with one name the last one that took part counts. A record without a match fails; one without
 * bytes is dropped.
 *
 * <p>The match need not be the whole record: {@code ^} and {@code $} ask for that. A match takes
 * steps of a budget like a jq program, so that no record can hold a lane.
 *
 * <p>Every failure has code {@code Processing.RegexFailed}.
 */
public final class RegexProcessor extends RecordProcessor {
    private static final String CODE = "Processing.RegexFailed";
    private static final Outcome DROPPED = new Outcome.Dropped();

    /** Few records to a batch: each of the groups may have the whole record. */
    private static final BatchHints HINTS =
            new BatchHints(1, 32, 1 << 20, Duration.ZERO, Duration.ofMinutes(5));

    private final Budget budget = new Budget();
    private final RecordPattern pattern;
    private final long steps;
    private final StepAllowance allowance;
    private final JqLimit.Listener limits;

    /**
     * @param steps how many steps a search may take in one record, usually {@link
     *     JqKeyExtractor#DEFAULT_STEPS}; every 8 instructions of the regular expression are one.
     *     All records together may take 20 times as many at once, and then what each record brings:
     *     10,000 and 5 for each of its bytes
     * @param limits hears of each record that failed because a limit was reached
     */
    public RegexProcessor(RecordPattern pattern, long steps, JqLimit.Listener limits) {
        this.pattern = pattern;
        this.steps = steps;
        this.allowance = new StepAllowance(steps);
        this.limits = limits;
    }

    @Override
    public BatchHints hints() {
        return HINTS;
    }

    @Override
    protected Outcome outcome(SequencedRecord record) {
        if (record.length() == 0) {
            return DROPPED;
        }
        String text;
        try {
            text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(
                                    ByteBuffer.wrap(
                                            record.array(), record.offset(), record.length()))
                            .toString();
        } catch (CharacterCodingException notUtf8) {
            return failed(CODE, "the record is not in UTF-8");
        }
        long allowed = allowance.next(record.length());
        budget.begin(allowed);
        try {
            Regex.Match match = pattern.regex().search(text, 0, budget);
            return match == null
                    ? failed(CODE, "the regular expression does not match the record")
                    : ok(json(match, text).getBytes(StandardCharsets.UTF_8));
        } catch (Budget.LimitExceededException beyond) {
            return limited(allowed);
        } catch (StackOverflowError tooDeep) {
            limits.reached(JqLimit.RECORD);
            return failed(CODE, "the regular expression recurses too deeply on this record");
        } finally {
            allowance.take(allowed - budget.left());
        }
    }

    private String json(Regex.Match match, String text) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, List<Integer>> group : pattern.groups().entrySet()) {
            object.putNull(group.getKey());
            for (int number : group.getValue()) {
                if (match.tookPart(number)) {
                    object.put(
                            group.getKey(), text.substring(match.begin(number), match.end(number)));
                }
            }
        }
        return JqText.withoutLoneSurrogates(JqText.json(object, budget));
    }

    private Outcome limited(long allowed) {
        boolean ofStream = allowed < steps;
        limits.reached(ofStream ? JqLimit.STREAM : JqLimit.RECORD);
        String message =
                "the regular expression takes more than %d steps on this record".formatted(allowed);
        return failed(
                CODE,
                ofStream
                        ? message
                                + ": the records before have used up what it could take beyond"
                                + " that, up to "
                                + steps
                        : message);
    }
}

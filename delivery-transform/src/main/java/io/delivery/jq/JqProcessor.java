package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqText;
import io.delivery.processing.BatchHints;
import io.delivery.processing.Outcome;
import io.delivery.processing.RecordProcessor;
import io.delivery.record.RecordFailedException;
import io.delivery.record.SequencedRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Each record becomes what a jq program yields on it, in UTF-8 and as {@code jq -c} prints it
 * without the line feed: a string is in quotes. A program that yields nothing drops the record, and
 * so does a record that is empty or has only white space, on which no program yields anything; one
 * that yields more than one value fails it, because a processor makes no two records out of one.
 *
 * <p>Every failure has code {@code Processing.JqFailed}.
 */
public final class JqProcessor extends RecordProcessor {
    private static final String CODE = "Processing.JqFailed";
    private static final Outcome DROPPED = new Outcome.Dropped();

    /** Few records to a batch: each may become as much as {@link Budget#MOST_CHARACTERS}. */
    private static final BatchHints HINTS =
            new BatchHints(1, 32, 1 << 20, Duration.ZERO, Duration.ofMinutes(5));

    private final JqRun<Outcome> run;

    /**
     * @param steps how many steps the program may take on one record, usually {@link
     *     JqKeyExtractor#DEFAULT_STEPS}. All records together may take 20 times as many at once,
     *     and then what each record brings: 10,000 and 5 for each of its bytes
     * @param limits hears of each record that failed because a limit was reached
     */
    public JqProcessor(JqProgram program, long steps, JqLimit.Listener limits) {
        this.run = new JqRun<>(program, steps, limits, CODE, JqProcessor::printed);
    }

    @Override
    public BatchHints hints() {
        return HINTS;
    }

    @Override
    protected Outcome outcome(SequencedRecord record) {
        try {
            return run.on(record);
        } catch (RecordFailedException failed) {
            return new Outcome.ProcessingFailed(failed.failure());
        }
    }

    @Override
    public void rest() {
        run.rest();
    }

    private static Outcome printed(JsonNode yielded, Budget budget) {
        if (yielded == null) {
            return DROPPED;
        }
        String json = JqText.json(yielded, budget);
        return ok(JqText.withoutLoneSurrogates(json).getBytes(StandardCharsets.UTF_8));
    }
}

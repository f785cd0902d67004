package io.delivery.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Incarnation;
import io.delivery.record.SequencedRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link Processor} does. A batch of it may fail, or have no answer within the limit of
 * its hints: then the same records are sent again, as a producer would.
 */
@Timeout(60)
public abstract class ProcessorContract {
    private static final Incarnation STREAM = new Incarnation(1, 2);
    private static final long ARRIVAL = 77;
    private static final int MOST_ATTEMPTS = 200;

    /** A fresh processor, not yet opened. */
    protected abstract Processor processor();

    /** Lets this much time pass, and whatever answers in it. */
    protected abstract void pass(Duration time);

    /** A record that it takes. No two are alike. */
    protected abstract String record(int number);

    /** Asserts that this outcome is one that the record may have. */
    protected abstract void requireOutcomeOf(String record, Outcome outcome);

    /** A batch that is with the processor, and the memory of its records. */
    private static final class Batch {
        private final List<String> texts;
        private final List<Embedded> memory = new ArrayList<>();
        private final List<byte[]> copies = new ArrayList<>();
        private final CompletableFuture<List<Outcome>> answer;

        Batch(Processor processor, List<String> texts) {
            this.texts = texts;
            List<SequencedRecord> records = new ArrayList<>();
            for (String text : texts) {
                Embedded embedded = Embedded.of(text);
                memory.add(embedded);
                copies.add(embedded.copyOfArray());
                DeliveryRecord view = embedded.record(ARRIVAL);
                records.add(
                        new SequencedRecord()
                                .at(
                                        records.size(),
                                        0,
                                        true,
                                        view.array(),
                                        view.offset(),
                                        view.length(),
                                        ARRIVAL));
            }
            CompletionStage<List<Outcome>> stage = processor.process(records);
            assertThat(stage).as("a stage, whatever becomes of it").isNotNull();
            this.answer = stage.toCompletableFuture();
        }

        /** The outcomes; empty when the batch failed or has none yet. */
        private Optional<List<Outcome>> outcomes() {
            if (!answer.isDone() || answer.isCompletedExceptionally()) {
                return Optional.empty();
            }
            for (int i = 0; i < memory.size(); i++) {
                assertThat(memory.get(i).isStill(copies.get(i)))
                        .as("the record's array is not changed")
                        .isTrue();
            }
            return Optional.of(answer.join());
        }
    }

    private Processor opened() {
        Processor processor = processor();
        processor.open(STREAM);
        return processor;
    }

    /** Waits for an answer, for as long as its lane would. */
    private void await(Processor processor, Batch batch) {
        Duration limit = processor.hints().limit();
        Duration step = limit.dividedBy(50);
        for (int i = 0; i <= 50 && !batch.answer.isDone(); i++) {
            pass(step);
        }
    }

    private List<Outcome> outcomes(Processor processor, List<String> texts) {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            Batch batch = new Batch(processor, texts);
            await(processor, batch);
            Optional<List<Outcome>> outcomes = batch.outcomes();
            if (outcomes.isPresent()) {
                batch.memory.forEach(Embedded::overwrite);
                return outcomes.get();
            }
        }
        throw new AssertionError("no batch of this processor succeeds: " + texts);
    }

    private List<String> records(int from, int count) {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(record(from + i));
        }
        return records;
    }

    private void requireOutcomesOf(List<String> records, List<Outcome> outcomes) {
        assertThat(outcomes).as("one outcome per record").hasSameSizeAs(records);
        for (int i = 0; i < records.size(); i++) {
            requireOutcomeOf(records.get(i), outcomes.get(i));
        }
    }

    // --- batches ---

    @Test
    protected void batches_are_processed_after_a_rest_as_before() {
        try (Processor processor = opened()) {
            for (int batch = 0; batch < 3; batch++) {
                processor.rest();
                List<String> records = records(batch * 3, 3);

                requireOutcomesOf(records, outcomes(processor, records));
            }
        }
    }

    @Test
    protected void each_record_has_one_outcome_in_order() {
        try (Processor processor = opened()) {
            for (int count : new int[] {1, 2, processor.hints().records()}) {
                List<String> records = records(100 * count, count);

                requireOutcomesOf(records, outcomes(processor, records));
            }
        }
    }

    @Test
    protected void a_batch_without_records_has_no_outcomes() {
        try (Processor processor = opened()) {
            assertThat(outcomes(processor, List.of())).isEmpty();
        }
    }

    @Test
    protected void a_record_without_bytes_has_an_outcome() {
        try (Processor processor = opened()) {
            assertThat(outcomes(processor, List.of(record(0), "", record(1)))).hasSize(3);
        }
    }

    @Test
    protected void outcomes_stay_when_the_memory_of_the_records_is_used_again() {
        try (Processor processor = opened()) {
            List<String> records = records(0, processor.hints().records());
            List<Outcome> outcomes = outcomes(processor, records); // overwrites the records

            outcomes(processor, records(10_000, processor.hints().records()));

            requireOutcomesOf(records, outcomes);
        }
    }

    @Test
    protected void several_batches_are_with_it_at_a_time() {
        try (Processor processor = opened()) {
            int answered = 0;
            for (int round = 0; round < MOST_ATTEMPTS && answered < 3; round++) {
                List<Batch> batches = new ArrayList<>();
                for (int i = 0; i < processor.hints().concurrency(); i++) {
                    batches.add(new Batch(processor, records(1000 * i, 2)));
                }
                batches.forEach(batch -> await(processor, batch));
                for (Batch batch : batches) {
                    if (batch.outcomes().isPresent()) {
                        answered++;
                        requireOutcomesOf(batch.texts, batch.outcomes().get());
                    }
                }
            }
            assertThat(answered).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    protected void it_is_called_on_one_thread_after_the_other() throws Exception {
        try (Processor processor = opened()) {
            for (int i = 0; i < 3; i++) {
                ExecutorService thread = Executors.newSingleThreadExecutor();
                List<String> records = records(100 * i, 2);
                Callable<List<Outcome>> asking = () -> outcomes(processor, records);
                try {
                    requireOutcomesOf(records, thread.submit(asking).get(50, TimeUnit.SECONDS));
                } finally {
                    thread.shutdownNow();
                }
            }
        }
    }

    @Test
    protected void no_list_of_records_is_refused_at_once() {
        try (Processor processor = opened()) {
            assertThatThrownBy(() -> processor.process(null))
                    .isInstanceOf(NullPointerException.class);

            requireOutcomesOf(records(0, 1), outcomes(processor, records(0, 1)));
        }
    }

    @Test
    protected void hints_stay_the_same() {
        try (Processor processor = processor()) {
            assertThat(processor.hints()).isNotNull().isEqualTo(processor.hints());
            processor.open(STREAM);
            assertThat(processor.hints()).isEqualTo(processor().hints());
        }
    }

    // --- the end ---

    @Test
    protected void it_may_be_closed_twice_and_without_having_been_opened() {
        Processor used = opened();
        outcomes(used, records(0, 1));
        used.close();
        used.close();

        Processor unused = processor();
        unused.close();
        unused.close();
    }

    @Test
    protected void a_batch_after_the_end_fails_and_throws_nothing() {
        Processor processor = opened();
        processor.close();

        Batch late = new Batch(processor, records(0, 1));
        await(processor, late);

        assertThat(late.answer).isCompletedExceptionally();
    }

    @Test
    protected void batches_that_are_with_it_at_the_end_harm_nobody() {
        Processor processor = opened();
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < processor.hints().concurrency(); i++) {
            batches.add(new Batch(processor, records(10 * i, 2)));
        }

        processor.close();
        batches.forEach(batch -> await(processor, batch));

        for (Batch batch : batches) {
            batch.outcomes().ifPresent(outcomes -> requireOutcomesOf(batch.texts, outcomes));
        }
    }

    /** The text of an outcome's bytes. */
    protected static String text(Outcome.Ok ok) {
        return new String(ok.data(), StandardCharsets.UTF_8);
    }

    /** Asserts that it is one of these kinds. */
    protected static void requireKind(Outcome outcome, Class<?>... kinds) {
        assertThat(Arrays.asList(kinds)).contains(outcome.getClass());
    }
}

package io.delivery.lane.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.buffer.MemoryBudget;
import io.delivery.partition.PartitionKeys;
import io.delivery.processing.BatchHints;
import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;
import io.delivery.record.SequencedRecord;
import io.delivery.testkit.SimWorld;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ProcessingWindowTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int MANY = 1000;

    private final SimWorld sim = SimWorld.seeded(7);
    private final MemoryBudget memory = new MemoryBudget(1 << 20);
    private int signals;

    /** Keeps every batch until the test answers it. */
    private static final class Held implements Processor {
        private final BatchHints hints;
        private final List<List<String>> batches = new ArrayList<>();
        private final List<CompletableFuture<List<Outcome>>> answers = new ArrayList<>();
        private long workingBytesPerByte;

        Held(BatchHints hints) {
            this.hints = hints;
        }

        @Override
        public BatchHints hints() {
            return hints;
        }

        @Override
        public long workingBytes(int records, long recordBytes) {
            return workingBytesPerByte * recordBytes;
        }

        @Override
        public CompletionStage<List<Outcome>> process(List<? extends SequencedRecord> records) {
            batches.add(records.stream().map(DeliveryRecord::toUtf8).toList());
            answers.add(new CompletableFuture<>());
            return answers.get(answers.size() - 1);
        }

        void answer(int batch, String suffix) {
            answers.get(batch)
                    .complete(
                            batches.get(batch).stream()
                                    .map(text -> ok(text + suffix, Map.of()))
                                    .toList());
        }
    }

    private static Outcome ok(String text, Map<String, String> keys) {
        return new Outcome.Ok(
                text.getBytes(StandardCharsets.UTF_8), new PartitionKeys(Map.of(), keys));
    }

    private static BatchHints hints(int concurrency, int records, Duration interval) {
        return new BatchHints(concurrency, records, MANY, interval, Duration.ofSeconds(30));
    }

    private ProcessingWindow window(Processor... processors) {
        return new ProcessingWindow(
                List.of(processors),
                MANY,
                sim.world().scheduler(),
                sim.world().scheduler().serial("lane"),
                memory,
                () -> signals++);
    }

    private static void add(ProcessingWindow window, String... texts) {
        for (String text : texts) {
            byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
            SequencedRecord view = new SequencedRecord();
            var record = view.at(text.charAt(0), 0, true, bytes, 1, text.length(), 5);
            window.add(record, record);
        }
    }

    private List<String> taken(ProcessingWindow window) {
        sim.scheduler().runUntilIdle();
        List<String> taken = new ArrayList<>();
        for (Part part = window.next(); part != null; part = window.next()) {
            taken.add(part.decided() == null ? part.toUtf8() : part.decided().toString());
        }
        return taken;
    }

    @Test
    void outcomes_are_taken_in_log_order_whichever_batch_is_answered_first() {
        Held processor = new Held(hints(3, 2, Duration.ZERO));
        ProcessingWindow window = window(processor);
        add(window, "a", "b", "c", "d", "e");
        window.stepEnded();
        assertThat(processor.batches)
                .containsExactly(List.of("a", "b"), List.of("c", "d"), List.of("e"));

        processor.answer(2, "!");
        processor.answer(1, "!");
        assertThat(taken(window)).isEmpty();
        assertThat(window.parts()).isEqualTo(5);
        processor.answer(0, "!");

        assertThat(taken(window)).containsExactly("a!", "b!", "c!", "d!", "e!");
        assertThat(window.parts()).isZero();
        assertThat(signals).isEqualTo(3);
    }

    @Test
    void no_more_batches_are_with_a_processor_than_it_asks_for() {
        Held processor = new Held(hints(2, 1, Duration.ZERO));
        ProcessingWindow window = window(processor);

        add(window, "a", "b", "c");
        assertThat(processor.batches).containsExactly(List.of("a"), List.of("b"));
        assertThat(window.full()).isTrue();
        processor.answer(1, "");
        sim.scheduler().runUntilIdle();

        assertThat(processor.batches).containsExactly(List.of("a"), List.of("b"), List.of("c"));
    }

    @Test
    void a_window_of_small_records_holds_as_many_full_batches_as_the_processor_asks_for() {
        Held processor = new Held(new BatchHints(2, 1000, 8000, SECOND, Duration.ofSeconds(30)));
        ProcessingWindow window = window(processor);

        while (!window.full()) {
            add(window, "8 bytes.");
        }

        assertThat(processor.batches).hasSize(2);
        assertThat(processor.batches).allSatisfy(batch -> assertThat(batch).hasSize(1000));
    }

    @Test
    void a_quiet_stream_does_not_call_the_processor_for_each_record() {
        Held processor = new Held(hints(1, 100, SECOND));
        ProcessingWindow window = window(processor);

        add(window, "a");
        window.stepEnded();
        sim.scheduler().runFor(Duration.ofMillis(900));
        add(window, "b");
        window.stepEnded();
        assertThat(processor.batches).isEmpty();
        sim.scheduler().runFor(Duration.ofMillis(100));

        assertThat(processor.batches).containsExactly(List.of("a", "b"));
    }

    @Test
    void a_batch_is_full_by_its_bytes_and_a_larger_record_is_a_batch_of_its_own() {
        Held processor = new Held(new BatchHints(9, 100, 4, SECOND, Duration.ofSeconds(30)));
        ProcessingWindow window = window(processor);

        add(window, "aa", "bb", "ccccccc", "d");
        window.drain();

        assertThat(processor.batches)
                .containsExactly(List.of("aa", "bb"), List.of("ccccccc"), List.of("d"));
    }

    @Test
    void what_waits_for_company_is_sent_when_the_range_is_to_be_sealed() {
        Held first = new Held(hints(1, 100, SECOND));
        Held second = new Held(hints(1, 100, SECOND));
        ProcessingWindow window = window(first, second);
        add(window, "a", "b");
        assertThat(first.batches).isEmpty();

        window.drain();
        first.answer(0, "1");
        sim.scheduler().runUntilIdle();
        second.answer(0, "2");

        assertThat(taken(window)).containsExactly("a12", "b12");
    }

    @Test
    void a_full_window_behind_a_processor_that_makes_records_smaller_does_not_wait_for_more() {
        Processor shrinking =
                new Processor() {
                    @Override
                    public CompletionStage<List<Outcome>> process(
                            List<? extends SequencedRecord> records) {
                        return CompletableFuture.completedFuture(
                                records.stream().map(record -> ok("s", Map.of())).toList());
                    }
                };
        BatchHints hundreds =
                new BatchHints(2, 100, 100_000, Duration.ofMinutes(1), Duration.ofMinutes(5));
        Held second = new Held(hundreds);
        ProcessingWindow window = window(shrinking, second);

        for (int i = 0; i < 95; i++) {
            add(window, "x".repeat(50_000));
        }
        assertThat(window.full()).isTrue();
        window.stepEnded();
        sim.scheduler().runUntilIdle();

        assertThat(second.batches).hasSize(1);
        assertThat(second.batches.get(0)).hasSize(95);
        second.answer(0, "!");
        assertThat(taken(window)).hasSize(95).containsOnly("s!");
    }

    @Test
    void a_batch_without_an_answer_fails_at_the_limit_and_its_late_answer_is_ignored() {
        Held processor = new Held(hints(1, 1, Duration.ZERO));
        ProcessingWindow window = window(processor);
        add(window, "a", "b");

        sim.scheduler().runFor(Duration.ofSeconds(30));
        List<String> atTheLimit = taken(window);
        processor.answer(0, " too late");
        processor.answer(1, " in time");

        assertThat(atTheLimit).hasSize(1);
        assertThat(atTheLimit.get(0)).contains("InternalError").contains("within PT30S");
        assertThat(taken(window)).containsExactly("b in time");
    }

    @Test
    void whatever_is_no_answer_fails_the_records_of_its_batch_alone() {
        List<CompletionStage<List<Outcome>>> answers =
                new ArrayList<>(
                        List.of(
                                CompletableFuture.failedFuture(new IllegalStateException("gone")),
                                CompletableFuture.completedFuture(null),
                                CompletableFuture.completedFuture(List.of()),
                                CompletableFuture.completedFuture(
                                        java.util.Collections.singletonList(null)),
                                CompletableFuture.completedFuture(
                                        List.of(ok("f", Map.of()), ok("f", Map.of())))));
        answers.add(null);
        Processor processor =
                new Processor() {
                    @Override
                    public BatchHints hints() {
                        return ProcessingWindowTest.hints(9, 1, Duration.ZERO);
                    }

                    @Override
                    public CompletionStage<List<Outcome>> process(
                            List<? extends SequencedRecord> records) {
                        if (answers.isEmpty()) {
                            throw new IllegalStateException("thrown");
                        }
                        return answers.remove(0);
                    }
                };
        ProcessingWindow window = window(processor);

        add(window, "a", "b", "c", "d", "e", "f", "g");

        List<String> taken = taken(window);
        assertThat(taken).hasSize(7).allMatch(fate -> fate.contains("InternalError"));
        assertThat(taken.get(0)).contains("The processor failed: ", "illegal state: gone");
        assertThat(taken.get(6)).contains("The processor failed: ", "illegal state: thrown");
    }

    @Test
    void a_failure_shows_the_bytes_from_before_the_first_processor() {
        Held first = new Held(hints(1, 1, Duration.ZERO));
        Held second = new Held(hints(1, 1, Duration.ZERO));
        ProcessingWindow window = window(first, second);
        add(window, "a");
        first.answer(0, " changed");
        sim.scheduler().runUntilIdle();
        Failure failure = new Failure(Failure.Kind.PROCESSING_FAILED, "Lambda.X", "no");
        second.answers.get(0).complete(List.of(new Outcome.ProcessingFailed(failure)));
        sim.scheduler().runUntilIdle();

        Part part = window.next();

        assertThat(part.decided()).isEqualTo(new Fate.Failed(failure));
        assertThat(part.toUtf8()).isEqualTo("a");
        SequencedRecord named = part.as(new SequencedRecord());
        assertThat(named.sequence()).isEqualTo('a');
        assertThat(named.arrivalMillis()).isEqualTo(5);
    }

    @Test
    void keys_of_the_last_processor_that_gives_any_are_those_of_the_part() {
        Processor keyed =
                new Processor() {
                    @Override
                    public CompletionStage<List<Outcome>> process(
                            List<? extends SequencedRecord> records) {
                        return CompletableFuture.completedFuture(
                                List.of(ok("x", Map.of("k", "v"))));
                    }
                };
        Held plain = new Held(hints(1, 1, Duration.ZERO));
        ProcessingWindow window = window(keyed, plain);
        add(window, "a");
        window.stepEnded();
        sim.scheduler().runUntilIdle();
        plain.answer(0, "y");
        sim.scheduler().runUntilIdle();

        Part part = window.next();

        assertThat(part.toUtf8()).isEqualTo("xy");
        assertThat(part.keys().fromLambda()).containsExactly(Map.entry("k", "v"));
    }

    @Test
    void bytes_are_reserved_while_parts_are_in_the_window_and_given_back_with_them() {
        Held processor = new Held(hints(1, 1, Duration.ZERO));
        ProcessingWindow window = window(processor);
        assertThat(memory.usedBytes()).isZero();

        add(window, "a", "b");
        long two = memory.usedBytes();
        processor.answer(0, "x".repeat(500));
        sim.scheduler().runUntilIdle();
        long grown = memory.usedBytes();
        taken(window);
        long one = memory.usedBytes();
        window.abandon();

        assertThat(two).isGreaterThan(one);
        assertThat(grown).isGreaterThanOrEqualTo(two + 500);
        assertThat(one).isPositive();
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void keys_that_a_processor_gives_count_as_memory() {
        Held processor = new Held(hints(1, 1, Duration.ZERO));
        ProcessingWindow window = window(processor);
        add(window, "a");
        long before = memory.usedBytes();

        processor.answers.get(0).complete(List.of(ok("a", Map.of("key", "v".repeat(500)))));
        sim.scheduler().runUntilIdle();

        assertThat(memory.usedBytes()).isGreaterThan(before + 500);
        assertThat(taken(window)).containsExactly("a");
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void what_a_processor_takes_for_a_batch_counts_as_memory_while_it_has_the_batch() {
        Held processor = new Held(hints(2, 2, SECOND));
        processor.workingBytesPerByte = 1000;
        ProcessingWindow window = window(processor);

        add(window, "a");
        assertThat(memory.usedBytes()).isLessThan(1000);
        add(window, "b", "c", "d");
        assertThat(memory.usedBytes()).isBetween(4000L, 5000L);
        processor.answer(0, "!");
        sim.scheduler().runUntilIdle();
        assertThat(memory.usedBytes()).isBetween(2000L, 3000L);
        sim.scheduler().runFor(Duration.ofSeconds(31)); // the other batch has failed by now
        taken(window);
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void what_a_processor_takes_for_a_batch_is_given_back_when_the_window_is_abandoned() {
        Held processor = new Held(hints(2, 2, SECOND));
        processor.workingBytesPerByte = 1000;
        ProcessingWindow window = window(processor);
        add(window, "a", "b");

        window.abandon();
        processor.answer(0, "!");
        sim.scheduler().runFor(Duration.ofSeconds(31));

        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void a_time_out_that_comes_when_the_window_was_just_abandoned_gives_no_memory_back_again() {
        Held processor = new Held(hints(1, 1, Duration.ZERO));
        processor.workingBytesPerByte = 1000;
        List<Runnable> lane = new ArrayList<>();
        ProcessingWindow window =
                new ProcessingWindow(
                        List.of(processor),
                        MANY,
                        sim.world().scheduler(),
                        lane::add,
                        memory,
                        () -> signals++);
        add(window, "a");
        sim.scheduler().runFor(Duration.ofSeconds(31));
        assertThat(lane).isNotEmpty();

        window.abandon();
        memory.reserve(5000); // somebody else's
        lane.forEach(Runnable::run);

        assertThat(memory.usedBytes()).isEqualTo(5000);
        assertThat(signals).isZero();
    }

    @Test
    void what_is_answered_after_the_window_was_abandoned_is_ignored() {
        Held processor = new Held(hints(1, 1, SECOND));
        ProcessingWindow window = window(processor);
        add(window, "a", "b");

        window.abandon();
        processor.answer(0, "");
        sim.scheduler().runFor(Duration.ofMinutes(1));

        assertThat(taken(window)).isEmpty();
        assertThat(processor.batches).hasSize(1);
        assertThat(signals).isZero();
    }

    @Test
    void hints_that_cannot_be_kept_are_refused() {
        Duration zero = Duration.ZERO;
        assertThatThrownBy(() -> new BatchHints(0, 1, 1, zero, SECOND))
                .hasMessageContaining("at least 1");
        assertThatThrownBy(() -> new BatchHints(1, 0, 1, zero, SECOND))
                .hasMessageContaining("at least 1");
        assertThatThrownBy(() -> new BatchHints(1, 1, 0, zero, SECOND))
                .hasMessageContaining("at least 1");
        assertThatThrownBy(() -> new BatchHints(1, 1, 1, SECOND.negated(), SECOND))
                .hasMessageContaining("negative");
        assertThatThrownBy(() -> new BatchHints(1, 1, 1, zero, zero))
                .hasMessageContaining("more than none");
    }
}

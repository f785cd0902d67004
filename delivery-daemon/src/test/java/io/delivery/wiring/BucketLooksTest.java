package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.machine.Machine;
import io.delivery.testkit.ManualClock;
import io.delivery.testkit.SimEntropy;
import io.delivery.testkit.SimScheduler;
import io.delivery.world.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BucketLooksTest {
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofMinutes(5);

    private final Machine machine = new Machine();
    private final CountDownLatch answers = new CountDownLatch(1);
    private final CountDownLatch asked = new CountDownLatch(1);
    private final List<String> begun = new CopyOnWriteArrayList<>();

    @AfterEach
    void end() {
        answers.countDown();
        machine.close();
    }

    private BucketLooks looks(Duration patience) {
        return new BucketLooks(machine.world().scheduler(), this::look, patience);
    }

    /** The store {@code silent} answers when the test lets it; the others have no bucket. */
    private boolean look(String store, String bucket) {
        begun.add(store + "/" + bucket);
        if (bucket.equals("broken")) {
            throw new IllegalStateException("injected");
        }
        if (store.equals("silent")) {
            asked.countDown();
            try {
                answers.await();
            } catch (InterruptedException ended) {
                throw new IllegalStateException(ended);
            }
        }
        return true;
    }

    private static boolean answer(CompletionStage<Boolean> look) throws Exception {
        return look.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void what_a_store_says_is_told() throws Exception {
        assertThat(answer(looks(LONG).isMissing("well", "b"))).isTrue();
        assertThatThrownBy(() -> answer(looks(LONG).isMissing("well", "broken")))
                .hasRootCauseMessage("injected");
    }

    @Test
    void a_store_that_does_not_answer_is_waited_for_shortly_and_asked_once_at_a_time()
            throws Exception {
        BucketLooks looks = looks(SHORT);

        List<CompletionStage<Boolean>> waiting =
                Stream.of("a", "b", "c", "d", "e").map(b -> looks.isMissing("silent", b)).toList();

        for (CompletionStage<Boolean> look : waiting) {
            assertThat(answer(look)).as("nobody can tell").isFalse();
        }
        answers.countDown();
        assertThat(answer(whenItAnswers(looks))).isTrue();
        assertThat(begun).containsExactly("silent/a", "silent/z");
    }

    @Test
    void once_somebody_has_waited_in_vain_nobody_waits_until_the_store_answers() throws Exception {
        BucketLooks looks = looks(SHORT);
        assertThat(answer(looks.isMissing("silent", "a"))).isFalse();

        assertThat(looks.isMissing("silent", "b").toCompletableFuture())
                .isCompletedWithValue(false);

        answers.countDown();
        assertThat(answer(whenItAnswers(looks))).isTrue();
        assertThat(begun).containsExactly("silent/a", "silent/z");
    }

    /** The first look that is not answered at once; within 20 s. */
    private static CompletionStage<Boolean> whenItAnswers(BucketLooks looks) {
        long begin = System.nanoTime();
        CompletionStage<Boolean> look = looks.isMissing("silent", "z");
        while (isFalse(look)) {
            assertThat(System.nanoTime() - begin)
                    .as("ns until the store is asked again")
                    .isLessThan(TimeUnit.SECONDS.toNanos(20));
            Thread.onSpinWait();
            look = looks.isMissing("silent", "z");
        }
        return look;
    }

    private static boolean isFalse(CompletionStage<Boolean> look) {
        return Boolean.FALSE.equals(look.toCompletableFuture().getNow(null));
    }

    /** As when Terraform creates ten streams with a backup at a time. */
    @Test
    void many_looks_at_a_store_that_answers_are_all_told_however_long_they_take_together() {
        ManualClock clock = new ManualClock();
        SimScheduler scheduler = new SimScheduler(clock, new SimEntropy(1));
        BucketLooks looks =
                new BucketLooks(
                        scheduler,
                        (store, bucket) -> {
                            scheduler.advance(Duration.ofMillis(300));
                            return true;
                        },
                        Duration.ofSeconds(2));

        List<CompletionStage<Boolean>> waiting =
                IntStream.range(0, 20).mapToObj(i -> looks.isMissing("slow", "b" + i)).toList();
        assertThat(scheduler.timers()).as("patience of looks that have not begun").isZero();
        scheduler.runUntilIdle();

        assertThat(waiting)
                .allSatisfy(
                        look -> assertThat(look.toCompletableFuture()).isCompletedWithValue(true));
        assertThat(scheduler.timers()).isZero();
    }

    @Test
    void when_patience_with_one_look_ends_all_that_wait_for_their_turn_are_answered()
            throws Exception {
        Queue<Runnable> patience = new ConcurrentLinkedQueue<>();
        BucketLooks looks =
                new BucketLooks(
                        new PatienceByHand(machine.world().scheduler(), patience),
                        this::look,
                        LONG);
        CompletionStage<Boolean> first = looks.isMissing("silent", "a");
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        CompletionStage<Boolean> second = looks.isMissing("silent", "b");
        CompletionStage<Boolean> third = looks.isMissing("silent", "c");

        patience.remove().run();

        assertThat(List.of(first, second, third))
                .allSatisfy(
                        look -> assertThat(look.toCompletableFuture()).isCompletedWithValue(false));
        assertThat(looks.isMissing("silent", "d").toCompletableFuture())
                .isCompletedWithValue(false);
    }

    /** Nobody can have made the bucket between the call and the look that answers it. */
    @Test
    void callers_who_wait_for_one_bucket_share_a_look_that_begins_after_their_calls()
            throws Exception {
        BucketLooks looks = looks(LONG);
        List<CompletionStage<Boolean>> waiting = new ArrayList<>();
        waiting.add(looks.isMissing("silent", "a"));
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        for (String bucket : List.of("b", "a", "b", "a", "b")) {
            waiting.add(looks.isMissing("silent", bucket));
        }

        answers.countDown();

        for (CompletionStage<Boolean> look : waiting) {
            assertThat(answer(look)).isTrue();
        }
        assertThat(begun).containsExactly("silent/a", "silent/b", "silent/a");
    }

    /** Timers end when the test says so, on its thread. */
    private record PatienceByHand(Scheduler threads, Queue<Runnable> patience)
            implements Scheduler {
        @Override
        public Executor serial(String name) {
            return threads.serial(name);
        }

        @Override
        public Executor pool(String name, int width) {
            return threads.pool(name, width);
        }

        @Override
        public Cancellable after(Duration delay, Executor where, Runnable task) {
            patience.add(task);
            return () -> patience.remove(task);
        }
    }

    @Test
    void a_store_that_does_not_answer_holds_up_no_look_at_another_one() throws Exception {
        BucketLooks looks = looks(LONG);
        for (String bucket : List.of("a", "b", "c", "d", "e", "f")) {
            looks.isMissing("silent", bucket);
        }
        asked.await();

        assertThat(answer(looks.isMissing("well", "b"))).isTrue();
    }

    @Test
    void looks_that_wait_for_their_turn_are_answered_in_order() throws Exception {
        BucketLooks looks = looks(LONG);
        CompletionStage<Boolean> first = looks.isMissing("silent", "a");
        CompletionStage<Boolean> second = looks.isMissing("silent", "b");

        answers.countDown();

        assertThat(answer(first)).isTrue();
        assertThat(answer(second)).isTrue();
        assertThat(begun).containsExactly("silent/a", "silent/b");
    }
}

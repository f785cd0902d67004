package io.delivery.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.world.Clock;
import io.delivery.world.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link Scheduler} does. */
public abstract class SchedulerContract {
    /** The scheduler under test. */
    protected abstract Scheduler scheduler();

    /** The clock it goes by. */
    protected abstract Clock clock();

    /**
     * Returns once the latch is open, or fails. Turns the loop, if somebody has to; what tasks
     * throw is of no interest.
     */
    protected abstract void await(CountDownLatch latch) throws Exception;

    @Test
    void a_serial_executor_runs_its_tasks_in_order() throws Exception {
        Executor serial = scheduler().serial("in order");
        List<Integer> ran = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);

        for (int i = 0; i < 1000; i++) {
            int number = i;
            serial.execute(() -> ran.add(number));
        }
        serial.execute(done::countDown);
        await(done);

        assertThat(ran).isEqualTo(IntStream.range(0, 1000).boxed().toList());
    }

    @Test
    void a_serial_executor_never_runs_two_tasks_at_once_and_each_sees_what_the_last_wrote()
            throws Exception {
        Executor serial = scheduler().serial("counter");
        Executor givers = scheduler().pool("givers", 4);
        CountDownLatch done = new CountDownLatch(4000);
        int[] plain = new int[1];

        for (int giver = 0; giver < 4; giver++) {
            givers.execute(
                    () -> {
                        for (int i = 0; i < 1000; i++) {
                            serial.execute(
                                    () -> {
                                        plain[0]++;
                                        done.countDown();
                                    });
                        }
                    });
        }
        await(done);

        assertThat(plain[0]).isEqualTo(4000);
    }

    @Test
    void a_task_never_runs_inside_the_call_that_gives_it() throws Exception {
        ThreadLocal<Boolean> giving = ThreadLocal.withInitial(() -> false);
        AtomicBoolean inside = new AtomicBoolean();
        CountDownLatch done = new CountDownLatch(6);
        Runnable task =
                () -> {
                    if (giving.get()) {
                        inside.set(true);
                    }
                    done.countDown();
                };
        List<Executor> executors =
                List.of(scheduler().serial("serial"), scheduler().pool("pool", 2));

        for (Executor executor : executors) {
            Runnable give =
                    () -> {
                        giving.set(true);
                        executor.execute(task);
                        scheduler().after(Duration.ZERO, executor, task);
                        giving.set(false);
                        done.countDown();
                    };
            executor.execute(give);
        }
        await(done);

        assertThat(inside).isFalse();
    }

    @Test
    void a_task_that_throws_does_not_stop_the_ones_behind_it() throws Exception {
        Executor serial = scheduler().serial("unlucky");
        Executor pool = scheduler().pool("unlucky, too", 1);
        CountDownLatch done = new CountDownLatch(2);

        for (Executor executor : List.of(serial, pool)) {
            executor.execute(
                    () -> {
                        throw new IllegalStateException("thrown on purpose by a test");
                    });
            executor.execute(done::countDown);
        }
        await(done);

        assertThat(done.getCount()).isZero();
    }

    @Test
    void a_pool_runs_everything_and_never_more_than_its_width_at_once() throws Exception {
        Executor pool = scheduler().pool("narrow", 3);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch done = new CountDownLatch(300);

        for (int i = 0; i < 300; i++) {
            int number = i;
            pool.execute(
                    () -> {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        ran.add(number);
                        running.decrementAndGet();
                        done.countDown();
                    });
        }
        await(done);

        assertThat(ran)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 300).boxed().toList());
        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void a_pool_without_width_is_refused() {
        assertThatThrownBy(() -> scheduler().pool("none", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pool none: width must be at least 1");
    }

    @Test
    void a_timed_task_comes_after_its_delay_on_the_monotonic_clock() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        long[] ranAt = new long[1];
        long begin = clock().nanoTime();

        scheduler()
                .after(
                        Duration.ofMillis(20),
                        scheduler().serial("timed"),
                        () -> {
                            ranAt[0] = clock().nanoTime();
                            done.countDown();
                        });
        await(done);

        assertThat(ranAt[0] - begin).isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
    }

    @Test
    void timed_tasks_come_in_the_order_of_their_times() throws Exception {
        Executor serial = scheduler().serial("timed");
        List<String> ran = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(3);

        for (int millis : new int[] {500, 250, -5}) {
            scheduler()
                    .after(
                            Duration.ofMillis(millis),
                            serial,
                            () -> {
                                ran.add(millis + " ms");
                                done.countDown();
                            });
        }
        await(done);

        assertThat(ran).containsExactly("-5 ms", "250 ms", "500 ms");
    }

    @Test
    void a_timed_task_that_was_taken_back_does_not_come() throws Exception {
        Executor serial = scheduler().serial("timed");
        AtomicBoolean came = new AtomicBoolean();
        CountDownLatch later = new CountDownLatch(1);

        Scheduler.Cancellable task =
                scheduler().after(Duration.ofMillis(300), serial, () -> came.set(true));
        scheduler().after(Duration.ofMillis(330), serial, later::countDown);
        task.cancel();
        task.cancel();
        await(later);

        assertThat(came).isFalse();
    }

    @Test
    void a_timer_beyond_all_time_is_set_and_taken_back() {
        Scheduler.Cancellable never =
                scheduler()
                        .after(
                                Duration.ofSeconds(Long.MAX_VALUE),
                                scheduler().serial("never"),
                                () -> {});

        never.cancel();
    }
}

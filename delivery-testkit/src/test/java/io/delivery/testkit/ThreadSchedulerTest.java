package io.delivery.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.machine.SystemClock;
import io.delivery.machine.ThreadScheduler;
import io.delivery.testkit.contract.SchedulerContract;
import io.delivery.world.Clock;
import io.delivery.world.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThreadSchedulerTest extends SchedulerContract {
    private final ThreadScheduler scheduler = new ThreadScheduler();

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Override
    protected Scheduler scheduler() {
        return scheduler;
    }

    @Override
    protected Clock clock() {
        return new SystemClock();
    }

    @Override
    protected void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_pool_runs_as_many_at_once_as_it_is_wide() throws Exception {
        Executor pool = scheduler.pool("wide", 3);
        CyclicBarrier allThree = new CyclicBarrier(3);
        CountDownLatch met = new CountDownLatch(3);

        for (int i = 0; i < 3; i++) {
            pool.execute(
                    () -> {
                        try {
                            allThree.await(30, TimeUnit.SECONDS);
                            met.countDown();
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    });
        }

        await(met);
    }

    @Test
    void a_thread_bears_the_name_of_the_executor_it_works_for() throws Exception {
        CompletableFuture<Thread> worker = new CompletableFuture<>();
        CompletableFuture<String> name = new CompletableFuture<>();

        scheduler
                .serial("clickstream/main")
                .execute(
                        () -> {
                            worker.complete(Thread.currentThread());
                            name.complete(Thread.currentThread().getName());
                        });

        assertThat(name.get(30, TimeUnit.SECONDS)).isEqualTo("clickstream/main");
        assertThat(worker.get(30, TimeUnit.SECONDS).isDaemon()).isTrue();
    }

    @Test
    void closing_waits_for_what_was_given_and_takes_nothing_more() {
        Executor serial = scheduler.serial("closing");
        AtomicBoolean timer = new AtomicBoolean();
        AtomicBoolean late = new AtomicBoolean();
        int[] ran = new int[1];
        for (int i = 0; i < 10_000; i++) {
            serial.execute(() -> ran[0]++);
        }
        scheduler.after(Duration.ofMillis(1000), serial, () -> timer.set(true));

        scheduler.close();
        serial.execute(() -> late.set(true));
        scheduler.after(Duration.ZERO, serial, () -> late.set(true));
        scheduler.close();

        assertThat(ran[0]).isEqualTo(10_000);
        assertThat(timer).isFalse();
        assertThat(late).isFalse();
    }
}

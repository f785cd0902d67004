package io.delivery.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ThreadStartTest {
    private final AtomicInteger missing = new AtomicInteger();

    private Thread started(Runnable task) {
        if (missing.getAndDecrement() > 0) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        return new Thread(task);
    }

    @Test
    void tasks_wait_for_a_thread_when_none_can_be_started() throws Exception {
        try (ThreadScheduler scheduler = new ThreadScheduler(this::started)) {
            Executor serial = scheduler.serial("orders/main");
            CountDownLatch ran = new CountDownLatch(2);
            missing.set(3);

            serial.execute(ran::countDown);
            serial.execute(ran::countDown);

            assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void a_task_that_nobody_follows_runs_as_well_once_a_thread_can_be_started() throws Exception {
        try (ThreadScheduler scheduler = new ThreadScheduler(this::started)) {
            CountDownLatch ran = new CountDownLatch(1);
            missing.set(2);

            scheduler.pool("encoding", 2).execute(ran::countDown);

            assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}

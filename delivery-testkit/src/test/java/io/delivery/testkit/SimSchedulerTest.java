package io.delivery.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.testkit.contract.SchedulerContract;
import io.delivery.world.Clock;
import io.delivery.world.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class SimSchedulerTest extends SchedulerContract {
    private final ManualClock clock = new ManualClock();
    private final SimScheduler scheduler = new SimScheduler(clock, new SimEntropy(3));
    private final List<String> ran = new ArrayList<>();

    @Override
    protected Scheduler scheduler() {
        return scheduler;
    }

    @Override
    protected Clock clock() {
        return clock;
    }

    @Override
    protected void await(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                if (!scheduler.runOne() && !scheduler.advanceToNextTimer()) {
                    throw new AssertionError("nothing left to wait for");
                }
            } catch (IllegalStateException expected) {
                assertThat(expected).hasMessage("thrown on purpose by a test");
            }
        }
    }

    @Test
    void what_a_task_throws_comes_out_of_the_loop() {
        scheduler
                .serial("crashing")
                .execute(
                        () -> {
                            throw new SimulatedCrash("now");
                        });

        assertThatThrownBy(scheduler::runUntilIdle).isInstanceOf(SimulatedCrash.class);
    }

    @Test
    void the_dead_do_nothing_and_the_outside_goes_on() {
        Executor process = scheduler.serial("process");
        Executor outside = scheduler.outside().serial("outside");
        process.execute(() -> ran.add("dead"));
        scheduler.after(Duration.ofSeconds(1), process, () -> ran.add("dead timer"));
        outside.execute(() -> ran.add("outside"));
        scheduler.outside().after(Duration.ofSeconds(1), outside, () -> ran.add("outside timer"));

        scheduler.dropAll();
        process.execute(() -> ran.add("dead, given later"));
        scheduler.after(Duration.ZERO, process, () -> ran.add("dead timer, given later"));
        scheduler.serial("process").execute(() -> ran.add("next life"));
        scheduler.runFor(Duration.ofSeconds(1));

        assertThat(ran).containsExactlyInAnyOrder("outside", "outside timer", "next life");
    }

    @Test
    void time_stands_still_until_it_is_moved() {
        Executor serial = scheduler.serial("timed");
        scheduler.after(Duration.ofSeconds(2), serial, () -> ran.add("two"));
        long begin = clock.nanoTime();

        scheduler.runUntilIdle();
        scheduler.advance(Duration.ofMillis(1999));
        scheduler.runUntilIdle();
        assertThat(ran).isEmpty();
        assertThat(scheduler.untilNextTimer()).hasValue(Duration.ofMillis(1));

        clock.advance(Duration.ofMillis(1));
        scheduler.runUntilIdle();
        assertThat(ran).containsExactly("two");
        assertThat(clock.nanoTime() - begin).isEqualTo(Duration.ofSeconds(2).toNanos());
    }

    @Test
    void a_timer_that_sets_itself_again_fires_at_each_of_its_times() {
        Executor serial = scheduler.serial("ticks");
        Runnable[] tick = new Runnable[1];
        tick[0] =
                () -> {
                    ran.add("tick");
                    scheduler.after(Duration.ofSeconds(10), serial, tick[0]);
                };
        scheduler.after(Duration.ofSeconds(10), serial, tick[0]);
        long begin = clock.nanoTime();

        scheduler.runFor(Duration.ofSeconds(65));

        assertThat(ran).hasSize(6);
        assertThat(clock.nanoTime() - begin).isEqualTo(Duration.ofSeconds(65).toNanos());
    }

    @Test
    void a_jump_of_the_wall_clock_fires_nothing() {
        scheduler.after(Duration.ofSeconds(2), scheduler.serial("timed"), () -> ran.add("two"));

        clock.jumpWall(Duration.ofDays(1));
        scheduler.runUntilIdle();

        assertThat(ran).isEmpty();
        assertThat(clock.millis())
                .isEqualTo(ManualClock.BEGIN.plus(Duration.ofDays(1)).toEpochMilli());
    }

    @Test
    void the_seed_decides_the_order_between_executors() {
        assertThat(order(1)).isEqualTo(order(1)).isNotEqualTo(order(2));
    }

    private static List<Integer> order(long seed) {
        SimScheduler scheduler = new SimScheduler(new ManualClock(), new SimEntropy(seed));
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            scheduler.serial("lane " + i).execute(() -> order.add(number));
        }
        scheduler.runUntilIdle();
        return order;
    }
}

package io.delivery.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.testkit.SimWorld;
import io.delivery.world.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class EncodingPoolTest {
    private final SimWorld sim = SimWorld.seeded(3);
    private final List<String> ran = new ArrayList<>();

    private Runnable task(String name) {
        return () -> ran.add(name);
    }

    @Test
    void streams_take_turns() {
        EncodingPool pool = new EncodingPool(sim.world().scheduler(), 1, 100, 1000);
        for (int i = 0; i < 5; i++) {
            pool.submit("busy", 1, task("busy" + i));
        }
        pool.submit("quiet", 1, task("quiet"));

        sim.scheduler().runUntilIdle();

        assertThat(ran).hasSize(6);
        assertThat(ran.indexOf("quiet")).isLessThanOrEqualTo(2);
        assertThat(ran.stream().filter(name -> name.startsWith("busy")))
                .containsExactly("busy0", "busy1", "busy2", "busy3", "busy4");
    }

    @Test
    void a_task_larger_than_the_memory_runs_alone_and_not_never() {
        Queue<Runnable> started = new ArrayDeque<>();
        EncodingPool pool = new EncodingPool(notRunning(started), 4, 100, 1000);

        pool.submit("a", 60, task("a"));
        pool.submit("b", 1000, task("b"));
        pool.submit("c", 60, task("c"));

        for (String next : List.of("a", "b", "c")) {
            assertThat(started).hasSize(1);
            started.remove().run();
            assertThat(ran).endsWith(next);
        }
        assertThat(started).isEmpty();
    }

    @Test
    void a_task_that_needs_no_memory_neither_waits_for_any_nor_takes_it_from_others() {
        Queue<Runnable> started = new ArrayDeque<>();
        EncodingPool pool = new EncodingPool(notRunning(started), 4, 100, 1000);

        pool.submit("wide", 0, task("wide"));
        pool.submit("busy", 50, task("busy1"));
        pool.submit("busy", 50, task("busy2"));
        pool.submit("wide", 0, task("wide"));
        pool.submit("busy", 50, task("busy3"));

        assertThat(started).hasSize(4);
        while (!started.isEmpty()) {
            started.remove().run();
        }
        assertThat(ran).containsExactlyInAnyOrder("wide", "wide", "busy1", "busy2", "busy3");
    }

    /** Puts what a pool is given here, and leaves it to the test when it runs. */
    private static Scheduler notRunning(Queue<Runnable> started) {
        return new Scheduler() {
            @Override
            public Executor serial(String name) {
                throw new AssertionError("not asked for");
            }

            @Override
            public Executor pool(String name, int width) {
                return started::add;
            }

            @Override
            public Cancellable after(Duration delay, Executor where, Runnable task) {
                throw new AssertionError("not asked for");
            }
        };
    }

    @Test
    void the_largest_task_is_never_smaller_than_the_memory_of_all() {
        assertThat(new EncodingPool(sim.world().scheduler(), 1, 100, 1000).largestTask())
                .isEqualTo(1000);
        assertThat(new EncodingPool(sim.world().scheduler(), 1, 100, 10).largestTask())
                .isEqualTo(100);
    }

    @Test
    void a_task_that_throws_gives_its_place_back() {
        EncodingPool pool = new EncodingPool(sim.world().scheduler(), 1, 100, 1000);
        pool.submit(
                "a",
                100,
                () -> {
                    throw new IllegalStateException("injected");
                });
        pool.submit("a", 100, task("next"));

        while (ran.isEmpty()) {
            try {
                sim.scheduler().runUntilIdle();
            } catch (IllegalStateException injected) {
                assertThat(injected).hasMessage("injected");
            }
        }

        assertThat(ran).containsExactly("next");
    }

    @Test
    void a_stream_is_idle_when_its_last_task_has_ended_however_it_did() {
        EncodingPool pool = new EncodingPool(sim.world().scheduler(), 1, 100, 1000);
        assertThat(pool.idle("a").toCompletableFuture()).isDone();
        pool.submit("a", 1, task("a1"));
        pool.submit("b", 1, task("b1"));
        pool.submit(
                "a",
                1,
                () -> {
                    throw new IllegalStateException("injected");
                });
        pool.idle("a").thenRun(() -> ran.add("a is idle"));

        while (ran.size() < 3) {
            try {
                sim.scheduler().runUntilIdle();
            } catch (IllegalStateException injected) {
                assertThat(injected).hasMessage("injected");
            }
        }

        assertThat(ran).contains("a1", "b1").endsWith("a is idle");
        assertThat(pool.idle("a").toCompletableFuture()).isDone();
    }
}

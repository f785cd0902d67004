package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GenerationTest {
    private final List<String> closed = new ArrayList<>();
    private final Generation<String> lake = new Generation<>("store lake", "lake", closed::add);

    @Test
    void it_is_closed_at_once_when_it_is_retired_and_nobody_works_with_it() {
        lake.lease().close();
        assertThat(closed).isEmpty();

        lake.retire();

        assertThat(closed).containsExactly("lake");
        assertThatThrownBy(lake::lease)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("store lake is not in force any more");
    }

    @Test
    void nobody_new_works_with_one_that_is_retired_while_others_still_do() {
        Generation.Lease<String> lease = lake.lease();
        lake.retire();

        assertThatThrownBy(lake::lease).hasMessage("store lake is not in force any more");
        assertThat(closed).isEmpty();
        lease.close();
        assertThat(closed).containsExactly("lake");
    }

    @Test
    void whoever_has_a_lease_goes_on_and_the_last_one_closes_it() {
        Generation.Lease<String> one = lake.lease();
        Generation.Lease<String> other = lake.lease();
        lake.retire();
        one.close();
        assertThat(closed).isEmpty();
        assertThat(other.value()).isEqualTo("lake");

        other.close();

        assertThat(closed).containsExactly("lake");
    }

    @Test
    void an_error_while_it_is_closed_keeps_nobody_from_hearing_that_it_is() {
        Generation<String> defective =
                new Generation<>(
                        "store lake",
                        "lake",
                        value -> {
                            throw new NoClassDefFoundError("of/a/Client");
                        });
        defective.onClosed(() -> closed.add("told"));

        defective.retire();

        assertThat(closed).containsExactly("told");
    }

    @Test
    void a_lease_that_is_given_back_twice_is_given_back_once() {
        Generation.Lease<String> one = lake.lease();
        Generation.Lease<String> other = lake.lease();
        one.close();
        one.close();
        lake.retire();
        one.close();

        assertThat(closed).isEmpty();
        other.close();
        other.close();
        assertThat(closed).containsExactly("lake");
    }

    @Test
    void it_is_closed_once_however_often_it_is_retired_and_ended() {
        Generation.Lease<String> lease = lake.lease();
        lake.retire();
        lake.retire();
        lease.close();
        lake.end();
        lake.retire();

        assertThat(closed).containsExactly("lake");
    }

    @Test
    void when_the_process_ends_it_is_closed_whoever_works_with_it() {
        Generation.Lease<String> lease = lake.lease();

        lake.end();
        lease.close();

        assertThat(closed).containsExactly("lake");
    }

    @Test
    void a_failure_to_close_keeps_nobody_from_going_on() {
        AtomicBoolean told = new AtomicBoolean();
        Generation<String> broken =
                new Generation<>(
                        "store lake",
                        "lake",
                        value -> {
                            throw new IllegalStateException("no route to host");
                        });
        broken.onClosed(() -> told.set(true));

        broken.retire();

        assertThat(told).isTrue();
    }

    /** Threads come and go while it is retired: each of them finds it open, or is refused. */
    @Test
    void it_is_never_closed_under_anybody_who_has_a_lease() throws Exception {
        int threads = 4;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 200; round++) {
                AtomicInteger closings = new AtomicInteger();
                AtomicBoolean isClosed = new AtomicBoolean();
                Generation<String> generation =
                        new Generation<>(
                                "store lake",
                                "lake",
                                value -> {
                                    isClosed.set(true);
                                    closings.incrementAndGet();
                                });
                CountDownLatch begun = new CountDownLatch(threads);
                List<Future<Boolean>> workers = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    workers.add(
                            pool.submit(
                                    () -> {
                                        begun.countDown();
                                        return workUntilItIsRefused(generation, isClosed);
                                    }));
                }
                begun.await();
                generation.retire();
                for (Future<Boolean> worker : workers) {
                    assertThat(worker.get(20, TimeUnit.SECONDS)).isTrue();
                }
                assertThat(closings).hasValue(1);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static boolean workUntilItIsRefused(
            Generation<String> generation, AtomicBoolean isClosed) {
        boolean neverClosedUnderUs = true;
        while (true) {
            try (Generation.Lease<String> lease = generation.lease()) {
                Thread.onSpinWait();
                neverClosedUnderUs &= lease.value().equals("lake") && !isClosed.get();
            } catch (IllegalStateException refused) {
                return neverClosedUnderUs;
            }
        }
    }
}

package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LeasedNamesTest {
    private final LeasedNames names = new LeasedNames();

    @Test
    void a_name_is_leased_until_everybody_has_given_it_back() {
        Runnable one = names.lease("lake");
        Runnable other = names.lease("lake");
        one.run();
        one.run();
        assertThat(names.isLeased("lake")).as("given back once, by one of two").isTrue();
        assertThat(names.isLeased("pond")).isFalse();

        other.run();

        assertThat(names.isLeased("lake")).isFalse();
        names.lease("lake");
        one.run();
        assertThat(names.isLeased("lake")).as("an old lease gives nothing back").isTrue();
    }

    @Test
    void leases_of_many_threads_are_all_counted() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                workers.add(
                        pool.submit(
                                () -> {
                                    for (int times = 0; times < 2000; times++) {
                                        Runnable lease = names.lease("lake");
                                        assertThat(names.isLeased("lake")).isTrue();
                                        lease.run();
                                    }
                                }));
            }
            for (Future<?> worker : workers) {
                worker.get(20, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(names.isLeased("lake")).isFalse();
    }
}

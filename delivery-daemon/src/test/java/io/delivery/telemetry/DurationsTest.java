package io.delivery.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DurationsTest {
    @Test
    void whoever_reads_while_durations_are_added_sees_each_of_the_sum_in_its_bucket()
            throws InterruptedException {
        Durations durations = new Durations();
        AtomicBoolean enough = new AtomicBoolean();
        Thread adding =
                new Thread(
                        () -> {
                            while (!enough.get()) {
                                durations.add(1_000_000_000);
                            }
                        });
        adding.start();
        try {
            for (int i = 0; i < 200_000; i++) {
                HistogramDataPointSnapshot seen = durations.snapshot(Labels.EMPTY);
                assertThat(seen.getSum() <= seen.getCount()).isTrue();
            }
        } finally {
            enough.set(true);
            adding.join();
        }
    }
}

package io.delivery.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Whole streams in simulated worlds. {@code -Dsimulation.seed=N} repeats one, {@code
 * -Dsimulation.seeds=N} runs more of them.
 */
class DeliverySimulationTest {
    private static final int STEPS = 150;

    @Test
    void no_accepted_record_is_lost_or_doubled_whatever_fails() {
        Counts counts =
                SimulationRunner.runAsAsked(
                        "Simulated worlds with a store behind a wire", 1, STEPS, MemoryLake::new);

        long seeds = counts.of("seeds");
        assertThat(counts.of("records accepted")).isGreaterThan(10 * seeds);
        assertThat(counts.of("records accepted encrypted")).isGreaterThan(seeds);
        assertThat(counts.of("objects")).isGreaterThan(seeds);
        assertThat(counts.of("crashes")).isGreaterThan(seeds);
        assertThat(counts.of("starts refused for a missing file"))
                .isGreaterThanOrEqualTo(seeds / 20);
        assertThat(counts.of("volumes that others filled")).isGreaterThanOrEqualTo(seeds / 20);
        assertThat(counts.of("starts on a volume that others filled"))
                .isGreaterThanOrEqualTo(seeds / 20);
    }
}

package io.delivery.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Whole streams that read a log with holes, every other one beside its journal. {@code
 * -Dsimulation.seed=N} repeats one, {@code -Dsimulation.seeds=N} runs more of them.
 */
class LogWithHolesSimulationTest {
    private static final int STEPS = 150;

    @Test
    void what_a_log_gives_is_in_one_place_and_its_holes_are_nowhere() {
        Counts counts =
                SimulationRunner.runAsAsked(
                        "Simulated worlds with a log that has holes",
                        0.5,
                        STEPS,
                        MemoryLake::new,
                        seed ->
                                seed % 2 == 0
                                        ? Sources.ANOTHER_LOG
                                        : Sources.JOURNAL_AND_ANOTHER_LOG);

        long seeds = counts.of("seeds");
        assertThat(counts.of("log: given")).isGreaterThan(10 * seeds);
        assertThat(counts.of("log: marks")).isGreaterThan(seeds);
        assertThat(counts.of("log: aborted")).isGreaterThan(seeds);
        assertThat(counts.of("log: withdrawn")).isGreaterThan(seeds);
        assertThat(counts.of("log: lost")).isPositive();
        assertThat(counts.of("objects")).isGreaterThan(seeds);
        assertThat(counts.of("crashes")).isGreaterThan(seeds);
    }
}

package io.delivery.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.testkit.simulation.Counts;
import io.delivery.testkit.simulation.SimulationRunner;
import org.junit.jupiter.api.Test;

/**
 * Whole streams that land in a folder of the disk that crashes with them: the process dies between
 * any two steps of the store, and a power cut forgets links and directories that were not synced.
 */
class DirectorySimulationTest {
    private static final int STEPS = 120;

    @Test
    void no_accepted_record_is_lost_or_doubled_in_a_folder_whatever_fails() {
        Counts counts =
                SimulationRunner.runAsAsked(
                        "Simulated worlds with a folder", 0.5, STEPS, SimulatedFolder::new);

        long seeds = counts.of("seeds");
        assertThat(counts.of("records accepted")).isGreaterThan(10 * seeds);
        assertThat(counts.of("crashes")).isGreaterThan(seeds);
    }
}

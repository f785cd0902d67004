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
        long first = Long.getLong("simulation.seed", 1);
        long count = System.getProperty("simulation.seed") != null ? 1 : seeds();

        long accepted = 0;
        long objects = 0;
        long crashes = 0;
        for (long seed = first; seed < first + count; seed++) {
            DeliverySimulation.Report report = DeliverySimulation.run(seed, STEPS);
            accepted += report.accepted();
            objects += report.objects();
            crashes += report.crashes();
        }

        System.out.printf(
                "simulated worlds: seeds=%d..%d accepted=%d objects=%d crashes=%d%n",
                first, first + count - 1, accepted, objects, crashes);
        assertThat(accepted).isGreaterThan(10 * count);
        assertThat(objects).isGreaterThan(count);
    }

    private static long seeds() {
        return Long.getLong("simulation.seeds", 200);
    }
}

package io.delivery.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.testkit.SimWorld;
import io.delivery.testkit.contract.ProcessorContract;
import java.time.Duration;

/** A processor of the simulated world, whose time passes when a test says so. */
abstract class SimulatedProcessorContract extends ProcessorContract {
    private static final int RUN = 3;

    private final SimWorld sim = SimWorld.seeded(9);

    abstract Shape.Transform transform();

    @Override
    protected Processor processor() {
        Shape shape = Shape.plain("clicks").with(transform());
        SimulatedComponents components =
                new SimulatedComponents(
                        sim.chance().fork(), sim.world().scheduler(), shape, RUN, () -> {});
        return components.components(shape.definition(false)).main().processors().get(0);
    }

    @Override
    protected void pass(Duration time) {
        sim.scheduler().runFor(time);
    }

    @Override
    protected String record(int number) {
        return "r" + number + ".0:" + "abc".charAt(number % 3);
    }

    @Override
    protected void requireOutcomeOf(String record, Outcome outcome) {
        requireKind(
                outcome, Outcome.Ok.class, Outcome.Dropped.class, Outcome.ProcessingFailed.class);
        if (outcome instanceof Outcome.Ok ok) {
            assertThat(text(ok)).matches("\\Q" + record + "\\E~[0-9]+");
        }
    }
}

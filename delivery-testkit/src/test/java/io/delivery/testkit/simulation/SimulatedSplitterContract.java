package io.delivery.testkit.simulation;

import io.delivery.processing.RecordSplitter;
import io.delivery.testkit.SimWorld;
import io.delivery.testkit.contract.RecordSplitterContract;

/** A splitter of the simulated world. */
abstract class SimulatedSplitterContract extends RecordSplitterContract {
    private final SimWorld sim = SimWorld.seeded(9);

    abstract String identity();

    @Override
    protected RecordSplitter splitter() {
        Shape shape = Shape.plain("clicks");
        SimulatedComponents components =
                new SimulatedComponents(
                        sim.chance().fork(), sim.world().scheduler(), shape, 1, () -> {});
        return components.components(shape.definition(false)).main().splitters().open(identity());
    }

    @Override
    protected byte[] record() {
        return utf8("r1.0:a|r1.1:b|r1.2:c");
    }
}

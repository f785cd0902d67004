package io.delivery.testkit.simulation;

import io.delivery.partition.PartitionKeyExtractor;
import io.delivery.testkit.SimWorld;
import io.delivery.testkit.contract.PartitionKeyExtractorContract;
import java.util.List;
import java.util.Map;

/** The extractor of the simulated world. */
class KeyOfPartTest extends PartitionKeyExtractorContract {
    private final SimWorld sim = SimWorld.seeded(9);

    @Override
    protected PartitionKeyExtractor extractor() {
        Shape shape = Shape.plain("clicks").withPartitions(10);
        SimulatedComponents components =
                new SimulatedComponents(
                        sim.chance().fork(), sim.world().scheduler(), shape, 1, () -> {});
        return components.components(shape.definition(false)).main().extractor().orElseThrow();
    }

    @Override
    protected String record(String value) {
        return "r1.0:" + value + "~7";
    }

    @Override
    protected Map<String, String> keys(String value) {
        return Map.of("k", value);
    }

    @Override
    protected List<String> recordsWithoutKeys() {
        return List.of("confidential:", "confidential.0:~7", "confidential.0:|r1.1:a");
    }
}

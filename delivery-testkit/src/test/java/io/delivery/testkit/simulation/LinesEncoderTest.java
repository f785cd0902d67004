package io.delivery.testkit.simulation;

import io.delivery.format.EncoderFactory;
import io.delivery.testkit.SimWorld;
import io.delivery.testkit.contract.EncoderFactoryContract;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The encoder of the simulated world, without its whims. */
class LinesEncoderTest extends EncoderFactoryContract {
    private final SimWorld sim = SimWorld.seeded(9);
    private final Shape shape = Shape.plain("clicks");
    private final SimulatedComponents components =
            new SimulatedComponents(
                    sim.chance().fork(), sim.world().scheduler(), shape, 1, () -> {});

    @Override
    protected EncoderFactory factory() {
        return components.components(shape.definition(false)).main().encoder();
    }

    @Override
    protected String record(int number) {
        return "r" + number + ".0:a";
    }

    @Override
    protected String text(int number) {
        return record(number);
    }

    @Override
    protected List<String> read(byte[] object) {
        return new String(object, StandardCharsets.UTF_8).lines().toList();
    }

    @Override
    protected Optional<String> unfit() {
        return Optional.empty();
    }
}

package io.delivery.testkit.simulation;

class WhimsicalProcessorTest extends SimulatedProcessorContract {
    @Override
    Shape.Transform transform() {
        return Shape.Transform.WHIMSICAL;
    }
}

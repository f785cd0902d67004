package io.delivery.testkit.simulation;

class BarSplitterTest extends SimulatedSplitterContract {
    @Override
    String identity() {
        return "bar/1";
    }

    @Override
    protected int parts() {
        return 3;
    }
}

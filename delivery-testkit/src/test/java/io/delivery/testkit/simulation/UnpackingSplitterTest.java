package io.delivery.testkit.simulation;

class UnpackingSplitterTest extends SimulatedSplitterContract {
    @Override
    String identity() {
        return "unpacking/1";
    }

    @Override
    protected int parts() {
        return 1;
    }
}

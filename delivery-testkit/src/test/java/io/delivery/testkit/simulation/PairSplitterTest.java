package io.delivery.testkit.simulation;

class PairSplitterTest extends SimulatedSplitterContract {
    @Override
    String identity() {
        return "pair/1";
    }

    @Override
    protected int parts() {
        return 2;
    }
}

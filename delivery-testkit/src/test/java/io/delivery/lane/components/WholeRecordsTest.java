package io.delivery.lane.components;

import io.delivery.processing.RecordSplitter;
import io.delivery.testkit.contract.RecordSplitterContract;

class WholeRecordsTest extends RecordSplitterContract {
    @Override
    protected RecordSplitter splitter() {
        return new WholeRecords();
    }

    @Override
    protected byte[] record() {
        return utf8("{\"a\":1}{\"b\":2}");
    }

    @Override
    protected int parts() {
        return 1;
    }
}

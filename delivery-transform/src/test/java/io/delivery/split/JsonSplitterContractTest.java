package io.delivery.split;

import io.delivery.processing.RecordSplitter;
import io.delivery.testkit.contract.RecordSplitterContract;

class JsonSplitterContractTest extends RecordSplitterContract {
    @Override
    protected RecordSplitter splitter() {
        return new JsonSplitter();
    }

    @Override
    protected byte[] record() {
        return utf8("{\"a\":1}{\"b\":\"}\"} {\"c\":{}}");
    }

    @Override
    protected int parts() {
        return 3;
    }
}

package io.delivery.split;

import io.delivery.processing.RecordSplitter;
import io.delivery.testkit.contract.RecordSplitterContract;

class DelimitedSplitterContractTest extends RecordSplitterContract {
    @Override
    protected RecordSplitter splitter() {
        return new DelimitedSplitter(new byte[] {'|', '|'});
    }

    @Override
    protected byte[] record() {
        return utf8("a||b|c||||d");
    }

    @Override
    protected int parts() {
        return 3;
    }
}

package io.delivery.split;

import io.delivery.config.Decompression.Messages;
import io.delivery.processing.RecordSplitter;
import io.delivery.testkit.contract.RecordSplitterContract;
import java.util.Optional;

class LogEventSplitterContractTest extends RecordSplitterContract {
    @Override
    protected RecordSplitter splitter() {
        return new LogEventSplitter(Messages.EXTRACTED, Optional.of(new JsonSplitter()));
    }

    @Override
    protected byte[] record() {
        return LogEvents.gzip(LogEvents.envelope("\"{\\\"a\\\":1}\"", "\"{} {}\""));
    }

    @Override
    protected int parts() {
        return 3;
    }

    @Override
    protected byte[] recordWith(byte[] bytes) {
        return LogEvents.gzip(LogEvents.envelopeWith(bytes));
    }
}

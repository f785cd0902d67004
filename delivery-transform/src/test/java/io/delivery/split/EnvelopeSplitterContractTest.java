package io.delivery.split;

import io.delivery.config.Decompression.Messages;
import io.delivery.processing.RecordSplitter;
import io.delivery.testkit.contract.RecordSplitterContract;
import java.util.Optional;

/** Decompression alone: one record stays one. */
class EnvelopeSplitterContractTest extends RecordSplitterContract {
    @Override
    protected RecordSplitter splitter() {
        return new LogEventSplitter(Messages.IN_ENVELOPE, Optional.empty());
    }

    @Override
    protected byte[] record() {
        return LogEvents.gzip(LogEvents.envelope("\"one\"", "\"two\""));
    }

    @Override
    protected int parts() {
        return 1;
    }

    @Override
    protected byte[] recordWith(byte[] bytes) {
        return LogEvents.gzip(LogEvents.envelopeWith(bytes));
    }
}

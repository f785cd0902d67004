package io.delivery.processing;

import io.delivery.partition.PartitionKeys;
import io.delivery.record.Failure;
import io.delivery.record.SequencedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A processor that answers at once, on the thread that asks, for one record after the other. What
 * it throws for a record fails that record alone.
 */
public abstract class RecordProcessor implements Processor {
    private volatile boolean closed;

    /**
     * The outcome of one record.
     *
     * @param record valid during the call
     */
    protected abstract Outcome outcome(SequencedRecord record);

    @Override
    public final CompletionStage<List<Outcome>> process(List<? extends SequencedRecord> records) {
        List<Outcome> outcomes = new ArrayList<>(records.size());
        if (closed) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("the processor is closed"));
        }
        for (SequencedRecord record : records) {
            outcomes.add(isolated(record));
        }
        return CompletableFuture.completedFuture(outcomes);
    }

    private Outcome isolated(SequencedRecord record) {
        try {
            return outcome(record);
        } catch (RuntimeException | StackOverflowError defect) {
            return failed(
                    "InternalError",
                    "The processor failed on this record: " + defect.getClass().getName());
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    /** The record goes on with these bytes. */
    protected static Outcome ok(byte[] data) {
        return new Outcome.Ok(data, PartitionKeys.NONE);
    }

    /**
     * The record goes to the error output.
     *
     * @param message for people, without the record's contents
     */
    protected static Outcome failed(String code, String message) {
        return new Outcome.ProcessingFailed(
                new Failure(Failure.Kind.PROCESSING_FAILED, code, message));
    }
}

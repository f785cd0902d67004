package io.delivery.journal;

import io.delivery.record.AcceptedBatch;
import io.delivery.record.RecordBatch;
import java.util.concurrent.CompletableFuture;

/** One request on its way to the disk, and the promise its producer waits for. */
final class PendingAppend extends CompletableFuture<AcceptedBatch> {
    private final RecordBatch batch;
    private final int checksum;

    /** Given by the flusher when the frame is written. */
    private long firstSequence;

    PendingAppend(RecordBatch batch, int checksum) {
        this.batch = batch;
        this.checksum = checksum;
    }

    RecordBatch batch() {
        return batch;
    }

    long frameBytes() {
        return FrameHeader.frameBytes(batch.length());
    }

    /** Gives the records their sequences and makes the frame's header. */
    void number(long sequence, long durableEnd, FrameHeader header) {
        firstSequence = sequence;
        header.kind = FrameHeader.RECORDS;
        header.length = batch.length();
        header.count = batch.count();
        header.firstSequence = sequence;
        header.arrivalMillis = batch.arrivalMillis();
        header.durableUpTo = durableEnd;
        header.payloadChecksum = checksum;
    }

    long firstSequence() {
        return firstSequence;
    }
}

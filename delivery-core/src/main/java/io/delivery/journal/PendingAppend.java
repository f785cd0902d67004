package io.delivery.journal;

import io.delivery.crypt.DataKey;
import io.delivery.crypt.FileCipher;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.RecordBatch;
import java.util.concurrent.CompletableFuture;

/** One request on its way to the disk, and the promise its producer waits for. */
final class PendingAppend extends CompletableFuture<AcceptedBatch> {
    private final RecordBatch batch;

    /** Of the batch when it is not encrypted: that of an encrypted one is known when it is. */
    private final int checksum;

    /** Null when it is not encrypted. */
    private final DataKey key;

    /** Given by the flusher when the frame is written. */
    private long firstSequence;

    /**
     * The checksum is most of an append's work, so that the producer's thread computes it here.
     *
     * @param key that the records are encrypted with; null when they are not
     */
    PendingAppend(RecordBatch batch, DataKey key) {
        this.batch = batch;
        this.key = key;
        this.checksum =
                key == null
                        ? FrameHeader.checksum(batch.array(), batch.offset(), batch.length())
                        : 0;
    }

    RecordBatch batch() {
        return batch;
    }

    long frameBytes() {
        return FrameHeader.frameBytes(batch.length() + (key == null ? 0 : FileCipher.TAG_BYTES));
    }

    /** What its records are encrypted with; null when they are not. */
    DataKey key() {
        return key;
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
        header.key = 0;
    }

    long firstSequence() {
        return firstSequence;
    }
}

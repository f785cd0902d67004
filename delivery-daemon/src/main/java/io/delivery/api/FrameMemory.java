package io.delivery.api;

import io.delivery.record.RecordBatch;
import java.util.concurrent.CompletionStage;

/** Where the frames of put calls get their memory. Thread-safe. */
public interface FrameMemory {
    /**
     * Memory for a frame of at most so many bytes. Waits a moment when there is none; then the
     * stage fails with {@link ApiException#slowDown}.
     */
    CompletionStage<Frame> acquire(int bytes);

    /** Memory on loan. */
    interface Frame {
        /** Empty, with room for the bytes that were asked for. */
        RecordBatch.Builder builder();

        /** Gives the memory back: nobody reads the batch any more. */
        void release();
    }
}

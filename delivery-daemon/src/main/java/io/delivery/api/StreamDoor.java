package io.delivery.api;

import io.delivery.api.quota.StreamQuota;
import io.delivery.config.EncryptionStatus;
import io.delivery.config.StreamDefinition;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.RecordBatch;
import io.delivery.stream.StreamStatus;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** One stream as the API sees it. Thread-safe. */
public interface StreamDoor {
    /**
     * Completes when the records survive a crash. The batch's array stays unchanged until then.
     * Fails with {@link io.delivery.stream.ThrottledException} when there is no room: then nothing
     * was accepted.
     */
    CompletionStage<AcceptedBatch> accept(RecordBatch batch);

    /** How much of what producers send may be given to {@link #accept}. */
    default StreamQuota quota() {
        return StreamQuota.NONE;
    }

    /** Completes when everything accepted before the call is settled. */
    CompletionStage<Void> flush();

    StreamStatus status();

    /** Whether it is encrypted on the disk; empty while it is closed and nobody can tell. */
    Optional<EncryptionStatus> encryption();

    /** Empty while the stream is closed and nobody can tell. */
    Optional<StreamDefinition> definition();

    /** The version of the newest definition, which may take effect later; 0: nobody can tell. */
    int version();

    /** The tags that callers have written since the stream was made; empty when they never did. */
    Optional<String> tags();

    /** What is kept of a stream that a caller of the API has defined; empty of any other. */
    Optional<String> document();
}

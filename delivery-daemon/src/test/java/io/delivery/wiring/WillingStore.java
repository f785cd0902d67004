package io.delivery.wiring;

import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedContent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes whatever it is given and keeps nothing: all that a test does not care about. */
class WillingStore implements ObjectStore {
    private final String said;

    /**
     * @param said what it says of each object that lands
     */
    WillingStore(String said) {
        this.said = said;
    }

    @Override
    public CompletionStage<Landing> land(
            StagedContent content,
            ObjectName name,
            ObjectAttributes attributes,
            UploadListener uploads) {
        return CompletableFuture.completedFuture(new Landing.Landed(said));
    }

    @Override
    public CompletionStage<Found> find(
            ObjectName name, ObjectAttributes attributes, StagedContent content) {
        return CompletableFuture.completedFuture(Found.OURS);
    }

    @Override
    public Duration requestLife(long bytes) {
        return Duration.ZERO;
    }

    @Override
    public CompletionStage<Void> abort(ObjectName name, String uploadId) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {}
}

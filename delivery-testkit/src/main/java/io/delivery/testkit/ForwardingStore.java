package io.delivery.testkit;

import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedContent;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A store that asks another one, for tests to change one thing about it. A lease is of this store,
 * not of the other one.
 */
public abstract class ForwardingStore implements ObjectStore {
    private final ObjectStore store;

    /**
     * @param store does what is not changed
     */
    protected ForwardingStore(ObjectStore store) {
        this.store = store;
    }

    @Override
    public CompletionStage<Landing> land(
            StagedContent content,
            ObjectName name,
            ObjectAttributes attributes,
            UploadListener uploads) {
        return store.land(content, name, attributes, uploads);
    }

    @Override
    public CompletionStage<Found> find(
            ObjectName name, ObjectAttributes attributes, StagedContent content) {
        return store.find(name, attributes, content);
    }

    @Override
    public CompletionStage<Found> readBack(
            ObjectName name, ObjectAttributes attributes, StagedContent content) {
        return store.readBack(name, attributes, content);
    }

    @Override
    public Optional<Landing.Denied> refusal(ObjectName name) {
        return store.refusal(name);
    }

    @Override
    public Duration requestLife(long bytes) {
        return store.requestLife(bytes);
    }

    @Override
    public CompletionStage<Void> abort(ObjectName name, String uploadId) {
        return store.abort(name, uploadId);
    }

    @Override
    public void close() {
        store.close();
    }
}

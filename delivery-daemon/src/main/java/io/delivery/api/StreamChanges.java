package io.delivery.api;

import io.delivery.config.EncryptionSettings;
import io.delivery.config.StreamDefinition;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * Makes, changes and deletes streams that callers of the API define. Stages fail with {@link
 * io.delivery.stream.RegistryRefusal} when a stream is not what the caller thinks, with
 * IllegalArgumentException when it cannot be what it is to be. Thread-safe.
 */
public interface StreamChanges {
    /**
     * Completes when the stream accepts records, durably.
     *
     * @param document that is kept of it
     */
    CompletionStage<Void> create(StreamDefinition definition, String document);

    /**
     * Completes when the definition is in force.
     *
     * @param document that is kept of it
     * @param expectedVersion the one that the caller has seen
     */
    CompletionStage<Void> update(StreamDefinition definition, String document, int expectedVersion);

    /**
     * Completes when other tags are durable.
     *
     * @param change of what was written before, empty when nothing was, to what is written; what it
     *     throws refuses the change
     */
    CompletionStage<Void> tag(String name, UnaryOperator<Optional<String>> change);

    /**
     * Completes when it is durable that what the stream keeps on the disk is encrypted from now on;
     * it takes effect soon after.
     *
     * @param settings empty: it is not encrypted any more
     */
    CompletionStage<Void> encryption(String name, Optional<EncryptionSettings> settings);

    /** Completes when nothing brings the stream back; it goes some time later. */
    CompletionStage<Void> delete(String name);
}

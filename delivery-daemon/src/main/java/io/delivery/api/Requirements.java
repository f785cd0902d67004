package io.delivery.api;

import io.delivery.api.control.ApiWords;
import io.delivery.config.BackupSettings;
import io.delivery.config.FormatSettings;
import io.delivery.config.FormatSettings.SchemaReference;
import io.delivery.config.StreamDefinition;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What must be there when a caller defines a stream: its buckets, and its table with what its
 * settings need.
 */
final class Requirements {
    private final Outside outside;

    Requirements(Outside outside) {
        this.outside = outside;
    }

    /** Fails with an InvalidArgumentException when something is certainly missing. */
    CompletionStage<Void> met(StreamDefinition definition) {
        CompletionStage<Void> main =
                bucket(definition.destination().store(), definition.destination().bucket());
        Optional<BackupSettings> backup = definition.backup();
        CompletionStage<Void> buckets =
                backup.isEmpty()
                        ? main
                        : main.thenCompose(
                                there -> bucket(backup.get().store(), backup.get().bucket()));
        return definition
                .format()
                .choose(
                        raw -> buckets,
                        converted ->
                                buckets.thenCompose(there -> table(converted.schema()))
                                        .thenCompose(there -> fits(converted)));
    }

    private CompletionStage<Void> fits(FormatSettings.Converted format) {
        return outside.misfits(format)
                .thenCompose(
                        problems ->
                                problems.isEmpty()
                                        ? CompletableFuture.completedFuture(null)
                                        : refused(ApiWords.of(problems.get(0))));
    }

    private CompletionStage<Void> bucket(String store, String bucket) {
        return outside.isMissing(store, bucket)
                .thenCompose(
                        missing ->
                                missing
                                        ? refused(
                                                "The bucket %s does not exist in the store %s: create it, or set createBuckets of the store."
                                                        .formatted(bucket, store))
                                        : CompletableFuture.completedFuture(null));
    }

    private CompletionStage<Void> table(SchemaReference schema) {
        return outside.whyNoTable(schema)
                .thenCompose(
                        why ->
                                why.isPresent()
                                        ? refused(
                                                "The table %s.%s of SchemaConfiguration cannot be used: %s"
                                                        .formatted(
                                                                schema.database(),
                                                                schema.table(),
                                                                why.get()))
                                        : CompletableFuture.completedFuture(null));
    }

    private static CompletionStage<Void> refused(String message) {
        return CompletableFuture.failedFuture(ApiException.invalidArgument(message));
    }
}

package io.delivery.api;

import io.delivery.config.BackupSettings;
import io.delivery.config.FormatSettings.SchemaReference;
import io.delivery.config.StreamDefinition;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What must be there when a caller defines a stream: its buckets and its table. */
final class Requirements {
    private final Outside outside;

    Requirements(Outside outside) {
        this.outside = outside;
    }

    /** Fails with an InvalidArgumentException when one of them is certainly missing. */
    CompletionStage<Void> met(StreamDefinition definition) {
        CompletionStage<Void> main =
                bucket(definition.destination().store(), definition.destination().bucket());
        Optional<BackupSettings> backup = definition.backup();
        CompletionStage<Void> buckets =
                backup.isEmpty()
                        ? main
                        : main.thenCompose(
                                there -> bucket(backup.get().store(), backup.get().bucket()));
        Optional<SchemaReference> schema = definition.format().schemaReference();
        return schema.isEmpty() ? buckets : buckets.thenCompose(there -> table(schema.get()));
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

package io.delivery.api;

import io.delivery.api.control.ApiWords;
import io.delivery.config.FormatSettings;
import io.delivery.config.FormatSettings.SchemaReference;
import io.delivery.config.StreamDefinition;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    /** A bucket in a store. */
    private record Place(String store, String bucket) {}

    /** Fails with an InvalidArgumentException when something is certainly missing. */
    CompletionStage<Void> met(StreamDefinition definition) {
        return met(places(definition), table(definition.format(), Optional.empty()));
    }

    /**
     * The same of an update, of which only what it changes is looked at: what the definition before
     * it names may be gone, and the health of the stream tells that.
     */
    CompletionStage<Void> met(StreamDefinition next, StreamDefinition before) {
        Set<Place> others = places(next);
        others.removeAll(places(before));
        return met(
                others,
                next.format().equals(before.format())
                        ? CompletableFuture.completedFuture(null)
                        : table(next.format(), before.format().schemaReference()));
    }

    /** All looks are under way at once; the first one that found something missing is told. */
    private CompletionStage<Void> met(Set<Place> places, CompletionStage<Void> table) {
        List<CompletionStage<Void>> looks = places.stream().map(this::bucket).toList();
        CompletionStage<Void> buckets = CompletableFuture.completedFuture(null);
        for (CompletionStage<Void> look : looks) {
            buckets = buckets.thenCompose(there -> look);
        }
        return buckets.thenCompose(there -> table);
    }

    /** In the order in which they are told. */
    private static Set<Place> places(StreamDefinition definition) {
        Set<Place> places = new LinkedHashSet<>();
        places.add(new Place(definition.destination().store(), definition.destination().bucket()));
        definition
                .backup()
                .ifPresent(backup -> places.add(new Place(backup.store(), backup.bucket())));
        return places;
    }

    /**
     * @param before the table of the definition before, which is not looked for again
     */
    private CompletionStage<Void> table(FormatSettings format, Optional<SchemaReference> before) {
        return format.choose(
                raw -> CompletableFuture.completedFuture(null),
                converted ->
                        before.equals(Optional.of(converted.schema()))
                                ? fits(converted)
                                : table(converted.schema()).thenCompose(there -> fits(converted)));
    }

    private CompletionStage<Void> fits(FormatSettings.Converted format) {
        return outside.misfits(format)
                .thenCompose(
                        problems ->
                                problems.isEmpty()
                                        ? CompletableFuture.completedFuture(null)
                                        : refused(ApiWords.of(problems.get(0))));
    }

    private CompletionStage<Void> bucket(Place place) {
        return outside.isMissing(place.store(), place.bucket())
                .thenCompose(
                        missing ->
                                missing
                                        ? refused(
                                                "The bucket %s does not exist in the store %s: create it, or set createBuckets of the store."
                                                        .formatted(place.bucket(), place.store()))
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

package io.delivery.wiring;

import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedContent;
import io.delivery.world.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A store as recorded objects name it: by a name that stays, whatever its settings become. What is
 * asked of it goes to the newest generation; what is under way in a former one ends there.
 */
final class SharedStore implements ObjectStore {
    private final Clock clock;
    private final List<Former> former = new ArrayList<>();
    private Generation<ObjectStore> newest;

    /** The largest object that anybody has asked about, in bytes. */
    private long largest;

    /** A generation whose requests may still be on their way to what was its store. */
    private static final class Former {
        private final ObjectStore store;
        private OptionalLong closedNanos = OptionalLong.empty();

        Former(ObjectStore store) {
            this.store = store;
        }
    }

    SharedStore(Clock clock, Generation<ObjectStore> first) {
        this.clock = clock;
        this.newest = first;
    }

    /** Its settings have changed. */
    void goOverTo(Generation<ObjectStore> next) {
        Former before;
        Generation<ObjectStore> generation;
        synchronized (this) {
            generation = newest;
            before = new Former(generation.value());
            former.add(before);
            newest = next;
        }
        generation.onClosed(() -> closed(before));
    }

    private synchronized void closed(Former generation) {
        generation.closedNanos = OptionalLong.of(clock.nanoTime());
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException when it is not configured any more and nothing had to land
     */
    @Override
    public Lease lease() {
        Generation.Lease<ObjectStore> lease = leaseNewest();
        return new Lease(lease.value(), lease::close);
    }

    private synchronized Generation.Lease<ObjectStore> leaseNewest() {
        return newest.lease(); // under the lock: nobody retires it meanwhile
    }

    @Override
    public CompletionStage<Landing> land(
            StagedContent content,
            ObjectName name,
            ObjectAttributes attributes,
            UploadListener uploads) {
        return ask(store -> store.land(content, name, attributes, uploads), Landing.Unknown::new);
    }

    @Override
    public CompletionStage<Found> find(
            ObjectName name, ObjectAttributes attributes, StagedContent content) {
        return ask(store -> store.find(name, attributes, content), Found::unknown);
    }

    @Override
    public CompletionStage<Found> readBack(
            ObjectName name, ObjectAttributes attributes, StagedContent content) {
        return ask(store -> store.readBack(name, attributes, content), Found::unknown);
    }

    @Override
    public CompletionStage<Void> abort(ObjectName name, String uploadId) {
        return ask(store -> store.abort(name, uploadId), reason -> null);
    }

    /**
     * Asks the newest generation, which stays open until it has answered.
     *
     * @param noAnswer what somebody is told who still asks a store that is gone
     */
    private <R> CompletionStage<R> ask(
            Function<ObjectStore, CompletionStage<R>> call, Function<String, R> noAnswer) {
        Lease lease;
        try {
            lease = lease();
        } catch (IllegalStateException gone) {
            return CompletableFuture.completedFuture(noAnswer.apply(gone.getMessage()));
        }
        try {
            return call.apply(lease.store()).whenComplete((answer, failure) -> lease.close());
        } catch (RuntimeException | Error defect) {
            lease.close();
            throw defect;
        }
    }

    /** The longest of all generations whose requests may still arrive. */
    @Override
    public synchronized Duration requestLife(long bytes) {
        largest = Math.max(largest, bytes);
        long now = clock.nanoTime();
        former.removeIf(generation -> isOver(generation, now));
        Duration longest = newest.value().requestLife(bytes);
        for (Former generation : former) {
            Duration life = generation.store.requestLife(bytes);
            longest = life.compareTo(longest) > 0 ? life : longest;
        }
        return longest;
    }

    private boolean isOver(Former generation, long now) {
        return generation.closedNanos.isPresent()
                && now - generation.closedNanos.getAsLong()
                        > generation.store.requestLife(largest).toNanos();
    }

    /** Its generations are closed by whoever made them. */
    @Override
    public void close() {
        // Nothing is its own.
    }
}

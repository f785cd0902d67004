package io.delivery.wiring;

import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedContent;
import io.delivery.world.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A store as recorded objects name it: by a name that stays, whatever its settings become. What is
 * asked of it goes to the newest generation; what is under way in a former one ends there.
 */
final class SharedStore implements ObjectStore {
    private final Clock clock;
    private final List<Former> former = new ArrayList<>();
    private final BegunUploads uploads = new BegunUploads();
    private Settings newest;

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
        this.newest = new Settings(first);
    }

    /**
     * Its settings have changed.
     *
     * @return false when it asks this generation already
     */
    boolean goOverTo(Generation<ObjectStore> next) {
        Former before;
        Generation<ObjectStore> generation;
        synchronized (this) {
            generation = newest.generation;
            if (generation == next) {
                return false;
            }
            before = new Former(generation.value());
            former.add(before);
            newest = new Settings(next);
        }
        generation.onClosed(() -> closed(before));
        return true;
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
    public synchronized Lease lease() {
        // Under the lock: nobody retires that generation meanwhile.
        Generation.Lease<ObjectStore> lease = newest.generation.lease();
        return new Lease(newest, lease::close);
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

    /** By the settings of now. */
    @Override
    public Optional<Landing.Denied> refusal(ObjectName name) {
        try (Lease lease = lease()) {
            return lease.store().refusal(name);
        } catch (IllegalStateException gone) {
            return Optional.of(
                    new Landing.Denied(
                            "NoSuchStore", gone.getMessage(), "Name a store that is configured."));
        }
    }

    /** The longest of all generations whose requests may still arrive. */
    @Override
    public synchronized Duration requestLife(long bytes) {
        largest = Math.max(largest, bytes);
        long now = clock.nanoTime();
        former.removeIf(generation -> isOver(generation, now));
        Duration longest = newest.requestLife(bytes);
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

    /**
     * The store under the settings of one generation. Before it goes on with an object it ends the
     * uploads that were begun for it under others: what those could not end, because their key was
     * refused, nobody else knows of.
     */
    private final class Settings implements ObjectStore {
        private final Generation<ObjectStore> generation;
        private final ObjectStore store;

        Settings(Generation<ObjectStore> generation) {
            this.generation = generation;
            this.store = generation.value();
        }

        @Override
        public CompletionStage<Landing> land(
                StagedContent content,
                ObjectName name,
                ObjectAttributes attributes,
                UploadListener listener) {
            return afterOthers(
                            name,
                            () ->
                                    store.land(
                                            content,
                                            name,
                                            attributes,
                                            id -> {
                                                uploads.begun(name, id, this);
                                                listener.started(id);
                                            }))
                    .whenComplete((answer, failure) -> settle(name, isThere(answer)));
        }

        @Override
        public Optional<Landing.Denied> refusal(ObjectName name) {
            return store.refusal(name);
        }

        /** Whether what is there has been settled by the store itself. */
        private static boolean isThere(Landing answer) {
            return answer instanceof Landing.Landed || answer instanceof Landing.Occupied;
        }

        @Override
        public CompletionStage<Found> find(
                ObjectName name, ObjectAttributes attributes, StagedContent content) {
            return afterOthers(name, () -> store.find(name, attributes, content))
                    .whenComplete((found, failure) -> settle(name, Found.OURS.equals(found)));
        }

        @Override
        public CompletionStage<Found> readBack(
                ObjectName name, ObjectAttributes attributes, StagedContent content) {
            return afterOthers(name, () -> store.readBack(name, attributes, content))
                    .whenComplete((found, failure) -> settle(name, Found.OURS.equals(found)));
        }

        private void settle(ObjectName name, boolean isThere) {
            if (isThere) {
                uploads.settled(name);
            }
        }

        private <R> CompletionStage<R> afterOthers(
                ObjectName name, Supplier<CompletionStage<R>> call) {
            CompletionStage<Void> ended = CompletableFuture.completedFuture(null);
            for (String id : uploads.takeOthers(name, this)) {
                ended = ended.thenCombine(store.abort(name, id), (one, other) -> null);
            }
            return ended.handle((done, failure) -> done).thenCompose(done -> call.get());
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
            throw new IllegalStateException("its generation is closed by whoever made it");
        }
    }
}

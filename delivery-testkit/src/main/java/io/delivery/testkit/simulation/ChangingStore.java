package io.delivery.testkit.simulation;

import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedContent;
import io.delivery.testkit.ForwardingStore;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;

/**
 * A store whose settings change now and then, as another configuration changes them: whoever leases
 * it from then on gets another object for the same place. One that nobody has leased is closed, and
 * an {@link AssertionError} tells who asks it all the same.
 */
final class ChangingStore extends ForwardingStore {
    /** One of so many leases meets other settings. */
    private static final int SELDOM = 6;

    private final ObjectStore store;
    private final SplittableRandom dice;
    private Settings newest;

    /**
     * @param seed decides when they change
     */
    ChangingStore(ObjectStore store, long seed) {
        super(store);
        this.store = store;
        this.dice = new SplittableRandom(seed);
        this.newest = new Settings();
    }

    @Override
    public Lease lease() {
        if (dice.nextInt(SELDOM) == 0) {
            newest = new Settings();
        }
        Settings leased = newest;
        leased.leases++;
        return new Lease(leased, () -> leased.leases--);
    }

    /** The store under the settings of a while. */
    private final class Settings extends ForwardingStore {
        private int leases;

        Settings() {
            super(store);
        }

        private ObjectStore open() {
            if (leases == 0) {
                throw new AssertionError("a store is asked that nobody has leased");
            }
            return store;
        }

        @Override
        public CompletionStage<Landing> land(
                StagedContent content,
                ObjectName name,
                ObjectAttributes attributes,
                UploadListener uploads) {
            return open().land(content, name, attributes, uploads);
        }

        @Override
        public CompletionStage<Found> find(
                ObjectName name, ObjectAttributes attributes, StagedContent content) {
            return open().find(name, attributes, content);
        }

        @Override
        public CompletionStage<Found> readBack(
                ObjectName name, ObjectAttributes attributes, StagedContent content) {
            return open().readBack(name, attributes, content);
        }

        @Override
        public CompletionStage<Void> abort(ObjectName name, String uploadId) {
            return open().abort(name, uploadId);
        }

        @Override
        public void close() {
            throw new AssertionError("the process that opened it closes it");
        }
    }
}

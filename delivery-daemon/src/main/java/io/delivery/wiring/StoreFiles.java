package io.delivery.wiring;

import io.delivery.stream.StreamRegistry;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The files of stores while the service runs: keys and certificate authorities of all stores that
 * are open, also of those that are not configured any more and still needed. Thread-safe.
 */
final class StoreFiles {
    private final StoreRegistry stores;
    private final ReloadedFiles files;
    private final Supplier<StreamRegistry> streams;

    /**
     * @param streams makes one change at a time
     */
    StoreFiles(StoreRegistry stores, ReloadedFiles files, Supplier<StreamRegistry> streams) {
        this.stores = stores;
        this.files = files;
        this.streams = streams;
    }

    /** Watches those of the stores that are open now, and of no others. */
    synchronized void watch() {
        files.watchStores(stores.openStores());
        files.watchAuthorities(stores.authorities(), this::reopen);
    }

    /**
     * Has a store opened again whose file of certificate authorities has changed: between two
     * changes of the configuration, of which only one may be under way. Does not wait for them.
     *
     * @return completes when it is done. Fails when the authorities cannot be used: the store is
     *     what it was
     */
    private CompletionStage<String> reopen(String store) {
        return streams.get()
                .between(
                        () -> {
                            stores.reopen(store);
                            return store;
                        });
    }
}

package io.delivery.wiring;

import io.delivery.config.DeliveryConfig;
import io.delivery.failure.FailureText;
import io.delivery.stream.StreamRegistry;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Opens a store again whose file of certificate authorities has changed while the service runs:
 * between two changes of its configuration, of which only one may be under way.
 */
final class StoreReopening {
    private static final long LIMIT_SECONDS = 60;

    private final StoreRegistry stores;
    private final Supplier<StreamRegistry> streams;
    private final Supplier<DeliveryConfig> inForce;

    /**
     * @param streams makes one change at a time
     * @param inForce the configuration of this moment
     */
    StoreReopening(
            StoreRegistry stores,
            Supplier<StreamRegistry> streams,
            Supplier<DeliveryConfig> inForce) {
        this.stores = stores;
        this.streams = streams;
        this.inForce = inForce;
    }

    /**
     * Waits until it is done.
     *
     * @throws IOException when the authorities cannot be used, or when it is not done in time: the
     *     store is what it was, and somebody may try again
     */
    void reopen(String store) throws IOException {
        CompletionStage<String> done =
                streams.get()
                        .between(
                                () -> {
                                    try (StoreRegistry.Change again =
                                            stores.prepareAgain(store, inForce.get().stores())) {
                                        again.takeEffect();
                                    }
                                    return store;
                                });
        try {
            done.toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException refused) {
            throw new IOException(FailureText.of(refused.getCause()), refused);
        } catch (TimeoutException late) {
            throw new IOException("another change of the configuration is still under way", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("nobody waits for it any more", interrupted);
        }
    }
}

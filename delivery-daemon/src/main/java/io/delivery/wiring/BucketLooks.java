package io.delivery.wiring;

import io.delivery.world.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Looks for buckets on behalf of callers who wait for a short time only. Of each store one bucket
 * is looked for at a time, so that a store which does not answer takes one thread and holds up
 * nobody who asks another one. Patience begins when the store is asked, so that looks at a store
 * which answers are not given up because there are many. When a look has not been answered within
 * patience, neither it nor any other look at that store is waited for before the store has
 * answered. Thread-safe.
 */
final class BucketLooks {
    private final Scheduler scheduler;
    private final Look look;
    private final Duration patience;

    /** Where patience ends: nothing on it waits for anybody. */
    private final Executor timeouts;

    private final Map<String, OfStore> stores = new ConcurrentHashMap<>();

    /** How one bucket is looked for. */
    @FunctionalInterface
    interface Look {
        /** Whether a bucket is certainly not there. Blocking, for as long as the store takes. */
        boolean isMissing(String store, String bucket);
    }

    /**
     * @param patience how long a store may take for one look
     */
    BucketLooks(Scheduler scheduler, Look look, Duration patience) {
        this.scheduler = scheduler;
        this.look = look;
        this.patience = patience;
        this.timeouts = scheduler.serial("outside-timeouts");
    }

    /**
     * Whether a bucket is certainly not there, as a look says that begins after the call; callers
     * who wait for the same bucket share it. False when the store takes longer than patience for
     * this look or for one before it. Fails with what the look throws.
     */
    CompletionStage<Boolean> isMissing(String store, String bucket) {
        return stores.computeIfAbsent(store, OfStore::new).isMissing(bucket);
    }

    /** The looks of one store. */
    private final class OfStore {
        private final String store;
        private final Executor looks;

        /** Looks that have not begun, by their bucket, in the order of their turns. */
        private final Map<String, CompletableFuture<Boolean>> waiting = new LinkedHashMap<>();

        /** What the look under way is to answer; null when none is. */
        private CompletableFuture<Boolean> underWay;

        /** Whether the look under way has taken longer than patience. */
        private boolean silent;

        OfStore(String store) {
            this.store = store;
            this.looks = scheduler.serial("outside-" + store);
        }

        synchronized CompletionStage<Boolean> isMissing(String bucket) {
            if (silent) {
                return CompletableFuture.completedFuture(false);
            }
            return waiting.computeIfAbsent(bucket, this::queued).minimalCompletionStage();
        }

        private CompletableFuture<Boolean> queued(String bucket) {
            CompletableFuture<Boolean> answer = new CompletableFuture<>();
            looks.execute(() -> look(bucket, answer));
            return answer;
        }

        private void look(String bucket, CompletableFuture<Boolean> answer) {
            if (!begin(bucket, answer)) {
                return;
            }
            Scheduler.Cancellable timer =
                    scheduler.after(patience, timeouts, () -> tookTooLong(answer));
            try {
                boolean missing = look.isMissing(store, bucket);
                end(timer);
                answer.complete(missing);
            } catch (RuntimeException | Error failed) {
                end(timer);
                answer.completeExceptionally(failed);
            }
        }

        /** False when it was given up before its turn came. */
        private synchronized boolean begin(String bucket, CompletableFuture<Boolean> answer) {
            if (!waiting.remove(bucket, answer)) {
                return false;
            }
            underWay = answer;
            return true;
        }

        private synchronized void end(Scheduler.Cancellable timer) {
            timer.cancel();
            underWay = null;
            silent = false;
        }

        private void tookTooLong(CompletableFuture<Boolean> answer) {
            // Outside of the lock: what depends on an answer may ask another store.
            givenUp(answer).forEach(look -> look.complete(false));
        }

        /** The look and all that wait for their turn; none when the look has ended meanwhile. */
        private synchronized List<CompletableFuture<Boolean>> givenUp(
                CompletableFuture<Boolean> answer) {
            if (underWay != answer) {
                return List.of();
            }
            silent = true;
            List<CompletableFuture<Boolean>> answers = new ArrayList<>(waiting.values());
            answers.add(0, answer);
            waiting.clear();
            return answers;
        }
    }
}

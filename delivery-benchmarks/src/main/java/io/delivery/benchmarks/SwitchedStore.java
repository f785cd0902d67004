package io.delivery.benchmarks;

import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedContent;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A store elsewhere that can be switched off: then every request ends without an answer. It reads
 * the bytes as a network would, keeps their names only, and leaves the disk to the journal.
 */
final class SwitchedStore implements ObjectStore {
    private static final int UPLOADS = 4;

    private final ExecutorService threads = Executors.newFixedThreadPool(UPLOADS);
    private final Set<ObjectName> landed = ConcurrentHashMap.newKeySet();
    private volatile boolean down;

    void switchOff() {
        down = true;
    }

    void switchOn() {
        down = false;
    }

    @Override
    public CompletionStage<Landing> land(
            StagedContent content,
            ObjectName name,
            ObjectAttributes attributes,
            UploadListener uploads) {
        return CompletableFuture.supplyAsync(() -> landNow(content, name), threads);
    }

    private Landing landNow(StagedContent content, ObjectName name) {
        if (down) {
            return new Landing.Unknown("connection refused");
        }
        byte[] buffer = new byte[64 << 10];
        try (InputStream bytes = content.open()) {
            while (bytes.read(buffer) >= 0) {
                if (down) {
                    return new Landing.Unknown("connection reset");
                }
            }
        } catch (IOException unreadable) {
            return new Landing.Unknown(unreadable.toString());
        }
        return landed.add(name) ? new Landing.Landed("") : new Landing.Occupied();
    }

    @Override
    public CompletionStage<Found> find(
            ObjectName name, ObjectAttributes attributes, StagedContent content) {
        return CompletableFuture.supplyAsync(
                () ->
                        down
                                ? Found.unknown("connection refused")
                                : landed.contains(name) ? Found.OURS : Found.ABSENT,
                threads);
    }

    /** It keeps no request. */
    @Override
    public Duration requestLife(long bytes) {
        return Duration.ZERO;
    }

    @Override
    public CompletionStage<Void> abort(ObjectName name, String uploadId) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}

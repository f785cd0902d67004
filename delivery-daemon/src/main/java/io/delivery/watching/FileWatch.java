package io.delivery.watching;

import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.world.Scheduler;
import io.delivery.world.World;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * Looks once a second whether files have changed. What has changed is used when two looks have seen
 * the same: whoever writes a file in pieces, or a certificate and then its key, is not read half
 * way. What cannot be used is told in the log, in {@link #troubles} and by a metric, and the former
 * contents stay in force; it is tried again at each look, so that it recovers by itself. Contents
 * that change while they are used are used once more. Thread-safe.
 */
public final class FileWatch implements AutoCloseable {
    static final Duration PAUSE = Duration.ofSeconds(1);

    private final World world;
    private final Metrics metrics;

    /** Its own: a file system that hangs must hold nothing else up. */
    private final Executor looks;

    private final List<WatchedFiles> watched = new CopyOnWriteArrayList<>();
    private Scheduler.Cancellable next = () -> {};
    private boolean closed;

    public FileWatch(World world, Metrics metrics) {
        this.world = world;
        this.metrics = metrics;
        this.looks = world.scheduler().serial("files");
        metrics.gauge(Metric.STALE_FILES, "", () -> troubles().size());
    }

    /**
     * Watches files from now on.
     *
     * @param setting in messages and the metric's label
     * @param inForce what was read of them, looked at before that
     * @param use called with other contents, never by two threads at once
     */
    public void add(String setting, FileContents inForce, FileUse use) {
        addAsync(setting, inForce, () -> done(use));
    }

    private static CompletionStage<Void> done(FileUse use) {
        try {
            use.use();
            return CompletableFuture.completedFuture(null);
        } catch (IOException | RuntimeException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    /**
     * The same for a use that takes time: nothing waits for it, and what has become of it is seen
     * at a later look.
     */
    public void addAsync(String setting, FileContents inForce, AsyncFileUse use) {
        watched.add(new WatchedFiles(setting, inForce, use, world.clock(), metrics));
    }

    /** Watches the files of these settings no more. */
    public void removeIf(Predicate<String> setting) {
        watched.removeIf(files -> setting.test(files.setting()));
    }

    /** Begins to look. */
    public synchronized void start() {
        if (!closed) {
            next = world.scheduler().after(PAUSE, looks, this::look);
        }
    }

    private void look() {
        try {
            watched.forEach(WatchedFiles::look);
        } finally {
            start();
        }
    }

    /** A sentence for each setting whose changed files are not in force. */
    public List<String> troubles() {
        return watched.stream().map(WatchedFiles::trouble).filter(t -> !t.isEmpty()).toList();
    }

    @Override
    public synchronized void close() {
        closed = true;
        next.cancel();
    }
}

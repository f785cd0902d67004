package io.delivery.stream;

import io.delivery.engine.Engine;
import io.delivery.failure.RepeatedFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drains streams that the configuration does not name any more: what they have accepted lands, then
 * they end, and their directories stay. What fails on the way is tried again, every 30 s. Belongs
 * to the registry's executor of changes.
 */
final class Draining {
    private static final Duration TRY_AGAIN = Duration.ofSeconds(30);
    private static final Logger log = LoggerFactory.getLogger(Draining.class);

    private final Engine engine;
    private final KnownStreams known;
    private final Changes changes;
    private final Consumer<DefinedStream> opening;

    /**
     * @param opening opens a stream that was configured again when it had begun to stop
     */
    Draining(Engine engine, KnownStreams known, Changes changes, Consumer<DefinedStream> opening) {
        this.engine = engine;
        this.known = known;
        this.changes = changes;
        this.opening = opening;
    }

    /** Has a stream that is not configured any more drain. */
    void begin(RegisteredStream stream) {
        stream.configured(Optional.empty());
        if (stream.phase() == StreamPhase.CLOSED || stream.ends()) {
            return; // it is drained when somebody has mended it, or has been already
        }
        log.info("draining a stream that is not configured any more: stream={}", stream.name());
        new Drain(stream, stream.drain()).land();
    }

    /** A stream that drains, for as long as it is not configured again. */
    private final class Drain {
        private final RegisteredStream stream;
        private final int number;
        private final RepeatedFailure failing;

        /**
         * @param number which time it drains
         */
        Drain(RegisteredStream stream, int number) {
            this.stream = stream;
            this.number = number;
            this.failing =
                    RepeatedFailure.of(
                            log,
                            "draining a stream",
                            engine.world().clock()::nanoTime,
                            "stream",
                            stream.name());
        }

        private DeliveryStream open() {
            return stream.stream().orElseThrow();
        }

        void land() {
            if (stream.drainsSince(number)) { // it was not configured again
                make(() -> open().flush(), this::end, this::land);
            }
        }

        private void end() {
            if (stream.drainsSince(number) && !changes.stopped()) {
                stream.end();
                stop();
            }
        }

        private void stop() {
            make(() -> open().stop(Stopping.KEEP_OPEN, Duration.ZERO), this::ended, this::stop);
        }

        private void ended() {
            Path directory = open().home().directory();
            known.drained(stream, directory);
            // What they showed last would be shown for as long as the process lives.
            engine.metrics().remove(stream.name());
            log.info("drained: stream={}", stream.name());
            if (!changes.stopped()) {
                stream.configured().ifPresent(opening);
            }
        }

        /** Makes a step, and goes on when it has been made. */
        private void make(Supplier<CompletionStage<Void>> step, Runnable goingOn, Runnable again) {
            CompletionStage<Void> begun;
            try {
                begun = step.get();
            } catch (Throwable defect) { // also errors: nobody else would go on with it
                begun = CompletableFuture.failedFuture(defect);
            }
            begun.whenCompleteAsync(
                    (done, failure) -> made(failure, goingOn, again), changes.executor());
        }

        private void made(Throwable failure, Runnable goingOn, Runnable again) {
            if (failure == null) {
                failing.worked();
                goingOn.run();
            } else if (!changes.stopped()) {
                failing.failed(failure);
                engine.world().scheduler().after(TRY_AGAIN, changes.executor(), again);
            }
        }
    }
}

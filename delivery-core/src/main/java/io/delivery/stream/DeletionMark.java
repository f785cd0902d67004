package io.delivery.stream;

import io.delivery.failure.RepeatedFailure;
import io.delivery.home.StreamHome;
import io.delivery.home.StreamRemoval;
import io.delivery.world.Scheduler;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Marks a stream as deleted. When nobody knows whether the mark is durable it is written again
 * until it is: a later process might go by it.
 */
final class DeletionMark {
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);
    private static final Logger log = LoggerFactory.getLogger(DeletionMark.class);

    private final Marking marking;
    private final RepeatedFailure marks;
    private final Scheduler scheduler;
    private final Executor executor;
    private final CompletableFuture<Void> written = new CompletableFuture<>();

    private interface Marking {
        void mark() throws IOException;

        /** Whether a later process might find the mark, though it could not be written. */
        boolean isInDoubt();
    }

    private DeletionMark(Marking marking, Path directory, World world, Executor executor) {
        this.marking = marking;
        this.marks =
                RepeatedFailure.of(
                        log,
                        "marking a stream as deleted",
                        world.clock()::nanoTime,
                        "directory",
                        directory);
        this.scheduler = world.scheduler();
        this.executor = executor;
    }

    /**
     * Of a stream that is open.
     *
     * @param executor does the disk work
     */
    static DeletionMark of(StreamHome home, World world, Executor executor) {
        Marking marking =
                new Marking() {
                    @Override
                    public void mark() throws IOException {
                        home.markDeleted();
                    }

                    @Override
                    public boolean isInDoubt() {
                        return home.isDeleted();
                    }
                };
        return new DeletionMark(marking, home.directory(), world, executor);
    }

    /** Of a directory that nobody has open. */
    static DeletionMark of(Path directory, World world, Executor executor) {
        Marking marking =
                new Marking() {
                    @Override
                    public void mark() throws IOException {
                        StreamRemoval.mark(directory, world);
                    }

                    @Override
                    public boolean isInDoubt() {
                        return StreamRemoval.mayBeMarked(directory, world.disk());
                    }
                };
        return new DeletionMark(marking, directory, world, executor);
    }

    /** Completes when the mark is durable; fails when there is certainly none. */
    CompletableFuture<Void> write() {
        executor.execute(this::attempt);
        return written;
    }

    private void attempt() {
        try {
            marking.mark();
            marks.worked();
        } catch (IOException failed) {
            if (marking.isInDoubt()) {
                marks.failed(failed);
                scheduler.after(TRY_AGAIN, executor, this::attempt);
            } else {
                written.completeExceptionally(failed);
            }
            return;
        }
        written.complete(null);
    }
}

package io.delivery.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.testkit.ManualClock;
import io.delivery.testkit.SimEntropy;
import io.delivery.testkit.SimScheduler;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ProcessEndTest {
    private final SimScheduler scheduler = new SimScheduler(new ManualClock(), new SimEntropy(1));
    private final EndingProcess process = new EndingProcess();
    private final CompletableFuture<Void> output = new CompletableFuture<>();
    private final CompletableFuture<Integer> ended =
            ProcessEnd.of(process, output, scheduler, scheduler.serial("end"));

    /** Ends when a test says so, and is told to have ended when a test says so. */
    private static final class EndingProcess extends Process {
        private final CompletableFuture<Process> exit = new CompletableFuture<>();
        private boolean alive = true;

        @Override
        public CompletableFuture<Process> onExit() {
            return exit;
        }

        @Override
        public boolean isAlive() {
            return alive;
        }

        @Override
        public int exitValue() {
            if (alive) {
                throw new IllegalThreadStateException("it lives");
            }
            return FunctionProcess.NOT_BEGUN;
        }

        @Override
        public int waitFor() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void destroy() {
            throw new UnsupportedOperationException();
        }

        @Override
        public OutputStream getOutputStream() {
            throw new UnsupportedOperationException();
        }

        @Override
        public InputStream getInputStream() {
            throw new UnsupportedOperationException();
        }

        @Override
        public InputStream getErrorStream() {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void its_status_is_told_when_its_output_was_read() {
        process.alive = false;
        process.exit.complete(process);
        scheduler.runFor(Duration.ofMillis(900));
        assertThat(ended).isNotDone();

        output.complete(null);

        assertThat(ended).isCompletedWithValue(FunctionProcess.NOT_BEGUN);
    }

    @Test
    void what_holds_its_output_open_is_waited_for_for_a_second() {
        process.alive = false;
        process.exit.complete(process);

        scheduler.runFor(Duration.ofSeconds(1));

        assertThat(ended).isCompletedWithValue(FunctionProcess.NOT_BEGUN);
    }

    @Test
    void its_status_is_told_where_there_is_no_thread_to_tell_it_on() {
        output.complete(null);
        // As the JDK does: on the thread that is about to take the status.
        process.exit.completeExceptionally(new OutOfMemoryError("unable to create native thread"));
        scheduler.runFor(Duration.ofMillis(500));
        assertThat(ended).isNotDone();

        process.alive = false;
        scheduler.runFor(Duration.ofMillis(500));

        assertThat(ended).isCompletedWithValue(FunctionProcess.NOT_BEGUN);
    }

    @Test
    void the_end_of_its_output_shows_its_end_where_the_jdk_tells_nothing() {
        output.complete(null);
        scheduler.runFor(Duration.ofMillis(5));
        assertThat(ended).isNotDone();
        process.alive = false; // a little behind its output

        scheduler.runFor(Duration.ofMillis(10));

        assertThat(ended).isCompletedWithValue(FunctionProcess.NOT_BEGUN);
        assertThat(scheduler.timers()).as("looks to come").isZero();
    }

    @Test
    void its_end_is_seen_where_the_jdk_tells_nothing_and_its_output_is_held_open() {
        scheduler.runFor(Duration.ofHours(1));
        assertThat(ended).isNotDone();
        process.alive = false;

        scheduler.runFor(Duration.ofSeconds(2)); // it is looked at every second, then waited for

        assertThat(ended).isCompletedWithValue(FunctionProcess.NOT_BEGUN);
        assertThat(scheduler.timers()).as("looks to come").isZero();
    }

    @Test
    void what_closes_its_output_and_goes_on_is_not_looked_at_more_often_than_otherwise() {
        output.complete(null);
        scheduler.runFor(Duration.ofSeconds(10));
        long steps = scheduler.steps();

        scheduler.runFor(Duration.ofSeconds(100));

        assertThat(scheduler.steps() - steps).isEqualTo(100);
    }
}

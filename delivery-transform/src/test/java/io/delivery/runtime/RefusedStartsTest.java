package io.delivery.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.FunctionRunner;
import io.delivery.config.FunctionSettings;
import io.delivery.function.Invocation;
import io.delivery.function.InvocationResult;
import io.delivery.function.InvocationResult.Failed;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.runtime.code.Folders;
import io.delivery.testkit.SimWorld;
import io.delivery.world.Scheduler;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * When processes are started that the machine refuses, in simulated time. A file where their
 * folders are to be made refuses them.
 */
class RefusedStartsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final SimWorld sim = SimWorld.seeded(11);
    private final CountedStarts starts = new CountedStarts();
    private @TempDir Path folder;
    private RuntimeHost host;

    /** Counts the starts of processes, and lets them take as long as a test says. */
    private final class CountedStarts implements Scheduler {
        private final Deque<Duration> durations = new ArrayDeque<>();
        private int count;

        @Override
        public Executor serial(String name) {
            return sim.scheduler().serial(name);
        }

        @Override
        public Executor pool(String name, int width) {
            Executor pool = sim.scheduler().pool(name, width);
            return task -> {
                count++;
                Duration duration = durations.isEmpty() ? Duration.ZERO : durations.poll();
                sim.scheduler().after(duration, pool, task);
            };
        }

        @Override
        public Cancellable after(Duration delay, Executor where, Runnable task) {
            return sim.scheduler().after(delay, where, task);
        }
    }

    @BeforeAll
    static void needsPython() {
        Programs.assume("python3");
    }

    @BeforeEach
    void openHost() {
        World world = sim.world();
        host =
                RuntimeHost.open(
                        folder.resolve("functions"),
                        new World(world.clock(), world.disk(), starts, world.entropy()),
                        new RuntimeHost.Identity("eu-north-1", "123456789012"),
                        (function, source, line) -> {});
    }

    @AfterEach
    void closeHost() {
        host.close();
    }

    private ProcessFunction refused(int concurrency) throws IOException {
        FunctionRunner.Process process = process();
        ProcessFunction function =
                ProcessFunction.open(settings(process, concurrency), process, host);
        Files.createFile(folder.resolve("functions/tmp"));
        return function;
    }

    private FunctionRunner.Process process() throws IOException {
        return new FunctionRunner.Process(
                FunctionRunner.Runtime.PYTHON,
                code(),
                Optional.of("index.handler"),
                256L << 20,
                Map.of());
    }

    private Path code() throws IOException {
        Path code = Files.createDirectories(folder.resolve("its-code"));
        Files.writeString(code.resolve("index.py"), "def handler(event, context): pass");
        return code;
    }

    private static FunctionSettings settings(FunctionRunner.Process process, int concurrency) {
        return new FunctionSettings("enrich", process, TIMEOUT, concurrency);
    }

    private static List<CompletableFuture<InvocationResult>> invoke(
            ProcessFunction function, int events, Duration timeout) {
        List<CompletableFuture<InvocationResult>> results = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            Invocation invocation = new Invocation("event-" + i, new byte[] {'1'}, timeout);
            results.add(function.invoke(invocation).toCompletableFuture());
        }
        return results;
    }

    @Test
    void many_slots_try_no_more_starts_than_one() throws Exception {
        ProcessFunction function = refused(10);

        invoke(function, 10, Duration.ofHours(1));
        sim.scheduler().runFor(Duration.ofMinutes(15));

        assertThat(starts.count).as("in 15 minutes").isBetween(30, 50);
        starts.count = 0;
        sim.scheduler().runFor(Duration.ofMinutes(1));
        assertThat(starts.count).as("in one more minute").isBetween(1, 3);
    }

    @Test
    void a_start_that_takes_longer_than_a_process_may_be_silent_is_no_failure() throws Exception {
        starts.durations.add(TIMEOUT.plusSeconds(5));
        ProcessFunction function = refused(1);

        CompletableFuture<InvocationResult> result =
                invoke(function, 1, Duration.ofSeconds(60)).get(0);
        sim.scheduler().runFor(Duration.ofSeconds(50));

        assertThat(result).isNotDone();
        sim.scheduler().runFor(Duration.ofSeconds(11));
        assertThat(((Failed) result.join()).reason()).isEqualTo(Reason.NO_SLOT);
    }

    @Test
    void the_trouble_is_not_over_while_another_process_only_starts() throws Exception {
        starts.durations.add(Duration.ofSeconds(5));
        starts.durations.add(Duration.ofSeconds(20));
        ProcessFunction function = refused(2);

        invoke(function, 2, Duration.ofSeconds(1));
        sim.scheduler().runFor(Duration.ofSeconds(6));

        assertThat(function.status().trouble().orElse("none")).contains("could not be started");
    }

    @Test
    void a_start_that_fails_before_there_is_a_process_does_not_show_that_the_machine_starts_any()
            throws Exception {
        Files.createFile(folder.resolve("functions"));
        FunctionRunner.Process process = process();
        ProcessFunction function =
                ProcessFunction.openWhateverRoomThereIs(settings(process, 1), process, host);
        sim.scheduler().runFor(Duration.ofMinutes(15));
        Folders.remove(process.code());
        sim.scheduler().runFor(Duration.ofMinutes(1));
        assertThat(function.status().trouble().orElse("none")).endsWith("does not exist");
        code();
        starts.count = 0;

        invoke(function, 1, Duration.ofHours(1));
        sim.scheduler().runFor(Duration.ofMinutes(1));

        assertThat(function.status().trouble().orElse("none")).contains("it is tried again");
        assertThat(starts.count).as("in a minute").isBetween(1, 3);
    }
}

package io.delivery.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.delivery.testkit.ManualClock;
import io.delivery.testkit.SimEntropy;
import io.delivery.testkit.SimScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts of processes on a machine that has no thread to give. */
@Timeout(60)
class ChildrenTest {
    private final String mark = "mark-" + UUID.randomUUID();
    private final List<Thread> made = new CopyOnWriteArrayList<>();
    private @TempDir Path folder;

    /** Makes so many threads. */
    private ThreadFactory threads(int count) {
        return task -> {
            if (made.size() == count) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            Thread thread = new Thread(task);
            made.add(thread);
            return thread;
        };
    }

    private static void awaitEnd(List<Thread> threads) {
        await().untilAsserted(() -> assertThat(threads).noneMatch(Thread::isAlive));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void that_there_is_no_thread_shows_before_there_is_a_process(int count) {
        AtomicInteger started = new AtomicInteger();

        assertThatThrownBy(
                        () ->
                                Children.start(
                                        () -> {
                                            started.incrementAndGet();
                                            return null;
                                        },
                                        mark,
                                        threads(count)))
                .isInstanceOf(OutOfMemoryError.class);

        assertThat(started).hasValue(0);
        awaitEnd(made);
    }

    /** The JDK tells no arguments of a command line of more than 4 KB. */
    @ParameterizedTest
    @ValueSource(ints = {0, 20_000})
    void a_process_that_nobody_was_given_is_killed_with_what_it_has_started(int moreArguments)
            throws Exception {
        Path pid = folder.resolve("pid");
        ProcessBuilder builder =
                new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "sleep 3600 & echo $! > \"$1\"; wait",
                        mark,
                        pid + "",
                        "x".repeat(moreArguments));
        AtomicReference<Process> lost = new AtomicReference<>();
        Children.Start failing =
                () -> {
                    lost.set(builder.start());
                    await().until(() -> Files.exists(pid) && Files.size(pid) > 0);
                    throw new OutOfMemoryError("unable to create native thread");
                };

        try {
            assertThatThrownBy(() -> Children.start(failing, mark, Thread::new))
                    .isInstanceOf(OutOfMemoryError.class)
                    .hasNoSuppressedExceptions();

            assertThat(Programs.lives(lost.get().pid())).isFalse();
            long child = Long.parseLong(Files.readString(pid).strip());
            assertThat(Programs.lives(child)).isFalse();
        } finally {
            ProcessTree.kill(lost.get().toHandle(), mark);
        }
    }

    /** Two read its output, and five are for the process itself. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 6})
    void a_process_of_a_function_for_which_there_are_no_threads_is_none(int count)
            throws IOException {
        ManualClock clock = new ManualClock();
        SimScheduler scheduler = new SimScheduler(clock, new SimEntropy(1));
        LogLines lines = new LogLines("f", (f, source, line) -> {}, clock, scheduler);
        Path started = folder.resolve("started");
        Path script = Files.writeString(folder.resolve("script"), "touch '" + started + "'\n");
        Supervised command =
                new Supervised(script, List.of("/bin/true"), Map.of(), mark, "", folder);

        assertThatThrownBy(
                        () -> FunctionProcess.start("f", command, lines, scheduler, threads(count)))
                .isInstanceOf(OutOfMemoryError.class);

        awaitEnd(made);
        assertThat(started).doesNotExist();
    }
}

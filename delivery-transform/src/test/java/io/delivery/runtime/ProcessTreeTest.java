package io.delivery.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.runtime.ProcessTree.Left;
import java.lang.reflect.Proxy;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ProcessTreeTest {
    private static final FileSystemException NO_DESCRIPTOR =
            new FileSystemException("/proc", null, "Too many open files");

    private final AtomicInteger searches = new AtomicInteger();

    @Test
    void processes_are_looked_for_again_when_the_machine_did_not_let_them_be() {
        Left left =
                ProcessTree.kill(
                        found -> {
                            if (searches.incrementAndGet() < 3) {
                                throw NO_DESCRIPTOR;
                            }
                        });

        assertThat(left).isEqualTo(new Left(0, true));
        assertThat(searches).hasValue(3);
    }

    @Test
    void that_they_could_not_be_looked_for_is_not_taken_for_none() {
        Left left =
                ProcessTree.kill(
                        found -> {
                            throw NO_DESCRIPTOR;
                        });

        assertThat(left.known()).isFalse();
    }

    @Test
    void a_system_that_has_no_list_of_processes_is_asked_once() {
        Left left =
                ProcessTree.kill(
                        found -> {
                            searches.incrementAndGet();
                            throw new NoSuchFileException("/proc");
                        });

        assertThat(left).isEqualTo(new Left(0, true));
        assertThat(searches).hasValue(1);
    }

    @Test
    void a_process_is_killed_although_what_came_of_it_cannot_be_listed() {
        AtomicBoolean alive = new AtomicBoolean(true);
        ProcessHandle first =
                (ProcessHandle)
                        Proxy.newProxyInstance(
                                getClass().getClassLoader(),
                                new Class<?>[] {ProcessHandle.class},
                                (proxy, method, arguments) ->
                                        switch (method.getName()) {
                                            case "isAlive" -> alive.get();
                                            case "destroyForcibly" -> alive.getAndSet(false);
                                            case "descendants" ->
                                                    throw new RuntimeException(
                                                            "Unable to open /proc");
                                            default -> throw new AssertionError(method);
                                        });

        Left left = ProcessTree.kill(first, "mark-" + UUID.randomUUID());

        assertThat(alive).isFalse();
        assertThat(left).isEqualTo(new Left(0, true));
    }
}

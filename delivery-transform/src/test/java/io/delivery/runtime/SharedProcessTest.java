package io.delivery.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.delivery.config.FunctionRunner.Runtime;
import io.delivery.function.Invocation;
import io.delivery.function.InvocationResult;
import io.delivery.function.InvocationResult.Answered;
import io.delivery.function.InvocationResult.Failed;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.runtime.code.Folders;
import io.delivery.testkit.JavaSources;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A process that works on several events at a time. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(180)
class SharedProcessTest {
    private @TempDir Path folder;

    private static CompletableFuture<InvocationResult> invoke(
            ProcessFunction function, String event, Duration timeout) {
        byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
        return function.invoke(new Invocation(UUID.randomUUID().toString(), bytes, timeout))
                .toCompletableFuture();
    }

    private static long pid(InvocationResult result) {
        assertThat(result).isInstanceOf(Answered.class);
        byte[] payload = ((Answered) result).payload();
        return Long.parseLong(new String(payload, StandardCharsets.UTF_8).strip());
    }

    @Test
    void one_event_that_times_out_does_not_end_the_others_of_its_process() throws Exception {
        Path code =
                new JavaSources()
                        .against(RequestHandler.class)
                        .source(
                                "Sleeper",
                                """
                                import com.amazonaws.services.lambda.runtime.*;
                                public class Sleeper implements RequestHandler<Integer, Long> {
                                    public Long handleRequest(Integer millis, Context context) {
                                        try { Thread.sleep(millis); } catch (InterruptedException e) { }
                                        return ProcessHandle.current().pid();
                                    }
                                }
                                """)
                        .folder(folder.resolve("sleeper"));
        try (TestHost host = new TestHost(folder)) {
            ProcessFunction function = host.open(Runtime.JAVA, code, "Sleeper", 2);
            long pid = pid(invoke(function, "0", TestHost.PATIENCE).get(90, TimeUnit.SECONDS));
            CompletableFuture<InvocationResult> slow = invoke(function, "6000", TestHost.PATIENCE);
            CompletableFuture<InvocationResult> hangs =
                    invoke(function, "3600000", Duration.ofSeconds(1));

            InvocationResult timedOut = hangs.get(90, TimeUnit.SECONDS);
            CompletableFuture<InvocationResult> next = invoke(function, "0", TestHost.PATIENCE);

            assertThat(timedOut).isInstanceOf(Failed.class);
            assertThat(((Failed) timedOut).reason()).isEqualTo(Reason.TIMED_OUT);
            assertThat(pid(slow.get(90, TimeUnit.SECONDS))).isEqualTo(pid);
            // The one in which an event hangs gets no more of them, and ends.
            assertThat(pid(next.get(90, TimeUnit.SECONDS))).isNotEqualTo(pid);
            await().atMost(Duration.ofSeconds(20)).until(() -> !Programs.lives(pid));
        }
    }

    @Test
    void a_refusal_is_not_told_any_more_when_nothing_is_started_for_those_who_wait()
            throws Exception {
        Path code =
                new JavaSources()
                        .against(RequestHandler.class)
                        .source(
                                "SevenSlots",
                                """
                                import com.amazonaws.services.lambda.runtime.*;
                                public class SevenSlots implements RequestHandler<Integer, Long> {
                                    public SevenSlots() {
                                        if (Thread.currentThread().getName().equals("slot-8")) { rest(); }
                                    }
                                    public Long handleRequest(Integer event, Context context) {
                                        rest();
                                        return 0L;
                                    }
                                    private static void rest() {
                                        try { Thread.sleep(Long.MAX_VALUE); } catch (InterruptedException e) { }
                                    }
                                }
                                """)
                        .folder(folder.resolve("seven"));
        try (TestHost host = new TestHost(folder)) {
            ProcessFunction function = host.open(Runtime.JAVA, code, "SevenSlots", 16);
            Duration longTime = Duration.ofHours(1);
            for (int i = 0; i < 7; i++) {
                invoke(function, "1", longTime);
            }
            await().atMost(TestHost.PATIENCE).until(() -> function.status().busySlots() == 7);
            Path temporary = folder.resolve("functions/tmp");
            Folders.remove(temporary);
            Files.createFile(temporary); // no process starts any more
            invoke(function, "1", longTime); // waits for the eighth slot
            CompletableFuture<InvocationResult> ninth =
                    invoke(function, "1", Duration.ofSeconds(10));
            await().atMost(TestHost.PATIENCE).until(() -> function.status().trouble().isPresent());

            assertThat(ninth.get(90, TimeUnit.SECONDS)).isInstanceOf(Failed.class);

            await().atMost(TestHost.PATIENCE).until(() -> function.status().trouble().isEmpty());
            assertThat(function.status().waiting()).isEqualTo(1);
        }
    }

    @Test
    void an_event_gets_the_slot_that_an_answer_of_a_process_on_its_way_out_frees()
            throws Exception {
        Path code =
                new JavaSources()
                        .against(RequestHandler.class)
                        .source(
                                "Waiter",
                                """
                                import com.amazonaws.services.lambda.runtime.*;
                                import java.nio.file.*;
                                public class Waiter implements RequestHandler<String, Long> {
                                    public Long handleRequest(String file, Context context) {
                                        try {
                                            while (!file.isEmpty() && !Files.exists(Path.of(file))) { Thread.sleep(10); }
                                        } catch (InterruptedException e) { }
                                        return ProcessHandle.current().pid();
                                    }
                                }
                                """)
                        .folder(folder.resolve("waiter"));
        try (TestHost host = new TestHost(folder)) {
            ProcessFunction function = host.open(Runtime.JAVA, code, "Waiter", 2);
            pid(invoke(function, "\"\"", TestHost.PATIENCE).get(90, TimeUnit.SECONDS));
            CompletableFuture<InvocationResult> hangs =
                    invoke(function, until("never"), Duration.ofSeconds(1));
            CompletableFuture<InvocationResult> answered =
                    invoke(function, until("second"), TestHost.PATIENCE);
            CompletableFuture<InvocationResult> busy =
                    invoke(function, until("third"), TestHost.PATIENCE);
            assertThat(hangs.get(90, TimeUnit.SECONDS)).isInstanceOf(Failed.class);
            await().atMost(TestHost.PATIENCE).until(() -> function.status().waiting() == 0);
            CompletableFuture<InvocationResult> last =
                    invoke(function, "\"\"", Duration.ofSeconds(20));
            assertThat(function.status().busySlots()).isEqualTo(2);

            Files.createFile(folder.resolve("second"));

            pid(answered.get(90, TimeUnit.SECONDS));
            pid(last.get(90, TimeUnit.SECONDS));
            assertThat(busy).isNotDone();
            Files.createFile(folder.resolve("third"));
            pid(busy.get(90, TimeUnit.SECONDS));
        }
    }

    private String until(String file) {
        return '"' + folder.resolve(file).toString() + '"';
    }
}

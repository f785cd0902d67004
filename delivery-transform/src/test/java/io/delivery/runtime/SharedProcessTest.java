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
import io.delivery.testkit.JavaSources;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that works on several events at a time. */
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
}

package io.delivery.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.delivery.config.AccessKey;
import io.delivery.config.FunctionRunner;
import io.delivery.config.Secret;
import io.delivery.function.FunctionInvoker;
import io.delivery.function.Invocation;
import io.delivery.function.InvocationResult;
import io.delivery.function.InvocationResult.Answered;
import io.delivery.function.InvocationResult.Failed;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.invoke.HttpFunction;
import io.delivery.invoke.LambdaFunction;
import io.delivery.machine.ThreadScheduler;
import io.delivery.testkit.JavaSources;
import io.delivery.testkit.servers.LambdaEmulator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Between our invokers and our Java runtime, Amazon's own emulator: each meets the other side that
 * it was written for.
 */
@Timeout(120)
class LambdaEmulatorIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir private static Path folder;

    private static LambdaEmulator emulator;
    private static ThreadScheduler scheduler;

    @BeforeAll
    static void start() throws IOException {
        assumeThat(LambdaEmulator.missing()).as(".ci/tools rie").isEmpty();
        Path code =
                new JavaSources()
                        .against(RequestHandler.class)
                        .source(
                                "Obedient",
                                """
                                import com.amazonaws.services.lambda.runtime.*;
                                import java.util.*;
                                public class Obedient implements RequestHandler<Map<String, String>, Object> {
                                    public Object handleRequest(Map<String, String> event, Context context) {
                                        switch (event.get("do")) {
                                            case "throw": throw new IllegalStateException("no such table");
                                            case "exit": System.exit(0);
                                            case "request": return context.getAwsRequestId();
                                            case "fill": return "x".repeat(7 << 20);
                                            default: return Map.of("records", List.of());
                                        }
                                    }
                                }
                                """)
                        .folder(folder.resolve("code"));
        Launch launch =
                new JavaLauncher()
                        .launch(
                                new Deployment(
                                        code, Optional.of("Obedient"), 256L << 20, 1, folder));
        Path bootstrap = folder.resolve("bootstrap");
        Files.writeString(
                bootstrap, "#!/bin/sh\nexec " + String.join(" ", launch.command()) + "\n");
        Files.setPosixFilePermissions(bootstrap, PosixFilePermissions.fromString("rwxr-xr-x"));
        scheduler = new ThreadScheduler();
        emulator =
                LambdaEmulator.start(
                        List.of(bootstrap.toString()),
                        "Obedient",
                        Map.of("LAMBDA_TASK_ROOT", code.toString()));
    }

    @AfterAll
    static void stop() {
        if (emulator != null) {
            emulator.close();
            scheduler.close();
        }
    }

    private static FunctionInvoker endpoint() {
        return new HttpFunction(
                "f", new FunctionRunner.Endpoint(emulator.invocations()), 1, scheduler);
    }

    private static FunctionInvoker lambda() {
        return new LambdaFunction(
                "f",
                new FunctionRunner.Lambda(
                        "function",
                        Optional.of(emulator.endpoint()),
                        Optional.empty(),
                        Optional.of(new AccessKey("key", new Secret("secret")))),
                1,
                scheduler,
                (function, source, line) -> {});
    }

    private static InvocationResult invoke(FunctionInvoker invoker, String action)
            throws Exception {
        byte[] event = "{\"do\":\"%s\"}".formatted(action).getBytes(StandardCharsets.UTF_8);
        return invoker.invoke(new Invocation("a-request-id", event, PATIENCE))
                .toCompletableFuture()
                .get(100, TimeUnit.SECONDS);
    }

    private static String answer(InvocationResult result) {
        assertThat(result).isInstanceOf(Answered.class);
        return new String(((Answered) result).payload(), StandardCharsets.UTF_8);
    }

    @Test
    void an_event_is_answered_and_its_request_id_arrives() throws Exception {
        try (FunctionInvoker invoker = endpoint()) {
            assertThat(answer(invoke(invoker, "answer"))).isEqualTo("{\"records\":[]}");
            assertThat(answer(invoke(invoker, "request"))).isEqualTo("\"a-request-id\"");
        }
        try (FunctionInvoker invoker = lambda()) {
            assertThat(answer(invoke(invoker, "answer"))).isEqualTo("{\"records\":[]}");
        }
    }

    @Test
    void errors_of_the_function_are_told_as_such_and_the_next_event_is_answered() throws Exception {
        for (FunctionInvoker each : List.of(endpoint(), lambda())) {
            try (FunctionInvoker invoker = each) {
                for (String action : List.of("throw", "fill", "exit")) {
                    InvocationResult result = invoke(invoker, action);

                    assertThat(result).as(action).isInstanceOf(Failed.class);
                    assertThat(((Failed) result).reason())
                            .as(result.toString())
                            .isEqualTo(Reason.FUNCTION_ERROR);
                    assertThat(answer(invoke(invoker, "answer"))).isEqualTo("{\"records\":[]}");
                }
                assertThat(((Failed) invoke(invoker, "throw")).message()).contains("no such table");
            }
        }
    }
}

package io.delivery.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.delivery.config.FunctionRunner.Runtime;
import io.delivery.function.FunctionInvoker;
import io.delivery.function.Invocation;
import io.delivery.function.InvocationResult;
import io.delivery.function.InvocationResult.Answered;
import io.delivery.function.InvocationResult.Failed;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.testkit.JavaSources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A handler in Java, uploaded as a jar. */
class JavaRuntimeTest extends RuntimeContract {
    JavaRuntimeTest() {
        super(Runtime.JAVA, "com.example.Obedient::handleRequest");
    }

    @Override
    Path code(Path temporary) throws IOException {
        Path jar = temporary.resolve("obedient.jar");
        if (!Files.exists(jar)) {
            new JavaSources()
                    .against(RequestHandler.class)
                    .source(
                            "com.example.Obedient",
                            """
                            package com.example;
                            import com.amazonaws.services.lambda.runtime.*;
                            import java.util.*;
                            public class Obedient implements RequestHandler<Map<String, Object>, Object> {
                                public Object handleRequest(Map<String, Object> event, Context context) {
                                    String text = (String) event.get("text");
                                    switch ((String) event.get("do")) {
                                        case "length": return text.length();
                                        case "fill": return "x".repeat((Integer) event.get("size"));
                                        case "request": return context.getAwsRequestId();
                                        case "throw": throw new IllegalStateException(text);
                                        case "exit": System.exit(0);
                                        case "hang": hang();
                                        case "memory": return fillTheHeap();
                                        case "complain": System.err.println(text);
                                        default: return text;
                                    }
                                }
                                private static Object fillTheHeap() {
                                    List<byte[]> all = new ArrayList<>();
                                    while (true) { all.add(new byte[1 << 20]); }
                                }
                                private static synchronized void hang() {
                                    while (true) {
                                        try { Obedient.class.wait(); } catch (InterruptedException again) { }
                                    }
                                }
                            }
                            """)
                    .jar(jar);
        }
        return jar;
    }

    @Test
    void a_function_whose_heap_is_full_has_failed_and_the_next_event_is_answered()
            throws Exception {
        try (FunctionInvoker invoker = invoker(1)) {
            Failed failed = (Failed) invoke(invoker, "{\"do\":\"memory\"}");

            assertThat(failed.reason()).isEqualTo(Reason.FUNCTION_ERROR);
            assertThat(invoke(invoker, "{\"do\":\"echo\",\"text\":\"next\"}"))
                    .isInstanceOf(Answered.class);
        }
    }

    private static InvocationResult invoke(FunctionInvoker invoker, String event) throws Exception {
        byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
        return invoker.invoke(new Invocation("request", bytes, Duration.ofSeconds(60)))
                .toCompletableFuture()
                .get(150, TimeUnit.SECONDS);
    }
}

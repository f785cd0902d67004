package io.delivery.runtime;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.delivery.config.FunctionRunner.Runtime;
import io.delivery.testkit.JavaSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
                                        case "complain": System.err.println(text);
                                        default: return text;
                                    }
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
}

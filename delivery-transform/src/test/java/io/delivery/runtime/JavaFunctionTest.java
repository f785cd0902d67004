package io.delivery.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisFirehoseEvent;
import io.delivery.testkit.JavaSources;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.joda.time.DateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Handlers as they are written for Lambda, compiled, and run in a process of their own. */
@Timeout(180)
class JavaFunctionTest {
    private static final String HEAD =
            """
            import com.amazonaws.services.lambda.runtime.*;
            import com.amazonaws.services.lambda.runtime.events.*;
            import java.io.*;
            import java.nio.ByteBuffer;
            import java.nio.charset.StandardCharsets;
            import java.util.*;
            """;

    @TempDir private Path folder;

    private static JavaSources sources() {
        return new JavaSources()
                .against(RequestHandler.class)
                .against(KinesisFirehoseEvent.class)
                .against(DateTime.class);
    }

    /** A folder with one class, laid out as Lambda unpacks a jar. */
    private Path code(String className, String text) throws IOException {
        int dot = className.lastIndexOf('.');
        String head = dot < 0 ? HEAD : "package " + className.substring(0, dot) + ";\n" + HEAD;
        return sources().source(className, head + text).folder(folder.resolve("code"));
    }

    private JavaProcess start(Path code, String handler) throws IOException {
        return JavaProcess.start(code, handler, 1, folder);
    }

    private String outcome(Path code, String handler, String event) throws Exception {
        try (JavaProcess process = start(code, handler)) {
            return process.outcome(event);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    // --- kinds of handlers ---

    @Test
    void a_handler_of_the_event_types_of_firehose_runs_as_it_is_on_lambda() throws Exception {
        Path code =
                code(
                        "com.example.Upper",
                        """
                        public class Upper implements RequestHandler<KinesisFirehoseEvent, KinesisAnalyticsInputPreprocessingResponse> {
                            public KinesisAnalyticsInputPreprocessingResponse handleRequest(KinesisFirehoseEvent event, Context context) {
                                List<KinesisAnalyticsInputPreprocessingResponse.Record> records = new ArrayList<>();
                                for (KinesisFirehoseEvent.Record record : event.getRecords()) {
                                    String text = StandardCharsets.UTF_8.decode(record.getData()).toString();
                                    records.add(new KinesisAnalyticsInputPreprocessingResponse.Record(
                                        record.getRecordId(),
                                        text.isEmpty() ? KinesisAnalyticsInputPreprocessingResponse.Result.Dropped
                                                       : KinesisAnalyticsInputPreprocessingResponse.Result.Ok,
                                        ByteBuffer.wrap(text.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8))));
                                }
                                return new KinesisAnalyticsInputPreprocessingResponse(records);
                            }
                        }
                        """);
        // The types of the events are a library of the function's.
        Path lib = Files.createDirectories(code.resolve("lib"));
        for (Class<?> library : List.of(KinesisFirehoseEvent.class, DateTime.class)) {
            Path jar = JavaSources.placeOf(library);
            Files.copy(jar, lib.resolve(jar.getFileName()));
        }
        String event =
                """
                {"invocationId":"i","deliveryStreamArn":"arn:aws:firehose:us-east-1:1:deliverystream/s","region":"us-east-1",
                 "records":[{"recordId":"r1","approximateArrivalTimestamp":1495072949453,"data":"%s"},
                            {"recordId":"r2","approximateArrivalTimestamp":1495072949453,"data":""}]}
                """
                        .formatted(base64("grüße"));

        assertThat(outcome(code, "com.example.Upper", event))
                .startsWith("response ")
                .contains(
                        "\"recordId\":\"r1\",\"result\":\"Ok\",\"data\":\"%s\""
                                .formatted(base64("GRÜSSE")))
                .contains("\"recordId\":\"r2\",\"result\":\"Dropped\"");
    }

    @Test
    void a_stream_handler_gets_the_bytes_and_the_context() throws Exception {
        Path code =
                code(
                        "Streamed",
                        """
                        public class Streamed implements RequestStreamHandler {
                            public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
                                context.getLogger().log("a line of the log\\n");
                                out.write(in.readAllBytes());
                                out.write((" " + context.getAwsRequestId() + " " + context.getFunctionName() + " "
                                    + (context.getRemainingTimeInMillis() > 0)).getBytes(StandardCharsets.UTF_8));
                            }
                        }
                        """);

        try (JavaProcess process = start(code, "Streamed")) {
            assertThat(process.outcome("[1, 2]")).isEqualTo("response [1, 2] request-1 test true");
            assertThat(process.output()).contains("a line of the log");
        }
    }

    @Test
    void a_plain_method_gets_an_object() throws Exception {
        Path code =
                code(
                        "com.example.Plain",
                        """
                        public class Plain {
                            public static class Order { public String id; public int count;
                                public String getId() { return id; } public void setId(String id) { this.id = id; }
                                public int getCount() { return count; } public void setCount(int count) { this.count = count; } }
                            public Map<String, Object> enrich(Order order, Context context) {
                                return new TreeMap<>(Map.of("id", order.id, "twice", 2 * order.count));
                            }
                        }
                        """);

        assertThat(outcome(code, "com.example.Plain::enrich", "{\"id\":\"a\",\"count\":4}"))
                .isEqualTo("response {\"id\":\"a\",\"twice\":8}");
    }

    // --- classes ---

    @Test
    void the_own_version_of_a_library_counts() throws Exception {
        String text =
                "package software.amazon.awssdk.utilslite; public class SdkInternalThreadLocal"
                        + " { public static String version() { return \"of the function\"; } }";
        Path library = folder.resolve("library.jar");
        sources()
                .source("software.amazon.awssdk.utilslite.SdkInternalThreadLocal", text)
                .jar(library);
        Path code =
                sources()
                        .against(library)
                        .source(
                                "Own",
                                HEAD
                                        + """
                                        public class Own implements RequestHandler<Object, String> {
                                            public String handleRequest(Object event, Context context) {
                                                return software.amazon.awssdk.utilslite.SdkInternalThreadLocal.version();
                                            }
                                        }
                                        """)
                        .resource("lib/library.jar", Files.readAllBytes(library))
                        .folder(folder.resolve("code"));

        assertThat(outcome(code, "Own", "{}")).isEqualTo("response \"of the function\"");
    }

    @Test
    void a_function_sees_no_class_of_ours() throws Exception {
        Path code =
                code(
                        "Look",
                        """
                        public class Look implements RequestHandler<Object, List<String>> {
                            public List<String> handleRequest(Object event, Context context) {
                                List<String> seen = new ArrayList<>();
                                for (String name : List.of("io.delivery.function.FunctionInvoker",
                                        "com.fasterxml.jackson.core.JsonFactory", "org.slf4j.Logger")) {
                                    try {
                                        Class.forName(name);
                                        seen.add(name);
                                    } catch (ClassNotFoundException hidden) {
                                        seen.add("hidden");
                                    }
                                }
                                return seen;
                            }
                        }
                        """);

        assertThat(outcome(code, "Look", "{}"))
                .isEqualTo("response [\"hidden\",\"hidden\",\"hidden\"]");
    }

    @Test
    void it_ends_without_a_word_when_nobody_answers_any_more() throws Exception {
        Path code =
                code(
                        "Echo",
                        """
                        public class Echo {
                            public String handle(String event) {
                                return event;
                            }
                        }
                        """);

        try (JavaProcess process = JavaProcess.start(code, "Echo::handle", 2, folder)) {
            assertThat(process.outcome("\"x\"")).isEqualTo("response \"x\"");
            Awaitility.await().until(() -> process.asking() == 2);
            process.endApi();

            assertThat(process.exit()).isEqualTo(1);
            assertThat(process.output()).isEmpty();
        }
    }

    @Test
    void slots_of_one_process_work_at_the_same_time_and_share_no_static_field() throws Exception {
        Path code =
                code(
                        "Counting",
                        """
                        public class Counting implements RequestHandler<Map<String, Object>, String> {
                            static int events;
                            private boolean busy;
                            public String handleRequest(Map<String, Object> event, Context context) {
                                if (busy) { return "two at a time"; }
                                busy = true;
                                // Until every slot has an event, as the file tells.
                                File started = new File(event.get("folder") + "/" + event.get("name"));
                                try {
                                    started.createNewFile();
                                    while (started.getParentFile().list().length < 3) { Thread.sleep(5); }
                                } catch (Exception e) { return e.toString(); }
                                busy = false;
                                return "event " + ++events;
                            }
                        }
                        """);
        Path started = Files.createDirectories(folder.resolve("started"));

        try (JavaProcess process = JavaProcess.start(code, "Counting", 3, folder)) {
            Awaitility.await().until(() -> process.asking() == 3);
            List<CompletableFuture<String>> outcomes = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                outcomes.add(
                        process.send("{\"folder\":\"%s\",\"name\":\"%d\"}".formatted(started, i)));
            }

            for (CompletableFuture<String> outcome : outcomes) {
                assertThat(process.patiently(outcome)).isEqualTo("response \"event 1\"");
            }
        }
    }

    // --- faults ---

    @Test
    void what_a_handler_throws_is_told_and_the_next_event_is_answered() throws Exception {
        Path code =
                code(
                        "Throwing",
                        """
                        public class Throwing implements RequestHandler<String, String> {
                            public String handleRequest(String event, Context context) {
                                if (event.equals("throw")) { throw new IllegalStateException("no such table"); }
                                if (event.equals("deep")) { return handleRequest(event, context) + "!"; }
                                return event;
                            }
                        }
                        """);

        try (JavaProcess process = start(code, "Throwing")) {
            assertThat(process.outcome("\"throw\""))
                    .startsWith("error ")
                    .contains("\"errorMessage\":\"no such table\"")
                    .contains("\"errorType\":\"java.lang.IllegalStateException\"")
                    .contains("Throwing.handleRequest")
                    .doesNotContain("io.delivery");
            assertThat(process.output()).contains("no such table");
            assertThat(process.outcome("\"next\"")).isEqualTo("response \"next\"");
        }
    }

    @Test
    void an_answer_that_cannot_be_sent_concerns_its_event_only() throws Exception {
        Path code =
                code(
                        "Large",
                        """
                        public class Large implements RequestStreamHandler {
                            public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
                                String event = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                                if (event.equals("throw")) { throw new IOException("no disk"); }
                                byte[] megabyte = new byte[1 << 20];
                                for (int i = 0; event.equals("100 MB") && i < 100; i++) { out.write(megabyte); }
                                File go = new File("go");
                                while (event.equals("wait") && !go.exists()) { Thread.onSpinWait(); }
                                out.write(event.getBytes(StandardCharsets.UTF_8));
                            }
                        }
                        """);

        try (JavaProcess process = JavaProcess.start(code, "Large", 3, 1024L << 20, folder)) {
            CompletableFuture<String> waits = process.send("wait");
            for (String event : List.of("100 MB", "throw", "100 MB")) {
                assertThat(process.patiently(process.sendAndBreak(event))).isEqualTo("broken");
                assertThat(process.outcome("next")).isEqualTo("response next");
            }

            Files.createFile(code.resolve("go"));
            assertThat(process.patiently(waits)).isEqualTo("response wait");
            Awaitility.await()
                    .untilAsserted(
                            () ->
                                    assertThat(process.output())
                                            .contains("The response of the event request-"));
        }
    }

    @Test
    void an_event_that_the_types_do_not_take_is_an_error_of_that_event() throws Exception {
        Path code =
                code(
                        "Typed",
                        """
                        public class Typed implements RequestHandler<Map<String, Integer>, Integer> {
                            public Integer handleRequest(Map<String, Integer> event, Context context) { return event.get("a"); }
                        }
                        """);

        try (JavaProcess process = start(code, "Typed")) {
            assertThat(process.outcome("[\"no map\"]")).startsWith("error ");
            assertThat(process.outcome("{\"a\":7}")).isEqualTo("response 7");
        }
    }

    @Test
    void one_that_ends_the_process_or_its_memory_ends_it_without_an_answer() throws Exception {
        Path code =
                code(
                        "Ending",
                        """
                        public class Ending implements RequestHandler<String, String> {
                            public String handleRequest(String event, Context context) {
                                if (event.equals("exit")) { System.exit(0); }
                                List<byte[]> all = new ArrayList<>();
                                while (true) { all.add(new byte[1 << 20]); }
                            }
                        }
                        """);

        try (JavaProcess process = start(code, "Ending")) {
            CompletableFuture<String> outcome = process.send("\"exit\"");
            assertThat(process.exit()).isZero();
            assertThat(outcome).isNotDone();
        }
        try (JavaProcess process = JavaProcess.start(code, "Ending", 1, 128L << 20, folder)) {
            CompletableFuture<String> outcome = process.send("\"memory\"");
            assertThat(process.exit()).isNotZero();
            assertThat(outcome).isNotDone();
            assertThat(process.output()).contains("OutOfMemoryError");
        }
    }

    /** In place of the slots of the program: the third finds no thread. */
    private static final String THIRD_FAILS =
            """
            package io.delivery.javafunction;
            public class Slot implements Runnable {
                public Slot() {
                    int number = Integer.getInteger("slots", 0) + 1;
                    System.setProperty("slots", Integer.toString(number));
                    if (number == 3) {
                        Thread.getAllStackTraces().keySet().stream()
                                .filter(thread -> thread.getName().equals("slot-1"))
                                .forEach(Slot::awaitRest);
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                }
                private static void awaitRest(Thread slot) {
                    while (slot.isAlive() && slot.getState() != Thread.State.WAITING) {
                        Thread.onSpinWait();
                    }
                }
                public void run() {
                    System.out.println("A slot asks for an event");
                }
            }
            """;

    @Test
    void a_process_that_cannot_have_all_of_its_slots_ends_and_says_why() throws Exception {
        Path classes =
                new JavaSources()
                        .source("io.delivery.javafunction.Slot", THIRD_FAILS)
                        .folder(folder.resolve("classes"));
        String main = "io/delivery/javafunction/JavaFunction.class";
        try (InputStream in = JavaFunctionTest.class.getResourceAsStream("/" + main)) {
            Files.copy(in, classes.resolve(main));
        }
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                classes.toString(),
                                "io.delivery.javafunction.JavaFunction",
                                "4",
                                folder.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("output").toFile())
                        .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isEqualTo(FunctionProcess.NO_THREAD);
        assertThat(Files.readString(folder.resolve("output")).strip())
                .doesNotContain("asks for an event")
                .endsWith(
                        FunctionProcess.NO_THREAD_LINE
                                + " 2 of 4 slots: java.lang.OutOfMemoryError: unable to create native thread");
    }

    @Test
    void a_handler_that_cannot_be_made_is_told_before_any_event() throws Exception {
        Path code =
                code(
                        "Broken",
                        """
                        public class Broken implements RequestHandler<String, String> {
                            static { if (true) throw new IllegalStateException("no licence"); }
                            public String handleRequest(String event, Context context) { return event; }
                        }
                        class Other { public String handle(String event) { return event; } }
                        """);

        assertThat(initError(code, "Broken")).contains("no licence");
        assertThat(initError(code, "com.example.Gone")).contains("com.example.Gone");
        assertThat(initError(code, "Other::gone")).contains("gone");
    }

    private String initError(Path code, String handler) throws Exception {
        try (JavaProcess process = start(code, handler)) {
            String error = process.patiently(process.initError());
            assertThat(process.exit()).isNotZero();
            return error;
        }
    }
}

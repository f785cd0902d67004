package io.delivery.runtime;

import io.delivery.config.FunctionRunner;
import io.delivery.config.FunctionRunner.Runtime;
import io.delivery.config.FunctionSettings;
import io.delivery.config.Secret;
import io.delivery.function.FunctionLog;
import io.delivery.function.Invocation;
import io.delivery.function.InvocationResult;
import io.delivery.function.InvocationResult.Answered;
import io.delivery.function.InvocationResult.Failed;
import io.delivery.machine.Machine;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A runtime host of a test, in a folder of its own. */
final class TestHost implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Machine machine = new Machine();
    private final Path folder;
    private final RuntimeHost host;
    final List<String> log = new CopyOnWriteArrayList<>();

    TestHost(Path folder) {
        this.folder = folder;
        FunctionLog lines =
                (function, source, line) -> {
                    if (log.size() < 100_000) {
                        log.add(function + " " + source + " " + line);
                    }
                };
        host =
                RuntimeHost.open(
                        folder.resolve("functions"),
                        machine.world(),
                        new RuntimeHost.Identity("eu-north-1", "123456789012"),
                        lines);
    }

    Path folder() {
        return folder;
    }

    /** The folder of a function in the test resources. */
    static Path function(String name) {
        try {
            return Path.of(TestHost.class.getResource("functions/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** Code of one file, written for a test. */
    Path code(String name, String content) throws IOException {
        Path code = Files.createTempDirectory(folder, "code");
        Path file = code.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        if (name.equals("bootstrap")) {
            Files.setPosixFilePermissions(
                    file, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return code;
    }

    /** As {@link #python}, whatever room there is. */
    ProcessFunction pythonAtStart(String code) throws IOException {
        FunctionRunner.Process process =
                new FunctionRunner.Process(
                        Runtime.PYTHON,
                        code("index.py", code),
                        Optional.of("index.handler"),
                        256L << 20,
                        Map.of());
        return ProcessFunction.openWhateverRoomThereIs(
                new FunctionSettings("enrich", process, Duration.ofSeconds(60), 1), process, host);
    }

    ProcessFunction open(Runtime runtime, Path code, String handler, int slots) throws IOException {
        return open(runtime, code, handler, slots, Duration.ofSeconds(60), Map.of());
    }

    ProcessFunction open(
            Runtime runtime,
            Path code,
            String handler,
            int slots,
            Duration timeout,
            Map<String, Secret> environment)
            throws IOException {
        FunctionRunner.Process process =
                new FunctionRunner.Process(
                        runtime, code, Optional.of(handler), 256L << 20, environment);
        return ProcessFunction.open(
                new FunctionSettings("enrich", process, timeout, slots), process, host);
    }

    ProcessFunction python(String code) throws IOException {
        return open(Runtime.PYTHON, code("index.py", code), "index.handler", 1);
    }

    ProcessFunction bootstrap(String code) throws IOException {
        return open(Runtime.PROVIDED, code("bootstrap", code), "", 1);
    }

    static InvocationResult invoke(ProcessFunction function, String event) throws Exception {
        return invoke(function, event, PATIENCE);
    }

    static InvocationResult invoke(ProcessFunction function, String event, Duration timeout)
            throws Exception {
        return function.invoke(
                        new Invocation(
                                UUID.randomUUID().toString(),
                                event.getBytes(StandardCharsets.UTF_8),
                                timeout))
                .toCompletableFuture()
                .get(2 * timeout.toSeconds() + 30, TimeUnit.SECONDS);
    }

    static String answer(ProcessFunction function, String event) throws Exception {
        InvocationResult result = invoke(function, event);
        if (result instanceof Answered answered) {
            return new String(answered.payload(), StandardCharsets.UTF_8).strip();
        }
        throw new AssertionError("no answer: " + result);
    }

    static Failed failure(ProcessFunction function, String event) throws Exception {
        return failure(function, event, PATIENCE);
    }

    static Failed failure(ProcessFunction function, String event, Duration timeout)
            throws Exception {
        InvocationResult result = invoke(function, event, timeout);
        if (result instanceof Failed failed) {
            return failed;
        }
        throw new AssertionError("an answer, where there should be none: " + result);
    }

    @Override
    public void close() {
        host.close();
        machine.close();
    }
}

package io.delivery.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.testkit.servers.Tools;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * How programs of other people are started: in a folder that is their home, on a machine that knows
 * nothing of AWS but what it is told here.
 */
public final class ClientProgram {
    /** A program prints it, and waits for a line, when what it has put should land. */
    private static final String LANDING = "(landing)";

    /** Processors are shared with other tests; a client of which nothing is heard has failed. */
    private static final long MINUTES = 20;

    private final Path folder;
    private final Map<String, String> variables;

    /**
     * What a program has done.
     *
     * @param lines of its standard output
     * @param complaints its standard error
     */
    public record Outcome(int exitCode, List<String> lines, String complaints) {
        public Outcome {
            lines = List.copyOf(lines);
        }

        /** Its standard output. */
        public String text() {
            return String.join("\n", lines);
        }
    }

    /** Has everything land that was put. */
    interface Landing {
        void land() throws Exception;
    }

    private ClientProgram(Path folder, Map<String, String> variables) {
        this.folder = folder;
        this.variables = Map.copyOf(variables);
    }

    /** Programs that are started in this folder. */
    public static ClientProgram in(Path folder) {
        return new ClientProgram(
                folder,
                Map.of(
                        "HOME", folder.toString(),
                        "TZ", "UTC",
                        "NO_PROXY", "127.0.0.1",
                        "no_proxy", "127.0.0.1"));
    }

    /**
     * A program of the tools folder; the test is skipped with the reason when it is not there.
     *
     * @param name what {@code .ci/tools} calls it
     * @param relative its executable below the folder
     */
    static Path tool(String name, String relative) {
        Optional<String> missing = Tools.missing(name, relative);
        assumeTrue(missing.isEmpty(), () -> name + ": " + missing.orElse(""));
        return Tools.executable(relative);
    }

    /** The Java that runs this. */
    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** The bytes of the only object of a bucket that is a folder. */
    static byte[] onlyObject(Path bucket) throws IOException {
        try (Stream<Path> files = Files.walk(bucket)) {
            List<Path> objects = files.filter(Files::isRegularFile).toList();
            assertThat(objects).hasSize(1);
            return Files.readAllBytes(objects.get(0));
        }
    }

    /** A file of {@code clients} among the resources of the tests. */
    static byte[] resource(String name) throws IOException {
        try (InputStream in = ClientProgram.class.getResourceAsStream("/clients/" + name)) {
            return in.readAllBytes();
        }
    }

    /** With one more variable in its environment. */
    public ClientProgram with(String variable, String value) {
        Map<String, String> more = new LinkedHashMap<>(variables);
        more.put(variable, value);
        return new ClientProgram(folder, more);
    }

    /** Pointed at a service in the way that needs no change of a program: by its environment. */
    public ClientProgram pointedAt(URI api, String accessKeyId, String secret) throws IOException {
        Path config = folder.resolve("aws-config");
        // Version 2 of the AWS CLI would take Data for base64 otherwise, version 1 never does.
        Files.writeString(
                config,
                """
                [default]
                cli_binary_format = raw-in-base64-out
                cli_timestamp_format = iso8601
                """);
        return with("AWS_ENDPOINT_URL_FIREHOSE", api.toString())
                .with("AWS_REGION", "us-east-1")
                .with("AWS_DEFAULT_REGION", "us-east-1")
                .with("AWS_ACCESS_KEY_ID", accessKeyId)
                .with("AWS_SECRET_ACCESS_KEY", secret)
                .with("AWS_CONFIG_FILE", config.toString())
                .with("AWS_SHARED_CREDENTIALS_FILE", folder.resolve("none").toString())
                .with("AWS_EC2_METADATA_DISABLED", "true");
    }

    /** Runs it to its end. */
    public Outcome run(List<String> command) throws Exception {
        return run(
                command,
                () -> {
                    throw new AssertionError(command + " waits for a landing");
                });
    }

    /**
     * Runs it to its end.
     *
     * @param landing is done when it asks for it
     */
    Outcome run(List<String> command, Landing landing) throws Exception {
        Path complaints = Files.createTempFile(folder, "complaints-", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectError(complaints.toFile());
        builder.environment().keySet().removeIf(ClientProgram::isOfAClient);
        builder.environment().putAll(variables);
        Process process = builder.start();
        AtomicBoolean late = new AtomicBoolean();
        endLater(process, late);
        List<String> lines = new ArrayList<>();
        try (BufferedReader said = process.inputReader(UTF_8);
                OutputStream answers = process.getOutputStream()) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.equals(LANDING)) {
                    landing.land();
                    answers.write('\n');
                    answers.flush();
                } else {
                    lines.add(line);
                }
            }
            process.waitFor();
        } finally {
            end(process);
        }
        Outcome outcome =
                new Outcome(process.exitValue(), lines, Files.readString(complaints, UTF_8));
        assertThat(late).as("%s ends within %d minutes: %s", command, MINUTES, outcome).isFalse();
        return outcome;
    }

    private static boolean isOfAClient(String variable) {
        return variable.startsWith("AWS_") || variable.startsWith("TF_");
    }

    /** Ends it with what it has started, such as the provider of Terraform. */
    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static void endLater(Process process, AtomicBoolean late) {
        Executor later = CompletableFuture.delayedExecutor(MINUTES, TimeUnit.MINUTES);
        CompletableFuture.runAsync(
                () -> {
                    if (process.isAlive()) {
                        late.set(true);
                        end(process);
                    }
                },
                later);
    }
}

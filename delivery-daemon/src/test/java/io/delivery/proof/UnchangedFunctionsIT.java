package io.delivery.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisFirehoseEvent;
import io.delivery.testkit.servers.Tools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.joda.time.DateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is made for Lambda, in the real program: an executable in C that asks the Lambda Runtime API
 * by itself, a Java handler with the types of aws-lambda-java-events in a jar as it is given to
 * Lambda, and Amazon's own runtime interface client from PyPI with a function in Python. The
 * functions are those of config-examples.
 */
class UnchangedFunctionsIT {
    private static final Path FUNCTIONS =
            Path.of("../config-examples/functions").toAbsolutePath().normalize();
    private static final int LINES = 500;

    @TempDir private Path folder;

    @Test
    void an_executable_in_c_transforms_the_records_of_a_stream() throws Exception {
        Optional<String> missing = Tools.missingProgram("cc");
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        Path code = Files.createDirectories(folder.resolve("code"));
        compile(
                "cc",
                "-O2",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-o",
                code.resolve("bootstrap").toString(),
                FUNCTIONS.resolve("provided/bootstrap.c").toString());
        List<String> lines = IntStream.range(0, LINES).mapToObj("line %05d"::formatted).toList();

        try (DaemonProcess daemon = Daemons.start(config("runtime: provided, code: code"))) {
            Notes.put(daemon, "lines", lines);
            daemon.flush("lines");

            assertThat(daemon.books("lines", 0).path("errorOutput").asInt()).isZero();
            ends(daemon);
        }

        // Nothing stands between the records but the line feeds that the function has added.
        assertThat(Notes.landed(folder.resolve("lake/lines"))).isEqualTo(lines);
    }

    @Test
    void a_java_handler_with_the_types_of_aws_transforms_the_records_of_a_stream()
            throws Exception {
        handlerJar(folder.resolve("health-checks.jar"));
        List<String> kept =
                IntStream.range(0, LINES).mapToObj("GET /page-%05d\n"::formatted).toList();
        String check = "192.0.2.1 - - [d] \"GET /health HTTP/1.1\" 200 2\n";

        try (DaemonProcess daemon =
                Daemons.start(
                        config(
                                "runtime: java, code: health-checks.jar, handler: 'HealthChecks::handleRequest', memory: 256MB"))) {
            Notes.put(daemon, "lines", List.of(check));
            Notes.put(daemon, "lines", kept);
            daemon.flush("lines");

            assertThat(daemon.books("lines", 0).path("dropped").asInt()).isEqualTo(1);
            assertThat(daemon.books("lines", 0).path("errorOutput").asInt()).isZero();
            ends(daemon);
        }

        assertThat(Notes.landed(folder.resolve("lake/lines")))
                .isEqualTo(kept.stream().map(String::strip).toList());
    }

    @Test
    void the_client_that_amazon_publishes_for_python_transforms_the_records_of_a_stream()
            throws Exception {
        Optional<String> missing = Tools.missing("awslambdaric", "awslambdaric/bin/python");
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        Path code = Files.createDirectories(folder.resolve("code"));
        Files.copy(FUNCTIONS.resolve("python/splitter.py"), code.resolve("splitter.py"));
        Path bootstrap =
                Files.writeString(
                        code.resolve("bootstrap"),
                        "#!/bin/sh\nexec '%s' -m awslambdaric splitter.handler\n"
                                .formatted(Tools.executable("awslambdaric/bin/python")));
        assertThat(bootstrap.toFile().setExecutable(true)).isTrue();
        List<String> arrays =
                IntStream.range(0, LINES).mapToObj("[\"line %05d\"]"::formatted).toList();

        try (DaemonProcess daemon = Daemons.start(config("runtime: provided, code: code"))) {
            Notes.put(daemon, "lines", arrays);
            daemon.flush("lines");

            assertThat(daemon.books("lines", 0).path("errorOutput").asInt()).isZero();
            ends(daemon);
        }

        assertThat(Notes.landed(folder.resolve("lake/lines")))
                .isEqualTo(IntStream.range(0, LINES).mapToObj("\"line %05d\""::formatted).toList());
    }

    private Path config(String function) throws IOException {
        return Files.writeString(
                folder.resolve("delivery.yaml"),
                """
                dataDir: data
                server: {api: '127.0.0.1:0', admin: '127.0.0.1:0'}
                limits: {memory: 128MB}
                stores: {local: {directory: lake}}
                functions: {example: {%s}}
                streams:
                  lines:
                    buffer: {size: 1MB, interval: 900s, lowLatency: true}
                    processors: [{lambda: {function: example, retries: 0, buffer: {interval: 1s}}}]
                    destination: {bucket: lines}
                """
                        .formatted(function));
    }

    private static void ends(DaemonProcess daemon) throws InterruptedException {
        daemon.terminate();
        assertThat(daemon.exitCode()).as(daemon.log()).isZero();
        assertThat(daemon.log()).doesNotContain(" ERROR ");
    }

    private static void compile(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    /** The class at the root, and what it was compiled against in lib/, as Lambda looks for it. */
    private void handlerJar(Path jar) throws IOException, URISyntaxException {
        List<Path> libraries =
                List.of(
                        jarOf(RequestHandler.class),
                        jarOf(KinesisFirehoseEvent.class),
                        jarOf(DateTime.class));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int exitCode =
                javac.run(
                        null,
                        said,
                        said,
                        "-cp",
                        libraries.get(0) + java.io.File.pathSeparator + libraries.get(1),
                        "-d",
                        classes.toString(),
                        FUNCTIONS.resolve("java/HealthChecks.java").toString());
        assertThat(exitCode).as(said.toString(UTF_8)).isZero();
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            add(zip, "HealthChecks.class", classes.resolve("HealthChecks.class"));
            for (Path library : libraries) {
                add(zip, "lib/" + library.getFileName(), library);
            }
        }
    }

    private static Path jarOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static void add(ZipOutputStream zip, String name, Path file) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        Files.copy(file, zip);
        zip.closeEntry();
    }
}

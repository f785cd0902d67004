package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.delivery.proof.BrokenPromises.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that do nothing wrong because they do nothing, and programs that end. */
class ProofTest {
    /** A seed whose first life is a short one. */
    private static final long SHORT_LIFE = 50;

    @TempDir private Path folder;

    private final RecordSender unavailable =
            (stream, records) -> {
                throw new RecordSender.UnavailableException("503: not now", null);
            };

    private ProofReport prove(String behaviour) throws Exception {
        ProofStore store =
                new ProofStore(
                        "directory",
                        "lake",
                        "",
                        "{directory: lake}",
                        Map.of(),
                        Optional.empty(),
                        "a directory",
                        new Versioned(new DirectoryLake(folder.resolve("lake"))));
        Files.createDirectories(folder.resolve("lake"));
        return new Proof(
                        new ProofSettings(Duration.ofMillis(1), Duration.ZERO, 1, SHORT_LIFE),
                        store,
                        DaemonCommand.ofThisProcess(Idle.class.getName())
                                .withJvmOptions("-Dbehaviour=" + behaviour),
                        (endpoint, accessKeyId, secret) -> unavailable,
                        (bytes, columns) -> {
                            throw new IOException("there are no rows");
                        },
                        new Silent(),
                        folder.resolve("scratch"))
                .run();
    }

    @Test
    void a_program_that_acknowledges_nothing_proves_nothing() throws Exception {
        ProofReport report = prove("drains");

        assertThat(report.violations().counts())
                .containsOnly(Map.entry(Kind.NOT_TRIED, (long) report.streams().size()));
        assertThat(report.versions()).hasValue(new ProofReport.Versions(0, 0));
        assertThat(report.proved()).isFalse();
        assertThat(report.text()).contains("no record was ever acknowledged", "NOT PROVED");
        assertThat(report.streams())
                .anySatisfy(stream -> assertThat(stream.unavailable()).isPositive())
                .allSatisfy(
                        stream -> assertThat(stream.unavailable()).isEqualTo(stream.unanswered()));
    }

    @Test
    void a_program_that_ends_while_it_drains_has_broken_a_promise_and_its_log_is_kept()
            throws Exception {
        ProofReport report = prove("ends");

        assertThat(report.violations().kept())
                .contains("PROGRAM: it ended by itself while it drained, with exit code 3");
        assertThat(folder.resolve("scratch/logs/daemon-0002.log"))
                .content()
                .contains("started: api=");
    }

    @Test
    void a_program_that_does_not_answer_while_it_drains_has_broken_a_promise() throws Exception {
        ProofReport report = prove("hangs up");

        assertThat(report.violations().kept())
                .anyMatch(said -> said.startsWith("PROGRAM: it does not answer while it drains"));
    }

    @Test
    void what_a_program_says_that_does_not_start_is_kept() throws Exception {
        ProofReport report = prove("refuses");

        assertThat(report.violations().kept()).contains("PROGRAM: the daemon has not started");
        assertThat(folder.resolve("scratch/logs/daemon-0001.log"))
                .content()
                .contains("the reason why");
    }

    /** Starts, lands nothing, and drains at once, or does something that it must not. */
    static final class Idle {
        private static final String BOOKS =
                "{\"books\": {\"accepted\": 0, \"split\": 0, \"landed\": 0, \"errorOutput\": 0,"
                        + " \"damaged\": 0, \"dropped\": 0, \"buffered\": 0, \"balanced\": true}}";

        private Idle() {}

        public static void main(String[] arguments) throws IOException {
            String behaviour = System.getProperty("behaviour");
            if ("refuses".equals(behaviour)) {
                System.out.println("the reason why");
                Runtime.getRuntime().halt(4);
            }
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            byte[] status =
                    "{\"lanes\": [%s, %s]}"
                            .formatted(BOOKS, BOOKS)
                            .getBytes(StandardCharsets.UTF_8);
            server.createContext(
                    "/",
                    exchange -> {
                        if ("POST".equals(exchange.getRequestMethod())) {
                            if ("ends".equals(behaviour)) {
                                Runtime.getRuntime().halt(3);
                            } else if ("hangs up".equals(behaviour)) {
                                exchange.close();
                                return;
                            }
                        }
                        exchange.sendResponseHeaders(200, status.length);
                        exchange.getResponseBody().write(status);
                        exchange.close();
                    });
            Runtime.getRuntime().addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0)));
            server.start();
            String address = "http://127.0.0.1:" + server.getAddress().getPort();
            System.out.printf("started: api=%s admin=%s%n", address, address);
        }
    }

    /** An earlier proof with the same seed was here, and what it wrote was deleted. */
    private record Versioned(Lake lake) implements Lake {
        @Override
        public Map<String, Long> list(String prefix) throws IOException {
            return lake.list(prefix);
        }

        @Override
        public Optional<byte[]> read(String key) throws IOException {
            return lake.read(key);
        }

        @Override
        public Optional<Map<String, Integer>> versions(String prefix) {
            return Optional.of(Map.of("main/lines/of-an-earlier-proof", 2));
        }

        @Override
        public void remove(String key) throws IOException {
            lake.remove(key);
        }

        @Override
        public void close() {}
    }

    /** Tells nobody. */
    private static final class Silent implements ProofProgress {
        @Override
        public void step(String what) {}

        @Override
        public void loaded(Duration so, Duration of, int kills, long acknowledged, int objects) {}
    }
}

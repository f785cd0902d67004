package io.delivery.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.api.http.FirehoseClient;
import io.delivery.machine.SystemClock;
import io.delivery.testkit.servers.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The real program with a function that goes wrong, beside a stream without one: whatever the
 * function does, the other stream lands all that it takes, the records of the function are in the
 * error output as they were put, and the next good batch lands soon. docs/functions.md has the
 * table of what an operator sees.
 */
class FunctionFaultsIT {
    private static final int TIMEOUT_SECONDS = 3;
    private static final int ATTEMPTS = 2;

    /** What the issue of functions promises of the next good batch. */
    private static final Duration PROMISED = Duration.ofSeconds(TIMEOUT_SECONDS * ATTEMPTS + 5);

    /** More of it where other tests take the processors: processes start anew in each try. */
    private static final Duration BUSY = Duration.ofSeconds(15);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int RECORDS = 12;
    private static final String SECRET = "DELIVERY_SECRET_OF_THE_SERVICE";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;
    private Path notes;
    private Path config;

    /** What a function does with an event, and what its records fail with. */
    private enum Fault {
        HANG("hang", "Lambda.FunctionTimedOut", ATTEMPTS),
        CRASH("crash", "Lambda.FunctionError", ATTEMPTS),
        EXIT_0("exit 0", "Lambda.FunctionError", ATTEMPTS),
        HUGE_REPLY("huge", "Lambda.FunctionError", ATTEMPTS),
        NOT_BASE64("not base64", "Lambda.JsonProcessingException", 1),
        OTHER_REQUEST("other request", "Lambda.MissingRecordId", 1),
        CHILDREN("children", "Lambda.FunctionTimedOut", ATTEMPTS);

        private final String wish;
        private final String code;
        private final int attempts;

        Fault(String wish, String code, int attempts) {
            this.wish = wish;
            this.code = code;
            this.attempts = attempts;
        }
    }

    @BeforeAll
    static void python() throws InterruptedException {
        Optional<String> missing = Tools.missingProgram("python3");
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
    }

    @BeforeEach
    void configure() throws IOException {
        notes = Files.createDirectories(folder.resolve("notes"));
        Files.createDirectories(folder.resolve("functions"));
        Files.copy(
                Path.of("src/test/resources/functions/faults.py"),
                folder.resolve("functions/faults.py"));
        config =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        dataDir: data
                        server: {api: '127.0.0.1:0', admin: '127.0.0.1:0'}
                        limits: {memory: 128MB}
                        stores: {local: {directory: lake}}
                        functions:
                          faults:
                            runtime: python
                            code: functions
                            handler: faults.handler
                            timeout: %ds
                            environment: {NOTES: '%s'}
                        streams:
                          faulty:
                            buffer: {size: 1MB, interval: 0s, lowLatency: true}
                            processors:
                              - lambda: {function: faults, retries: %d, buffer: {interval: 0s}}
                            format: {raw: {delimiter: lines}}
                            destination:
                              bucket: faulty
                              prefix: main/
                              errorPrefix: errors/!{firehose:error-output-type}/
                          other:
                            buffer: {size: 1MB, interval: 0s, lowLatency: true}
                            format: {raw: {delimiter: lines}}
                            destination: {bucket: other}
                        """
                                .formatted(TIMEOUT_SECONDS, notes, ATTEMPTS - 1));
    }

    /** So that a function that is slow on a busy machine is not taken for one that hangs. */
    private void giveItTime() throws IOException {
        String given = Files.readString(config);
        Files.writeString(
                config, given.replace("timeout: %ds".formatted(TIMEOUT_SECONDS), "timeout: 60s"));
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void a_fault_fails_the_records_of_its_event_and_nothing_else(Fault fault) throws Exception {
        List<String> bad = records(fault.wish);
        List<String> good = records("good");
        if (!fault.code.equals("Lambda.FunctionTimedOut")) {
            giveItTime();
        }
        try (DaemonProcess daemon = Daemons.start(config);
                Neighbour neighbour = new Neighbour(daemon)) {
            warm(daemon);

            long begun = System.nanoTime();
            Notes.put(daemon, "faulty", bad);
            await().atMost(PATIENCE).until(() -> events(daemon) >= 2);
            Notes.put(daemon, "faulty", good);
            await().atMost(PATIENCE).until(() -> landed().containsAll(good));
            Duration took = Duration.ofNanos(System.nanoTime() - begun);

            System.out.printf(
                    "%s: the next good batch landed after %d ms%n", fault, took.toMillis());
            assertThat(took).isLessThan(PROMISED.plus(BUSY));
            daemon.flush("faulty");
            assertThat(failed(fault.code, fault.attempts)).containsExactlyInAnyOrderElementsOf(bad);
            assertThat(landed()).doesNotContainAnyElementsOf(bad);
            assertThat(daemon.metric("delivery_function_failed_records_total", fault.code))
                    .isEqualTo(RECORDS);
            isOver(daemon);
            neighbour.landsEverything();
            isGone(children());
            ends(daemon);
        }
        switch (fault) {
            case OTHER_REQUEST ->
                    assertThat(notes.resolve("status")).content().matches("4[0-9][0-9]");
            case CHILDREN -> assertThat(children()).hasSize(20 * ATTEMPTS);
            default -> assertThat(children()).isEmpty();
        }
    }

    @Test
    void a_function_that_never_starts_fails_its_records_until_it_does() throws Exception {
        List<String> bad = records("early");
        List<String> good = records("good");
        Files.createFile(notes.resolve("broken"));
        try (DaemonProcess daemon = Daemons.start(config);
                Neighbour neighbour = new Neighbour(daemon)) {
            Notes.put(daemon, "faulty", bad);
            await().atMost(PATIENCE)
                    .until(() -> daemon.books("faulty", 0).path("errorOutput").asInt() == RECORDS);
            isTold(daemon, "Lambda.FunctionError");
            assertThat(daemon.status("faulty").path("troubles").toString())
                    .contains("ended with status 3 before it asked for an event");

            Files.delete(notes.resolve("broken"));
            long begun = System.nanoTime();
            Notes.put(daemon, "faulty", good);
            await().atMost(PATIENCE).until(() -> landed().containsAll(good));
            Duration took = Duration.ofNanos(System.nanoTime() - begun);

            System.out.printf("mended: the next good batch landed after %d ms%n", took.toMillis());
            assertThat(took).isLessThan(PROMISED.plus(BUSY));
            daemon.flush("faulty");
            assertThat(failed("Lambda.FunctionError", ATTEMPTS))
                    .containsExactlyInAnyOrderElementsOf(bad);
            isOver(daemon);
            neighbour.landsEverything();
            ends(daemon);
        }
    }

    @Test
    void a_function_that_starts_slowly_loses_no_record() throws Exception {
        List<String> records = records("good");
        Files.createFile(notes.resolve("slow"));
        try (DaemonProcess daemon = Daemons.start(config);
                Neighbour neighbour = new Neighbour(daemon)) {
            Notes.put(daemon, "faulty", records);
            await().atMost(PATIENCE).until(() -> landed().containsAll(records));

            daemon.flush("faulty");
            assertThat(landed()).containsExactlyInAnyOrderElementsOf(records);
            neighbour.landsEverything();
            ends(daemon);
        }
    }

    @Test
    void a_flood_on_standard_error_costs_no_record_and_fills_no_log() throws Exception {
        List<String> records = records("flood");
        try (DaemonProcess daemon = Daemons.start(config);
                Neighbour neighbour = new Neighbour(daemon)) {
            Notes.put(daemon, "faulty", records);
            await().atMost(PATIENCE).until(() -> landed().containsAll(records));

            daemon.flush("faulty");
            assertThat(landed()).containsExactlyInAnyOrderElementsOf(records);
            await().atMost(PATIENCE).until(() -> daemon.log().contains("left out"));
            long lines = daemon.log().lines().filter(l -> l.contains("a line of a flood")).count();
            assertThat(lines).isBetween(1L, 10_000L); // of 100,000
            neighbour.landsEverything();
            ends(daemon);
        }
    }

    @Test
    void a_function_sees_nothing_of_the_environment_of_the_service() throws Exception {
        List<String> records = records("look around");
        try (DaemonProcess daemon = Daemons.start(config, Map.of(SECRET, "nobody's business"))) {
            Notes.put(daemon, "faulty", records);
            await().atMost(PATIENCE).until(() -> landed().containsAll(records.subList(1, RECORDS)));

            assertThat(landed())
                    .contains("NOTES", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT")
                    .doesNotContain(SECRET)
                    .noneMatch(name -> name.startsWith("DELIVERY"))
                    .anyMatch(line -> line.startsWith("cwd "))
                    .doesNotContain("cwd " + Path.of("").toAbsolutePath());
            ends(daemon);
        }
    }

    // --- what is put and found ---

    private static List<String> records(String wish) {
        return IntStream.range(0, RECORDS).mapToObj(i -> "%s: %04d".formatted(wish, i)).toList();
    }

    /** One event before, so that what is measured is the fault and not the first start. */
    private void warm(DaemonProcess daemon) throws Exception {
        Notes.put(daemon, "faulty", List.of("warm"));
        await().atMost(PATIENCE).until(() -> landed().contains("warm"));
    }

    private List<String> landed() throws IOException {
        return lines(folder.resolve("lake/faulty/main"));
    }

    /** The records of the error output, each of which has this code and so many attempts. */
    private List<String> failed(String code, int attempts) throws IOException {
        List<String> failed = new ArrayList<>();
        for (String line : lines(folder.resolve("lake/faulty/errors/processing-failed"))) {
            JsonNode said = JSON.readTree(line);
            assertThat(said.path("errorCode").asText()).as(line).isEqualTo(code);
            assertThat(said.path("attemptsMade").asInt()).as(line).isEqualTo(attempts);
            failed.add(new String(said.path("rawData").binaryValue(), UTF_8));
        }
        return failed;
    }

    private static List<String> lines(Path objects) throws IOException {
        return Files.isDirectory(objects) ? Notes.landed(objects) : List.of();
    }

    private static double events(DaemonProcess daemon) throws Exception {
        return daemon.metric("delivery_function_invocations_total", "faults");
    }

    /** The log says once, and the status as long as it lasts, that the function fails. */
    private static void isTold(DaemonProcess daemon, String code) throws Exception {
        String sentence =
                "function faults: its last %d records failed with %s".formatted(RECORDS, code);
        await().atMost(PATIENCE).until(() -> daemon.log().contains(sentence));
        assertThat(daemon.status("faulty").path("troubles").toString()).contains(sentence);
        assertThat(daemon.status("faulty").path("healthy").asBoolean()).isFalse();
        assertThat(daemon.log().lines().filter(line -> line.contains(sentence))).hasSize(1);
    }

    /** What was told of the function is not true any more once it has let records pass. */
    private static void isOver(DaemonProcess daemon) throws Exception {
        Notes.put(daemon, "faulty", records("good again"));
        await().atMost(PATIENCE).until(() -> daemon.status("faulty").path("troubles").isEmpty());
        assertThat(daemon.status("faulty").path("healthy").asBoolean()).isTrue();
    }

    private List<Long> children() throws IOException {
        List<Long> pids = new ArrayList<>();
        try (Stream<Path> all = Files.list(notes)) {
            for (Path note : (Iterable<Path>) all::iterator) {
                if (note.getFileName().toString().startsWith("children-")) {
                    Stream.of(Files.readString(note).split(" "))
                            .map(Long::valueOf)
                            .forEach(pids::add);
                }
            }
        }
        return pids;
    }

    /** A process that nobody has waited for is a zombie: it runs no more. */
    private static void isGone(List<Long> pids) {
        await().atMost(PATIENCE).until(() -> pids.stream().noneMatch(FunctionFaultsIT::runs));
    }

    private static boolean runs(long pid) {
        try {
            String state = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return !state.substring(state.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException gone) {
            return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        }
    }

    private static void ends(DaemonProcess daemon) throws Exception {
        daemon.terminate();
        assertThat(daemon.exitCode()).as(daemon.log()).isZero();
        assertThat(daemon.log()).doesNotContain(" ERROR ");
    }

    /** Puts into the other stream, from its beginning on. */
    private static final class Neighbour implements AutoCloseable {
        private static final int BATCH = 20;
        private static final long PAUSE_MILLIS = 5;

        private final DaemonProcess daemon;
        private final FirehoseClient client;
        private final ScheduledExecutorService putting =
                Executors.newSingleThreadScheduledExecutor();
        private final Future<?> calls;
        private final AtomicInteger sent = new AtomicInteger();

        Neighbour(DaemonProcess daemon) {
            this.daemon = daemon;
            this.client = new FirehoseClient(daemon.api(), Optional.empty(), new SystemClock());
            this.calls =
                    putting.scheduleWithFixedDelay(
                            this::put, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }

        private void put() {
            List<byte[]> batch =
                    Notes.lines(sent.get(), sent.get() + BATCH).stream()
                            .map(l -> l.getBytes(UTF_8))
                            .toList();
            try {
                assertThat(client.putRecordBatch("other", batch))
                        .allMatch(FirehoseClient.Entry::accepted);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            } catch (InterruptedException ended) {
                throw new IllegalStateException(ended);
            }
            sent.addAndGet(BATCH);
        }

        void landsEverything() throws Exception {
            assertThat(calls.isDone()).as("a call has failed").isFalse();
            close();
            daemon.flush("other");
            JsonNode books = daemon.books("other", 0);
            assertThat(books.path("balanced").asBoolean()).isTrue();
            assertThat(books.path("landed").asInt()).isEqualTo(sent.get()).isPositive();
            assertThat(daemon.status("other").path("troubles")).isEmpty();
        }

        @Override
        public void close() throws InterruptedException {
            putting.shutdown(); // after the call that is under way
            assertThat(putting.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}

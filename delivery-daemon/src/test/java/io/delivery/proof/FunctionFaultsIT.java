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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The real program with functions that go wrong, each with a stream of its own, beside a stream
 * without a function: whatever a function does, the other stream lands all that it takes, the
 * records of the function are in the error output as they were put, and the next good batch lands
 * soon. docs/functions.md has the table of what an operator sees.
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

    private static final String FAILED_RECORDS = "delivery_function_failed_records_total";

    /** The functions that go wrong in other ways than with a fault of an event. */
    private static final String BROKEN = "broken";

    private static final String SLOW = "slow";
    private static final String FLOOD = "flood";
    private static final String CURIOUS = "curious";

    @TempDir private static Path folder;
    private static DaemonProcess daemon;
    private Neighbour neighbour;

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

        /** Of its function and of its stream. */
        private String nameOfIts() {
            return wish.replace(' ', '-');
        }

        /** So that a function that is slow on a busy machine is not taken for one that hangs. */
        private int timeoutSeconds() {
            return code.equals("Lambda.FunctionTimedOut") ? TIMEOUT_SECONDS : 60;
        }
    }

    /** One program for all: each has a function, a stream and a bucket of its own. */
    @BeforeAll
    static void start() throws Exception {
        Optional<String> missing = Tools.missingProgram("python3");
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        Files.createDirectories(folder.resolve("functions"));
        Files.copy(
                Path.of("src/test/resources/functions/faults.py"),
                folder.resolve("functions/faults.py"));
        StringBuilder functions = new StringBuilder();
        StringBuilder streams = new StringBuilder();
        for (Fault fault : Fault.values()) {
            add(fault.nameOfIts(), fault.timeoutSeconds(), functions, streams);
        }
        for (String other : List.of(BROKEN, SLOW, FLOOD, CURIOUS)) {
            add(other, TIMEOUT_SECONDS, functions, streams);
        }
        Files.createFile(notes(BROKEN).resolve("broken"));
        Files.createFile(notes(SLOW).resolve("slow"));
        Path config =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        dataDir: data
                        server: {api: '127.0.0.1:0', admin: '127.0.0.1:0'}
                        limits: {memory: 128MB}
                        stores: {local: {directory: lake}}
                        functions:
                        %sstreams:
                          other:
                            buffer: {size: 1MB, interval: 0s, lowLatency: true}
                            format: {raw: {delimiter: lines}}
                            destination: {bucket: other}
                        %s"""
                                .formatted(functions, streams));
        daemon = Daemons.start(config, Map.of(SECRET, "nobody's business"));
    }

    private static void add(
            String name, int timeoutSeconds, StringBuilder functions, StringBuilder streams)
            throws IOException {
        functions.append(
                """
                  %s:
                    runtime: python
                    code: functions
                    handler: faults.handler
                    timeout: %ds
                    environment: {NOTES: '%s'}
                """
                        .formatted(name, timeoutSeconds, Files.createDirectories(notes(name))));
        streams.append(
                """
                  %s:
                    buffer: {size: 1MB, interval: 0s, lowLatency: true}
                    processors:
                      - lambda: {function: %s, retries: %d, buffer: {interval: 0s}}
                    format: {raw: {delimiter: lines}}
                    destination:
                      bucket: %s
                      prefix: main/
                      errorPrefix: errors/!{firehose:error-output-type}/
                """
                        .formatted(name, name, ATTEMPTS - 1, name));
    }

    @BeforeEach
    void putBeside() throws Exception {
        neighbour = new Neighbour();
    }

    @AfterEach
    void stopPutting() throws Exception {
        neighbour.close();
    }

    @AfterAll
    static void end() throws Exception {
        if (daemon == null) {
            return; // there is no Python
        }
        try (DaemonProcess ending = daemon) {
            ending.terminate();
            assertThat(ending.exitCode()).as(ending.log()).isZero();
            assertThat(ending.log()).doesNotContain(" ERROR ");
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void a_fault_fails_the_records_of_its_event_and_nothing_else(Fault fault) throws Exception {
        String name = fault.nameOfIts();
        List<String> bad = records(fault.wish);
        List<String> good = records("good");
        warm(name);

        long begun = System.nanoTime();
        Notes.put(daemon, name, bad);
        await().atMost(PATIENCE).until(() -> events(name) >= 2);
        Notes.put(daemon, name, good);
        await().atMost(PATIENCE).until(() -> landed(name).containsAll(good));
        Duration took = Duration.ofNanos(System.nanoTime() - begun);

        System.out.printf("%s: the next good batch landed after %d ms%n", fault, took.toMillis());
        assertThat(took).isLessThan(PROMISED.plus(BUSY));
        daemon.flush(name);
        assertThat(failed(name, fault.code, fault.attempts))
                .containsExactlyInAnyOrderElementsOf(bad);
        assertThat(landed(name)).doesNotContainAnyElementsOf(bad);
        assertThat(daemon.metric(FAILED_RECORDS, name)).isEqualTo(RECORDS);
        assertThat(daemon.metric(FAILED_RECORDS, fault.code)).isGreaterThanOrEqualTo(RECORDS);
        isOver(name);
        neighbour.landsEverything();
        isGone(children(name));
        switch (fault) {
            case OTHER_REQUEST ->
                    assertThat(notes(name).resolve("status")).content().matches("4[0-9][0-9]");
            case CHILDREN -> assertThat(children(name)).hasSize(20 * ATTEMPTS);
            default -> assertThat(children(name)).isEmpty();
        }
    }

    @Test
    void a_function_that_never_starts_fails_its_records_until_it_does() throws Exception {
        List<String> bad = records("early");
        List<String> good = records("good");
        Notes.put(daemon, BROKEN, bad);
        await().atMost(PATIENCE)
                .until(() -> daemon.books(BROKEN, 0).path("errorOutput").asInt() == RECORDS);
        isTold(BROKEN, "Lambda.FunctionError");
        assertThat(daemon.status(BROKEN).path("troubles").toString())
                .contains("ended with status 3 before it asked for an event");

        Files.delete(notes(BROKEN).resolve("broken"));
        long begun = System.nanoTime();
        Notes.put(daemon, BROKEN, good);
        await().atMost(PATIENCE).until(() -> landed(BROKEN).containsAll(good));
        Duration took = Duration.ofNanos(System.nanoTime() - begun);

        System.out.printf("mended: the next good batch landed after %d ms%n", took.toMillis());
        assertThat(took).isLessThan(PROMISED.plus(BUSY));
        daemon.flush(BROKEN);
        assertThat(failed(BROKEN, "Lambda.FunctionError", ATTEMPTS))
                .containsExactlyInAnyOrderElementsOf(bad);
        isOver(BROKEN);
        neighbour.landsEverything();
    }

    @Test
    void a_function_that_starts_slowly_loses_no_record() throws Exception {
        List<String> records = records("good");
        Notes.put(daemon, SLOW, records);
        await().atMost(PATIENCE).until(() -> landed(SLOW).containsAll(records));

        daemon.flush(SLOW);
        assertThat(landed(SLOW)).containsExactlyInAnyOrderElementsOf(records);
        neighbour.landsEverything();
    }

    @Test
    void a_flood_on_standard_error_costs_no_record_and_fills_no_log() throws Exception {
        List<String> records = records("flood");
        Notes.put(daemon, FLOOD, records);
        await().atMost(PATIENCE).until(() -> landed(FLOOD).containsAll(records));

        daemon.flush(FLOOD);
        assertThat(landed(FLOOD)).containsExactlyInAnyOrderElementsOf(records);
        await().atMost(PATIENCE).until(() -> daemon.log().contains("left out"));
        long lines = daemon.log().lines().filter(l -> l.contains("a line of a flood")).count();
        assertThat(lines).isBetween(1L, 10_000L); // of 100,000
        neighbour.landsEverything();
    }

    @Test
    void a_function_sees_nothing_of_the_environment_of_the_service() throws Exception {
        List<String> records = records("look around");
        Notes.put(daemon, CURIOUS, records);
        await().atMost(PATIENCE)
                .until(() -> landed(CURIOUS).containsAll(records.subList(1, RECORDS)));

        assertThat(landed(CURIOUS))
                .contains("NOTES", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT")
                .doesNotContain(SECRET)
                .noneMatch(name -> name.startsWith("DELIVERY"))
                .anyMatch(line -> line.startsWith("cwd "))
                .doesNotContain("cwd " + Path.of("").toAbsolutePath());
    }

    // --- what is put and found ---

    private static List<String> records(String wish) {
        return IntStream.range(0, RECORDS).mapToObj(i -> "%s: %04d".formatted(wish, i)).toList();
    }

    /** One event before, so that what is measured is the fault and not the first start. */
    private static void warm(String stream) throws Exception {
        Notes.put(daemon, stream, List.of("warm"));
        await().atMost(PATIENCE).until(() -> landed(stream).contains("warm"));
    }

    /** Where a function writes down what a test wants to know, and looks for what to do. */
    private static Path notes(String function) {
        return folder.resolve("notes").resolve(function);
    }

    private static List<String> landed(String stream) throws IOException {
        return lines(bucket(stream).resolve("main"));
    }

    private static Path bucket(String stream) {
        return folder.resolve("lake").resolve(stream);
    }

    /** The records of the error output, each of which has this code and so many attempts. */
    private static List<String> failed(String stream, String code, int attempts)
            throws IOException {
        List<String> failed = new ArrayList<>();
        for (String line : lines(bucket(stream).resolve("errors/processing-failed"))) {
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

    private static double events(String function) throws Exception {
        return daemon.metric("delivery_function_invocations_total", function);
    }

    /** The log says once, and the status as long as it lasts, that the function fails. */
    private static void isTold(String name, String code) throws Exception {
        String sentence =
                "function %s: its last %d records failed with %s".formatted(name, RECORDS, code);
        await().atMost(PATIENCE).until(() -> daemon.log().contains(sentence));
        assertThat(daemon.status(name).path("troubles").toString()).contains(sentence);
        assertThat(daemon.status(name).path("healthy").asBoolean()).isFalse();
        assertThat(daemon.log().lines().filter(line -> line.contains(sentence))).hasSize(1);
    }

    /** What was told of the function is not true any more once it has let records pass. */
    private static void isOver(String stream) throws Exception {
        Notes.put(daemon, stream, records("good again"));
        await().atMost(PATIENCE).until(() -> daemon.status(stream).path("troubles").isEmpty());
        assertThat(daemon.status(stream).path("healthy").asBoolean()).isTrue();
    }

    private static List<Long> children(String function) throws IOException {
        List<Long> pids = new ArrayList<>();
        try (Stream<Path> all = Files.list(notes(function))) {
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

    /** Puts into the other stream, from its beginning on. */
    private static final class Neighbour implements AutoCloseable {
        private static final int BATCH = 20;
        private static final long PAUSE_MILLIS = 25;

        private final FirehoseClient client;
        private final ScheduledExecutorService putting =
                Executors.newSingleThreadScheduledExecutor();
        private final Future<?> calls;
        private final AtomicInteger sent = new AtomicInteger();
        private final int landedBefore;

        Neighbour() throws Exception {
            daemon.flush("other");
            this.landedBefore = daemon.books("other", 0).path("landed").asInt();
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
            assertThat(sent.get()).isPositive();
            assertThat(books.path("landed").asInt()).isEqualTo(landedBefore + sent.get());
            assertThat(daemon.status("other").path("troubles")).isEmpty();
        }

        @Override
        public void close() throws InterruptedException {
            putting.shutdown(); // after the call that is under way
            assertThat(putting.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}

package io.delivery.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.machine.SystemClock;
import io.delivery.wiring.FirehoseSender;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a stream feels of another one whose function goes wrong: records that it lands per second
 * while nothing is put into the other, and while that has events with one fault after another, in
 * turns. The faults are those of {@code FunctionFaultsIT}.
 */
final class FunctionsNeighbourBenchmark {
    private static final Duration WINDOW = Duration.ofSeconds(Long.getLong("seconds", 10));
    private static final double RATE = Double.parseDouble(System.getProperty("rate", "5")) * 1e6;
    private static final int BATCH_RECORDS = 12;
    private static final long LOOK_NANOS = Duration.ofMillis(50).toNanos();
    private static final double LEAST = 0.8;
    private static final Path FAULTS =
            Path.of("../delivery-daemon/src/test/resources/functions/faults.py");
    private static final List<String> NAMES =
            List.of(
                    "hang",
                    "crash",
                    "exit 0",
                    "huge",
                    "not base64",
                    "other request",
                    "flood",
                    "children");

    private static final String CONFIGURATION =
            """
            server: {api: '127.0.0.1:%%d', admin: '127.0.0.1:%%d'}
            dataDir: data
            stores: {lake: {directory: lake}}
            functions:
              faults:
                runtime: python
                code: code
                handler: faults.handler
                timeout: 2s
                environment: {NOTES: '%s'}
            streams:
              faulty:
                buffer: {size: 1MB, interval: 0s, lowLatency: true}
                processors: [{lambda: {function: faults, retries: 1, buffer: {interval: 0s}}}]
                destination: {bucket: faulty, errorPrefix: 'errors/!{firehose:error-output-type}/'}
              other:
                buffer: {size: 64MB, interval: 1s, lowLatency: true}
                format: {raw: {delimiter: lines}}
                destination: {bucket: other}
            """;

    private final Daemon daemon;
    private final FirehoseSender sender;

    private FunctionsNeighbourBenchmark(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("code"));
        Files.copy(FAULTS, folder.resolve("code/faults.py"));
        Path notes = Files.createDirectories(folder.resolve("notes"));
        daemon = new Daemon(folder, CONFIGURATION.formatted(notes), "512m", List.of());
        sender = new FirehoseSender(daemon.api(), "us-east-1", Optional.empty(), new SystemClock());
    }

    /** Whether the other stream has kept its pace beside every fault. */
    static boolean run(int rounds) throws Exception {
        Statistics.line(
                "%s; %.0f MB/s into the other stream, windows of %d s",
                Usage.machine(), RATE / 1e6, WINDOW.toSeconds());
        try (Scratch scratch = Scratch.open("functions-neighbour")) {
            FunctionsNeighbourBenchmark benchmark =
                    new FunctionsNeighbourBenchmark(scratch.folder());
            benchmark.daemon.start();
            try {
                return benchmark.measure(rounds);
            } finally {
                benchmark.daemon.stop();
            }
        }
    }

    private boolean measure(int rounds) throws Exception {
        List<Double> alone = new ArrayList<>();
        Map<String, List<Double>> beside = new LinkedHashMap<>();
        NAMES.forEach(name -> beside.put(name, new ArrayList<>()));
        window(Optional.empty()); // for warming up
        for (int round = 0; round < rounds; round++) {
            for (String name : NAMES) {
                alone.add(window(Optional.empty()));
                beside.get(name).add(window(Optional.of(name)));
            }
        }
        double without = Statistics.median(alone, each -> each);
        Statistics.line("");
        Statistics.line("| the function of the other stream | records/s landed | of without |");
        Statistics.line("|---|---|---|");
        Statistics.line("| nothing is put into it | %,.0f | |", without);
        boolean kept = true;
        for (Map.Entry<String, List<Double>> each : beside.entrySet()) {
            double rate = Statistics.median(each.getValue(), one -> one);
            kept &= rate >= LEAST * without;
            Statistics.line("| %s | %,.0f | %.2f× |", each.getKey(), rate, rate / without);
        }
        Statistics.line("at least %.2f× beside each: %s", LEAST, kept ? "yes" : "NO");
        return kept;
    }

    /** Records per second that the other stream has landed. */
    private double window(Optional<String> fault) throws Exception {
        daemon.flush("other");
        long before = books("other").path("landed").asLong();
        long begun = System.nanoTime();
        SoakProducer producer =
                new SoakProducer("producer", daemon.api(), "other", 3, RATE, new ReentrantLock());
        producer.start();
        long events = 0;
        while (System.nanoTime() - begun < WINDOW.toNanos()) {
            if (fault.isPresent() && isSettled(events)) {
                put(fault.get());
                events++;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        producer.end();
        daemon.flush("other");
        double seconds = (System.nanoTime() - begun) / 1e9;
        double rate = (books("other").path("landed").asLong() - before) / seconds;
        Statistics.line(
                "  %s: %,.0f records/s, %d events with it; load average %.2f",
                fault.orElse("alone"), rate, events, Usage.loadAverage());
        daemon.flush("faulty");
        return rate;
    }

    /**
     * Whether the faulty stream has nothing in hand: the next event does not wait behind others.
     */
    private boolean isSettled(long events) throws Exception {
        return events == 0 || books("faulty").path("buffered").asLong() == 0;
    }

    private void put(String fault) throws Exception {
        List<byte[]> records = new ArrayList<>();
        for (int i = 0; i < BATCH_RECORDS; i++) {
            records.add("%s: %d".formatted(fault, i).getBytes(StandardCharsets.UTF_8));
        }
        if (sender.put("faulty", records).stream().anyMatch(Optional::isPresent)) {
            throw new IOException("some records were not accepted");
        }
    }

    private JsonNode books(String name) throws Exception {
        for (JsonNode stream : daemon.streams()) {
            if (stream.path("name").asText().equals(name)) {
                return stream.path("lanes").path(0).path("books");
            }
        }
        throw new IOException("there is no stream " + name);
    }
}

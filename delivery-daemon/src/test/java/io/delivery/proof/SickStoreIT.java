package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.api.http.FirehoseClient;
import io.delivery.machine.SystemClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real program before a store that takes every request and answers none. */
class SickStoreIT {
    /** How long the S3 client bears the silence of a store: {@code S3Connection.SILENCE}. */
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(30);

    /** As many as a store gets requests at a time: {@code Service.LANDING_SLOTS_PER_STORE}. */
    private static final int SLOTS = 16;

    private static final int PRODUCERS = 2;
    private static final int CALLS = 150;
    private static final int RECORDS = 10;
    private static final int PUT = PRODUCERS * CALLS * RECORDS;

    @TempDir private Path folder;

    @Test
    void no_accept_of_another_stream_waits_for_a_store_that_never_answers() throws Exception {
        ExecutorService producers = Executors.newCachedThreadPool();
        AtomicBoolean flowing = new AtomicBoolean(true);
        try (SilentEndpoint endpoint = new SilentEndpoint();
                DaemonProcess daemon = Daemons.start(configuration(endpoint.port()))) {
            Future<List<Duration>> sick =
                    producers.submit(() -> putting(daemon, "sick", 0, flowing));
            // Every slot of the store is taken, and nothing comes back.
            await().atMost(Duration.ofSeconds(30)).until(() -> endpoint.connections() >= SLOTS);

            List<Future<List<Duration>>> well = new ArrayList<>();
            List<Future<List<Duration>>> shared = new ArrayList<>();
            for (int producer = 0; producer < PRODUCERS; producer++) {
                int from = producer * CALLS * RECORDS;
                well.add(producers.submit(() -> putting(daemon, "well", from)));
                shared.add(producers.submit(() -> putting(daemon, "shared", from)));
            }
            assertThat(all(well)).hasSize(PRODUCERS * CALLS).satisfies(SickStoreIT::nobodyWaited);
            assertThat(all(shared)).hasSize(PRODUCERS * CALLS).satisfies(SickStoreIT::nobodyWaited);

            await().atMost(Duration.ofSeconds(30)) // by itself
                    .until(() -> daemon.books("well", 0).path("landed").asInt() == PUT);
            daemon.flush("well");
            assertThat(Notes.landed(folder.resolve("lake").resolve("well")))
                    .isEqualTo(lines(0, PUT));
            flowing.set(false);
            assertThat(sick.get(60, TimeUnit.SECONDS)).satisfies(SickStoreIT::nobodyWaited);

            JsonNode waiting = daemon.status("sick").path("lanes").path(0);
            assertThat(waiting.path("waitingObjects").asInt()).isGreaterThanOrEqualTo(SLOTS);
            assertThat(waiting.path("books").path("landed").asInt()).isZero();
            assertThat(daemon.books("shared", 0).path("buffered").asInt()).isEqualTo(PUT);
            othersAreWell(daemon);

            // Only now it can be told that something failed, without waiting for the time-out.
            endpoint.close();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !daemon.status("sick").path("healthy").asBoolean());
            assertThat(daemon.status("sick").path("troubles").toString())
                    .contains("PUT silent/lake/sick/");
            othersAreWell(daemon);
        } finally {
            flowing.set(false);
            producers.shutdownNow();
            producers.awaitTermination(60, TimeUnit.SECONDS);
        }
    }

    /** A busy machine may be slow; one that waits for the store is much slower. */
    private static void nobodyWaited(List<? extends Duration> answers) {
        List<? extends Duration> sorted = answers.stream().sorted().toList();
        assertThat(sorted.get((sorted.size() * 99 - 1) / 100))
                .as("99 of 100 of %d answers came within", sorted.size())
                .isLessThan(Duration.ofSeconds(2));
        assertThat(sorted.get(sorted.size() - 1))
                .as("the slowest of %d answers came within", sorted.size())
                .isLessThan(STORE_TIMEOUT);
    }

    private static void othersAreWell(DaemonProcess daemon) throws Exception {
        for (String stream : List.of("well", "shared")) {
            JsonNode status = daemon.status(stream);
            assertThat(status.path("troubles")).as(stream).isEmpty();
            assertThat(status.path("healthy").asBoolean()).as(stream).isTrue();
        }
    }

    // --- what is put and found ---

    private Path configuration(int port) throws IOException {
        return Files.writeString(
                folder.resolve("delivery.yaml"),
                """
                dataDir: data
                server: {api: '127.0.0.1:0', admin: '127.0.0.1:0'}
                limits: {memory: 128MB}
                stores:
                  silent:
                    s3:
                      endpoint: 'http://127.0.0.1:%d'
                      credentials: {accessKeyId: any, secretAccessKey: any}
                  local: {directory: lake}
                streams:
                  sick:
                    buffer: {size: 1MB, interval: 0s, lowLatency: true}
                    partitioning: {query: '{digit: .digit}'}
                    format: {raw: {delimiter: lines}}
                    destination:
                      store: silent
                      bucket: lake
                      prefix: 'sick/!{partitionKeyFromQuery:digit}/'
                      errorPrefix: errors/
                  well:
                    buffer: {size: 1MB, interval: 0s, lowLatency: true}
                    format: {raw: {delimiter: lines}}
                    destination: {store: local, bucket: well}
                  shared:
                    buffer: {size: 5MB, interval: 900s}
                    format: {raw: {delimiter: lines}}
                    destination: {store: silent, bucket: lake, prefix: shared/}
                """
                        .formatted(port));
    }

    private static List<Duration> putting(DaemonProcess daemon, String stream, int from)
            throws Exception {
        FirehoseClient client = client(daemon);
        List<Duration> answers = new ArrayList<>();
        for (int call = 0; call < CALLS; call++) {
            answers.add(put(client, stream, from + call * RECORDS, RECORDS));
        }
        return answers;
    }

    /** Until there is enough of it. */
    private static List<Duration> putting(
            DaemonProcess daemon, String stream, int from, AtomicBoolean flowing) throws Exception {
        FirehoseClient client = client(daemon);
        List<Duration> answers = new ArrayList<>();
        for (int next = from; flowing.get(); next += 2 * SLOTS) {
            answers.add(put(client, stream, next, 2 * SLOTS));
        }
        return answers;
    }

    private static FirehoseClient client(DaemonProcess daemon) {
        return new FirehoseClient(daemon.api(), Optional.empty(), new SystemClock());
    }

    /** How long the answer took. */
    private static Duration put(FirehoseClient client, String stream, int from, int count)
            throws Exception {
        List<byte[]> records = new ArrayList<>();
        lines(from, from + count)
                .forEach(line -> records.add(line.getBytes(StandardCharsets.UTF_8)));
        long begun = System.nanoTime();
        List<FirehoseClient.Entry> entries = client.putRecordBatch(stream, records);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        assertThat(entries).hasSize(count).allMatch(FirehoseClient.Entry::accepted);
        return took;
    }

    private static List<String> lines(int from, int end) {
        return IntStream.range(from, end)
                .mapToObj(i -> "{\"note\":\"%06d\",\"digit\":\"%02d\"}".formatted(i, i % SLOTS))
                .toList();
    }

    private static List<Duration> all(List<Future<List<Duration>>> producers) throws Exception {
        List<Duration> answers = new ArrayList<>();
        for (Future<List<Duration>> producer : producers) {
            answers.addAll(producer.get(60, TimeUnit.SECONDS));
        }
        return answers;
    }

    /** Takes connections and never says a byte. Once closed, it refuses and has cut them. */
    private static final class SilentEndpoint implements AutoCloseable {
        private final ServerSocket socket =
                new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final List<Socket> taken = new ArrayList<>();
        private boolean closed;

        SilentEndpoint() throws IOException {
            Thread taker = new Thread(this::take, "silent endpoint");
            taker.setDaemon(true);
            taker.start();
        }

        private void take() {
            try {
                while (true) {
                    keep(socket.accept());
                }
            } catch (IOException ended) {
                // by close
            }
        }

        private synchronized void keep(Socket connection) throws IOException {
            if (closed) {
                connection.close();
            } else {
                taken.add(connection);
            }
        }

        int port() {
            return socket.getLocalPort();
        }

        synchronized int connections() {
            return taken.size();
        }

        @Override
        public synchronized void close() throws IOException {
            closed = true;
            socket.close();
            for (Socket connection : taken) {
                connection.close();
            }
        }
    }
}

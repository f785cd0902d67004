package io.delivery.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.api.model.ServiceModel;
import io.delivery.fuzz.Connection.Answer;
import io.delivery.lane.LaneStatus;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LoadedConfig;
import io.delivery.stream.StreamPhase;
import io.delivery.stream.StreamStatus;
import io.delivery.wiring.Programs;
import io.delivery.wiring.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random requests to every operation of the model, on several connections at once: whatever comes,
 * the answer is in the API's form and never a fault of the program, no record is lost or made up,
 * and nothing is left in memory. {@code -Dfuzz.requests=N} sends so many (otherwise {@value #FEW}),
 * {@code -Dfuzz.seed=N} repeats what a run has printed.
 */
class ApiFuzzTest {
    private static final int FEW = 1_000;
    private static final int CLIENTS = 4;

    /** The stream of the configuration. */
    private static final String FIXED = "fixed";

    /** A round; between two of them the streams that were made are deleted. */
    private static final int ROUND = 1_000;

    /** From so many requests on the heap says something: what is made once is made half-way. */
    private static final int MANY = 4_000;

    private static final double MOST_GROWTH = 1.1;

    /** What the service may keep in idle arrays for requests: a quarter of its memory. */
    private static final long IDLE_BYTES = 32L << 20;

    /** The first characters of a RecordId, which the incarnation of the stream alone decides. */
    private static final int INCARNATION_CHARACTERS = 21;

    private static final Set<Integer> STATUSES =
            Set.of(0, 200, 400, 403, 404, 408, 411, 413, 414, 415, 417, 426, 431, 501, 505, 503);

    /** Names of classes, and lines of stack traces. */
    private static final Pattern INSIDE =
            Pattern.compile(
                    "(java|javax|jdk|sun|io\\.delivery|org\\.eclipse|com\\.fasterxml)\\.[a-z]+\\."
                            + "|\\bat [\\w.$]+\\([\\w.]+:\\d+\\)|Exception: ");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ServiceModel model = ServiceModel.firehose();
    private final long seed =
            Long.getLong("fuzz.seed", ThreadLocalRandom.current().nextLong() >>> 16);
    private final int requests = Integer.getInteger("fuzz.requests", FEW);
    private final Map<String, Integer> answers = new ConcurrentHashMap<>();

    /** Records that were answered 200, by the incarnations of their streams. */
    private final Map<String, Integer> accepted = new ConcurrentHashMap<>();

    /** Streams that the requests made, and whose books were looked at. */
    private int made;

    @TempDir Path folder;
    private Service service;

    @BeforeEach
    void start() throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        server: {api: 127.0.0.1:0, admin: 127.0.0.1:0, shutdown: {land: false}}
                        dataDir: data
                        limits: {memory: 128MB}
                        log: {level: error}
                        stores: {lake: {directory: lake}}
                        buckets: [{match: '*', store: lake}]
                        streams: {fixed: {destination: {store: lake, bucket: fixed}}}
                        """);
        LoadedConfig loaded = new ConfigLoader(Map.of(), Programs.OURS).load(file);
        service = Service.start(loaded);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void whatever_comes_is_answered_in_the_api_s_form_and_leaves_nothing_behind() throws Exception {
        System.out.printf("fuzz: seed %d, %,d requests%n", seed, requests);
        List<LiveHeap> heap = new ArrayList<>();
        int rounds = Math.max(1, requests / ROUND);
        try {
            for (int round = 0; round < rounds; round++) {
                round(round);
                service.status().forEach(this::booksBalance);
                deleteAllMade();
                if (round * 5 % rounds < 5 || round == rounds - 1) {
                    heap.add(heapAfterCollection());
                }
            }
        } catch (AssertionError | Exception failed) {
            throw new AssertionError(
                    "-Dfuzz.seed=%d -Dfuzz.requests=%d: %s"
                            .formatted(seed, requests, failed.getMessage()),
                    failed);
        }

        System.out.printf("fuzz: answers %s%n", new TreeMap<>(answers));
        System.out.printf("fuzz: books of %d streams that were made%n", made);
        System.out.printf("fuzz: heap after GC: %s%n", heap);
        booksOfTheFixedOneBalance();
        if (requests >= MANY) {
            assertNotGrown(heap);
        }
        assertThat(accepted).as("records that were accepted").isNotEmpty();
    }

    private void round(int round) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                long own = seed + 31L * (round * CLIENTS + client + 1);
                clients.add(threads.submit(() -> ask(new RandomRequests(own, model))));
            }
            for (Future<?> client : clients) {
                client.get(5, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private Void ask(RandomRequests random) throws IOException {
        try (Connection connection = new Connection(service.apiUri())) {
            for (int i = 0; i < ROUND / CLIENTS; i++) {
                RandomRequests.Sent sent = random.next();
                check(sent, connection.ask(sent));
            }
        }
        return null;
    }

    private void check(RandomRequests.Sent sent, Answer answer) throws IOException {
        String story =
                "%s%n--- was answered ---%n%s%s"
                        .formatted(shown(sent.bytes()), answer.head(), answer.body());
        assertThat(answer.status()).as(story).isIn(STATUSES);
        assertThat(answer.body()).as(story).doesNotContainPattern(INSIDE);
        if (answer.status() == 0) {
            assertThat(sent.end()).as(story).isEqualTo(RandomRequests.End.CUT);
            answers.merge("closed", 1, Integer::sum);
            return;
        }
        assertThat(answer.head().toLowerCase(java.util.Locale.ROOT))
                .as(story)
                .doesNotContain("server: jetty");
        JsonNode said = answer.body().isEmpty() ? null : JSON.readTree(answer.body());
        if (answer.status() == 200) {
            answers.merge("200 " + sent.operation(), 1, Integer::sum);
            count(said);
        } else {
            assertThat(said).as(story).isNotNull();
            String type = said.path("__type").asText();
            assertThat(type).as(story).isNotEmpty().isNotEqualTo("InternalFailure");
            assertThat(said.path("message").asText()).as(story).isNotEmpty();
            answers.merge(answer.status() + " " + type, 1, Integer::sum);
        }
    }

    private static String shown(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.length() > 4_000 ? text.substring(0, 4_000) + "..." : text;
    }

    private void count(JsonNode said) {
        if (said != null) {
            for (JsonNode id : said.findValues("RecordId")) {
                accepted.merge(id.asText().substring(0, INCARNATION_CHARACTERS), 1, Integer::sum);
            }
        }
    }

    // --- what is left ---

    private void deleteAllMade() throws IOException {
        try (Connection connection = new Connection(service.apiUri())) {
            for (StreamStatus stream : service.status()) {
                if (!stream.name().equals(FIXED)) {
                    connection.ask(delete(stream.name()));
                }
            }
        }
        await("the streams that were deleted go")
                .atMost(Duration.ofMinutes(1))
                .until(() -> service.status().size() == 1);
    }

    private static RandomRequests.Sent delete(String name) {
        String body = "{\"DeliveryStreamName\":\"%s\"}".formatted(name);
        String head =
                """
                POST / HTTP/1.1
                Host: localhost
                Content-Type: application/x-amz-json-1.1
                X-Amz-Target: Firehose_20150804.DeleteDeliveryStream
                Content-Length: %d

                """
                        .formatted(body.length())
                        .replace("\n", "\r\n");
        return new RandomRequests.Sent(
                "DeleteDeliveryStream",
                (head + body).getBytes(StandardCharsets.ISO_8859_1),
                RandomRequests.End.KEPT);
    }

    private LiveHeap heapAfterCollection() throws Exception {
        service.flush().get(1, TimeUnit.MINUTES);
        LiveHeap least = LiveHeap.now();
        for (int i = 0; i < 2; i++) { // what a collection has found it may free with the next one
            least = least.least(LiveHeap.now());
        }
        return least;
    }

    private static void assertNotGrown(List<LiveHeap> heap) {
        LiveHeap before = heap.get((heap.size() - 1) / 2);
        LiveHeap after = heap.get(heap.size() - 1);
        assertThat(after.steadyBytes())
                .as("heap after GC: %s", heap)
                .isLessThanOrEqualTo(Math.round(before.steadyBytes() * MOST_GROWTH));
        assertThat(after.bytes())
                .as("heap after GC: %s", heap)
                .isLessThanOrEqualTo(Math.round(before.bytes() * MOST_GROWTH) + IDLE_BYTES);
    }

    private void booksOfTheFixedOneBalance() throws Exception {
        service.flush().get(1, TimeUnit.MINUTES);
        StreamStatus fixed = service.status().get(0);
        booksBalance(fixed);
        assertThat(fixed.lanes()).allMatch(lane -> lane.books().settled());
    }

    /** Nobody sends requests meanwhile. */
    private void booksBalance(StreamStatus stream) {
        for (LaneStatus lane : stream.lanes()) {
            assertThat(lane.books().balanced()).as("%s", stream).isTrue();
        }
        if (stream.phase() == StreamPhase.ACTIVE && !stream.incarnation().isEmpty()) {
            String incarnation = incarnationOf(stream);
            assertThat(stream.lanes().get(0).books().accepted())
                    .as("records of %s, %s", stream, incarnation)
                    .isEqualTo(accepted.getOrDefault(incarnation, 0).longValue());
            made += stream.name().equals(FIXED) ? 0 : 1;
        }
    }

    private static String incarnationOf(StreamStatus stream) {
        byte[] bytes = java.util.HexFormat.of().parseHex(stream.incarnation());
        return java.util.Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(bytes)
                .substring(0, INCARNATION_CHARACTERS);
    }
}

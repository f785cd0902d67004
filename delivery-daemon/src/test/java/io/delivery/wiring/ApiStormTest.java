package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.delivery.lane.LaneStatus;
import io.delivery.stream.RegisteredStream;
import io.delivery.stream.StreamPhase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamDescription;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamStatus;
import software.amazon.awssdk.services.firehose.model.FirehoseException;

/**
 * Five clients of AWS create, update, put to, tag and delete streams of the same few names at once.
 * Nobody hears of a fault of the program, and afterwards everything that can be asked tells the
 * same. {@code -Dstorm.seed=N} begins with the same calls, {@code -Dstorm.calls=N} makes so many.
 */
@SuppressWarnings("unchecked") // varargs of builders
class ApiStormTest extends ApiWorld {
    private static final int CLIENTS = 5;
    private static final int CALLS = Integer.getInteger("storm.calls", 1_000);
    private static final List<String> NAMES = List.of("alpha", "beta", "gamma");
    private static final Pattern RECORD = Pattern.compile("<([^>]+)>");
    private static final Pattern LABEL = Pattern.compile("stream=\"([^\"]+)\"");

    /** What the contract lets each operation answer. */
    private static final Map<String, Set<String>> ERRORS =
            Map.of(
                    "create", Set.of("ResourceInUseException"),
                    "update",
                            Set.of(
                                    "ResourceNotFoundException",
                                    "ResourceInUseException",
                                    "ConcurrentModificationException"),
                    "put", Set.of("ResourceNotFoundException", "ServiceUnavailableException"),
                    "tag", Set.of("ResourceNotFoundException", "ResourceInUseException"),
                    "untag", Set.of("ResourceNotFoundException", "ResourceInUseException"),
                    "delete", Set.of("ResourceNotFoundException", "ResourceInUseException"),
                    "describe", Set.of("ResourceNotFoundException"));

    private final long seed =
            Long.getLong("storm.seed", ThreadLocalRandom.current().nextLong() >>> 16);
    private final Map<String, Integer> answers = new ConcurrentHashMap<>();

    @Test
    void five_clients_at_the_same_names_leave_what_everything_agrees_on() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                int number = client;
                clients.add(threads.submit(() -> storm(number)));
            }
            for (Future<?> client : clients) {
                client.get(3, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
        System.out.printf("storm: seed %d, answers %s%n", seed, new TreeMap<>(answers));

        await("streams that were deleted go").until(this::nothingLeaves);
        everythingAgrees();
        recordsLandOnce();
        assertThat(answers)
                .as("what the storm has met")
                .containsKeys("create", "update", "put", "tag", "delete");
    }

    // --- the storm ---

    private Void storm(int number) {
        SplittableRandom random = new SplittableRandom(seed + number);
        try (FirehoseClient own = ownClient()) {
            for (int call = 0; call < CALLS / CLIENTS; call++) {
                String name = NAMES.get(random.nextInt(NAMES.size()));
                call(own, random.nextInt(100), name, number + "-" + call);
            }
        }
        return null;
    }

    /** Hears of each error, and does not try again by itself. */
    private FirehoseClient ownClient() {
        return FirehoseClient.builder()
                .endpointOverride(URI.create(service.apiUri().toString()))
                .region(Region.US_EAST_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .overrideConfiguration(o -> o.retryStrategy(once -> once.maxAttempts(1)))
                .build();
    }

    private void call(FirehoseClient own, int dice, String name, String id) {
        if (dice < 15) {
            answer("create", () -> own.createDeliveryStream(request(name, d -> d.prefix("c/"))));
        } else if (dice < 30) {
            answer("update", () -> update(own, name, id));
        } else if (dice < 65) {
            answer(
                    "put",
                    () ->
                            own.putRecord(
                                    p ->
                                            p.deliveryStreamName(name)
                                                    .record(
                                                            r ->
                                                                    r.data(
                                                                            SdkBytes.fromUtf8String(
                                                                                    "<" + id
                                                                                            + ">")))));
        } else if (dice < 75) {
            answer(
                    "tag",
                    () ->
                            own.tagDeliveryStream(
                                    t ->
                                            t.deliveryStreamName(name)
                                                    .tags(g -> g.key("k" + dice).value(id))));
        } else if (dice < 80) {
            answer(
                    "untag",
                    () ->
                            own.untagDeliveryStream(
                                    t -> t.deliveryStreamName(name).tagKeys("k" + (dice - 5))));
        } else if (dice < 90) {
            answer("delete", () -> own.deleteDeliveryStream(d -> d.deliveryStreamName(name)));
        } else {
            answer("describe", () -> own.describeDeliveryStream(d -> d.deliveryStreamName(name)));
        }
    }

    private static void update(FirehoseClient own, String name, String id) {
        String version =
                own.describeDeliveryStream(d -> d.deliveryStreamName(name))
                        .deliveryStreamDescription()
                        .versionId();
        own.updateDestination(
                u ->
                        u.deliveryStreamName(name)
                                .currentDeliveryStreamVersionId(version)
                                .destinationId("destinationId-000000000001")
                                .extendedS3DestinationUpdate(d -> d.prefix("u" + id + "/")));
    }

    private void answer(String operation, Runnable call) {
        try {
            call.run();
            answers.merge(operation, 1, Integer::sum);
        } catch (FirehoseException refused) {
            String code = refused.awsErrorDetails().errorCode();
            assertThat(ERRORS.get(operation))
                    .as("%s: %s, seed %d", operation, refused.getMessage(), seed)
                    .contains(code);
            answers.merge(operation + " " + code, 1, Integer::sum);
        }
    }

    // --- what is left ---

    private boolean nothingLeaves() throws IOException {
        List<RegisteredStream> all = service.streams().all();
        return all.stream().allMatch(stream -> stream.phase() == StreamPhase.ACTIVE)
                && folders().size() == begun(all).size();
    }

    /** A stream of the configuration has no directory before its first record. */
    private static Set<String> begun(List<RegisteredStream> all) {
        return all.stream()
                .filter(stream -> !stream.status().incarnation().isEmpty())
                .map(stream -> stream.name() + "~" + stream.status().incarnation().substring(0, 8))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> folders() throws IOException {
        Path streams = folder.resolve("data/streams");
        if (!Files.exists(streams)) {
            return Set.of();
        }
        try (Stream<Path> folders = Files.list(streams)) {
            return folders.map(path -> path.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private void everythingAgrees() throws Exception {
        List<RegisteredStream> all = service.streams().all();
        List<String> names = all.stream().map(RegisteredStream::name).toList();
        assertThat(client.listDeliveryStreams().deliveryStreamNames())
                .as("List, seed %d", seed)
                .containsExactlyElementsOf(names);
        assertThat(folders()).as("directories, seed %d", seed).isEqualTo(begun(all));
        assertThat(measured()).as("metrics, seed %d", seed).isEqualTo(new TreeSet<>(names));
        for (RegisteredStream stream : all) {
            DeliveryStreamDescription shown = describe(stream.name());
            assertThat(shown.deliveryStreamStatus()).isEqualTo(DeliveryStreamStatus.ACTIVE);
            assertThat(shown.versionId()).isEqualTo(Integer.toString(stream.acceptedVersion()));
            assertThat(stream.status().healthy()).as("%s", stream.status()).isTrue();
            for (LaneStatus lane : stream.status().lanes()) {
                assertThat(lane.books().balanced()).as("%s", stream.status()).isTrue();
            }
        }
        for (String name : NAMES) {
            if (!names.contains(name)) {
                create(name, d -> {});
            }
        }
    }

    /** Streams that the metrics' page has values of. */
    private Set<String> measured() throws Exception {
        String page =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(service.adminUri().resolve("/metrics"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
        Set<String> measured = new TreeSet<>();
        Matcher label = LABEL.matcher(page);
        while (label.find()) {
            measured.add(label.group(1));
        }
        return measured;
    }

    /** Those of deleted streams once or not at all; those that are put now once. */
    private void recordsLandOnce() throws Exception {
        for (String name : NAMES) {
            put(name, "<last of " + name + ">");
        }
        service.flush().get(1, TimeUnit.MINUTES);
        Map<String, Integer> landed = new HashMap<>();
        for (String object : objects()) {
            String text =
                    Files.readString(
                            folder.resolve("lake/made").resolve(object), StandardCharsets.UTF_8);
            Matcher record = RECORD.matcher(text);
            while (record.find()) {
                landed.merge(record.group(1), 1, Integer::sum);
            }
        }
        assertThat(landed.values()).as("times, seed %d", seed).allMatch(times -> times == 1);
        assertThat(landed.keySet())
                .contains(NAMES.stream().map(name -> "last of " + name).toArray(String[]::new));
    }
}

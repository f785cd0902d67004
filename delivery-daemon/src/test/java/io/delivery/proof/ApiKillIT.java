package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
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
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.firehose.FirehoseClient;

/**
 * A process that is killed with SIGKILL while clients of AWS create, update, tag, encrypt, put to
 * and delete streams. Each client has names of its own and knows what it was answered: afterwards
 * that is there, and what was not answered is there whole or not at all. {@code -Dproof.seed=N}
 * repeats the calls and after how many answers each kill comes, {@code -Dproof.seconds=N} takes
 * longer, as {@code make prove} does.
 */
class ApiKillIT {
    private static final int SHORT_SECONDS = 4;
    private static final int FEWEST_KILLS_WHEN_SHORT = 3;
    private static final int FEWEST_KILLS = 6;
    private static final int CLIENTS = 4;
    private static final int NAMES_OF_EACH = 2;
    private static final Pattern RECORD = Pattern.compile("<([^>]+)>");

    private final long seed =
            Long.getLong("proof.seed", ThreadLocalRandom.current().nextLong() >>> 16);
    private final int seconds = LongProof.seconds().orElse(SHORT_SECONDS);
    private final int fewestKills =
            LongProof.seconds().isPresent() ? FEWEST_KILLS : FEWEST_KILLS_WHEN_SHORT;

    @TempDir private Path folder;

    @Test
    void what_was_answered_is_there_after_kills_and_what_was_not_is_whole_or_not_there()
            throws Exception {
        Files.writeString(folder.resolve("k1.key"), "%064x".formatted(7));
        Path config =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        server: {api: 127.0.0.1:0, admin: 127.0.0.1:0}
                        dataDir: data
                        limits: {memory: 128MB}
                        encryption: {keys: [{id: k1, file: k1.key}]}
                        stores: {lake: {directory: lake}}
                        buckets: [{match: '*', store: lake}]
                        streams: {}
                        """);
        SplittableRandom chance = new SplittableRandom(seed);
        List<OwnedStreams> clients = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            clients.add(new OwnedStreams("c" + client, NAMES_OF_EACH, chance.split()));
        }

        int kills = 0;
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        while (System.nanoTime() < end || kills < fewestKills) {
            try (DaemonProcess daemon = Daemons.start(config)) {
                live(daemon, clients, 10 + chance.nextInt(100));
                kills++;
            }
        }

        try (DaemonProcess daemon = Daemons.start(config);
                FirehoseClient client = client(daemon.api())) {
            clients.forEach(owned -> owned.settle(client));
            Set<String> there = new TreeSet<>(client.listDeliveryStreams().deliveryStreamNames());
            assertThat(there).isEqualTo(expected(clients));
            for (String stream : there) {
                daemon.flush(stream);
                JsonNode books = daemon.books(stream, 0);
                assertThat(books.path("balanced").asBoolean()).as("%s", books).isTrue();
                assertThat(books.path("buffered").asLong()).as("%s", books).isZero();
            }
            assertThat(namesOfFolders()).isEqualTo(there);
        }
        Map<String, Set<String>> prefixes = landed();
        clients.forEach(owned -> owned.checkLanded(prefixes));
        long calls = answered(clients);
        System.out.printf(
                "kills of the API's streams: seed %d, %d kills, %d calls answered, %d in doubt, encryption switched %d times, %d records landed%n",
                seed,
                kills,
                calls,
                clients.stream().mapToLong(OwnedStreams::inDoubt).sum(),
                clients.stream().mapToLong(OwnedStreams::switched).sum(),
                prefixes.size());
        assertThat(calls).isGreaterThan(100);
        assertThat(clients).allMatch(owned -> owned.answered() > 0);
        assertThat(clients).anyMatch(owned -> owned.switched() > 0);
    }

    private static FirehoseClient client(URI api) {
        return FirehoseClient.builder()
                .endpointOverride(URI.create(api.toString()))
                .region(Region.US_EAST_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .overrideConfiguration(o -> o.retryStrategy(once -> once.maxAttempts(1)))
                .build();
    }

    private static long answered(List<OwnedStreams> clients) {
        return clients.stream().mapToLong(OwnedStreams::answered).sum();
    }

    /** All clients call until the process is killed under them, after so many answers. */
    private static void live(DaemonProcess daemon, List<OwnedStreams> clients, int answers)
            throws Exception {
        long before = answered(clients);
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (OwnedStreams owned : clients) {
                running.add(
                        threads.submit(
                                () -> {
                                    try (FirehoseClient client = client(daemon.api())) {
                                        owned.callUntilNobodyAnswers(client);
                                    }
                                }));
            }
            await().atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(5))
                    .until(
                            () ->
                                    answered(clients) >= before + answers
                                            || running.stream().anyMatch(Future::isDone));
            daemon.kill();
            for (Future<?> client : running) {
                client.get(1, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Set<String> expected(List<OwnedStreams> clients) {
        Set<String> expected = new TreeSet<>();
        clients.forEach(owned -> expected.addAll(owned.present()));
        return expected;
    }

    private Set<String> namesOfFolders() throws IOException {
        try (Stream<Path> folders = Files.list(folder.resolve("data/streams"))) {
            return folders.map(path -> path.getFileName().toString())
                    .map(name -> name.substring(0, name.indexOf('~')))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Where each record has landed: the first folder of its object's key. Each of them once. */
    private Map<String, Set<String>> landed() throws IOException {
        Map<String, Set<String>> landed = new HashMap<>();
        Path bucket = folder.resolve("lake/made");
        List<Path> objects;
        try (Stream<Path> files = Files.walk(bucket)) {
            objects = files.filter(Files::isRegularFile).toList();
        }
        for (Path object : objects) {
            String prefix = bucket.relativize(object).getName(0).toString();
            Matcher record = RECORD.matcher(Files.readString(object, StandardCharsets.ISO_8859_1));
            while (record.find()) {
                assertThat(landed.computeIfAbsent(record.group(1), id -> new HashSet<>()))
                        .as("record %s, seed %d", record.group(1), seed)
                        .isEmpty();
                landed.get(record.group(1)).add(prefix);
            }
        }
        return landed;
    }
}

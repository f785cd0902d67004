package io.delivery.wiring;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.api.http.FirehoseClient;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LoadedConfig;
import io.delivery.machine.SystemClock;
import io.delivery.stream.StreamChange;
import io.delivery.testkit.FakeGlue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream whose table is in Glue, while Glue changes, fails and moves. */
@Timeout(120)
class GlueStreamTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;
    private final FakeGlue glue = FakeGlue.start();
    private final ConfigLoader loader = new ConfigLoader(Map.of(), Programs.OURS);

    @AfterEach
    void stop() {
        glue.close();
    }

    private LoadedConfig config(FakeGlue at) throws Exception {
        return file(at).read();
    }

    private ConfigFile file(FakeGlue at) throws IOException {
        return file(at, "", "main/");
    }

    /**
     * @param more members of the stream, each with a comma behind it
     * @param prefix of its objects
     */
    private ConfigFile file(FakeGlue at, String more, String prefix) throws IOException {
        return new ConfigFile(
                loader,
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        server: {api: '127.0.0.1:0', admin: '127.0.0.1:0', shutdown: {land: false}, account: '000011112222'}
                        dataDir: data
                        limits: {memory: 128MB}
                        stores: {lake: {directory: lake}}
                        catalogs:
                          tables:
                            glue:
                              endpoint: %s
                              region: eu-central-1
                              credentials: {accessKeyId: testak, secretAccessKey: testsecret}
                              catalogId: '111122223333'
                              refresh: 1s
                        streams:
                          orders: {%s
                            format: {parquet: {compression: none}, schema: {table: shop.orders}},
                            destination: {bucket: b, prefix: '%s', errorPrefix: 'errors/!{firehose:error-output-type}/'}}
                        """
                                .formatted(at.endpoint(), more, prefix)));
    }

    private Service start(LoadedConfig loaded) throws Exception {
        return Service.start(loaded, kept(loaded));
    }

    private InForce.KeptDefinitions kept(LoadedConfig context) {
        return new ConfigFile(loader, folder.resolve("delivery.yaml")).kept(context);
    }

    private static void put(Service service, String... texts) throws Exception {
        List<FirehoseClient.Entry> answers =
                new FirehoseClient(service.apiUri(), Optional.empty(), new SystemClock())
                        .putRecordBatch(
                                "orders", Stream.of(texts).map(t -> t.getBytes(UTF_8)).toList());
        assertThat(answers).allMatch(FirehoseClient.Entry::accepted);
    }

    private static void flush(Service service) throws Exception {
        service.flush().get(30, TimeUnit.SECONDS);
    }

    private List<String> objects(String prefix) throws IOException {
        List<String> objects = new ArrayList<>();
        Path below = folder.resolve("lake/b").resolve(prefix);
        if (Files.exists(below)) {
            try (Stream<Path> files = Files.walk(below)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    objects.add(Files.readString(file, ISO_8859_1));
                }
            }
        }
        return objects;
    }

    @Test
    void a_new_column_is_in_later_objects_and_makes_no_object_of_its_own() throws Exception {
        glue.put("shop", "orders", FakeGlue.columns("string", "id"));
        try (Service service = start(config(glue))) {
            put(service, "{\"id\": \"1\"}", "{\"id\": \"2\"}", "{\"id\": \"3\"}");
            flush(service);
            assertThat(objects("main")).hasSize(1);

            glue.put("shop", "orders", FakeGlue.columns("string", "id", "town"));
            int objects = 1;
            while (objects("main").stream().noneMatch(bytes -> bytes.contains("town"))) {
                put(service, "{\"id\": \"4\", \"town\": \"x\"}", "{\"id\": \"5\"}");
                flush(service);
                objects++;
            }

            assertThat(objects("main")).as("one for each flush").hasSize(objects);
            assertThat(service.status().get(0).troubles()).isEmpty();
        }
    }

    /** One staging file has 256 objects at most, so these are encoded in two groups. */
    private static final int OBJECTS_OF_TWO_GROUPS = 300;

    @Test
    void all_objects_of_one_seal_have_the_new_column_however_many_groups_wait_for_the_table()
            throws Exception {
        glue.put("shop", "orders", FakeGlue.columns("string", "id"));
        LoadedConfig partitioned =
                file(glue, "partitioning: {query: '{k: .id}'},", "main/!{partitionKeyFromQuery:k}/")
                        .read();
        try (Service service = start(partitioned)) {
            Duration waited = Duration.ofSeconds(3);
            for (int round = 1; waited.compareTo(Duration.ofSeconds(2)) >= 0; round++) {
                String column = "c" + round;
                put(service, "{\"id\": \"before\"}");
                flush(service);
                awaitRefresh();
                glue.put("shop", "orders", FakeGlue.columns("string", "id", column));
                String key = round + "-";
                put(
                        service,
                        IntStream.range(0, OBJECTS_OF_TWO_GROUPS)
                                .mapToObj(i -> "{\"id\": \"" + key + i + "\"}")
                                .toArray(String[]::new));
                long began = System.currentTimeMillis();
                flush(service);

                List<Path> objects = filesWithKey(key);
                waited = Duration.ofMillis(firstOf(objects) - began);
                // Later than that the first may have waited in vain: then there is another round.
                if (waited.compareTo(Duration.ofSeconds(2)) < 0) {
                    assertThat(objects)
                            .hasSize(OBJECTS_OF_TWO_GROUPS)
                            .allMatch(object -> contains(object, column));
                }
            }
        }
    }

    /** The schema that the last object had is due. */
    private static void awaitRefresh() {
        long due = System.nanoTime() + Duration.ofMillis(1100).toNanos();
        await().atMost(Duration.ofSeconds(30)).until(() -> System.nanoTime() > due);
    }

    private List<Path> filesWithKey(String key) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("lake/b/main"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getParent().getFileName().toString().startsWith(key))
                    .toList();
        }
    }

    private static long firstOf(List<Path> objects) throws IOException {
        long first = Long.MAX_VALUE;
        for (Path object : objects) {
            first = Math.min(first, Files.getLastModifiedTime(object).toMillis());
        }
        return first;
    }

    private static boolean contains(Path object, String text) {
        try {
            return Files.readString(object, ISO_8859_1).contains(text);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Test
    void objects_in_quick_succession_do_not_each_ask_glue() throws Exception {
        glue.put("shop", "orders", FakeGlue.columns("string", "id"));
        LoadedConfig loaded = config(glue);
        try (Service service = start(loaded)) {
            long began = System.nanoTime();
            for (int object = 0; object < 30; object++) {
                put(service, "{\"id\": \"1\"}");
                flush(service);
            }
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);

            assertThat(objects("main")).hasSize(30);
            assertThat((long) glue.requests().size())
                    .as("one at the start, one for the stream, one for each second of refresh")
                    .isLessThanOrEqualTo(2 + seconds + 1);
        }
    }

    @Test
    void a_record_that_does_not_convert_names_the_table_in_glue() throws Exception {
        glue.put("shop", "orders", FakeGlue.columns("int", "id"));
        try (Service service = start(config(glue))) {
            put(service, "{\"id\": \"many\"}");
            flush(service);

            JsonNode line =
                    JSON.readTree(objects("errors/format-conversion-failed").get(0).strip());
            assertThat(line.path("dataCatalogTable").toString())
                    .isEqualTo(
                            "{\"catalogId\":\"111122223333\",\"databaseName\":\"shop\","
                                    + "\"tableName\":\"orders\",\"region\":\"eu-central-1\","
                                    + "\"versionId\":\"LATEST\","
                                    + "\"roleArn\":\"arn:aws:iam::000011112222:role/delivery\"}");
        }
    }

    @Test
    void while_glue_was_never_asked_with_success_the_stream_waits_says_why_and_loses_nothing()
            throws Exception {
        glue.failLike(FakeGlue.error(400, "AccessDeniedException", "not for you"));
        try (Service service = start(config(glue))) {
            put(service, "{\"id\": \"1\"}", "{\"id\": \"2\"}");
            var flushed = service.flush();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !service.status().get(0).troubles().isEmpty());

            assertThat(service.status().get(0).troubles().toString())
                    .contains("GetTable shop.orders at " + glue.endpoint())
                    .contains("400 AccessDeniedException: not for you")
                    .contains("allow glue:GetTable");
            assertThat(objects("")).isEmpty();
            assertThat(flushed).isNotDone();

            glue.put("shop", "orders", FakeGlue.columns("string", "id"));
            glue.failLike(null);
            flushed.get(60, TimeUnit.SECONDS);
            assertThat(objects("main")).hasSize(1);
            assertThat(objects("errors")).isEmpty();
            assertThat(service.status().get(0).troubles()).isEmpty();
        }
    }

    @Test
    void deliveries_go_on_with_the_last_schema_while_glue_is_away() throws Exception {
        glue.put("shop", "orders", FakeGlue.columns("string", "id"));
        try (Service service = start(config(glue))) {
            put(service, "{\"id\": \"1\"}");
            flush(service);
            glue.close();
            long until = System.nanoTime() + Duration.ofSeconds(2).toNanos();
            int objects = 1;
            while (System.nanoTime() < until) {
                put(service, "{\"id\": \"2\"}");
                flush(service);
                objects++;
            }

            assertThat(objects("main")).hasSize(objects);
            assertThat(service.status().get(0).troubles()).isEmpty();
        }
    }

    /**
     * Whether a thread that encodes waits for a table at this moment. One that only takes the table
     * which is in force runs, or is blocked for an instant. State and frames must be of the same
     * moment: a thread that has just left the table waits for its next work.
     */
    private static boolean encoderWaitsForGlue() {
        return Stream.of(ManagementFactory.getThreadMXBean().dumpAllThreads(false, false))
                .filter(GlueStreamTest::waits)
                .map(info -> Stream.of(info.getStackTrace()).map(StackTraceElement::getClassName))
                .map(Stream::toList)
                .anyMatch(
                        classes ->
                                classes.stream().anyMatch(name -> name.contains("EncodingPool"))
                                        && classes.stream()
                                                .anyMatch(
                                                        name ->
                                                                name.startsWith(
                                                                        "io.delivery.glue.")));
    }

    private static boolean waits(ThreadInfo info) {
        return info.getThreadState() == Thread.State.WAITING
                || info.getThreadState() == Thread.State.TIMED_WAITING;
    }

    private static void hangUntil(CountDownLatch over) {
        try {
            over.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Of 1,500 columns it needs more than all encoders share: it has the pool for itself. */
    @ParameterizedTest
    @ValueSource(ints = {1, 1500})
    void no_encoder_is_kept_waiting_by_a_glue_that_does_not_answer(int columns) throws Exception {
        String[] names = IntStream.range(0, columns).mapToObj(i -> "c" + i).toArray(String[]::new);
        glue.put("shop", "orders", FakeGlue.columns("string", names));
        try (Service service = start(config(glue))) {
            put(service, "{\"c0\": \"1\"}");
            flush(service);
            CountDownLatch over = new CountDownLatch(1);
            CountDownLatch asked = new CountDownLatch(1);
            glue.failLike(
                    exchange -> {
                        asked.countDown();
                        hangUntil(over);
                    });
            int objects = 1;
            boolean kept = false;
            while (asked.getCount() > 0) {
                put(service, "{\"c0\": \"2\"}");
                CompletableFuture<?> flushed = service.flush();
                objects++;
                while (!flushed.isDone()) {
                    kept |= encoderWaitsForGlue();
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
                }
            }
            assertThat(kept).as("an encoder waited").isFalse();
            assertThat(objects("main")).as("by the schema in force").hasSize(objects);
            assertThat(service.status().get(0).troubles()).isEmpty();

            glue.put("shop", "orders", FakeGlue.columns("string", "c0", "town"));
            glue.failLike(null);
            over.countDown();
            while (objects("main").stream().noneMatch(bytes -> bytes.contains("town"))) {
                put(service, "{\"c0\": \"3\", \"town\": \"x\"}");
                flush(service);
            }
        }
    }

    @Test
    void glue_elsewhere_comes_into_force_with_a_reload() throws Exception {
        glue.put("shop", "orders", FakeGlue.columns("string", "first"));
        try (FakeGlue other = FakeGlue.start();
                Service service = start(config(glue))) {
            other.put("shop", "orders", FakeGlue.columns("string", "second"));
            put(service, "{\"first\": \"x\"}");

            LoadedConfig next = config(other);
            List<StreamChange> changes =
                    service.reload(next, kept(next))
                            .toCompletableFuture()
                            .get(30, TimeUnit.SECONDS);
            put(service, "{\"second\": \"y\"}");
            flush(service);

            assertThat(changes)
                    .containsExactly(
                            new StreamChange("orders", StreamChange.Kind.NEW_COMPONENTS, ""));
            assertThat(objects("main"))
                    .hasSize(2)
                    .anyMatch(bytes -> bytes.contains("first") && !bytes.contains("second"))
                    .anyMatch(bytes -> bytes.contains("second") && !bytes.contains("first"));
        }
    }
}

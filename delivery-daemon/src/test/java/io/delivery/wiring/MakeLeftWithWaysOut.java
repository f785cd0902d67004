package io.delivery.wiring;

import static java.util.concurrent.CompletableFuture.completedFuture;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.api.http.FirehoseClient;
import io.delivery.landing.LanePlan;
import io.delivery.landing.LaneRecord;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneStateInspection;
import io.delivery.landing.LocalLaneState;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LoadedConfig;
import io.delivery.machine.FileDisk;
import io.delivery.machine.SystemClock;
import io.delivery.record.Incarnation;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedContent;
import io.delivery.testkit.ForwardingStore;
import io.delivery.world.World;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes what {@code left-with-ways-out/README.md} describes; that page has the command. No build
 * runs it: what it made once stands for the files that users have.
 */
class MakeLeftWithWaysOut {
    private static final Path MADE = Path.of("src/test/resources/left-with-ways-out/left.zip");

    /** Of one record; two of them are a full buffer. */
    private static final int LARGE = 600_000;

    private final AtomicReference<World> world = new AtomicReference<>();
    @TempDir private Path folder;

    @Test
    void make() throws Exception {
        Path config = folder.resolve("delivery.yaml");
        Files.writeString(config, LeftWithWaysOutTest.CONFIGURATION);
        ConfigLoader loader = new ConfigLoader(Map.of(), Programs.OURS);
        LoadedConfig loaded = loader.load(config);
        InForce.KeptDefinitions kept =
                stream ->
                        loader.loadStream(
                                stream.name(), stream.document(), config, loaded.config());
        try (Service service = Service.start(loaded, kept, new Hands())) {
            moved(service);
            given(service);
            seen(service);
        }
        String home = home("seen");
        appendLanded(home);
        pack();
    }

    /** Its objects are redirected, one of them twice, and land nowhere. */
    private void moved(Service service) throws Exception {
        put(service, "moved", "one", "two");
        flush(service, "moved");
        await("moved", plan -> plan.oldestSealed() != null);
        ask(service, "moved/redirect", "{\"bucket\":\"closed\",\"to\":\"closed-too\"}");
        ask(service, "moved/redirect", "{\"bucket\":\"closed-too\",\"to\":\"lake/moved/again\"}");
        put(service, "moved", "three");
    }

    /** One object of the open range is skipped; the other one has not landed. */
    private void given(Service service) throws Exception {
        put(service, "given", large("bad", 1), large("bad", 2), large("good", 3), large("good", 4));
        await("given", plan -> plan.openRange() != null && plan.openRange().objects().size() == 2);
        String key = object("given", "k=bad/").name().key();
        ask(service, "given/skip", "{\"object\":\"%s\"}".formatted(key));
        put(service, "given", "{\"k\":\"small\",\"n\":5}");
    }

    /** One object of the open range has landed; the other one has not. */
    private void seen(Service service) throws Exception {
        put(service, "seen", large("landed", 1), large("landed", 2), large("denied", 3));
        put(service, "seen", large("denied", 4));
        await("seen", plan -> plan.openRange() != null && plan.openRange().objects().size() == 2);
        Path lake = folder.resolve("lake/seen/k=landed");
        Awaitility.await().until(() -> Files.exists(lake));
    }

    /** What a lane writes when room is short: no test fills a disk for that. */
    private void appendLanded(String home) throws Exception {
        Path lane = folder.resolve("data/streams").resolve(home).resolve("lanes/main-1");
        ObjectRecord landed = object("seen", "k=landed/");
        Incarnation incarnation = incarnation(home);
        LocalLaneState state = LocalLaneState.recover(lane, incarnation, "0.1.0", 0, world.get());
        state.own();
        state.append(
                List.of(new LaneRecord.Landed(landed.rangeStart(), landed.number(), "a file")));
        state.close();
        Files.delete(lane.resolve("staging").resolve(landed.staged().file()));
    }

    private Incarnation incarnation(String home) throws IOException {
        Path lane = folder.resolve("data/streams").resolve(home).resolve("lanes/main-1");
        return Incarnation.parse(
                LaneStateInspection.of(lane, new FileDisk()).owner().orElseThrow().incarnation());
    }

    // --- what is asked of the program ---

    private static String large(String key, int n) {
        return "{\"k\":\"%s\",\"n\":%d,\"pad\":\"%s\"}".formatted(key, n, "x".repeat(LARGE));
    }

    private void put(Service service, String stream, String... records) throws Exception {
        FirehoseClient client =
                new FirehoseClient(service.apiUri(), Optional.empty(), new SystemClock());
        List<byte[]> bytes = new ArrayList<>();
        for (String record : records) {
            bytes.add(record.getBytes(StandardCharsets.UTF_8));
        }
        for (FirehoseClient.Entry entry : client.putRecordBatch(stream, bytes)) {
            if (!entry.accepted()) {
                throw new IllegalStateException(entry.toString());
            }
        }
    }

    private static void flush(Service service, String stream) {
        HttpClient.newHttpClient()
                .sendAsync(
                        HttpRequest.newBuilder(
                                        service.adminUri().resolve("/streams/" + stream + "/flush"))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static void ask(Service service, String what, String body) throws Exception {
        HttpResponse<String> answer =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(
                                                service.adminUri().resolve("/streams/" + what))
                                        .header("Content-Type", "application/json")
                                        .POST(HttpRequest.BodyPublishers.ofString(body))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
        boolean done =
                new ObjectMapper()
                                .readTree(answer.body())
                                .path("objects")
                                .findValuesAsText("outcome")
                                .stream()
                                .anyMatch(o -> o.equals("redirected") || o.equals("errorOutput"));
        if (!done) {
            throw new IllegalStateException(answer.body());
        }
    }

    // --- what is there ---

    private String home(String stream) throws IOException {
        try (Stream<Path> streams = Files.list(folder.resolve("data/streams"))) {
            return streams.map(home -> home.getFileName().toString())
                    .filter(home -> home.startsWith(stream + "~"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private LanePlan plan(String stream) throws IOException {
        Path lane = folder.resolve("data/streams").resolve(home(stream)).resolve("lanes/main-1");
        return LaneStateInspection.of(lane, new FileDisk()).plan();
    }

    private void await(String stream, Predicate<LanePlan> what) {
        Awaitility.await().ignoreExceptions().until(() -> what.test(plan(stream)));
    }

    private ObjectRecord object(String stream, String keyHas) throws IOException {
        return plan(stream).oldestRange().objects().stream()
                .filter(object -> object.name().key().contains(keyHas))
                .findFirst()
                .orElseThrow();
    }

    private void pack() throws IOException {
        Files.createDirectories(MADE.getParent());
        try (OutputStream out = Files.newOutputStream(MADE);
                ZipOutputStream zip = new ZipOutputStream(out);
                Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
    }

    /** Takes only what is put below {@code landed}. */
    private final class Hands implements Intervention {
        @Override
        public World world(World real) {
            world.set(real);
            return real;
        }

        @Override
        public ObjectStore store(ObjectStore real) {
            return new ForwardingStore(real) {
                @Override
                public CompletionStage<Landing> land(
                        StagedContent content,
                        ObjectName name,
                        ObjectAttributes attributes,
                        UploadListener uploads) {
                    return name.key().contains("k=landed/")
                            ? super.land(content, name, attributes, uploads)
                            : completedFuture(
                                    new Landing.Denied(
                                            "AccessDenied", "you may not put it", "Allow it."));
                }
            };
        }
    }
}

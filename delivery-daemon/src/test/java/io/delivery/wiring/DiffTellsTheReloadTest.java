package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LoadedConfig;
import io.delivery.stream.StreamPhase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What {@code delivery diff} says of random configurations, and what SIGHUP then does. */
class DiffTellsTheReloadTest {
    private static final long SEED = 15;
    private static final int CONFIGURATIONS = 25;

    @TempDir private Path folder;

    private final Random random = new Random(SEED);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger("io.delivery");
    private Level level;

    @BeforeEach
    void listen() throws IOException {
        level = log.getLevel();
        log.setLevel(Level.INFO);
        log.setAdditive(false); // nobody reads these lines on the console
        lines.start();
        log.addAppender(lines);
        for (String tables : List.of("tables", "others")) {
            Path database = Files.createDirectories(folder.resolve(tables).resolve("db"));
            Files.writeString(
                    database.resolve("t.yaml"), "columns:\n  - {name: a, type: string}\n");
        }
    }

    @AfterEach
    void listenNoMore() {
        log.detachAppender(lines);
        log.setAdditive(true);
        log.setLevel(level);
    }

    private boolean chance(double share) {
        return random.nextDouble() < share;
    }

    private String one(String... of) {
        return of[random.nextInt(of.length)];
    }

    /** The first one is right, whatever the others are. */
    private String next(boolean first) throws IOException {
        Files.writeString(folder.resolve("place"), one("here/", "there/"));
        StringBuilder text = new StringBuilder();
        text.append("server: {api: 127.0.0.1:0, admin: 127.0.0.1:0, shutdown: {land: false}");
        text.append(", reloadOnChange: false}\n");
        text.append("dataDir: data\n");
        text.append("limits: {memory: %s}\n".formatted(!first && chance(0.08) ? "256MB" : "128MB"));
        text.append(
                "stores: {lake: {directory: lake, default: %s}".formatted(first || chance(0.9)));
        boolean sea = first || chance(0.7);
        text.append(sea ? ", sea: {directory: %s}".formatted(one("sea", "ocean")) : "");
        text.append("}\n");
        text.append("catalogs: {main: {file: %s}}\n".formatted(one("tables", "others")));
        text.append(chance(0.3) ? "quotas: [{match: '*', records: 1000/s}]\n" : "");
        text.append(
                !first && chance(0.2)
                        ? "buckets: [{match: made, store: %s}]\n".formatted(one("lake", "sea"))
                        : "");
        text.append("streams:\n");
        for (String name : List.of("s1", "s2", "s3", "s4")) {
            if (chance(0.7)) {
                text.append("  " + (!first && chance(0.03) ? name.toUpperCase(Locale.ROOT) : name));
                text.append(": {" + stream(sea || chance(0.1)) + "}\n");
            }
        }
        return text.append("  always: {destination: {store: lake, bucket: always}}\n").toString();
    }

    private String stream(boolean sea) {
        String store = sea ? one("lake", "sea") : "lake";
        String prefix =
                chance(0.5) ? ", prefix: '%s'".formatted(one("a/", "b/", "${file:place}")) : "";
        String backup = chance(0.3) ? ", backup: {store: lake, bucket: raw}" : "";
        return chance(0.3)
                ? "format: {parquet: {}, schema: {table: db.t}}, destination: {store: %s, bucket: rows%s, errorPrefix: errors/}%s"
                        .formatted(
                                store, prefix.isEmpty() ? "" : ", prefix: '${file:place}'", backup)
                : "destination: {store: %s, bucket: %s%s}%s"
                        .formatted(store, one("one", "two"), prefix, backup);
    }

    @Test
    void a_reload_does_what_diff_has_said_of_the_same_file_and_nothing_else() throws Exception {
        Path path = Files.writeString(folder.resolve("delivery.yaml"), next(true));
        ConfigFile file = new ConfigFile(new ConfigLoader(Map.of(), Programs.OURS), path);
        LoadedConfig loaded = file.read();
        int refused = 0;
        int made = 0;
        try (Service service = Service.start(loaded, file.kept(loaded))) {
            ConfigReload reload = service.follow(file, loaded);
            ServiceReloadTest.create(service, "made");
            for (int i = 0; i < CONFIGURATIONS; i++) {
                String text = Files.readString(Files.writeString(path, next(false)));
                String which = "seed %d, configuration %d:%n%s".formatted(SEED, i, text);
                // Whether a name differs only by case from one that drains is a matter of time.
                await().atMost(Duration.ofSeconds(30)).until(() -> nothingDrains(service));
                JsonNode said = diff(service, path);
                synchronized (lines) {
                    lines.list.clear();
                }

                reload.hangUp();
                await().atMost(Duration.ofSeconds(30)).until(() -> !told("SIGHUP: ").isEmpty());

                List<String> changed = told("configuration changed: ");
                List<String> refusals = told("SIGHUP: configuration refused");
                if (isRefused(said)) {
                    refused++;
                    assertThat(refusals).as(which).isNotEmpty();
                    assertThat(changed).as(which).isEmpty();
                    assertThat(refusals)
                            .as(which)
                            .allMatch(
                                    line ->
                                            line.contains("only a restart changes it")
                                                    || refusals(said).stream()
                                                            .anyMatch(line::endsWith));
                } else {
                    made++;
                    assertThat(refusals).as(which).isEmpty();
                    assertThat(changed)
                            .as(which)
                            .containsExactlyInAnyOrderElementsOf(changes(said));
                    assertThat(changes(diff(service, path))).as(which).isEmpty();
                }
            }
        }
        assertThat(refused).isGreaterThan(CONFIGURATIONS / 10);
        assertThat(made).isGreaterThan(CONFIGURATIONS / 3);
    }

    private static boolean nothingDrains(Service service) {
        return service.status().stream().noneMatch(s -> s.phase() == StreamPhase.DRAINING);
    }

    private static JsonNode diff(Service service, Path path) throws IOException {
        ProgramRun run =
                ProgramRun.of(
                        Map.of(),
                        "diff",
                        "--json",
                        "--admin",
                        service.adminUri().toString(),
                        path.toString());
        JsonNode said = new ObjectMapper().readTree(run.out());
        assertThat(said.has("changes")).as(run.out() + run.err()).isTrue();
        return said;
    }

    private static boolean isRefused(JsonNode said) {
        return !said.path("refusals").isEmpty()
                || rows(said).stream()
                        .anyMatch(row -> row.path("change").asText().equals("needsRestart"));
    }

    private static List<String> refusals(JsonNode said) {
        List<String> refusals = new ArrayList<>();
        said.path("refusals").forEach(refusal -> refusals.add(refusal.asText()));
        return refusals;
    }

    private static List<JsonNode> rows(JsonNode said) {
        return StreamSupport.stream(said.path("changes").spliterator(), false).toList();
    }

    /** The lines of the log that these rows announce. */
    private static List<String> changes(JsonNode said) {
        return rows(said).stream()
                .filter(row -> !row.path("change").asText().equals("nothing"))
                .map(DiffTellsTheReloadTest::line)
                .toList();
    }

    private static String line(JsonNode row) {
        String part = row.path("part").asText();
        String change = row.path("change").asText();
        String kind =
                part.equals("stream") && change.equals("added")
                        ? "OPENED"
                        : change.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
        return "configuration changed: %s=%s change=%s"
                .formatted(part, row.path("name").asText(), kind);
    }

    private List<String> told(String begin) {
        synchronized (lines) { // who appends holds this lock
            return lines.list.stream()
                    .map(ILoggingEvent::getFormattedMessage)
                    .filter(line -> line.startsWith(begin))
                    .toList();
        }
    }
}

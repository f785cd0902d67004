package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneStateInspection;
import io.delivery.lane.Books;
import io.delivery.lane.LaneStatus;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LoadedConfig;
import io.delivery.machine.FileDisk;
import io.delivery.stream.StreamStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The present program with a data directory whose lane states have the records by which objects get
 * another place, are skipped, or have landed before their range commits. What is in it, and how it
 * was made, is told beside it: {@code left-with-ways-out/README.md} among the resources.
 */
class LeftWithWaysOutTest {
    static final String CONFIGURATION =
            """
            server: {api: 127.0.0.1:0, admin: 127.0.0.1:0, shutdown: {land: false}}
            dataDir: data
            limits: {memory: 128MB, disk: 4GB}
            stores: {lake: {directory: lake, createBuckets: true}}
            streams:
              moved:
                buffer: {size: 5MB, interval: 900s}
                format: {raw: {delimiter: lines}}
                destination: {bucket: closed, prefix: p/}
              given:
                partitioning: {query: '{k: .k}'}
                buffer: {size: 1MB, interval: 900s, lowLatency: true}
                format: {raw: {delimiter: lines}}
                destination:
                  bucket: given
                  prefix: k=!{partitionKeyFromQuery:k}/
                  errorPrefix: errors/
              seen:
                partitioning: {query: '{k: .k}'}
                buffer: {size: 1MB, interval: 900s, lowLatency: true}
                format: {raw: {delimiter: lines}}
                destination:
                  bucket: seen
                  prefix: k=!{partitionKeyFromQuery:k}/
                  errorPrefix: errors/
            """;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Only looked at. */
    @TempDir private static Path found;

    /** Recovered once, by a start of the present program that landed everything. */
    @TempDir private static Path folder;

    private static final List<String> BOOKS = new ArrayList<>();

    @BeforeAll
    static void recover() throws Exception {
        unpack(found);
        unpack(folder);
        Path config = folder.resolve("delivery.yaml");
        ConfigLoader loader = new ConfigLoader(Map.of(), Programs.OURS);
        LoadedConfig loaded = loader.load(config);
        InForce.KeptDefinitions kept =
                stream ->
                        loader.loadStream(
                                stream.name(), stream.document(), config, loaded.config());
        try (Service service = Service.start(loaded, kept)) {
            service.flush().get(60, TimeUnit.SECONDS);
            for (StreamStatus stream : service.status()) {
                for (LaneStatus lane : stream.lanes()) {
                    BOOKS.add(told(stream.name(), lane.books()));
                }
            }
        }
    }

    private static String told(String stream, Books books) {
        return "%s landed %d error output %d %s"
                .formatted(
                        stream,
                        books.landed(),
                        books.errorOutput(),
                        books.balanced() && books.settled() ? "settled" : books);
    }

    private static void unpack(Path to) throws IOException {
        try (ZipInputStream zip =
                new ZipInputStream(
                        LeftWithWaysOutTest.class.getResourceAsStream(
                                "/left-with-ways-out/left.zip"))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = to.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
    }

    private static LaneStateInspection lane(String stream) throws IOException {
        try (Stream<Path> streams = Files.list(found.resolve("data/streams"))) {
            Path home =
                    streams.filter(path -> path.getFileName().toString().startsWith(stream + "~"))
                            .findFirst()
                            .orElseThrow();
            return LaneStateInspection.of(home.resolve("lanes/main-1"), new FileDisk());
        }
    }

    /** The object whose key has this in it. */
    private static ObjectRecord object(RangePlan range, String keyHas) {
        return range.objects().stream()
                .filter(object -> object.name().key().contains(keyHas))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void what_was_left_has_each_of_these_records() throws IOException {
        RangePlan moved = lane("moved").plan().oldestSealed();
        assertThat(moved.objects())
                .singleElement()
                .satisfies(object -> assertThat(object.name().bucket()).isEqualTo("moved"));
        assertThat(moved.abandoned())
                .extracting(object -> object.name().bucket())
                .containsExactly("closed", "closed-too");
        RangePlan given = lane("given").plan().openRange();
        assertThat(given.skipOf(object(given, "k=bad/")).orElseThrow().code())
                .isEqualTo("Delivery.Skipped");
        assertThat(given.undecided(object(given, "k=good/"))).isTrue();
        RangePlan seen = lane("seen").plan().openRange();
        assertThat(seen.hasLanded(object(seen, "k=landed/"))).isTrue();
        assertThat(seen.undecided(object(seen, "k=denied/"))).isTrue();
        for (String stream : List.of("moved", "given", "seen")) {
            assertThat(lane(stream).owner().orElseThrow().marked()).isTrue();
        }
    }

    @Test
    void the_books_of_all_lanes_balance_when_it_has_landed() {
        assertThat(BOOKS)
                .containsExactlyInAnyOrder(
                        "moved landed 3 error output 0 settled",
                        "given landed 3 error output 2 settled",
                        "seen landed 4 error output 0 settled");
    }

    @Test
    void a_redirected_object_lands_where_it_was_led_last_and_nowhere_else() throws IOException {
        assertThat(lines("moved/again/p")).containsExactly("one", "two");
        assertThat(lines("closed")).containsExactly("three");
        assertThat(folder.resolve("lake/closed-too")).doesNotExist();
    }

    @Test
    void the_records_of_a_skipped_object_are_in_the_error_output_with_the_reason()
            throws IOException {
        List<String> numbers = new ArrayList<>();
        for (String line : lines("given/errors")) {
            JsonNode error = JSON.readTree(line);
            assertThat(error.path("errorCode").asText()).isEqualTo("Delivery.Skipped");
            byte[] raw = Base64.getDecoder().decode(error.path("rawData").asText());
            numbers.add(number(new String(raw, StandardCharsets.UTF_8)));
        }
        assertThat(numbers).containsExactlyInAnyOrder("1", "2");
        assertThat(numbers("given/k=good")).containsExactly("3", "4");
        assertThat(numbers("given/k=small")).containsExactly("5");
        assertThat(folder.resolve("lake/given/k=bad")).doesNotExist();
    }

    @Test
    void an_object_that_had_landed_is_there_once_and_nothing_is_asked_of_its_bytes()
            throws IOException {
        assertThat(numbers("seen/k=landed")).containsExactly("1", "2");
        assertThat(numbers("seen/k=denied")).containsExactly("3", "4");
    }

    @Test
    void verify_finds_nothing_wrong_before_and_after() {
        for (Path where : List.of(found, folder)) {
            ProgramRun verified =
                    ProgramRun.of(
                            Map.of(), "verify", "-c", where.resolve("delivery.yaml").toString());

            assertThat(verified.exitCode()).as(verified.out() + verified.err()).isZero();
        }
    }

    // --- what is in the lake ---

    private static List<String> lines(String place) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder.resolve("lake").resolve(place))) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    private static List<String> numbers(String place) throws IOException {
        List<String> numbers = new ArrayList<>();
        for (String line : lines(place)) {
            numbers.add(number(line));
        }
        return numbers;
    }

    private static String number(String record) throws IOException {
        return JSON.readTree(record).path("n").asText();
    }
}

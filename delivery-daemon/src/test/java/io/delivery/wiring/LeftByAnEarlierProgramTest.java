package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LoadedConfig;
import io.delivery.parquet.ParquetTable;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The present program with what an earlier one left behind when it was killed. What that is, and
 * how it was made, is told beside it: {@code left-by-0.1.0/README.md} among the resources.
 */
class LeftByAnEarlierProgramTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of one lane, when everything had landed. */
    private record Books(boolean balanced, boolean settled, long damaged) {}

    /** Only looked at. */
    @TempDir private static Path found;

    /** Recovered once, by a start of the present program that landed everything. */
    @TempDir private static Path folder;

    private static final List<Books> BOOKS = new ArrayList<>();
    private static String metrics;

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
            service.status().stream()
                    .flatMap(stream -> stream.lanes().stream().map(lane -> lane.books()))
                    .map(b -> new Books(b.balanced(), b.settled(), b.damaged()))
                    .forEach(BOOKS::add);
            metrics =
                    HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(service.adminUri().resolve("/metrics"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body();
        }
    }

    private static void unpack(Path to) throws IOException {
        try (ZipInputStream zip =
                new ZipInputStream(
                        LeftByAnEarlierProgramTest.class.getResourceAsStream(
                                "/left-by-0.1.0/left.zip"))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = to.resolve(entry.getName());
                Files.createDirectories(entry.isDirectory() ? file : file.getParent());
                if (!entry.isDirectory()) {
                    Files.copy(zip, file);
                }
            }
        }
    }

    @Test
    void every_record_that_was_accepted_ends_in_one_place_and_the_books_balance() throws Exception {
        assertThat(parts("orders")).containsExactlyInAnyOrderElementsOf(split(accepted("orders")));
        assertThat(lines("orders-backup")).containsExactlyInAnyOrderElementsOf(backedUp("orders"));
        assertThat(clicks()).containsExactlyInAnyOrderElementsOf(idsOfClicks());
        assertThat(lines("notes")).containsExactlyInAnyOrderElementsOf(accepted("notes"));
        assertThat(lines("notes-backup")).containsExactlyInAnyOrderElementsOf(backedUp("notes"));
        assertThat(BOOKS)
                .hasSizeGreaterThanOrEqualTo(4)
                .allMatch(books -> books.balanced() && books.settled());
    }

    @Test
    void every_key_that_was_recorded_holds_the_bytes_that_were_recorded_and_no_void_one_is_used()
            throws Exception {
        assertThat(inTheLake()).containsAll(Files.readAllLines(folder.resolve("recorded")));
        List<String> voided = Files.readAllLines(folder.resolve("void"));
        assertThat(voided).hasSize(1);
        assertThat(folder.resolve("lake").resolve(voided.get(0).split(" ")[0])).doesNotExist();
    }

    @Test
    void the_damage_that_no_program_had_met_is_told_and_counted() throws Exception {
        assertThat(Files.readAllLines(folder.resolve("lost/clicks"))).hasSize(6);
        assertThat(BOOKS)
                .extracting(Books::damaged)
                .filteredOn(count -> count > 0)
                .containsExactly(6L);
        assertThat(metrics)
                .containsPattern(
                        "delivery_damaged_records_total\\{[^}]*stream=\"clicks\"[^}]*} 3(\\.0)?\n");
        try (Stream<Path> copies = Files.list(home("clicks").resolve("damaged"))) {
            assertThat(copies).hasSize(2);
        }
    }

    @Test
    void what_was_recovered_is_as_it_was_recorded_but_for_the_damage() throws Exception {
        ProgramRun verified = verify(folder, "--read");

        // The journal's newest segment stays, and the damaged frame in it.
        assertThat(verified.exitCode()).as(verified.out() + verified.err()).isEqualTo(1);
        assertThat(verified.out())
                .contains(
                        "clicks\n  main-1: accepted 40 + split 0 = landed 28 + dropped 0 + error"
                                + " output 6 + damaged 6 + buffered 0",
                        "notes\n  backup-1: accepted 4",
                        "  main-1: accepted 16 + split 0 = landed 16",
                        "orders\n  backup-1: accepted 18 + split 0 = landed 18",
                        "  main-1: accepted 38 + split 3 = landed 35 + dropped 0 + error output 6",
                        "from the first record on")
                .endsWith("NOT as it was recorded: 1 damaged\n");
    }

    @Test
    void inspection_tells_every_state_of_a_range_and_the_damage() throws Exception {
        ProgramRun inspected =
                ProgramRun.of(
                        Map.of(),
                        "journal",
                        "inspect",
                        "--data-dir",
                        found.resolve("data").toString());

        assertThat(inspected.exitCode()).as(inspected.err()).isEqualTo(1);
        assertThat(inspected.out())
                .contains(
                        "sequences 28 to 30 lost: a payload that does not fit its checksum",
                        "lane main-1: checkpoint 25, 6 objects committed",
                        "sealed by flush, sequences 9 to 17: 3 objects, not committed",
                        "the store's answer is in doubt, it is read back",
                        "processing-failed lake: orders/errors/",
                        "open from sequence 18: 1 object, not committed",
                        "1 void, damaged or skipped",
                        "torn tail of",
                        "lane backup-1: checkpoint 4",
                        "1 of 3 streams DAMAGED")
                .doesNotContain("cannot be understood");
    }

    @Test
    void verify_finds_nothing_but_the_damaged_frame() throws Exception {
        ProgramRun verified = verify(found);

        assertThat(verified.exitCode()).as(verified.out() + verified.err()).isEqualTo(1);
        assertThat(verified.out())
                .contains("damaged clicks, journal/", "sequences 28 to 30")
                .endsWith("NOT as it was recorded: 1 damaged\n");
    }

    private static ProgramRun verify(Path where, String... options) {
        String config = where.resolve("delivery.yaml").toString();
        return ProgramRun.of(
                Map.of(),
                Stream.concat(Stream.of("verify", "-c", config), Stream.of(options))
                        .toArray(String[]::new));
    }

    // --- what was accepted ---

    private static List<String> accepted(String stream) throws IOException {
        return Files.readAllLines(folder.resolve("accepted").resolve(stream));
    }

    private static List<String> backedUp(String stream) throws IOException {
        return accepted(stream + "-backup");
    }

    private static List<String> split(List<String> records) {
        return records.stream()
                .flatMap(record -> Stream.of(record.split("(?<=})(?=\\{)")))
                .toList();
    }

    private static List<String> idsOfClicks() throws IOException {
        List<String> records = new ArrayList<>(accepted("clicks"));
        records.removeAll(Files.readAllLines(folder.resolve("lost/clicks")));
        List<String> ids = new ArrayList<>();
        for (String record : records) {
            ids.add(JSON.readTree(record).path("id").asText());
        }
        return ids;
    }

    // --- what is in the lake ---

    private static Path home(String stream) throws IOException {
        try (Stream<Path> streams = Files.list(folder.resolve("data/streams"))) {
            return streams.filter(home -> home.getFileName().toString().startsWith(stream + "~"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static List<String> inTheLake() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, Path> object : objects("").entrySet()) {
            byte[] bytes = Files.readAllBytes(object.getValue());
            CRC32 crc = new CRC32();
            crc.update(bytes);
            lines.add("%s %d %08x".formatted(object.getKey(), bytes.length, crc.getValue()));
        }
        return lines;
    }

    /** By bucket and key. */
    private static Map<String, Path> objects(String bucket) throws IOException {
        Path lake = folder.resolve("lake");
        Map<String, Path> objects = new TreeMap<>();
        try (Stream<Path> files = Files.walk(lake.resolve(bucket))) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> objects.put(lake.relativize(file).toString(), file));
        }
        return objects;
    }

    private static List<String> lines(String bucket) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path object : objects(bucket).values()) {
            lines.addAll(Files.readAllLines(object));
        }
        return lines;
    }

    /** Those of the error output as they were when they failed. */
    private static List<String> parts(String bucket) throws IOException {
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, Path> object : objects(bucket).entrySet()) {
            if (object.getKey().contains("/errors/")) {
                parts.addAll(failed(object.getValue()));
            } else {
                try (InputStream bytes =
                        new GZIPInputStream(Files.newInputStream(object.getValue()))) {
                    new String(bytes.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .forEach(parts::add);
                }
            }
        }
        return parts;
    }

    private static List<String> failed(Path errorObject) throws IOException {
        List<String> failed = new ArrayList<>();
        for (String line : Files.readAllLines(errorObject)) {
            JsonNode rawData = JSON.readTree(line).path("rawData");
            byte[] bytes = Base64.getDecoder().decode(rawData.asText());
            failed.add(new String(bytes, StandardCharsets.UTF_8));
        }
        return failed;
    }

    private static List<String> clicks() throws IOException {
        List<String> ids = new ArrayList<>();
        for (Map.Entry<String, Path> object : objects("clicks").entrySet()) {
            if (object.getKey().contains("/errors/")) {
                for (String failed : failed(object.getValue())) {
                    ids.add(JSON.readTree(failed).path("id").asText());
                }
            } else {
                try (ParquetTable table = ParquetTable.open(object.getValue())) {
                    table.firstRows(Integer.MAX_VALUE, List.of("id"))
                            .forEach(row -> ids.add(row.get(0)));
                }
            }
        }
        return ids;
    }
}

package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.api.http.FirehoseClient;
import io.delivery.cli.ExitCodes;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LoadedConfig;
import io.delivery.machine.SystemClock;
import io.delivery.proof.DuckDb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small inputs that failed once, each a folder with a configuration {@code c.yaml} and records, or
 * with a script {@code sig.py} that makes calls itself. They are kept beside the checkout, in a
 * folder that {@code -Ddelivery.cases=FOLDER} or the variable {@code DELIVERY_CASES} names; what is
 * right for each of them stands here. A case that is not known here fails.
 */
class SharedCasesTest {
    private static final Path BESIDE_THE_CHECKOUT = Path.of("../../shared/cases");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What is right, by the name of the folder. */
    private static final Map<String, Expectation> EXPECTATIONS =
            Map.ofEntries(
                    Map.entry("01-header-values", SharedCasesTest::everyCallIsAnswered200),
                    Map.entry("08-leading-slash", SharedCasesTest::checkRefuses),
                    Map.entry("14-gsub-anchor", lands("b/a/b/", 0)),
                    Map.entry("16-map-values-select", lands("b/k=b/", 0)),
                    Map.entry(
                            "17-base64d-padding",
                            run -> {
                                lands("b/k=ab/", 0).holds(run);
                                lands("b/k=abc/", 1).holds(run);
                            }),
                    Map.entry("24-loose-numbers", lands("b/k=v/", 0, 1, 2, 3, 4)),
                    Map.entry("25-long-member-name", lands("b/k=v/", 0)),
                    Map.entry("30-dots-both", rows("id, a_b", "1|2")),
                    Map.entry("32-days-that-are-not", SharedCasesTest::nothingConverts),
                    Map.entry(
                            "33-joda-offsets",
                            rows(
                                    "id, ts::timestamp",
                                    "Z+colon|2017-02-07 14:13:01.0",
                                    "hours|2017-02-07 20:13:01.0",
                                    "plain|2017-02-07 14:13:01.0")),
                    Map.entry(
                            "34-struct-names",
                            rows("st['service.name'], st['first name']", "a|null")));

    @TempDir Path scratch;

    /** Says what is wrong by throwing. */
    private interface Expectation {
        void holds(Case run) throws Exception;
    }

    @TestFactory
    Stream<DynamicTest> every_case_is_right() throws IOException {
        Path cases = folder();
        if (!Files.isDirectory(cases)) {
            return Stream.of(
                    dynamicTest(
                            "no cases",
                            () ->
                                    abort(
                                            "there is no folder %s: name one with -Ddelivery.cases=FOLDER"
                                                    .formatted(cases))));
        }
        try (Stream<Path> folders = Files.list(cases)) {
            return folders
                    .filter(folder -> Files.exists(folder.resolve("c.yaml")))
                    .sorted()
                    .map(folder -> dynamicTest(name(folder), () -> check(folder)))
                    .toList()
                    .stream();
        }
    }

    private static Path folder() {
        String named = System.getProperty("delivery.cases", System.getenv().get("DELIVERY_CASES"));
        return named == null ? BESIDE_THE_CHECKOUT : Path.of(named);
    }

    private static String name(Path folder) {
        return folder.getFileName().toString();
    }

    private void check(Path folder) throws Exception {
        Expectation expectation = EXPECTATIONS.get(name(folder));
        // The folder is not part of the project: a case that is new there breaks no build.
        assumeTrue(
                expectation != null,
                () -> "this class does not say yet what is right for " + name(folder));
        expectation.holds(new Case(copied(folder)));
    }

    private Path copied(Path folder) throws IOException {
        Path to = scratch.resolve(name(folder));
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path copy = to.resolve(folder.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.write(copy, Files.readAllBytes(file));
                }
            }
        }
        return to;
    }

    // --- what is right ---

    /** The records with these numbers, and nothing else, are in the one object under a prefix. */
    private static Expectation lands(String prefix, int... numbers) {
        return run -> {
            List<String> records = run.records();
            String wanted = String.join("", IntStream.of(numbers).mapToObj(records::get).toList());
            assertThat(run.landed(prefix)).map(Files::readString).containsExactly(wanted);
            assertThat(run.landed("b/err/")).isEmpty();
        };
    }

    /** What another reader finds in the Parquet files; nothing went to the error output. */
    private static Expectation rows(String columns, String... rows) {
        return run -> {
            assertThat(run.landed("b/err/")).isEmpty();
            assertThat(run.landed("b/p/")).isNotEmpty();
            try (DuckDb reader = new DuckDb()) {
                assertThat(
                                reader.rows(
                                        "select %s from read_parquet('%s/**/*.parquet')"
                                                .formatted(columns, run.lake().resolve("b/p"))))
                        .containsExactlyInAnyOrder(rows);
            }
        };
    }

    /** All of its records are in the error output, their bytes unchanged. */
    private static void nothingConverts(Case run) throws Exception {
        assertThat(run.landed("b/p/")).isEmpty();
        List<String> kept = new ArrayList<>();
        for (Path file : run.landed("b/err/format-conversion-failed/")) {
            for (String line : Files.readAllLines(file)) {
                JsonNode failure = JSON.readTree(line);
                byte[] raw = Base64.getDecoder().decode(failure.path("rawData").asText());
                kept.add(new String(raw, StandardCharsets.UTF_8));
            }
        }
        assertThat(kept).containsExactlyInAnyOrderElementsOf(run.records());
    }

    private static void checkRefuses(Case run) {
        assertThat(run.check().exitCode()).isEqualTo(ExitCodes.FOUND);
    }

    private static void everyCallIsAnswered200(Case run) throws Exception {
        assertThat(run.script("sig.py"))
                .hasSizeGreaterThan(1)
                .allSatisfy(line -> assertThat(line).contains("HTTP/1.1 200 "));
    }

    // --- one case ---

    /** A case that is started, once, when somebody asks for what landed. */
    private static final class Case {
        private final Path folder;
        private boolean delivered;

        Case(Path folder) throws IOException {
            this.folder = folder;
            Path file = folder.resolve("c.yaml");
            String text = Files.readString(file).replaceAll(":(21310|21311)\\b", ":0");
            boolean limited = text.lines().anyMatch(line -> line.startsWith("limits:"));
            Files.writeString(
                    file, limited ? text : text + "\nlimits: {memory: 64MB, requestBody: 6MB}\n");
        }

        Path lake() {
            return folder.resolve("lake");
        }

        List<String> records() throws IOException {
            return Files.readAllLines(folder.resolve("records.ndjson"));
        }

        ProgramRun check() {
            return ProgramRun.of(Map.of(), "check", folder.resolve("c.yaml").toString());
        }

        private LoadedConfig loaded() throws Exception {
            return new ConfigLoader(Map.of(), Programs.OURS).load(folder.resolve("c.yaml"));
        }

        /** The objects under a prefix, after all records were accepted and flushed. */
        List<Path> landed(String prefix) throws Exception {
            if (!delivered) {
                deliver();
                delivered = true;
            }
            if (!Files.isDirectory(lake().resolve("b"))) {
                return List.of();
            }
            try (Stream<Path> files = Files.walk(lake().resolve("b"))) {
                return files.filter(Files::isRegularFile)
                        .filter(file -> lake().relativize(file).toString().startsWith(prefix))
                        .toList();
            }
        }

        private void deliver() throws Exception {
            assertThat(check().exitCode()).as(check().out()).isEqualTo(ExitCodes.DONE);
            try (Service service = Service.start(loaded())) {
                FirehoseClient producer =
                        new FirehoseClient(service.apiUri(), Optional.empty(), new SystemClock());
                List<byte[]> records =
                        records().stream()
                                .map(record -> record.getBytes(StandardCharsets.UTF_8))
                                .toList();
                assertThat(producer.putRecordBatch("s", records))
                        .allMatch(FirehoseClient.Entry::accepted);
                service.flush().get(60, TimeUnit.SECONDS);
            }
        }

        /** The lines that a script prints which calls the service that runs meanwhile. */
        List<String> script(String name) throws Exception {
            Path script = folder.resolve(name);
            try (Service service = Service.start(loaded())) {
                Files.writeString(
                        script,
                        Files.readString(script)
                                .replace("21310", String.valueOf(service.apiUri().getPort())));
                Process python = python(script);
                String printed =
                        new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(python.waitFor()).as(printed).isZero();
                return printed.lines().toList();
            }
        }

        private static Process python(Path script) {
            try {
                return new ProcessBuilder("python3", script.toString())
                        .redirectErrorStream(true)
                        .start();
            } catch (IOException notThere) {
                return abort("python3 is needed: " + notThere.getMessage());
            }
        }
    }
}

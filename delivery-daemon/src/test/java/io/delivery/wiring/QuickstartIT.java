package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.testkit.servers.Conformance;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** As a newcomer uses it: a process of its own, and the very commands that it prints. */
@Execution(ExecutionMode.CONCURRENT)
class QuickstartIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90); // what the README promises
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;
    private Path output;
    private Process quickstart;

    /** What the distribution's launcher tells newer JDKs, which warn of native code otherwise. */
    private static final String NATIVE_ACCESS =
            Runtime.version().feature() >= 24
                    ? "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
                    : "";

    /** As the proofs start the program: a compiler for long runs would only cost. */
    private static final String STARTS_FAST =
            "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto";

    /** A launcher as the distribution has one, for the class path of this test. */
    @BeforeEach
    void install() throws IOException {
        Path program = folder.resolve("home/bin/delivery");
        Files.createDirectories(program.getParent());
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ClassArchive archive = ClassArchive.ofThisBuild();
        Files.writeString(
                program,
                "#!/bin/sh\nexec '%s' -Xmx512m %s %s %s -Ddelivery.home='%s' -cp '%s' %s \"$@\"%n"
                        .formatted(
                                java,
                                STARTS_FAST,
                                NATIVE_ACCESS,
                                archive.options().stream()
                                        .map("'%s'"::formatted)
                                        .collect(Collectors.joining(" ")),
                                folder.resolve("home"),
                                archive.classPath(),
                                Main.class.getName()));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        output = folder.resolve("output.txt");
    }

    @AfterEach
    void stop() {
        if (quickstart != null) {
            quickstart.destroyForcibly();
        }
    }

    @Test
    void every_record_is_in_exactly_one_place_and_it_prints_what_people_want_to_see()
            throws Exception {
        int exitCode = run("--exit", "--dir", folder.resolve("work").toString());

        assertThat(exitCode).as(text()).isZero();
        everyRecordIsInExactlyOnePlace();
        itPrintsWhatPeopleWantToSee();
    }

    private void everyRecordIsInExactlyOnePlace() throws Exception {
        Path lake = folder.resolve("work/lake");
        List<JsonNode> sent = events();
        assertThat(recordNumbers(lake))
                .containsExactlyElementsOf(
                        sent.stream().map(e -> e.path("RecordNumber").asLong()).sorted().toList());
        assertThat(rowsBySource(lake)).isEqualTo(eventsBySource(sent));
        assertThat(errorLines(lake)).hasSize(3);
        assertThat(
                        count(
                                "read_csv('%s/events-backup/source/**/*.gz', sep='\\x00',"
                                        + " header=false, quote='', escape='', columns={'line': 'VARCHAR'})",
                                lake))
                .isEqualTo(sent.size() + 3);
    }

    private void itPrintsWhatPeopleWantToSee() throws IOException {
        assertThat(text())
                .contains(folder.resolve("work/delivery.yaml").toString())
                .contains("1 MB or 5 s", "low latency", "jq: {source: (.SourceName")
                .contains("1,868 records accepted")
                .containsPattern(
                        "events/source=Security-Auditing/day=2020-10-09/ +\\d objects? +397 rows")
                .contains(
                        "events/errors/format-conversion-failed/",
                        "events/errors/processing-failed/")
                .containsPattern("event_time +event_id +hostname +category")
                .contains("DataFormatConversion.MalformedData", "\"EventID\":\"eleven\"")
                .contains("DynamicPartitioning.MetadataExtractionFailed", "the record is not JSON")
                .contains("partitionKeys values must not be null or empty")
                .contains("landed 1,865 + dropped 0 + error output 3", "balanced")
                .contains("1,865 rows, 3 error records, 1,868 backup lines: as in the books")
                .doesNotContain("NOT", "WARN", "ERROR", "Exception", "\r", "\u001b");
    }

    @Test
    void the_printed_commands_send_a_record_while_it_stays_up() throws Exception {
        start("--dir", folder.resolve("work").toString());
        await().atMost(PATIENCE).until(() -> text().contains("It stays up"));
        List<String> commands = commands();

        assertThat(shell(commands.get(0))).isZero();
        await().atMost(PATIENCE)
                .until(() -> text().contains("landed: events/source=Hello/day=2026-01-31/"));
        quickstart.destroy(); // SIGTERM
        assertThat(quickstart.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        assertThat(quickstart.exitValue()).isZero();
        assertThat(text()).contains("Run it again: ");
        assertThat(count("read_parquet('%s/events/source=Hello/**')", folder.resolve("work/lake")))
                .isEqualTo(1);
    }

    @Test
    void the_printed_command_of_the_aws_cli_is_right_too() throws Exception {
        Conformance.assumeWanted();
        assumeTrue(shell("command -v aws") == 0, "no AWS CLI on the PATH");
        start("--dir", folder.resolve("work").toString());
        await().atMost(PATIENCE).until(() -> text().contains("It stays up"));
        List<String> commands = commands();

        assertThat(shell(commands.get(1))).isZero();

        await().atMost(PATIENCE)
                .until(() -> text().contains("landed: events/source=Hello/day=2026-01-31/"));
    }

    @Test
    void a_file_of_ones_own_lands_by_a_guessed_table() throws Exception {
        Path input = folder.resolve("my clicks.ndjson");
        Files.writeString(
                input,
                """
                {"page":"/home","region":"eu","ms":12}
                {"page":"/help","region":"us","ms":7}
                {"page":"/home","region":"eu"
                {"page":"/home","region":"eu","ms":99}
                """);

        int exitCode =
                run(
                        "--exit",
                        "--input",
                        input.toString(),
                        "--dir",
                        folder.resolve("work").toString());

        assertThat(exitCode).as(text()).isZero();
        Path lake = folder.resolve("work/lake");
        assertThat(text()).contains("stream   my-clicks");
        assertThat(
                        count(
                                "read_parquet('%s/events/region=eu/*') where page = '/home' and ms in (12, 99)",
                                lake))
                .isEqualTo(2);
        assertThat(count("read_parquet('%s/events/region=us/*') where ms = 7", lake)).isEqualTo(1);
        assertThat(errorLines(lake)).hasSize(1);
    }

    @Test
    void a_folder_that_is_in_use_is_refused() throws Exception {
        int exitCode = run("--exit", "--dir", folder.toString());

        assertThat(exitCode).isEqualTo(1);
        assertThat(text()).contains("is not empty");
    }

    private int run(String... arguments) throws Exception {
        start(arguments);
        assertThat(quickstart.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(text()).isTrue();
        return quickstart.exitValue();
    }

    private void start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(folder.resolve("home/bin/delivery").toString());
        command.add("quickstart");
        command.addAll(Arrays.asList(arguments));
        quickstart =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
    }

    private String text() throws IOException {
        return Files.exists(output) ? Files.readString(output) : "";
    }

    /** What stands below the heading, each command with its continuation lines. */
    private List<String> commands() throws IOException {
        String below =
                text().split("Send a record of your own[^\n]*\n")[1].split("\n\nIt stays up")[0];
        return List.of(below.split("\n\n"));
    }

    private int shell(String command) throws Exception {
        Process process =
                new ProcessBuilder("sh", "-c", command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("shell.txt").toFile())
                        .start();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static List<JsonNode> events() throws IOException {
        List<JsonNode> events = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(
                                        Main.class.getResourceAsStream(
                                                "/io/delivery/quickstart/windows-events.ndjson.gz")),
                                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                events.add(JSON.readTree(line));
            }
        }
        return events;
    }

    private static Map<String, Long> eventsBySource(List<JsonNode> events) {
        Map<String, Long> count = new TreeMap<>();
        for (JsonNode event : events) {
            String source = event.path("SourceName").asText();
            String key = source.replaceFirst("^Microsoft-Windows-", "").replace(' ', '-');
            count.merge(key, 1L, Long::sum);
        }
        return count;
    }

    private static Map<String, Long> rowsBySource(Path lake) throws Exception {
        Map<String, Long> count = new TreeMap<>();
        query(
                "select source, count(*) from read_parquet('%s/events/source=*/**', hive_partitioning=true) group by 1"
                        .formatted(lake),
                row -> count.put(row.getString(1), row.getLong(2)));
        return count;
    }

    private static List<Long> recordNumbers(Path lake) throws Exception {
        List<Long> numbers = new ArrayList<>();
        query(
                "select record_number from read_parquet('%s/events/source=*/**') order by 1"
                        .formatted(lake),
                row -> numbers.add(row.getLong(1)));
        return numbers;
    }

    private static List<JsonNode> errorLines(Path lake) throws Exception {
        List<JsonNode> lines = new ArrayList<>();
        query(
                "select unnest(string_split(rtrim(content, chr(10)), chr(10))) from read_text('%s/events/errors/**')"
                        .formatted(lake),
                row -> lines.add(json(row.getString(1))));
        return lines;
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }

    private static long count(String from, Path lake) throws Exception {
        long[] count = new long[1];
        query("select count(*) from " + from.formatted(lake), row -> count[0] = row.getLong(1));
        return count[0];
    }

    private interface Row {
        void read(ResultSet row) throws Exception;
    }

    private static void query(String sql, Row reader) throws Exception {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                ResultSet rows = duck.createStatement().executeQuery(sql)) {
            while (rows.next()) {
                reader.read(rows);
            }
        }
    }
}

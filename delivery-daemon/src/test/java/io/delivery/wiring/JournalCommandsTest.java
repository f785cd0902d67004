package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.api.http.FirehoseClient;
import io.delivery.loading.ConfigLoader;
import io.delivery.machine.SystemClock;
import io.delivery.record.Incarnation;
import io.delivery.record.RecordId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** journal inspect and journal export, on what a service left behind. */
class JournalCommandsTest {
    private static final List<String> RECORDS =
            List.of("{\"a\":1}{\"b\":2}", "not json", "{\n \"c\": 3\n}\n", "late");

    /** What a service left: three records landed and not backed up, and a fourth in the journal. */
    @TempDir private static Path left;

    private static final List<String> IDS = new ArrayList<>();

    @TempDir private Path folder;
    private Path data;
    private final ByteArrayOutputStream exported = new ByteArrayOutputStream();

    private record Run(int exitCode, String out, String err) {}

    @BeforeAll
    static void leave() throws Exception {
        Files.writeString(left.resolve("in-the-way"), "a file where a store should be");
        try (Service service = service(left)) {
            put(service, RECORDS.subList(0, 3));
            service.flush();
            await().until(() -> service.status().get(0).lanes().get(0).books().landed() == 4);
            put(service, RECORDS.subList(3, 4));
        }
    }

    private static Service service(Path folder) throws Exception {
        Path config =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        dataDir: data
                        server: {api: '127.0.0.1:0', admin: '127.0.0.1:0', shutdown: {land: false}}
                        limits: {memory: 128MB}
                        stores: {lake: {directory: lake}, away: {directory: in-the-way}}
                        streams:
                          notes:
                            split: json
                            buffer: {size: 5MB, interval: 900s}
                            format: {raw: {delimiter: lines}}
                            destination: {store: lake, bucket: notes}
                            backup: {store: away, bucket: raw, buffer: {size: 5MB, interval: 900s}}
                        """);
        return Service.start(loader().load(config));
    }

    private static ConfigLoader loader() {
        return new ConfigLoader(Map.of(), Programs.OURS);
    }

    private static void put(Service service, List<String> records) throws Exception {
        new FirehoseClient(service.apiUri(), Optional.empty(), new SystemClock())
                .putRecordBatch(
                        "notes",
                        records.stream().map(r -> r.getBytes(StandardCharsets.UTF_8)).toList())
                .forEach(entry -> IDS.add(entry.recordId()));
    }

    @BeforeEach
    void copy() throws IOException {
        try (Stream<Path> all = Files.walk(left)) {
            for (Path one : all.toList()) {
                Path to = folder.resolve(left.relativize(one).toString());
                if (Files.isDirectory(one)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(one, to);
                }
            }
        }
        data = folder.resolve("data");
    }

    @Test
    void a_terminal_gets_bytes_as_they_are_only_on_demand() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteArrayOutputStream screen = new ByteArrayOutputStream();

        Main.journal(loader(), bytes, screen)
                .setErr(new PrintWriter(new StringWriter()))
                .execute(with("export", "notes"));
        assertThat(bytes.size()).isZero();
        assertThat(screen.toString(StandardCharsets.UTF_8).lines()).hasSize(4);
        Main.journal(loader(), bytes, screen)
                .setErr(new PrintWriter(new StringWriter()))
                .execute(with("export", "notes", "--raw"));

        assertThat(bytes.toByteArray()).isEqualTo(screen.toByteArray());
    }

    private Run run(String... arguments) {
        return run(exported, arguments);
    }

    private Run run(OutputStream records, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode =
                Main.journal(loader(), records, records)
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(arguments);
        return new Run(exitCode, out.toString(), err.toString());
    }

    private Run inspect(String... arguments) {
        return run(with("inspect", arguments));
    }

    private Run export(String... arguments) {
        exported.reset();
        return run(with("export", arguments));
    }

    private String[] with(String command, String... arguments) {
        return Stream.concat(
                        Stream.of(command, "--data-dir", data.toString()), Stream.of(arguments))
                .toArray(String[]::new);
    }

    private String exported() {
        return exported.toString(StandardCharsets.UTF_8);
    }

    private Path stream() throws IOException {
        try (Stream<Path> streams = Files.list(data.resolve("streams"))) {
            return streams.findFirst().orElseThrow();
        }
    }

    private Path fileIn(String directory) throws IOException {
        try (Stream<Path> files = Files.list(stream().resolve(directory))) {
            return files.sorted().findFirst().orElseThrow();
        }
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }

    // --- inspect ---

    @Test
    void a_sound_directory_is_told_in_words_and_in_json() throws Exception {
        Run text = inspect();
        JsonNode json = new ObjectMapper().readTree(inspect("--json", "notes").out());

        assertThat(text.exitCode()).as(text.err()).isZero();
        assertThat(text.out())
                .contains("notes  version 1", "sequences 0 to 3", "lane main-1: checkpoint 3")
                .contains("sealed by flush, sequences 0 to 2: 1 object, not committed")
                .contains("backup away: raw/")
                .doesNotContain("DAMAGE");
        assertThat(json.path("damaged").asBoolean(true)).isFalse();
        JsonNode stream = json.path("streams").get(0);
        assertThat(stream.path("journal").path("lastSequence").asLong()).isEqualTo(3);
        assertThat(stream.path("lanes")).hasSize(2);
        JsonNode backup = stream.path("lanes").get(0);
        assertThat(backup.path("name").asText()).isEqualTo("backup-1");
        JsonNode object = backup.path("uncommitted").get(0).path("objects").get(0);
        assertThat(object.path("staged").asText()).isEqualTo("whole");
        assertThat(object.path("records").asLong()).isEqualTo(3);
    }

    @Test
    void neither_command_changes_a_file() throws Exception {
        Map<Path, Object> before = everything();

        inspect();
        inspect("--record=" + IDS.get(0));
        export("notes");

        assertThat(everything()).isEqualTo(before);
    }

    private Map<Path, Object> everything() throws IOException {
        Map<Path, Object> found = new TreeMap<>();
        try (Stream<Path> all = Files.walk(data)) {
            for (Path one : all.toList()) {
                FileTime time = Files.getLastModifiedTime(one);
                found.put(one, List.of(time, Files.isDirectory(one) ? 0 : Files.size(one)));
            }
        }
        return found;
    }

    @Test
    void both_work_beside_the_service_that_owns_the_directory() throws Exception {
        try (Service service = service(folder)) {
            put(service, List.of("beside"));
            // The service is in this process, as nobody's is who looks at it from a command.
            long other = ProcessHandle.current().parent().orElseThrow().pid();
            Files.writeString(data.resolve("lock"), "pid " + other);

            Run text = inspect();
            export("notes", "--from", "4", "--format", "raw");

            assertThat(text.exitCode()).as(text.out()).isZero();
            assertThat(text.out()).contains("in use by pid " + other);
            assertThat(exported()).isEqualTo("beside");
        }
    }

    @Test
    void damage_is_told_with_file_place_and_sequences() throws Exception {
        flip(fileIn("journal"), 64 + 48 + 2);
        flip(fileIn("lanes/backup-1/staging"), 0);
        flip(stream().resolve("lanes/main-1/state"), 100);

        Run text = inspect();

        assertThat(text.exitCode()).isEqualTo(1);
        assertThat(text.out())
                .contains("DAMAGE " + fileIn("journal") + " at byte 64, sequences 0 to 2 lost")
                .contains("DAMAGE " + fileIn("lanes/backup-1/staging") + " at byte 0")
                .contains("DAMAGE " + stream().resolve("lanes/main-1/state") + " at byte ")
                .contains("1 of 1 streams DAMAGED");
        JsonNode json = new ObjectMapper().readTree(inspect("--json").out());
        assertThat(json.path("damaged").asBoolean()).isTrue();
        assertThat(json.path("streams").get(0).path("damage")).hasSize(3);
    }

    @Test
    void a_state_that_lacks_its_last_frames_is_told_to_be_cut_and_not_to_have_bad_bytes()
            throws Exception {
        Path state = stream().resolve("lanes/main-1/state");
        byte[] whole = Files.readAllBytes(state);
        int end = beginOfLastFrame(whole);
        Files.write(state, Arrays.copyOf(whole, end));

        Run text = inspect();

        assertThat(text.exitCode()).isEqualTo(1);
        assertThat(text.out())
                .contains(
                        "    CUT at byte %d: every frame up to there is whole, and what it decided behind them is lost"
                                .formatted(end))
                .contains(
                        "  DAMAGE %s at byte %d: the file ends here, and the file was durable up to byte %d"
                                .formatted(state, end, whole.length));
    }

    @Test
    void a_state_whose_mark_is_gone_is_told_to_be_whole_and_at_no_byte() throws Exception {
        Path mark = stream().resolve("marks/main-1");
        Files.delete(mark);

        Run text = inspect();
        JsonNode json = new ObjectMapper().readTree(inspect("--json").out());

        assertThat(text.exitCode()).isEqualTo(1);
        assertThat(text.out())
                .contains("    NOT CONFIRMED: every frame is whole, and whether there were more is")
                .contains(
                        "  DAMAGE %s: the state cannot be trusted: %s is missing"
                                .formatted(stream().resolve("lanes/main-1/state"), mark))
                .doesNotContain("DAMAGED at byte");
        JsonNode damage = json.path("streams").get(0).path("damage").get(0);
        assertThat(damage.has("offset")).isFalse();
        assertThat(damage.path("reason").asText()).startsWith("the state cannot be trusted");
    }

    /** docs/formats/lane-state.md: a header of 40 bytes, the payload's length at byte 4 of it. */
    private static int beginOfLastFrame(byte[] state) {
        ByteBuffer frames = ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN);
        int last = 0;
        for (int at = 0; at < state.length; at += 40 + frames.getInt(at + 4)) {
            last = at;
        }
        return last;
    }

    @Test
    void a_record_is_followed_to_its_objects() throws Exception {
        Run landed = inspect("--record=" + IDS.get(0));
        Run buffered = inspect("--record=" + IDS.get(3));
        JsonNode json =
                new ObjectMapper().readTree(inspect("--json", "--record=" + IDS.get(0)).out());

        assertThat(landed.exitCode()).as(landed.err()).isZero();
        assertThat(landed.out())
                .contains("stream notes, sequence 0")
                .contains("lane backup-1: decided; not known to have landed")
                .contains("lane main-1: landed", "main lake: notes/", "parts 0, 1, the last");
        assertThat(buffered.exitCode()).isZero();
        assertThat(buffered.out()).contains("lane main-1: in no object yet");
        JsonNode main = json.path("lanes").get(1);
        assertThat(main.path("outcome").asText()).isEqualTo("landed");
        JsonNode object = main.path("objects").get(0);
        assertThat(object.path("parts")).hasSize(2);
        assertThat(object.path("landed").asBoolean()).isTrue();
        assertThat(folder.resolve("lake/notes").resolve(object.path("key").asText())).exists();
    }

    @Test
    void a_record_of_a_damaged_stretch_is_told_so_and_where_it_landed_all_the_same()
            throws Exception {
        flip(fileIn("journal"), 64 + 48 + 2);

        Run text = inspect("--record=" + IDS.get(1));

        assertThat(text.exitCode()).isEqualTo(1);
        assertThat(text.out()).contains("journal: DAMAGED", "lane main-1: landed");
    }

    @Test
    void a_record_whose_commit_left_the_state_is_found_in_the_ledger_or_known_to_be_settled()
            throws Exception {
        try (Service service = service(folder)) {
            put(service, List.of("again")); // the new owner writes the state anew
            service.flush();
            await().until(() -> service.status().get(0).lanes().get(0).books().landed() == 6);
        }

        Run found = inspect("--record=" + IDS.get(1));
        flip(fileIn("lanes/main-1/ledger"), 60);
        Run settled = inspect("--record=" + IDS.get(1));

        assertThat(found.exitCode()).isZero();
        assertThat(found.out()).contains("lane main-1: landed", "main lake: notes/");
        assertThat(settled.exitCode()).isZero();
        assertThat(settled.out()).contains("lane main-1: settled, as every sequence below");
    }

    @Test
    void an_id_that_is_none_or_of_another_stream_or_not_given_yet_is_told() {
        String id = IDS.get(0);
        Incarnation ours = RecordId.decode(id).orElseThrow().incarnation();
        String future = new RecordId(ours, 4).encode();
        String stranger = new RecordId(new Incarnation(1, 2), 0).encode();

        assertThat(inspect("--record=" + id.substring(1)).exitCode()).isEqualTo(2);
        assertThat(inspect("--record=ümläut").err()).contains("not a RecordId");
        assertThat(inspect("--record=").exitCode()).isEqualTo(2);
        assertThat(inspect("--record=" + future).exitCode()).isEqualTo(1);
        assertThat(inspect("--record=" + future).out()).contains("no record has this sequence");
        for (long sequence : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            String hostile = new RecordId(ours, sequence).encode();
            assertThat(inspect("--record=" + hostile).exitCode()).isEqualTo(1);
            assertThat(export("notes", "--record=" + hostile).exitCode()).isIn(1, 2);
        }
        assertThat(inspect("--record=" + stranger).exitCode()).isEqualTo(1);
        assertThat(inspect("--record=" + stranger).err())
                .contains(new Incarnation(1, 2).hex(), "deleted");
        assertThat(export("notes", "--record=" + stranger).exitCode()).isEqualTo(2);
    }

    @Test
    void what_is_no_data_directory_is_refused_with_the_reason() throws Exception {
        data = folder.resolve("nowhere");
        assertThat(inspect().exitCode()).isEqualTo(4);
        assertThat(inspect().err()).contains("there is no data directory", "nowhere");
        data = folder.resolve("lake");
        assertThat(inspect().err()).contains("is no data directory");
        data = folder.resolve("delivery.yaml");
        assertThat(export("notes").exitCode()).isEqualTo(4);
        assertThat(export("notes").err()).contains("is a file");
        data = folder.resolve("data");
        Files.writeString(data.resolve("FORMAT"), "delivery data 999\n");
        assertThat(inspect().exitCode()).isEqualTo(4);
        assertThat(inspect().err()).contains("delivery data 999", "newer");
        Files.write(data.resolve("FORMAT"), new byte[100_000]);
        assertThat(inspect().exitCode()).isEqualTo(4);
    }

    @Test
    void a_stream_that_is_not_there_is_answered_with_those_that_are() {
        assertThat(inspect("nots").exitCode()).isEqualTo(9);
        assertThat(inspect("nots").err()).contains("no stream nots", "has notes");
        assertThat(export("nots").exitCode()).isEqualTo(9);
    }

    @Test
    void the_directory_may_be_that_of_a_configuration() {
        String config = folder.resolve("delivery.yaml").toString();

        assertThat(run("inspect", "--config", config).exitCode()).isZero();
        assertThat(run("inspect", "--config", config, "--data-dir", "x").exitCode()).isEqualTo(2);
        Run missing = run("inspect", "--config", config + "x");
        assertThat(missing.exitCode()).isEqualTo(3);
        assertThat(missing.err()).contains("--data-dir");
    }

    // --- export ---

    @Test
    void every_record_is_a_line_of_its_own() {
        Run run = export("notes");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(exported()).isEqualTo("{\"a\":1}{\"b\":2}\nnot json\n{  \"c\": 3 }\nlate\n");
        assertThat(run.err()).contains("4 records exported");
    }

    @Test
    void raw_bytes_are_those_that_were_accepted() {
        export("notes", "--format", "raw");
        assertThat(exported()).isEqualTo(String.join("", RECORDS));
        export("notes", "--format", "raw", "--delimiter", "\\0|");
        assertThat(exported()).isEqualTo(String.join("\0|", RECORDS) + "\0|");
    }

    @Test
    void json_has_everything_that_is_known_of_a_record() throws Exception {
        export("notes", "--format", "json", "--from", "2", "--to", "2");

        JsonNode line = new ObjectMapper().readTree(exported());
        assertThat(line.path("sequence").asLong()).isEqualTo(2);
        assertThat(line.path("recordId").asText()).isEqualTo(IDS.get(2));
        assertThat(line.path("arrival").asText()).startsWith("20");
        assertThat(Base64.getDecoder().decode(line.path("data").asText()))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(RECORDS.get(2));
    }

    @Test
    void one_record_is_exported_by_its_id() {
        export("notes", "--record=" + IDS.get(1));

        assertThat(exported()).isEqualTo("not json\n");
    }

    @Test
    void from_and_to_are_both_meant_to_be_in_and_may_reach_over_the_ends() {
        export("notes", "--from", "1", "--to", "2", "--format", "raw", "--delimiter", ";");
        assertThat(exported()).isEqualTo("not json;{\n \"c\": 3\n}\n;");
        export("notes", "--from", "3", "--to", "9223372036854775807");
        assertThat(exported()).isEqualTo("late\n");
        Run behind = export("notes", "--from", "4");
        assertThat(behind.exitCode()).isZero();
        assertThat(behind.err()).contains("the next sequence of the journal is 4");
        assertThat(export("notes", "--from", "2", "--to", "1").exitCode()).isEqualTo(2);
        assertThat(export("notes", "--from", "-1").exitCode()).isEqualTo(2);
    }

    @Test
    void a_damaged_stretch_is_left_out_and_told() throws Exception {
        flip(fileIn("journal"), 64 + 48 + 2);

        Run run = export("notes");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(exported()).isEqualTo("late\n");
        assertThat(run.err()).contains("sequences 0 to 2 are left out", "at byte 64");
        assertThat(export("notes", "--from", "3").exitCode()).isZero();
        assertThat(export("notes", "--record=" + IDS.get(1)).exitCode()).isEqualTo(1);
    }

    @Test
    void options_that_do_not_go_together_are_refused() {
        assertThat(export("notes", "--delimiter", ";").exitCode()).isEqualTo(2);
        assertThat(export("notes", "--format", "csv").exitCode()).isEqualTo(2);
        assertThat(export("notes", "--record=" + IDS.get(0), "--from", "1").exitCode())
                .isEqualTo(2);
        assertThat(run().exitCode()).isEqualTo(2);
    }

    @Test
    void a_reader_that_has_seen_enough_ends_it_without_a_word() {
        OutputStream closed =
                new OutputStream() {
                    @Override
                    public void write(int one) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                };

        Run run = run(closed, with("export", "notes"));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEmpty();
    }
}

package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.api.http.FirehoseClient;
import io.delivery.cli.ExitCodes;
import io.delivery.loading.ConfigLoader;
import io.delivery.machine.SystemClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** journal inspect and journal export of a stream that is encrypted, with its key and without. */
class EncryptedJournalCommandsTest {
    private static final String SECRET = "a record that nobody may read";

    @TempDir private Path folder;
    private Path config;
    private String recordId;

    private record Run(int exitCode, String records, String out, String err) {}

    @BeforeEach
    void leave() throws Exception {
        Files.writeString(
                folder.resolve("k1.key"), "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=\n");
        Files.writeString(folder.resolve("in-the-way"), "a file where a store should be");
        config =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        dataDir: data
                        server: {api: '127.0.0.1:0', admin: '127.0.0.1:0', shutdown: {land: false}}
                        limits: {memory: 128MB}
                        encryption: {keys: [{id: k1, file: k1.key}]}
                        stores: {away: {directory: in-the-way}}
                        streams:
                          notes:
                            encryption: true
                            format: {raw: {delimiter: lines}}
                            destination: {bucket: notes}
                        """);
        try (Service service = Service.start(loader().load(config))) {
            recordId =
                    new FirehoseClient(service.apiUri(), Optional.empty(), new SystemClock())
                            .putRecordBatch(
                                    "notes", List.of(SECRET.getBytes(StandardCharsets.UTF_8)))
                            .get(0)
                            .recordId();
        }
    }

    private static ConfigLoader loader() {
        return new ConfigLoader(Map.of(), Programs.OURS);
    }

    private static Run run(String... arguments) {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode =
                Main.journal(loader(), records, records)
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(arguments);
        return new Run(
                exitCode, records.toString(StandardCharsets.UTF_8), out.toString(), err.toString());
    }

    @Test
    void an_export_with_the_configuration_writes_the_records() {
        Run run = run("export", "notes", "--config", config.toString());

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        assertThat(run.records()).isEqualTo(SECRET + "\n");
    }

    @Test
    void an_export_without_the_key_writes_nothing_and_says_why() {
        Run run = run("export", "notes", "--data-dir", folder.resolve("data").toString());

        assertThat(run.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(run.records()).isEmpty();
        assertThat(run.err())
                .contains("0 records exported, 1 left out: they are encrypted")
                .contains("encryption.keys");
    }

    @Test
    void an_inspection_needs_no_key_to_find_that_all_is_well() throws Exception {
        Run without = run("inspect", "--data-dir", folder.resolve("data").toString());
        Run with = run("inspect", "--config", config.toString());

        assertThat(without.exitCode()).as(without.out()).isEqualTo(ExitCodes.DONE);
        assertThat(with.exitCode()).as(with.out()).isEqualTo(ExitCodes.DONE);
        assertThat(with.out() + without.out()).doesNotContain(SECRET);
    }

    @Test
    void a_record_is_found_without_its_key_and_shown_as_encrypted() {
        Run without =
                run(
                        "inspect",
                        "--record",
                        recordId,
                        "--data-dir",
                        folder.resolve("data").toString());
        Run with = run("inspect", "--record", recordId, "--config", config.toString());

        assertThat(without.out()).contains("journal: encrypted, arrived");
        assertThat(with.out()).contains("journal: %d bytes, arrived".formatted(SECRET.length()));
    }
}

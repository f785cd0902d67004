package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LoadedConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.firehose.FirehoseClient;

/**
 * {@code delivery diff}: what another configuration changes, and what {@code status} says of it.
 */
class DiffCommandTest {
    private static final String OLD =
            """
            server: {api: 127.0.0.1:0, admin: 127.0.0.1:0, shutdown: {land: false}}
            dataDir: data
            limits: {memory: 128MB}
            stores: {lake: {directory: lake, default: true}, sea: {directory: sea}, gone: {directory: gone}}
            catalogs: {main: {file: tables}}
            functions: {enrich: {endpoint: 'http://127.0.0.1:1/'}}
            streams:
              same: {destination: {bucket: same}}
              next: {destination: {bucket: next}}
              lane: {destination: {bucket: lane}}
              less: {destination: {bucket: less}}
              rows: {format: {parquet: {}, schema: {table: db.t}}, destination: {bucket: rows, errorPrefix: errors/}}
            """;

    private static final String NEW =
            """
            server: {api: 127.0.0.1:0, admin: 127.0.0.1:0, shutdown: {land: false}}
            dataDir: data
            limits: {memory: 128MB}
            stores: {lake: {directory: lake, default: true}, sea: {directory: ocean}, new: {directory: new}}
            catalogs: {main: {file: others}}
            quotas: [{match: '*', records: 1000/s}]
            streams:
              same: {destination: {bucket: same}}
              next: {destination: {bucket: elsewhere}}
              lane: {destination: {bucket: lane}, backup: {bucket: raw}}
              more: {destination: {bucket: more}}
              rows: {format: {parquet: {}, schema: {table: db.t}}, destination: {bucket: rows, errorPrefix: errors/}}
            """;

    private static final String[] DIFFERENCE = {
        "stream    same    nothing",
        "stream    next    new definition version",
        "stream    lane    new lane: the backup begins or ends, with a new definition version",
        "stream    more    added",
        "stream    rows    same definition, and what it names is new",
        "stream    less    drained: takes no more records, and what it has accepted lands",
        "store     lake    nothing",
        "store     sea     new settings",
        "store     new     added",
        "store     gone    removed",
        "function  enrich  removed",
        "catalog   main    new settings",
        "setting   quotas  new settings"
    };

    @TempDir Path folder;

    private Path write(String name, String text) throws IOException {
        for (String tables : List.of("tables", "others")) {
            Path database = Files.createDirectories(folder.resolve(tables).resolve("db"));
            Files.writeString(
                    database.resolve("t.yaml"), "columns:\n  - {name: a, type: string}\n");
        }
        return Files.writeString(folder.resolve(name), text);
    }

    private static ProgramRun diff(Object... arguments) {
        String[] texts = new String[arguments.length + 1];
        texts[0] = "diff";
        for (int i = 0; i < arguments.length; i++) {
            texts[i + 1] = arguments[i].toString();
        }
        return ProgramRun.of(Map.of(), texts);
    }

    // --- two files ---

    @Test
    void two_files_differ_in_a_row_for_each_stream_store_function_catalog_and_setting()
            throws Exception {
        ProgramRun run = diff(write("old.yaml", OLD), write("new.yaml", NEW));

        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines()).containsExactly(DIFFERENCE);
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void files_that_say_the_same_in_other_words_do_not_differ() throws Exception {
        String other =
                OLD.replace("memory: 128MB", "memory: 128MiB")
                                .replace("{bucket: same}", "{bucket: 'same', store: lake}")
                        + "# and a comment\n";
        ProgramRun run = diff(write("old.yaml", OLD), write("new.yaml", other));

        assertThat(run.out()).contains("stream    same    nothing").endsWith("Nothing differs.\n");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void what_only_a_restart_changes_is_told() throws Exception {
        ProgramRun run =
                diff(
                        write("old.yaml", OLD),
                        write(
                                "new.yaml",
                                OLD.replace("128MB", "256MB")
                                        .replace("land: false", "land: true")));

        assertThat(run.out().lines())
                .contains(
                        "%-10s%-17s%s".formatted("setting", "server.shutdown", "needs a restart"),
                        "%-10s%-17s%s".formatted("setting", "limits", "needs a restart"))
                .anyMatch(line -> line.startsWith("Only a restart brings all of this into force"));
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void bad_files_get_the_messages_of_check_for_both_of_them() throws Exception {
        Path bad = write("bad.yaml", OLD.replace("bucket: same", "bukcet: same"));
        Path worse = write("worse.yaml", NEW.replace("records: 1000/s", "records: many"));
        ProgramRun run = diff(bad, worse);

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out()).isEmpty();
        for (Path file : List.of(bad, worse)) {
            assertThat(ProgramRun.of(Map.of(), "check", file.toString()).out().lines())
                    .filteredOn(line -> line.startsWith(file + ":") && line.contains(" must "))
                    .allSatisfy(line -> assertThat(run.err().lines()).contains(line));
            assertThat(run.err()).contains(file + ":");
        }
    }

    @Test
    void programs_read_json() throws Exception {
        ProgramRun run = diff(write("old.yaml", OLD), write("new.yaml", NEW), "--json");

        var answer = new ObjectMapper().readTree(run.out());
        assertThat(answer.at("/changes/1/part").asText()).isEqualTo("stream");
        assertThat(answer.at("/changes/1/name").asText()).isEqualTo("next");
        assertThat(answer.at("/changes/1/change").asText()).isEqualTo("newVersion");
        assertThat(answer.path("refusals").isArray()).isTrue();
        assertThat(answer.path("refusals")).isEmpty();
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void two_files_and_a_service_are_too_many() throws Exception {
        Path old = write("old.yaml", OLD);
        ProgramRun run = diff(old, old, "--config", old);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("compare it with one FILE, not two");
    }

    @Test
    void a_service_that_does_not_run_is_told_from_a_wrong_file() throws Exception {
        Path file = write("new.yaml", OLD.replace("admin: 127.0.0.1:0", "admin: 127.0.0.1:1"));

        assertThat(diff(file).exitCode()).isEqualTo(8);
        assertThat(diff(folder.resolve("nowhere.yaml")).exitCode()).isEqualTo(3);
        assertThat(diff(file, "--json").out()).contains("\"error\" : \"down\"");
    }

    // --- a running service ---

    private Service start() throws Exception {
        ConfigFile file =
                new ConfigFile(
                        new ConfigLoader(Map.of(), Programs.OURS), write("delivery.yaml", OLD));
        LoadedConfig loaded = file.read();
        Service service = Service.start(loaded, file.kept(loaded));
        service.follow(file, loaded);
        return service;
    }

    private ProgramRun diffOf(Service service, Path file, String... more) {
        Object[] arguments = new Object[more.length + 3];
        arguments[0] = file;
        arguments[1] = "--admin";
        arguments[2] = service.adminUri();
        System.arraycopy(more, 0, arguments, 3, more.length);
        return diff(arguments);
    }

    private ProgramRun status(Service service) {
        return ProgramRun.of(Map.of(), "status", "--admin", service.adminUri().toString());
    }

    @Test
    void a_service_says_what_its_reload_then_does() throws Exception {
        Path next = write("next.yaml", NEW);
        try (Service service = start()) {
            ProgramRun run = diffOf(service, next);

            assertThat(run.err()).isEmpty();
            assertThat(run.out().lines()).containsExactly(DIFFERENCE);
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(service.status()).hasSize(5).allMatch(stream -> stream.version() <= 1);
            assertThat(service.stores().store("new")).isNull();

            Files.move(next, folder.resolve("delivery.yaml"), StandardCopyOption.REPLACE_EXISTING);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> service.stores().store("new") != null);
            await().atMost(Duration.ofSeconds(30)).until(() -> service.status().size() == 5);

            // Once what it does not name any more is gone, nothing is left to do.
            Path same = write("same.yaml", NEW);
            ProgramRun again = diffOf(service, same);
            assertThat(again.err()).isEmpty();
            assertThat(again.out()).endsWith("Nothing differs.\n");
            assertThat(again.exitCode()).isZero();
        }
    }

    @Test
    void a_service_says_why_it_would_refuse_a_file_and_stays_what_it_is() throws Exception {
        try (Service service = start();
                FirehoseClient client =
                        FirehoseClient.builder()
                                .endpointOverride(service.apiUri())
                                .region(Region.US_EAST_1)
                                .credentialsProvider(AnonymousCredentialsProvider.create())
                                .build()) {
            client.createDeliveryStream(
                    c ->
                            c.deliveryStreamName("made")
                                    .extendedS3DestinationConfiguration(
                                            d ->
                                                    d.roleARN("arn:aws:iam::000000000000:role/r")
                                                            .bucketARN("arn:aws:s3:::made")));
            String text =
                    NEW.replace("limits: {memory: 128MB}", "limits: {memory: 256MB}")
                            .replace(", default: true", "");
            ProgramRun refused = diffOf(service, write("next.yaml", withStores(text)));
            assertThat(refused.exitCode()).isEqualTo(3);
            assertThat(refused.out())
                    .contains("limits  needs a restart")
                    .contains("refused: stream made was made through the API")
                    .endsWith("The service would refuse it, and stay what it is.\n");

            Path bad = write("bad.yaml", NEW.replace("bucket: same", "bukcet: same"));
            ProgramRun wrong = diffOf(service, bad);
            assertThat(wrong.exitCode()).isEqualTo(3);
            assertThat(wrong.out()).contains("refused: " + bad + ":8 streams.same");

            assertThat(diffOf(service, write("same.yaml", OLD)).exitCode()).isZero();
            assertThat(service.status()).hasSize(6);
        }
    }

    /** Streams must say where they go when no store is the default one. */
    private static String withStores(String text) {
        return text.replace("destination: {", "destination: {store: lake, ")
                .replace("backup: {", "backup: {store: lake, ");
    }

    @Test
    void status_says_why_a_changed_file_is_not_in_force_and_recovers() throws Exception {
        try (Service service = start()) {
            Path file = folder.resolve("delivery.yaml");
            Files.writeString(file, OLD.replace("128MB", "256MB"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> status(service).exitCode(), code -> code == 1);
            assertThat(status(service).out())
                    .contains(
                            "service: " + file + ": its contents are not in force",
                            "limits: has changed, and only a restart changes it");

            Files.writeString(file, OLD);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> status(service).exitCode(), code -> code == 0);
        }
    }
}

package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.cli.ExitCodes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused before anything is started. */
class ProveCommandTest {
    @TempDir private Path folder;
    private Path config;

    @BeforeEach
    void writeConfig() throws IOException {
        config =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        dataDir: data
                        stores:
                          lake:
                            default: true
                            s3:
                              endpoint: http://127.0.0.1:1
                              credentials: {accessKeyId: someone, secretAccessKey: something}
                          local: {directory: lake}
                        streams:
                          one: {destination: {bucket: first, prefix: a/}}
                          two: {destination: {bucket: second, prefix: b/}}
                        """);
    }

    private static ProgramRun prove(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "prove";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return ProgramRun.of(Map.of(), all);
    }

    private void isUsage(String message, String... arguments) {
        ProgramRun run = prove(arguments);

        assertThat(run.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).contains(message);
    }

    @Test
    void a_duration_needs_a_unit_and_a_sensible_size() {
        isUsage("needs a unit, was 20; did you mean 20s?", "--duration", "20");
        isUsage("between 1s and 168h", "--duration", "500ms");
        isUsage("between 1s and 168h", "--minutes", "0");
        isUsage("between 1s and 168h", "--minutes", "100000");
        isUsage("say the same", "--duration", "20s", "--minutes", "1");
    }

    @Test
    void what_belongs_to_a_store_of_a_configuration_is_refused_without_one() {
        isUsage("go with --store", "--bucket", "b");
        isUsage("go with --store", "--config", config.toString());
    }

    @Test
    void a_store_that_is_not_in_the_configuration_is_named_with_those_that_are() {
        isUsage(
                "--store must be one of [lake, local], was lakes",
                "--config",
                config.toString(),
                "--store",
                "lakes");
    }

    @Test
    void a_bucket_that_is_not_clear_is_asked_for() {
        isUsage(
                "--bucket is needed: streams have [first, second] there",
                "--config",
                config.toString(),
                "--store",
                "lake");
    }

    @Test
    void a_configuration_with_problems_is_refused_with_all_of_them() {
        ProgramRun run =
                prove("--config", folder.resolve("nowhere.yaml").toString(), "--store", "lake");

        assertThat(run.exitCode()).isEqualTo(ExitCodes.CONFIG_REFUSED);
        assertThat(run.err()).contains("there is no such file");
    }

    @Test
    void a_scratch_directory_with_something_in_it_is_refused() {
        isUsage("--dir must be an empty folder", "--dir", folder.toString());
    }

    @Test
    void what_may_not_be_removed_spoils_no_proof_and_stops_no_other_removal() {
        StringWriter err = new StringWriter();
        AtomicBoolean removed = new AtomicBoolean();

        ProveCommand.tidyUp(
                new PrintWriter(err),
                List.of(
                        () -> {
                            throw new IOException("remove s3://lake/x: 403 AccessDenied");
                        },
                        () -> removed.set(true)));

        assertThat(err)
                .hasToString("not everything was removed: remove s3://lake/x: 403 AccessDenied\n");
        assertThat(removed).isTrue();
    }

    @Test
    void a_store_that_does_not_answer_is_found_before_anything_is_started() {
        ProgramRun run =
                prove("--config", config.toString(), "--store", "lake", "--bucket", "first");

        assertThat(run.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(run.err()).contains("list s3://first/delivery-proof-").contains("refused");
    }
}

package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.cli.ExitCodes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command itself; what it finds is KillIT's business. */
class ProveIT {
    @TempDir private Path folder;

    @Test
    void a_proof_says_what_it_found_in_json_and_leaves_nothing() throws Exception {
        Path scratch = folder.resolve("scratch");

        ProgramRun run =
                ProgramRun.of(
                        Map.of(),
                        "prove",
                        "--duration",
                        "2s",
                        "--seed",
                        "5",
                        "--json",
                        "--dir",
                        "" + scratch);

        assertThat(run.exitCode()).as(run.err() + run.out()).isEqualTo(ExitCodes.DONE);
        JsonNode said = new ObjectMapper().readTree(run.out());
        assertThat(said.path("proved").asBoolean()).isTrue();
        assertThat(said.path("seed").asLong()).isEqualTo(5);
        assertThat(said.path("kills").asInt()).isPositive();
        boolean without = said.path("functions").asText().startsWith("none");
        assertThat(said.path("streams")).hasSize(without ? 3 : 4);
        assertThat(said.path("violations")).isEmpty();
        assertThat(run.err()).contains("seed 5, 2 s, directory", "reading every object back");
        assertThat(scratch).doesNotExist();
    }

    @Test
    void a_store_of_a_configuration_is_used_below_a_prefix_and_kept_when_asked() throws Exception {
        Path config =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        dataDir: data
                        stores: {local: {directory: lake}}
                        streams: {}
                        """);
        Path scratch = folder.resolve("scratch");

        ProgramRun run =
                ProgramRun.of(
                        Map.of(),
                        "prove",
                        "--config",
                        "" + config,
                        "--store",
                        "local",
                        "--seed",
                        "255",
                        "--duration",
                        "2s",
                        "--keep",
                        "--dir",
                        "" + scratch);

        assertThat(run.exitCode()).as(run.err() + run.out()).isEqualTo(ExitCodes.DONE);
        assertThat(run.out()).contains("Proved.", "Kept: " + scratch);
        assertThat(folder.resolve("lake/delivery-proof/delivery-proof-ff/main")).isDirectory();
        assertThat(scratch.resolve("logs")).isNotEmptyDirectory();
        assertThat(Files.readString(scratch.resolve("delivery.yaml")))
                .contains("secretAccessKey: '${DELIVERY_PROOF_SECRET}'");
    }
}

package io.delivery.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3ServersTableTest {
    private static final Path PAGE = Path.of("../docs/compatibility.md");

    /** What the contract suite against each server has left; `make servers` runs it. */
    private static final Path RESULTS = Path.of("../delivery-sinks/target/s3-servers");

    private static final String GARAGE =
            "garage\t2.5.0\t9 tests run, 0 failed, 1 skipped\tregion: garage, readBack: true\t"
                    + "keys; other keys\ts3-garage\n";

    private static final String BEFORE =
            """
            Before.

            <!-- generated: s3-servers -->

            | server | version | settings that it needs | differs | example |
            |---|---|---|---|---|
            | garage | 1.0 | nothing | nothing | – |
            | MinIO | v1 | nothing | nothing | [s3-minio.yaml](../config-examples/s3-minio.yaml) |

            <!-- end -->

            After.
            """;

    private static final Path EXAMPLES = Path.of("../config-examples");

    private static final Pattern ROW =
            Pattern.compile(
                    "(?m)^\\| [^|]+ \\| [^|]+ \\| ([^|]+) \\| .* \\|"
                            + " \\[(s3-[a-z]+\\.yaml)]\\(.*\\) \\|$");
    private static final Pattern CODE = Pattern.compile("`(\\w+): ([^`]+)`");
    private static final Pattern SETTING =
            Pattern.compile(
                    "(?m)^ +(checksums|chunkedEncoding|conditionalWrites|readBack|region|caFile):"
                            + " (\\S+)");

    @TempDir private Path folder;

    @Test
    void the_servers_in_the_page_are_as_the_suite_has_seen_them() throws Exception {
        List<S3ServersTable.Result> results = S3ServersTable.results(RESULTS);
        String before = Files.readString(PAGE);
        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(PAGE, S3ServersTable.in(before, results));
        }

        assumeTrue(
                !results.isEmpty(),
                "no S3 server has been run here: make servers compares them with the page");
        assertThat(PAGE)
                .as(
                        "results in %s differ from the page: make servers runs the servers and writes"
                                + " it anew",
                        RESULTS)
                .hasContent(S3ServersTable.in(before, results));
    }

    @Test
    void the_example_of_a_server_has_the_settings_that_its_row_names_and_no_others()
            throws Exception {
        int examples = 0;
        for (MatchResult row : ROW.matcher(Files.readString(PAGE)).results().toList()) {
            examples++;
            String example = Files.readString(EXAMPLES.resolve(row.group(2)));
            Map<String, String> said = new TreeMap<>();
            for (MatchResult setting : CODE.matcher(row.group(1)).results().toList()) {
                said.put(setting.group(1), setting.group(2));
            }
            // What is for some installations of a server only is a comment in its example.
            if (said.remove("caFile") != null) {
                assertThat(example).as(row.group()).contains("# caFile: ");
            }
            Map<String, String> there = new TreeMap<>();
            for (MatchResult setting : SETTING.matcher(example).results().toList()) {
                there.put(setting.group(1), setting.group(2));
            }
            there.remove("region", "us-east-1"); // as it is without

            assertThat(there).as(row.group()).isEqualTo(said);
        }
        assertThat(examples).isGreaterThan(4);
    }

    @Test
    void a_server_that_was_run_has_its_row_anew_and_all_others_keep_theirs() throws Exception {
        Files.writeString(folder.resolve("garage.tsv"), GARAGE);
        Files.writeString(folder.resolve("MinIO.tsv"), "MinIO\t-\tnot run: no such tool\t\t\t\n");

        String after = S3ServersTable.in(BEFORE, S3ServersTable.results(folder));

        assertThat(after)
                .isEqualTo(
                        BEFORE.replace(
                                "| garage | 1.0 | nothing | nothing | – |",
                                "| garage | 2.5.0 | `region: garage`, `readBack: true` | keys; other"
                                        + " keys | [s3-garage.yaml](../config-examples/s3-garage.yaml)"
                                        + " |"));
    }

    @Test
    void a_server_that_the_page_does_not_have_gets_a_row_in_the_order_of_names() throws Exception {
        Files.writeString(
                folder.resolve("n.tsv"), "LS\tv9\t9 tests run, 0 failed, 0 skipped\t\t\t\n");

        String after = S3ServersTable.in(BEFORE, S3ServersTable.results(folder));

        assertThat(after)
                .isEqualTo(
                        BEFORE.replace(
                                "| MinIO |", "| LS | v9 | nothing | nothing | – |\n| MinIO |"));
    }

    @Test
    void a_run_with_failures_and_a_server_of_somebody_say_nothing_of_the_page() throws Exception {
        Files.writeString(folder.resolve("garage.tsv"), GARAGE.replace("0 failed", "1 failed"));
        Files.writeString(
                folder.resolve("LS.tsv"), "LS\tv9\t0 tests run, 0 failed, 0 skipped\t\t\t\n");
        Files.writeString(
                folder.resolve("given-server.tsv"),
                GARAGE.replace("garage\t2.5.0", "given server\thttp://rgw.example.com"));

        assertThat(S3ServersTable.results(folder)).isEmpty();
    }

    @Test
    void without_results_there_is_nothing_to_compare() throws Exception {
        assertThat(S3ServersTable.results(folder.resolve("none"))).isEmpty();
        assertThat(S3ServersTable.in(BEFORE, List.of())).isEqualTo(BEFORE);
    }
}

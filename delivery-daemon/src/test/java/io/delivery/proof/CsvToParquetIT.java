package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/csv-to-parquet.md: its commands, in its order, and what it says that they print. */
class CsvToParquetIT {
    @TempDir private Path folder;

    @Test
    void the_commands_of_the_page_do_what_it_says() throws Exception {
        examples();
        WalkedPage page = new WalkedPage("csv-to-parquet.md", folder);
        List<String> commands = page.of("sh");
        List<String> said = page.of("text");
        page.shell(commands.get(0), 0);

        String tried = page.shell(commands.get(1), 1);
        assertThat(withoutHashes(tried).replaceAll(", \\d+ ms", ""))
                .contains(said.get(0))
                .containsPattern("(?m)^record 5: ProcessingFailed$")
                .containsPattern("(?m)^record 6: Ok$");
        assertThat(folder.resolve("target")).doesNotExist();

        try (DaemonProcess daemon =
                Daemons.start(folder.resolve("config-examples/csv-parquet.yaml"))) {
            page.shell(commands.get(2), 0);
            assertThat(rows(page.of("sql").get(0))).isEqualTo(said.get(1).lines().toList());
            assertThat(withoutHashes(page.shell(commands.get(3), 0))).isEqualTo(said.get(2));
            assertThat(page.shell(commands.get(4), 0)).contains("landed 3", "dropped 1");
            assertThat(commands).hasSize(5);
            daemon.terminate();
            assertThat(daemon.exitCode()).as(daemon.log()).isZero();
        }
    }

    /** The examples as they are, but for the ports. */
    private void examples() throws IOException {
        Path from = Path.of("../config-examples");
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Path to = folder.resolve("config-examples").resolve(from.relativize(file));
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
        Files.writeString(
                folder.resolve("config-examples/csv-parquet.yaml"),
                "\nserver: {api: '127.0.0.1:0', admin: '127.0.0.1:0'}\nlimits: {memory: 128MB}\n",
                java.nio.file.StandardOpenOption.APPEND);
    }

    /** The page does not show them. */
    private static String withoutHashes(String text) {
        return text.replaceAll("[0-9a-f]{64}", "CUSTOMER");
    }

    private List<String> rows(String sql) throws Exception {
        try (DuckDb duck = new DuckDb()) {
            return duck.rows(sql.replace("target/orders", folder.resolve("target/orders") + ""));
        }
    }
}

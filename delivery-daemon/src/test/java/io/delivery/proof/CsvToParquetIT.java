package io.delivery.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.wiring.ProofParts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/csv-to-parquet.md: its commands, in its order, and what it says that they print. */
class CsvToParquetIT {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$");

    @TempDir private Path folder;

    /** What stands between two rows of backquotes. */
    private record Block(String kind, String text) {}

    private static List<Block> blocks() throws IOException {
        Matcher found = BLOCK.matcher(Files.readString(Path.of("../docs/csv-to-parquet.md")));
        List<Block> blocks = new ArrayList<>();
        while (found.find()) {
            blocks.add(new Block(found.group(1), found.group(2)));
        }
        return blocks;
    }

    private static List<String> of(String kind) throws IOException {
        return blocks().stream().filter(b -> b.kind().equals(kind)).map(Block::text).toList();
    }

    @Test
    void the_commands_of_the_page_do_what_it_says() throws Exception {
        examples();
        program();
        List<String> commands = of("sh");
        List<String> said = of("text");
        shell(commands.get(0), 0);

        String tried = shell(commands.get(1), 1);
        assertThat(withoutHashes(tried).replaceAll(", \\d+ ms", ""))
                .contains(said.get(0))
                .containsPattern("(?m)^record 5: ProcessingFailed$")
                .containsPattern("(?m)^record 6: Ok$");
        assertThat(folder.resolve("target")).doesNotExist();

        try (DaemonProcess daemon =
                Daemons.start(folder.resolve("config-examples/csv-parquet.yaml"))) {
            shell(commands.get(2), 0);
            assertThat(rows(of("sql").get(0))).isEqualTo(said.get(1).lines().toList());
            assertThat(withoutHashes(shell(commands.get(3), 0))).isEqualTo(said.get(2));
            assertThat(shell(commands.get(4), 0)).contains("landed 3", "dropped 1");
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

    /** In place of the script of a checkout, which builds first. */
    private void program() throws IOException {
        Path program = folder.resolve("delivery");
        Files.writeString(
                program, "#!/bin/sh\nexec %s \"$@\"%n".formatted(quoted(ProofParts.program())));
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    private static String quoted(DaemonCommand program) {
        return String.join(
                " ",
                program.process(List.of()).command().stream().map(w -> "'" + w + "'").toList());
    }

    private String shell(String commands, int exitCode) throws Exception {
        Path output = folder.resolve("said");
        Process process =
                new ProcessBuilder("sh", "-c", commands)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("%s ends", commands).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(output, UTF_8);
        assertThat(process.exitValue()).as(commands + said).isEqualTo(exitCode);
        return said;
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

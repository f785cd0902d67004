package io.delivery.jq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.jq.JqTable.Row;
import io.delivery.testkit.servers.Conformance;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of answers against C jq 1.6 itself, where it is installed. */
class JqTableIT {
    @TempDir private Path directory;

    @Test
    void the_jq_of_this_machine_prints_what_the_table_says() throws Exception {
        Conformance.assumeWanted();
        assumeTrue(isJq16Here(), "there is no jq 1.6 on the PATH (.ci/tools jq installs it)");

        List<String> differences =
                JqTable.rows().parallelStream()
                        .filter(row -> !theirs(row).equals(row.output()))
                        .map(row -> row.described("table", row.output(), "jq", theirs(row)))
                        .toList();

        assertThat(differences)
                .as("delivery-transform/src/test/jq/record writes the table anew")
                .isEmpty();
    }

    private static boolean isJq16Here() throws InterruptedException {
        try {
            Process jq = new ProcessBuilder("jq", "--version").start();
            String version = new String(jq.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return jq.waitFor() == 0 && version.startsWith("jq-1.6");
        } catch (IOException notHere) {
            return false;
        }
    }

    /** The same as in {@code src/test/jq/record}. */
    private List<String> theirs(Row row) {
        // With a minus in front it would be an option.
        String program = row.program().startsWith("-") ? " " + row.program() : row.program();
        try {
            Path out = Files.createTempFile(directory, "jq", ".out");
            Process jq =
                    new ProcessBuilder("jq", "-c", program)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .redirectOutput(out.toFile())
                            .start();
            try (OutputStream in = jq.getOutputStream()) {
                in.write(row.bytes());
            } catch (IOException refusedBeforeItRead) {
                // Its exit code says so.
            }
            boolean hangs = row.output().equals(List.of(JqTable.HANGS));
            if (!jq.waitFor(hangs ? 1 : 60, TimeUnit.SECONDS)) {
                jq.destroyForcibly();
                return List.of(JqTable.HANGS);
            }
            return ended(jq.exitValue(), Files.readString(out));
        } catch (IOException notRun) {
            throw new UncheckedIOException(notRun);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    private static List<String> ended(int code, String printed) {
        List<String> output =
                new ArrayList<>(printed.isEmpty() ? List.of() : List.of(printed.split("\n")));
        if (code == 3) {
            return List.of(JqTable.REFUSED);
        }
        if (code > 128) {
            output.add(JqTable.CRASH);
        } else if (code != 0) {
            output.add(JqTable.ERROR);
        }
        return output;
    }
}

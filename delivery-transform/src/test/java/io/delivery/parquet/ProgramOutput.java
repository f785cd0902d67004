package io.delivery.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What programs print that read our files. */
public final class ProgramOutput {
    private static final int MINUTES = 5;

    private ProgramOutput() {}

    /**
     * The lines of a program that ends well within five minutes.
     *
     * @param scratch a directory; what the program printed stays in it
     */
    public static List<String> lines(Path scratch, List<String> command) throws Exception {
        Path out = scratch.resolve("out");
        Path errors = scratch.resolve("errors");
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(errors.toFile())
                        .start();
        try {
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(() -> read(errors)).isZero();
        return Files.readAllLines(out, StandardCharsets.UTF_8);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}

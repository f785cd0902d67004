package io.delivery.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A folder for one measurement, removed afterwards: under {@code -Dscratch=FOLDER} when that is
 * given, which decides what disk is measured; under {@code target} otherwise.
 */
record Scratch(Path folder) implements AutoCloseable {
    static Scratch open(String name) throws IOException {
        Path parent = Path.of(System.getProperty("scratch", "target/scratch")).toAbsolutePath();
        Files.createDirectories(parent);
        return new Scratch(Files.createTempDirectory(parent, name + "-"));
    }

    @Override
    public void close() throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(Scratch::delete);
        }
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

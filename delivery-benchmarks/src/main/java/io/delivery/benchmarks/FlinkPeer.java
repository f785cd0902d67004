package io.delivery.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Flink as a process of its own, which converts lines of JSON to Parquet when it is asked: {@code
 * peers/flink/FlinkConversion.java}, run from its source. Flink reads a file and writes files: no
 * HTTP, no journal and no S3.
 */
final class FlinkPeer implements AutoCloseable {
    private static final Path CLASS_PATH = Path.of("target/peers/flink.class.path");
    private static final Path SOURCE = Path.of("peers/flink/FlinkConversion.java");
    private static final String DONE = "done ";

    /** Which files it writes. */
    enum Partitions {
        NONE,
        /** A folder for each customer and region. */
        CUSTOMERS
    }

    private final Process process;
    private final BufferedReader said;
    private final Path log;

    private FlinkPeer(Process process, Path log) {
        this.process = process;
        this.said =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.log = log;
    }

    /**
     * Empty where its jars could not be had.
     *
     * @param lines a folder of files with a record to a line
     * @param folder for what it writes
     */
    static Optional<FlinkPeer> start(Path lines, Path folder) throws IOException {
        if (!Files.exists(CLASS_PATH)) {
            return Optional.empty();
        }
        Path log = folder.resolve("flink.log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx3g",
                        "-XX:+UseParallelGC",
                        "-Djava.io.tmpdir=" + folder,
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--add-opens=java.base/java.util=ALL-UNNAMED",
                        "-cp",
                        Files.readString(CLASS_PATH).strip(),
                        SOURCE.toString(),
                        "file://" + lines,
                        "file://" + Files.createDirectories(folder.resolve("written"))));
        return Optional.of(
                new FlinkPeer(
                        new ProcessBuilder(command).redirectError(log.toFile()).start(), log));
    }

    long pid() {
        return process.pid();
    }

    /**
     * Converts all lines, and returns when the files are there.
     *
     * @throws IOException when it failed
     */
    void convert(Partitions partitions) throws IOException {
        process.getOutputStream().write((partitions + "\n").getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.equals(DONE + partitions)) {
                return;
            }
        }
        throw new IOException("Flink failed:\n" + Files.readString(log));
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}

package io.delivery.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/**
 * What the disk itself can do: 1 GiB in writes of 256 KiB with an fdatasync behind each, by fio
 * (Debian package {@code fio}); where fio is missing, by a loop of our own that does the same.
 */
final class DiskReference {
    private static final int BLOCK = 256 << 10;
    private static final long SIZE = 1L << 30;

    private final Path folder;
    private final boolean fio;

    /**
     * @param syncP99Nanos what 99 of 100 fdatasyncs do not exceed
     */
    record Run(double megabytesPerSecond, double syncP50Nanos, double syncP99Nanos) {}

    DiskReference(Path folder) {
        this.folder = folder;
        this.fio = installed();
    }

    String name() {
        return fio ? "fio 256k + fdatasync" : "own loop 256k + fdatasync (fio is not installed)";
    }

    private static boolean installed() {
        try {
            Process version =
                    new ProcessBuilder("fio", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return version.waitFor() == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    Run run() throws IOException, InterruptedException {
        return fio ? byFio() : byLoop();
    }

    private Run byFio() throws IOException, InterruptedException {
        Path answer = folder.resolve("fio.json");
        Process process =
                new ProcessBuilder(
                                "fio",
                                "--name=j",
                                "--directory=" + folder,
                                "--rw=write",
                                "--bs=256k",
                                "--size=1g",
                                "--fdatasync=1",
                                "--ioengine=sync",
                                "--unlink=1",
                                "--output-format=json",
                                "--output=" + answer)
                        .inheritIO()
                        .start();
        if (process.waitFor() != 0) {
            throw new IOException("fio ended with " + process.exitValue());
        }
        JsonNode job = new ObjectMapper().readTree(answer.toFile()).path("jobs").path(0);
        JsonNode sync = job.path("sync").path("lat_ns").path("percentile");
        return new Run(
                job.path("write").path("bw_bytes").asDouble() / 1e6,
                sync.path("50.000000").asDouble(),
                sync.path("99.000000").asDouble());
    }

    private Run byLoop() throws IOException {
        Path file = folder.resolve("reference");
        long[] syncs = new long[(int) (SIZE / BLOCK)];
        byte[] noise = new byte[BLOCK];
        new Random(1).nextBytes(noise);
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK).put(noise);
        long begun = System.nanoTime();
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int i = 0; i < syncs.length; i++) {
                block.clear();
                channel.write(block);
                long written = System.nanoTime();
                channel.force(false);
                syncs[i] = System.nanoTime() - written;
            }
        } finally {
            Files.deleteIfExists(file);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        return new Run(
                SIZE / 1e6 / seconds,
                Numbers.percentile(syncs, 0.5),
                Numbers.percentile(syncs, 0.99));
    }
}

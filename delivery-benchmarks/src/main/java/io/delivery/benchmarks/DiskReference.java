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
 * What the disk itself can do: writes (1 GiB of 256 KiB each, unless told otherwise) with an
 * fdatasync behind each, by fio (Debian package {@code fio}); where fio is missing, by a loop of
 * our own that does the same.
 */
final class DiskReference {
    private static final int BLOCK = 256 << 10;
    private static final long SIZE = 1L << 30;

    private final Path folder;
    private final int block;
    private final long size;
    private final boolean fio;

    /**
     * @param syncP99Nanos what 99 of 100 fdatasyncs do not exceed
     */
    record Run(double megabytesPerSecond, double syncP50Nanos, double syncP99Nanos) {}

    DiskReference(Path folder) {
        this(folder, BLOCK, SIZE);
    }

    /**
     * @param block bytes of one write, whole KiB
     * @param size of all of them, whole MiB
     */
    DiskReference(Path folder, int block, long size) {
        this.folder = folder;
        this.block = block;
        this.size = size;
        this.fio = installed();
    }

    String name() {
        String what = (block >> 10) + "k + fdatasync";
        return fio ? "fio " + what : "own loop " + what + " (fio is not installed)";
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
                                "--bs=" + (block >> 10) + "k",
                                "--size=" + (size >> 20) + "m",
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
        long[] syncs = new long[(int) (size / block)];
        byte[] noise = new byte[block];
        new Random(1).nextBytes(noise);
        ByteBuffer bytes = ByteBuffer.allocateDirect(block).put(noise);
        long begun = System.nanoTime();
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int i = 0; i < syncs.length; i++) {
                bytes.clear();
                channel.write(bytes);
                long written = System.nanoTime();
                channel.force(false);
                syncs[i] = System.nanoTime() - written;
            }
        } finally {
            Files.deleteIfExists(file);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        return new Run(
                size / 1e6 / seconds,
                Statistics.percentile(syncs, 0.5),
                Statistics.percentile(syncs, 0.99));
    }
}

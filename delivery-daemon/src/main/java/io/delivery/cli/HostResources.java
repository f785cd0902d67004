package io.delivery.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this machine has. */
public interface HostResources {
    /** The most that this JVM will use for its heap. */
    long heapBytes();

    /** Bytes free where a folder is or would be, what it already holds included. */
    long roomFor(Path folder) throws IOException;

    /** This one. */
    HostResources LOCAL =
            new HostResources() {
                @Override
                public long heapBytes() {
                    return Runtime.getRuntime().maxMemory();
                }

                @Override
                public long roomFor(Path folder) throws IOException {
                    Path there = folder.toAbsolutePath();
                    while (!Files.exists(there) && there.getParent() != null) {
                        there = there.getParent();
                    }
                    return Files.getFileStore(there).getUsableSpace() + bytesOf(folder);
                }
            };

    private static long bytesOf(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        long bytes = 0;
        try (var files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                // A running daemon may remove a file between the listing and here.
                bytes += Files.isRegularFile(file) ? sizeOrZero(file) : 0;
            }
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
        return bytes;
    }

    private static long sizeOrZero(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (java.nio.file.NoSuchFileException e) {
            return 0;
        }
    }
}

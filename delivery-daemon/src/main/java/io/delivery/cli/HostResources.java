package io.delivery.cli;

import com.sun.management.OperatingSystemMXBean;
import io.delivery.world.Disk;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What this machine has. */
public interface HostResources {
    /** The most that this JVM will use for its heap. */
    long heapBytes();

    /**
     * The memory of this machine, or the limit of the container that this process is in; empty when
     * nothing tells.
     */
    OptionalLong memoryBytes();

    /**
     * Bytes free where a folder is or would be, what it already holds included; empty when the file
     * system does not tell.
     */
    OptionalLong roomFor(Path folder) throws IOException;

    /**
     * This one.
     *
     * @param disk asked as the service asks it
     */
    static HostResources local(Disk disk) {
        return new HostResources() {
            @Override
            public long heapBytes() {
                return Runtime.getRuntime().maxMemory();
            }

            @Override
            public OptionalLong memoryBytes() {
                // That of HotSpot counts the limits of control groups: Javadoc of
                // getTotalMemorySize.
                return ManagementFactory.getOperatingSystemMXBean()
                                instanceof OperatingSystemMXBean machine
                        ? OptionalLong.of(machine.getTotalMemorySize())
                        : OptionalLong.empty();
            }

            @Override
            public OptionalLong roomFor(Path folder) throws IOException {
                OptionalLong usable = disk.usableBytes(folder);
                return usable.isPresent()
                        ? OptionalLong.of(usable.getAsLong() + bytesOf(folder))
                        : usable;
            }
        };
    }

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

package io.delivery.cli;

import com.sun.management.OperatingSystemMXBean;
import io.delivery.world.Disk;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** What this machine has. */
public interface HostResources {
    /**
     * The most that the JVM of the service will use for its heap: this one, or that of the service
     * that this command is in one container with.
     */
    long heapBytes();

    /**
     * Whether this process is a command in the container of a service, with a small heap of its own
     * in the same limit: nothing that runs a service may begin here.
     */
    boolean besideService();

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
        return local(disk, ServiceMemory.UNKNOWN);
    }

    /**
     * This one, or the container that it is.
     *
     * @param disk asked as the service asks it
     * @param environment of this process
     * @throws IllegalArgumentException when {@link ServiceMemory} cannot be read from it
     */
    static HostResources local(Disk disk, Map<String, String> environment) {
        return local(
                disk,
                ServiceMemory.of(
                        environment,
                        System.getProperty(ServiceMemory.HEAP_PERCENT),
                        machineBytes()));
    }

    /**
     * This one, with what is known of the container.
     *
     * @param disk asked as the service asks it
     */
    static HostResources local(Disk disk, ServiceMemory container) {
        return new HostResources() {
            @Override
            public long heapBytes() {
                return container.heapBytes().orElse(Runtime.getRuntime().maxMemory());
            }

            @Override
            public boolean besideService() {
                return container.heapBytes().isPresent();
            }

            @Override
            public OptionalLong memoryBytes() {
                // Where this process may not read the limit of its container, this is the memory
                // of the node.
                return LongStream.concat(machineBytes().stream(), container.limitBytes().stream())
                        .min();
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

    /** That of HotSpot counts the limits of control groups: Javadoc of getTotalMemorySize. */
    private static OptionalLong machineBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean machine
                ? OptionalLong.of(machine.getTotalMemorySize())
                : OptionalLong.empty();
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

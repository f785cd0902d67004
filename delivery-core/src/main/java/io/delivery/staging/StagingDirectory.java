package io.delivery.staging;

import io.delivery.world.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The directory of a {@link LocalStaging}: its files and how long they are. Thread-safe. */
final class StagingDirectory {
    private final Path directory;
    private final Disk disk;
    private final AtomicLong bytes = new AtomicLong();
    private final Map<String, Long> lengths = new ConcurrentHashMap<>();

    /** The nearest directory above that existed before the first file was made; null later. */
    private Path foundAbove;

    private boolean directoryIsDurable;

    private StagingDirectory(Path directory, Disk disk) {
        this.directory = directory;
        this.disk = disk;
    }

    /** With the files that are in it; none when there is no such directory. */
    static StagingDirectory found(Path directory, Disk disk) throws IOException {
        StagingDirectory found = new StagingDirectory(directory, disk);
        for (Path path : disk.list(directory)) {
            try (var file = disk.openReadOnly(path)) {
                found.grown(path.getFileName().toString(), file.length());
            }
        }
        return found;
    }

    /**
     * Makes the directory and its name durable, once per process: that it exists does not mean that
     * it is durable, an earlier process may have died between creating and syncing it.
     */
    synchronized void make() throws IOException {
        if (directoryIsDurable) {
            return;
        }
        Path above = directory.toAbsolutePath().getParent();
        if (foundAbove == null) {
            foundAbove = above;
            while (!disk.exists(foundAbove) && foundAbove.getParent() != null) {
                foundAbove = foundAbove.getParent();
            }
        }
        disk.createDirectories(directory);
        for (; above != null && above.startsWith(foundAbove); above = above.getParent()) {
            disk.syncDirectory(above);
        }
        directoryIsDurable = true;
        foundAbove = null;
    }

    /** A file now has this length. */
    void grown(String file, long length) {
        Long before = lengths.put(file, length);
        bytes.addAndGet(length - (before == null ? 0 : before));
    }

    void delete(String file) throws IOException {
        disk.delete(path(file));
        Long length = lengths.remove(file);
        if (length != null) {
            bytes.addAndGet(-length);
        }
    }

    List<String> files() throws IOException {
        return disk.list(directory).stream().map(path -> path.getFileName().toString()).toList();
    }

    /** Of all its files together. */
    long bytes() {
        return bytes.get();
    }

    /** Makes the names of its files durable. */
    void sync() throws IOException {
        disk.syncDirectory(directory);
    }

    Path path(String file) {
        if (file.isEmpty() || file.equals(".") || file.equals("..") || file.contains("/")) {
            throw new IllegalArgumentException("not the name of a staging file: " + file);
        }
        return directory.resolve(file);
    }
}

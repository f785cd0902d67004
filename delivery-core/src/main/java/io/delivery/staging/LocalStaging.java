package io.delivery.staging;

import io.delivery.world.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Staging in a directory of the local disk. A file is called after the salt of the process that
 * wrote it and a number, so no name is given twice within a lane, not by a later process either.
 * Thread-safe; a file being written belongs to one thread at a time.
 *
 * <p>Deletions are not synced: a file that a power cut brings back is one that nobody names.
 */
public final class LocalStaging implements Staging {
    private final Path directory;
    private final Disk disk;
    private final long salt;
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final Map<String, Long> lengths = new ConcurrentHashMap<>();

    /** The directory above that was there before the first file. */
    private Path foundAbove;

    private boolean directoryIsDurable;

    private LocalStaging(Path directory, Disk disk, long salt) {
        this.directory = directory;
        this.disk = disk;
        this.salt = salt;
    }

    /**
     * Looks what is in the directory, which need not be there: it is created with the first file.
     * The lane's directory above it is its owner's to make durable; if it is missing then, it is
     * made, too.
     *
     * @param directory below the root of a file system
     * @param salt 64 random bits of this process's own, e.g. those of the lane's {@code own} record
     */
    public static LocalStaging open(Path directory, Disk disk, long salt) throws IOException {
        LocalStaging staging = new LocalStaging(directory, disk, salt);
        for (Path path : disk.list(directory)) {
            try (var file = disk.openReadOnly(path)) {
                staging.grown(path.getFileName().toString(), file.length());
            }
        }
        return staging;
    }

    @Override
    public StagingFile open() throws IOException {
        makeDirectory();
        String name = "%016x-%d".formatted(salt, opened.incrementAndGet());
        return new LocalStagingFile(this, name, disk.create(path(name)));
    }

    /**
     * Makes the directory and its name durable, once per process: that it is there says nothing, a
     * process before this one may have died between creating and syncing it.
     */
    private synchronized void makeDirectory() throws IOException {
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
    }

    @Override
    public StagedContent content(StagedBytes staged) {
        return new LocalContent(disk, path(staged.file()), staged);
    }

    @Override
    public void delete(String file) throws IOException {
        disk.delete(path(file));
        Long length = lengths.remove(file);
        if (length != null) {
            bytes.addAndGet(-length);
        }
    }

    @Override
    public List<String> files() throws IOException {
        return disk.list(directory).stream().map(path -> path.getFileName().toString()).toList();
    }

    /** Bytes on disk, those of files being written included. What is still buffered is not. */
    @Override
    public long bytes() {
        return bytes.get();
    }

    /** A file now has this length. */
    void grown(String file, long length) {
        Long before = lengths.put(file, length);
        bytes.addAndGet(length - (before == null ? 0 : before));
    }

    void syncDirectory() throws IOException {
        disk.syncDirectory(directory);
    }

    private Path path(String file) {
        if (file.isEmpty() || file.equals(".") || file.equals("..") || file.contains("/")) {
            throw new IllegalArgumentException("not the name of a staging file: " + file);
        }
        return directory.resolve(file);
    }
}

package io.delivery.staging;

import io.delivery.crypt.DataKey;
import io.delivery.world.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Staging in a directory of the local disk. A file is called after the salt of the process that
 * wrote it and a number, so no name is given twice within a lane, not by a later process either.
 * Thread-safe; a file being written belongs to one thread at a time.
 *
 * <p>Deletions are not synced: after a power cut a deleted file may be there again. No record names
 * it, so the next start deletes it.
 */
public final class LocalStaging implements Staging {
    private final StagingDirectory directory;
    private final Disk disk;
    private final long salt;
    private final StagingSeal seal;
    private final AtomicLong opened = new AtomicLong();

    private LocalStaging(StagingDirectory directory, Disk disk, long salt, StagingSeal seal) {
        this.seal = seal;
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
        return open(directory, disk, salt, StagingSeal.NONE);
    }

    /**
     * The same, where what is staged may be encrypted.
     *
     * @param seal says at each file that is opened whether that is encrypted
     */
    public static LocalStaging open(Path directory, Disk disk, long salt, StagingSeal seal)
            throws IOException {
        return new LocalStaging(StagingDirectory.found(directory, disk), disk, salt, seal);
    }

    /** The bytes of a staged object in this directory, for somebody who only looks. */
    public static StagedContent look(
            Path directory, Disk disk, StagedBytes staged, StagingSeal seal) {
        return new LocalContent(disk, directory.resolve(staged.file()), staged, seal);
    }

    @Override
    public StagingFile open() throws IOException {
        directory.make();
        DataKey key = seal.keys().current();
        String name = "%016x-%d".formatted(salt, opened.incrementAndGet());
        if (key == null) {
            return create(name);
        }
        String sealed = SealedObject.fileName(name, key);
        return new SealedStagingFile(
                create(sealed), SealedObject.fileKey(key, seal.lane(), sealed).cipher());
    }

    private LocalStagingFile create(String name) throws IOException {
        return new LocalStagingFile(directory, name, disk.create(directory.path(name)));
    }

    @Override
    public StagedContent content(StagedBytes staged) {
        return new LocalContent(disk, directory.path(staged.file()), staged, seal);
    }

    @Override
    public void delete(String file) throws IOException {
        directory.delete(file);
    }

    @Override
    public List<String> files() throws IOException {
        return directory.files();
    }

    /** Bytes on disk, those of files being written included. What is still buffered is not. */
    @Override
    public long bytes() {
        return directory.bytes();
    }
}

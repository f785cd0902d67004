package io.delivery.buffer;

import io.delivery.failure.FailureText;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where blocks go when memory is short: one file per range, written sequentially, never synced,
 * because the log is the durable copy until the objects are staged. The lane writes it, encoders
 * read it. Bytes that were never synced may come back as other bytes: whoever reads them compares
 * their checksums.
 */
public final class SpoolFile implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SpoolFile.class);

    private final Path path;
    private final Disk disk;
    private DiskFile file;
    private volatile long length;

    /** Nothing is created before the first write. */
    public SpoolFile(Path path, Disk disk) {
        this.path = path;
        this.disk = disk;
    }

    /** Removes what a dead process left. */
    public static void deleteAll(Path directory, Disk disk) throws IOException {
        for (Path leftover : disk.list(directory)) {
            disk.delete(leftover);
        }
    }

    /** Appends the bytes; returns where they begin. */
    long write(ByteBuffer bytes) throws IOException {
        if (file == null) {
            disk.createDirectories(path.getParent());
            file = disk.create(path);
        }
        long at = length;
        int size = bytes.remaining();
        file.write(bytes, at);
        length = at + size;
        return at;
    }

    void read(ByteBuffer target, long position) throws SpoolLostException {
        try {
            file.readFully(target, position);
        } catch (IOException failed) {
            throw lost(position, FailureText.of(failed), failed);
        }
    }

    SpoolLostException lost(long position, String why, Throwable cause) {
        return new SpoolLostException("%s at %d: %s".formatted(path, position, why), cause);
    }

    /** As {@link #close()}; a file that cannot be removed is removed at the next start. */
    public void discard() {
        try {
            close();
        } catch (IOException left) {
            log.debug("spool not removed: file={}", path, left);
        }
    }

    /** Bytes on disk. */
    public long bytes() {
        return length;
    }

    /** Closes and removes the file: its range is staged, or will be read again from the log. */
    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
            file = null;
            disk.delete(path);
            length = 0;
        }
    }
}

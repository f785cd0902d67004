package io.delivery.world;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * Files and directories, with durability spelled out. Bytes are durable after {@link
 * DiskFile#sync()}, names (creation, rename, link, delete) after {@link #syncDirectory(Path)} of
 * the directory that holds them. Until then a power cut may forget them.
 *
 * <p>Calls run on the calling thread. A disk that is full fails with {@link DiskFullException}.
 */
public interface Disk {
    /**
     * Creates a file for reading and writing.
     *
     * @throws java.nio.file.FileAlreadyExistsException when the name is taken
     */
    DiskFile create(Path path) throws IOException;

    /**
     * Opens an existing file for reading and writing.
     *
     * @throws java.nio.file.NoSuchFileException when there is none
     */
    DiskFile open(Path path) throws IOException;

    /**
     * Opens an existing file for reading only: for commands that look at a running daemon's files.
     */
    DiskFile openReadOnly(Path path) throws IOException;

    /** Renames a file or directory; replaces an existing file at {@code to}. Atomic. */
    void rename(Path from, Path to) throws IOException;

    /**
     * Gives an existing file a second name.
     *
     * @throws java.nio.file.FileAlreadyExistsException when {@code name} is taken
     */
    void link(Path existing, Path name) throws IOException;

    /** Removes a file or an empty directory; nothing happens when it is not there. */
    void delete(Path path) throws IOException;

    /** Creates a directory and the missing ones above it; nothing happens when it is there. */
    void createDirectories(Path directory) throws IOException;

    /** Makes the names in a directory durable. */
    void syncDirectory(Path directory) throws IOException;

    /** Whether a file or directory of this name is there. */
    boolean exists(Path path) throws IOException;

    /** The entries of a directory, sorted by name; empty when it is not there. */
    List<Path> list(Path directory) throws IOException;

    /**
     * How many bytes a new file below this directory may still take; empty when the file system
     * does not tell.
     */
    OptionalLong usableBytes(Path directory) throws IOException;

    /**
     * How many bytes this process has written through this disk so far, to files wherever they are;
     * 0 where nobody counts. The zeros of {@linkplain DiskFile#allocate allocated} room are left
     * out.
     */
    default long bytesWritten() {
        return 0;
    }
}

package io.delivery.machine;

import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * The machine's file system. A POSIX one: a directory is made durable by opening and syncing it,
 * which Linux and macOS do and Windows refuses. Thread-safe.
 *
 * <p>An interrupt closes the channel a thread is at (see {@link FileChannel}); nobody in this
 * program interrupts threads that write.
 */
public final class FileDisk implements Disk {
    /**
     * What one system call is given at most. The JDK copies a heap buffer into a direct one of the
     * same size and keeps that for the thread, so large heap buffers go in pieces.
     */
    private static final int PIECE = 1 << 20;

    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(PIECE).asReadOnlyBuffer();
    private static final FileAttribute<?>[] AS_USUAL = {};

    private final Optional<Path> ownersOnly;
    private final LongAdder written = new LongAdder();

    /** Files and directories are created with the permissions that the process gives. */
    public FileDisk() {
        ownersOnly = Optional.empty();
    }

    /**
     * @param ownersOnly what is created in there is for the user of this process only; everything
     *     else is as usual
     */
    public FileDisk(Path ownersOnly) {
        this.ownersOnly = Optional.of(ownersOnly.toAbsolutePath().normalize());
    }

    private boolean isForOwnersOnly(Path path) {
        return ownersOnly.isPresent()
                && path.toAbsolutePath().normalize().startsWith(ownersOnly.get());
    }

    @Override
    public DiskFile create(Path path) throws IOException {
        return open(
                path,
                isForOwnersOnly(path) ? OwnersOnly.file(path) : AS_USUAL,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    @Override
    public DiskFile open(Path path) throws IOException {
        return open(path, AS_USUAL, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public DiskFile openReadOnly(Path path) throws IOException {
        return open(path, AS_USUAL, StandardOpenOption.READ);
    }

    private DiskFile open(Path path, FileAttribute<?>[] permissions, StandardOpenOption... options)
            throws IOException {
        try {
            return new ChannelFile(
                    path, FileChannel.open(path, Set.of(options), permissions), written);
        } catch (IOException e) {
            throw named(e, path);
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw named(e, to);
        }
    }

    @Override
    public void link(Path existing, Path name) throws IOException {
        try {
            Files.createLink(name, existing);
        } catch (IOException e) {
            throw named(e, name);
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        try {
            Files.createDirectories(
                    directory,
                    isForOwnersOnly(directory) ? OwnersOnly.directory(directory) : AS_USUAL);
        } catch (IOException e) {
            throw named(e, directory);
        }
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            throw named(e, directory);
        }
    }

    @Override
    public boolean exists(Path path) throws IOException {
        try {
            Files.readAttributes(path, BasicFileAttributes.class);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (FileSystemException e) {
            if ("Not a directory".equals(e.getReason())) {
                return false; // a file where the path has a directory
            }
            throw e;
        }
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        entries.sort(null);
        return entries;
    }

    @Override
    public OptionalLong usableBytes(Path directory) throws IOException {
        Path existing = directory.toAbsolutePath();
        while (!exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        // Asks for the path itself: a FileStore is looked for in the list of mounts, and the path
        // may lead into another namespace. Both answers are 0 when nobody can tell.
        long usable = existing.toFile().getUsableSpace();
        return usable == 0 && existing.toFile().getTotalSpace() == 0
                ? OptionalLong.empty()
                : OptionalLong.of(usable);
    }

    /** The same failure as the port tells it: full is full, everything else names its file. */
    private static IOException named(IOException e, Path path) {
        String message = String.valueOf(e.getMessage());
        if (DiskFullException.isSaidBy(e)) {
            return new DiskFullException("no space left for " + path, e);
        }
        if (e instanceof FileSystemException || e.getClass() != IOException.class) {
            return e;
        }
        return new IOException(path + ": " + message, e);
    }

    @Override
    public long bytesWritten() {
        return written.sum();
    }

    private record ChannelFile(Path path, FileChannel channel, LongAdder written)
            implements DiskFile {
        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            try {
                if (target.isDirect() || target.remaining() <= PIECE) {
                    return channel.read(target, position);
                }
                int limit = target.limit();
                target.limit(target.position() + PIECE);
                try {
                    return channel.read(target, position);
                } finally {
                    target.limit(limit);
                }
            } catch (IOException e) {
                throw named(e, path);
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            int limit = source.limit();
            long at = position;
            try {
                while (source.position() < limit) {
                    if (!source.isDirect()) {
                        source.limit(Math.min(limit, source.position() + PIECE));
                    }
                    at += channel.write(source, at);
                }
            } catch (IOException e) {
                throw named(e, path);
            } finally {
                source.limit(limit);
                written.add(at - position);
            }
        }

        @Override
        public void sync() throws IOException {
            try {
                // fdatasync: it makes the length durable, too, and leaves out the times
                channel.force(false);
            } catch (IOException e) {
                throw named(e, path);
            }
        }

        @Override
        public long length() throws IOException {
            return channel.size();
        }

        @Override
        public void truncate(long length) throws IOException {
            try {
                channel.truncate(length);
            } catch (IOException e) {
                throw named(e, path);
            }
        }

        /**
         * Writes zeros behind the present end; when the disk gets full the file stays as it was.
         */
        @Override
        public void allocate(long length) throws IOException {
            long before = channel.size();
            try {
                for (long at = before; at < length; ) {
                    ByteBuffer zeros = ZEROS.duplicate();
                    zeros.limit((int) Math.min(PIECE, length - at));
                    at += channel.write(zeros, at);
                }
            } catch (IOException e) {
                IOException failure = named(e, path);
                try {
                    channel.truncate(before);
                } catch (IOException second) {
                    failure.addSuppressed(second);
                }
                throw failure;
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}

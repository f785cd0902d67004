package io.delivery.wiring;

import io.delivery.failure.FailureText;
import io.delivery.machine.OwnersOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data directory, owned by one process at a time. A lock file refuses a second one and names
 * the owner; {@code FORMAT} refuses a program that is too old for it.
 */
public final class DataDirectory implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DataDirectory.class);

    private static final String FIRST_FORMAT = "delivery data 1";

    /** Streams may be encrypted: a program that knows of no keys must not open it. */
    private static final String ENCRYPTED_FORMAT = "delivery data 2";

    private static final Set<String> FORMATS = Set.of(FIRST_FORMAT, ENCRYPTED_FORMAT);

    private static final int MOST_FORMAT_BYTES = 256;

    private final Path path;
    private final FileChannel lockFile;
    private final FileLock lock;
    private final Optional<String> copiedFrom;

    private DataDirectory(
            Path path, FileChannel lockFile, FileLock lock, Optional<String> copiedFrom) {
        this.path = path;
        this.lockFile = lockFile;
        this.lock = lock;
        this.copiedFrom = copiedFrom;
    }

    /**
     * Opens and locks the directory; creates it when it is missing.
     *
     * @throws DataDirectoryException when it is locked, unreadable or of a newer format; the
     *     message says which and what to do
     */
    public static DataDirectory open(Path path) throws DataDirectoryException {
        FileChannel lockFile = null;
        try {
            createDurably(path.toAbsolutePath(), OwnersOnly.directory(path));
            keepToOwner(path);
            lockFile =
                    FileChannel.open(
                            path.resolve("lock"),
                            Set.of(
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE),
                            OwnersOnly.file(path));
            FileLock lock = tryLock(lockFile);
            if (lock == null) {
                String owner = read(lockFile);
                lockFile.close();
                throw new DataDirectoryException(
                        "%s is in use by another process (%s): stop that one first, or give this one"
                                        .formatted(path, owner)
                                + " another dataDir");
            }
            checkFormat(path);
            nameOwner(lockFile);
            return new DataDirectory(path, lockFile, lock, Birthplace.copiedFrom(path));
        } catch (IOException failed) {
            closeQuietly(lockFile);
            throw new DataDirectoryException(reason(path, failed));
        }
    }

    /** For a second process to tell. A full disk may have no room for it, and refuses nobody. */
    private static void nameOwner(FileChannel lockFile) {
        String owner = "pid " + ProcessHandle.current().pid();
        try {
            lockFile.truncate(0);
            lockFile.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)), 0);
        } catch (IOException failed) {
            log.warn("owner not named in the lock file: error={}", FailureText.of(failed));
        }
    }

    /**
     * Also a directory that was there already, unless it is another user's: a mounted volume is
     * what its owner made it.
     */
    private static void keepToOwner(Path path) {
        try {
            Set<PosixFilePermission> all = Files.getPosixFilePermissions(path);
            Set<PosixFilePermission> own = EnumSet.copyOf(all);
            own.retainAll(PosixFilePermissions.fromString("rwx------"));
            if (!own.equals(all)) {
                Files.setPosixFilePermissions(path, own);
                log.info("data directory closed to other users: directory={}", path);
            }
        } catch (IOException | UnsupportedOperationException asItIs) {
            log.info(
                    "data directory left open to other users: directory={} error={}",
                    path,
                    FailureText.of(asItIs));
        }
    }

    private static String reason(Path path, IOException failed) {
        if (Files.isRegularFile(path)) {
            return "%s is a file, and dataDir must be a directory".formatted(path);
        }
        if (failed instanceof AccessDeniedException
                || Files.exists(path) && !Files.isWritable(path)) {
            return "%s cannot be written: give the user of this process the right to, or name another dataDir"
                    .formatted(path);
        }
        return "%s cannot be used as data directory: %s".formatted(path, failed);
    }

    /** The directory and every missing one above it, their names durable. */
    private static void createDurably(Path path, FileAttribute<?>... permissions)
            throws IOException {
        Path above = path.getParent();
        if (above != null && !Files.exists(above)) {
            createDurably(above);
        }
        Files.createDirectories(path, permissions);
        if (above != null) {
            sync(above);
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static FileLock tryLock(FileChannel lockFile) throws IOException {
        try {
            return lockFile.tryLock();
        } catch (OverlappingFileLockException ofThisProcess) {
            return null;
        }
    }

    private static void checkFormat(Path path) throws IOException, DataDirectoryException {
        Path format = path.resolve("FORMAT");
        if (!Files.exists(format)) {
            writeFormat(path, FIRST_FORMAT);
            return;
        }
        String found = Files.readString(format).strip();
        if (!FORMATS.contains(found)) {
            throw new DataDirectoryException(otherFormat(path, found));
        }
    }

    /** Durable at return. */
    private static void writeFormat(Path path, String format) throws IOException {
        Path next = path.resolve("FORMAT.new");
        try (FileChannel file =
                FileChannel.open(
                        next,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.WRITE),
                        OwnersOnly.file(next))) {
            file.write(ByteBuffer.wrap((format + "\n").getBytes(StandardCharsets.UTF_8)));
            file.force(true);
        }
        Files.move(next, path.resolve("FORMAT"), StandardCopyOption.ATOMIC_MOVE);
        sync(path);
    }

    /**
     * Says that what is in the directory may be encrypted from now on: programs that know of no
     * keys refuse it. There is no way back.
     */
    void mayBeEncrypted() throws IOException {
        if (!Files.readString(path.resolve("FORMAT")).strip().equals(ENCRYPTED_FORMAT)) {
            writeFormat(path, ENCRYPTED_FORMAT);
        }
    }

    /**
     * Whether somebody who only looks can use this directory; touches nothing, whoever has it.
     *
     * @return why not, and what to do; empty when all is well
     */
    static Optional<String> refusal(Path path) {
        if (!Files.isDirectory(path)) {
            return Optional.of(
                    Files.exists(path)
                            ? path + " is a file, and a data directory is a directory"
                            : "there is no data directory " + path);
        }
        try {
            Path format = path.resolve("FORMAT");
            String found =
                    Files.size(format) > MOST_FORMAT_BYTES
                            ? "something long"
                            : new String(Files.readAllBytes(format), StandardCharsets.UTF_8)
                                    .strip();
            return FORMATS.contains(found)
                    ? Optional.empty()
                    : Optional.of(otherFormat(path, found));
        } catch (NoSuchFileException missing) {
            return Optional.of(path + " is no data directory: it has no file FORMAT");
        } catch (IOException unreadable) {
            return Optional.of("%s cannot be read: %s".formatted(path, unreadable));
        }
    }

    /**
     * Why {@link #open} will refuse this path, as far as that shows without touching it. Whether
     * another process has it, or this one has the right to write there, does not count: who looks
     * may be another user.
     */
    static Optional<String> foreseenRefusal(Path path) {
        if (Files.isDirectory(path)) {
            return Files.exists(path.resolve("FORMAT")) ? refusal(path) : Optional.empty();
        }
        for (Path at = path.toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at) && !Files.isDirectory(at)) {
                return Optional.of("must be a directory, and %s is a file".formatted(at));
            }
        }
        return Optional.empty();
    }

    private static String otherFormat(Path path, String found) {
        return "%s has the format '%s', and this program knows '%s': use the program that wrote it, or a newer one"
                .formatted(path, found, ENCRYPTED_FORMAT);
    }

    private static String read(FileChannel file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(64);
        file.read(bytes, 0);
        String owner = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        return owner.isEmpty() ? "unknown" : owner;
    }

    private static void closeQuietly(FileChannel file) {
        if (file != null) {
            try {
                file.close();
            } catch (IOException ignored) {
                // The first failure is the one that is told.
            }
        }
    }

    public Path path() {
        return path;
    }

    /**
     * Where it was when an earlier process used it, if this is a copy of that; told once.
     *
     * @return empty when it is none, or nobody can tell
     */
    Optional<String> copiedFrom() {
        return copiedFrom;
    }

    @Override
    public void close() throws IOException {
        lock.release();
        lockFile.close();
    }
}

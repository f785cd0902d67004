package io.delivery.runtime.code;

import io.delivery.failure.FailureText;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folders that belong to this room. */
public final class Folders {
    private static final Logger log = LoggerFactory.getLogger(Folders.class);

    /** So often a folder is tried that somebody writes into. */
    private static final int ROUNDS = 5;

    /** Characters below the folder; a path may have 4096 bytes. */
    private static final int MAX_LENGTH = 512;

    private static final Set<PosixFilePermission> OWNERS =
            PosixFilePermissions.fromString("rwx------");

    private Folders() {}

    /** Makes a folder, and those above it that are missing, for the user of this process only. */
    public static Path create(Path folder) throws IOException {
        if (isPosix(folder)) {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNERS));
            open(folder);
        } else {
            Files.createDirectories(folder);
        }
        return folder;
    }

    /** Lets the user of this process read it and write to it, and nobody else. */
    private static void open(Path folder) throws IOException {
        if (isPosix(folder)
                && !Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS)
                        .equals(OWNERS)) {
            Files.setPosixFilePermissions(folder, OWNERS);
        }
    }

    private static boolean isPosix(Path folder) {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /**
     * Removes a folder with all that is in it, whatever its permissions and however deep it is;
     * follows no link. What appears meanwhile is removed as well, unless it appears again and
     * again. Writes nothing, so that it needs no room.
     */
    public static void remove(Path folder) throws IOException {
        int written = 0;
        while (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Removal removal = new Removal(folder);
            try {
                Files.walkFileTree(folder, removal);
            } catch (DirectoryNotEmptyException somebodyWrites) {
                if (!removal.moved && ++written == ROUNDS) {
                    throw somebodyWrites;
                }
            }
        }
    }

    /** Removes what it visits. */
    private static final class Removal extends SimpleFileVisitor<Path> {
        private final Path root;
        private final Set<Path> opened = new HashSet<>();

        /** Whether there is something in the root that was not there before. */
        private boolean moved;

        Removal(Path root) {
            this.root = root;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
                throws IOException {
            open(dir);
            if (root.relativize(dir).toString().length() > MAX_LENGTH) {
                // What is much deeper has no path that the system takes.
                Files.move(dir, root.resolve(UUID.randomUUID().toString()));
                moved = true;
                return FileVisitResult.SKIP_SUBTREE;
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path path, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE; // somebody else has removed it
            }
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) || !opened.add(path)) {
                throw failure;
            }
            open(path); // a folder that its owner may not read
            Files.walkFileTree(path, this);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path dir, IOException failure)
                throws IOException {
            if (failure != null) {
                throw failure;
            }
            if (!moved || !dir.equals(root)) {
                Files.deleteIfExists(dir);
            }
            return FileVisitResult.CONTINUE;
        }
    }

    /** As {@link #remove}; what does not go stays until the next start, and the log says so. */
    public static void removeOrTell(Path folder) {
        try {
            remove(folder);
        } catch (IOException e) {
            log.warn("folder not removed: folder={} error={}", folder, FailureText.of(e));
        }
    }
}

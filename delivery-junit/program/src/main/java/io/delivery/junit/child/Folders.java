package io.delivery.junit.child;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;

/** Temporary folders. */
public final class Folders {
    /** Whoever has just looked up a name in it may still add that file. */
    private static final int ATTEMPTS = 20;

    private Folders() {}

    /**
     * Removes a folder with all that is in it, as far as that is possible. It gets another name
     * beside its own first, so that whoever still writes into it finds it no more. Where the system
     * does not let it, or another process holds a file, something may stay for the system to clear:
     * under the folder's own name, unless somebody has made a folder of that name meanwhile.
     */
    public static void remove(Path folder) {
        remove(folder, ATTEMPTS);
    }

    /**
     * @param attempts how often it is tried
     */
    static void remove(Path folder, int attempts) {
        if (!isThere(folder)) {
            return;
        }
        Path away = folder.resolveSibling(folder.getFileName() + "-removed-" + UUID.randomUUID());
        try {
            Files.move(folder, away, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException held) {
            removeNow(folder, attempts);
            return;
        }
        removeNow(away, attempts);
        if (isThere(away)) {
            nameAgain(away, folder);
        }
    }

    /** People look for what is left where it was. */
    private static void nameAgain(Path away, Path folder) {
        try {
            Files.move(away, folder);
        } catch (IOException taken) {
            // It stays under the other name, which begins with that of the folder.
        }
    }

    private static void removeNow(Path folder, int attempts) {
        for (int attempt = 0; attempt < attempts && isThere(folder); attempt++) {
            try {
                Files.walkFileTree(folder, new Removal());
            } catch (IOException left) {
                // The next attempt sees what is there by then.
            }
        }
    }

    private static boolean isThere(Path folder) {
        return Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
    }

    /** Goes on whatever cannot be read or removed. */
    private static final class Removal extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return removed(file);
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return removed(file);
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException incomplete) {
            return removed(folder);
        }

        private static FileVisitResult removed(Path path) {
            path.toFile().delete(); // or somebody else has
            return FileVisitResult.CONTINUE;
        }
    }
}

package io.delivery.machine;

import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * What only the user of this process may read: records are other people's data. Nothing where the
 * file system knows no such permissions.
 */
public final class OwnersOnly {
    private static final FileAttribute<?>[] NONE = {};
    private static final FileAttribute<?>[] FILE = {
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
    };
    private static final FileAttribute<?>[] DIRECTORY = {
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
    };

    private OwnersOnly() {}

    /** For a file that is created here: 0600. */
    public static FileAttribute<?>[] file(Path path) {
        return isPosix(path) ? FILE.clone() : NONE;
    }

    /** For a directory that is created here: 0700. */
    public static FileAttribute<?>[] directory(Path path) {
        return isPosix(path) ? DIRECTORY.clone() : NONE;
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}

package io.delivery.testkit;

import java.nio.file.Path;

/**
 * One call that changes a disk.
 *
 * @param path absolute; of a rename or a link the new name
 */
public record DiskCall(Kind kind, Path path) {
    /** Which call it is. */
    public enum Kind {
        CREATE,
        WRITE,
        ALLOCATE,
        TRUNCATE,
        SYNC,
        RENAME,
        LINK,
        DELETE,
        CREATE_DIRECTORIES,
        SYNC_DIRECTORY
    }

    /** Whether it is of this kind, on a path that has a part called so. */
    public boolean isOn(Kind wanted, String name) {
        return kind == wanted && touches(name);
    }

    /** Whether a part of its path is called so. */
    public boolean touches(String name) {
        for (Path part : path) {
            if (part.toString().equals(name)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(java.util.Locale.ROOT) + " " + path;
    }
}

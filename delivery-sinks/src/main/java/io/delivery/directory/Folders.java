package io.delivery.directory;

import io.delivery.world.Disk;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/** The directories of a lake: made, made durable, and kept from leading out of it. Thread-safe. */
final class Folders {
    /** Directories remembered; a forgotten one is only synced once more. */
    private static final int REMEMBERED = 20_000;

    private final Disk disk;
    private final Path lake;

    /**
     * Directories whose own name this process has synced: their paths as text, which takes less
     * than half of what a {@link Path} takes. Guarded by this.
     */
    private final Map<String, Boolean> durable =
            new LinkedHashMap<>(64, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                    return size() > REMEMBERED;
                }
            };

    Folders(Disk disk, Path lake) {
        this.disk = disk;
        this.lake = lake;
    }

    /**
     * Makes the directory and those above it exist, and their names durable, up to the root of the
     * file system: who made the lake's own folder may have died, too.
     *
     * @throws FileInTheWayException when one of them is a file
     */
    void makeDurable(Path directory) throws IOException {
        Deque<Path> above = new ArrayDeque<>();
        for (Path at = directory; at.getParent() != null; at = at.getParent()) {
            above.push(at);
        }
        for (Path at : above) {
            boolean there = disk.exists(at);
            if (!there) {
                create(at);
            } else if (remembered(at)) {
                continue;
            } else if (at.startsWith(lake) && !isDirectory(at)) {
                throw inTheWay(at, null);
            }
            syncName(at, there);
            remember(at);
        }
    }

    private void syncName(Path directory, boolean wasThere) throws IOException {
        try {
            disk.syncDirectory(directory.getParent());
        } catch (AccessDeniedException e) {
            boolean outside = !directory.startsWith(lake) || directory.equals(lake);
            if (!wasThere || !outside) {
                throw e;
            }
            // Not ours to open, so it was not us who made something in it.
        }
    }

    private void create(Path directory) throws IOException {
        try {
            disk.createDirectories(directory);
        } catch (FileAlreadyExistsException | NotDirectoryException e) {
            throw inTheWay(directory, e);
        } catch (FileSystemException e) {
            if (String.valueOf(e.getReason()).contains("Not a directory")) {
                throw inTheWay(directory, e);
            }
            throw e;
        }
    }

    /** Names the file: it may stand in the place of a folder further up that was there before. */
    private FileInTheWayException inTheWay(Path path, IOException cause) throws IOException {
        Path file = path;
        while (file.getParent() != null && !disk.exists(file)) {
            file = file.getParent();
        }
        return new FileInTheWayException(file, cause);
    }

    private synchronized boolean remembered(Path directory) {
        return durable.containsKey(directory.toString());
    }

    private synchronized void remember(Path directory) {
        durable.put(directory.toString(), true);
    }

    /** Whether there is a directory of this name. */
    boolean isDirectory(Path path) throws IOException {
        if (!disk.exists(path)) {
            return false;
        }
        try {
            disk.list(path);
            return true;
        } catch (NotDirectoryException e) {
            return false;
        }
    }

    /**
     * Looks at every name below the lake on the way to a file; the lake itself may be a link. Not a
     * question to {@link Disk}: whoever has no real files has no links either.
     *
     * @throws NotOursException when one is a symbolic link
     */
    void refuseLinks(Path file) throws NotOursException {
        for (Path at = file; at != null && !at.equals(lake); at = at.getParent()) {
            if (Files.isSymbolicLink(at)) {
                throw new NotOursException(at + " is a symbolic link");
            }
        }
    }
}

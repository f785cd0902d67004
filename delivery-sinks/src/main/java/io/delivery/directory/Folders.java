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
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
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
     * @throws NotOursException when one below the lake is a symbolic link
     */
    void makeDurable(Path directory) throws IOException {
        for (Path made : make(directory)) {
            disk.syncDirectory(made.getParent());
            nameIsDurable(made);
        }
    }

    /**
     * The same without the last step: the names of the directories that are given back are durable
     * once those above them have been synced, which several objects may share. Whoever has done
     * that says so by {@link #nameIsDurable}.
     *
     * @return directories below the lake, those above first
     */
    List<Path> make(Path directory) throws IOException {
        Deque<Path> below = new ArrayDeque<>();
        Path known = directory;
        // What is there is below directories that are there.
        while (known.getParent() != null && !(remembered(known) && disk.exists(known))) {
            below.push(known);
            known = known.getParent();
        }
        if (known.startsWith(lake)) {
            refuseLinks(known);
        }
        List<Path> made = new ArrayList<>(1);
        for (Path at : below) {
            if (!at.startsWith(lake) || at.equals(lake)) {
                makeAbove(at);
            } else {
                create(at);
                requireNoLink(at);
                made.add(at);
            }
        }
        return made;
    }

    /** The lake, which may be a symbolic link, or a directory above it. */
    private void makeAbove(Path at) throws IOException {
        boolean there = disk.exists(at);
        if (!there) {
            create(at);
        } else if (at.equals(lake) && !isDirectory(at)) {
            throw inTheWay(at, null);
        }
        syncName(at, there);
        nameIsDurable(at);
    }

    private void syncName(Path outside, boolean wasThere) throws IOException {
        try {
            disk.syncDirectory(outside.getParent());
        } catch (AccessDeniedException e) {
            if (!wasThere) {
                throw e;
            }
            // Not ours to open, so it was not us who made something in it.
        }
    }

    private void create(Path directory) throws IOException {
        try {
            disk.createDirectories(directory);
        } catch (FileAlreadyExistsException | NotDirectoryException e) {
            refuseLinks(directory);
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

    /** The directory above it has been synced since it was made. */
    synchronized void nameIsDurable(Path directory) {
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
            requireNoLink(at);
        }
    }

    private static void requireNoLink(Path path) throws NotOursException {
        if (Files.isSymbolicLink(path)) {
            throw new NotOursException(path + " is a symbolic link");
        }
    }
}

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

    /** The state of a directory whose own name this process has synced since it was made. */
    private static final Long DURABLE = 0L;

    private final Disk disk;
    private final Path lake;

    /**
     * Held while a directory is made, so that whoever syncs names knows of all that are there: a
     * reader may have removed a folder, and another thread make it again, at any time.
     */
    private final Object making = new Object();

    /** How many directories have been made, as a clock. Guarded by {@code making}. */
    private long clock;

    /**
     * Directories that this process has made or found: {@link #DURABLE}, or else when it was. Their
     * paths as text, which takes less than half of what a {@link Path} takes. Guarded by itself.
     */
    private final Map<String, Long> known =
            new LinkedHashMap<>(64, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
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
        List<Path> all = make(directory);
        long before = now();
        for (Path made : all) {
            disk.syncDirectory(made.getParent());
            nameIsDurable(made, before);
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
        Path there = directory;
        while (there.getParent() != null && !isThere(there)) {
            below.push(there);
            there = there.getParent();
        }
        if (there.startsWith(lake)) {
            refuseLinks(there);
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

    /**
     * What is there is below directories that are there. Only the second question to the memory
     * counts, since the directory may just have been made again by another thread; the first one
     * saves a look at the disk for each folder that is new.
     */
    private boolean isThere(Path directory) throws IOException {
        return areDurable(directory) && disk.exists(directory) && areDurable(directory);
    }

    /** The lake, which may be a symbolic link, or a directory above it. */
    private void makeAbove(Path at) throws IOException {
        boolean there = disk.exists(at);
        if (!there) {
            create(at);
        } else if (at.equals(lake) && !isDirectory(at)) {
            throw inTheWay(at, null);
        } else {
            foundUnlessKnown(at);
        }
        long before = now();
        syncName(at, there);
        nameIsDurable(at, before);
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
            createUnlessThere(directory);
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

    /**
     * Its name is no longer known as durable before it is there again. One that another object has
     * just made stays as it is, and whoever syncs its name first makes it durable for both.
     */
    private void createUnlessThere(Path directory) throws IOException {
        String path = directory.toString();
        synchronized (making) {
            if (state(path) != null && disk.exists(directory)) {
                return;
            }
            put(path, ++clock);
            boolean made = false;
            try {
                disk.createDirectories(directory);
                made = true;
            } finally {
                if (!made) {
                    forget(path);
                }
            }
        }
    }

    /** Whoever syncs the name of one that is known already makes it durable for this one, too. */
    private void foundUnlessKnown(Path directory) {
        String path = directory.toString();
        synchronized (making) {
            if (state(path) == null) {
                put(path, ++clock);
            }
        }
    }

    /** All directories that were made before are there; those that follow are made later. */
    long now() {
        synchronized (making) {
            return clock;
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

    private Long state(String path) {
        synchronized (known) {
            return known.get(path);
        }
    }

    private void put(String path, Long state) {
        synchronized (known) {
            known.put(path, state);
        }
    }

    private void forget(String path) {
        synchronized (known) {
            known.remove(path);
        }
    }

    /** Whether its name and all above it have been synced since they were made. */
    boolean areDurable(Path directory) {
        synchronized (known) {
            for (Path at = directory; at.getParent() != null; at = at.getParent()) {
                if (!DURABLE.equals(known.get(at.toString()))) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * The directory above it has been synced.
     *
     * @param before {@link #now} of a time before that sync: it says nothing of a directory that
     *     was made later
     */
    void nameIsDurable(Path directory, long before) {
        String path = directory.toString();
        synchronized (known) {
            Long state = known.get(path);
            if (state != null && state <= before) {
                known.put(path, DURABLE);
            }
        }
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

package io.delivery.home;

import io.delivery.config.Origin;
import io.delivery.failure.FailureText;
import io.delivery.record.Incarnation;
import io.delivery.world.Disk;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The directories of all streams: {@code streams/<name>~<first 8 digits of the incarnation>/}.
 *
 * <p>A stream comes to be under another name, with {@link #BEING_MADE} behind it, and is renamed
 * when everything in it is durable. So a directory under a stream's name always had its {@code
 * stream.meta}: where that is missing, it was lost. What is to be removed has a {@link #MARK}.
 */
public final class StreamFolders {
    /** The file that says: this directory is to be removed, whatever else is in it. */
    static final String MARK = "deleted";

    static final String BEING_MADE = ".new";

    private static final Pattern FOLDER = Pattern.compile("([a-z0-9_-]|%2E){1,64}~[0-9a-f]{8}");

    private StreamFolders() {}

    static Path streams(Path dataDirectory) {
        return dataDirectory.resolve("streams");
    }

    /** A stream's name as the beginning of a directory name: lower case, dots as {@code %2E}. */
    static String directoryName(String name) {
        return name.toLowerCase(Locale.ROOT).replace(".", "%2E");
    }

    static String folderOf(String name, Incarnation incarnation) {
        return directoryName(name) + "~" + incarnation.hex().substring(0, 8);
    }

    /** A stream's name, in lower case, as its directory tells it. */
    public static String nameOf(Path directory) {
        String folder = directory.getFileName().toString();
        return folder.substring(0, folder.lastIndexOf('~')).replace("%2E", ".");
    }

    /** Whether two streams would need directories of one name. */
    public static boolean sameName(String one, String other) {
        return key(one).equals(key(other));
    }

    /** What differs between any two streams of a data directory: a name without its case. */
    public static String key(String name) {
        return directoryName(name);
    }

    /** The directories of all streams that are there and not to be removed, in order. */
    public static List<Path> directories(Path dataDirectory, Disk disk) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path directory : folders(dataDirectory, disk)) {
            if (!isDeleted(directory, disk) && !disk.list(directory).isEmpty()) {
                found.add(directory);
            }
        }
        return found;
    }

    private static List<Path> folders(Path dataDirectory, Disk disk) throws IOException {
        return disk.list(streams(dataDirectory)).stream()
                .filter(entry -> FOLDER.matcher(entry.getFileName().toString()).matches())
                .toList();
    }

    /**
     * The directories that are to be removed, without a look into any other. One of which nobody
     * can say so is not among them: it will be told as damaged.
     */
    public static List<Path> deleted(Path dataDirectory, Disk disk) throws IOException {
        List<Path> deleted = new ArrayList<>();
        for (Path directory : folders(dataDirectory, disk)) {
            try {
                if (isDeleted(directory, disk)) {
                    deleted.add(directory);
                }
            } catch (IOException unknown) {
                // look() tells
            }
        }
        return deleted;
    }

    /** Whether there is a place for them: an empty mount point has none. */
    public static boolean areThere(Path dataDirectory, Disk disk) throws IOException {
        return disk.exists(streams(dataDirectory));
    }

    /** Looks at every stream's directory. */
    public static List<StreamFolder> all(Path dataDirectory, World world) throws IOException {
        List<StreamFolder> all = new ArrayList<>();
        for (Path directory : folders(dataDirectory, world.disk())) {
            look(directory, world).ifPresent(all::add);
        }
        return all;
    }

    /** Empty for an empty directory: the last trace of a removal. */
    private static Optional<StreamFolder> look(Path directory, World world) {
        String name = nameOf(directory);
        try {
            if (isDeleted(directory, world.disk())) {
                return Optional.of(new StreamFolder.Deleted(name, directory));
            }
            if (world.disk().list(directory).isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new StreamFolder.Kept(StreamHome.open(directory, world).kept()));
        } catch (IOException damaged) {
            return Optional.of(damaged(directory, world.disk(), damaged));
        }
    }

    private static StreamFolder damaged(Path directory, Disk disk, IOException why) {
        String reason = FailureText.of(why);
        try {
            Optional<String> lost = lostMeta(directory, disk);
            if (lost.isPresent()) {
                reason = "%s %s".formatted(StreamMeta.in(directory), lost.get());
            }
            StreamMeta meta = StreamMeta.read(disk, directory);
            return new StreamFolder.Damaged(meta.name(), directory, meta.origin(), reason);
        } catch (IOException metaToo) {
            return new StreamFolder.Damaged(nameOf(directory), directory, Origin.YAML, reason);
        }
    }

    /**
     * Whether {@code stream.meta} has been lost: a directory that has anything else had it.
     *
     * @return what is the matter with that file; empty when it is there, or there is nothing
     */
    public static Optional<String> lostMeta(Path directory, Disk disk) throws IOException {
        if (disk.exists(StreamMeta.in(directory)) || isDeleted(directory, disk)) {
            return Optional.empty();
        }
        return disk.list(directory).isEmpty() ? Optional.empty() : Optional.of("is missing");
    }

    static boolean isDeleted(Path directory, Disk disk) throws IOException {
        return disk.exists(directory.resolve(MARK));
    }

    /**
     * Removes what dead processes have left: streams that were never made to the end, and the empty
     * directories of streams that were removed. Durable at return.
     */
    public static void tidy(Path dataDirectory, Disk disk) throws IOException {
        boolean any = false;
        for (Path entry : disk.list(streams(dataDirectory))) {
            String folder = entry.getFileName().toString();
            boolean unfinished =
                    folder.endsWith(BEING_MADE)
                            && FOLDER.matcher(folder.substring(0, folder.length() - 4)).matches();
            if (unfinished || FOLDER.matcher(folder).matches() && isEmpty(entry, disk)) {
                removeTree(disk, entry);
                any = true;
            }
        }
        if (any) {
            disk.syncDirectory(streams(dataDirectory));
        }
    }

    /**
     * Makes durable which streams there are: a dead process may have made one and not synced it.
     */
    public static void confirm(Path dataDirectory, Disk disk) throws IOException {
        Path streams = streams(dataDirectory);
        if (disk.exists(streams)) {
            disk.syncDirectory(streams);
            disk.syncDirectory(dataDirectory);
        }
    }

    /** What cannot be listed is not: it will be told as damaged. */
    private static boolean isEmpty(Path directory, Disk disk) {
        try {
            return disk.list(directory).isEmpty();
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** Removes the staged and spilled bytes of every lane but these. */
    static void clearOthers(Disk disk, Path directory, List<String> lanes) throws IOException {
        for (Path lane : disk.list(directory.resolve("lanes"))) {
            if (!lanes.contains(lane.getFileName().toString())) {
                for (String room : List.of("staging", "spool")) {
                    for (Path file : disk.list(lane.resolve(room))) {
                        disk.delete(file);
                    }
                }
            }
        }
    }

    /** Removes a file, or a directory with everything in it; not durable at return. */
    static void removeTree(Disk disk, Path path) throws IOException {
        try {
            disk.delete(path);
        } catch (DirectoryNotEmptyException directory) {
            for (Path entry : disk.list(path)) {
                removeTree(disk, entry);
            }
            disk.delete(path);
        }
    }
}

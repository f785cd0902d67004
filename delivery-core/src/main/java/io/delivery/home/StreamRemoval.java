package io.delivery.home;

import io.delivery.world.Disk;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * How a stream's directory goes for good. Once it is marked, every later process goes on with its
 * removal, wherever the one before it died. {@code docs/formats/stream-meta.md} tells the order.
 */
public final class StreamRemoval {
    private static final String FORMAT = "delivery stream deleted 1";

    private StreamRemoval() {}

    /**
     * Marks a directory as one that is to be removed; durable at return. Nothing that is in it is
     * needed for that.
     *
     * @throws IOException when nobody knows whether a later process finds the mark: {@link
     *     #mayBeMarked} tells what this one would find
     */
    public static void mark(Path directory, World world) throws IOException {
        ChecksummedText.replace(
                world.disk(),
                directory.resolve(StreamFolders.MARK),
                "%s\n%d\n".formatted(FORMAT, world.clock().millis()));
    }

    /** Whether a later process might find a mark; what the mark says does not matter. */
    public static boolean mayBeMarked(Path directory, Disk disk) {
        try {
            return StreamFolders.isDeleted(directory, disk);
        } catch (IOException unknown) {
            return true;
        }
    }

    /** The directories of the lanes that are left. */
    public static List<Path> lanes(Path directory, Disk disk) throws IOException {
        return disk.list(directory.resolve("lanes"));
    }

    /** Removes what takes room and tells nobody anything any more. */
    public static void removeBytes(Path directory, Disk disk) throws IOException {
        StreamFolders.removeTree(disk, directory.resolve("journal"));
        StreamFolders.removeTree(disk, directory.resolve("damaged"));
        for (Path lane : lanes(directory, disk)) {
            StreamFolders.removeTree(disk, lane.resolve("staging"));
            StreamFolders.removeTree(disk, lane.resolve("spool"));
        }
    }

    /**
     * Removes all that is left, durably; the mark only when everything else is gone for good: a
     * power cut must not bring back a stream without its mark.
     */
    public static void removeRest(Path directory, Disk disk) throws IOException {
        Path mark = directory.resolve(StreamFolders.MARK);
        if (disk.exists(directory)) {
            for (Path entry : disk.list(directory)) {
                if (!entry.equals(mark)) {
                    StreamFolders.removeTree(disk, entry);
                }
            }
            disk.syncDirectory(directory);
            disk.delete(mark);
            disk.delete(directory);
        }
        disk.syncDirectory(directory.getParent());
    }
}

package io.delivery.engine;

import io.delivery.config.Limits;
import io.delivery.failure.RepeatedFailure;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The volume that the data directory is on. It may be smaller than the disk limit, and others may
 * fill it: so streams take no more than it has, and a file of a few megabytes is kept that is given
 * up before a lane lacks the room to land what it holds. While it is given up, no journal grows.
 * Thread-safe.
 */
public final class DataVolume implements DiskShares.Volume {
    private static final String FILE = "reserve";

    /** What the service itself keeps in the data directory, and is large. */
    private static final List<String> COUNTED = List.of("streams", "archive", FILE);

    /** More than any limit, and small enough to calculate with. */
    private static final long ROOM_THAT_NOBODY_KNOWS = Long.MAX_VALUE / 32;

    /** One part of so many is for what is beside streams, such as ledgers. */
    private static final int PARTS = 16;

    /** With less than this the reserve is given up. */
    private static final long SHORT_BYTES = 1L << 20;

    /** With so many times the reserve it is kept again. */
    private static final int AMPLE_TIMES = 2;

    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Logger log = LoggerFactory.getLogger(DataVolume.class);

    private final World world;
    private final Path dataDirectory;
    private final Path file;
    private final Executor executor;
    private final long roomBytes;
    private final RepeatedFailure looking;

    private boolean closed;
    private volatile boolean given;

    private DataVolume(World world, Path dataDirectory, long roomBytes) {
        this.world = world;
        this.dataDirectory = dataDirectory;
        this.file = dataDirectory.resolve(FILE);
        this.roomBytes = roomBytes;
        this.executor = world.scheduler().serial("volume");
        this.looking =
                RepeatedFailure.of(
                        log,
                        "looking at the volume",
                        world.clock()::nanoTime,
                        "directory",
                        dataDirectory);
    }

    /**
     * Looks at the volume before anything is written to it, and gives the reserve up if it is full.
     * From then on it looks every two seconds.
     *
     * @param limitBytes the disk limit: what the service has in the directory is added up only when
     *     that might not fit. It counts alone where the file system does not tell how much room
     *     there is
     * @throws IOException when the disk fails
     */
    public static DataVolume open(World world, Path dataDirectory, long limitBytes)
            throws IOException {
        OptionalLong usable = world.disk().usableBytes(dataDirectory);
        DataVolume volume =
                new DataVolume(world, dataDirectory, usable.orElse(ROOM_THAT_NOBODY_KNOWS));
        if (volume.streamBytes() < limitBytes) {
            long room = usable.orElseThrow();
            for (String entry : COUNTED) {
                room += bytes(world.disk(), dataDirectory.resolve(entry));
            }
            volume = new DataVolume(world, dataDirectory, room);
        }
        volume.look();
        return volume;
    }

    /** An entry that cannot be read is not ours to count: the owner of the volume made it. */
    private static long bytes(Disk disk, Path path) {
        try {
            long sum = 0;
            for (Path entry : disk.list(path)) {
                sum += bytes(disk, entry);
            }
            return sum;
        } catch (NotDirectoryException itIsAFile) {
            try (DiskFile found = disk.openReadOnly(path)) {
                return found.length();
            } catch (IOException unreadable) {
                return 0;
            }
        } catch (IOException unreadable) {
            return 0;
        }
    }

    /** What the volume had for the data directory at the start, at least. */
    public long roomBytes() {
        return roomBytes;
    }

    /**
     * What of that the streams may take: without the reserve, and without a sixteenth for what is
     * beside them, such as ledgers, marks, and what the file system needs itself.
     */
    @Override
    public long streamBytes() {
        return roomBytes - reserveBytes() - roomBytes / PARTS;
    }

    /** What of it the ledgers of all lanes may take, beside streams at this limit. */
    public long ledgerBytes(long streamLimitBytes) {
        return Math.max(roomBytes / PARTS, roomBytes - reserveBytes() - streamLimitBytes);
    }

    @Override
    public boolean mayGrow() {
        return !given;
    }

    private long reserveBytes() {
        return Math.min(Limits.VOLUME_RESERVE_BYTES, roomBytes / 4);
    }

    private synchronized void look() {
        if (closed) {
            return;
        }
        try {
            OptionalLong usable = world.disk().usableBytes(dataDirectory);
            if (usable.isPresent()) {
                look(usable.getAsLong(), world.disk().exists(file));
            } // otherwise what was known last stays
            looking.worked();
        } catch (IOException failure) {
            looking.failed(failure);
        }
        world.scheduler().after(LOOK, executor, this::look);
    }

    private void look(long usable, boolean kept) throws IOException {
        if (usable < SHORT_BYTES) {
            giveUp(kept);
        } else if (kept) {
            given = false;
        } else if (usable >= AMPLE_TIMES * reserveBytes()) {
            keep();
        } else if (!given) {
            given = true; // what comes free fills the reserve first
            log.warn(
                    "volume has too little room for the reserve, so no records are accepted:"
                            + " directory={} free={} needed={}",
                    dataDirectory,
                    usable,
                    AMPLE_TIMES * reserveBytes());
        }
    }

    private void giveUp(boolean kept) throws IOException {
        given = true;
        if (kept) {
            world.disk().delete(file);
            log.warn(
                    "volume is full, its reserve was given up for what is to land: directory={}"
                            + " bytes={}",
                    dataDirectory,
                    reserveBytes());
        }
    }

    private void keep() throws IOException {
        Path made = dataDirectory.resolve(FILE + ".new");
        world.disk().delete(made);
        try (DiskFile reserve = world.disk().create(made)) {
            reserve.allocate(reserveBytes());
            reserve.sync();
            world.disk().rename(made, file);
        } catch (IOException failed) {
            world.disk().delete(made);
            throw failed;
        }
        given = false;
    }

    /** Looks no more; the reserve stays. */
    public synchronized void close() {
        closed = true;
    }
}

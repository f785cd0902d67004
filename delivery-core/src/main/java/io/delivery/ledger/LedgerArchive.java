package io.delivery.ledger;

import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;

/**
 * The ledgers of streams that were deleted: {@code archive/<directory of the stream>/<lane>/<UTC
 * day>.dl}. They count against the limit of all ledgers, and go with it. Thread-safe.
 */
public final class LedgerArchive {
    private final Path directory;
    private final LedgerLimit limit;
    private final World world;

    public LedgerArchive(Path dataDirectory, LedgerLimit limit, World world) {
        this.directory = dataDirectory.resolve("archive");
        this.limit = limit;
        this.world = world;
    }

    /** Counts what is there against the limit, and removes what the limit has emptied. */
    public synchronized void open() throws IOException {
        Disk disk = world.disk();
        for (Path stream : disk.list(directory)) {
            for (Path lane : disk.list(stream)) {
                for (LedgerFileName name : Ledger.files(lane, disk)) {
                    count(name, lane.resolve(name.text()));
                }
                deleteIfEmpty(lane);
            }
            deleteIfEmpty(stream);
        }
        limit.trim(world);
    }

    private void deleteIfEmpty(Path emptied) throws IOException {
        if (world.disk().list(emptied).isEmpty()) {
            world.disk().delete(emptied);
        }
    }

    private void count(LedgerFileName name, Path path) throws IOException {
        limit.archived(path.getParent());
        try (DiskFile file = world.disk().openReadOnly(path)) {
            limit.has(name, path, file.length());
        }
    }

    /**
     * Takes over the ledger of a lane whose stream is deleted; durable at return. A take-over that
     * was interrupted is finished.
     *
     * @param stream name of the stream's directory
     * @param lane the lane's directory; its ledger is not there any more at return
     */
    public synchronized void take(String stream, Path lane) throws IOException {
        Disk disk = world.disk();
        Path from = lane.resolve("ledger");
        List<LedgerFileName> names = Ledger.files(from, disk);
        if (names.isEmpty()) {
            return;
        }
        Path to = directory.resolve(stream).resolve(lane.getFileName().toString());
        disk.createDirectories(to);
        for (LedgerFileName name : names) {
            Path kept = to.resolve(name.text());
            disk.delete(kept);
            give(from.resolve(name.text()), kept);
            count(name, kept);
        }
        for (Path at = to; !at.equals(directory.getParent()); at = at.getParent()) {
            disk.syncDirectory(at);
        }
        disk.syncDirectory(directory.getParent());
        for (LedgerFileName name : names) {
            disk.delete(from.resolve(name.text()));
            limit.gone(name, from.resolve(name.text()));
        }
        limit.trim(world);
    }

    /**
     * Gives the file its second name before it removes the first: a power cut leaves at least one.
     */
    private void give(Path file, Path name) throws IOException {
        try {
            world.disk().link(file, name);
        } catch (UnsupportedOperationException | FileSystemException noLinks) {
            world.disk().rename(file, name);
        }
    }
}

package io.delivery.ledger;

import io.delivery.landing.CommittedRange;
import io.delivery.landing.CommittedRanges;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The ledger of one lane: {@code ledger/<UTC day>.dl}. Belongs to the lane's serial executor.
 *
 * <p>An earlier file is never appended to where it was not known to be durable: what is behind the
 * checkpoint of the state file that is being replaced was written for a replacement that did not
 * come about, so it is cut and written again. That makes a crash between the two harmless, and a
 * failed sync: whatever the state rests on was written and synced after it.
 */
public final class Ledger implements CommittedRanges {
    /** The lane's directory, which others keep as well: a path is 300 bytes and more. */
    private final Path lane;

    private final LedgerLimit limit;
    private final World world;

    /** The file that ends with the last range; null when nobody knows which one that is. */
    private LedgerFileName present;

    private long length;
    private long end = -1;

    private Ledger(Path lane, LedgerLimit limit, World world) {
        this.lane = lane;
        this.limit = limit;
        this.world = world;
    }

    /**
     * The ledger of a lane; its files count against the limit from here on.
     *
     * @param lane the lane's directory; nothing is created before the first range
     */
    public static Ledger open(Path lane, LedgerLimit limit, World world) throws IOException {
        Ledger ledger = new Ledger(lane, limit, world);
        for (LedgerFileName name : files(ledger.directory(), world.disk())) {
            Path path = ledger.path(name);
            try (DiskFile file = world.disk().openReadOnly(path)) {
                limit.has(name, path, file.length());
            }
        }
        return ledger;
    }

    /** The files of a ledger in the order of their ranges; others are left out. */
    static List<LedgerFileName> files(Path directory, Disk disk) throws IOException {
        List<LedgerFileName> names = new ArrayList<>();
        for (Path entry : disk.list(directory)) {
            LedgerFileName.parse(entry).ifPresent(names::add);
        }
        names.sort(null);
        return names;
    }

    private Path directory() {
        return lane.resolve("ledger");
    }

    private Path path(LedgerFileName name) {
        return directory().resolve(name.text());
    }

    @Override
    public Keeping keepFrom(long checkpoint) throws IOException {
        if (end != checkpoint) {
            cutBehind(checkpoint);
        }
        return new Appending();
    }

    /**
     * Removes every entry behind the checkpoint and finds the file to go on in. The oldest stays
     * even if it is empty: a ledger without any file was removed by somebody.
     */
    private void cutBehind(long checkpoint) throws IOException {
        present = null;
        List<LedgerFileName> names = files(directory(), world.disk());
        for (int i = names.size() - 1; i >= 0 && present == null; i--) {
            LedgerFileName name = names.get(i);
            long kept = cutBehind(name, checkpoint);
            if (kept == 0 && i > 0) {
                world.disk().delete(path(name));
                limit.gone(name, path(name));
            } else {
                limit.has(name, path(name), kept);
                present = name;
                length = kept;
            }
        }
        if (!names.isEmpty()) {
            // A power cut must not bring back what is written again in another file: an attempt
            // before this one may have deleted files and then failed.
            world.disk().syncDirectory(directory());
        }
        end = checkpoint;
    }

    private long cutBehind(LedgerFileName name, long checkpoint) throws IOException {
        long kept = 0;
        try (DiskFile file = world.disk().open(path(name))) {
            LedgerFile entries = new LedgerFile(file);
            for (LedgerFrame frame = entries.next();
                    frame != null && frame.end() <= checkpoint;
                    frame = entries.next()) {
                kept = frame.next();
            }
            if (kept < file.length()) {
                file.truncate(kept);
            }
            file.sync(); // even if it is cut already: the sync behind that may have failed
        }
        return kept;
    }

    /**
     * One file after the other, if the day or the size asks for it; each synced when it is left.
     */
    private final class Appending implements Keeping {
        private final Disk disk = world.disk();
        private DiskFile file;
        private LedgerFileName name;
        private boolean named;

        @Override
        public void add(CommittedRange range) throws IOException {
            LedgerFileName wanted = fileFor(range);
            if (file == null || !wanted.equals(name)) {
                leave();
                enter(wanted);
            }
            byte[] payload = range.encode();
            file.write(LedgerFrame.encode(length, range.start(), range.end(), payload), length);
            length += LedgerFrame.HEADER_BYTES + payload.length;
            end = range.end();
        }

        /** Never an earlier file than the present one, whatever the clock has done. */
        private LedgerFileName fileFor(CommittedRange range) {
            LedgerFileName ofDay = LedgerFileName.at(range.atMillis());
            if (present == null || ofDay.day().isAfter(present.day())) {
                return ofDay;
            }
            return length >= limit.fileBytes() ? present.next() : present;
        }

        private void enter(LedgerFileName wanted) throws IOException {
            Path path = path(wanted);
            limit.opened(wanted, path);
            try {
                if (wanted.equals(present) && disk.exists(path)) {
                    file = disk.open(path);
                    length = Math.min(length, file.length()); // the limit may have emptied it
                    named = length == 0; // nothing says that the name of an empty file is durable
                } else {
                    disk.createDirectories(directory());
                    file = disk.create(path);
                    length = 0;
                    named = true;
                }
            } finally {
                if (file == null) {
                    limit.closed(wanted, path);
                }
            }
            name = wanted;
            present = wanted;
        }

        private void leave() throws IOException {
            if (file == null) {
                return;
            }
            file.sync();
            if (named) {
                disk.syncDirectory(directory());
                disk.syncDirectory(directory().getParent());
                named = false;
            }
            limit.has(name, path(name), length);
            release();
        }

        private void release() throws IOException {
            DiskFile open = file;
            file = null;
            if (open != null) {
                limit.closed(name, path(name));
                open.close();
            }
        }

        @Override
        public void sync() throws IOException {
            leave();
            limit.trim(world);
        }

        @Override
        public void close() throws IOException {
            if (file != null) {
                // Nobody knows what the files hold when a sync failed: they are read again.
                end = -1;
                release();
            }
        }
    }
}

package io.delivery.landing;

import io.delivery.mark.FoundMark;
import io.delivery.mark.Mark;
import io.delivery.mark.MarkFile;
import io.delivery.world.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The mark of a lane's state: it is outside the lane's directory, so that neither takes the other
 * along when it is lost (docs/formats/marks.md).
 */
final class LaneMark implements Closeable {
    private final Disk disk;
    private final Path lane;

    /** The last one that is durable, of whatever process; null when there is none. */
    private Mark last;

    /** Made by this process; null when there is none yet, or nothing is known about it any more. */
    private MarkFile file;

    /**
     * @param lane the lane's directory
     * @param found what an earlier process has left
     */
    LaneMark(Disk disk, Path lane, FoundMark found) {
        this.disk = disk;
        this.lane = lane;
        this.last = found.said().orElse(null);
    }

    /** {@code marks/<lane>} in the stream's directory. */
    static Path of(Path lane) {
        return lane.getParent().resolveSibling("marks").resolve(lane.getFileName());
    }

    /** Looks for the mark of this lane's state. It must be read before the state is. */
    static FoundMark read(Disk disk, Path lane) throws IOException {
        return MarkFile.read(disk, of(lane));
    }

    /** Whether there is one now, readable or not. */
    static boolean exists(Disk disk, Path lane) throws IOException {
        return disk.exists(of(lane));
    }

    /** Removes what a process left that died while it made the mark of this lane. */
    static void tidy(Disk disk, Path lane) throws IOException {
        MarkFile.tidy(disk, of(lane));
    }

    /**
     * Makes sure that there is a mark before there is a state that says so, and that the next one
     * can be written when the disk is full by then. What it says stays the same.
     *
     * @param epoch of the state that is there; 0 when there is none: a mark of that epoch says that
     *     there never was one
     */
    void prepare(long epoch) throws IOException {
        if (file == null) {
            Mark known = last == null ? new Mark(epoch, 0, 0) : last;
            file = MarkFile.create(disk, of(lane), known);
            last = known;
        }
    }

    /**
     * Marks so many bytes of the state as durable. They must be, with the name of the file: a mark
     * of a file that a power cut takes away would accuse the one before.
     */
    void write(long epoch, long durableBytes) throws IOException {
        Mark next = new Mark(epoch, durableBytes, durableBytes);
        try {
            file.write(next);
        } catch (IOException failed) {
            close(); // after a failed sync a second one proves nothing
            throw failed;
        }
        last = next;
    }

    @Override
    public void close() throws IOException {
        try (MarkFile closed = file) {
            file = null;
        }
    }

    /** Why a lane that has no state is damaged; empty for a lane that never had one. */
    static Optional<String> lost(FoundMark mark) {
        return switch (mark.state()) {
            case ABSENT -> Optional.empty();
            case UNREADABLE ->
                    Optional.of(
                            "is missing, and %s, which says whether it was there, cannot be believed: %s"
                                    .formatted(mark.path(), mark.reason()));
            case READABLE ->
                    mark.said()
                            .filter(said -> said.epoch() > 0)
                            .map(
                                    said ->
                                            "is missing, and %s says that it was there"
                                                    .formatted(mark.path()));
        };
    }

    /**
     * Asked when there is no state.
     *
     * @throws LaneDamagedException when there was one
     */
    static void requireNew(Path state, FoundMark mark) throws LaneDamagedException {
        Optional<String> lost = lost(mark);
        if (lost.isPresent()) {
            throw new LaneDamagedException(
                    "%s %s; nothing was changed".formatted(state, lost.get()));
        }
    }
}

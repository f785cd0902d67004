package io.delivery.ledger;

import io.delivery.landing.CommittedRange;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads the ledger of a lane from outside, one entry at a time, also while its owner appends to it
 * or deletes its oldest files. Changes nothing.
 */
public final class LedgerReader {
    /** Is shown what the ledger holds, the oldest first. */
    public interface Visitor {
        void committed(CommittedRange range) throws IOException;

        /**
         * A stretch that is no entry. What was in it is not known: the entries around it tell which
         * sequences are missing.
         */
        void damaged(Path file, long fromByte, long toByte, String reason);
    }

    private final long durableEnd;
    private final Visitor visitor;
    private long end;

    private LedgerReader(long begin, long durableEnd, Visitor visitor) {
        this.end = begin;
        this.durableEnd = durableEnd;
        this.visitor = visitor;
    }

    /**
     * With every bad stretch taken for damage but one at the end.
     *
     * @param lane the lane's directory
     * @return bytes behind the last whole entry: torn by a crash, or being written
     */
    public static long read(Path lane, Disk disk, Visitor visitor) throws IOException {
        return read(lane, disk, 0, Long.MAX_VALUE, visitor);
    }

    /**
     * @param lane the lane's directory
     * @param begin the first sequence of the lane
     * @param durableEnd the checkpoint that the state began with when it was read, before this:
     *     entries behind it are still in the state, and a power cut leaves holes among those that
     *     were not synced
     * @return bytes behind the last whole entry: torn by a crash, or being written
     */
    public static long read(Path lane, Disk disk, long begin, long durableEnd, Visitor visitor)
            throws IOException {
        LedgerReader reader = new LedgerReader(begin, durableEnd, visitor);
        Path directory = lane.resolve("ledger");
        List<LedgerFileName> names = Ledger.files(directory, disk);
        long torn = 0;
        for (int i = 0; i < names.size(); i++) {
            Path path = directory.resolve(names.get(i).text());
            try (DiskFile file = disk.openReadOnly(path)) {
                torn = reader.read(new LedgerFile(file), path, i == names.size() - 1);
            } catch (NoSuchFileException deleted) {
                // By its owner, for the limit.
            }
        }
        return torn;
    }

    /**
     * Whether a lane has a ledger, empty or not: a limit that takes all entries of a lane leaves an
     * empty file.
     *
     * @param lane the lane's directory
     */
    public static boolean isThere(Path lane, Disk disk) throws IOException {
        return !Ledger.files(lane.resolve("ledger"), disk).isEmpty();
    }

    private long read(LedgerFile entries, Path path, boolean newest) throws IOException {
        while (true) {
            LedgerFrame frame = entries.next();
            LedgerFile.Bad bad = entries.bad();
            if (bad != null && bad.last() && newest) {
                return bad.to() - bad.from();
            }
            if (bad != null && end < durableEnd) {
                visitor.damaged(path, bad.from(), bad.to(), "no valid entry");
            }
            if (frame == null) {
                return 0;
            }
            show(frame, entries.payload(), path);
        }
    }

    private void show(LedgerFrame frame, byte[] payload, Path path) throws IOException {
        if (frame.end() <= end) {
            return; // cut and written again while it was read
        }
        CommittedRange range;
        try {
            range = CommittedRange.decode(payload);
        } catch (IOException unfit) {
            // Its checksum fits: it is not torn, wherever it stands.
            visitor.damaged(path, frame.position(), frame.next(), unfit.getMessage());
            return;
        }
        end = frame.end();
        visitor.committed(range);
    }
}

package io.delivery.landing;

import io.delivery.landing.LaneRecord.Commit;
import io.delivery.landing.LaneRecord.Own;
import io.delivery.record.Incarnation;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.DiskFullException;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one lane on the local disk: an append-only file of frames, each with the records of
 * one append. The format and what a reader believes are docs/formats/lane-state.md.
 *
 * <p>Nothing is ever appended to a file that was found at start: what is believed is written again,
 * into a new file under a higher epoch, before anything may rest on it. The same happens when an
 * append or a sync fails, but for one that found the disk full: it changed nothing, and the file
 * goes on.
 */
public final class LocalLaneState implements LaneState {
    /** The tail behind the snapshot may grow to this before the file is written anew. */
    public static final long MAX_TAIL_BYTES = 8L << 20;

    private static final Logger log = LoggerFactory.getLogger(LocalLaneState.class);

    private final Path directory;
    private final World world;
    private final Incarnation incarnation;
    private final String programVersion;
    private final LanePlan plan;
    private final long maxTailBytes;
    private final CommittedRanges ledger;
    private final List<LaneRecord> unsynced = new ArrayList<>();

    private StateFile file;
    private boolean directoryIsDurable;
    private boolean confirmed;
    private long epoch;
    private long salt;
    private long abandonedBytes;
    private long shortenAbove;

    /** The plan believes something that no file says: see {@link LanePlan#believe}. */
    private boolean unsaid;

    private LocalLaneState(
            Path directory,
            Incarnation incarnation,
            String programVersion,
            long begin,
            long maxTailBytes,
            CommittedRanges ledger,
            World world) {
        this.ledger = ledger;
        this.directory = directory;
        this.incarnation = incarnation;
        this.programVersion = programVersion;
        this.maxTailBytes = maxTailBytes;
        this.world = world;
        this.plan = new LanePlan(begin);
    }

    /** With {@link #MAX_TAIL_BYTES}, and without a ledger. */
    public static LocalLaneState recover(
            Path directory, Incarnation incarnation, String programVersion, long begin, World world)
            throws IOException {
        return recover(
                directory,
                incarnation,
                programVersion,
                begin,
                MAX_TAIL_BYTES,
                CommittedRanges.FORGOTTEN,
                world);
    }

    /**
     * Reads what a lane left behind; a lane without a state is a new one.
     *
     * @param directory of the lane; created with the first append
     * @param begin where a new lane begins to read its log
     * @param maxTailBytes the file is written anew when what follows its snapshot is longer than
     *     this and than the snapshot
     * @param ledger takes committed ranges before they are forgotten
     * @throws LaneDamagedException when the file is damaged where it was once durable
     */
    public static LocalLaneState recover(
            Path directory,
            Incarnation incarnation,
            String programVersion,
            long begin,
            long maxTailBytes,
            CommittedRanges ledger,
            World world)
            throws IOException {
        LocalLaneState state =
                new LocalLaneState(
                        directory, incarnation, programVersion, begin, maxTailBytes, ledger, world);
        Disk disk = world.disk();
        disk.delete(directory.resolve("state.new"));
        Path path = directory.resolve("state");
        if (disk.exists(path)) {
            try (DiskFile found = disk.openReadOnly(path)) {
                state.believe(found, path);
            }
        } else {
            state.confirmed = true; // it begins where it was told to
        }
        return state;
    }

    private void believe(DiskFile found, Path path) throws IOException {
        StateReplay replay =
                new StateReplay(
                        found,
                        path,
                        plan,
                        new StateReplay.Visitor() {
                            @Override
                            public void own(Own own) throws LaneDamagedException {
                                believe(own, path);
                            }
                        });
        while (replay.next()) {
            // The plan takes it.
        }
        long torn = replay.requireUndamaged();
        if (torn > 0) {
            log.warn("lane state cut: file={} tornBytes={}", path, torn);
        }
    }

    private void believe(Own own, Path path) throws LaneDamagedException {
        epoch = Math.max(epoch, own.epoch());
        if (!own.incarnation().equals(incarnation.hex())) {
            throw new LaneDamagedException(
                    path + " belongs to another incarnation, " + own.incarnation());
        }
    }

    @Override
    public LanePlan plan() {
        return plan;
    }

    @Override
    public long salt() {
        return salt;
    }

    @Override
    public boolean confirmed() {
        return confirmed;
    }

    @Override
    public void own() throws IOException {
        if (file == null) {
            rewrite();
        }
    }

    @Override
    public void append(List<? extends LaneRecord> records) throws IOException {
        appendUnsynced(records);
        sync();
    }

    @Override
    public void appendUnsynced(List<? extends LaneRecord> records) throws IOException {
        try {
            own();
            requireAppendable(records);
            file.append(LaneRecordCodec.encode(records));
        } catch (DiskFullException full) {
            // The file is as it was: a new one would need more room, and what is committed in this
            // one makes room.
            if (plan.believe(records)) {
                unsaid = true;
            }
            throw full;
        } catch (IOException failed) {
            plan.believe(records);
            abandon();
            throw failed;
        }
        unsynced.addAll(records);
    }

    /**
     * Refuses what must not come next, before it is written.
     *
     * @throws IllegalStateException when it must not: a defect of the program
     */
    private void requireAppendable(List<? extends LaneRecord> records) {
        LaneGrammar grammar = new LaneGrammar(plan);
        unsynced.forEach(grammar::next);
        records.forEach(grammar::next);
    }

    @Override
    public void sync() throws IOException {
        if (unsynced.isEmpty()) {
            return;
        }
        try {
            file.sync();
        } catch (IOException failed) {
            abandon();
            throw failed;
        }
        unsynced.forEach(plan::apply);
        unsynced.clear();
        if (unsaid || file.length() > shortenAbove) {
            shorten();
        }
    }

    @Override
    public void end() throws IOException {
        if (plan.checkpoint() > plan.begin()) {
            own();
            if (!plan.ended()) {
                append(List.of(new LaneRecord.End(plan.checkpoint())));
            }
        }
        close();
    }

    @Override
    public int unsyncedCommits() {
        int commits = 0;
        for (LaneRecord record : unsynced) {
            if (record instanceof Commit) {
                commits++;
            }
        }
        return commits;
    }

    /** What was appended is durable, whether or not the file could be written anew. */
    private void shorten() {
        try {
            rewrite();
        } catch (IOException failed) {
            log.warn("lane state not shortened: directory={}", directory, failed);
            if (file != null) {
                shortenAbove = file.length() + maxTailBytes;
            }
        }
    }

    @Override
    public long bytes() {
        return file == null ? abandonedBytes : file.length();
    }

    @Override
    public void close() {
        abandon();
    }

    /**
     * A new file from what is known to be durable, under a higher epoch. The present one goes on
     * when there is one and the new one could not be written.
     */
    private void rewrite() throws IOException {
        Disk disk = world.disk();
        disk.createDirectories(directory);
        if (!directoryIsDurable) {
            // That it is there says nothing: an earlier process may have died before its sync.
            syncUpwards(disk, directory);
            directoryIsDurable = true;
        }
        keepCommitted(disk);
        Path path = directory.resolve("state.new");
        disk.delete(path);
        epoch++;
        long drawn = world.entropy().nextLong();
        StateFile next = StateFile.create(disk, path, epoch);
        try {
            next.begin(new Own(incarnation.hex(), epoch, drawn, programVersion), plan.toRecords());
            next.sync();
            // From here on nobody knows which of the two a later process finds.
            abandon();
            disk.rename(path, directory.resolve("state"));
            disk.syncDirectory(directory);
        } catch (IOException failed) {
            discard(next, path);
            throw failed;
        }
        file = next;
        confirmed = true;
        unsaid = false;
        salt = drawn;
        shortenAbove = next.length() + Math.max(maxTailBytes, next.length());
    }

    /** On a full disk the half of a file would take room from what makes room. */
    private void discard(StateFile next, Path path) {
        closeQuietly(next);
        try {
            world.disk().delete(path);
        } catch (IOException left) {
            // Removed before the next attempt, or at the next start.
            log.debug("lane state not deleted: file={}", path, left);
        }
    }

    /**
     * Ledger first: what was committed in the present file moves there before the file is replaced.
     */
    private void keepCommitted(Disk disk) throws IOException {
        Path present = directory.resolve("state");
        if (!disk.exists(present)) {
            return;
        }
        requireNoLaterOwner(disk, present);
        try (DiskFile found = disk.openReadOnly(present);
                MoveToLedger move = new MoveToLedger()) {
            // Up to what is known to be durable: the plan. The tail of a failed append is no frame
            // of it.
            LanePlan moved = new LanePlan(plan.begin());
            StateReplay replay = new StateReplay(found, present, moved, move);
            while (replay.nextUpTo(plan.checkpoint())) {
                // Its ranges move.
            }
            long reached = moved.checkpoint();
            move.sync();
            if (reached < plan.checkpoint()) {
                log.warn(
                        "ledger has a gap, the state was damaged since it was read: file={} from={}"
                                + " to={}",
                        present,
                        reached,
                        plan.checkpoint());
            }
        }
    }

    /**
     * Never so while the data directory is locked. Whoever copies or mounts it elsewhere stops the
     * former owner here, at the latest when that shortens its file.
     */
    private void requireNoLaterOwner(Disk disk, Path present) throws IOException {
        try (DiskFile found = disk.openReadOnly(present)) {
            StateScan scan = new StateScan(found, present);
            if (scan.next() && scan.records().get(0) instanceof Own own && own.epoch() > epoch) {
                throw new IOException(
                        "%s was taken over by a later owner, of epoch %d; this one's is %d"
                                .formatted(present, own.epoch(), epoch));
            }
        }
    }

    /** Begins with the first range: most files are written anew before they have one. */
    private final class MoveToLedger implements StateReplay.Visitor, AutoCloseable {
        private long checkpoint;
        private CommittedRanges.Keeping keeping;

        @Override
        public void begins(long fileCheckpoint) {
            checkpoint = fileCheckpoint;
        }

        @Override
        public void committed(CommittedRange range) throws IOException {
            if (keeping == null) {
                keeping = ledger.keepFrom(checkpoint);
            }
            keeping.add(range);
        }

        void sync() throws IOException {
            if (keeping != null) {
                keeping.sync();
            }
        }

        @Override
        public void close() throws IOException {
            if (keeping != null) {
                keeping.close();
            }
        }
    }

    private static void syncUpwards(Disk disk, Path directory) throws IOException {
        // The lane's directory, lanes/ and the stream's own: any of them may be new.
        Path at = directory;
        for (int i = 0; i < 3 && at.getParent() != null; i++) {
            at = at.getParent();
            disk.syncDirectory(at);
        }
    }

    private void abandon() {
        // Nobody says it twice: the next file says it.
        plan.believe(unsynced);
        unsynced.clear();
        if (file != null) {
            abandonedBytes = file.length();
            closeQuietly(file);
            file = null;
        }
    }

    private void closeQuietly(StateFile closed) {
        try {
            closed.close();
        } catch (IOException ignored) {
            log.debug("lane state close failed: directory={}", directory, ignored);
        }
    }
}

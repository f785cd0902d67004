package io.delivery.landing;

import io.delivery.failure.RepeatedFailure;
import io.delivery.landing.LaneRecord.Commit;
import io.delivery.landing.LaneRecord.Own;
import io.delivery.mark.FoundMark;
import io.delivery.record.Incarnation;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.DiskFullException;
import io.delivery.world.World;
import java.io.Closeable;
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
 * append or a sync fails. An append that finds the disk full is the exception: it leaves the file
 * as it was, and later appends go into the same file.
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
    private final List<LaneRecord> unsynced = new ArrayList<>(1);

    private LaneMark mark;
    private final RepeatedFailure shortening;
    private StateFile file;
    private boolean directoryIsDurable;
    private boolean confirmed;
    private long epoch;
    private long salt;
    private long abandonedBytes;
    private long shortenAbove;

    /**
     * The plan holds a doubt or an upload that is in no file, because the disk was full: {@link
     * LanePlan#believe}. The file is written anew after the next sync.
     */
    private boolean planIsAhead;

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
        this.shortening =
                RepeatedFailure.of(log, "shortening a lane's state", world.clock()::nanoTime);
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
     * @throws LaneDamagedException when the file is damaged where it was once durable, or missing
     *     and its mark says that it was there
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
        LaneMark.tidy(disk, directory);
        FoundMark mark = LaneMark.read(disk, directory);
        state.mark = new LaneMark(disk, directory, mark);
        if (disk.exists(path)) {
            try (DiskFile found = disk.openReadOnly(path)) {
                state.believe(found, path, mark);
            }
        } else {
            LaneMark.requireNew(path, mark);
            state.confirmed = true; // a new lane has nothing that a power cut could take
        }
        return state;
    }

    private void believe(DiskFile found, Path path, FoundMark mark) throws IOException {
        StateReplay replay =
                new StateReplay(
                        found,
                        path,
                        mark,
                        plan,
                        new StateReplay.Visitor() {
                            @Override
                            public void own(Own own) throws LaneDamagedException {
                                believe(own, path);
                            }
                        });
        while (replay.next()) {
            // The replay applies each record to the plan.
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
            // The append has left the file as it was, so the file is kept: a new one would need
            // more room, and commits in this one are what frees room.
            if (plan.believe(records)) {
                planIsAhead = true;
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
        if (planIsAhead || file.length() > shortenAbove) {
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
            shortening.worked();
        } catch (IOException failed) {
            shortening.failed(failed, "directory", directory);
            if (file != null) {
                shortenAbove = file.length() + maxTailBytes;
            }
        }
    }

    @Override
    public void rest() {
        if (file != null
                && unsynced.isEmpty()
                && !planIsAhead
                && !plan.ranges().iterator().hasNext()) {
            close();
        }
    }

    @Override
    public long bytes() {
        return file == null ? abandonedBytes : file.length();
    }

    @Override
    public void close() {
        abandon();
        closeQuietly(mark);
    }

    /**
     * Writes what is known to be durable into a new file under a higher epoch. When the new file
     * cannot be written, the present one, if there is one, stays in use.
     */
    private void rewrite() throws IOException {
        Disk disk = world.disk();
        disk.createDirectories(directory);
        if (!directoryIsDurable) {
            // The directory may exist and not be durable: an earlier process may have died before
            // it synced it.
            syncUpwards(disk, directory);
            directoryIsDurable = true;
        }
        keepCommitted(disk);
        mark.prepare(epoch);
        Path path = directory.resolve("state.new");
        disk.delete(path);
        epoch++;
        long drawn = world.entropy().nextLong();
        StateFile next = StateFile.create(disk, path, epoch);
        try {
            next.begin(
                    new Own(incarnation.hex(), epoch, drawn, programVersion, true),
                    PlanRecords.of(plan));
            next.sync();
            // From here on a later process may find either of the two files, so nothing is appended
            // to the old one any more.
            abandon();
            disk.rename(path, directory.resolve("state"));
            disk.syncDirectory(directory);
            next.mark(mark);
        } catch (IOException failed) {
            discard(next, path);
            throw failed;
        }
        file = next;
        confirmed = true;
        planIsAhead = false;
        salt = drawn;
        shortenAbove = next.length() + Math.max(maxTailBytes, next.length());
    }

    /**
     * Deletes a new file that could not be completed: on a full disk it would take the room that
     * the commits need which free more.
     */
    private void discard(StateFile next, Path path) {
        closeQuietly(next);
        try {
            world.disk().delete(path);
        } catch (IOException left) {
            // The file is removed before the next attempt, or at the next start.
            log.debug("lane state not deleted: file={}", path, left);
        }
    }

    /**
     * Moves the ranges that were committed in the present file into the ledger, before the file is
     * replaced.
     */
    private void keepCommitted(Disk disk) throws IOException {
        Path present = directory.resolve("state");
        if (!disk.exists(present)) {
            return;
        }
        requireNoLaterOwner(disk, present);
        try (DiskFile found = disk.openReadOnly(present);
                MoveToLedger move = new MoveToLedger()) {
            // Only up to the checkpoint of the plan, which is durable. What a failed append has
            // left behind it is no part of the state.
            LanePlan moved = new LanePlan(plan.begin());
            FoundMark unasked = FoundMark.absent(present);
            StateReplay replay = new StateReplay(found, present, unasked, moved, move);
            while (replay.nextUpTo(plan.checkpoint())) {
                // The visitor moves each committed range into the ledger.
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
     * Refuses to replace the file of a later owner. There is none as long as the lock of the data
     * directory works. Where two machines have mounted the directory and the lock does not work,
     * the former owner stops here, at the latest when it shortens its file.
     */
    private void requireNoLaterOwner(Disk disk, Path present) throws IOException {
        try (DiskFile found = disk.openReadOnly(present)) {
            StateScan scan = new StateScan(found, present, FoundMark.absent(present));
            if (scan.next() && scan.records().get(0) instanceof Own own && own.epoch() > epoch) {
                throw new IOException(
                        "%s was taken over by a later owner, of epoch %d; this one's is %d"
                                .formatted(present, own.epoch(), epoch));
            }
        }
    }

    /**
     * Opens the ledger with the first range that moves: most files are written anew before a range
     * was committed in them.
     */
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
        // A doubt or an upload among them is not appended again. It is true all the same, so the
        // plan takes it and the next file has it.
        plan.believe(unsynced);
        unsynced.clear();
        if (file != null) {
            abandonedBytes = file.length();
            closeQuietly(file);
            file = null;
        }
    }

    private void closeQuietly(Closeable closed) {
        try {
            closed.close();
        } catch (IOException ignored) {
            log.debug("lane state close failed: directory={}", directory, ignored);
        }
    }
}

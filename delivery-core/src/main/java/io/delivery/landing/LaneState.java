package io.delivery.landing;

import io.delivery.landing.LaneRecord.Own;
import io.delivery.record.Incarnation;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable state of one lane: an append-only file of frames, each with the records of one
 * append. The format and what a reader believes are docs/formats/lane-state.md.
 *
 * <p>Belongs to its lane's serial executor. Nothing is ever appended to a file that was found at
 * start: what is believed is written again, into a new file under a higher epoch, before anything
 * may rest on it. The same happens when an append or a sync fails.
 */
public final class LaneState {
    static final int MAGIC = 0x314E4C44; // "DLN1", little-endian
    static final int HEADER_BYTES = 40;

    /** The tail behind the snapshot may grow to this before the file is written anew. */
    public static final long MAX_TAIL_BYTES = 8L << 20;

    private static final Logger log = LoggerFactory.getLogger(LaneState.class);

    private final Path directory;
    private final World world;
    private final Incarnation incarnation;
    private final String programVersion;
    private final LanePlan plan;
    private final long maxTailBytes;
    private final CommittedRanges ledger;
    private final List<LaneRecord> unsynced = new ArrayList<>();

    private DiskFile file;
    private boolean directoryIsDurable;
    private long epoch;
    private long salt;
    private long length;
    private long durable;
    private long snapshotLength;
    private long shortenAt;

    private LaneState(
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
    public static LaneState recover(
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
    public static LaneState recover(
            Path directory,
            Incarnation incarnation,
            String programVersion,
            long begin,
            long maxTailBytes,
            CommittedRanges ledger,
            World world)
            throws IOException {
        LaneState state =
                new LaneState(
                        directory, incarnation, programVersion, begin, maxTailBytes, ledger, world);
        Disk disk = world.disk();
        disk.delete(directory.resolve("state.new"));
        Path path = directory.resolve("state");
        if (disk.exists(path)) {
            try (DiskFile found = disk.openReadOnly(path)) {
                state.believe(found, path);
            }
        }
        return state;
    }

    private void believe(DiskFile found, Path path) throws IOException {
        StateScan scan = StateScan.of(found, path);
        for (byte[] payload : scan.payloads()) {
            for (LaneRecord record : LaneRecordCodec.decode(payload)) {
                if (record instanceof Own own) {
                    epoch = Math.max(epoch, own.epoch());
                    if (!own.incarnation().equals(incarnation.hex())) {
                        throw new LaneDamagedException(
                                path + " belongs to another incarnation, " + own.incarnation());
                    }
                } else {
                    plan.apply(record);
                }
            }
        }
        if (scan.cutBytes() > 0) {
            log.warn("lane state cut: file={} tornBytes={}", path, scan.cutBytes());
        }
    }

    /** What has been decided so far; changes with each append. */
    public LanePlan plan() {
        return plan;
    }

    /** 64 random bits of the present owner: part of every key it gives. */
    public long salt() {
        return salt;
    }

    /** Whether the present state file was begun by this owner. */
    public boolean owned() {
        return file != null;
    }

    /** Writes what is believed again, as the new owner. Must precede whatever rests on it. */
    public void own() throws IOException {
        if (file == null) {
            rewrite();
        }
    }

    /**
     * Appends the records in one frame and makes them durable, with all earlier ones. They are in
     * the plan when this returns.
     *
     * @throws IOException when that failed; the incumbency is over, {@link #own()} begins the next
     */
    public void append(List<? extends LaneRecord> records) throws IOException {
        appendUnsynced(records);
        sync();
    }

    /**
     * Appends the records in one frame; they become durable and part of the plan with the next
     * sync.
     */
    public void appendUnsynced(List<? extends LaneRecord> records) throws IOException {
        own();
        plan.requireAppendable(records);
        try {
            writeFrame(LaneRecordCodec.encode(records));
        } catch (IOException failed) {
            abandon();
            throw failed;
        }
        unsynced.addAll(records);
    }

    /** Makes everything appended durable and applies it to the plan. */
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
        durable = length;
        unsynced.forEach(plan::apply);
        unsynced.clear();
        if (length > shortenAt) {
            shorten();
        }
    }

    /** What was appended is durable, whether or not the file could be written anew. */
    private void shorten() {
        try {
            rewrite();
        } catch (IOException failed) {
            // If the ledger could not take what is committed, the present file goes on and grows;
            // otherwise the next append begins with the attempt to write a new one.
            shortenAt = length + tailBytes();
            log.warn("lane state not shortened: directory={}", directory, failed);
        }
    }

    private long tailBytes() {
        return Math.max(maxTailBytes, snapshotLength);
    }

    /** Bytes of the present file. */
    public long bytes() {
        return length;
    }

    public void close() {
        abandon();
    }

    /** A new file from what is known to be durable, under a higher epoch. */
    private void rewrite() throws IOException {
        Disk disk = world.disk();
        disk.createDirectories(directory);
        if (!directoryIsDurable) {
            // That it is there says nothing: an earlier process may have died before its sync.
            syncUpwards(disk, directory);
            directoryIsDurable = true;
        }
        keepCommitted(disk);
        abandon();
        Path next = directory.resolve("state.new");
        disk.delete(next);
        epoch++;
        salt = world.entropy().nextLong();
        file = disk.create(next);
        try {
            length = 0;
            durable = 0;
            writeFrame(
                    LaneRecordCodec.encode(
                            List.of(new Own(incarnation.hex(), epoch, salt, programVersion))));
            writeFrame(LaneRecordCodec.encode(plan.toRecords()));
            file.sync();
            durable = length;
            snapshotLength = length;
            shortenAt = length + tailBytes();
            disk.rename(next, directory.resolve("state"));
            disk.syncDirectory(directory);
        } catch (IOException failed) {
            abandon();
            throw failed;
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
        try (DiskFile found = disk.openReadOnly(present);
                MoveToLedger move = new MoveToLedger()) {
            // Up to what is known to be durable: the plan. The tail of a failed append is no frame
            // of it.
            long reached = LaneHistory.replay(found, plan.checkpoint(), move);
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

    /** Begins with the first range: most files are written anew before they have one. */
    private final class MoveToLedger implements LaneHistory.Replay, AutoCloseable {
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
        unsynced.clear();
        if (file != null) {
            try {
                file.close();
            } catch (IOException ignored) {
                log.debug("lane state close failed: directory={}", directory, ignored);
            }
            file = null;
        }
    }

    private void writeFrame(byte[] payload) throws IOException {
        ByteBuffer frame =
                ByteBuffer.allocate(HEADER_BYTES + payload.length).order(ByteOrder.LITTLE_ENDIAN);
        CRC32C crc = new CRC32C();
        crc.update(payload);
        frame.putInt(MAGIC).putInt(payload.length).putLong(epoch).putLong(length).putLong(durable);
        frame.putInt((int) crc.getValue());
        crc.reset();
        crc.update(frame.array(), 0, HEADER_BYTES - Integer.BYTES);
        frame.putInt((int) crc.getValue());
        frame.put(payload).flip();
        file.write(frame, length);
        length += HEADER_BYTES + payload.length;
    }
}

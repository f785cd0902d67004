package io.delivery.landing;

import io.delivery.mark.FoundMark;
import io.delivery.mark.Mark;
import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Reads a state file frame by frame and decides what to believe: valid frames up to the first bad
 * stretch. If that lies above everything that is known to have been durable, it is a torn tail;
 * otherwise it is damage. Known is the highest durable-up-to of any valid frame, also of one behind
 * the stretch, and what the lane's mark says. Holds one frame at a time.
 */
final class StateScan {
    private static final int WINDOW_BYTES = 64 << 10;

    private static final String ITS_USE = "which says how much of the state was durable";

    private final DiskFile file;
    private final Path path;
    private final FoundMark mark;
    private final long fileLength;
    private final ByteBuffer header =
            ByteBuffer.allocate(StateFile.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private byte[] payload = new byte[WINDOW_BYTES];
    private int payloadLength;
    private long believed;
    private long highestDurable;
    private int frames;

    /** Of the owner that began the file. */
    private long epoch;

    /** Whether that owner gave the file a mark. */
    private boolean marked;

    /**
     * @param mark of the file, read before the file was opened: its owner may go on meanwhile
     */
    StateScan(DiskFile file, Path path, FoundMark mark) throws IOException {
        this.file = file;
        this.path = path;
        this.mark = mark;
        this.fileLength = file.length();
    }

    /**
     * Goes to the next valid frame; false where the first bad stretch or the end is, and from then
     * on it is known whether the file is damaged.
     */
    boolean next() throws IOException {
        if (!readFrame(believed)) {
            searchBehind(believed);
            mark.said().filter(said -> said.epoch() == epoch).ifPresent(this::believe);
            return false;
        }
        if (frames == 0) {
            epoch = header.getLong(8);
            marked = payloadLength > 0 && payload[0] == LaneRecordType.OWN_WITH_MARK.code();
        }
        believed += StateFile.HEADER_BYTES + payloadLength;
        frames++;
        return true;
    }

    private void believe(Mark said) {
        highestDurable = Math.max(highestDurable, said.durableUpTo());
    }

    /** What the present frame says. */
    List<LaneRecord> records() throws IOException {
        return LaneRecordCodec.decode(payload, payloadLength);
    }

    /**
     * Asked behind the last valid frame.
     *
     * @throws LaneDamagedException when the file is damaged where it was once durable
     */
    void requireUndamaged() throws LaneDamagedException {
        Optional<String> lost = lost();
        if (lost.isPresent()) {
            throw new LaneDamagedException(
                    "%s is damaged at byte %d: %s; nothing was changed"
                            .formatted(path, believed, lost.get()));
        }
        Optional<String> distrust = distrust();
        if (distrust.isPresent()) {
            throw new LaneDamagedException(
                    "%s: %s; nothing was changed".formatted(path, distrust.get()));
        }
    }

    /**
     * Why the file cannot be believed; empty when nothing is missing that was durable. Asked behind
     * the last valid frame.
     */
    Optional<String> damage() {
        return lost().or(this::distrust);
    }

    /** What is wrong with the file. Asked when there is damage, behind the last valid frame. */
    StateFault fault() {
        if (lost().isEmpty()) {
            return StateFault.MARK;
        }
        return believed == fileLength ? StateFault.END : StateFault.BYTES;
    }

    /** Why bytes are missing that were durable. */
    private Optional<String> lost() {
        String found = believed == fileLength ? "the file ends here" : "no valid frame";
        if (believed < highestDurable) {
            return Optional.of(
                    "%s, and the file was durable up to byte %d".formatted(found, highestDurable));
        }
        if (frames < 2) {
            return Optional.of(
                    found
                            + ", and a file gets its name only when its first two frames, owner"
                            + " and snapshot, are durable");
        }
        return Optional.empty();
    }

    /** Why frames that are all valid cannot be trusted: the mark does not confirm them. */
    private Optional<String> distrust() {
        return unconfirmed().map(why -> "the state cannot be trusted: " + why);
    }

    private Optional<String> unconfirmed() {
        return switch (mark.state()) {
            case ABSENT ->
                    lacksMark()
                            ? Optional.of(mark.path() + " is missing, " + ITS_USE)
                            : Optional.empty();
            case UNREADABLE ->
                    Optional.of(
                            "%s cannot be believed, %s: %s"
                                    .formatted(mark.path(), ITS_USE, mark.reason()));
            case READABLE -> mark.said().filter(said -> said.epoch() > epoch).map(this::tooOld);
        };
    }

    /**
     * Whether the mark is absent of which the file says that it has one. Either it was lost, or the
     * owner made both after the mark was looked for. Asked behind the first frame.
     */
    boolean lacksMark() {
        return marked && mark.state() == FoundMark.State.ABSENT;
    }

    private String tooOld(Mark said) {
        return "it is of epoch %d, and %s says that a file of epoch %d took its place"
                .formatted(epoch, mark.path(), said.epoch());
    }

    /** Where the last believed frame ends. */
    long believed() {
        return believed;
    }

    /** Bytes behind the last believed frame. */
    long cutBytes() {
        return fileLength - believed;
    }

    /** Frames behind a bad stretch are not believed, but they tell what was durable. */
    private void searchBehind(long bad) throws IOException {
        ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long at = bad + 1;
        while (at + StateFile.HEADER_BYTES <= fileLength) {
            window.clear().limit((int) Math.min(window.capacity(), fileLength - at));
            file.readFully(window, at);
            int starts = window.limit() - Integer.BYTES + 1;
            for (int i = 0; i < starts; i++) {
                if (window.getInt(i) == StateFile.MAGIC) {
                    readFrame(at + i);
                }
            }
            at += starts;
        }
    }

    /** Whether a valid frame begins here. Its payload and durable-up-to are noted then. */
    private boolean readFrame(long at) throws IOException {
        if (at + StateFile.HEADER_BYTES > fileLength) {
            return false;
        }
        file.readFully(header.clear(), at);
        CRC32C crc = new CRC32C();
        crc.update(header.array(), 0, StateFile.HEADER_BYTES - Integer.BYTES);
        if (header.getInt(0) != StateFile.MAGIC
                || header.getInt(36) != (int) crc.getValue()
                || header.getLong(16) != at) {
            return false;
        }
        int length = header.getInt(4);
        if (length < 0 || length > fileLength - at - StateFile.HEADER_BYTES) {
            return false;
        }
        if (payload.length < length) {
            payload = new byte[length];
        }
        file.readFully(ByteBuffer.wrap(payload, 0, length), at + StateFile.HEADER_BYTES);
        crc.reset();
        crc.update(payload, 0, length);
        if (header.getInt(32) != (int) crc.getValue()) {
            return false;
        }
        payloadLength = length;
        highestDurable = Math.max(highestDurable, header.getLong(24));
        return true;
    }
}

package io.delivery.landing;

import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Own;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.DiskFullException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A state file in the hands of the owner that began it: frames without gaps
 * (docs/formats/lane-state.md). Belongs to its lane's executor.
 */
final class StateFile implements Closeable {
    static final int MAGIC = 0x314E4C44; // "DLN1", little-endian
    static final int HEADER_BYTES = 40;

    /** A frame of the head is closed when its records have so many bytes, roughly. */
    static final int FRAME_BYTES = 1 << 20;

    private final DiskFile file;
    private final long epoch;
    private LaneMark mark;
    private long length;
    private long durable;

    private StateFile(DiskFile file, long epoch) {
        this.file = file;
        this.epoch = epoch;
    }

    /** An empty file. */
    static StateFile create(Disk disk, Path path, long epoch) throws IOException {
        return new StateFile(disk.create(path), epoch);
    }

    /** Bytes of whole frames. */
    long length() {
        return length;
    }

    /**
     * Writes the head of an empty file: its owner and what is believed, which need not be in memory
     * twice. The frame of the owner, written last, tells how long the head is: a file is given its
     * name only when all of it is synced, so a head that ends earlier is damaged.
     */
    void begin(Own own, List<LaneRecord> believed) throws IOException {
        byte[] first = LaneRecordCodec.encode(List.of(own));
        length = HEADER_BYTES + (long) first.length;
        int from = 0;
        long bytes = 0;
        for (int next = 0; next < believed.size(); next++) {
            bytes += roughBytes(believed.get(next));
            if (bytes >= FRAME_BYTES || next == believed.size() - 1) {
                append(LaneRecordCodec.encode(believed.subList(from, next + 1)));
                from = next + 1;
                bytes = 0;
            }
        }
        file.write(frame(first, 0, length), 0);
    }

    private static long roughBytes(LaneRecord record) {
        return record instanceof ObjectRecord object ? 500L + object.sequences().bytes() : 200;
    }

    /**
     * Writes one more frame.
     *
     * @throws DiskFullException when there is no room for it: the file is as it was before, and
     *     what was written earlier may still be synced
     * @throws IOException when nothing is known about the file any more
     */
    void append(byte[] payload) throws IOException {
        ByteBuffer frame = frame(payload, length, durable);
        try {
            file.write(frame, length);
        } catch (DiskFullException full) {
            cutBack(full);
            throw full;
        }
        length += HEADER_BYTES + payload.length;
    }

    private void cutBack(DiskFullException full) throws IOException {
        try {
            file.truncate(length);
        } catch (IOException failed) {
            failed.addSuppressed(full);
            throw new IOException("the state file could not be cut back", failed);
        }
    }

    private ByteBuffer frame(byte[] payload, long position, long durableUpTo) {
        ByteBuffer frame =
                ByteBuffer.allocate(HEADER_BYTES + payload.length).order(ByteOrder.LITTLE_ENDIAN);
        CRC32C crc = new CRC32C();
        crc.update(payload);
        frame.putInt(MAGIC).putInt(payload.length).putLong(epoch);
        frame.putLong(position).putLong(durableUpTo);
        frame.putInt((int) crc.getValue());
        crc.reset();
        crc.update(frame.array(), 0, HEADER_BYTES - Integer.BYTES);
        frame.putInt((int) crc.getValue());
        return frame.put(payload).flip();
    }

    /**
     * Makes all frames durable, and then the mark that says so: nothing that rests on a frame is
     * done before both are. After a failure the file is at its end.
     */
    void sync() throws IOException {
        file.sync();
        durable = length;
        if (mark != null) {
            mark.write(epoch, durable);
        }
    }

    /** From here on the mark is about this file. It has its name by then, durably. */
    void mark(LaneMark ofLane) throws IOException {
        ofLane.write(epoch, durable);
        mark = ofLane;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

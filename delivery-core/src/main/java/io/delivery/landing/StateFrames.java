package io.delivery.landing;

import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Reads a state file frame after frame, up to the first stretch that is none, and holds one frame
 * at a time. Judges nothing: {@link StateScan} does.
 */
final class StateFrames {
    private final DiskFile file;
    private final long limit;
    private final ByteBuffer header =
            ByteBuffer.allocate(LaneState.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long offset;

    StateFrames(DiskFile file) throws IOException {
        this.file = file;
        this.limit = file.length();
    }

    /** The next payload; null when no valid frame follows. */
    byte[] next() throws IOException {
        if (offset + LaneState.HEADER_BYTES > limit) {
            return null;
        }
        file.readFully(header.clear(), offset);
        CRC32C crc = new CRC32C();
        crc.update(header.array(), 0, LaneState.HEADER_BYTES - Integer.BYTES);
        int length = header.getInt(4);
        if (header.getInt(0) != LaneState.MAGIC
                || header.getInt(36) != (int) crc.getValue()
                || header.getLong(16) != offset
                || length < 0
                || offset + LaneState.HEADER_BYTES + length > limit) {
            return null;
        }
        byte[] payload = new byte[length];
        file.readFully(ByteBuffer.wrap(payload), offset + LaneState.HEADER_BYTES);
        crc.reset();
        crc.update(payload);
        if (header.getInt(32) != (int) crc.getValue()) {
            return null;
        }
        offset += LaneState.HEADER_BYTES + length;
        return payload;
    }
}

package io.delivery.journal;

import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Gathers frames in one direct buffer, which is reused, and writes them one behind the other. Used
 * by one thread at a time. Syncs nothing.
 */
final class FrameWriter {
    private static final int BUFFER_BYTES = 512 << 10;
    private static final byte[] PADDING = new byte[FrameHeader.ALIGNMENT];

    private ByteBuffer buffer;
    private DiskFile file;

    /** Where in the file the buffer's first byte belongs. */
    private long position;

    /** Goes on at this place of this file. What is in the buffer is forgotten. */
    void start(DiskFile file, long position) {
        this.file = file;
        this.position = position;
        if (buffer != null) {
            buffer.clear();
        }
    }

    /** Where the next frame will begin. */
    long end() {
        return buffer == null ? position : position + buffer.position();
    }

    void add(FrameHeader header, byte[] payload, int offset, int length) throws IOException {
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        }
        if (buffer.remaining() < FrameHeader.BYTES) {
            drain();
        }
        header.writeTo(buffer);
        put(payload, offset, length);
        put(PADDING, 0, -length & (FrameHeader.ALIGNMENT - 1));
    }

    private void put(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (!buffer.hasRemaining()) {
                drain();
            }
            int piece = Math.min(left, buffer.remaining());
            buffer.put(bytes, from, piece);
            from += piece;
            left -= piece;
        }
    }

    /** Writes what has been gathered. */
    void drain() throws IOException {
        if (buffer == null || buffer.position() == 0) {
            return;
        }
        int length = buffer.position();
        buffer.flip();
        file.write(buffer, position);
        position += length;
        buffer.clear();
    }

    /** Gives the memory back until the next frame. The buffer must have been drained. */
    void release() {
        buffer = null;
    }
}

package io.delivery.world;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file, read and written by position. Safe for one writer beside many readers. */
public interface DiskFile extends Closeable {
    /**
     * Reads at most the buffer's remaining bytes from {@code position}.
     *
     * @return bytes read, or -1 at or behind the end of the file
     */
    int read(ByteBuffer target, long position) throws IOException;

    /** Writes all remaining bytes of the buffer at {@code position}; the file grows as needed. */
    void write(ByteBuffer source, long position) throws IOException;

    /**
     * Makes the file's bytes and length durable. After a failure nothing is known about what was
     * written since the last success; a second call that succeeds proves nothing.
     */
    void sync() throws IOException;

    /** Present length in bytes. */
    long length() throws IOException;

    /** Cuts the file to {@code length} bytes. */
    void truncate(long length) throws IOException;

    /** Makes sure that {@code length} bytes are allocated; new ones read as zero. Not synced. */
    void allocate(long length) throws IOException;

    /**
     * Fills the buffer from {@code position}.
     *
     * @throws EOFException when the file ends first
     */
    default void readFully(ByteBuffer target, long position) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int read = read(target, at);
            if (read < 0) {
                throw new EOFException(
                        "file ends at " + at + ", " + target.remaining() + " bytes short");
            }
            at += read;
        }
    }
}

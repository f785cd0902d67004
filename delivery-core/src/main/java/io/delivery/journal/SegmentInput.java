package io.delivery.journal;

import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A moving window over a segment's file. Never looks behind the limit it is given, so that what it
 * holds cannot have changed in the file since. Used by one thread at a time.
 */
final class SegmentInput implements Closeable {
    private static final int LEAST_BYTES = 64 << 10;
    private static final int USUAL_BYTES = 256 << 10;

    /** The JDK keeps a direct buffer as large as the largest read of each thread. */
    private static final int READ_BYTES = 128 << 10;

    private DiskFile file;
    private byte[] window = new byte[0];

    /** Which bytes of the file are in the window. */
    private long from;

    private long to;

    /** Goes over to another file. */
    void open(Disk disk, Path path) throws IOException {
        close();
        file = disk.openReadOnly(path);
    }

    boolean isOpen() {
        return file != null;
    }

    long length() throws IOException {
        return file.length();
    }

    byte[] window() {
        return window;
    }

    /**
     * Makes sure that these bytes of the file are in the window; what was found before moves.
     *
     * @param limit nothing at or behind it is read
     * @return where in the window they begin; -1 when they reach over the limit or the file's end
     */
    int find(long offset, int length, long limit) throws IOException {
        if (offset + length > limit) {
            return -1;
        }
        if (offset < from || offset > to) {
            from = offset;
            to = offset;
        }
        if (offset + length > to) {
            makeRoom(offset, length);
            while (to < offset + length) {
                int held = (int) (to - from);
                int wanted = (int) Math.min(READ_BYTES, Math.min(limit - to, window.length - held));
                int read = file.read(ByteBuffer.wrap(window, held, wanted), to);
                if (read < 0) {
                    return -1;
                }
                to += read;
            }
        }
        return (int) (offset - from);
    }

    /** Moves what is still wanted to the window's beginning and widens it if need be. */
    private void makeRoom(long offset, int length) {
        int held = (int) (to - offset);
        byte[] source = window;
        if (window.length < length) {
            int usual = window.length < LEAST_BYTES ? LEAST_BYTES : USUAL_BYTES;
            window = new byte[Math.max(length, usual)];
        } else if (window.length < USUAL_BYTES && offset > from) {
            window = new byte[USUAL_BYTES]; // a reader that needs a second window reads much
        }
        System.arraycopy(source, (int) (offset - from), window, 0, held);
        from = offset;
    }

    /** Gives up memory that only a large frame or a busy hour needed. */
    void relax() {
        if (window.length > LEAST_BYTES) {
            window = new byte[0];
            to = from;
        }
    }

    @Override
    public void close() throws IOException {
        from = 0;
        to = 0;
        DiskFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }
}

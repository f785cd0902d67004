package io.delivery.runtime.code;

import io.delivery.world.DiskFullException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The room on the disk for code that is to be written. What streams need to land must not be taken,
 * even shortly: so room is asked for before a byte is written, and promised until all are.
 * Thread-safe.
 */
final class CodeRoom {
    /** With less room than this streams give up their reserve. */
    private static final long SPARED_BYTES = 2L << 20;

    private final Path folder;
    private final Free free;

    /** What codes need that are being written; some of it is not free any more. */
    private long promisedBytes;

    private boolean closed;

    /** What is free there. */
    interface Free {
        /** Empty where nobody can tell. */
        OptionalLong bytes() throws IOException;
    }

    /**
     * @param folder where it is written
     */
    CodeRoom(Path folder, Free free) {
        this.folder = folder;
        this.free = free;
    }

    /**
     * Promises room to a code, until it is released. Where it lacks only for what others were
     * promised, it waits until one of them has been written: part of that is counted twice.
     *
     * @throws DiskFullException when there is not so much room
     * @throws IOException when this is closed, or the machine does not tell how much there is
     */
    synchronized void promise(long bytes) throws IOException {
        require(bytes);
        promisedBytes += bytes;
    }

    /** As {@link #promise}, but promises nothing. */
    synchronized void require(long bytes) throws IOException {
        long needed = bytes + SPARED_BYTES;
        while (true) {
            if (closed) {
                throw new IOException("The code of functions was closed");
            }
            OptionalLong usable = free.bytes();
            if (usable.isEmpty() || usable.getAsLong() - promisedBytes >= needed) {
                return;
            }
            if (usable.getAsLong() < needed) {
                throw new DiskFullException(
                        "no room for the function's code in %s: %d bytes are free, %d are needed"
                                .formatted(folder, usable.getAsLong(), needed),
                        null);
            }
            try {
                wait(); // for a release
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting for room for code");
            }
        }
    }

    /** What was promised has been written, or will not be. */
    synchronized void release(long bytes) {
        promisedBytes -= bytes;
        notifyAll();
    }

    /** Nothing is promised any more. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}

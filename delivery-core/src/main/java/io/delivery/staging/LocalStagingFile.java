package io.delivery.staging;

import io.delivery.staging.Staging.StagingFile;
import io.delivery.world.DiskFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Objects one behind the other through one buffer: small ones reach the disk many at a time. A
 * write that failed spoils the object being written, and {@link #discard()} is the way back; a sync
 * that failed spoils the file.
 */
final class LocalStagingFile implements StagingFile {
    private static final int BUFFER = 64 << 10;

    /**
     * Large objects are given to the disk in pieces of this size, so that the journal's syncs never
     * wait behind a whole one.
     */
    private static final long SYNC_BYTES = 4 << 20;

    private final StagingDirectory directory;
    private final String name;
    private final DiskFile file;

    /** Everything written from {@link #flushed} on and not yet given to the disk. */
    private final byte[] buffer = new byte[BUFFER];

    private int buffered;
    private long flushed;
    private long unsynced;
    private long highest;

    private final CRC32 crc = new CRC32();
    private ObjectStream current;
    private long begin;
    private int ended;
    private IOException spoiled;
    private IOException syncFailure;
    private boolean staged;
    private boolean closed;

    LocalStagingFile(StagingDirectory directory, String name, DiskFile file) {
        this.directory = directory;
        this.name = name;
        this.file = file;
    }

    @Override
    public OutputStream begin() {
        if (closed || staged || current != null) {
            throw new IllegalStateException(
                    closed || staged
                            ? "staging file " + name + " takes no more objects"
                            : "an object of staging file " + name + " has not ended");
        }
        begin = flushed + buffered;
        crc.reset();
        current = new ObjectStream();
        return current;
    }

    /** Where the object that has begun, or the last one, begins in the file. */
    long objectBegin() {
        return begin;
    }

    @Override
    public StagedBytes end() throws IOException {
        expectObject();
        if (spoiled != null) {
            throw new IOException("staging file " + name + ": a write failed before", spoiled);
        }
        current = null;
        ended++;
        return new StagedBytes(name, begin, flushed + buffered - begin, (int) crc.getValue());
    }

    @Override
    public void discard() {
        expectObject();
        current = null;
        spoiled = syncFailure; // a write that failed is taken back; a sync never is
        if (begin >= flushed) {
            buffered = (int) (begin - flushed);
        } else {
            flushed = begin;
            buffered = 0;
        }
    }

    private void expectObject() {
        if (current == null) {
            throw new IllegalStateException("no object of staging file " + name + " has begun");
        }
    }

    @Override
    public void stage() throws IOException {
        if (closed || current != null) {
            throw new IllegalStateException(
                    closed
                            ? "staging file " + name + " is closed"
                            : "an object of staging file " + name + " has not ended");
        }
        if (staged || ended == 0) {
            return;
        }
        if (spoiled != null) {
            // After a failed sync a second one proves nothing.
            throw new IOException("staging file " + name + " could not be synced", spoiled);
        }
        try {
            drain();
            if (highest > flushed) {
                file.truncate(flushed); // the rest of an object that was taken back
                directory.grown(name, flushed);
            }
            file.sync();
            directory.sync();
            staged = true;
        } catch (IOException e) {
            spoiled = e;
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        current = null;
        try {
            file.close();
        } finally {
            if (!staged) {
                directory.delete(name);
            }
        }
    }

    /** After a failure everything is still in the buffer. */
    private void drain() throws IOException {
        if (buffered > 0) {
            put(buffer, 0, buffered);
            buffered = 0;
        }
    }

    private void put(byte[] bytes, int from, int count) throws IOException {
        // Told before: a write that fails may leave bytes as well.
        if (flushed + count > highest) {
            highest = flushed + count;
            directory.grown(name, highest);
        }
        file.write(ByteBuffer.wrap(bytes, from, count), flushed);
        flushed += count;
        unsynced += count;
        if (unsynced >= SYNC_BYTES) {
            syncPiece();
        }
    }

    private void syncPiece() throws IOException {
        try {
            file.sync();
        } catch (IOException e) {
            syncFailure = e;
            throw e;
        }
        unsynced = 0;
    }

    /** Closing it means nothing: an object ends by {@link #end()} only. */
    private final class ObjectStream extends OutputStream {
        private final byte[] single = new byte[1];

        @Override
        public void write(int b) throws IOException {
            single[0] = (byte) b;
            write(single, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            if (current != this) {
                throw new IOException("this object of staging file " + name + " has ended");
            }
            if (spoiled != null) {
                throw new IOException("staging file " + name + ": a write failed before", spoiled);
            }
            crc.update(bytes, from, count);
            try {
                if (count > BUFFER - buffered) {
                    drain();
                }
                if (count >= BUFFER) {
                    put(bytes, from, count);
                } else {
                    System.arraycopy(bytes, from, buffer, buffered, count);
                    buffered += count;
                }
            } catch (IOException e) {
                spoiled = e;
                throw e;
            }
        }
    }
}

package io.delivery.testkit;

import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;

/** An open file of a {@link SimDisk}, as the process that opened it has it. */
final class SimHandle implements DiskFile {
    private final SimDisk disk;
    private final Path path;
    private final SimTree.File file;
    private final boolean writable;
    private final long bornIn;
    private boolean closed;

    /**
     * @param disk whose calls this file's are
     */
    SimHandle(SimDisk disk, Path path, SimTree.File file, boolean writable) {
        this.disk = disk;
        this.bornIn = disk.life();
        this.path = path;
        this.file = file;
        this.writable = writable;
        disk.handles.add(this);
    }

    Path path() {
        return path;
    }

    private void usable() throws IOException {
        if (disk.crashed() || bornIn != disk.life()) {
            throw new SimulatedCrash("a file of a dead process: " + path);
        }
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    private void writable() throws IOException {
        usable();
        if (!writable) {
            throw new NonWritableChannelException();
        }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        synchronized (disk) {
            usable();
            if (position < 0) {
                throw new IllegalArgumentException("negative position " + position);
            }
            if (!target.hasRemaining()) {
                return 0;
            }
            disk.reads(position);
            long left = file.seen().length() - position;
            if (left <= 0) {
                return -1;
            }
            byte[] bytes = new byte[(int) Math.min(left, target.remaining())];
            file.seen().read(position, bytes, 0, bytes.length);
            target.put(bytes);
            return bytes.length;
        }
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        synchronized (disk) {
            writable();
            if (position < 0) {
                throw new IllegalArgumentException("negative position " + position);
            }
            boolean dies = disk.lastMutation(DiskCall.Kind.WRITE, path);
            IOException failure = dies ? null : disk.planned();
            int wanted = source.remaining();
            boolean fails = dies || failure != null;
            int written = fails ? disk.chance().below(wanted + 1) : wanted;
            long grown = position + written - file.seen().length();
            long room = disk.roomFor(grown);
            boolean full = grown > room;
            if (full) {
                written = (int) Math.max(0, written - (grown - room));
            }
            byte[] bytes = new byte[written];
            source.get(bytes);
            if (written > 0) {
                file.change(new SimTree.Change(position, bytes, false));
            }
            failAsPlanned(dies, full, failure);
        }
    }

    private void failAsPlanned(boolean dies, boolean full, IOException failure) throws IOException {
        if (dies) {
            throw disk.crash();
        }
        if (failure != null) {
            throw failure;
        }
        if (full) {
            throw disk.full(path);
        }
    }

    @Override
    public void sync() throws IOException {
        synchronized (disk) {
            usable();
            disk.mutation(DiskCall.Kind.SYNC, path);
            disk.takesTimeToSync();
            IOException failure = disk.planned();
            if (failure != null) {
                // The kernel marks pages clean that it failed to write:
                // https://wiki.postgresql.org/wiki/Fsync_Errors
                file.syncInPart(disk.chance().nextDouble());
                throw failure;
            }
            file.sync();
        }
    }

    @Override
    public long length() throws IOException {
        synchronized (disk) {
            usable();
            return file.seen().length();
        }
    }

    @Override
    public void truncate(long length) throws IOException {
        synchronized (disk) {
            writable();
            disk.mutation(DiskCall.Kind.TRUNCATE, path);
            if (length < file.seen().length()) {
                file.change(new SimTree.Change(length, null, true));
            }
        }
    }

    @Override
    public void allocate(long length) throws IOException {
        synchronized (disk) {
            writable();
            boolean dies = disk.lastMutation(DiskCall.Kind.ALLOCATE, path);
            IOException failure = dies ? null : disk.planned();
            long grown = length - file.seen().length();
            boolean full = grown > 0 && grown > disk.roomFor(grown);
            if (grown > 0 && !dies && !full && failure == null) {
                file.change(new SimTree.Change(length, null, false));
            }
            failAsPlanned(dies, full, failure);
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (disk) {
            closed = true;
            disk.handles.remove(this);
        }
    }
}

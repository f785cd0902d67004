package io.delivery.testkit;

import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** What is durable on a simulated disk, for reading only. */
final class DurableDisk implements Disk {
    private final SimDisk disk;

    DurableDisk(SimDisk disk) {
        this.disk = disk;
    }

    @Override
    public DiskFile openReadOnly(Path path) throws IOException {
        byte[] bytes = disk.durableBytes(path);
        if (bytes == null) {
            throw new NoSuchFileException(path.toString());
        }
        return new Bytes(bytes);
    }

    @Override
    public boolean exists(Path path) {
        return disk.durableStamp(path) != null || disk.durableNames(path) != null;
    }

    @Override
    public List<Path> list(Path directory) {
        List<Path> names = disk.durableNames(directory);
        return names == null ? List.of() : names.stream().map(directory::resolve).toList();
    }

    /** Nothing is deleted: whoever looks at the disk as recovery does may ask for it. */
    @Override
    public void delete(Path path) {}

    @Override
    public OptionalLong usableBytes(Path directory) {
        return OptionalLong.of(0);
    }

    @Override
    public DiskFile create(Path path) {
        throw readOnly();
    }

    @Override
    public DiskFile open(Path path) {
        throw readOnly();
    }

    @Override
    public void rename(Path from, Path to) {
        throw readOnly();
    }

    @Override
    public void link(Path existing, Path name) {
        throw readOnly();
    }

    @Override
    public void createDirectories(Path directory) {
        throw readOnly();
    }

    @Override
    public void syncDirectory(Path directory) {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("what is durable is only looked at");
    }

    private static final class Bytes implements DiskFile {
        private final byte[] bytes;

        Bytes(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read(ByteBuffer target, long position) {
            if (!target.hasRemaining()) {
                return 0;
            }
            int count = (int) Math.min(target.remaining(), bytes.length - position);
            if (count <= 0) {
                return -1;
            }
            target.put(bytes, (int) position, count);
            return count;
        }

        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public void write(ByteBuffer source, long position) {
            throw readOnly();
        }

        @Override
        public void sync() {
            throw readOnly();
        }

        @Override
        public void truncate(long length) {
            throw readOnly();
        }

        @Override
        public void allocate(long length) {
            throw readOnly();
        }

        @Override
        public void close() {}
    }
}

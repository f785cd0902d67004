package io.delivery.wiring;

import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** A disk that does what another one does, for tests to change one thing about it. */
abstract class ForwardingDisk implements Disk {
    private final Disk real;

    ForwardingDisk(Disk real) {
        this.real = real;
    }

    /** What stands before a file that may be written. */
    abstract DiskFile written(Path path, DiskFile file);

    @Override
    public DiskFile create(Path path) throws IOException {
        return written(path, real.create(path));
    }

    @Override
    public DiskFile open(Path path) throws IOException {
        return written(path, real.open(path));
    }

    @Override
    public DiskFile openReadOnly(Path path) throws IOException {
        return real.openReadOnly(path);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        real.rename(from, to);
    }

    @Override
    public void link(Path existing, Path name) throws IOException {
        real.link(existing, name);
    }

    @Override
    public void delete(Path path) throws IOException {
        real.delete(path);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        real.createDirectories(directory);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        real.syncDirectory(directory);
    }

    @Override
    public boolean exists(Path path) throws IOException {
        return real.exists(path);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        return real.list(directory);
    }

    @Override
    public long bytesWritten() {
        return real.bytesWritten();
    }

    @Override
    public OptionalLong usableBytes(Path directory) throws IOException {
        return real.usableBytes(directory);
    }

    /** A file that does what another one does. */
    abstract static class ForwardingFile implements DiskFile {
        private final DiskFile real;

        ForwardingFile(DiskFile real) {
            this.real = real;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return real.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            real.write(source, position);
        }

        @Override
        public void sync() throws IOException {
            real.sync();
        }

        @Override
        public long length() throws IOException {
            return real.length();
        }

        @Override
        public void truncate(long length) throws IOException {
            real.truncate(length);
        }

        @Override
        public void allocate(long length) throws IOException {
            real.allocate(length);
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }
}

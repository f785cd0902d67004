package io.delivery.testkit.orc;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PositionedReadable;
import org.apache.hadoop.fs.Seekable;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** A file system that has one file and lets it be read: all that ORC's reader asks for. */
final class BytesFileSystem extends FileSystem {
    static final Path FILE = new Path("bytes:/file");

    private final byte[] content;

    BytesFileSystem(byte[] content) {
        this.content = content;
        setConf(new Configuration(false));
    }

    @Override
    public URI getUri() {
        return FILE.toUri();
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) {
        return new FSDataInputStream(new Content(content));
    }

    @Override
    public FileStatus getFileStatus(Path path) {
        return new FileStatus(content.length, false, 1, content.length, 0, path);
    }

    @Override
    public FileStatus[] listStatus(Path path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean rename(Path from, Path to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean delete(Path path, boolean recursive) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setWorkingDirectory(Path directory) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Path getWorkingDirectory() {
        return new Path("bytes:/");
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) {
        throw new UnsupportedOperationException();
    }

    private static final class Content extends ByteArrayInputStream
            implements Seekable, PositionedReadable {
        Content(byte[] content) {
            super(content);
        }

        @Override
        public void seek(long position) throws IOException {
            if (position < 0 || position > count) {
                throw new EOFException("position " + position + " of " + count);
            }
            pos = (int) position;
        }

        @Override
        public long getPos() {
            return pos;
        }

        @Override
        public boolean seekToNewSource(long position) {
            return false;
        }

        @Override
        public int read(long position, byte[] into, int offset, int length) {
            int available = (int) Math.min(length, count - position);
            if (available <= 0) {
                return -1;
            }
            System.arraycopy(buf, (int) position, into, offset, available);
            return available;
        }

        @Override
        public void readFully(long position, byte[] into, int offset, int length)
                throws IOException {
            if (position < 0 || position + length > count) {
                throw new EOFException("%d bytes from %d of %d".formatted(length, position, count));
            }
            System.arraycopy(buf, (int) position, into, offset, length);
        }

        @Override
        public void readFully(long position, byte[] into) throws IOException {
            readFully(position, into, 0, into.length);
        }
    }
}

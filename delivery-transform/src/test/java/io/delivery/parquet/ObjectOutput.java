package io.delivery.parquet;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** The object as Parquet wants to see a file: a stream that knows where it is. */
final class ObjectOutput extends PositionOutputStream implements OutputFile {
    /** A file that is in no blocks. */
    static final long NO_BLOCKS = 0;

    private final OutputStream out;
    private final long blockBytes;
    private long position;

    /**
     * @param blockBytes of the blocks that row groups are aligned to, or {@link #NO_BLOCKS}
     */
    ObjectOutput(OutputStream out, long blockBytes) {
        this.out = out;
        this.blockBytes = blockBytes;
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) {
        return this;
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
        return this;
    }

    @Override
    public boolean supportsBlockSize() {
        return blockBytes != NO_BLOCKS;
    }

    @Override
    public long defaultBlockSize() {
        return blockBytes;
    }

    @Override
    public long getPos() {
        return position;
    }

    @Override
    public void write(int b) throws IOException {
        out.write(b);
        position++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        position += length;
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    /** The object's stream belongs to somebody else. */
    @Override
    public void close() {}
}

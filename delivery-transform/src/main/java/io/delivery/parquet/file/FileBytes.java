package io.delivery.parquet.file;

import java.io.IOException;
import java.io.OutputStream;

/**
 * The bytes of a file on their way: knows where it is. Short writes are gathered, because Thrift
 * writes byte by byte. Not thread-safe.
 */
final class FileBytes extends OutputStream {
    private static final int GATHERED = 8 << 10;

    private final OutputStream out;
    private final byte[] gathered = new byte[GATHERED];
    private int count;
    private long written;

    FileBytes(OutputStream out) {
        this.out = out;
    }

    /** Where the next byte goes. */
    long position() {
        return written + count;
    }

    @Override
    public void write(int b) throws IOException {
        if (count == GATHERED) {
            pass();
        }
        gathered[count++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > GATHERED - count) {
            pass();
        }
        if (length > GATHERED) {
            out.write(bytes, offset, length);
            written += length;
        } else {
            System.arraycopy(bytes, offset, gathered, count, length);
            count += length;
        }
    }

    private void pass() throws IOException {
        out.write(gathered, 0, count);
        written += count;
        count = 0;
    }

    @Override
    public void flush() throws IOException {
        pass();
        out.flush();
    }
}

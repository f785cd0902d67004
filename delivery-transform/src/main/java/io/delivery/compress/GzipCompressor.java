package io.delivery.compress;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes gzip members (RFC 1952), one after the other, each to its own stream. Gathers small
 * writes, because every call into zlib has a price. Never closes the stream. Not thread-safe.
 */
final class GzipCompressor extends OutputStream {
    private static final int BUFFER_BYTES = 32 * 1024;

    /** Two buffers, and what zlib takes off the heap: 256 KiB with default settings (zconf.h). */
    static final long MEMORY_BYTES = 2L * BUFFER_BYTES + 256 * 1024 + 8 * 1024;

    /** Deflate, no flags, no time, no extra flags, system unknown. */
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private final Deflater deflater;
    private final CRC32 checksum = new CRC32();
    private final byte[] gathered = new byte[BUFFER_BYTES];
    private final byte[] compressed = new byte[BUFFER_BYTES];
    private int gatheredBytes;
    private OutputStream out;

    GzipCompressor(int level) {
        deflater = new Deflater(level, true);
    }

    /** Begins a member. */
    void begin(OutputStream out) throws IOException {
        this.out = out;
        out.write(HEADER);
    }

    @Override
    public void write(int b) throws IOException {
        if (gatheredBytes == gathered.length) {
            deflateGathered();
        }
        gathered[gatheredBytes++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > gathered.length - gatheredBytes) {
            deflateGathered();
        }
        if (length >= gathered.length) {
            deflate(bytes, offset, length);
        } else {
            System.arraycopy(bytes, offset, gathered, gatheredBytes, length);
            gatheredBytes += length;
        }
    }

    /** Ends the member. */
    void finish() throws IOException {
        deflateGathered();
        deflater.finish();
        while (!deflater.finished()) {
            out.write(compressed, 0, deflater.deflate(compressed));
        }
        // Both little-endian, the length modulo 2^32: RFC 1952, section 2.3.1.
        putInt(0, (int) checksum.getValue());
        putInt(4, (int) deflater.getBytesRead());
        out.write(compressed, 0, 8);
    }

    /** Makes this ready for the next member, whatever became of the last one. */
    void forget() {
        deflater.reset();
        checksum.reset();
        gatheredBytes = 0;
        out = null;
    }

    /** Gives zlib's memory back; this is of no use any more. */
    void end() {
        deflater.end();
    }

    private void deflateGathered() throws IOException {
        deflate(gathered, 0, gatheredBytes);
        gatheredBytes = 0;
    }

    private void deflate(byte[] bytes, int offset, int length) throws IOException {
        checksum.update(bytes, offset, length);
        deflater.setInput(bytes, offset, length);
        while (!deflater.needsInput()) {
            int written = deflater.deflate(compressed);
            if (written > 0) {
                out.write(compressed, 0, written);
            }
        }
    }

    private void putInt(int at, int value) {
        for (int i = 0; i < Integer.BYTES; i++) {
            compressed[at + i] = (byte) (value >>> (8 * i));
        }
    }
}

package io.delivery.compress;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Deflated data (RFC 1951) without a header or a trailer, and the checksum of what is in it. */
final class RawDeflate {
    /** How much is given to zlib at once, and taken from it. */
    static final int BLOCK_BYTES = 32 * 1024;

    /** A buffer, and what zlib takes off the heap: 256 KiB with default settings (zconf.h). */
    static final long MEMORY_BYTES = BLOCK_BYTES + 256 * 1024 + 8 * 1024;

    private final Deflater deflater;
    private final CRC32 checksum = new CRC32();
    private final byte[] compressed = new byte[BLOCK_BYTES];

    RawDeflate(int level) {
        deflater = new Deflater(level, true);
    }

    void deflate(byte[] bytes, int length, OutputStream out) throws IOException {
        checksum.update(bytes, 0, length);
        deflater.setInput(bytes, 0, length);
        while (!deflater.needsInput()) {
            int written = deflater.deflate(compressed);
            if (written > 0) {
                out.write(compressed, 0, written);
            }
        }
    }

    void finish(OutputStream out) throws IOException {
        deflater.finish();
        while (!deflater.finished()) {
            out.write(compressed, 0, deflater.deflate(compressed));
        }
    }

    /** CRC-32 of what was deflated. */
    int checksum() {
        return (int) checksum.getValue();
    }

    /** Of what was deflated. */
    long bytes() {
        return deflater.getBytesRead();
    }

    long compressedBytes() {
        return deflater.getBytesWritten();
    }

    void forget() {
        deflater.reset();
        checksum.reset();
    }

    void end() {
        deflater.end();
    }
}

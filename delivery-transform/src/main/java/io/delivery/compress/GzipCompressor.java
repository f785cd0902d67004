package io.delivery.compress;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Gzip members (RFC 1952) without name and time, one to an object. */
final class GzipCompressor implements Compressor {
    /** Deflate, no flags, no time, no extra flags, system unknown. */
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private final RawDeflate deflate;
    private final ByteBuffer trailer =
            ByteBuffer.allocate(2 * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private OutputStream out;

    GzipCompressor(int level) {
        deflate = new RawDeflate(level);
    }

    @Override
    public void begin(OutputStream out) throws IOException {
        this.out = out;
        out.write(HEADER);
    }

    @Override
    public void compress(byte[] block, int length) throws IOException {
        deflate.deflate(block, length, out);
    }

    @Override
    public void finish() throws IOException {
        deflate.finish(out);
        // The length modulo 2^32: RFC 1952, section 2.3.1.
        trailer.clear().putInt(deflate.checksum()).putInt((int) deflate.bytes());
        out.write(trailer.array());
    }

    @Override
    public void forget() {
        deflate.forget();
        out = null;
    }

    @Override
    public void end() {
        // All of it is on the heap.
    }
}

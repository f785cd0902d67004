package io.delivery.compress;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Gathers what is written into blocks of one size for a compressor, because every call into a
 * library of compression has a price. So an object's bytes depend on what was written, not on the
 * pieces in which it came. Not thread-safe.
 */
final class BlockStream extends OutputStream {
    private final Compressor compressor;
    private final byte[] block;
    private int filled;

    BlockStream(Compressor compressor, int blockBytes) {
        this.compressor = compressor;
        this.block = new byte[blockBytes];
    }

    /** Begins an object. */
    void begin(OutputStream out) throws IOException {
        compressor.begin(out);
    }

    @Override
    public void write(int b) throws IOException {
        if (filled == block.length) {
            compressBlock();
        }
        block[filled++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (filled == block.length) {
                compressBlock();
            }
            int fits = Math.min(left, block.length - filled);
            System.arraycopy(bytes, from, block, filled, fits);
            filled += fits;
            from += fits;
            left -= fits;
        }
    }

    /** Ends the object. */
    void finish() throws IOException {
        if (filled > 0) {
            compressBlock();
        }
        compressor.finish();
    }

    /** Makes this ready for the next object, whatever became of the last one. */
    void forget() {
        filled = 0;
        compressor.forget();
    }

    /** Gives memory beyond the heap back; this is of no use any more. */
    void end() {
        compressor.end();
    }

    private void compressBlock() throws IOException {
        compressor.compress(block, filled);
        filled = 0;
    }
}

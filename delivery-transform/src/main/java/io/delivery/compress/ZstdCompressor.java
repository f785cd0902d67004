package io.delivery.compress;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Zstandard frames (RFC 8878) with a checksum of their content, one to an object. */
final class ZstdCompressor implements Compressor {
    /** What zstd itself takes when nothing is said. */
    static final int DEFAULT_LEVEL = 3;

    /**
     * Levels beyond have windows of more than 8 MiB, which a reader of content that is encoded so
     * need not have (RFC 9659, section 3).
     */
    static final int MOST_LEVEL = 19;

    /** A block of zstd itself: ZSTD_BLOCKSIZE_MAX. */
    static final int BLOCK_BYTES = 128 * 1024;

    /**
     * What zstd takes off the heap for a stream of unknown length, by level, in KiB:
     * ZSTD_estimateCStreamSize of zstd 1.5, rounded up.
     */
    private static final int[] NATIVE_KIB = {
        1_338, 2_042, 3_578, 4_858, 5_882, 5_882, 8_954, 8_954, 17_146, 29_434, 29_434, 54_010,
        54_010, 54_010, 70_394, 70_394, 70_394, 70_394, 91_649
    };

    private final int level;
    private final ZstdCompressCtx context = new ZstdCompressCtx();
    private final ByteBuffer compressed;
    private final ByteBuffer plain = ByteBuffer.allocateDirect(BLOCK_BYTES);
    private final byte[] copied;
    private OutputStream out;

    ZstdCompressor(int level) {
        this.level = level;
        this.compressed = ByteBuffer.allocateDirect(compressedBytes());
        this.copied = new byte[compressedBytes()];
        configure();
    }

    private static int compressedBytes() {
        return (int) Zstd.compressBound(BLOCK_BYTES);
    }

    /** Four buffers, and what zstd takes. */
    static long memoryBytes(int level) {
        return 2L * BLOCK_BYTES + 2L * compressedBytes() + NATIVE_KIB[level - 1] * 1024L;
    }

    private void configure() {
        context.setLevel(level);
        context.setChecksum(true);
    }

    @Override
    public void begin(OutputStream out) {
        this.out = out;
    }

    @Override
    public void compress(byte[] block, int length) throws IOException {
        plain.clear().put(block, 0, length).flip();
        while (plain.hasRemaining()) {
            context.compressDirectByteBufferStream(compressed, plain, EndDirective.CONTINUE);
            writeCompressed();
        }
    }

    @Override
    public void finish() throws IOException {
        plain.clear().flip();
        boolean ended;
        do {
            ended = context.compressDirectByteBufferStream(compressed, plain, EndDirective.END);
            writeCompressed();
        } while (!ended);
    }

    private void writeCompressed() throws IOException {
        int length = compressed.flip().remaining();
        compressed.get(copied, 0, length).clear();
        if (length > 0) {
            out.write(copied, 0, length);
        }
    }

    @Override
    public void forget() {
        context.reset();
        configure();
        compressed.clear();
        out = null;
    }

    @Override
    public void end() {
        context.close();
    }
}

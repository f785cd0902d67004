package io.delivery.compress;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.xerial.snappy.Snappy;

/** Raw Snappy blocks, each behind its lengths, in one of two framings. */
final class SnappyBlocks implements Compressor {
    /** What is around the blocks. All numbers are big-endian. */
    enum Framing {
        /**
         * As snappy-java's SnappyOutputStream writes: a header; before each block its compressed
         * length.
         */
        XERIAL(
                32 * 1024, // SnappyOutputStream's own block size
                new byte[] {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1}),
        /**
         * As Hadoop's BlockCompressorStream writes: before each block its length and its compressed
         * length; nothing at all is one length of 0.
         *
         * <p>A reader's buffer has 256 KiB (io.compression.codec.snappy.buffersize) and must hold a
         * block that did not compress. So Hadoop's writer takes this much less for one
         * (SnappyCodec), and so do we.
         */
        HADOOP(256 * 1024 - (256 * 1024 / 6 + 32), new byte[0]);

        final int blockBytes;
        private final byte[] header;

        Framing(int blockBytes, byte[] header) {
            this.blockBytes = blockBytes;
            this.header = header;
        }

        /** Two buffers. */
        long memoryBytes() {
            return blockBytes + (long) Snappy.maxCompressedLength(blockBytes);
        }

        /** Of an object of so many bytes, whatever they are. */
        long mostBytes(long bytes) {
            long blocks = bytes / blockBytes + 1;
            // What Snappy.maxCompressedLength says of each block, and its lengths.
            return bytes + bytes / 6 + blocks * (32 + 2 * Integer.BYTES) + header.length;
        }
    }

    private final Framing framing;
    private final ByteBuffer lengths = ByteBuffer.allocate(2 * Integer.BYTES);
    private final byte[] compressed;
    private OutputStream out;
    private boolean empty;

    SnappyBlocks(Framing framing) {
        this.framing = framing;
        this.compressed = new byte[Snappy.maxCompressedLength(framing.blockBytes)];
    }

    @Override
    public void begin(OutputStream out) throws IOException {
        this.out = out;
        this.empty = true;
        out.write(framing.header);
    }

    @Override
    public void compress(byte[] block, int length) throws IOException {
        empty = false;
        int compressedLength = Snappy.compress(block, 0, length, compressed, 0);
        lengths.clear();
        switch (framing) {
            case XERIAL -> lengths.putInt(compressedLength);
            case HADOOP -> lengths.putInt(length).putInt(compressedLength);
        }
        out.write(lengths.array(), 0, lengths.position());
        out.write(compressed, 0, compressedLength);
    }

    @Override
    public void finish() throws IOException {
        if (empty && framing == Framing.HADOOP) {
            out.write(lengths.clear().putInt(0).array(), 0, Integer.BYTES);
        }
    }

    @Override
    public void forget() {
        out = null;
    }

    /** Everything is on the heap. */
    @Override
    public void end() {}
}

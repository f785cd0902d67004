package io.delivery.staging;

import io.delivery.crypt.FileCipher;
import io.delivery.staging.Staging.StagingFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Encrypts objects on their way into a staging file. Each block gets the next number of its file,
 * also when the object before it was taken back and its place is written again: no number is used
 * twice.
 */
final class SealedStagingFile implements StagingFile {
    private final LocalStagingFile file;
    private final FileCipher cipher;
    private final byte[] block = new byte[SealedObject.BLOCK];
    private final byte[] sealed = new byte[SealedObject.BLOCK + SealedObject.BLOCK_OVERHEAD];
    private final byte[] bound = new byte[SealedObject.BOUND_BYTES];
    private final CRC32 crc = new CRC32();

    private OutputStream target;
    private ObjectStream current;
    private int filled;
    private long blocks;
    private long length;

    /** Within the file, over all objects. */
    private long nextNumber;

    SealedStagingFile(LocalStagingFile file, FileCipher cipher) {
        this.file = file;
        this.cipher = cipher;
    }

    @Override
    public OutputStream begin() {
        target = file.begin();
        crc.reset();
        filled = 0;
        blocks = 0;
        length = 0;
        current = new ObjectStream();
        return current;
    }

    @Override
    public StagedBytes end() throws IOException {
        if (current != null && filled > 0) {
            seal();
        }
        StagedBytes stored = file.end();
        current = null;
        return new StagedBytes(stored.file(), stored.offset(), length, (int) crc.getValue());
    }

    @Override
    public void discard() {
        file.discard();
        current = null;
    }

    @Override
    public void stage() throws IOException {
        file.stage();
    }

    @Override
    public void close() throws IOException {
        current = null;
        file.close();
    }

    private void seal() throws IOException {
        long number = nextNumber++;
        SealedObject.bound(bound, file.objectBegin(), blocks++);
        ByteBuffer.wrap(sealed).putLong(number);
        cipher.seal(number, bound, ByteBuffer.wrap(block, 0, filled), sealed, Long.BYTES);
        int size = filled + SealedObject.BLOCK_OVERHEAD;
        filled = 0;
        target.write(sealed, 0, size);
    }

    /** Closing it means nothing: an object ends by {@link #end()} only. */
    private final class ObjectStream extends OutputStream {
        private final byte[] single = new byte[1];

        @Override
        public void write(int b) throws IOException {
            single[0] = (byte) b;
            write(single, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            if (current != this) {
                throw new IOException("this object of an encrypted staging file has ended");
            }
            crc.update(bytes, from, count);
            length += count;
            int at = from;
            int left = count;
            while (left > 0) {
                int step = Math.min(left, block.length - filled);
                System.arraycopy(bytes, at, block, filled, step);
                filled += step;
                at += step;
                left -= step;
                if (filled == block.length) {
                    seal();
                }
            }
        }
    }
}

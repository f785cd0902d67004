package io.delivery.buffer;

import io.delivery.crypt.FileCipher;
import io.delivery.crypt.FileKey;
import io.delivery.crypt.StreamKeys;
import io.delivery.failure.FailureText;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.Entropy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where blocks go when memory is short: one file per range, written sequentially, never synced,
 * because the log is the durable copy until the objects are staged. The lane writes it, encoders
 * read it. Bytes that were never synced may come back as other bytes: whoever reads them compares
 * their checksums.
 *
 * <p>While its stream is encrypted, so is what is written here, with a key that only this object
 * has: no other process reads the file.
 */
public final class SpoolFile implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SpoolFile.class);
    private static final int BLOCK = MemoryBudget.FULL_BLOCK_BYTES;
    private static final byte[] NOTHING_MORE = new byte[0];

    /** Bytes of an array that a piece can be read into. */
    static final int READ_BYTES = BLOCK + FileCipher.TAG_BYTES;

    private final Path path;
    private final Disk disk;
    private final StreamKeys keys;
    private final Entropy entropy;
    private DiskFile file;
    private volatile long length;

    // --- the lane's, while its stream is encrypted; the key also the encoders' ---
    private volatile FileKey key;
    private FileCipher cipher;
    private final SpoolBuffers buffers;

    /** Also of writes that failed: no number is used twice. */
    private long nextNumber;

    /** One that is never encrypted. Nothing is created before the first write. */
    public SpoolFile(Path path, Disk disk) {
        this(
                path,
                disk,
                StreamKeys.none(),
                () -> {
                    throw new IllegalStateException("a spool that is never encrypted has no key");
                },
                new SpoolBuffers());
    }

    /**
     * Nothing is created before the first write.
     *
     * @param keys say at each write whether it is encrypted
     * @param buffers of its lane
     */
    public SpoolFile(Path path, Disk disk, StreamKeys keys, Entropy entropy, SpoolBuffers buffers) {
        this.buffers = buffers;
        this.path = path;
        this.disk = disk;
        this.keys = keys;
        this.entropy = entropy;
    }

    /** Removes what a dead process left. */
    public static void deleteAll(Path directory, Disk disk) throws IOException {
        for (Path leftover : disk.list(directory)) {
            disk.delete(leftover);
        }
    }

    /**
     * Appends blocks as one piece.
     *
     * @param blocks at least one, all full but the last; together at most one full block
     * @param lastLength how much of the last one is used
     */
    SpooledPiece write(List<byte[]> blocks, int lastLength) throws IOException {
        return keys.current() == null ? plain(blocks, lastLength) : encrypted(blocks, lastLength);
    }

    private SpooledPiece plain(List<byte[]> blocks, int lastLength) throws IOException {
        CRC32C crc = new CRC32C();
        long begin = 0;
        int size = 0;
        for (int i = 0; i < blocks.size(); i++) {
            byte[] block = blocks.get(i);
            int used = used(blocks, i, lastLength);
            long at = append(ByteBuffer.wrap(block, 0, used));
            begin = i == 0 ? at : begin;
            crc.update(block, 0, used);
            size += used;
        }
        return new SpooledPiece(begin, size, (int) crc.getValue(), SpooledPiece.PLAIN);
    }

    private SpooledPiece encrypted(List<byte[]> blocks, int lastLength) throws IOException {
        if (key == null) {
            key = FileKey.fresh(entropy);
            cipher = key.cipher();
        }
        byte[] gathered = buffers.gathered();
        byte[] sealed = buffers.sealed();
        int size = 0;
        for (int i = 0; i < blocks.size(); i++) {
            byte[] block = blocks.get(i);
            int used = used(blocks, i, lastLength);
            System.arraycopy(block, 0, gathered, size, used);
            size += used;
        }
        long number = nextNumber++;
        cipher.seal(number, NOTHING_MORE, ByteBuffer.wrap(gathered, 0, size), sealed, 0);
        int stored = size + FileCipher.TAG_BYTES;
        CRC32C crc = new CRC32C();
        crc.update(sealed, 0, stored);
        long begin = append(ByteBuffer.wrap(sealed, 0, stored));
        return new SpooledPiece(begin, size, (int) crc.getValue(), number);
    }

    private static int used(List<byte[]> blocks, int index, int lastLength) {
        return index == blocks.size() - 1 ? lastLength : blocks.get(index).length;
    }

    private long append(ByteBuffer bytes) throws IOException {
        if (file == null) {
            disk.createDirectories(path.getParent());
            file = disk.create(path);
        }
        long at = length;
        int size = bytes.remaining();
        file.write(bytes, at);
        length = at + size;
        return at;
    }

    /**
     * Reads a piece into the beginning of an array of {@link #READ_BYTES}. No byte is given before
     * the checksum of the whole piece, and its tag, were compared.
     */
    void read(SpooledPiece piece, byte[] target) throws SpoolLostException {
        boolean plain = piece.number() == SpooledPiece.PLAIN;
        int stored = piece.length() + (plain ? 0 : FileCipher.TAG_BYTES);
        try {
            file.readFully(ByteBuffer.wrap(target, 0, stored), piece.offset());
        } catch (IOException failed) {
            throw lost(piece.offset(), FailureText.of(failed), failed);
        }
        CRC32C crc = new CRC32C();
        crc.update(target, 0, stored);
        boolean whole = (int) crc.getValue() == piece.crc();
        if (!whole || !plain && !opens(piece, ByteBuffer.wrap(target, 0, stored), target)) {
            throw lost(piece.offset(), "not the bytes that were written", null);
        }
    }

    /** With a cipher of its own: several encoders read at a time. */
    private boolean opens(SpooledPiece piece, ByteBuffer stored, byte[] target) {
        return key.cipher().open(piece.number(), NOTHING_MORE, stored, target, 0);
    }

    private SpoolLostException lost(long position, String why, Throwable cause) {
        return new SpoolLostException("%s at %d: %s".formatted(path, position, why), cause);
    }

    /** As {@link #close()}; a file that cannot be removed is removed at the next start. */
    public void discard() {
        try {
            close();
        } catch (IOException left) {
            log.debug("spool not removed: file={}", path, left);
        }
    }

    /** Bytes on disk. */
    public long bytes() {
        return length;
    }

    /** Closes and removes the file: its range is staged, or will be read again from the log. */
    @Override
    public void close() throws IOException {
        buffers.release();
        if (file != null) {
            file.close();
            file = null;
            disk.delete(path);
            length = 0;
        }
    }
}

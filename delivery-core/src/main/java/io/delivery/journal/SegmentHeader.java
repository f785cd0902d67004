package io.delivery.journal;

import io.delivery.crypt.StreamKeys;
import io.delivery.record.Incarnation;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/** The first 64 bytes of a segment: {@code docs/formats/journal.md}, "Segment header". */
final class SegmentHeader {
    static final int BYTES = 64;

    /** Files that do not grow are made of so many bytes at a time. */
    static final int BLOCK = 4096;

    /** Without encrypted frames. */
    static final int FIRST_FORMAT = 1;

    /** Frames may be encrypted; the highest that is read. */
    static final int ENCRYPTED_FORMAT = 2;

    private static final byte[] MAGIC = "dlvryjnl".getBytes(StandardCharsets.US_ASCII);
    private static final int CHECKED = BYTES - Integer.BYTES;

    private SegmentHeader() {}

    /**
     * What new segments of a stream with these keys are written in: without any key a journal stays
     * readable for programs that know of none.
     */
    static int formatOf(StreamKeys keys) {
        return keys.any() ? ENCRYPTED_FORMAT : FIRST_FORMAT;
    }

    /**
     * @param madeBytes how long the file was, durably, when it got the segment's name; a multiple
     *     of {@link #BLOCK}, 0 for one that grows
     */
    static byte[] encode(SegmentId id, long madeBytes, int format) {
        ByteBuffer header = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int blocks = Math.toIntExact(madeBytes / BLOCK);
        header.put(MAGIC).putInt(format).putInt(blocks).put(id.seed()).putInt(0);
        header.putInt(checksum(header.array()));
        return header.array();
    }

    /**
     * Whether these bytes are the header of this very segment. False when they are torn, damaged,
     * or left from the file's life before it was recycled.
     *
     * @throws IOException when they are whole, but written by a newer program or for another stream
     */
    static boolean isOf(SegmentId id, byte[] bytes, String file) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        // Every version keeps magic, version, incarnation and checksum where they are.
        if (!Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                || header.getInt(CHECKED) != checksum(bytes)) {
            return false;
        }
        int version = header.getInt(8);
        if (version > ENCRYPTED_FORMAT) {
            throw new IOException(
                    ("journal segment %s has format version %d, this program reads up to %d:"
                                    + " start the newer program again")
                            .formatted(file, version, ENCRYPTED_FORMAT));
        }
        Incarnation written = new Incarnation(header.getLong(16), header.getLong(24));
        if (!written.equals(id.incarnation())) {
            throw new IOException(
                    "journal segment %s belongs to incarnation %s, this stream is %s"
                            .formatted(file, written, id.incarnation()));
        }
        byte[] seed = id.seed();
        return Arrays.equals(bytes, 16, 16 + seed.length, seed, 0, seed.length);
    }

    /** Whether a segment's header says that frames may be encrypted. */
    static boolean hasKeys(Disk disk, Path path) {
        return validIn(disk, path).filter(h -> h.getInt(8) >= ENCRYPTED_FORMAT).isPresent();
    }

    /** The incarnation that a segment's header names; empty when it has no valid one. */
    static Optional<Incarnation> incarnationIn(Disk disk, Path path) {
        return validIn(disk, path)
                .map(header -> new Incarnation(header.getLong(16), header.getLong(24)));
    }

    /**
     * How long the file was when it got its name, 0 when it grew or its program did not say; empty
     * when the header is none of this segment.
     */
    static Optional<Long> madeBytesIn(Disk disk, Path path, SegmentId id) {
        byte[] seed = id.seed();
        return validIn(disk, path)
                .filter(
                        header ->
                                Arrays.equals(
                                        header.array(), 16, 16 + seed.length, seed, 0, seed.length))
                .map(header -> (long) header.getInt(12) * BLOCK);
    }

    private static Optional<ByteBuffer> validIn(Disk disk, Path path) {
        ByteBuffer header = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (DiskFile file = disk.openReadOnly(path)) {
            file.readFully(header, 0);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
        byte[] bytes = header.array();
        boolean valid =
                Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                        && header.getInt(CHECKED) == checksum(bytes);
        return valid ? Optional.of(header) : Optional.empty();
    }

    private static int checksum(byte[] header) {
        CRC32C crc = new CRC32C();
        crc.update(header, 0, CHECKED);
        return (int) crc.getValue();
    }
}

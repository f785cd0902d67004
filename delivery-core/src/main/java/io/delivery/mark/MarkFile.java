package io.delivery.mark;

import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * A mark on the disk, in the hands of the process that made the file: two copies, each in a block
 * of its own and with its own checksum, overwritten in turn. A write that is torn leaves the other
 * copy, so a mark never goes back by more than one write (docs/formats/marks.md).
 *
 * <p>The file keeps its length, so that a write needs no room and its sync need not write where the
 * blocks are. Used by one thread at a time.
 */
public final class MarkFile implements Closeable {
    /** Where the second copy begins: far enough that no torn write reaches both. */
    static final int COPY_DISTANCE = 4096;

    static final int COPY_BYTES = 64;
    static final int FORMAT = 1;

    private static final long MAGIC = 0x6B726D7972766C64L; // "dlvrymrk", little-endian
    private static final int CHECKSUM_AT = COPY_BYTES - Integer.BYTES;

    private final DiskFile file;
    private long writes;

    private MarkFile(DiskFile file, long writes) {
        this.file = file;
        this.writes = writes;
    }

    /**
     * Makes the file, or puts another one in its place: what an earlier process wrote is never
     * written to. Durable at return, with its name; the directory is made when it is not there.
     */
    public static MarkFile create(Disk disk, Path path, Mark mark) throws IOException {
        Path directory = path.getParent();
        disk.createDirectories(directory);
        disk.syncDirectory(directory.getParent());
        Path made = unfinished(path);
        disk.delete(made);
        DiskFile file = disk.create(made);
        try {
            file.write(copy(1, mark), 0);
            file.write(copy(2, mark), COPY_DISTANCE);
            file.sync();
            disk.rename(made, path);
            disk.syncDirectory(directory);
        } catch (IOException failed) {
            try (file) {
                disk.delete(made);
            } catch (IOException alsoFailed) {
                failed.addSuppressed(alsoFailed);
            }
            throw failed;
        }
        return new MarkFile(file, 2);
    }

    /**
     * Where the file is until it is whole. The name ends as the mark's own does, and begins as no
     * mark's does: an ending would be free for names too, so that one mark would be another's
     * unfinished file.
     */
    private static Path unfinished(Path path) {
        return path.resolveSibling("new~" + path.getFileName());
    }

    /** Removes what a process left that died while it made this mark. */
    public static void tidy(Disk disk, Path path) throws IOException {
        Path left = unfinished(path);
        if (disk.exists(left)) {
            disk.delete(left);
        }
    }

    /**
     * Puts another mark in place of the older copy; durable at return.
     *
     * @throws IOException when it may not be durable: the file is at its end then
     */
    public void write(Mark mark) throws IOException {
        writes++;
        file.write(copy(writes, mark), (writes - 1) % 2 * COPY_DISTANCE);
        file.sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /**
     * Looks for a mark, also beside the process that writes it.
     *
     * @throws IOException when the disk fails
     */
    public static FoundMark read(Disk disk, Path path) throws IOException {
        if (!disk.exists(path)) {
            return FoundMark.absent(path);
        }
        try (DiskFile file = disk.openReadOnly(path)) {
            Copy first = Copy.read(file, 0);
            Copy second = Copy.read(file, COPY_DISTANCE);
            Copy younger = first.number > second.number ? first : second;
            if (younger.number == 0) {
                return FoundMark.unreadable(path, "both of its copies are damaged");
            }
            if (younger.format != FORMAT) {
                return FoundMark.unreadable(
                        path,
                        "it is of format %d, which this program does not know: a newer one wrote it"
                                .formatted(younger.format));
            }
            return FoundMark.of(path, younger.mark);
        }
    }

    private static ByteBuffer copy(long number, Mark mark) {
        ByteBuffer copy = ByteBuffer.allocate(COPY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        copy.putLong(MAGIC).putInt(FORMAT).putInt(0).putLong(number);
        copy.putLong(mark.epoch()).putLong(mark.durableUpTo()).putLong(mark.fileBytes());
        copy.putInt(CHECKSUM_AT, checksum(copy));
        return copy.rewind();
    }

    private static int checksum(ByteBuffer copy) {
        CRC32C crc = new CRC32C();
        crc.update(copy.array(), 0, CHECKSUM_AT);
        return (int) crc.getValue();
    }

    /**
     * One of the two.
     *
     * @param number the higher, the younger; 0 when it cannot be believed
     */
    private record Copy(long number, int format, Mark mark) {
        private static final Copy NONE = new Copy(0, 0, new Mark(0, 0, 0));

        static Copy read(DiskFile file, long at) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(COPY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            if (file.length() < at + COPY_BYTES) {
                return NONE;
            }
            file.readFully(bytes, at);
            if (bytes.getLong(0) != MAGIC || bytes.getInt(CHECKSUM_AT) != checksum(bytes)) {
                return NONE;
            }
            Mark mark = new Mark(bytes.getLong(24), bytes.getLong(32), bytes.getLong(40));
            return new Copy(bytes.getLong(16), bytes.getInt(8), mark);
        }
    }
}

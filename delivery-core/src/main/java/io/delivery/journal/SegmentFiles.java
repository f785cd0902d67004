package io.delivery.journal;

import io.delivery.failure.RepeatedFailure;
import io.delivery.world.Clock;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes, names and removes the files of one journal. A file is a blank until it is named after its
 * segment; blanks found at start are removed. Thread-safe.
 */
final class SegmentFiles {
    private static final Logger log = LoggerFactory.getLogger(SegmentFiles.class);
    private static final String BLANK_PREFIX = "blank-";

    private final Disk disk;
    private final Path directory;
    private final AtomicLong blanks = new AtomicLong();
    private final RepeatedFailure closing;
    private final RepeatedFailure deleting;

    /**
     * A piece of a preallocation: what the disk is given at a time, so that the syncs of appends
     * never wait behind more.
     */
    private static final long PIECE = 4 << 20;

    /**
     * A file, open, without a segment's name. It belongs to whoever holds it.
     *
     * @param bytes that it may take
     * @param madeBytes that it has already, durably; 0 when it grows
     * @param holdsPlain whether it may have records of its life before that are not encrypted
     */
    record Blank(Path path, DiskFile file, long bytes, long madeBytes, boolean holdsPlain) {}

    SegmentFiles(Disk disk, Path directory, Clock clock) {
        this.disk = disk;
        this.directory = directory;
        this.closing = RepeatedFailure.of(log, "closing a file of the journal", clock::nanoTime);
        this.deleting = RepeatedFailure.of(log, "deleting a file of the journal", clock::nanoTime);
    }

    static boolean isBlank(Path path) {
        return path.getFileName().toString().startsWith(BLANK_PREFIX);
    }

    /** Of the journal: where all of them are. */
    Path directory() {
        return directory;
    }

    Path path(SegmentId id) {
        return directory.resolve(id.fileName());
    }

    /** Makes the directory, durably. Its parent must be. */
    void makeDirectory() throws IOException {
        disk.createDirectories(directory);
        if (directory.getParent() != null) {
            disk.syncDirectory(directory.getParent());
        }
    }

    /**
     * Makes a blank of this size and syncs it, so that later syncs need not write where its blocks
     * are.
     */
    Blank create(long bytes) throws IOException {
        Path path = nextBlankPath();
        DiskFile file = disk.create(path);
        Blank blank = new Blank(path, file, bytes, bytes, false);
        try {
            for (long length = 0; length < bytes; ) {
                length = Math.min(bytes, length + PIECE);
                file.allocate(length);
                file.sync();
            }
        } catch (IOException e) {
            discard(blank);
            throw e;
        }
        return blank;
    }

    /** Makes a blank that is empty and grows with what is written to it. */
    Blank createGrowing(long bytes) throws IOException {
        Path path = nextBlankPath();
        return new Blank(path, disk.create(path), bytes, 0, false);
    }

    /** Turns a segment's file into a blank that still holds its old bytes. */
    Blank recycle(Segment segment) throws IOException {
        Path path = nextBlankPath();
        disk.rename(segment.path(), path);
        DiskFile file = disk.open(path);
        // One that grew and was given up before it was full is shorter, and may go on growing.
        long made = file.length() == segment.bytes() ? segment.bytes() : 0;
        return new Blank(path, file, segment.bytes(), made, segment.holdsPlain());
    }

    void writeHeader(Blank blank, SegmentId id, int format) throws IOException {
        byte[] header = SegmentHeader.encode(id, blank.madeBytes(), format);
        blank.file().write(ByteBuffer.wrap(header), 0);
    }

    /** Gives a blank its segment's name, durably. When this fails the blank is gone. */
    void name(Blank blank, SegmentId id) throws IOException {
        try {
            disk.rename(blank.path(), path(id));
            disk.syncDirectory(directory);
        } catch (IOException e) {
            discard(blank);
            delete(path(id));
            throw e;
        }
    }

    void discard(Blank blank) {
        close(blank.file(), blank.path());
        delete(blank.path());
    }

    /** Closes a file of which everything that matters is durable. */
    void close(DiskFile file, Path path) {
        try {
            file.close();
        } catch (IOException e) {
            closing.failedOnce(e, "file", path);
        }
    }

    /** Deletes a file that nobody needs; if that fails it stays until the next start. */
    void delete(Path path) {
        try {
            disk.delete(path);
            deleting.worked();
        } catch (IOException e) {
            deleting.failed(e, "file", path);
        }
    }

    private Path nextBlankPath() {
        return directory.resolve(BLANK_PREFIX + blanks.incrementAndGet());
    }
}

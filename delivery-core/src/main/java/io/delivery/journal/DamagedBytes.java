package io.delivery.journal;

import io.delivery.failure.FailureText;
import io.delivery.mark.Mark;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of each bad stretch of a journal once in the life of the process, and keeps a copy of its
 * bytes beside the journal, for whoever wants to look at them after the journal has forgotten the
 * segment: {@code docs/formats/journal.md}, "Damage".
 *
 * <p>Copies are bounded in number and bytes, and never made twice. A copy that cannot be made is
 * logged and stops nothing. Thread-safe: lanes find the same stretch at the same time.
 */
final class DamagedBytes {
    private static final Logger log = LoggerFactory.getLogger(DamagedBytes.class);

    /** Stretches that are told one by one, and copies that are kept. */
    private static final int MOST = 1000;

    private static final long MOST_BYTES = 64 << 20;
    private static final int PIECE = 64 << 10;
    private static final String UNFINISHED = ".part";

    private final Disk disk;
    private final String stream;
    private final Path journal;
    private final long limitBytes;
    private final Set<String> told = new HashSet<>();
    private final Set<String> kept = new HashSet<>();
    private final AtomicLong bytes = new AtomicLong();

    private DamagedBytes(JournalSettings settings, Disk disk) {
        this.disk = disk;
        this.stream = settings.stream();
        this.journal = settings.directory();
        this.limitBytes = Math.min(MOST_BYTES, settings.limitBytes() / 8);
    }

    /** Looks for what earlier processes kept. */
    static DamagedBytes of(JournalSettings settings, Disk disk) throws IOException {
        DamagedBytes damaged = new DamagedBytes(settings, disk);
        for (Path file : disk.list(damaged.directory())) {
            if (file.toString().endsWith(UNFINISHED)) {
                damaged.delete(file);
            } else {
                damaged.count(file);
            }
        }
        return damaged;
    }

    /**
     * Counts a copy. People may have moved the file or changed its rights, and the journal must
     * open all the same: a copy that cannot be opened is logged and not counted.
     */
    private void count(Path file) {
        kept.add(file.getFileName().toString());
        try (DiskFile copy = disk.openReadOnly(file)) {
            bytes.addAndGet(copy.length());
        } catch (IOException e) {
            log.warn(
                    "copy of damaged bytes not counted: stream={} file={} error={}",
                    stream,
                    file,
                    FailureText.of(e));
        }
    }

    /** Beside the journal. Hardly any has one, so that its path is not kept. */
    private Path directory() {
        return journal.resolveSibling("damaged");
    }

    /** Bytes of all copies. */
    long bytes() {
        return bytes.get();
    }

    /** A stretch was found in this segment that a crash alone cannot have left. */
    synchronized void found(SegmentId id, Path segment, BadStretch stretch) {
        String name = id.fileName().replace(".segment", "") + "-" + stretch.from();
        if (told.size() == MOST || !told.add(name)) {
            return;
        }
        String copy = keep(name, segment, stretch);
        if (stretch.holdsRecords()) {
            log.error(
                    "journal is damaged, records are lost: stream={} file={} from={} to={}"
                            + " firstSequence={} endSequence={} copy={}",
                    stream,
                    segment,
                    stretch.from(),
                    stretch.to(),
                    stretch.firstSequence(),
                    stretch.endSequence(),
                    copy);
        } else {
            log.warn(
                    "journal is damaged, no record is lost: stream={} file={} from={} to={}"
                            + " sequence={} copy={}",
                    stream,
                    segment,
                    stretch.from(),
                    stretch.to(),
                    stretch.firstSequence(),
                    copy);
        }
        if (told.size() == MOST) {
            log.error("journal is damaged in more places than are told: stream={}", stream);
        }
    }

    /** Sequences are missing that are in no segment's file. */
    synchronized void missing(long firstSequence, long endSequence) {
        if (told.size() < MOST && told.add("missing " + firstSequence)) {
            log.error(
                    "journal ends or begins before its lanes, records are lost: stream={}"
                            + " firstSequence={} endSequence={}",
                    stream,
                    firstSequence,
                    endSequence);
        }
    }

    /**
     * Segments are gone that were newer than all that are there.
     *
     * @param mark says so
     * @param end where the journal ends without them
     */
    void newestMissing(Mark mark, long end) {
        log.error(
                "the journal's newest segment is gone: stream={} directory={} generation={}"
                        + " firstSequence={} endSequence={}",
                stream,
                journal,
                mark.epoch(),
                Math.min(end, mark.durableUpTo()),
                mark.durableUpTo());
    }

    /**
     * The newest segment ends within a frame, and has not the length any more that it was made of.
     */
    void shortened(Path segment, long bytes, long madeBytes) {
        log.error(
                "the journal's newest segment was cut, what was accepted in its last second may be lost:"
                        + " stream={} file={} bytes={} madeOf={}",
                stream,
                segment,
                bytes,
                madeBytes);
    }

    /** The newest segment does not say that it is one. */
    void headless(Path segment) {
        log.warn(
                "the journal's newest segment has no readable header, a power cut before its first sync"
                        + " leaves that, and so does damage: stream={} file={}",
                stream,
                segment);
    }

    /** Copies the stretch. The answer tells people where the copy is, or why there is none. */
    private String keep(String name, Path segment, BadStretch stretch) {
        Path directory = directory();
        Path copy = directory.resolve(name);
        if (kept.contains(name)) {
            return copy.toString();
        }
        long room = limitBytes - bytes.get();
        if (kept.size() >= MOST || room <= 0) {
            return "none, there are %d bytes of copies already".formatted(bytes.get());
        }
        try (DiskFile source = disk.openReadOnly(segment)) {
            long end = usedEnd(source, stretch.from(), Math.min(source.length(), stretch.to()));
            if (end == stretch.from()) {
                return "none, there are no bytes but zeros";
            }
            disk.createDirectories(directory);
            disk.syncDirectory(directory.getParent());
            long length = copy(source, stretch.from(), Math.min(end, stretch.from() + room), copy);
            kept.add(name);
            bytes.addAndGet(length);
            return copy.toString();
        } catch (IOException e) {
            return "none: " + FailureText.of(e);
        }
    }

    /** Behind the last byte that is not zero: most of a segment's tail was never written. */
    private static long usedEnd(DiskFile source, long from, long to) throws IOException {
        long end = from;
        for (long at = from; at < to; at += PIECE) {
            byte[] piece = read(source, at, to).array();
            for (int i = 0; i < piece.length; i++) {
                if (piece[i] != 0) {
                    end = at + i + 1;
                }
            }
        }
        return end;
    }

    private static ByteBuffer read(DiskFile source, long at, long to) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, to - at));
        source.readFully(piece, at);
        return piece.flip();
    }

    private long copy(DiskFile source, long from, long to, Path copy) throws IOException {
        Path unfinished = copy.resolveSibling(copy.getFileName() + UNFINISHED);
        disk.delete(unfinished);
        try (DiskFile file = disk.create(unfinished)) {
            for (long at = from; at < to; at += PIECE) {
                file.write(read(source, at, to), at - from);
            }
            file.sync();
        } catch (IOException e) {
            delete(unfinished);
            throw e;
        }
        disk.rename(unfinished, copy);
        disk.syncDirectory(copy.getParent());
        return to - from;
    }

    private void delete(Path file) {
        try {
            disk.delete(file);
        } catch (IOException e) {
            log.warn(
                    "copy of damaged bytes not deleted: file={} error={}", file, FailureText.of(e));
        }
    }
}

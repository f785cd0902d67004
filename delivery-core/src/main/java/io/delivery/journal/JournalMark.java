package io.delivery.journal;

import io.delivery.failure.RepeatedFailure;
import io.delivery.mark.FoundMark;
import io.delivery.mark.Mark;
import io.delivery.mark.MarkFile;
import io.delivery.world.Disk;
import io.delivery.world.World;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the journal was durable, told outside its segments: {@code docs/formats/marks.md}. It
 * only makes damage known, so one that cannot be written stops nothing. Used on the flusher.
 */
final class JournalMark implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(JournalMark.class);
    private static final Mark NONE = new Mark(0, 0, 0);

    private final Disk disk;
    private final Path journal;
    private final String stream;
    private final RepeatedFailure writing;

    /** The last one that is durable, of whatever process. */
    private Mark last;

    /** Made by this process; null when there is none yet, or nothing is known about it any more. */
    private MarkFile file;

    /** Looks for what an earlier process has left. */
    JournalMark(JournalSettings settings, World world) throws IOException {
        this.disk = world.disk();
        this.stream = settings.stream();
        this.writing =
                RepeatedFailure.of(
                        log,
                        "writing the mark of the journal",
                        world.clock()::nanoTime,
                        "stream",
                        stream);
        FoundMark found = read(disk, settings.directory());
        this.journal = settings.directory();
        this.last = found.said().orElse(NONE);
        tidy();
        if (found.state() == FoundMark.State.UNREADABLE) {
            log.error(
                    "mark of the journal is damaged, whether the newest segment is whole is not"
                            + " known: stream={} file={} error={}",
                    stream,
                    found.path(),
                    found.reason());
        }
    }

    private void tidy() {
        try {
            MarkFile.tidy(disk, path(journal));
        } catch (IOException failed) {
            // The next mark that is made takes its place.
            log.debug("unfinished mark of the journal not removed: file={}", path(journal), failed);
        }
    }

    /** The mark of the journal in this directory. It must be read before the segments are. */
    static FoundMark read(Disk disk, Path journal) throws IOException {
        return MarkFile.read(disk, path(journal));
    }

    private static Path path(Path journal) {
        return journal.resolveSibling("marks").resolve("journal");
    }

    /** Everything below was durable, and the end of a frame; 0 when nothing is known. */
    static long durableEnd(FoundMark found) {
        return found.said().orElse(NONE).durableUpTo();
    }

    /** What is known to be durable without the segments. */
    Mark known() {
        return last;
    }

    /** Whether the mark lags behind the journal. */
    boolean lacks(long durableEnd) {
        return last.durableUpTo() < durableEnd;
    }

    /**
     * Writes it, if it says something new.
     *
     * @return false when it may not be durable: to be tried again
     */
    boolean write(Mark mark) {
        if (mark.equals(last)) {
            return true;
        }
        try {
            if (file == null) {
                file = MarkFile.create(disk, path(journal), mark);
            } else {
                file.write(mark);
            }
            last = mark;
            writing.worked();
            return true;
        } catch (IOException failed) {
            close(); // after a failed sync a second one proves nothing
            writing.failed(failed, "file", path(journal));
            return false;
        }
    }

    @Override
    public void close() {
        try (MarkFile closed = file) {
            file = null;
        } catch (IOException failed) {
            log.debug("mark of the journal not closed: file={}", path(journal), failed);
        }
    }
}

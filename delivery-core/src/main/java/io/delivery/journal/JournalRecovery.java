package io.delivery.journal;

import io.delivery.failure.FailureText;
import io.delivery.journal.SegmentFiles.Blank;
import io.delivery.mark.Mark;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.DiskFullException;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what an earlier process left, and writes again what it decides to believe: after a
 * failed fsync a second one proves nothing, so frames that are not known to be durable go into a
 * segment of this process. Nothing is appended to a file found at start.
 */
final class JournalRecovery {
    private static final Logger log = LoggerFactory.getLogger(JournalRecovery.class);

    private final JournalSettings settings;
    private final Disk disk;
    private final World world;
    private final SegmentFiles files;
    private final DamagedBytes damaged;
    private final Mark mark;
    private final List<Segment> segments = new ArrayList<>();
    private long generation;
    private long end;

    /** Where the frames of the newest segment end. */
    private long found;

    /** Whether somebody has changed a frame that was to be written again. */
    private boolean changed;

    private Segment active;
    private DiskFile activeFile;

    /**
     * What was found.
     *
     * @param end the next sequence; everything below is durable
     * @param generation the highest that was ever seen
     * @param active the segment that believed frames were written into again; null when there were
     *     none, or when it cannot be continued
     * @param activeFile open for writing behind the active segment's limit; null without one
     */
    record Recovered(
            SegmentList segments, long end, long generation, Segment active, DiskFile activeFile) {}

    private JournalRecovery(
            JournalSettings settings,
            World world,
            SegmentFiles files,
            DamagedBytes damaged,
            Mark mark) {
        this.mark = mark;
        this.damaged = damaged;
        this.settings = settings;
        this.world = world;
        this.disk = world.disk();
        this.files = files;
    }

    /**
     * @param mark what an earlier process has told outside the segments; it was read before
     */
    static Recovered recover(
            JournalSettings settings,
            World world,
            SegmentFiles files,
            DamagedBytes damaged,
            Mark mark)
            throws IOException {
        return new JournalRecovery(settings, world, files, damaged, mark).recover();
    }

    private Recovered recover() throws IOException {
        end = Math.max(settings.firstSequence(), mark.durableUpTo());
        List<SegmentId> ids = names();
        long newest = generation;
        generation = Math.max(generation, mark.epoch());
        if (!ids.isEmpty()) {
            open(ids);
            believe(segments.get(segments.size() - 1));
        }
        if (newest < mark.epoch()) {
            damaged.newestMissing(mark, segments.isEmpty() ? 0 : found);
        }
        return new Recovered(SegmentList.of(segments), end, generation, active, activeFile);
    }

    private List<SegmentId> names() throws IOException {
        List<Path> entries = disk.list(settings.directory());
        List<SegmentId> ids = new ArrayList<>();
        for (Path entry : entries) {
            Optional<SegmentId> id =
                    SegmentId.parse(entry.getFileName().toString(), settings.incarnation());
            if (id.isPresent()) {
                ids.add(id.get());
                generation = Math.max(generation, id.get().generation());
            } else if (SegmentFiles.isBlank(entry)) {
                files.delete(entry);
            } else {
                log.warn("a file that is not the journal's is left alone: file={}", entry);
            }
        }
        if (!ids.isEmpty()) {
            // A killed process may have named a segment without syncing the name.
            disk.syncDirectory(settings.directory());
        }
        ids.sort(null);
        return ids;
    }

    private void open(List<SegmentId> ids) throws IOException {
        long base = 0;
        for (int i = 0; i < ids.size(); i++) {
            SegmentId id = ids.get(i);
            Path path = files.path(id);
            boolean newest = i == ids.size() - 1;
            if (!newest && ids.get(i + 1).firstSequence() == id.firstSequence()) {
                files.delete(path); // another one took its place before anything in it counted
                continue;
            }
            long length;
            try (DiskFile file = disk.openReadOnly(path)) {
                length = file.length();
            }
            Segment segment =
                    new Segment(id, settings.directory(), base, length, Segment.Origin.FOUND);
            if (!newest) {
                segment.end(ids.get(i + 1).firstSequence());
                segment.limit(length);
                base += length;
            }
            segments.add(segment);
        }
    }

    private void believe(Segment newest) throws IOException {
        SegmentScan scan =
                SegmentScan.of(disk, newest, settings.firstSequence(), mark.durableUpTo());
        tellWhatWasCut(newest, scan);
        for (BadStretch stretch : scan.damage()) {
            damaged.found(newest.id(), newest.path(), stretch);
        }
        if (scan.cutFrames() > 0) {
            log.warn(
                    "torn tail of the journal cut: stream={} file={} from={} frames={} sequence={}",
                    settings.stream(),
                    newest.path(),
                    scan.endOffset(),
                    scan.cutFrames(),
                    scan.end());
        }
        end = scan.end();
        newest.end(end);
        boolean healthy = scan.damage().isEmpty();
        if (healthy) {
            trim(newest); // first: a full disk may have no other room for what is written again
        }
        if (scan.durableUpTo() < end) {
            writeAgain(newest, scan);
            log.info(
                    "records that may not have been durable were written again: stream={} records={}",
                    settings.stream(),
                    end - scan.durableUpTo());
        }
        if (healthy && !changed) {
            trim(newest);
        }
    }

    /**
     * A file that was made of a length has it until a process gives the rest back, and then it ends
     * where a frame does.
     */
    private void tellWhatWasCut(Segment newest, SegmentScan scan) {
        found = scan.foundEnd();
        Optional<Long> made = SegmentHeader.madeBytesIn(disk, newest.path(), newest.id());
        if (made.isEmpty() && scan.damage().isEmpty()) {
            damaged.headless(newest.path());
        }
        if (newest.bytes() < made.orElse(0L) && newest.bytes() != scan.foundOffset()) {
            damaged.shortened(newest.path(), newest.bytes(), made.get());
        }
    }

    /** Copies what is believed and not known to be durable into a new segment, and syncs it. */
    private void writeAgain(Segment source, SegmentScan scan) throws IOException {
        SegmentId id =
                new SegmentId(
                        settings.incarnation(),
                        scan.durableUpTo(),
                        ++generation,
                        world.entropy().nextLong());
        Blank blank = blankFor(scan.endOffset() - scan.durableOffset());
        long written;
        Segment copy =
                new Segment(
                        id,
                        settings.directory(),
                        source.base() + scan.durableOffset(),
                        blank.bytes(),
                        Segment.Origin.MADE);
        try {
            written = copy(source, scan, blank, copy);
            blank.file().sync();
        } catch (IOException e) {
            files.discard(blank);
            throw e;
        }
        // The blank gets its name only now, because the name says that everything below its first
        // sequence is durable, and the segment takes the place of the old frames.
        files.name(blank, id);
        copy.limit(written);
        source.end(copy.first());
        source.limit(scan.durableOffset());
        segments.add(copy);
        active = copy;
        activeFile = blank.file();
    }

    /**
     * Makes the file for the frames that are written again. On a full disk it has no room for
     * appends: appends can wait for room, and a start cannot.
     */
    private Blank blankFor(long frameBytes) throws IOException {
        try {
            return files.create(SegmentSupply.firstBytes(frameBytes, settings.limitBytes()));
        } catch (DiskFullException full) {
            return files.create(SegmentSupply.leastBytes(frameBytes));
        }
    }

    private long copy(Segment source, SegmentScan scan, Blank blank, Segment copy)
            throws IOException {
        FrameHeader own = new FrameHeader(copy.id());
        FrameWriter writer = new FrameWriter();
        FrameOpener opener = new FrameOpener(settings.keys());
        FrameSealer sealer = new FrameSealer();
        copy.format(SegmentHeader.formatOf(settings.keys()));
        files.writeHeader(blank, copy.id(), copy.format());
        writer.start(blank.file(), SegmentHeader.BYTES);
        try (SegmentInput input = new SegmentInput()) {
            input.open(disk, source.path());
            FrameWalk walk = new FrameWalk(input, source.id());
            walk.start(source.id(), scan.durableOffset(), scan.durableUpTo());
            while (walk.next(scan.endOffset(), scan.end(), 0)) {
                FrameHeader header = walk.header();
                byte[] window = input.window();
                if (header.kind == FrameHeader.RECORDS) {
                    copy.holdPlain();
                    copy.remember(header.firstSequence, writer.end());
                    own.copyOf(header, copy.first());
                    writer.add(own, window, walk.payload(), header.length);
                } else if (header.isEncrypted()) {
                    // Its key is that of the old segment's place: it is encrypted for the new one.
                    if (opener.open(
                            source.id(), header, walk.frameOffset(), window, walk.payload())) {
                        copy.remember(header.firstSequence, writer.end());
                        own.copyOf(header, copy.first());
                        byte[] sealed =
                                sealer.seal(
                                        settings.keys().find(header.key),
                                        copy.id(),
                                        own,
                                        writer.end(),
                                        window,
                                        walk.payload(),
                                        header.recordsLength());
                        writer.add(own, sealed, 0, own.length);
                    } else {
                        tellOfChanged(source, walk);
                    }
                }
                if (walk.bad() && walk.badSequence() < header.firstSequence) {
                    break;
                }
            }
            if (walk.sequence() != scan.end()) {
                throw new IOException(
                        "journal segment %s changed while it was recovered"
                                .formatted(source.path()));
            }
        }
        writer.drain();
        return writer.end();
    }

    /** Its checksum fits, and its key does not open it: nobody can write it again. */
    private void tellOfChanged(Segment source, FrameWalk walk) {
        changed = true;
        damaged.found(
                source.id(),
                source.path(),
                new BadStretch(
                        walk.frameOffset(),
                        walk.offset(),
                        walk.header().firstSequence,
                        walk.header().end()));
    }

    /** Gives back what is behind the last frame that counts, so that restarts do not eat room. */
    private void trim(Segment found) {
        if (found.end() == found.first() && active != null) {
            segments.remove(found);
            files.delete(found.path());
            return;
        }
        long used = found.limit();
        if (found.bytes() <= used) {
            return;
        }
        try (DiskFile file = disk.open(found.path())) {
            // A killed process may have left frames that are not durable, and a power cut may keep
            // the truncation without them: the file would look as if somebody had cut it.
            file.sync();
            file.truncate(used);
            found.bytes(used);
        } catch (IOException e) {
            log.warn("segment not trimmed: file={} error={}", found.path(), FailureText.of(e));
        }
    }
}

package io.delivery.journal;

import io.delivery.crypt.StreamKeys;
import io.delivery.record.Incarnation;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at a journal's files and changes nothing: what is in them, what of it can be believed, and
 * where they are damaged. Unlike {@link Journal#open} it goes on behind damage, and works beside
 * the process that owns the journal: a file that is given back meanwhile is left out, a frame that
 * is being written is not taken for damage.
 *
 * <p>It answers whatever is in the files, and fails only when the directory cannot be listed.
 *
 * @param files of the journal, segments in the order of their sequences, then the others
 * @param damage where records cannot be read that were durable, in the order of sequences
 * @param begin the first sequence that is still there
 * @param end the sequence behind the last one that a start would believe
 * @param durableUpTo everything below was known to be synced; not above {@code end} on a healthy
 *     disk
 */
public record JournalInspection(
        List<JournalFile> files,
        List<JournalDamage> damage,
        Optional<TornTail> tornTail,
        long begin,
        long end,
        long durableUpTo) {

    private static final JournalVisitor NOBODY = (file, offset, firstSequence, batch) -> {};

    /**
     * Looks at everything.
     *
     * @param directory of the journal; one that is not there is a journal without files
     * @param knownToLanes 1 + the highest sequence that a lane knows, 0 when none does: a journal
     *     that ends before, or before its mark, is damaged
     */
    public static JournalInspection of(
            Path directory, Incarnation incarnation, long knownToLanes, Disk disk)
            throws IOException {
        return of(directory, incarnation, knownToLanes, StreamKeys.none(), disk);
    }

    /**
     * Looks at everything, and whether the keys open what is encrypted.
     *
     * @param keys those of the stream that are known: frames of others are believed by their
     *     checksums
     */
    public static JournalInspection of(
            Path directory, Incarnation incarnation, long knownToLanes, StreamKeys keys, Disk disk)
            throws IOException {
        return read(directory, incarnation, knownToLanes, 0, Long.MAX_VALUE, keys, disk, NOBODY);
    }

    /**
     * Shows the records from {@code from} up to, not including, {@code to}. Segments without any of
     * them are not looked into: the result tells of those that were.
     */
    public static JournalInspection read(
            Path directory,
            Incarnation incarnation,
            long knownToLanes,
            long from,
            long to,
            Disk disk,
            JournalVisitor visitor)
            throws IOException {
        return read(
                directory, incarnation, knownToLanes, from, to, StreamKeys.none(), disk, visitor);
    }

    /**
     * The same, of a stream that may be encrypted.
     *
     * @param keys those of the stream that are known
     */
    public static JournalInspection read(
            Path directory,
            Incarnation incarnation,
            long knownToLanes,
            long from,
            long to,
            StreamKeys keys,
            Disk disk,
            JournalVisitor visitor)
            throws IOException {
        long markedEnd = JournalMark.durableEnd(JournalMark.read(disk, directory));
        long knownDurable = Math.max(knownToLanes, markedEnd);
        List<SegmentId> ids = new ArrayList<>();
        List<JournalFile> others = new ArrayList<>();
        for (Path entry : disk.list(directory)) {
            Optional<SegmentId> id = SegmentId.parse(entry.getFileName().toString(), incarnation);
            if (id.isPresent()) {
                ids.add(id.get());
            } else {
                length(disk, entry)
                        .ifPresent(
                                bytes ->
                                        others.add(
                                                withoutFrames(
                                                        entry,
                                                        SegmentFiles.isBlank(entry)
                                                                ? JournalFile.State.SPARE
                                                                : JournalFile.State.STRANGER,
                                                        bytes)));
            }
        }
        ids.sort(null);
        List<JournalFile> files = new ArrayList<>();
        List<JournalDamage> damage = new ArrayList<>();
        Optional<TornTail> tornTail = Optional.empty();
        long end = ids.isEmpty() ? 0 : ids.get(0).firstSequence();
        long durableUpTo = end;
        for (int i = 0; i < ids.size(); i++) {
            SegmentId id = ids.get(i);
            boolean newest = i == ids.size() - 1;
            long limit = newest ? Long.MAX_VALUE : ids.get(i + 1).firstSequence();
            Path path = directory.resolve(id.fileName());
            if (limit == id.firstSequence()) {
                length(disk, path)
                        .ifPresent(
                                bytes ->
                                        files.add(
                                                withoutFrames(
                                                        path, JournalFile.State.REPLACED, bytes)));
                continue;
            }
            if (limit <= from || id.firstSequence() >= to) {
                continue;
            }
            SegmentInspection segment =
                    new SegmentInspection(
                            disk, id, path, limit, knownToLanes, markedEnd, keys, visitor);
            if (segment.look()) {
                files.add(segment.file());
                damage.addAll(segment.damage());
                tornTail = segment.tornTail();
                end = segment.end();
                durableUpTo = segment.durableUpTo();
            }
        }
        if (end < Math.min(to, knownDurable)) {
            // That is so, too, when there is no segment at all: a journal never removes its newest
            // one.
            JournalDamage lost =
                    new JournalDamage(
                            directory,
                            0,
                            end,
                            knownDurable,
                            markedEnd < knownDurable
                                    ? "the journal ends before what its lanes have read"
                                    : "the journal ends before what was durable, as its mark says");
            damage.add(lost);
            visitor.damaged(lost);
        }
        files.addAll(others);
        long begin = ids.isEmpty() ? end : ids.get(0).firstSequence();
        return new JournalInspection(files, damage, tornTail, begin, end, durableUpTo);
    }

    private static JournalFile withoutFrames(Path path, JournalFile.State state, long bytes) {
        SegmentId id =
                SegmentId.parse(path.getFileName().toString(), new Incarnation(0, 0)).orElse(null);
        long generation = id == null ? 0 : id.generation();
        long first = id == null ? 0 : id.firstSequence();
        return new JournalFile(path, state, generation, first, first, 0, 0, bytes, 0, first, 0);
    }

    /** Empty when the file is gone: its owner gave it back. */
    private static Optional<Long> length(Disk disk, Path path) throws IOException {
        if (!disk.exists(path)) {
            return Optional.empty();
        }
        try (DiskFile file = disk.openReadOnly(path)) {
            return Optional.of(file.length());
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IOException unreadable) {
            return Optional.of(0L);
        }
    }

    /**
     * Whether any segment was written by a stream that had a key; false when there is none, or
     * nobody can read what they say.
     */
    public static boolean mayBeEncrypted(Path directory, Disk disk) throws IOException {
        for (Path entry : disk.list(directory)) {
            if (SegmentId.parse(entry.getFileName().toString(), new Incarnation(0, 0)).isPresent()
                    && SegmentHeader.hasKeys(disk, entry)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Finds the incarnation that a segment was written for: for a stream whose {@code stream.meta}
     * is damaged.
     */
    public static Optional<Incarnation> incarnationOf(Path directory, Disk disk)
            throws IOException {
        for (Path entry : disk.list(directory)) {
            Optional<SegmentId> named =
                    SegmentId.parse(entry.getFileName().toString(), new Incarnation(0, 0));
            if (named.isPresent()) {
                Optional<Incarnation> written = SegmentHeader.incarnationIn(disk, entry);
                if (written.isPresent()) {
                    return written;
                }
            }
        }
        return Optional.empty();
    }
}

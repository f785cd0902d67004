package io.delivery.journal;

import java.nio.file.Path;

/**
 * One file of a journal, as {@link JournalInspection} found it.
 *
 * @param generation of the segment; 0 when it is none
 * @param firstSequence of the segment; 0 when it is none
 * @param end behind its last record that counts
 * @param frames that count and could be read, marks without records included
 * @param records that count and could be read
 * @param bytes of the file
 * @param usedBytes up to the end of its last frame that counts
 * @param durableUpTo everything below was known to be synced when its last frame was written
 * @param deadFrames behind the next segment's first sequence, left by an abandoned write
 */
public record JournalFile(
        Path path,
        State state,
        long generation,
        long firstSequence,
        long end,
        long frames,
        long records,
        long bytes,
        long usedBytes,
        long durableUpTo,
        long deadFrames) {
    /** What a file is to its journal. */
    public enum State {
        /** A segment that holds records. */
        LIVE,
        /** A segment without a record that counts. */
        EMPTY,
        /** A segment whose place a later one took before anything in it counted. */
        REPLACED,
        /** A file that waits to become a segment. */
        SPARE,
        /** Nothing that a journal makes. */
        STRANGER
    }
}

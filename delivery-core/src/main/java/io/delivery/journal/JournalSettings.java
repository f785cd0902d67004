package io.delivery.journal;

import io.delivery.crypt.StreamKeys;
import io.delivery.record.Incarnation;
import java.nio.file.Path;

/**
 * What a journal is opened with.
 *
 * @param directory holds the segments and nothing else; made with the first record
 * @param stream name for messages, metrics and threads
 * @param incarnation of the stream; segments of another one are refused
 * @param firstSequence no sequence below this one is given: 1 + the highest in any lane state, 0
 *     for a new stream
 * @param limitBytes what the journal may take on disk; may change later
 * @param keys what frames are encrypted with and read with
 * @param beforeFirstSegment done before the directory is made
 */
public record JournalSettings(
        Path directory,
        String stream,
        Incarnation incarnation,
        long firstSequence,
        long limitBytes,
        StreamKeys keys,
        BeforeFirstSegment beforeFirstSegment) {

    /** The same for a stream that is never encrypted. */
    public JournalSettings(
            Path directory,
            String stream,
            Incarnation incarnation,
            long firstSequence,
            long limitBytes,
            BeforeFirstSegment beforeFirstSegment) {
        this(
                directory,
                stream,
                incarnation,
                firstSequence,
                limitBytes,
                StreamKeys.none(),
                beforeFirstSegment);
    }
}

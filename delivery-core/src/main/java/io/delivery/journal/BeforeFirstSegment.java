package io.delivery.journal;

import java.io.IOException;

/**
 * What has to be on disk before a journal's directory and first segment are: the stream's own
 * metadata. Runs on the journal's executor and is done again after a failure or a crash that left
 * no segment, so it must bear repetition.
 */
@FunctionalInterface
public interface BeforeFirstSegment {
    /** Creates it durably. When this fails, so do the appends that waited for it. */
    void run() throws IOException;
}

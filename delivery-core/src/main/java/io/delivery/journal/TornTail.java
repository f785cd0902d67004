package io.delivery.journal;

import java.nio.file.Path;

/**
 * What a crash left behind the last frame of the newest segment; a start cuts it. While the owner
 * runs it may also be a frame that is being written.
 *
 * @param offset in the file
 * @param sequence that the cut frame would have begun with
 * @param wholeFrames valid ones behind, which are cut as well
 */
public record TornTail(Path file, long offset, long sequence, long wholeFrames) {}

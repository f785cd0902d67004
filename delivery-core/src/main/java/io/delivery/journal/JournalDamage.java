package io.delivery.journal;

import java.nio.file.Path;

/**
 * A stretch that was durable once and cannot be read any more.
 *
 * @param offset of the first bad frame in the file
 * @param from the first sequence that is lost
 * @param to the sequence behind the last one that is lost; the same as {@code from} when only the
 *     file's own header is
 * @param reason what was found there
 */
public record JournalDamage(Path file, long offset, long from, long to, String reason) {}

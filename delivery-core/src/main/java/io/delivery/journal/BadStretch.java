package io.delivery.journal;

/**
 * Bytes of a segment that cannot be believed, and the sequences that are missing with them.
 *
 * @param from where it begins in the file
 * @param to where the next valid frame begins, or the file ends; may lie behind a file that was cut
 * @param firstSequence the first that may have been in it
 * @param endSequence behind the last; equal to the first when no record was in it
 */
record BadStretch(long from, long to, long firstSequence, long endSequence) {
    boolean holdsRecords() {
        return endSequence > firstSequence;
    }
}

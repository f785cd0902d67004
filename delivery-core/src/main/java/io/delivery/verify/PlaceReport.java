package io.delivery.verify;

import java.util.Optional;

/**
 * One bucket.
 *
 * @param looked landed objects that were looked at there
 * @param listed keys in it, below the prefix
 * @param ours keys of them that have our form
 * @param known keys of those that a record names
 * @param older keys of those from before the time that the ledger can tell of
 * @param foreign keys of those whose mark is that of another data directory
 * @param notCompared objects of those looked at whose bytes were not compared: the store tells no
 *     checksum of them, and they were not read
 * @param uploadsOfOthers multipart uploads with our form of key that no record names: another data
 *     directory's, or from before the time that the ledger can tell of; they are left alone
 * @param uploadsEnded those of ours that nobody would have completed, and that are gone now
 * @param uploadsUnseen why multipart uploads cannot be seen; empty when they were
 */
public record PlaceReport(
        String store,
        String bucket,
        long looked,
        long listed,
        long ours,
        long known,
        long older,
        long foreign,
        long notCompared,
        long uploadsOfOthers,
        long uploadsEnded,
        Optional<String> uploadsUnseen) {}

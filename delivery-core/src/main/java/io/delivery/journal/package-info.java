/**
 * Journal: keeps accepted records on the local disk until every lane has committed them.
 *
 * <p>{@link io.delivery.journal.Journal} takes one {@link io.delivery.record.RecordBatch} per
 * request, gives it its sequences once an fsync has made it durable (concurrent requests share
 * one), and is the {@link io.delivery.log.Log} that lanes read. Segments are preallocated and
 * recycled; what they hold byte for byte is in {@code docs/formats/journal.md}. Uses {@code log},
 * {@code record}, {@code metrics} and {@code world}. Knows no lane. Bounded by its limit on disk.
 * {@link io.delivery.journal.JournalInspection} only looks.
 */
package io.delivery.journal;

/**
 * Record: what travels between the rooms.
 *
 * <p>Records are opaque bytes with an arrival time. They are seen through views ({@link
 * io.delivery.record.DeliveryRecord}, {@link io.delivery.record.SequencedRecord}) into batches
 * ({@link io.delivery.record.RecordBatch}); nothing here is created per record on the accept path.
 * Every room may see this one; it sees none.
 */
package io.delivery.record;

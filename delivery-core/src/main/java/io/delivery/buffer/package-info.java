/**
 * Buffer: holds the records of one object until a hint says it is time to deliver.
 *
 * <p>A {@link io.delivery.buffer.RecordBuffer} is a list of small blocks in memory under one
 * process-wide {@link io.delivery.buffer.MemoryBudget}; beyond it blocks go sequentially to a
 * {@link io.delivery.buffer.SpoolFile}. Takes records in log order, gives them back in that order
 * as a stream. Uses {@code record}, the port {@code RecordSource} and {@code world}. Knows no
 * processor, encoder or store. Memory depends neither on the size of an object nor on the number of
 * partitions.
 */
package io.delivery.buffer;

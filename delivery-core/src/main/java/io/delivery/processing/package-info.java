/**
 * Processing: ports for what happens to records before they are partitioned.
 *
 * <p>{@link io.delivery.processing.RecordSplitter} makes parts, purely; {@link
 * io.delivery.processing.Processor} answers Ok, Dropped or ProcessingFailed for each part and need
 * not be deterministic. Uses {@code record}.
 */
package io.delivery.processing;

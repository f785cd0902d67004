/**
 * Range: the part of a log that one round of objects is made from, until it is sealed: its open
 * buffers, its books, when it is due, and which parts of it earlier objects hold.
 *
 * <p>Takes parts with their fates; gives buffers that are to be closed, and reasons to seal. Uses
 * {@code path} and {@code components} of the lane, {@code buffer}, {@code erroroutput}. Knows no
 * log, no encoder and no store.
 */
package io.delivery.lane.range;

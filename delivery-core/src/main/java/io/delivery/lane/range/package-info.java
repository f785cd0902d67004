/**
 * Range: a stretch of the log, from the end of the range before to its seal. Here are its open
 * buffers, its books, and the rules that say when it is sealed. After a restart the range is read
 * again; this room then knows which of its parts are in objects that the former process recorded.
 *
 * <p>Takes parts with their fates; gives buffers that are to be closed, and reasons to seal. Uses
 * {@code path} and {@code components} of the lane, {@code buffer}, {@code erroroutput}. Knows no
 * log, no encoder and no store.
 */
package io.delivery.lane.range;

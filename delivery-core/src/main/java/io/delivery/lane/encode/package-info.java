/**
 * Encode: closed buffers become staged bytes, in groups that share a file and its one fsync.
 *
 * <p>Takes buffers of a range; gives staged objects and the records that did not convert. The
 * encoding itself runs on a pool. A group whose encoding fails, because the disk or a catalog
 * fails, is encoded again until that works; when the lane stops first, the next process reads its
 * parts from the log again. Knows neither the lane's state nor a store.
 */
package io.delivery.lane.encode;

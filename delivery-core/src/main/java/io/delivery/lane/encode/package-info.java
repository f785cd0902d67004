/**
 * Encode: closed buffers become staged bytes, in groups that share a file and its one fsync.
 *
 * <p>Takes buffers of a range; gives staged objects and the records that did not convert. The
 * encoding itself runs on a pool; a group that fails is encoded again until it works or its range
 * is given up. Knows neither the lane's state nor a store.
 */
package io.delivery.lane.encode;

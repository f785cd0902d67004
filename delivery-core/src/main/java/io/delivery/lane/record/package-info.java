/**
 * Record: from staged bytes to a checkpoint. What is staged is recorded in the lane's state, then
 * landed in its store, then committed; objects whose staged bytes are damaged become void.
 *
 * <p>Takes staged groups of a range; tells what was committed, what became void and what is the
 * matter. Everything it decides is durable before anybody acts on it. Reads no log.
 */
package io.delivery.lane.record;

/**
 * Record: from staged bytes to a checkpoint. What is staged is recorded in the lane's state, then
 * landed in its store, then committed. An object whose staged bytes are damaged becomes void: its
 * key is given up, and the lane makes its parts again from the log, under another key.
 *
 * <p>Takes staged groups of a range; tells what was committed, what became void and what the
 * trouble is. Everything it decides is durable before anybody acts on it. Reads no log.
 */
package io.delivery.lane.record;

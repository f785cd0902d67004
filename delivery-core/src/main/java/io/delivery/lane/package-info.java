/**
 * Lane: one reader of a stream's log, from the record that is read to the checkpoint that is
 * committed. {@link io.delivery.lane.Lane} is the order of the steps.
 *
 * <p>Takes a log, the lane's recovered state and the components of a definition; gives a
 * checkpoint, books and troubles. Everything runs on the lane's own serial executor, in log order,
 * and never waits for a store. Knows no stream and no other lane.
 */
package io.delivery.lane;

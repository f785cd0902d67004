/**
 * Lane: one reader of a stream's log, from the record that is read to the checkpoint that is
 * committed. {@link io.delivery.lane.Lane} is its door, {@code LaneSteps} the order of its steps.
 *
 * <pre>
 * path        what becomes of a record: split, process, partition, one fate for each part
 * range       where a part meets its fate; the buffers and the books of a range; why it is sealed
 * encode      closed buffers become staged bytes
 * record      staged bytes are recorded, landed and committed
 * components  what a definition puts into a lane
 * </pre>
 *
 * <p>Those rooms get what they need and give a value back; the steps decide what follows. None of
 * them calls the lane. Each sees only {@code components} and the rooms that stand before it in this
 * list. Everything runs on the lane's own serial executor, in log order, and never waits for a
 * store. Knows no stream and no other lane.
 */
package io.delivery.lane;

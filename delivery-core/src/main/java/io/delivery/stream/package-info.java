/**
 * Stream: the corridor. {@link io.delivery.stream.DeliveryStream} wires the rooms in the order a
 * record passes them and owns their lifecycle.
 *
 * <p>The only room of the core that uses all others. A lane ({@code Lane}) reads the log and closes
 * buffers; {@code Intake} is a record's way into a buffer; {@code GroupEncoder} makes staged bytes
 * out of buffers; {@code Recorder} writes decisions down, has them landed, and commits. One serial
 * executor per lane; encoders on a bounded pool; no thread blocks on a store.
 */
package io.delivery.stream;

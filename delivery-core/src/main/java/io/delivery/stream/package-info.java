/**
 * Stream: the corridor. {@link io.delivery.stream.DeliveryStream} wires the rooms in the order a
 * record passes them and owns their lifecycle.
 *
 * <p>The only room that opens all doors. A lane ({@code Lane}) reads the log and closes buffers;
 * {@code Intake} is a record's way into a buffer; {@code GroupEncoder} makes staged bytes of
 * buffers; {@code Recorder} records, lands and commits. One serial executor per lane; encoders on a
 * bounded pool; nothing waits for a store.
 */
package io.delivery.stream;

/**
 * Stream: the corridor. {@link io.delivery.stream.DeliveryStream} accepts, has the lanes work, lets
 * the journal forget, and owns the lifecycle of all rooms; its comment is the path of a record.
 *
 * <p>The only room of the core that uses the others, but for {@code machine} and {@code verify},
 * which belong to whoever starts a program. {@code Lanes} come and go with the definition; a {@code
 * Lane} reads the log and closes buffers; {@code Intake} is a record's way into a buffer; {@code
 * GroupEncoder} makes staged bytes out of buffers; {@code Recorder} writes decisions down, has them
 * landed, and commits. One serial executor per lane; encoders on a bounded pool; no thread blocks
 * on a store.
 */
package io.delivery.stream;

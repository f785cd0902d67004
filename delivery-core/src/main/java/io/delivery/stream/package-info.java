/**
 * Stream: the corridor. {@link io.delivery.stream.DeliveryStream} accepts, has the lanes work, lets
 * the journal forget, and owns the lifecycle of all rooms; its comment is the path of a record.
 * {@link io.delivery.stream.StreamRegistry} has all streams of the process, and is the only way in
 * which they come and go.
 *
 * <p>The only room of the core that uses the others, but for {@code machine} and {@code verify},
 * which belong to whoever starts a program. {@code Lanes} come and go with the definition. One
 * serial executor per lane, one for the changes of all streams; no thread blocks on a store.
 */
package io.delivery.stream;

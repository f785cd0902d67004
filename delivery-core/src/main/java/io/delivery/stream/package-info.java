/**
 * Stream: the corridor. {@link io.delivery.stream.DeliveryStream} accepts, has the lanes work, lets
 * the journal forget, and owns the lifecycle of all rooms; its comment is the path of a record.
 * {@link io.delivery.stream.StreamRegistry} has all streams of the process, and is the only way in
 * which they come and go.
 *
 * <p>{@link io.delivery.stream.Lanes} says which lanes there are: they come and go with the
 * definition. What a lane does is behind the door {@code lane}; what lies on disk, behind {@code
 * home} and {@code journal}. The only room of the core that may use all others, but for {@code
 * machine}, {@code inspection} and {@code verify}, which belong to whoever starts a program. One
 * serial executor per lane, one for the changes of all streams; no thread blocks on a store.
 */
package io.delivery.stream;

/**
 * Stream: the corridor. {@link io.delivery.stream.DeliveryStream} accepts, has the lanes work, lets
 * the journal forget, and owns the lifecycle of all rooms; its comment is the path of a record.
 *
 * <p>{@link io.delivery.stream.Lanes} says which lanes there are: they come and go with the
 * definition. What a lane does is behind the door {@code lane}; what lies on disk, behind {@code
 * home} and {@code journal}. The only room of the core that may use all others, but for {@code
 * machine}, {@code inspection} and {@code verify}, which belong to whoever starts a program. No
 * thread blocks on a store.
 */
package io.delivery.stream;

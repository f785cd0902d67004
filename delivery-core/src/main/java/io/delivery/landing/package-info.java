/**
 * Landing: how staged objects become visible exactly once.
 *
 * <p>{@link io.delivery.landing.ObjectStore} is the port to a store; {@link
 * io.delivery.landing.LaneState} that to the durable record of what was decided, {@link
 * io.delivery.landing.LocalLaneState} keeps it on the local disk; {@code Landings} sends and
 * retries. An unknown outcome is an outcome: whoever does not know looks before writing again. Uses
 * {@code record}, {@code staging}, {@code world}.
 */
package io.delivery.landing;

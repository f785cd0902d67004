/**
 * Home: one stream's directory. {@link io.delivery.home.StreamHome} writes {@code stream.meta} and
 * the versions of the definition; {@link io.delivery.home.LaneEntry} is a lane as {@code
 * stream.meta} names it.
 *
 * <p>Everything is durable when a method returns. Uses {@code world}, {@code record} and {@code
 * landing}. Knows neither what a definition says nor what a lane does.
 */
package io.delivery.home;

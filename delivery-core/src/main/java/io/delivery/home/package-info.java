/**
 * Home: one stream's directory. {@link io.delivery.home.StreamHome} writes {@code stream.meta} and
 * the versions of the definition, {@link io.delivery.home.StreamMeta} reads the one for everybody;
 * {@link io.delivery.home.StreamFolders} tells which streams there are and which are damaged;
 * {@link io.delivery.home.StreamRemoval} removes the directory of a stream that was deleted;
 * records of it that had not landed are counted as discarded.
 *
 * <p>Everything is durable when a method returns, unless it says otherwise. Uses {@code world},
 * {@code config}, {@code record} and {@code landing}. Knows neither what a definition says nor what
 * a lane does.
 */
package io.delivery.home;

/**
 * Staging: the bytes of objects that are durable on the local disk and not yet visible in a store.
 *
 * <p>{@link io.delivery.staging.Staging} is the port; {@link io.delivery.staging.LocalStaging}
 * keeps them on the local disk, small objects sharing a file and its one fsync. Closing without
 * staging leaves nothing. What is encrypted is opened where it is read. Uses {@code world} and
 * {@code crypt}.
 */
package io.delivery.staging;

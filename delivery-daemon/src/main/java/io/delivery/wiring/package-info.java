/**
 * Wiring: Main, the daemon, and the registry of components: the one place that says {@code new
 * S3Store}.
 *
 * <p>Turns configuration into components ({@link io.delivery.wiring.ComponentRegistry}) and owns
 * what has connections over reloads ({@link io.delivery.wiring.NamedGenerations}), opens the data
 * directory, starts streams, servers and signals, and takes them down in the order in which a
 * record passes them. The only room that sees all others.
 */
package io.delivery.wiring;

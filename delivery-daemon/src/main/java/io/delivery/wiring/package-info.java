/**
 * Wiring: Main, the daemon, and the registry of components: the one place that says {@code new
 * S3Store}.
 *
 * <p>Turns configuration into components ({@link io.delivery.wiring.ComponentRegistry}) and owns
 * the components that have connections, from one reload to the next ({@link
 * io.delivery.wiring.NamedGenerations}), opens the data directory, starts streams, servers and
 * signals, keeps them at what the configuration file says ({@link
 * io.delivery.wiring.ConfigReload}), and takes them down in the order in which a record passes
 * them. The only room that sees all others.
 */
package io.delivery.wiring;

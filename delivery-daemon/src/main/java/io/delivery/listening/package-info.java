/**
 * Listening: opens an HTTP port the same way for both servers. Heads are kept as they were sent,
 * connections are counted and capped, and whoever is too slow with a handshake or a head is cut
 * off.
 *
 * <p>{@link io.delivery.listening.HttpPort} takes a handler and the form of the answers to what is
 * not HTTP, and shows a {@link io.delivery.listening.ServerCertificate}, which may change; {@link
 * io.delivery.listening.TrustedServers} makes clients that trust one. Knows neither the API nor the
 * admin server.
 */
package io.delivery.listening;

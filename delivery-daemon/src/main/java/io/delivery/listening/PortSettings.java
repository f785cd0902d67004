package io.delivery.listening;

import java.time.Duration;
import java.util.Optional;

/**
 * How a port is served.
 *
 * @param name of its threads, and in messages
 * @param host the address to bind
 * @param port 0: any free one
 * @param certificate that is shown at first; empty: without TLS
 * @param maxThreads at most so many handle requests at once
 * @param minThreads what a quiet port has anyway: acceptor, selectors, and those that wait in
 *     reserve
 * @param maxHeadBytes of a request's line and headers
 * @param maxConnections open at once; half of the process's descriptors at most
 * @param headTimeout for a handshake, and for the head of a request
 * @param idle how long a connection may wait for its next request
 */
public record PortSettings(
        String name,
        String host,
        int port,
        Optional<ServerCertificate> certificate,
        int maxThreads,
        int minThreads,
        int maxHeadBytes,
        int maxConnections,
        Duration headTimeout,
        Duration idle) {}

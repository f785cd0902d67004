package io.delivery.api.http;

import io.delivery.listening.ServerCertificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the API is served.
 *
 * @param host the address to bind
 * @param port 0: any free one
 * @param certificate with which TLS is spoken; without it plain HTTP is
 * @param region in ARNs
 * @param account in ARNs and messages, 12 digits
 * @param maxBodyBytes a longer body is refused with 413
 * @param memoryBytes for bodies and frames of all requests together
 * @param memoryWait how long a request waits for memory before it is told to come again
 * @param headerTimeout for the whole head of a request
 * @param minBodyBytesPerSecond in every {@code headerTimeout}; a slower body is refused with 408
 * @param maxConnections open at once
 * @param idle how long a connection may wait for its next request
 * @param origins whose pages may call the API from a browser; {@code *} for any
 */
public record ApiSettings(
        String host,
        int port,
        Optional<ServerCertificate> certificate,
        String region,
        String account,
        int maxBodyBytes,
        long memoryBytes,
        Duration memoryWait,
        Duration headerTimeout,
        int minBodyBytesPerSecond,
        int maxConnections,
        Duration idle,
        List<String> origins) {
    public static final int DEFAULT_MAX_BODY_BYTES = 16 << 20;
    public static final long DEFAULT_MEMORY_BYTES = 64L << 20;
    public static final Duration DEFAULT_MEMORY_WAIT = Duration.ofSeconds(1);
    public static final Duration DEFAULT_HEADER_TIMEOUT = Duration.ofSeconds(10); // design §13
    public static final int DEFAULT_MIN_BODY_BYTES_PER_SECOND = 1024; // design §13
    public static final int DEFAULT_MAX_CONNECTIONS = 1000;
    public static final Duration DEFAULT_IDLE = Duration.ofSeconds(60);

    public ApiSettings {
        origins = List.copyOf(origins);
    }

    /** With every limit at its default. */
    public ApiSettings(
            String host,
            int port,
            Optional<ServerCertificate> certificate,
            String region,
            String account) {
        this(
                host,
                port,
                certificate,
                region,
                account,
                DEFAULT_MAX_BODY_BYTES,
                DEFAULT_MEMORY_BYTES,
                DEFAULT_MEMORY_WAIT,
                DEFAULT_HEADER_TIMEOUT,
                DEFAULT_MIN_BODY_BYTES_PER_SECOND,
                DEFAULT_MAX_CONNECTIONS,
                DEFAULT_IDLE,
                List.of());
    }
}

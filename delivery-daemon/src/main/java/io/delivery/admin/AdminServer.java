package io.delivery.admin;

import io.delivery.listening.HttpPort;
import io.delivery.listening.PortSettings;
import io.delivery.listening.ServerCertificate;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** The admin port. */
public final class AdminServer implements AutoCloseable {
    private static final int MAX_THREADS = 8;

    /** An acceptor, a selector, and two that work or wait in reserve. */
    private static final int MIN_THREADS = 4;

    private static final int MAX_CONNECTIONS = 100;
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final int MAX_HEAD_BYTES = 8 << 10;

    private final HttpPort port;
    private final AdminHandler handler;

    /** Prepares a server; {@link #start} binds. */
    public AdminServer(AdminSettings settings, Probes probes, StreamDesk streams) {
        port =
                new HttpPort(
                        new PortSettings(
                                "admin",
                                settings.host(),
                                settings.port(),
                                settings.certificate(),
                                MAX_THREADS,
                                MIN_THREADS,
                                MAX_HEAD_BYTES,
                                MAX_CONNECTIONS,
                                settings.headTimeout(),
                                IDLE));
        handler = new AdminHandler(settings, probes, streams, port.threads());
        port.serve(handler, AdminHandler::answerMalformed);
    }

    /** Requests that change something must have another token from now on. */
    public void token(String next) {
        handler.token(next);
    }

    /**
     * Shows another certificate in handshakes from now on. Connections that there are go on.
     *
     * @throws IOException when it cannot be used: the former one is shown
     * @throws IllegalStateException when the server speaks no TLS
     */
    public void certificate(ServerCertificate next) throws IOException {
        port.certificate(next);
    }

    /**
     * Binds and serves.
     *
     * @throws IOException when the address cannot be bound; the message names it
     */
    public void start() throws IOException {
        port.start();
    }

    /** Where it is served, with the port that was really bound. */
    public URI uri() {
        return port.uri();
    }

    @Override
    public void close() {
        port.close();
    }
}

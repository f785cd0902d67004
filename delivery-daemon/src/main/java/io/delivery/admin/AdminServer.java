package io.delivery.admin;

import java.io.IOException;
import java.net.URI;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The admin port. */
public final class AdminServer implements AutoCloseable {
    private static final int MAX_THREADS = 8;

    /** An acceptor, a selector, and two that work or wait in reserve. */
    private static final int MIN_THREADS = 4;

    private static final int THREAD_IDLE_MILLIS = 5_000;
    private static final long IDLE_MILLIS = 30_000;
    private static final int MAX_HEAD_BYTES = 8 << 10;

    private final Server server;
    private final ServerConnector connector;
    private final String host;

    /** Prepares a server; {@link #start} binds. */
    public AdminServer(AdminSettings settings, Probes probes, StreamDesk streams) {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
        threads.setName("admin");
        threads.setIdleTimeout(THREAD_IDLE_MILLIS);
        threads.setMaxEvictCount(MAX_THREADS);
        server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(MAX_HEAD_BYTES);
        host = settings.host();
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(host);
        connector.setPort(settings.port());
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        server.setHandler(new AdminHandler(settings, probes, streams));
    }

    /**
     * Binds and serves.
     *
     * @throws IOException when the address cannot be bound; the message names it
     */
    public void start() throws IOException {
        try {
            server.start();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("The admin port could not be started on " + host, e);
        }
    }

    /** Where it is served, with the port that was really bound. */
    public URI uri() {
        String literal = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return URI.create("http://" + literal + ":" + connector.getLocalPort());
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("The admin port could not be stopped", e);
        }
    }
}

package io.delivery.listening;

import com.sun.management.UnixOperatingSystemMXBean;
import io.delivery.failure.FailureText;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A port that speaks HTTP/1.1, with TLS or without. */
public final class HttpPort implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpPort.class);

    private static final int THREAD_IDLE_MILLIS = 5_000;

    /**
     * How long neither a byte comes nor one goes while a request is served. Longer than the time
     * that a body may pause, whose end is a 408.
     */
    private static final long SERVED_IDLE_MILLIS = 60_000;

    private static final long TICK_MILLIS = 200;

    private final PortSettings settings;
    private final Optional<PortCertificate> certificate;
    private final QueuedThreadPool threads;
    private final Server server;
    private final ServerConnector connector;
    private final SlowConnections slow;
    private final List<LongConsumer> ticks = new ArrayList<>();

    /** Prepares a port; {@link #serve} says what is on it, {@link #start} binds. */
    public HttpPort(PortSettings settings) {
        this.settings = settings;
        certificate = settings.certificate().map(PortCertificate::new);
        threads = new QueuedThreadPool(settings.maxThreads(), settings.minThreads());
        threads.setName(settings.name());
        threads.setIdleTimeout(THREAD_IDLE_MILLIS);
        threads.setMaxEvictCount(settings.maxThreads());
        server = new Server(threads);
        connector = connector();
        server.addConnector(connector);
        int most = mostConnections();
        server.addBean(new NetworkConnectionLimit(most, connector));
        slow = new SlowConnections(settings.headTimeout(), settings.idle(), most);
    }

    private ServerConnector connector() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(true); // SDKs correct their clock by it
        http.setRequestHeaderSize(settings.maxHeadBytes());
        // While a request is served; between two requests the connector's own counts again.
        http.setIdleTimeout(SERVED_IDLE_MILLIS);
        // Otherwise Jetty gives a value that it knows as it knows it, and not as it was sent:
        // GZIP as gzip. Signatures and tokens are about what was sent.
        http.setHeaderCacheCaseSensitive(true);
        // Paths are never decoded and never name a file: each is served or refused as it was sent.
        http.setUriCompliance(UriCompliance.UNSAFE);
        if (certificate.isPresent()) {
            // Whether the name fits the certificate is for the client to judge: put on this machine
            // knows the certificate itself, and comes by an address.
            http.addCustomizer(new SecureRequestCustomizer(false));
        }
        HttpConnectionFactory factory = new HttpConnectionFactory(http);
        ServerConnector made =
                certificate.isPresent()
                        ? new ServerConnector(server, certificate.get().tls(), factory)
                        : new ServerConnector(server, factory);
        made.addBean(new Handshakes(settings.name()));
        made.setHost(settings.host());
        made.setPort(settings.port());
        made.setIdleTimeout(settings.idle().toMillis());
        made.setAcceptedTcpNoDelay(true);
        return made;
    }

    /** The other half of the descriptors is for journals, staging and stores. */
    private int mostConnections() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os
                && os.getMaxFileDescriptorCount() / 2 < settings.maxConnections()) {
            int most = (int) Math.max(1, os.getMaxFileDescriptorCount() / 2);
            log.warn(
                    "fewer connections than configured: port={} connections={} configured={} files={}. The process may open so many files only: raise ulimit -n",
                    settings.name(),
                    most,
                    settings.maxConnections(),
                    os.getMaxFileDescriptorCount());
            return most;
        }
        return settings.maxConnections();
    }

    /** Where handlers go on with what they had to wait for. */
    public Executor threads() {
        return threads;
    }

    /**
     * What is on this port. Called once, before the start.
     *
     * @param malformed answers what is refused before a handler sees it; the response's status says
     *     why
     */
    public void serve(Handler handler, Request.Handler malformed) {
        server.setHandler(handler);
        server.setErrorHandler(malformed);
    }

    /**
     * Called a few times a second from the start on, by one thread at a time, with the time of
     * {@link System#nanoTime}. Given before the start.
     */
    public void everyTick(LongConsumer tick) {
        ticks.add(tick);
    }

    /**
     * Called when all connections are taken and none of them is only waiting, so that requests that
     * are on their way may be given up. Given before the start.
     */
    public void whenCrowded(LongConsumer makeRoom) {
        slow.whenCrowded(makeRoom);
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
            throw new IOException(
                    "The %s port could not be started on %s"
                            .formatted(settings.name(), settings.host()),
                    e);
        }
        tick();
    }

    private void tick() {
        if (!server.isRunning()) {
            return;
        }
        long now = System.nanoTime();
        slow.sweep(connector.getConnectedEndPoints(), now);
        ticks.forEach(tick -> tick.accept(now));
        server.getScheduler().schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Shows another certificate in handshakes from now on. Connections that there are go on.
     *
     * @throws IOException when it cannot be used: the former one is shown
     * @throws IllegalStateException when the port speaks no TLS
     */
    public void certificate(ServerCertificate next) throws IOException {
        certificate
                .orElseThrow(() -> new IllegalStateException("this server speaks no TLS"))
                .show(next);
    }

    /** Where it is served, with the port that was really bound. */
    public URI uri() {
        String host = settings.host();
        String literal = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        String scheme = certificate.isPresent() ? "https" : "http";
        return URI.create(scheme + "://" + literal + ":" + connector.getLocalPort());
    }

    /**
     * Takes no new request and waits for those on their way, if the handler does; whoever is not
     * done by then is cut off. Never throws.
     *
     * @param grace how long it waits at most
     */
    public void stop(Duration grace) {
        server.setStopTimeout(grace.toMillis());
        close();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (TimeoutException cutOff) {
            // Jetty has closed everything all the same, and tells it afterwards.
            log.warn(
                    "requests were cut off, they took longer than the stop: port={}",
                    settings.name());
        } catch (Exception failed) {
            log.warn(
                    "port not stopped in order: port={} error={}",
                    settings.name(),
                    FailureText.of(failed));
        }
    }
}

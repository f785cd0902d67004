package io.delivery.api.http;

import io.delivery.api.ApiException;
import io.delivery.api.Operations;
import io.delivery.api.Streams;
import io.delivery.api.signing.RequestVerifier;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.stream.ThrottledException;
import io.delivery.world.Clock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Firehose API over HTTP/1.1, with TLS or without. */
public final class ApiServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ApiServer.class);

    private static final int MAX_THREADS = 64;

    /** What a quiet server has anyway: acceptor, selectors, and those that wait in reserve. */
    private static final int MIN_THREADS = 8;

    private static final int THREAD_IDLE_MILLIS = 5_000;
    private static final int MAX_HEAD_BYTES = 16 << 10;
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final long TICK_MILLIS = 200;
    private static final int MAX_BODY_LIMIT = 256 << 20;

    private final Server server;
    private final ServerConnector connector;
    private final RequestMemory memory;
    private final SlowClients slowClients;
    private final String scheme;
    private final String host;

    /**
     * Prepares a server; {@link #start} binds.
     *
     * @param verifier {@link RequestVerifier#UNCHECKED} only on a loopback address
     * @throws IOException when the TLS files cannot be read
     * @throws IllegalArgumentException when an open address is combined with unchecked signatures,
     *     or the memory cannot hold one request of the permitted length
     */
    public ApiServer(
            ApiSettings settings,
            Streams streams,
            RequestVerifier verifier,
            Clock clock,
            Metrics metrics)
            throws IOException {
        check(settings, verifier);
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
        threads.setName("api");
        threads.setIdleTimeout(THREAD_IDLE_MILLIS);
        threads.setMaxEvictCount(MAX_THREADS);
        server = new Server(threads);
        memory =
                new RequestMemory(
                        settings.memoryBytes(),
                        settings.memoryWait().toNanos(),
                        threads,
                        () -> countOutOfMemory(metrics));
        slowClients = new SlowClients(settings);
        connector = connector(server, settings);
        scheme = settings.tls().isPresent() ? "https" : "http";
        host = settings.host();
        server.addConnector(connector);
        Operations operations =
                new Operations(
                        streams, settings.region(), settings.account(), memory, clock, threads);
        server.setHandler(
                new GracefulHandler(
                        new ApiHandler(settings, operations, verifier, memory, slowClients)));
        server.setErrorHandler(ApiServer::answerMalformed);
    }

    /** Nobody has read how many records there are, or whose: a call counts as one. */
    private static void countOutOfMemory(Metrics metrics) {
        String cause = ThrottledException.Cause.MEMORY.name().toLowerCase(Locale.ROOT);
        metrics.add(Metric.THROTTLED_RECORDS, "", cause, 1);
    }

    private static void check(ApiSettings settings, RequestVerifier verifier) throws IOException {
        boolean loopback = InetAddress.getByName(settings.host()).isLoopbackAddress();
        if (verifier == RequestVerifier.UNCHECKED && !loopback) {
            throw new IllegalArgumentException(
                    "Without credentials the API is bound to loopback only, not to "
                            + settings.host());
        }
        if (settings.maxBodyBytes() < 1 || settings.maxBodyBytes() > MAX_BODY_LIMIT) {
            throw new IllegalArgumentException(
                    "The body limit must be between 1 and %d bytes, was %d"
                            .formatted(MAX_BODY_LIMIT, settings.maxBodyBytes()));
        }
        if (settings.memoryBytes() < 2L * settings.maxBodyBytes()) {
            throw new IllegalArgumentException(
                    "The memory of requests (%d bytes) must be at least twice the body limit (%d)"
                            .formatted(settings.memoryBytes(), settings.maxBodyBytes()));
        }
    }

    private static ServerConnector connector(Server server, ApiSettings settings)
            throws IOException {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(true); // SDKs correct their clock by it
        http.setRequestHeaderSize(MAX_HEAD_BYTES);
        http.setUriCompliance(UriCompliance.RFC3986);
        HttpConnectionFactory factory = new HttpConnectionFactory(http);
        ServerConnector connector =
                settings.tls().isPresent()
                        ? new ServerConnector(server, tls(settings.tls().get()), factory)
                        : new ServerConnector(server, factory);
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(IDLE.toMillis());
        connector.setAcceptedTcpNoDelay(true);
        return connector;
    }

    private static SslContextFactory.Server tls(ApiSettings.Tls files) throws IOException {
        String password = UUID.randomUUID().toString();
        KeyStore store = PemFiles.keyStore(files, password.toCharArray());
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(store);
        tls.setKeyStorePassword(password);
        tls.setSniRequired(false);
        return tls;
    }

    /** What Jetty refuses before any request exists: in the API's form as well. */
    private static boolean answerMalformed(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        Reply reply = new Reply(response, callback);
        reply.refuseAndClose(
                switch (status) {
                    case 408 ->
                            new ApiException(
                                    "RequestTimeoutException", 408, "The request took too long.");
                    case 503 -> ApiException.slowDown();
                    case 500 -> ApiException.internalFailure();
                    default ->
                            new ApiException(
                                    "MalformedHttpRequestException",
                                    status >= 400 ? status : 400,
                                    "The HTTP request is malformed.");
                });
        return true;
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
            throw new IOException("The API could not be started on " + host, e);
        }
        tick();
    }

    private void tick() {
        if (!server.isRunning()) {
            return;
        }
        long now = System.nanoTime();
        memory.expire(now);
        slowClients.sweep(connector, now);
        server.getScheduler().schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Where it is served, with the port that was really bound. */
    public URI uri() {
        String literal = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return URI.create(scheme + "://" + literal + ":" + connector.getLocalPort());
    }

    /** Bytes of bodies and frames that requests hold now. */
    public long requestMemoryOnLoan() {
        return memory.onLoan();
    }

    /**
     * Takes no new request and waits for those on their way; whoever is not done by then is cut
     * off. Never throws.
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
            log.warn("requests cut off, they took longer than the stop: {}", cutOff.toString());
        } catch (Exception failed) {
            log.warn("the API could not be stopped in order", failed);
        }
    }
}

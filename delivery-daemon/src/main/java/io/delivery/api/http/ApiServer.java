package io.delivery.api.http;

import io.delivery.api.ApiException;
import io.delivery.api.Operations;
import io.delivery.api.Streams;
import io.delivery.api.model.ServiceModel;
import io.delivery.api.signing.RequestVerifier;
import io.delivery.failure.RepeatedFailure;
import io.delivery.listening.HttpPort;
import io.delivery.listening.PortSettings;
import io.delivery.listening.ServerCertificate;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.stream.ThrottledException;
import io.delivery.world.Clock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.LoggerFactory;

/** The Firehose API over HTTP/1.1, with TLS or without. */
public final class ApiServer implements AutoCloseable {
    private static final int MAX_THREADS = 64;

    /** Acceptor, selectors, and those that wait in reserve. */
    private static final int MIN_THREADS = 8;

    private static final int MAX_HEAD_BYTES = 16 << 10;
    private static final int MAX_BODY_LIMIT = 256 << 20;

    private static final Duration REFUSED_OF_LATE = Duration.ofSeconds(10);

    private final RepeatedFailure refusals =
            RepeatedFailure.of(
                    LoggerFactory.getLogger(ApiServer.class), "taking requests", System::nanoTime);
    private final HttpPort port;
    private final RequestMemory memory;

    private volatile OptionalLong refusedNanos = OptionalLong.empty();

    /**
     * Prepares a server; {@link #start} binds.
     *
     * @param verifier {@link RequestVerifier#UNCHECKED} only on a loopback address
     * @throws IOException when the host has no address
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
        this(settings, streams, verifier, ServiceModel.firehose(), clock, metrics);
    }

    /**
     * The same, with another model of what requests must keep.
     *
     * @throws IOException as above
     * @throws IllegalArgumentException as above
     */
    public ApiServer(
            ApiSettings settings,
            Streams streams,
            RequestVerifier verifier,
            ServiceModel model,
            Clock clock,
            Metrics metrics)
            throws IOException {
        check(settings, verifier);
        port =
                new HttpPort(
                        new PortSettings(
                                "api",
                                settings.host(),
                                settings.port(),
                                settings.certificate(),
                                MAX_THREADS,
                                MIN_THREADS,
                                MAX_HEAD_BYTES,
                                settings.maxConnections(),
                                settings.headerTimeout(),
                                settings.idle()));
        memory =
                new RequestMemory(
                        settings.memoryBytes(),
                        settings.memoryWait().toNanos(),
                        port.threads(),
                        () -> refused(metrics));
        SlowBodies slowBodies = new SlowBodies(settings, memory);
        Operations operations =
                new Operations(
                        streams,
                        settings.region(),
                        settings.account(),
                        model,
                        memory,
                        clock,
                        port.threads());
        port.serve(
                new GracefulHandler(
                        new ApiHandler(settings, operations, verifier, memory, slowBodies)),
                ApiServer::answerMalformed);
        port.everyTick(memory::expire);
        port.everyTick(slowBodies::sweep);
        port.whenCrowded(slowBodies::makeRoom);
    }

    /** Nobody has read how many records there are, or whose: a call counts as one. */
    private void refused(Metrics metrics) {
        ThrottledException.Cause why = ThrottledException.Cause.MEMORY;
        metrics.add(Metric.THROTTLED_RECORDS, "", why.name().toLowerCase(Locale.ROOT), 1);
        refusals.failedOnce(why.sentence());
        refusedNanos = OptionalLong.of(System.nanoTime());
    }

    /** Why calls for any stream were answered 503 a moment ago; empty when they were not. */
    public Optional<String> refusal() {
        OptionalLong last = refusedNanos;
        return last.isPresent() && System.nanoTime() - last.getAsLong() < REFUSED_OF_LATE.toNanos()
                ? Optional.of(ThrottledException.Cause.MEMORY.sentence())
                : Optional.empty();
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

    /**
     * Shows another certificate in handshakes from now on. Connections that there are go on.
     *
     * @throws IOException when it cannot be used: the former one is shown
     * @throws IllegalStateException when the server speaks no TLS
     */
    public void certificate(ServerCertificate next) throws IOException {
        port.certificate(next);
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
                                    request.getAttribute(ErrorHandler.ERROR_MESSAGE)
                                                    instanceof String why
                                            ? "The HTTP request is malformed: %s.".formatted(why)
                                            : "The HTTP request is malformed.");
                });
        return true;
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
        port.stop(grace);
    }

    @Override
    public void close() {
        port.close();
    }
}

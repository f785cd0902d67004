package io.delivery.listening;

import io.delivery.failure.RepeatedFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends connections that hold their place without getting on: a TLS handshake or a head that takes
 * longer than its time, line breaks instead of a head, and bytes of any kind that never become a
 * request. The idle time-out alone sees none of them, for each byte begins it anew. Where all
 * places are taken, those who only wait for their next request lose theirs first. Used by one
 * thread at a time.
 */
final class SlowConnections {
    private static final Logger log = LoggerFactory.getLogger(SlowConnections.class);

    /** Nobody who has just come or just been answered has to go. */
    private static final Duration SPARED = Duration.ofSeconds(1);

    private final long headNanos;
    private final long idleNanos;
    private final int most;
    private LongConsumer makeRoom = now -> {};

    private final RepeatedFailure crowded;
    private final RepeatedFailure slow;
    private long nowNanos;
    private Map<EndPoint, Seen> seen = new HashMap<>();

    /**
     * @param most connections at once
     */
    SlowConnections(Duration headTimeout, Duration idle, int most) {
        this.headNanos = headTimeout.toNanos();
        this.idleNanos = idle.toNanos();
        this.most = most;
        this.crowded = RepeatedFailure.of(log, "taking connections", () -> this.nowNanos);
        this.slow = RepeatedFailure.of(log, "a connection", () -> this.nowNanos);
    }

    void whenCrowded(LongConsumer makesRoom) {
        makeRoom = makesRoom;
    }

    /** Looks at every connection. */
    void sweep(Collection<EndPoint> open, long nowNanos) {
        this.nowNanos = nowNanos;
        Map<EndPoint, Seen> now = new HashMap<>();
        for (EndPoint endPoint : open) {
            Seen connection = Seen.of(endPoint, seen.get(endPoint), nowNanos);
            if (connection.age(nowNanos) >= patience(connection.doing)) {
                tellSlow(endPoint, connection.doing);
                endPoint.close();
            } else {
                now.put(endPoint, connection);
            }
        }
        seen = now;
        if (open.size() >= most) {
            crowded.failed(
                    "all connections are taken, those that have waited for longest are closed."
                            + " Raise server.maxConnections, or look who holds them",
                    "connections",
                    most);
            spare(nowNanos);
        } else {
            crowded.worked();
        }
    }

    /** Who only waits for the next request, or has left, has done nothing wrong. */
    private void tellSlow(EndPoint endPoint, Doing doing) {
        switch (doing) {
            case SHAKING_HANDS -> tellSlow(endPoint, "its TLS handshake took too long");
            case SENDING_A_HEAD -> tellSlow(endPoint, "the head of its request took too long");
            case WAITING, BEING_SERVED, LEAVING -> {
                // nothing to tell
            }
        }
    }

    private void tellSlow(EndPoint endPoint, String error) {
        slow.failedOnce(error, "client", String.valueOf(endPoint.getRemoteSocketAddress()));
    }

    private long patience(Doing doing) {
        return switch (doing) {
            case SHAKING_HANDS, SENDING_A_HEAD, LEAVING -> headNanos;
            case WAITING -> idleNanos;
            case BEING_SERVED -> Long.MAX_VALUE; // its own clocks run
        };
    }

    /** Gives a part of the places back, those first that have waited for longest. */
    private void spare(long nowNanos) {
        List<Map.Entry<EndPoint, Seen>> waiting = new ArrayList<>();
        for (Map.Entry<EndPoint, Seen> connection : seen.entrySet()) {
            if (connection.getValue().doing != Doing.BEING_SERVED
                    && connection.getValue().age(nowNanos) >= SPARED.toNanos()) {
                waiting.add(connection);
            }
        }
        if (waiting.isEmpty()) {
            makeRoom.accept(nowNanos);
        }
        waiting.sort(Comparator.comparingLong(connection -> connection.getValue().sinceNanos));
        waiting.stream().limit(1 + most / 20).forEach(connection -> connection.getKey().close());
    }

    /** What a connection is at. */
    private enum Doing {
        SHAKING_HANDS,
        /** Its beginning has arrived: some of it, or line breaks that stand before one. */
        SENDING_A_HEAD,
        WAITING,
        BEING_SERVED,
        /** It has had its last answer and goes on sending. */
        LEAVING
    }

    /**
     * What was seen of a connection.
     *
     * @param requests how many it has sent
     * @param bytes received when it began to wait
     * @param sinceNanos when it was first seen at this
     */
    private record Seen(Doing doing, long requests, long bytes, long sinceNanos) {
        static Seen of(EndPoint endPoint, Seen before, long nowNanos) {
            Connection connection = endPoint.getConnection();
            if (connection instanceof SslConnection tls) {
                // The session of a handshake that is not over has no protocol (JSSE: NONE).
                if (tls.getSSLEngine().getSession().getProtocol().equals("NONE")) {
                    return new Seen(Doing.SHAKING_HANDS, 0, 0, nowNanos).since(before);
                }
                connection = tls.getSslEndPoint().getConnection();
            }
            if (!(connection instanceof HttpConnection http)) {
                return new Seen(Doing.SENDING_A_HEAD, 0, 0, nowNanos).since(before);
            }
            long requests = http.getMessagesIn();
            long bytes = http.getBytesIn();
            HttpParser parser = http.getParser();
            if (http.getHttpChannel().getRequest() != null) {
                return new Seen(Doing.BEING_SERVED, requests, bytes, nowNanos).since(before);
            }
            if (!parser.isState(HttpParser.State.START)) {
                Doing doing = parser.inHeaderState() ? Doing.SENDING_A_HEAD : Doing.LEAVING;
                return new Seen(doing, requests, bytes, nowNanos).since(before);
            }
            boolean waited =
                    before != null
                            && before.requests == requests
                            && before.doing != Doing.BEING_SERVED;
            boolean more = waited && before.doing == Doing.WAITING && bytes > before.bytes;
            boolean drips = waited && before.doing == Doing.SENDING_A_HEAD;
            return new Seen(
                            more || drips ? Doing.SENDING_A_HEAD : Doing.WAITING,
                            requests,
                            waited ? before.bytes : bytes,
                            nowNanos)
                    .since(before);
        }

        /** For as long as before, if it was at the same request's same step. */
        private Seen since(Seen before) {
            boolean same = before != null && before.doing == doing && before.requests == requests;
            return same ? new Seen(doing, requests, bytes, before.sinceNanos) : this;
        }

        long age(long nowNanos) {
            return nowNanos - sinceNanos;
        }
    }
}

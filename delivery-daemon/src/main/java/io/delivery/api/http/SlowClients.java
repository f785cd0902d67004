package io.delivery.api.http;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Ends what would hold a connection for ever by dripping: a head that takes longer than its time, a
 * body below its rate. The idle time-out alone sees neither.
 */
final class SlowClients {
    private final long headerNanos;
    private final ApiSettings settings;
    private final Set<BodyReader> bodies = ConcurrentHashMap.newKeySet();

    /** Since when a connection's head has been incomplete. Touched by the sweep only. */
    private Map<EndPoint, Long> heads = new HashMap<>();

    SlowClients(ApiSettings settings) {
        this.headerNanos = settings.headerTimeout().toNanos();
        this.settings = settings;
    }

    /** For a body that begins now. */
    BodyRate rate() {
        return new BodyRate(
                settings.headerTimeout(), settings.minBodyBytesPerSecond(), System.nanoTime());
    }

    /** Watches a body until its result is there. */
    void watch(BodyReader body) {
        bodies.add(body);
    }

    void forget(BodyReader body) {
        bodies.remove(body);
    }

    /** Looks at everything; called a few times a second, by one thread at a time. */
    void sweep(Connector connector, long nowNanos) {
        Map<EndPoint, Long> incomplete = new HashMap<>();
        for (EndPoint endPoint : connector.getConnectedEndPoints()) {
            if (!isInsideHead(endPoint)) {
                continue;
            }
            long since = heads.getOrDefault(endPoint, nowNanos);
            if (nowNanos - since >= headerNanos) {
                endPoint.close();
            } else {
                incomplete.put(endPoint, since);
            }
        }
        heads = incomplete;
        for (BodyReader body : bodies) {
            body.expire(nowNanos);
        }
    }

    private static boolean isInsideHead(EndPoint endPoint) {
        Connection connection = endPoint.getConnection();
        if (connection instanceof SslConnection ssl) {
            connection = ssl.getSslEndPoint().getConnection();
        }
        if (!(connection instanceof HttpConnection http)) {
            return false;
        }
        HttpParser parser = http.getParser();
        return parser.inHeaderState() && !parser.isState(HttpParser.State.START);
    }
}

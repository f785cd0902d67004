package io.delivery.api.http;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The bodies that are on their way, and their clocks. One below its rate is refused. Where others
 * wait for memory or for a connection, the slowest of those that have not proven their secret goes
 * first: a body on a line as it should be is there within moments.
 */
final class SlowBodies {
    private final ApiSettings settings;
    private final RequestMemory memory;
    private final Set<BodyReader> bodies = ConcurrentHashMap.newKeySet();

    SlowBodies(ApiSettings settings, RequestMemory memory) {
        this.settings = settings;
        this.memory = memory;
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

    /** Looks at every body; called a few times a second, by one thread at a time. */
    void sweep(long nowNanos) {
        for (BodyReader body : bodies) {
            body.expire(nowNanos);
        }
        int spared = bodies.size() * 3 / 4;
        while (bodies.size() > spared && memory.isAwaited(nowNanos) && makeRoom(nowNanos)) {
            // the next slowest
        }
    }

    /**
     * Gives up the slowest of those who have not proven their secret, and who had their time.
     *
     * @return whether there was one
     */
    boolean makeRoom(long nowNanos) {
        Optional<BodyReader> slowest =
                bodies.stream()
                        .filter(body -> body.age(nowNanos) >= settings.memoryWait().toNanos() / 5)
                        .filter(BodyReader::holdsUnproven)
                        .min(Comparator.comparingDouble(body -> body.bytesPerSecond(nowNanos)));
        slowest.ifPresent(
                body -> {
                    forget(body);
                    body.makeRoom();
                });
        return slowest.isPresent();
    }
}

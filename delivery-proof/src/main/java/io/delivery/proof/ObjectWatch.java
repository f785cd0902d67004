package io.delivery.proof;

import io.delivery.proof.BrokenPromises.Kind;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Looks into the lake while the proof runs, and remembers length and checksum of every object as it
 * was when it was first seen. One thread of its own.
 */
final class ObjectWatch {
    private static final long SHORTEST_PAUSE_MILLIS = 300;

    /**
     * Stream, version, time, UUID, extension: Firehose's names. Some stores show what is being
     * written under a name of their own first (S3Proxy: ours and a UUID); that is no object of
     * ours.
     */
    private static final Pattern OUR_FORM =
            Pattern.compile(
                    ".*/[a-z]+-\\d+-\\d{4}(-\\d{2}){5}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
                            + "(\\.[a-z]+)*");

    private final Lake lake;
    private final String prefix;
    private final BrokenPromises violations;
    private final Map<String, Sight> seen = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::run, "object watch");
    private volatile boolean stopped;
    private volatile String lastTrouble = "";

    ObjectWatch(Lake lake, String prefix, BrokenPromises violations) {
        this.lake = lake;
        this.prefix = prefix;
        this.violations = violations;
        thread.setDaemon(true);
    }

    /** An object as it was. */
    record Sight(long length, long checksum) {
        static Sight of(byte[] bytes) {
            return new Sight(bytes.length, ProofRecord.checksum(bytes));
        }
    }

    void start() {
        thread.start();
    }

    void stop() throws InterruptedException {
        stopped = true;
        thread.interrupt();
        thread.join();
    }

    int objects() {
        return seen.size();
    }

    /** Why the store could not be read the last time it could not; empty when it always could. */
    String lastTrouble() {
        return lastTrouble;
    }

    private void run() {
        while (!stopped) {
            long begun = System.nanoTime();
            try {
                look();
            } catch (IOException | RuntimeException failed) {
                if (!stopped) { // what stop() interrupts is no trouble
                    lastTrouble = String.valueOf(failed.getMessage()); // the final look must work
                }
            }
            long tookMillis = (System.nanoTime() - begun) / 1_000_000;
            try {
                Thread.sleep(Math.max(SHORTEST_PAUSE_MILLIS, 3 * tookMillis));
            } catch (InterruptedException ended) {
                return;
            }
        }
    }

    /** Once. */
    void look() throws IOException {
        Map<String, Long> now = lake.list(prefix);
        for (Map.Entry<String, Sight> before : seen.entrySet()) {
            Long length = now.get(before.getKey());
            if (length == null) {
                seen.remove(before.getKey()); // said once
                violations.add(Kind.OBJECT_GONE, before.getKey());
            } else if (length != before.getValue().length()) {
                violations.add(
                        Kind.OBJECT_CHANGED,
                        "%s had %d bytes and has %d",
                        before.getKey(),
                        before.getValue().length(),
                        length);
            }
        }
        for (String key : now.keySet()) {
            if (stopped) {
                return;
            }
            if (!seen.containsKey(key) && OUR_FORM.matcher(key).matches()) {
                // Listed and then denied: a PUT that was broken off (S3Proxy); never visible.
                Optional<byte[]> bytes = lake.read(key);
                bytes.ifPresent(b -> seen.put(key, Sight.of(b)));
            }
        }
    }

    /** Compares what is there at the end with the first sight. */
    void compare(String key, byte[] bytes) {
        Sight first = seen.putIfAbsent(key, Sight.of(bytes));
        if (first != null && !first.equals(Sight.of(bytes))) {
            violations.add(
                    Kind.OBJECT_CHANGED,
                    "%s was seen with %d bytes, checksum %08x, and has %d bytes, checksum %08x",
                    key,
                    first.length(),
                    first.checksum(),
                    bytes.length,
                    ProofRecord.checksum(bytes));
        }
    }

    /** To be called with all keys that there are at the end. */
    void allThere(java.util.Set<String> keys) {
        for (String key : seen.keySet()) {
            if (!keys.contains(key)) {
                violations.add(Kind.OBJECT_GONE, key);
            }
        }
    }
}

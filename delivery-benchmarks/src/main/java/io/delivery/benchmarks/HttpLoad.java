package io.delivery.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends requests that are made beforehand on a few connections, each after the answer to the one
 * before, with as little work as possible: what is measured is the server.
 */
final class HttpLoad {
    private static final byte[] LENGTH = "content-length: ".getBytes(StandardCharsets.US_ASCII);

    private HttpLoad() {}

    /**
     * @param latencyNanos of each request, in no order
     */
    record Result(long requests, double seconds, long[] latencyNanos) {
        double perSecond() {
            return requests / seconds;
        }
    }

    /** What a connection sends next; null when it is to end. */
    private interface Requests {
        byte[] next();
    }

    /**
     * Sends one request again and again for so long.
     *
     * @throws IOException when an answer is not 200
     */
    static Result run(URI server, byte[] request, int connections, double seconds)
            throws Exception {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        return send(server, () -> System.nanoTime() < end ? request : null, connections);
    }

    /**
     * Sends each of these requests once, in about their order.
     *
     * @throws IOException when an answer is not 200
     */
    static Result each(URI server, List<byte[]> requests, int connections) throws Exception {
        AtomicInteger taken = new AtomicInteger();
        return send(
                server,
                () -> {
                    int next = taken.getAndIncrement();
                    return next < requests.size() ? requests.get(next) : null;
                },
                connections);
    }

    private static Result send(URI server, Requests requests, int connections) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            long begun = System.nanoTime();
            List<Future<List<Long>>> all = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                all.add(threads.submit(() -> send(server, requests)));
            }
            List<Long> latencies = new ArrayList<>();
            for (Future<List<Long>> one : all) {
                latencies.addAll(one.get());
            }
            return new Result(
                    latencies.size(),
                    (System.nanoTime() - begun) / 1e9,
                    latencies.stream().mapToLong(Long::longValue).toArray());
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Long> send(URI server, Requests requests) throws IOException {
        List<Long> latencies = new ArrayList<>();
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            byte[] answer = new byte[256 << 10];
            for (byte[] request = requests.next(); request != null; request = requests.next()) {
                long begun = System.nanoTime();
                socket.getOutputStream().write(request);
                read(in, answer);
                latencies.add(System.nanoTime() - begun);
            }
        }
        return latencies;
    }

    /** One answer with a Content-Length. */
    private static void read(InputStream in, byte[] answer) throws IOException {
        int filled = 0;
        int needed = Integer.MAX_VALUE;
        while (filled < needed) {
            int more = in.read(answer, filled, answer.length - filled);
            if (more < 0) {
                throw new EOFException("the server has hung up");
            }
            filled += more;
            if (needed == Integer.MAX_VALUE) {
                needed = length(answer, filled);
            }
        }
        if (answer[9] != '2') {
            throw new IOException(new String(answer, 0, filled, StandardCharsets.ISO_8859_1));
        }
    }

    /** Of head and body together, once the head is there. */
    private static int length(byte[] answer, int filled) {
        for (int i = 0; i + 3 < filled; i++) {
            if (answer[i] == '\r' && answer[i + 1] == '\n' && answer[i + 2] == '\r') {
                return i + 4 + contentLength(answer, i);
            }
        }
        return Integer.MAX_VALUE;
    }

    private static int contentLength(byte[] answer, int headEnd) {
        for (int i = 0; i < headEnd; i++) {
            int k = 0;
            while (k < LENGTH.length && (answer[i + k] | 0x20) == (LENGTH[k] | 0x20)) {
                k++;
            }
            if (k == LENGTH.length) {
                int value = 0;
                for (int j = i + k; answer[j] >= '0' && answer[j] <= '9'; j++) {
                    value = value * 10 + answer[j] - '0';
                }
                return value;
            }
        }
        throw new IllegalStateException("an answer without Content-Length");
    }
}

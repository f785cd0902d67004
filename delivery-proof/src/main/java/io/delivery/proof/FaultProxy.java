package io.delivery.proof;

import io.delivery.proof.FaultPlan.Decision;
import io.delivery.proof.FaultPlan.Request;
import io.delivery.proof.FaultPlan.Weather;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An HTTP/1.1 proxy in front of a store, on a free port of loopback. Passes requests on byte for
 * byte, the {@code Host} header included: the client signs the proxy's address, and stores check
 * the signature over whatever {@code Host} says (MinIO, versitygw, LocalStack and S3Proxy do; AWS
 * itself does not, a request for another host is not for it). Some requests meet a {@link Fault}.
 *
 * <p>Only {@code Expect: 100-continue} is taken out and answered here: signatures leave it out, and
 * the proxy has to have the body to decide what becomes of it. One thread per connection.
 */
public final class FaultProxy implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int SILENCE_MILLIS = 60_000;
    private static final byte[] CONTINUE =
            "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private final URI target;
    private final FaultPlan plan;
    private final long begunNanos = System.nanoTime();

    /** Holds the port while nobody listens on it, so that nobody else gets it. */
    private final Socket holder = new Socket();

    private final ExecutorService threads;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<Fault, AtomicLong> counts = new EnumMap<>(Fault.class);
    private final AtomicLong requests = new AtomicLong();
    private final Phaser late = new Phaser(1);
    private volatile boolean faulty = true;
    private volatile boolean closed;
    private ServerSocket listener;

    private FaultProxy(URI target, FaultPlan plan) throws IOException {
        this.target = target;
        this.plan = plan;
        for (Fault fault : Fault.values()) {
            counts.put(fault, new AtomicLong());
        }
        holder.setReuseAddress(true);
        holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        threads =
                Executors.newCachedThreadPool(
                        task -> {
                            Thread thread = new Thread(task, "fault proxy");
                            thread.setDaemon(true);
                            return thread;
                        });
    }

    /**
     * Listens, and begins with the plan.
     *
     * @param target scheme http, host and port
     */
    public static FaultProxy start(URI target, FaultPlan plan) throws IOException {
        if (!"http".equals(target.getScheme())) {
            throw new IllegalArgumentException("faults need a store without TLS, was " + target);
        }
        FaultProxy proxy = new FaultProxy(target, plan);
        proxy.listen();
        proxy.threads.execute(proxy::watchWeather);
        return proxy;
    }

    /** The store's address as the client is to see it. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + holder.getLocalPort());
    }

    /** From now on everything is passed on as it is. Returns when late requests have arrived. */
    public void heal() throws IOException {
        faulty = false;
        listen();
        late.arriveAndAwaitAdvance();
    }

    /** How often each fault was met. */
    public Map<Fault, Long> counts() {
        Map<Fault, Long> now = new EnumMap<>(Fault.class);
        counts.forEach((fault, count) -> now.put(fault, count.get()));
        return now;
    }

    public long requests() {
        return requests.get();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        silence();
        holder.close();
        threads.shutdownNow();
    }

    // --- connections ---

    private synchronized void listen() throws IOException {
        if (listener == null && !closed) {
            ServerSocket fresh = new ServerSocket();
            fresh.setReuseAddress(true);
            fresh.bind(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), holder.getLocalPort()),
                    256);
            listener = fresh;
            threads.execute(() -> accept(fresh));
        }
    }

    /** Nobody answers here any more, and open connections are reset. */
    private synchronized void silence() throws IOException {
        if (listener != null) {
            listener.close();
            listener = null;
        }
        open.forEach(FaultProxy::reset);
    }

    private void watchWeather() {
        Weather before = Weather.FAIR;
        try {
            while (!closed && faulty) {
                Weather now = weather();
                if (now == Weather.REFUSING && before != now) {
                    counts.get(Fault.CONNECTION_REFUSED).incrementAndGet();
                    silence();
                } else if (now != Weather.REFUSING) {
                    listen();
                }
                before = now;
                Thread.sleep(20);
            }
            listen();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private Weather weather() {
        return faulty ? plan.weather((System.nanoTime() - begunNanos) / 1_000_000) : Weather.FAIR;
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                Socket client = from.accept();
                open.add(client);
                if (from.isClosed()) {
                    // Silenced meanwhile: it may have come too late to be reset with the others.
                    reset(client);
                }
                threads.execute(() -> serve(client));
            } catch (IOException | RuntimeException ended) {
                // closed for a while, or for good
            }
        }
    }

    private void serve(Socket client) {
        try (Exchanges exchanges = new Exchanges(client)) {
            while (exchanges.next()) {
                // until one side has enough
            }
        } catch (IOException | RuntimeException broken) {
            reset(client);
        } finally {
            open.remove(client);
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException gone) {
            // nothing is left to reset
        }
    }

    private static void quietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // nothing is left to close
        }
    }

    // --- requests ---

    /** A connection to the store; made with its first request, and anew when it has died. */
    private final class StoreConnection implements AutoCloseable {
        private Socket store;
        private InputStream fromStore;
        private OutputStream toStore;

        /** Sends it over the kept connection; over a fresh one when that is dead. */
        HttpMessage send(HttpMessage request, byte[] body) throws IOException {
            boolean kept = store != null;
            try {
                return sendOnce(request, body);
            } catch (IOException dead) {
                close();
                if (!kept) {
                    throw dead;
                }
                return sendOnce(request, body);
            }
        }

        private HttpMessage sendOnce(HttpMessage request, byte[] body) throws IOException {
            connect();
            toStore.write(request.bytes());
            toStore.write(body);
            toStore.flush();
            HttpMessage answer = HttpMessage.read(fromStore);
            while (answer != null && answer.status() / 100 == 1) {
                answer = HttpMessage.read(fromStore);
            }
            if (answer == null) {
                throw new SocketException("the store closed the connection without an answer");
            }
            return answer;
        }

        /** The store has answered when this returns; nobody hears what. */
        void carryOut(HttpMessage request, byte[] body) throws IOException {
            copyBody(request, send(request, body), OutputStream.nullOutputStream());
        }

        /** Copies the body of an answer; whether the client's connection can be kept. */
        boolean copyBody(HttpMessage request, HttpMessage answer, OutputStream to)
                throws IOException {
            boolean bodiless =
                    request.method().equals("HEAD")
                            || answer.status() == 204
                            || answer.status() == 304;
            boolean open = !bodiless && answer.endsWithConnection();
            if (!bodiless) {
                HttpMessage.copyBody(fromStore, to, open ? Long.MAX_VALUE : answer.length());
            }
            if (open || answer.says("Connection", "close")) {
                close();
                return false;
            }
            return true;
        }

        /** Sends the first half and breaks off. */
        void half(HttpMessage request, byte[] body) throws IOException {
            connect();
            toStore.write(request.bytes());
            toStore.write(body, 0, body.length / 2);
            toStore.flush();
            reset(store);
            store = null;
        }

        private void connect() throws IOException {
            if (store == null) {
                Socket fresh = new Socket();
                fresh.setTcpNoDelay(true);
                fresh.setSoTimeout(SILENCE_MILLIS);
                int port = target.getPort() < 0 ? 80 : target.getPort();
                fresh.connect(new InetSocketAddress(target.getHost(), port), CONNECT_MILLIS);
                fromStore = new BufferedInputStream(fresh.getInputStream());
                toStore = fresh.getOutputStream();
                store = fresh;
            }
        }

        @Override
        public void close() {
            if (store != null) {
                quietly(store);
                store = null;
            }
        }
    }

    /** A client, and the connection to the store that its requests go over. */
    private final class Exchanges implements AutoCloseable {
        private final Socket client;
        private final InputStream fromClient;
        private final OutputStream toClient;
        private final StoreConnection store = new StoreConnection();

        Exchanges(Socket client) throws IOException {
            this.client = client;
            client.setTcpNoDelay(true);
            client.setSoTimeout(SILENCE_MILLIS);
            this.fromClient = new BufferedInputStream(client.getInputStream());
            this.toClient = client.getOutputStream();
        }

        /** One request and its answer; whether another one may follow. */
        boolean next() throws IOException {
            HttpMessage request = HttpMessage.read(fromClient);
            if (request == null) {
                return false;
            }
            requests.incrementAndGet();
            if (request.says("Expect", "100-continue")) {
                toClient.write(CONTINUE);
                toClient.flush();
                request = request.without("expect");
            }
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            HttpMessage.copyBody(fromClient, body, request.length());
            Decision decision = faulty ? plan.next(kind(request), weather()) : Decision.NONE;
            return carriedOut(request, body.toByteArray(), decision)
                    && !request.says("Connection", "close");
        }

        private boolean carriedOut(HttpMessage request, byte[] body, Decision decision)
                throws IOException {
            if (decision.fault().isEmpty()) {
                return pass(request, body);
            }
            Fault fault = decision.fault().get();
            counts.get(fault).incrementAndGet();
            switch (fault) {
                case SLOW_DOWN -> {
                    return answer(request, "503 Slow Down", "SlowDown");
                }
                case PORTAL -> {
                    return page(request);
                }
                case DELAYED -> {
                    pause(decision);
                    return pass(request, body);
                }
                case RESET_MIDWAY -> store.half(request, body);
                case ANSWER_LOST -> store.carryOut(request, body);
                case ERROR_AFTER_STORED -> {
                    store.carryOut(request, body);
                    return answer(request, "500 Internal Server Error", "InternalError");
                }
                case LATE -> {
                    late.register();
                    threads.execute(() -> arriveLate(request, body, decision));
                }
                case COMPLETION_RESET -> {
                    if (!decision.before()) {
                        store.carryOut(request, body);
                    }
                }
                case CONNECTION_REFUSED -> throw new IllegalStateException("not for requests");
            }
            reset(client);
            return false;
        }

        private boolean pass(HttpMessage request, byte[] body) throws IOException {
            HttpMessage answer = store.send(request, body);
            toClient.write(answer.bytes());
            boolean more = store.copyBody(request, answer, toClient);
            toClient.flush();
            return more;
        }

        /** As a network answers that wants a login first, or a proxy that has lost its store. */
        private boolean page(HttpMessage request) throws IOException {
            String page = "<!DOCTYPE html><html><head><title>Welcome</title></head></html>";
            toClient.write(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s"
                            .formatted(page.length(), request.method().equals("HEAD") ? "" : page)
                            .getBytes(StandardCharsets.ISO_8859_1));
            toClient.flush();
            return true;
        }

        private boolean answer(HttpMessage request, String status, String code) throws IOException {
            String xml =
                    request.method().equals("HEAD")
                            ? ""
                            : "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>"
                                    + code
                                    + "</Code><Message>on purpose</Message></Error>";
            toClient.write(
                    "HTTP/1.1 %s\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n\r\n%s"
                            .formatted(status, xml.length(), xml)
                            .getBytes(StandardCharsets.ISO_8859_1));
            toClient.flush();
            return true;
        }

        @Override
        public void close() {
            store.close();
            quietly(client);
        }
    }

    /** Over a connection of its own: the one it came over is gone. */
    private void arriveLate(HttpMessage request, byte[] body, Decision decision) {
        pause(decision);
        try (StoreConnection alone = new StoreConnection()) {
            alone.carryOut(request, body);
        } catch (IOException lost) {
            // then it never arrives, which is as late as can be
        } finally {
            late.arriveAndDeregister();
        }
    }

    private static void pause(Decision decision) {
        try {
            Thread.sleep(decision.delay().toMillis());
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private static Request kind(HttpMessage request) {
        if (request.method().equals("PUT")) {
            return Request.PUT;
        }
        return request.method().equals("POST") && request.target().contains("uploadId=")
                ? Request.COMPLETION
                : Request.OTHER;
    }
}

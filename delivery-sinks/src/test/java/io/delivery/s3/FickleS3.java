package io.delivery.s3;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.delivery.config.StoreDefinition.Acl;
import io.delivery.config.StoreDefinition.Checksums;
import io.delivery.config.StoreDefinition.ConditionalWrites;
import io.delivery.config.StoreDefinition.Encryption;
import io.delivery.s3.S3Settings.Credentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A small S3 in memory whose trust in a key ends in the middle of something: from the first request
 * of a given kind on every one is refused, until it {@link #trustsAgain()}. It verifies no
 * signature, and remembers which key signed what.
 */
final class FickleS3 implements AutoCloseable {
    /** The requests that carry an object. */
    enum Step {
        PUT,
        CREATE_UPLOAD,
        UPLOAD_PART,
        COMPLETE_UPLOAD,
        ABORT_UPLOAD,
        LIST_UPLOADS,
        DELETE,
        HEAD,
        GET
    }

    /** One request, and what signed it. */
    record Request(Step step, String accessKeyId, String sessionToken) {}

    private record Refusal(Step from, int status, String code) {}

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
    private final Map<String, Map<Integer, byte[]>> uploads = new ConcurrentSkipListMap<>();
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger uploadNumber = new AtomicInteger();
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
    private volatile Refusal refusal;
    private volatile boolean refusing;
    private volatile boolean unusualChunks = true;
    private volatile boolean conditions = true;
    private volatile boolean readable;
    private volatile boolean faithful = true;
    private final Map<Step, AtomicInteger> refusedNext = new ConcurrentHashMap<>();

    FickleS3() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /**
     * Settings of a store that is this server, with checksums and without payloads in chunks.
     *
     * @param credentials empty: what the default chain of the SDK finds
     */
    S3Settings settings(Optional<Credentials> credentials) {
        return settings(credentials, false, true);
    }

    /** The same with payloads in chunks. */
    S3Settings settingsWithChunks(Optional<Credentials> credentials) {
        return settings(credentials, true, true);
    }

    /** With checksums, and with payloads that have no signature. */
    S3Settings settingsWithUnsignedBodies(Optional<Credentials> credentials) {
        return settings(credentials, true, false);
    }

    private S3Settings settings(
            Optional<Credentials> credentials, boolean chunkedEncoding, boolean signedBodies) {
        return new S3Settings(
                Optional.of(endpoint()),
                "us-east-1",
                true,
                credentials,
                Optional.empty(),
                Optional.empty(),
                Checksums.WHEN_SUPPORTED,
                chunkedEncoding,
                signedBodies,
                ConditionalWrites.AUTO,
                false,
                Acl.NONE,
                new Encryption.None(),
                S3Settings.MIN_PART_SIZE,
                false,
                4);
    }

    void refusesFrom(Step step, int status, String code) {
        refusing = false;
        refusal = new Refusal(step, status, code);
    }

    /** Refuses the next requests of this kind, and no others, whatever trust there is. */
    void refusesNext(Step step, int times) {
        refusedNext.put(step, new AtomicInteger(times));
    }

    /**
     * As Ceph 16: an object in chunks that is compressed or empty is answered as if its signature
     * were wrong.
     */
    void refusesUnusualChunks() {
        unusualChunks = false;
    }

    /** Answers every If-None-Match with 501, as some older stores do. */
    void knowsNoConditions() {
        conditions = false;
    }

    /** Gives everybody the bytes of objects: before, nobody may read them. */
    void letsRead() {
        readable = true;
    }

    /** As one that unpacks what is compressed: the bytes of such an object, and of an empty one. */
    void keepsOtherBytesOfUnusualObjects() {
        faithful = false;
    }

    void trustsAgain() {
        refusal = null;
        refusing = false;
    }

    /** The bytes of every object, by bucket and key. */
    Map<String, byte[]> objects() {
        return Map.copyOf(objects);
    }

    /** How many times an object became visible. */
    int made() {
        return made.get();
    }

    /** Multipart uploads that nobody has ended. */
    List<String> uploads() {
        return List.copyOf(uploads.keySet());
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Map<String, String> query = query(exchange.getRequestURI());
        Step step = step(exchange.getRequestMethod(), query);
        String signed = exchange.getRequestHeaders().getFirst("Authorization");
        requests.add(
                new Request(
                        step,
                        signed == null ? "" : signed.replaceAll(".*Credential=([^/]+)/.*", "$1"),
                        exchange.getRequestHeaders().getFirst("x-amz-security-token")));
        if (refusedNext.getOrDefault(step, new AtomicInteger()).getAndDecrement() > 0) {
            say(exchange, 403, error("AccessDenied"));
            return;
        }
        if (!unusualChunks && isUnusualChunk(exchange)) {
            say(exchange, 403, error("SignatureDoesNotMatch"));
            return;
        }
        if (!conditions && exchange.getRequestHeaders().containsKey("If-None-Match")) {
            say(exchange, 501, error("NotImplemented"));
            return;
        }
        Refusal refused = refusal;
        if (refused != null && (refusing || step == refused.from())) {
            refusing = true;
            say(exchange, refused.status(), error(refused.code()));
            return;
        }
        serve(exchange, step, query, body);
    }

    private static boolean isUnusualChunk(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        String encoding = String.join(",", headers.getOrDefault("Content-Encoding", List.of()));
        return encoding.contains("aws-chunked")
                && (encoding.contains("gzip")
                        || "0".equals(headers.getFirst("x-amz-decoded-content-length")));
    }

    private void serve(HttpExchange exchange, Step step, Map<String, String> query, byte[] body)
            throws IOException {
        String key = exchange.getRequestURI().getPath().substring(1);
        String upload = query.getOrDefault("uploadId", "");
        boolean condition = exchange.getRequestHeaders().containsKey("If-None-Match");
        switch (step) {
            case PUT -> make(exchange, key, body, condition);
            case HEAD -> {
                boolean bucket = key.indexOf('/') < 0; // every one is there
                say(exchange, bucket || objects.containsKey(key) ? 200 : 404, "");
            }
            case CREATE_UPLOAD -> {
                String id = "u" + uploadNumber.incrementAndGet();
                uploads.put(id, new TreeMap<>());
                say(
                        exchange,
                        200,
                        "<InitiateMultipartUploadResult><UploadId>"
                                + id
                                + "</UploadId></InitiateMultipartUploadResult>");
            }
            case UPLOAD_PART -> {
                uploads.get(upload).put(Integer.parseInt(query.get("partNumber")), body);
                say(exchange, 200, "");
            }
            case COMPLETE_UPLOAD -> {
                Map<Integer, byte[]> parts = uploads.get(upload);
                int length = parts.values().stream().mapToInt(part -> part.length).sum();
                ByteBuffer whole = ByteBuffer.allocate(length);
                parts.values().forEach(whole::put);
                if (!condition || !objects.containsKey(key)) {
                    uploads.remove(upload); // before anybody hears of it
                }
                make(exchange, key, whole.array(), condition);
            }
            case ABORT_UPLOAD ->
                    say(
                            exchange,
                            uploads.remove(upload) == null ? 404 : 204,
                            error("NoSuchUpload"));
            case GET -> give(exchange, objects.get(key));
            case LIST_UPLOADS -> say(exchange, 403, error("AccessDenied")); // a put-only role
            case DELETE -> {
                objects.remove(key);
                say(exchange, 204, "");
            }
        }
    }

    private void make(HttpExchange exchange, String key, byte[] body, boolean condition)
            throws IOException {
        if (condition && objects.containsKey(key)) {
            say(exchange, 412, error("PreconditionFailed"));
            return;
        }
        boolean unusual =
                body.length == 0 || exchange.getRequestHeaders().containsKey("Content-Encoding");
        objects.put(key, unusual && !faithful ? new byte[] {1, 2, 3} : body);
        made.incrementAndGet();
        say(
                exchange,
                200,
                exchange.getRequestMethod().equals("POST")
                        ? "<CompleteMultipartUploadResult><ETag>e</ETag>"
                                + "</CompleteMultipartUploadResult>"
                        : "");
    }

    private void give(HttpExchange exchange, byte[] object) throws IOException {
        if (!readable || object == null) {
            say(exchange, 403, error("AccessDenied")); // a put-only role
            return;
        }
        exchange.getResponseHeaders().set("ETag", "\"e\"");
        exchange.sendResponseHeaders(200, object.length == 0 ? -1 : object.length);
        exchange.getResponseBody().write(object);
        exchange.close();
    }

    private static Step step(String method, Map<String, String> query) {
        return switch (method) {
            case "HEAD" -> Step.HEAD;
            case "PUT" -> query.containsKey("partNumber") ? Step.UPLOAD_PART : Step.PUT;
            case "POST" -> query.containsKey("uploads") ? Step.CREATE_UPLOAD : Step.COMPLETE_UPLOAD;
            case "DELETE" -> query.containsKey("uploadId") ? Step.ABORT_UPLOAD : Step.DELETE;
            case "GET" -> query.containsKey("uploads") ? Step.LIST_UPLOADS : Step.GET;
            default -> throw new IllegalArgumentException(method);
        };
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> values = new TreeMap<>();
        List<String> pairs = new ArrayList<>();
        if (uri.getQuery() != null) {
            pairs.addAll(List.of(uri.getQuery().split("&")));
        }
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            values.put(
                    equals < 0 ? pair : pair.substring(0, equals),
                    equals < 0 ? "" : pair.substring(equals + 1));
        }
        return values;
    }

    private static String error(String code) {
        return "<Error><Code>" + code + "</Code><Message>said so</Message></Error>";
    }

    private static void say(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        boolean silent =
                exchange.getRequestMethod().equals("HEAD") || status == 204 || body.length == 0;
        exchange.getResponseHeaders().set("ETag", "\"e\"");
        exchange.sendResponseHeaders(status, silent ? -1 : body.length);
        if (!silent) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

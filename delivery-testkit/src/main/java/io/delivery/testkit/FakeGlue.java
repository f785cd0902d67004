package io.delivery.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Glue's GetTable and GetTableVersion on a port of this machine: what tables it has, and how it
 * fails, is told by a test. Thread-safe.
 */
public final class FakeGlue implements AutoCloseable {
    private static final String TYPE = "application/x-amz-json-1.1";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, List<String>> versionsOfTables = new LinkedHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Fault fault;

    /**
     * What was asked.
     *
     * @param operation such as {@code GetTable}
     * @param body the JSON
     */
    public record Request(String operation, String authorization, String body) {}

    /** Answers instead of the tables. */
    @FunctionalInterface
    public interface Fault {
        /** Sends an answer, half of one, or none. */
        void answer(HttpExchange exchange) throws IOException;
    }

    private FakeGlue(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Starts one at a free port of the loopback address. */
    public static FakeGlue start() {
        try {
            return new FakeGlue(
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
    }

    /** Where it answers. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** From now on the table is this; what it was before are its former versions, from 1 on. */
    public synchronized void put(String database, String table, String json) {
        versionsOfTables
                .computeIfAbsent(database + "." + table, key -> new ArrayList<>())
                .add(json);
    }

    /** The table was never there. */
    public synchronized void remove(String database, String table) {
        versionsOfTables.remove(database + "." + table);
    }

    /** Columns of one type, as the members of a table. */
    public static String columns(String type, String... names) {
        List<String> columns = new ArrayList<>();
        for (String name : names) {
            columns.add("{\"Name\":\"%s\",\"Type\":\"%s\"}".formatted(name, type));
        }
        return "\"StorageDescriptor\":{\"Columns\":[%s]}".formatted(String.join(",", columns));
    }

    /** Answers like this from now on; null: as the tables are. */
    public void failLike(Fault answer) {
        fault = answer;
    }

    /** An error as Glue tells it. */
    public static Fault error(int status, String type, String message) {
        return exchange ->
                send(
                        exchange,
                        status,
                        TYPE,
                        "{\"__type\":\"%s\",\"Message\":\"%s\"}".formatted(type, message));
    }

    /** What was asked so far. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
        String operation = target.substring(target.indexOf('.') + 1);
        requests.add(
                new Request(
                        operation, exchange.getRequestHeaders().getFirst("Authorization"), body));
        Fault failing = fault;
        try (exchange) {
            if (failing != null) {
                failing.answer(exchange);
            } else {
                answer(exchange, operation, body);
            }
        }
    }

    private void answer(HttpExchange exchange, String operation, String body) throws IOException {
        String database = member(body, "DatabaseName");
        boolean ofVersion = operation.equals("GetTableVersion");
        String table = member(body, ofVersion ? "TableName" : "Name");
        List<String> versions;
        synchronized (this) {
            versions =
                    List.copyOf(versionsOfTables.getOrDefault(database + "." + table, List.of()));
        }
        int version = ofVersion ? Integer.parseInt(member(body, "VersionId")) : versions.size();
        if (version < 1 || version > versions.size()) {
            error(400, "EntityNotFoundException", "Entity Not Found").answer(exchange);
            return;
        }
        String json =
                "{\"Name\":\"%s\",\"DatabaseName\":\"%s\",\"VersionId\":\"%d\",%s}"
                        .formatted(table, database, version, versions.get(version - 1));
        send(
                exchange,
                200,
                TYPE,
                ofVersion
                        ? "{\"TableVersion\":{\"VersionId\":\"%d\",\"Table\":%s}}"
                                .formatted(version, json)
                        : "{\"Table\":%s}".formatted(json));
    }

    private static String member(String json, String name) {
        Matcher member = Pattern.compile("\"%s\":\"([^\"]*)\"".formatted(name)).matcher(json);
        return member.find() ? member.group(1) : "";
    }

    /** Sends a whole answer. */
    public static void send(HttpExchange exchange, int status, String type, String body)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Ends with all connections. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

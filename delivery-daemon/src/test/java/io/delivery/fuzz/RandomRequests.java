package io.delivery.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.model.ServiceModel;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Requests to the API from a seed: what clients usually send, documents of the model, documents
 * with something wrong in them, bodies that are no JSON, and HTTP that is not what clients send.
 * Not thread-safe.
 */
final class RandomRequests {
    /** How a request ends. */
    enum End {
        /** It is whole, and the connection may be used again. */
        KEPT,
        /** Nothing follows: what was promised is not sent. */
        CUT
    }

    /**
     * Bytes as they are sent.
     *
     * @param operation that it asks for, or nearly so
     */
    record Sent(String operation, byte[] bytes, End end) {}

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String CRLF = "\r\n";

    private final SplittableRandom random;
    private final RandomDocuments documents;
    private final UsualDocuments usual;
    private final ServiceModel model;
    private final List<String> operations;

    /**
     * @param seed the same one makes the same requests
     */
    RandomRequests(long seed, ServiceModel model) {
        this.random = new SplittableRandom(seed);
        this.documents = new RandomDocuments(random);
        this.usual = new UsualDocuments(random);
        this.model = model;
        this.operations = model.operations();
    }

    Sent next() {
        String operation = documents.pick(operations);
        JsonNode document =
                random.nextInt(3) == 0
                        ? usual.of(operation)
                        : model.input(operation).accept(documents);
        byte[] body =
                switch (random.nextInt(10)) {
                    case 0, 1, 2, 3 -> bytes(document);
                    case 4, 5, 6 -> bytes(spoiled(document));
                    case 7 -> bytes(spoiled(spoiled(document)));
                    default -> broken(bytes(spoiled(document)));
                };
        return random.nextInt(10) == 0 ? odd(operation, body) : usual(operation, body);
    }

    private static byte[] bytes(JsonNode document) {
        return document.toString().getBytes(StandardCharsets.UTF_8);
    }

    // --- documents with something wrong in them ---

    /** One value somewhere is another one. */
    private JsonNode spoiled(JsonNode document) {
        List<JsonNode> holders = new ArrayList<>();
        collect(document, holders);
        JsonNode holder = documents.pick(holders);
        if (holder instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            if (names.isEmpty() || random.nextInt(8) == 0) {
                object.set(documents.anyText(1 + random.nextInt(20)), odd());
            } else if (random.nextInt(8) == 0) {
                object.remove(documents.pick(names));
            } else {
                object.set(documents.pick(names), odd());
            }
        } else if (holder instanceof ArrayNode array) {
            if (array.isEmpty() || random.nextInt(4) == 0) {
                array.add(odd());
            } else {
                array.set(random.nextInt(array.size()), odd());
            }
        }
        return document;
    }

    private static void collect(JsonNode node, List<JsonNode> holders) {
        if (node.isContainerNode()) {
            holders.add(node);
            node.forEach(child -> collect(child, holders));
        }
    }

    /** A value that few expect. */
    private JsonNode odd() {
        return switch (random.nextInt(16)) {
            case 0 -> JSON.nullNode();
            case 1 -> JSON.booleanNode(random.nextBoolean());
            case 2 -> JSON.numberNode(-1);
            case 3 -> JSON.numberNode(new BigInteger("9".repeat(1 + random.nextInt(400))));
            case 4 -> JSON.numberNode(new BigDecimal("1e" + random.nextInt(100_000)));
            case 5 -> JSON.numberNode(new BigDecimal("-0.1e-" + random.nextInt(100_000)));
            case 6 -> JSON.numberNode(Double.MIN_VALUE);
            case 7 -> JSON.textNode("");
            case 8 -> JSON.textNode(documents.anyText(1 + random.nextInt(300)));
            case 9 -> JSON.textNode("x".repeat(random.nextInt(20_000)));
            case 10 -> JSON.textNode(Integer.toString(random.nextInt()));
            case 11 -> JSON.arrayNode();
            case 12 -> JSON.objectNode();
            case 13 -> nested(1 + random.nextInt(300));
            case 14 -> JSON.arrayNode().add(odd()).add(odd());
            default -> JSON.objectNode().set(documents.anyText(8), odd());
        };
    }

    private static JsonNode nested(int depth) {
        JsonNode inner = JSON.arrayNode();
        for (int i = 1; i < depth; i++) {
            inner = JSON.arrayNode().add(inner);
        }
        return inner;
    }

    // --- bodies that are no JSON ---

    private byte[] broken(byte[] body) {
        return switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(body, random.nextInt(body.length + 1));
            case 1 -> new byte[0];
            case 2 -> twice(body);
            case 3 -> noise(random.nextInt(2_000));
            case 4 -> "[".repeat(random.nextInt(5_000)).getBytes(StandardCharsets.US_ASCII);
            case 5 -> new String(body, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16);
            default -> flipped(body);
        };
    }

    private static byte[] twice(byte[] body) {
        byte[] twice = Arrays.copyOf(body, 2 * body.length);
        System.arraycopy(body, 0, twice, body.length, body.length);
        return twice;
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private byte[] flipped(byte[] body) {
        byte[] changed = body.clone();
        for (int i = 1 + random.nextInt(4); i > 0 && changed.length > 0; i--) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        return changed;
    }

    // --- HTTP ---

    private static Sent usual(String operation, byte[] body) {
        return sent(
                operation,
                "POST / HTTP/1.1" + CRLF + head(target(operation)) + length(body.length) + CRLF,
                body,
                End.KEPT);
    }

    private static String target(String operation) {
        return "X-Amz-Target: Firehose_20150804." + operation + CRLF;
    }

    private static String head(String more) {
        return "Host: localhost" + CRLF + "Content-Type: application/x-amz-json-1.1" + CRLF + more;
    }

    private static String length(long length) {
        return "Content-Length: " + length + CRLF;
    }

    private static Sent sent(String operation, String head, byte[] body, End end) {
        byte[] first = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = Arrays.copyOf(first, first.length + body.length);
        System.arraycopy(body, 0, all, first.length, body.length);
        return new Sent(operation, all, end);
    }

    /** What no client of AWS sends. */
    private Sent odd(String operation, byte[] body) {
        String post = "POST / HTTP/1.1" + CRLF;
        String usual = head(target(operation)) + length(body.length);
        return switch (random.nextInt(16)) {
            case 0 -> sent(operation, post + usual + flood(200) + CRLF, body, End.CUT);
            case 1 -> sent(operation, post + usual + flood(20_000) + CRLF, body, End.CUT);
            case 2 -> sent(operation, post + usual + longHeader(200_000) + CRLF, body, End.CUT);
            case 3 -> sent(operation, post + usual + longHeader(4_000) + CRLF, body, End.CUT);
            case 4 ->
                    sent(
                            operation,
                            post
                                    + head(target(operation))
                                    + length(body.length + 1L + random.nextInt(10_000))
                                    + CRLF,
                            body,
                            End.CUT);
            case 5 ->
                    sent(
                            operation,
                            post + head(target(operation)) + length(Long.MAX_VALUE) + CRLF,
                            body,
                            End.CUT);
            case 6 ->
                    sent(
                            operation,
                            post + head(target(operation)) + "Content-Length: -1" + CRLF + CRLF,
                            body,
                            End.CUT);
            case 7 ->
                    sent(
                            operation,
                            post + usual + "Transfer-Encoding: chunked" + CRLF + CRLF,
                            body,
                            End.CUT);
            case 8 ->
                    sent(
                            operation,
                            post
                                    + head(target(operation))
                                    + "Transfer-Encoding: chunked"
                                    + CRLF
                                    + CRLF
                                    + "FFFFFFFFFF"
                                    + CRLF,
                            body,
                            End.CUT);
            case 9 -> chunked(operation, body);
            case 10 ->
                    sent(
                            operation,
                            post
                                    + head("X-Amz-Target: " + printable(40) + CRLF)
                                    + length(body.length)
                                    + CRLF,
                            body,
                            End.CUT);
            case 11 ->
                    sent(
                            operation,
                            documents.pick(
                                            List.of(
                                                    "GET", "PUT", "DELETE", "BREW", "post",
                                                    "OPTIONS"))
                                    + " /"
                                    + printable(random.nextInt(30))
                                    + " HTTP/1.1"
                                    + CRLF
                                    + usual
                                    + CRLF,
                            body,
                            End.CUT);
            case 12 ->
                    sent(
                            operation,
                            post + usual + "Content-Encoding: gzip" + CRLF + CRLF,
                            body,
                            End.CUT);
            case 13 ->
                    sent(
                            operation,
                            post
                                    + usual
                                    + "Authorization: AWS4-HMAC-SHA256 "
                                    + printable(random.nextInt(300))
                                    + CRLF
                                    + "X-Amz-Date: "
                                    + printable(16)
                                    + CRLF
                                    + CRLF,
                            body,
                            End.CUT);
            case 14 ->
                    sent(
                            operation,
                            "POST / HTTP/" + printable(3) + CRLF + usual + CRLF,
                            body,
                            End.CUT);
            default -> new Sent(operation, noise(1 + random.nextInt(500)), End.CUT);
        };
    }

    /** In pieces, as it should be. */
    private Sent chunked(String operation, byte[] body) {
        StringBuilder pieces = new StringBuilder();
        String text = new String(body, StandardCharsets.ISO_8859_1);
        for (int at = 0; at < text.length(); ) {
            int size = Math.min(text.length() - at, 1 + random.nextInt(1_000));
            pieces.append(Integer.toHexString(size)).append(CRLF);
            pieces.append(text, at, at + size).append(CRLF);
            at += size;
        }
        pieces.append("0").append(CRLF).append(CRLF);
        return sent(
                operation,
                "POST / HTTP/1.1"
                        + CRLF
                        + head(target(operation))
                        + "Transfer-Encoding: chunked"
                        + CRLF
                        + CRLF,
                pieces.toString().getBytes(StandardCharsets.ISO_8859_1),
                End.KEPT);
    }

    private String flood(int headers) {
        StringBuilder flood = new StringBuilder();
        for (int i = 0; i < headers; i++) {
            flood.append("X-").append(i).append(": ").append(printable(5)).append(CRLF);
        }
        return flood.toString();
    }

    private String longHeader(int characters) {
        return "X-Long: " + "a".repeat(random.nextInt(characters)) + CRLF;
    }

    private String printable(int characters) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < characters; i++) {
            text.append((char) (33 + random.nextInt(94)));
        }
        return text.toString();
    }
}

package io.delivery.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.model.Shape;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Documents of a shape of the model, with random members. Most of them keep the model's constraints
 * and name things that there are; some do not. Not thread-safe.
 */
final class RandomDocuments implements Shape.Visitor<JsonNode> {
    private static final int MAX_DEPTH = 7;

    /** What texts with a pattern mostly are, and names of what the service under test has. */
    private static final List<String> LIKELY =
            List.of(
                    "fixed",
                    "made-1",
                    "made-2",
                    "made-3",
                    "made-4",
                    "MADE-1",
                    "1",
                    "2",
                    "destinationId-000000000001",
                    "arn:aws:iam::000000000000:role/firehose",
                    "arn:aws:s3:::lake",
                    "arn:aws:s3:::nothing",
                    "arn:aws:lambda:us-east-1:000000000000:function:f",
                    "arn:aws:kms:us-east-1:000000000000:key/k",
                    "arn:aws:kinesis:us-east-1:000000000000:stream/s",
                    "arn:aws:firehose:us-east-1:000000000000:deliverystream/made-1",
                    "https://example.test/",
                    "jdbc:redshift://a.redshift.test:5439/db",
                    "a/b/c=!{timestamp:yyyy}/",
                    "errors/!{firehose:error-output-type}/",
                    "p=!{partitionKeyFromQuery:k}/",
                    "!{broken",
                    ".json",
                    "UTC",
                    "Europe/Berlin",
                    "{k: .k}",
                    "JQ-1.6",
                    "60",
                    "team",
                    "");

    private static final List<String> ALPHABETS =
            List.of(
                    "abcdefghijklmnopqrstuvwxyz0123456789-_.",
                    "äößñ漢字カナ한글🙂🏳️‍🌈\u202e\u0000\u007f\ufeff",
                    " \t\r\n'\"\\/<>&%{}[]()$#!|;:,*?",
                    "0123456789");

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final SplittableRandom random;
    private int depth;

    RandomDocuments(SplittableRandom random) {
        this.random = random;
    }

    @Override
    public JsonNode structure(Shape.Structure shape) {
        ObjectNode document = JSON.objectNode();
        depth++;
        for (Map.Entry<String, Shape.Member> member : shape.members().entrySet()) {
            boolean required = shape.required().contains(member.getKey());
            boolean wanted =
                    depth < MAX_DEPTH && random.nextDouble() < (required ? 0.98 : 0.5 / depth);
            if (wanted) {
                document.set(member.getKey(), member.getValue().shape().accept(this));
            }
        }
        depth--;
        return document;
    }

    @Override
    public JsonNode list(Shape.ListOf shape) {
        ArrayNode list = JSON.arrayNode();
        int length = depth < MAX_DEPTH ? length(shape.length(), 3) : 0;
        for (int i = 0; i < length; i++) {
            list.add(shape.element().shape().accept(this));
        }
        return list;
    }

    @Override
    public JsonNode map(Shape.MapOf shape) {
        ObjectNode map = JSON.objectNode();
        int length = depth < MAX_DEPTH ? length(shape.length(), 3) : 0;
        for (int i = 0; i < length; i++) {
            map.set(shape.key().shape().accept(this).asText(), shape.value().shape().accept(this));
        }
        return map;
    }

    @Override
    public JsonNode text(Shape.Text shape) {
        if (!shape.words().isEmpty() && random.nextDouble() < 0.98) {
            return JSON.textNode(pick(List.copyOf(shape.words())));
        }
        List<String> likely =
                LIKELY.stream()
                        .filter(
                                text ->
                                        shape.pattern()
                                                .map(p -> p.matcher(text).matches())
                                                .orElse(true))
                        .toList();
        if (!likely.isEmpty() && random.nextDouble() < 0.9) {
            return JSON.textNode(pick(likely));
        }
        return JSON.textNode(anyText(length(shape.length(), 40)));
    }

    @Override
    public JsonNode number(Shape.NumberShape shape) {
        double min = shape.range().min().orElse(0.0);
        double max = shape.range().max().orElse(1000.0);
        double value = min + random.nextDouble() * (max - min);
        return shape.kind() == Shape.NumberShape.Kind.INTEGER
                ? JSON.numberNode((int) value)
                : JSON.numberNode(value);
    }

    @Override
    public JsonNode flag(Shape.Flag shape) {
        return JSON.booleanNode(random.nextBoolean());
    }

    @Override
    public JsonNode blob(Shape.Blob shape) {
        byte[] bytes = new byte[random.nextInt(random.nextInt(50) == 0 ? 20_000 : 200)];
        random.nextBytes(bytes);
        return JSON.textNode(Base64.getEncoder().encodeToString(bytes));
    }

    /** Mostly short, mostly what is allowed. */
    private int length(Shape.Range range, int usual) {
        int min = range.min().map(Double::intValue).orElse(0);
        int max = range.max().map(Double::intValue).orElse(Integer.MAX_VALUE);
        return switch (random.nextInt(50)) {
            case 0 -> Math.min(max, 5_000);
            case 1 -> Math.min(max, 5_000) + 1;
            case 2 -> Math.max(0, min - 1);
            default -> Math.min(max, min + random.nextInt(usual));
        };
    }

    String anyText(int characters) {
        String alphabet = pick(ALPHABETS);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < characters; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    <T> T pick(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}

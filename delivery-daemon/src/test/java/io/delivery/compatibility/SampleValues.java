package io.delivery.compatibility;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Values that keep the model, made from it. */
final class SampleValues {
    /** Texts that patterns of the model ask for; the first that fits is taken. */
    private static final List<String> TEXTS =
            List.of(
                    "id",
                    "1",
                    ".x",
                    "UTC",
                    "sample",
                    "arn:aws:iam::000000000000:role/sample",
                    "arn:aws:s3:::sample",
                    "arn:aws:kms:us-east-1:000000000000:key/sample",
                    "arn:aws:kinesis:us-east-1:000000000000:stream/sample",
                    "arn:aws:kafka:us-east-1:000000000000:cluster/sample",
                    "arn:aws:es:us-east-1:000000000000:domain/sample",
                    "arn:aws:glue:us-east-1:000000000000:catalog",
                    "arn:aws:secretsmanager:us-east-1:000000000000:secret:sample",
                    "arn:aws:firehose:us-east-1:000000000000:deliverystream/sample",
                    "https://sample",
                    "s3://sample",
                    "account.snowflakecomputing.com",
                    "jdbc:redshift://sample.redshift.amazonaws.com:5439/sample",
                    "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdefg",
                    "A".repeat(256));

    /** Members that mean something here, with values of which each is another than the default. */
    private static final Map<String, List<String>> MEANINGFUL =
            Map.ofEntries(
                    Map.entry("BucketARN", List.of("arn:aws:s3:::another")),
                    Map.entry("RoleARN", List.of("arn:aws:iam::000000000000:role/another")),
                    Map.entry("DatabaseName", List.of("db2")),
                    Map.entry("TableName", List.of("t2")),
                    Map.entry("CatalogId", List.of("other")),
                    Map.entry("VersionId", List.of("LATEST", "1")),
                    Map.entry("ParameterValue", List.of("1")),
                    Map.entry("CustomTimeZone", List.of("Europe/Berlin")),
                    Map.entry("TimestampFormats", List.of("yyyy/MM/dd")),
                    Map.entry("ErrorOutputPrefix", List.of("errors/")));

    private final ApiModel model;

    SampleValues(ApiModel model) {
        this.model = model;
    }

    /** A structure with what it must have. */
    ObjectNode structure(String shape) {
        ObjectNode value = JsonNodeFactory.instance.objectNode();
        JsonNode members = model.shape(shape).get("members");
        for (JsonNode required : model.shape(shape).path("required")) {
            String member = required.asText();
            value.set(member, all(member, members.get(member).get("shape").asText()).get(0));
        }
        return value;
    }

    /** Values for a member: each word of an enumeration, both of a flag, else one. */
    List<JsonNode> all(String member, String shape) {
        JsonNode described = model.shape(shape);
        return switch (described.get("type").asText()) {
            case "structure" -> List.of(structure(shape));
            case "list" -> List.of(list(member, described));
            case "map" -> List.of(JsonNodeFactory.instance.objectNode().put("id", "identity"));
            case "string" -> texts(member, shape);
            case "boolean" -> List.of(BooleanNode.TRUE, BooleanNode.FALSE);
            case "integer" -> List.of(IntNode.valueOf((int) number(described, 100)));
            case "double" -> List.of(DecimalNode.valueOf(new BigDecimal("0.5")));
            case "timestamp" -> List.of(IntNode.valueOf(1_700_000_000));
            default -> throw new IllegalArgumentException(member + " of " + shape);
        };
    }

    private ArrayNode list(String member, JsonNode list) {
        ArrayNode value = JsonNodeFactory.instance.arrayNode();
        all(member, list.get("member").get("shape").asText()).forEach(value::add);
        return value;
    }

    private static double number(JsonNode shape, double wanted) {
        double least = shape.path("min").asDouble(wanted);
        double most = shape.path("max").asDouble(wanted);
        return Math.max(least, Math.min(most, wanted));
    }

    private List<JsonNode> texts(String member, String shape) {
        List<String> words = model.words(shape);
        List<String> texts = words.isEmpty() ? MEANINGFUL.getOrDefault(member, List.of()) : words;
        List<JsonNode> values = new ArrayList<>();
        texts.stream()
                .filter(text -> fits(text, model.shape(shape)))
                .forEach(text -> values.add(TextNode.valueOf(text)));
        if (values.isEmpty()) {
            values.add(
                    TEXTS.stream()
                            .filter(text -> fits(text, model.shape(shape)))
                            .findFirst()
                            .map(TextNode::valueOf)
                            .orElseThrow(
                                    () -> new IllegalArgumentException("no text for " + shape)));
        }
        return values;
    }

    private static boolean fits(String text, JsonNode shape) {
        return text.length() >= shape.path("min").asInt(0)
                && text.length() <= shape.path("max").asInt(Integer.MAX_VALUE)
                && Pattern.matches(shape.path("pattern").asText(".*"), text);
    }
}

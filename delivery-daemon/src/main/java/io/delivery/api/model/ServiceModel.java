package io.delivery.api.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.api.model.Shape.NumberShape;
import io.delivery.api.model.Shape.Range;
import io.delivery.api.model.Shape.Structure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The published model of the service. Its file has the form that the AWS SDKs' models have: {@code
 * operations} and {@code shapes}, each with a {@code type} and its constraints. Immutable.
 */
public final class ServiceModel {
    private static final String FILE = "firehose-2015-08-04.json";

    private static final Map<String, Pattern> FOR_TESTS =
            Map.of(
                    "RoleARN",
                    Pattern.compile(".+", Pattern.DOTALL),
                    "BucketARN",
                    Pattern.compile("arn:.*:s3:::?[\\w\\.\\-]{1,255}", Pattern.DOTALL));

    private final JsonNode document;
    private final Map<String, Shape> shapes = new HashMap<>();

    private ServiceModel(JsonNode document) {
        this.document = document;
        document.get("shapes").fieldNames().forEachRemaining(name -> shapes.put(name, read(name)));
    }

    /** That of Amazon Data Firehose. */
    public static ServiceModel firehose() {
        try (InputStream in = ServiceModel.class.getResourceAsStream(FILE)) {
            return new ServiceModel(new ObjectMapper().readTree(in));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the API's model cannot be read", unreadable);
        }
    }

    /**
     * The same, less strict with what test suites write and AWS refuses: any text is the ARN of a
     * role, and that of a bucket may have two colons where three belong.
     */
    public static ServiceModel firehoseForTests() {
        ServiceModel model = firehose();
        FOR_TESTS.forEach(
                (name, pattern) -> {
                    Shape.Text strict = (Shape.Text) model.shape(name);
                    model.shapes.put(
                            name,
                            new Shape.Text(strict.length(), Optional.of(pattern), strict.words()));
                });
        return model;
    }

    /** Where the data is from, and in which version. */
    public String source() {
        return document.get("source").asText();
    }

    /** Names of the operations. */
    public List<String> operations() {
        List<String> names = new ArrayList<>();
        document.get("operations").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /**
     * What a request of an operation may hold.
     *
     * @throws IllegalArgumentException when there is no such operation
     */
    public Structure input(String operation) {
        JsonNode described = document.get("operations").get(operation);
        if (described == null) {
            throw new IllegalArgumentException("no operation " + operation);
        }
        return (Structure) shapes.get(described.get("input").get("shape").asText());
    }

    /** A shape by its name in the model, such as {@code ExtendedS3DestinationDescription}. */
    public Shape shape(String name) {
        Shape shape = shapes.get(name);
        if (shape == null) {
            throw new IllegalArgumentException("no shape " + name);
        }
        return shape;
    }

    private Shape read(String name) {
        JsonNode shape = document.get("shapes").get(name);
        String type = shape.get("type").asText();
        return switch (type) {
            case "structure" -> structure(shape);
            case "list" -> new Shape.ListOf(member(shape.get("member")), range(shape));
            case "map" ->
                    new Shape.MapOf(
                            member(shape.get("key")), member(shape.get("value")), range(shape));
            case "string" -> text(shape);
            case "integer" -> new NumberShape(NumberShape.Kind.INTEGER, range(shape));
            case "double" -> new NumberShape(NumberShape.Kind.DOUBLE, range(shape));
            case "timestamp" -> new NumberShape(NumberShape.Kind.TIMESTAMP, range(shape));
            case "boolean" -> new Shape.Flag();
            case "blob" -> new Shape.Blob(range(shape));
            default ->
                    throw new IllegalStateException(
                            "the model's shape %s has a type that is not read: %s"
                                    .formatted(name, type));
        };
    }

    private Shape structure(JsonNode shape) {
        Map<String, Shape.Member> members = new LinkedHashMap<>();
        shape.get("members")
                .properties()
                .forEach(member -> members.put(member.getKey(), member(member.getValue())));
        return new Structure(members, texts(shape.get("required")));
    }

    private Shape.Member member(JsonNode reference) {
        String name = reference.get("shape").asText();
        return () -> shape(name);
    }

    private static Shape text(JsonNode shape) {
        // All of the value must match, line breaks in it included.
        Optional<Pattern> pattern =
                Optional.ofNullable(shape.get("pattern"))
                        .map(node -> Pattern.compile(node.asText(), Pattern.DOTALL));
        return new Shape.Text(range(shape), pattern, texts(shape.get("enum")));
    }

    private static Range range(JsonNode shape) {
        return new Range(number(shape.get("min")), number(shape.get("max")));
    }

    private static Optional<Double> number(JsonNode node) {
        return Optional.ofNullable(node).map(JsonNode::asDouble);
    }

    private static Set<String> texts(JsonNode list) {
        Set<String> texts = new LinkedHashSet<>();
        if (list != null) {
            list.forEach(text -> texts.add(text.asText()));
        }
        return texts;
    }
}

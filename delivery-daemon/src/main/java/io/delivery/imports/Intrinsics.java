package io.delivery.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Follows the intrinsic functions of a template of CloudFormation as far as the template itself
 * says what comes of them: texts are put together, and a resource with a name is called by it.
 * Everything else, parameters with a default included, only a deployment knows: a {@link Template},
 * whose expression is the whole call. Not thread-safe.
 */
final class Intrinsics {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(!?)([^{}]*)\\}");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@*-]+");
    private static final String FUNCTION = "Fn::";

    /** What functions may make of a template together: a template has 1 MB at most. */
    private static final long MOST_CHARACTERS = 4 << 20;

    private static final String BUCKET = "AWS::S3::Bucket";
    private static final String LAMBDA = "AWS::Lambda::Function";

    /** What Ref gives for a resource: the member that names it, by its type. */
    private static final Map<String, List<String>> NAMES =
            Map.of(
                    BUCKET,
                    List.of("BucketName"),
                    LAMBDA,
                    List.of("FunctionName"),
                    "AWS::Glue::Database",
                    List.of("DatabaseInput", "Name"),
                    "AWS::Glue::Table",
                    List.of("TableInput", "Name"));

    private final JsonNode resources;
    private final String place;
    private long made;

    /**
     * @param resources of the template
     * @param place of the template
     */
    Intrinsics(JsonNode resources, String place) {
        this.resources = resources;
        this.place = place;
    }

    /**
     * A value as the template says it; missing where it says that there is none.
     *
     * @throws MisfitException when more comes of it than a template can be
     */
    JsonNode resolve(JsonNode value) throws MisfitException {
        return finished(followed(value));
    }

    /** Each text once, with dynamic references as holes. */
    private JsonNode finished(JsonNode value) throws MisfitException {
        if (value.isArray()) {
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            for (JsonNode item : value) {
                items.add(finished(item));
            }
            return items;
        }
        if (value.isObject()) {
            ObjectNode members = JsonNodeFactory.instance.objectNode();
            for (Map.Entry<String, JsonNode> member : value.properties()) {
                members.set(member.getKey(), finished(member.getValue()));
            }
            return members;
        }
        if (value.isTextual() || Template.in(value).isPresent()) {
            return DynamicReferences.in(counted(value));
        }
        return value;
    }

    private JsonNode counted(JsonNode text) throws MisfitException {
        for (Template.Part part : Template.parts(text)) {
            made += 1 + part.text().length();
        }
        if (made > MOST_CHARACTERS) {
            throw new MisfitException(
                    place,
                    "has more than %d characters once its references are followed"
                            .formatted(MOST_CHARACTERS));
        }
        return text;
    }

    private JsonNode followed(JsonNode value) throws MisfitException {
        if (value.isArray()) {
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            for (JsonNode item : value) {
                JsonNode resolved = followed(item);
                if (!resolved.isMissingNode()) {
                    items.add(resolved);
                }
            }
            return items;
        }
        if (!value.isObject()) {
            return value;
        }
        Optional<Map.Entry<String, JsonNode>> function = function(value);
        if (function.isPresent()) {
            return called(function.get().getKey(), function.get().getValue());
        }
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            JsonNode resolved = followed(member.getValue());
            if (!resolved.isMissingNode()) {
                members.set(member.getKey(), resolved);
            }
        }
        return members;
    }

    /** A call is alone in its object, but for those that make members beside others. */
    private static Optional<Map.Entry<String, JsonNode>> function(JsonNode value) {
        return value.properties().stream()
                .filter(member -> value.size() == 1 || makesMembers(member.getKey()))
                .filter(only -> only.getKey().equals("Ref") || only.getKey().startsWith(FUNCTION))
                .findFirst();
    }

    /** Whether a key of an object stands for members that only a deployment makes. */
    static boolean makesMembers(String key) {
        return key.startsWith("Fn::ForEach::") || key.equals("Fn::Transform");
    }

    private JsonNode called(String function, JsonNode argument) throws MisfitException {
        return switch (function) {
            case "Ref" -> argument.isTextual() ? ref(argument.asText()) : all(function, argument);
            case "Fn::GetAtt" -> attribute(argument);
            case "Fn::Sub" -> substituted(argument);
            case "Fn::Join" -> joined(argument);
            default -> all(function, argument);
        };
    }

    private static JsonNode all(String function, JsonNode argument) {
        return Template.unknown(expression(function, argument));
    }

    /** {@code If [IsProduction, a/, b/]}: the function and all that it is asked. */
    private static String expression(String function, JsonNode argument) {
        String name =
                function.startsWith(FUNCTION) ? function.substring(FUNCTION.length()) : function;
        return name + " " + written(argument);
    }

    /** Two values that differ are written in two ways. */
    private static String written(JsonNode value) {
        if (value.isArray()) {
            return StreamSupport.stream(value.spliterator(), false)
                    .map(Intrinsics::written)
                    .collect(Collectors.joining(", ", "[", "]"));
        }
        if (value.isObject()) {
            Optional<Map.Entry<String, JsonNode>> function = function(value);
            return function.isPresent() && value.size() == 1
                    ? expression(function.get().getKey(), function.get().getValue())
                    : value.properties().stream()
                            .map(m -> text(m.getKey()) + ": " + written(m.getValue()))
                            .collect(Collectors.joining(", ", "{", "}"));
        }
        return text(value.asText());
    }

    private static String text(String text) {
        return PLAIN.matcher(text).matches()
                ? text
                : JsonNodeFactory.instance.textNode(text).toString();
    }

    private JsonNode ref(String name) {
        if (name.equals("AWS::NoValue")) {
            return MissingNode.getInstance();
        }
        return named(name).orElseGet(() -> Template.unknown(name));
    }

    private String type(String resource) {
        return resources.path(resource).path("Type").asText();
    }

    /** The name of a resource that the template gives it. */
    private Optional<JsonNode> named(String resource) {
        JsonNode at = resources.path(resource).path("Properties");
        List<String> path = NAMES.get(type(resource));
        if (path == null) {
            return Optional.empty();
        }
        for (String member : path) {
            at = at.path(member);
        }
        return at.isTextual() ? Optional.of(at) : Optional.empty();
    }

    private JsonNode attribute(JsonNode argument) throws MisfitException {
        List<String> parts = new ArrayList<>();
        if (argument.isTextual()) {
            parts.addAll(List.of(argument.asText().split("\\.", 2)));
        }
        if (argument.isArray()) {
            for (JsonNode part : argument) {
                if (!part.isTextual()) {
                    return all("Fn::GetAtt", argument);
                }
                parts.add(part.asText());
            }
        }
        if (parts.size() != 2) {
            return all("Fn::GetAtt", argument);
        }
        Optional<JsonNode> known =
                parts.get(1).equals("Arn") ? arn(parts.get(0)) : Optional.empty();
        return counted(known.orElseGet(() -> Template.unknown(String.join(".", parts))));
    }

    /**
     * What means the same as an ARN: of a function its name, which Lambda's API takes in its place
     * (API reference, Invoke, FunctionName), because account and region only a deployment knows.
     */
    private Optional<JsonNode> arn(String resource) {
        return switch (type(resource)) {
            case BUCKET -> named(resource).map(name -> literal("arn:aws:s3:::" + name.asText()));
            case LAMBDA -> named(resource);
            default -> Optional.empty();
        };
    }

    private JsonNode substituted(JsonNode argument) throws MisfitException {
        JsonNode text = argument.isArray() ? argument.path(0) : argument;
        JsonNode variables = argument.isArray() ? argument.path(1) : MissingNode.getInstance();
        if (!text.isTextual()) {
            return all("Fn::Sub", argument);
        }
        Map<String, JsonNode> values = new HashMap<>();
        List<JsonNode> pieces = new ArrayList<>();
        Matcher reference = REFERENCE.matcher(text.asText());
        int behind = 0;
        while (reference.find()) {
            pieces.add(counted(literal(text.asText().substring(behind, reference.start()))));
            String name = reference.group(2).strip();
            if (!reference.group(1).isEmpty()) {
                // ${!NAME} stands for ${NAME}.
                pieces.add(counted(literal("${" + reference.group(2) + "}")));
            } else {
                if (!values.containsKey(name)) {
                    values.put(name, value(name, variables));
                }
                pieces.add(counted(values.get(name)));
            }
            behind = reference.end();
        }
        pieces.add(counted(literal(text.asText().substring(behind))));
        return Template.joined(pieces);
    }

    /** What a name in a text stands for: each is looked at once, however often it is there. */
    private JsonNode value(String name, JsonNode variables) throws MisfitException {
        if (variables.has(name)) {
            return textOf(followed(variables.get(name)), variables.get(name));
        }
        JsonNode named = literal(name);
        return textOf(name.contains(".") ? attribute(named) : ref(name), named);
    }

    private JsonNode joined(JsonNode argument) throws MisfitException {
        JsonNode values = argument.path(1);
        if (!argument.path(0).isTextual() || !values.isArray()) {
            return all("Fn::Join", argument);
        }
        List<JsonNode> pieces = new ArrayList<>();
        for (JsonNode value : values) {
            JsonNode resolved = followed(value);
            if (!resolved.isMissingNode()) {
                if (!pieces.isEmpty()) {
                    pieces.add(counted(argument.path(0)));
                }
                pieces.add(counted(textOf(resolved, value)));
            }
        }
        return Template.joined(pieces);
    }

    /** A list or a structure is no text: then only a deployment knows. */
    private static JsonNode textOf(JsonNode resolved, JsonNode value) {
        boolean text =
                Template.in(resolved).isPresent() || resolved.isValueNode() && !resolved.isNull();
        return text ? resolved : Template.unknown(written(value));
    }

    private static JsonNode literal(String text) {
        return JsonNodeFactory.instance.textNode(text);
    }
}

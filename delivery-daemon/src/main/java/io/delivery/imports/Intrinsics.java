package io.delivery.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Follows the intrinsic functions of a template of CloudFormation as far as the template itself
 * says what comes of them: texts are put together, and a resource with a name is called by it.
 * Everything else, parameters with a default included, only a deployment knows: a {@link Template}.
 */
final class Intrinsics {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(!?)([^{}]*)\\}");

    /** What Ref gives for a resource: the member that names it, by its type. */
    private static final Map<String, List<String>> NAMES =
            Map.of(
                    "AWS::S3::Bucket", List.of("BucketName"),
                    "AWS::Lambda::Function", List.of("FunctionName"),
                    "AWS::Glue::Database", List.of("DatabaseInput", "Name"),
                    "AWS::Glue::Table", List.of("TableInput", "Name"));

    private final JsonNode resources;

    /**
     * @param resources of the template
     */
    Intrinsics(JsonNode resources) {
        this.resources = resources;
    }

    /** A value as the template says it; missing where it says that there is none. */
    JsonNode resolve(JsonNode value) {
        if (value.isArray()) {
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            for (JsonNode item : value) {
                JsonNode resolved = resolve(item);
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
            JsonNode resolved = resolve(member.getValue());
            if (!resolved.isMissingNode()) {
                members.set(member.getKey(), resolved);
            }
        }
        return members;
    }

    private static Optional<Map.Entry<String, JsonNode>> function(JsonNode value) {
        return value.properties().stream()
                .filter(only -> value.size() == 1)
                .filter(only -> only.getKey().equals("Ref") || only.getKey().startsWith("Fn::"))
                .findFirst();
    }

    private JsonNode called(String function, JsonNode argument) {
        return switch (function) {
            case "Ref" -> ref(argument.asText());
            case "Fn::GetAtt" -> attribute(argument);
            case "Fn::Sub" -> substituted(argument);
            case "Fn::Join" -> joined(argument);
            default -> Template.unknown(expression(function, argument));
        };
    }

    /** {@code If IsProduction}: the function and what it is asked first. */
    private static String expression(String function, JsonNode argument) {
        JsonNode first = argument.isArray() ? argument.path(0) : argument;
        String name = function.substring("Fn::".length());
        return first.isValueNode() ? name + " " + first.asText() : name;
    }

    private JsonNode ref(String name) {
        if (name.equals("AWS::NoValue")) {
            return MissingNode.getInstance();
        }
        return named(name).orElseGet(() -> Template.unknown(name));
    }

    /** The name of a resource that the template gives it. */
    private Optional<JsonNode> named(String resource) {
        JsonNode described = resources.path(resource);
        JsonNode at = described.path("Properties");
        List<String> path = NAMES.get(described.path("Type").asText());
        if (path == null) {
            return Optional.empty();
        }
        for (String member : path) {
            at = at.path(member);
        }
        return at.isTextual() ? Optional.of(at) : Optional.empty();
    }

    private JsonNode attribute(JsonNode argument) {
        List<String> parts = new ArrayList<>();
        if (argument.isArray()) {
            argument.forEach(part -> parts.add(part.asText()));
        } else {
            parts.addAll(List.of(argument.asText().split("\\.", 2)));
        }
        String resource = parts.isEmpty() ? "" : parts.get(0);
        boolean bucket = resources.path(resource).path("Type").asText().equals("AWS::S3::Bucket");
        if (bucket && parts.size() == 2 && parts.get(1).equals("Arn")) {
            Optional<JsonNode> name = named(resource);
            if (name.isPresent()) {
                return JsonNodeFactory.instance.textNode("arn:aws:s3:::" + name.get().asText());
            }
        }
        return Template.unknown(String.join(".", parts));
    }

    private JsonNode substituted(JsonNode argument) {
        JsonNode text = argument.isArray() ? argument.path(0) : argument;
        JsonNode variables = argument.isArray() ? argument.path(1) : MissingNode.getInstance();
        if (!text.isTextual()) {
            return Template.unknown("Sub");
        }
        List<JsonNode> pieces = new ArrayList<>();
        Matcher reference = REFERENCE.matcher(text.asText());
        int behind = 0;
        while (reference.find()) {
            pieces.add(literal(text.asText().substring(behind, reference.start())));
            pieces.add(piece(reference, variables));
            behind = reference.end();
        }
        pieces.add(literal(text.asText().substring(behind)));
        return Template.joined(pieces);
    }

    /** <code>${!NAME}</code> stands for <code>${NAME}</code>. */
    private JsonNode piece(Matcher reference, JsonNode variables) {
        String name = reference.group(2).strip();
        if (!reference.group(1).isEmpty()) {
            return literal("${" + reference.group(2) + "}");
        }
        if (variables.has(name)) {
            return text(resolve(variables.get(name)), name);
        }
        return text(name.contains(".") ? attribute(literal(name)) : ref(name), name);
    }

    private JsonNode joined(JsonNode argument) {
        JsonNode values = resolve(argument.path(1));
        if (!argument.path(0).isTextual() || !values.isArray()) {
            return Template.unknown("Join");
        }
        List<JsonNode> pieces = new ArrayList<>();
        for (JsonNode value : values) {
            if (!pieces.isEmpty()) {
                pieces.add(argument.path(0));
            }
            pieces.add(text(value, "Join"));
        }
        return Template.joined(pieces);
    }

    private static JsonNode text(JsonNode value, String expression) {
        boolean text = Template.in(value).isPresent() || value.isValueNode() && !value.isNull();
        return text ? value : Template.unknown(expression);
    }

    private static JsonNode literal(String text) {
        return JsonNodeFactory.instance.textNode(text);
    }
}

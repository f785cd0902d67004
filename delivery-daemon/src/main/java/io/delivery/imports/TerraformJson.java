package io.delivery.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Terraform's JSON: what {@code terraform show -json} says of a state or a plan, and configuration
 * in files {@code .tf.json}.
 */
final class TerraformJson {
    /** Within blocks: Terraform documentation, JSON configuration syntax, comment properties. */
    private static final String COMMENT = "//";

    private static final Pattern EXPRESSION = Pattern.compile("\\$\\$\\{|%%\\{|[$%]\\{");

    private TerraformJson() {}

    /** Whether a document is one of {@code terraform show -json}. */
    static boolean isShown(JsonNode document) {
        return document.path("values").path("root_module").isObject()
                || document.path("planned_values").path("root_module").isObject();
    }

    /** Whether a document is a state file, which is Terraform's own. */
    static boolean isStateFile(JsonNode document) {
        return document.has("lineage")
                || document.has("terraform_version") && document.has("serial");
    }

    /** Whether a document is configuration. */
    static boolean isConfiguration(JsonNode document) {
        return document.path("resource").isContainerNode();
    }

    // --- what terraform show says ---

    static Source shown(JsonNode document, String file) {
        Map<String, String> providers = new HashMap<>();
        providers(document.path("configuration").path("root_module"), "", providers);
        Map<String, JsonNode> unknown = new HashMap<>();
        for (JsonNode change : document.path("resource_changes")) {
            unknown.put(
                    change.path("address").asText(), change.path("change").path("after_unknown"));
        }
        String values = document.has("planned_values") ? "planned_values" : "values";
        List<JsonNode> resources = new ArrayList<>();
        collect(document.path(values).path("root_module"), resources);
        List<Source> all = new ArrayList<>();
        for (JsonNode resource : resources) {
            String address = resource.path("address").asText();
            JsonNode block =
                    planned(
                            resource.path("values"),
                            unknown.getOrDefault(address, resource.path("none")),
                            address.replace(TerraformStream.TYPE + ".", ""));
            String provider = providers.get(address.replaceAll("\\[[^\\]]*\\]", ""));
            all.add(read(file, address, withProvider(block, provider)));
        }
        return Source.of(all);
    }

    /**
     * Which provider each stream of a plan's configuration has, by its address in it.
     *
     * @param path of the module, with a dot behind it
     */
    private static void providers(JsonNode module, String path, Map<String, String> providers) {
        for (JsonNode resource : module.path("resources")) {
            if (resource.path("type").asText().equals(TerraformStream.TYPE)) {
                providers.put(
                        path + resource.path("address").asText(),
                        resource.path("provider_config_key").asText());
            }
        }
        for (Map.Entry<String, JsonNode> call : module.path("module_calls").properties()) {
            String below = "%smodule.%s.".formatted(path, call.getKey());
            providers(call.getValue().path("module"), below, providers);
        }
    }

    /** The argument {@code provider}, which code has where it is not the default one. */
    private static JsonNode withProvider(JsonNode block, String provider) {
        if (provider == null || !provider.contains(".") || !block.isObject()) {
            return block;
        }
        ObjectNode with = block.deepCopy();
        return with.put("provider", provider);
    }

    private static void collect(JsonNode module, List<JsonNode> resources) {
        for (JsonNode resource : module.path("resources")) {
            if (resource.path("type").asText().equals(TerraformStream.TYPE)
                    && resource.path("mode").asText("managed").equals("managed")) {
                resources.add(resource);
            }
        }
        module.path("child_modules").forEach(child -> collect(child, resources));
    }

    private static Source read(String file, String address, JsonNode block) {
        try {
            return new Source(List.of(TerraformStream.read(file, address, block)), List.of());
        } catch (MisfitException refused) {
            return new Source(List.of(), List.of(refused.finding()));
        }
    }

    /** The values of a plan, and a template for each that is known after its apply only. */
    private static JsonNode planned(JsonNode value, JsonNode unknown, String at) {
        if (unknown.isBoolean() && unknown.asBoolean()) {
            return Template.unknown(at);
        }
        if (value.isArray() && unknown.isArray()) {
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            for (int i = 0; i < Math.max(value.size(), unknown.size()); i++) {
                items.add(planned(value.path(i), unknown.path(i), at + "." + i));
            }
            return items;
        }
        boolean nothing = value.isMissingNode() && unknown.isEmpty();
        if (unknown.isObject() && (value.isObject() || value.isMissingNode()) && !nothing) {
            ObjectNode members = JsonNodeFactory.instance.objectNode();
            value.properties()
                    .forEach(
                            member ->
                                    members.set(
                                            member.getKey(),
                                            planned(
                                                    member.getValue(),
                                                    unknown.path(member.getKey()),
                                                    at + "." + member.getKey())));
            for (Map.Entry<String, JsonNode> member : unknown.properties()) {
                if (!members.has(member.getKey())) {
                    members.set(
                            member.getKey(),
                            planned(
                                    value.path(member.getKey()),
                                    member.getValue(),
                                    at + "." + member.getKey()));
                }
            }
            return members;
        }
        return value.isMissingNode() ? JsonNodeFactory.instance.nullNode() : value;
    }

    // --- configuration ---

    static Source configuration(JsonNode document, String file) {
        List<Source> all = new ArrayList<>();
        for (JsonNode resource : several(document.path("resource"))) {
            for (JsonNode named : several(resource.path(TerraformStream.TYPE))) {
                for (Map.Entry<String, JsonNode> stream : named.properties()) {
                    if (!stream.getKey().equals(COMMENT)) {
                        String address = TerraformStream.TYPE + "." + stream.getKey();
                        for (JsonNode block : several(stream.getValue())) {
                            all.add(read(file, address, block(block)));
                        }
                    }
                }
            }
        }
        return Source.of(all);
    }

    /** Terraform takes a list of blocks wherever it takes one. */
    private static Iterable<JsonNode> several(JsonNode blocks) {
        return blocks.isArray() ? blocks : List.of(blocks);
    }

    /** Arguments and blocks without comments: in a map every key is one of its own. */
    private static JsonNode block(JsonNode value) {
        if (value.isArray()) {
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            value.forEach(item -> items.add(block(item)));
            return items;
        }
        if (!value.isObject()) {
            return expressions(value);
        }
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            String name = member.getKey();
            if (!name.equals(COMMENT)) {
                boolean map = TerraformStream.MAPS.contains(name);
                JsonNode below = member.getValue();
                members.set(name, map ? expressions(below) : block(below));
            }
        }
        return members;
    }

    /** Texts of a configuration are templates of Terraform's language. */
    private static JsonNode expressions(JsonNode value) {
        if (value.isTextual()) {
            return text(value.asText(), UnaryOperator.identity());
        }
        if (value.isArray()) {
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            value.forEach(item -> items.add(expressions(item)));
            return items;
        }
        if (value.isObject()) {
            ObjectNode members = JsonNodeFactory.instance.objectNode();
            value.properties()
                    .forEach(
                            member -> members.set(member.getKey(), expressions(member.getValue())));
            return members;
        }
        return value;
    }

    /**
     * A template: <code>${…}</code> is an expression, <code>%{…}</code> a directive; doubled signs
     * stand for themselves.
     *
     * @param unescaping of what stands between expressions
     */
    static JsonNode text(String written, UnaryOperator<String> unescaping) {
        List<JsonNode> pieces = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        Matcher sign = EXPRESSION.matcher(written);
        int at = 0;
        while (sign.find(at)) {
            literal.append(written, at, sign.start());
            if (sign.group().length() == 3) {
                literal.append(sign.group(), 1, 3);
                at = sign.end();
                continue;
            }
            int end = end(written, sign.end());
            if (end < 0) {
                return Template.unknown(written); // Terraform would refuse it
            }
            pieces.add(literal(literal, unescaping));
            literal.setLength(0);
            pieces.add(Template.unknown(written.substring(sign.end(), end).strip()));
            at = end + 1;
        }
        literal.append(written.substring(at));
        pieces.add(literal(literal, unescaping));
        return Template.joined(pieces);
    }

    private static JsonNode literal(StringBuilder text, UnaryOperator<String> unescaping) {
        return JsonNodeFactory.instance.textNode(unescaping.apply(text.toString()));
    }

    /** Where the brace that was opened before a place is closed; -1 when it is not. */
    private static int end(String written, int from) {
        int open = 1;
        boolean quoted = false;
        for (int i = from; i < written.length(); i++) {
            char c = written.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == '{') {
                open++;
            } else if (!quoted && c == '}' && --open == 0) {
                return i;
            }
        }
        return -1;
    }
}

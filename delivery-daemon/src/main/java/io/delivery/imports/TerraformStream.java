package io.delivery.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.control.RequestRules;
import io.delivery.imports.Finding.Kind;
import io.delivery.imports.SourceStream.Spelling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A resource {@code aws_kinesis_firehose_delivery_stream} of Terraform's AWS provider as a request
 * of the API. Blocks and arguments have the names of the API's members in snake case, but for those
 * that this class turns; argument reference of the provider, versions 5 and 6.
 */
final class TerraformStream {
    static final String TYPE = "aws_kinesis_firehose_delivery_stream";

    /** Arguments that are maps, in which names are the user's. */
    static final Set<String> MAPS = Set.of("tags", "tags_all", "column_to_json_key_mappings");

    private static final String NAME = "name";
    private static final String PROVIDER = "provider";

    /** What Terraform knows of a resource beside its definition, and what it does with it. */
    private static final Set<String> OF_TERRAFORM =
            Set.of(
                    "id",
                    "arn",
                    "version_id",
                    "destination_id",
                    "destination",
                    "region",
                    "tags_all",
                    "timeouts",
                    "depends_on",
                    "lifecycle",
                    PROVIDER);

    /** Arguments that make another number of streams than one, or blocks that are not written. */
    private static final Set<String> REPEATED = Set.of("count", "for_each", "dynamic");

    private static final Map<String, String> TOP =
            Map.of(
                    NAME,
                    "DeliveryStreamName",
                    "kinesis_source_configuration",
                    "KinesisStreamSourceConfiguration",
                    "msk_source_configuration",
                    "MSKSourceConfiguration",
                    "opensearch_configuration",
                    "AmazonopensearchserviceDestinationConfiguration",
                    "opensearchserverless_configuration",
                    "AmazonOpenSearchServerlessDestinationConfiguration");

    private TerraformStream() {}

    /**
     * Reads a resource.
     *
     * @param address of it in Terraform
     * @param block its arguments; values may be templates
     * @throws MisfitException when it is not one stream, or is no block
     */
    static SourceStream read(String file, String address, JsonNode block) throws MisfitException {
        String place = file + ": " + address;
        if (!block.isObject()) {
            throw new MisfitException(place, "is no block of arguments");
        }
        refuseRepetition(block, place);
        List<Finding> findings = new ArrayList<>();
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        Map<String, String> written = new HashMap<>();
        written.put("ExtendedS3DestinationConfiguration", "extended_s3_configuration");
        written.put("Tags", "tags");
        for (Map.Entry<String, JsonNode> argument : block.properties()) {
            String name = argument.getKey();
            if (name.equals("tags")) {
                request.set("Tags", tags(argument.getValue()));
            } else if (name.equals("server_side_encryption")) {
                encryption(argument.getValue(), place + "." + name, request);
                written.put(Encryption.MEMBER, name);
            } else if (name.equals("extended_s3_configuration")) {
                request.set("ExtendedS3DestinationConfiguration", place(argument.getValue()));
            } else if (!OF_TERRAFORM.contains(name)) {
                request.set(member(name), argument.getValue());
                written.put(member(name), name);
            }
        }
        String called = name(block, address, place, findings);
        request.put("DeliveryStreamName", called);
        provider(block)
                .ifPresent(
                        provider ->
                                findings.add(
                                        new Finding(
                                                Kind.NOTE,
                                                place + "." + PROVIDER,
                                                "the credentials of the stores count, and not those of "
                                                        + provider)));
        return new SourceStream(
                called, place, request, Spelling.SNAKE, written, region(block), file, findings);
    }

    private static void refuseRepetition(JsonNode block, String place) throws MisfitException {
        for (Map.Entry<String, JsonNode> argument : block.properties()) {
            String at = place + "." + argument.getKey();
            if (REPEATED.contains(argument.getKey())) {
                throw new MisfitException(
                        at,
                        "what it makes only Terraform knows: import what terraform show -json says");
            }
            JsonNode value = argument.getValue();
            for (JsonNode below : value.isArray() ? value : List.of(value)) {
                if (below.isObject()) {
                    refuseRepetition(below, at);
                }
            }
        }
    }

    private static String member(String name) {
        String known = TOP.get(name);
        return known != null || !name.endsWith("_configuration")
                ? Optional.ofNullable(known).orElse(name)
                : name.replace("_configuration", "_destination_configuration");
    }

    private static String name(
            JsonNode block, String address, String place, List<Finding> findings) {
        JsonNode name = block.path(NAME);
        if (name.isTextual()) {
            return name.asText();
        }
        String last = address.replaceAll(".*\\.", "").replaceAll("[^a-zA-Z0-9_.-]", "_");
        findings.add(
                new Finding(
                        Kind.FILL_IN,
                        place + "." + NAME,
                        "is not known here: the stream is called %s, as its resource; write the name that producers use"
                                .formatted(last)));
        return last;
    }

    /** What it says, or its ARN, or its provider: several of them may be in several regions. */
    private static Template region(JsonNode block) {
        JsonNode region = block.path("region");
        Optional<Template> said = Template.in(region);
        if (said.isPresent()) {
            return said.get();
        }
        if (region.isTextual() && !region.asText().isEmpty()) {
            return Template.known(region.asText());
        }
        Template ofArn = ApiDocuments.region(block.path("arn"));
        return ofArn.equals(SourceStream.SOMEWHERE)
                ? provider(block)
                        .map(provider -> Template.of("region of provider " + provider))
                        .orElse(ofArn)
                : ofArn;
    }

    /** One that is not the default: {@code aws.west}. */
    private static Optional<String> provider(JsonNode block) {
        JsonNode provider = block.path(PROVIDER);
        return Template.in(provider)
                .map(template -> template.whole().orElse(template.toString()))
                .or(() -> Optional.of(provider.asText("")))
                .filter(name -> !name.isEmpty() && !name.equals("aws"));
    }

    /** {@code {key: value}} becomes a list. */
    private static JsonNode tags(JsonNode tags) {
        if (!tags.isObject()) {
            return tags;
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        tags.properties()
                .forEach(
                        tag ->
                                list.addObject()
                                        .put("Key", tag.getKey())
                                        .set("Value", tag.getValue()));
        return list;
    }

    private static void encryption(JsonNode value, String place, ObjectNode request)
            throws MisfitException {
        JsonNode block = only(value);
        if (!block.isObject()) {
            request.set(Encryption.MEMBER, block); // nothing, or for the model to refuse
            return;
        }
        JsonNode enabled = block.path("enabled");
        Optional<Template> unknown = Template.in(enabled);
        switch (unknown.isPresent() ? "" : enabled.asText("false")) {
            case "true" -> request.set(Encryption.MEMBER, keys(block));
            case "false" -> {} // the other arguments have no effect
            default ->
                    throw new MisfitException(
                            place + ".enabled",
                            "must be true or false, was %s"
                                    .formatted(
                                            unknown.map(Template::toString)
                                                    .orElseGet(enabled::asText)));
        }
    }

    /** Without a type it is AWS's own: argument reference, key_type. */
    private static ObjectNode keys(JsonNode block) {
        ObjectNode keys = block.deepCopy();
        keys.remove("enabled");
        JsonNode type = block.path("key_type");
        if (Template.in(type).isEmpty() && type.asText("").isEmpty()) {
            keys.put("key_type", RequestRules.OWN_KEY);
        }
        return keys;
    }

    /** A block that is there once may be in a list. */
    private static JsonNode only(JsonNode block) {
        return block.isArray() && block.size() == 1 ? block.get(0) : block;
    }

    /** Arguments of a destination or a backup that the API has elsewhere. */
    private static JsonNode place(JsonNode block) {
        if (!only(block).isObject()) {
            return block;
        }
        ObjectNode place = JsonNodeFactory.instance.objectNode();
        JsonNode size = JsonNodeFactory.instance.numberNode(5); // buffering_size's default
        JsonNode interval = JsonNodeFactory.instance.numberNode(300); // buffering_interval's
        for (Map.Entry<String, JsonNode> argument : only(block).properties()) {
            JsonNode value = argument.getValue();
            switch (argument.getKey()) {
                case "buffering_size" -> size = value.isNull() ? size : value;
                case "buffering_interval" -> interval = value.isNull() ? interval : value;
                case "kms_key_arn" -> kms(value, place);
                case "s3_backup_configuration" -> backup(value, place);
                case "dynamic_partitioning_configuration" ->
                        place.set(argument.getKey(), partitioning(value));
                default -> place.set(argument.getKey(), value);
            }
        }
        place.putObject("BufferingHints")
                .<ObjectNode>set("SizeInMBs", size)
                .set("IntervalInSeconds", interval);
        return place;
    }

    private static void backup(JsonNode value, ObjectNode place) {
        if (!value.isEmpty()) {
            place.set("s3_backup_configuration", place(value));
        }
    }

    private static void kms(JsonNode value, ObjectNode place) {
        if (!value.isNull() && !value.asText().isEmpty() || Template.in(value).isPresent()) {
            place.putObject("EncryptionConfiguration")
                    .putObject("KMSEncryptionConfig")
                    .set("AWSKMSKeyARN", value);
        }
    }

    private static JsonNode partitioning(JsonNode value) {
        if (!(only(value) instanceof ObjectNode block) || !block.has("retry_duration")) {
            return value;
        }
        ObjectNode turned = block.deepCopy();
        JsonNode duration = turned.remove("retry_duration");
        turned.putObject("RetryOptions").set("DurationInSeconds", duration);
        return turned;
    }
}

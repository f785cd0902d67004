package io.delivery.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.control.RequestRules;
import io.delivery.config.EncryptionSettings;
import io.delivery.imports.Finding.Kind;
import io.delivery.imports.SourceStream.Spelling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What the Firehose API answers and takes: replies of DescribeDeliveryStream, as the AWS CLI and
 * the SDKs print them, and requests of CreateDeliveryStream.
 */
final class ApiDocuments {
    private static final String REPLY = "DeliveryStreamDescription";
    private static final String NAME = "DeliveryStreamName";
    private static final String ENCRYPTION = "DeliveryStreamEncryptionConfiguration";
    private static final String CONFIGURATION = "DestinationConfiguration";
    private static final String DESCRIPTION = "DestinationDescription";

    /** What a stream is and was, not how it is defined. */
    private static final Set<String> STATE =
            Set.of(
                    "DeliveryStreamARN",
                    "DeliveryStreamStatus",
                    "FailureDescription",
                    "VersionId",
                    "CreateTimestamp",
                    "LastUpdateTimestamp",
                    "HasMoreDestinations");

    private ApiDocuments() {}

    /**
     * The stream of a document; empty when it is neither a reply nor a request.
     *
     * @param file whose requests are made in one region
     */
    static Optional<SourceStream> read(JsonNode document, String place, String file) {
        if (document.path(REPLY).isObject()) {
            return Optional.of(described(document.path(REPLY), place, file));
        }
        if (!document.path(NAME).isTextual()) {
            return Optional.empty();
        }
        if (document.path("Destinations").isArray()) {
            return Optional.of(described(document, place, file));
        }
        boolean request = names(document).anyMatch(member -> member.endsWith(CONFIGURATION));
        return request
                ? Optional.of(
                        stream(
                                (ObjectNode) document,
                                place + ": " + document.path(NAME).asText(),
                                Map.of(),
                                SourceStream.SOMEWHERE,
                                file,
                                List.of()))
                : Optional.empty();
    }

    /** What the commands that list streams print. */
    static boolean isList(JsonNode document) {
        return document.path("DeliveryStreamNames").isArray();
    }

    private static SourceStream stream(
            ObjectNode request,
            String place,
            Map<String, String> written,
            Template region,
            String scope,
            List<Finding> findings) {
        return new SourceStream(
                request.path(NAME).asText(),
                place,
                request,
                Spelling.API,
                written,
                region,
                scope,
                findings);
    }

    private static SourceStream described(JsonNode description, String document, String file) {
        String place = document + ": " + description.path(NAME).asText();
        List<Finding> findings = new ArrayList<>();
        Map<String, String> written = new HashMap<>();
        written.put("S3BackupConfiguration", "S3BackupDescription");
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : description.properties()) {
            String name = member.getKey();
            switch (name) {
                case "Destinations" -> destinations(member.getValue(), request, written);
                case "Source" -> source(member.getValue(), request, written);
                case ENCRYPTION -> {
                    written.put(Encryption.MEMBER, name);
                    encryption(member.getValue(), place + "." + name, request, findings);
                }
                default -> {
                    if (!STATE.contains(name)) {
                        request.set(name, member.getValue());
                    }
                }
            }
        }
        Template region = region(description.path("DeliveryStreamARN"));
        return stream(request, place, written, region, file, findings);
    }

    /** {@code arn:aws:firehose:REGION:ACCOUNT:deliverystream/NAME}. */
    static Template region(JsonNode arn) {
        String[] parts = arn.asText("").split(":", -1);
        return parts.length > 3 && !parts[3].isEmpty()
                ? Template.known(parts[3])
                : SourceStream.SOMEWHERE;
    }

    /** A destination in S3 is described twice, the second time with all that it has. */
    private static void destinations(
            JsonNode destinations, ObjectNode request, Map<String, String> written) {
        for (int i = 0; i < destinations.size(); i++) {
            JsonNode destination = destinations.get(i);
            boolean extended = destination.has("ExtendedS3" + DESCRIPTION);
            for (Map.Entry<String, JsonNode> kind : destination.properties()) {
                String name = kind.getKey();
                boolean twice = extended && name.equals("S3" + DESCRIPTION);
                if (name.endsWith(DESCRIPTION) && !twice) {
                    request.set(configuration(name), configured(kind.getValue()));
                    written.put(configuration(name), "Destinations[%d].%s".formatted(i, name));
                }
            }
        }
    }

    private static String configuration(String description) {
        return description.replaceFirst("Description$", "Configuration");
    }

    private static JsonNode configured(JsonNode described) {
        if (!(described.get("S3BackupDescription") instanceof ObjectNode backup)) {
            return described;
        }
        ObjectNode configured = (ObjectNode) described.deepCopy();
        configured.remove("S3BackupDescription");
        return configured.set("S3BackupConfiguration", backup);
    }

    private static void source(JsonNode source, ObjectNode request, Map<String, String> written) {
        for (Map.Entry<String, JsonNode> kind : source.properties()) {
            request.set(configuration(kind.getKey()), kind.getValue());
            written.put(configuration(kind.getKey()), "Source." + kind.getKey());
        }
    }

    private static void encryption(
            JsonNode encryption, String place, ObjectNode request, List<Finding> findings) {
        String status = encryption.path("Status").asText("DISABLED");
        switch (status) {
            case "ENABLED", "ENABLING" -> request.set(Encryption.MEMBER, asked(encryption));
            case "DISABLED", "DISABLING" -> {} // it asks for nothing
            case "DISABLING_FAILED" -> {
                request.set(Encryption.MEMBER, asked(encryption));
                findings.add(
                        confirm(place, "the status is DISABLING_FAILED: here it is encrypted"));
            }
            default ->
                    findings.add(
                            confirm(
                                    place,
                                    "the status is %s: here it is not encrypted; write encryption: true if it is to be"
                                            .formatted(status)));
        }
    }

    private static Finding confirm(String place, String message) {
        return new Finding(Kind.FILL_IN, place, message);
    }

    private static JsonNode asked(JsonNode encryption) {
        boolean named =
                encryption
                        .path(Encryption.KEY_TYPE)
                        .asText(
                                encryption.hasNonNull(Encryption.KEY_ARN)
                                        ? RequestRules.CUSTOMER_KEY
                                        : RequestRules.OWN_KEY)
                        .equals(RequestRules.CUSTOMER_KEY);
        Optional<String> arn =
                Optional.of(encryption.path(Encryption.KEY_ARN))
                        .filter(key -> named && key.isTextual())
                        .map(JsonNode::asText);
        return Encryption.asked(new EncryptionSettings(arn));
    }

    private static Stream<String> names(JsonNode object) {
        Iterator<String> names = object.fieldNames();
        Iterable<String> all = () -> names;
        return StreamSupport.stream(all.spliterator(), false);
    }
}

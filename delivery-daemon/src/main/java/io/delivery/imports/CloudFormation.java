package io.delivery.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.imports.Finding.Kind;
import io.delivery.imports.SourceStream.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Templates of AWS CloudFormation: resources of the type AWS::KinesisFirehose::DeliveryStream,
 * whose properties have the names of the API's members.
 */
final class CloudFormation {
    private static final String TYPE = "AWS::KinesisFirehose::DeliveryStream";
    private static final String NAME = "DeliveryStreamName";

    private CloudFormation() {}

    static boolean isTemplate(JsonNode document) {
        return document.path("Resources").isObject();
    }

    /** The streams of a template. */
    static Source read(JsonNode template, String file) {
        JsonNode resources = template.path("Resources");
        Intrinsics intrinsics = new Intrinsics(resources, file);
        List<SourceStream> streams = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        for (Map.Entry<String, JsonNode> resource : resources.properties()) {
            String id = resource.getKey();
            try {
                if (Intrinsics.makesMembers(id)) {
                    refuseMade(id, resource.getValue(), file);
                } else if (isStream(resource.getValue())) {
                    streams.add(stream(id, resource.getValue(), intrinsics, file));
                }
            } catch (MisfitException refused) {
                findings.add(refused.finding());
            }
        }
        return new Source(streams, findings);
    }

    private static boolean isStream(JsonNode resource) {
        return resource.path("Type").asText().equals(TYPE);
    }

    /** A loop over other resources makes no streams; what a macro makes nobody knows. */
    private static void refuseMade(String id, JsonNode made, String file) throws MisfitException {
        if (!id.startsWith("Fn::ForEach") || hasStream(made)) {
            throw new MisfitException(
                    "%s: Resources.%s".formatted(file, id),
                    "which streams it makes only a deployment knows: import what describe-delivery-stream says of each of them");
        }
    }

    private static boolean hasStream(JsonNode value) {
        if (isStream(value)) {
            return true;
        }
        for (JsonNode below : value) {
            if (hasStream(below)) {
                return true;
            }
        }
        return false;
    }

    private static SourceStream stream(
            String id, JsonNode resource, Intrinsics intrinsics, String file)
            throws MisfitException {
        String place = "%s: Resources.%s.Properties".formatted(file, id);
        List<Finding> findings = new ArrayList<>();
        JsonNode properties = intrinsics.resolve(resource.path("Properties"));
        Optional<Template> unknown = Template.in(properties);
        if (unknown.isPresent()) {
            throw MisfitException.unknown(place, unknown.get());
        }
        ObjectNode request =
                properties.isObject()
                        ? (ObjectNode) properties
                        : JsonNodeFactory.instance.objectNode();
        JsonNode given = request.path(NAME);
        if (!given.isTextual()) {
            findings.add(
                    new Finding(
                            Kind.FILL_IN,
                            place + "." + NAME,
                            (given.isMissingNode()
                                            ? "CloudFormation made the name"
                                            : "is not known here")
                                    + ": the stream is called %s, as its resource; write the name that producers use"
                                            .formatted(id)));
            request.put(NAME, id);
        }
        if (resource.has("Condition")) {
            findings.add(
                    new Finding(
                            Kind.FILL_IN,
                            "%s: Resources.%s.Condition".formatted(file, id),
                            "whether there is such a stream only a deployment knows (%s); remove it if there is none"
                                    .formatted(resource.path("Condition").asText())));
        }
        return new SourceStream(
                request.path(NAME).asText(),
                place,
                request,
                Spelling.API,
                Map.of(),
                SourceStream.SOMEWHERE,
                file,
                findings);
    }
}

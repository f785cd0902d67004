package io.delivery.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.ApiException;
import io.delivery.api.control.ApiDefinition;
import io.delivery.api.control.DefinitionReader;
import io.delivery.api.control.Resolver;
import io.delivery.api.control.StreamTags;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.StreamDefinition;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Makes YAML of a stream that callers of the API have defined. Thread-safe. */
public final class Exporter {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Beside the members of a request: what a kept definition has of its own. */
    private static final String UPDATED = "LastUpdateTimestamp";

    private final Function<DeliveryConfig, Resolver> resolvers;

    /**
     * @param resolvers what names mean in a configuration
     */
    public Exporter(Function<DeliveryConfig, Resolver> resolvers) {
        this.resolvers = resolvers;
    }

    /**
     * Exports a stream.
     *
     * @param document its definition, as it is kept
     * @param tags as they were written since it was made; empty when they never were
     * @param config says what the names of buckets, functions and catalogs mean
     * @throws IllegalArgumentException when the definition cannot be read, or names what the
     *     configuration does not have; the message says what
     */
    public Imported read(
            String name, String document, Optional<String> tags, DeliveryConfig config) {
        StreamDefinition definition;
        ObjectNode request;
        try {
            ApiDefinition kept = ApiDefinition.parse(document);
            definition = DefinitionReader.read(resolvers.apply(config), name, kept);
            request = request(document, tags);
        } catch (ApiException refused) {
            throw new IllegalArgumentException(refused.getMessage(), refused);
        }
        List<Finding> findings = Leftovers.of(request, path -> name + ": " + path);
        ImportText text = new ImportText(new Holes(), List.of(definition), findings);
        text.tellProblems(config);
        String yaml =
                text.streams(
                        "Made by delivery export from the stream %s of callers of the API"
                                .formatted(name));
        return new Imported(1, yaml, text.findings());
    }

    private static ObjectNode request(String document, Optional<String> tags) {
        try {
            ObjectNode request = (ObjectNode) MAPPER.readTree(document);
            request.remove(UPDATED);
            JsonNode inForce = MAPPER.readTree(StreamTags.of(document, tags).toString());
            request.set("Tags", inForce);
            return request;
        } catch (JsonProcessingException noJson) {
            throw new IllegalArgumentException(
                    "it is not JSON: " + noJson.getOriginalMessage(), noJson);
        }
    }
}

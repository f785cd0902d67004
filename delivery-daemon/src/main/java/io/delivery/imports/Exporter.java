package io.delivery.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.ApiException;
import io.delivery.api.control.ApiDefinition;
import io.delivery.api.control.DefinitionReader;
import io.delivery.api.control.Resolver;
import io.delivery.api.control.StreamTags;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.EncryptionStatus;
import io.delivery.config.StreamDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Makes YAML of a stream that callers of the API have defined. Thread-safe. */
public final class Exporter {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

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
     * @param encryption as callers have switched it since the stream was made; empty when they
     *     never did
     * @param config says what the names of buckets, functions and catalogs mean
     * @throws IllegalArgumentException when the definition cannot be read, or names what the
     *     configuration does not have; the message says what
     */
    public Imported read(
            String name,
            String document,
            Optional<String> tags,
            Optional<EncryptionStatus> encryption,
            DeliveryConfig config) {
        StreamDefinition definition;
        ObjectNode request;
        try {
            request = request(document, tags, encryption);
            ApiDefinition inForce = ApiDefinition.parse(request.toString());
            Resolver resolver = resolvers.apply(Encryption.withKey(config));
            definition = DefinitionReader.read(resolver, name, inForce);
        } catch (ApiException refused) {
            throw new IllegalArgumentException(refused.getMessage(), refused);
        }
        UnaryOperator<String> places = path -> name + ": " + path;
        List<Finding> findings = new ArrayList<>();
        findings.addAll(Leftovers.of(request, places, config.masterKeys()));
        findings.addAll(TableFindings.of(request, places, definition, config, Optional.empty()));
        ImportText text = new ImportText(new Holes(List.of()), List.of(definition), findings);
        text.tellProblems(config);
        String yaml =
                text.streams(
                        "Made by delivery export from the stream %s of callers of the API"
                                .formatted(name));
        return new Imported(1, yaml, text.findings());
    }

    /** Calls count, and not what was asked for when it was made. */
    private static void switched(ObjectNode request, EncryptionStatus status) {
        request.remove(Encryption.MEMBER);
        if (status.state().encrypts()) {
            request.set(Encryption.MEMBER, Encryption.asked(status.settings()));
        }
    }

    private static ObjectNode request(
            String document, Optional<String> tags, Optional<EncryptionStatus> encryption) {
        try {
            if (!(MAPPER.readTree(document) instanceof ObjectNode request)) {
                throw new IllegalArgumentException("it is no object of JSON");
            }
            request.remove(UPDATED);
            JsonNode inForce = MAPPER.readTree(StreamTags.of(document, tags).toString());
            request.set("Tags", inForce);
            encryption.ifPresent(status -> switched(request, status));
            return request;
        } catch (JsonProcessingException noJson) {
            throw new IllegalArgumentException(
                    "it is not JSON: " + noJson.getOriginalMessage(), noJson);
        }
    }
}

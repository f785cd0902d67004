package io.delivery.api.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.ApiException;
import io.delivery.config.Decompression;
import io.delivery.config.FormatSettings.Delimiter;
import io.delivery.config.FunctionSettings;
import io.delivery.config.LambdaName;
import io.delivery.config.PartitioningSettings;
import io.delivery.config.ProcessorSettings;
import io.delivery.config.ProcessorSettings.Lambda;
import io.delivery.config.SplitSettings;
import io.delivery.config.TransformSettings;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the processors of a destination do to its records: contract, sections 4 and 5. They run in
 * Firehose's order, whatever order they are declared in.
 */
final class ProcessorReader {
    private static final int MAX_PROCESSORS = 5;

    /** What each processor may be given: contract, section 5.1. */
    private static final Map<String, Set<String>> PARAMETERS =
            Map.of(
                    "Lambda",
                    Set.of(
                            "LambdaArn",
                            "NumberOfRetries",
                            "RoleArn",
                            "BufferSizeInMBs",
                            "BufferIntervalInSeconds"),
                    "MetadataExtraction",
                    Set.of("MetadataExtractionQuery", "JsonParsingEngine"),
                    "RecordDeAggregation",
                    Set.of("SubRecordType", "Delimiter"),
                    "AppendDelimiterToRecord",
                    Set.of("Delimiter"),
                    "Decompression",
                    Set.of("CompressionFormat"),
                    "CloudWatchLogProcessing",
                    Set.of("DataMessageExtraction"));

    private final Resolver resolver;
    private final ObjectNode destination;
    private final List<JsonNode> processors;

    ProcessorReader(Resolver resolver, ObjectNode destination) {
        this.resolver = resolver;
        this.destination = destination;
        this.processors = DestinationDefaults.processors(destination);
        boolean enabled = RequestRules.processes(destination);
        if (enabled && (processors.isEmpty() || processors.size() > MAX_PROCESSORS)) {
            throw ApiException.invalidArgument(
                    "A maximum of 5 and a minimum of 1 processor needs to be supplied when"
                            + " processing is enabled.");
        }
        if (count("Lambda") > 1) {
            throw ApiException.invalidArgument("Cannot have more than 1 Lambda processor");
        }
        PARAMETERS.forEach(this::requireOnce);
    }

    private void requireOnce(String type, Set<String> known) {
        // A delimiter that is asked for twice is added once, as captured.
        if (count(type) > 1 && !type.equals("AppendDelimiterToRecord")) {
            throw ApiException.invalidArgument(
                    "Cannot have more than 1 %s processor".formatted(type));
        }
        for (String given : parameters(type).map(Map::keySet).orElse(Set.of())) {
            if (!known.contains(given)) {
                throw ApiException.invalidArgument(
                        "%s is no parameter of %s %s processor"
                                .formatted(given, type.startsWith("A") ? "an" : "a", type));
            }
        }
    }

    private long count(String type) {
        return processors.stream().filter(p -> p.path("Type").asText().equals(type)).count();
    }

    /** The parameters of the processor of a type; empty when there is none of it. */
    private Optional<Map<String, String>> parameters(String type) {
        return processors.stream()
                .filter(p -> p.path("Type").asText().equals(type))
                .findFirst()
                .map(DestinationDefaults::parameters);
    }

    TransformSettings transform() {
        return new TransformSettings(
                decompression(),
                parameters("RecordDeAggregation").map(ProcessorReader::split),
                parameters("Lambda").map(this::lambda).stream()
                        .map(ProcessorSettings.class::cast)
                        .toList());
    }

    private Optional<Decompression> decompression() {
        Optional<Map<String, String>> decompression = parameters("Decompression");
        Optional<Map<String, String>> messages = parameters("CloudWatchLogProcessing");
        if (messages.isPresent() && decompression.isEmpty()) {
            throw ApiException.invalidArgument(
                    "CloudWatchLogProcessingProcessor can only be enabled with"
                            + " DecompressionProcessor");
        }
        decompression
                .filter(given -> !"GZIP".equals(given.get("CompressionFormat")))
                .ifPresent(
                        given -> {
                            throw ApiException.invalidArgument("CompressionFormat has to be GZIP");
                        });
        return decompression.map(given -> new Decompression(extraction(messages)));
    }

    private static Decompression.Messages extraction(Optional<Map<String, String>> messages) {
        if (messages.isEmpty()) {
            return Decompression.Messages.IN_ENVELOPE;
        }
        String word = messages.get().getOrDefault("DataMessageExtraction", "false");
        return switch (word) {
            case "true" -> Decompression.Messages.EXTRACTED;
            case "false" -> Decompression.Messages.IN_ENVELOPE;
            default ->
                    throw ApiException.invalidArgument(
                            "Invalid parameter value for DataMessageExtraction. Allowed values are"
                                    + " True and False.");
        };
    }

    private static SplitSettings split(Map<String, String> parameters) {
        String type = parameters.getOrDefault("SubRecordType", "");
        return switch (type) {
            case "JSON" -> new SplitSettings.Json();
            case "DELIMITED" -> new SplitSettings.Delimited(delimiter(parameters));
            default ->
                    throw ApiException.invalidArgument(
                            "SubRecordType of RecordDeAggregation must be JSON or DELIMITED, was "
                                    + type);
        };
    }

    private static String delimiter(Map<String, String> parameters) {
        String text = parameters.get("Delimiter");
        if (text == null) {
            throw ApiException.invalidArgument(
                    "Delimiter must be given when SubRecordType is DELIMITED");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getDecoder().decode(text)))
                    .toString();
        } catch (IllegalArgumentException noBase64) {
            throw ApiException.invalidArgument("Delimiter must be base64, was " + text);
        } catch (CharacterCodingException noText) {
            throw ApiException.invalidArgument(
                    "Delimiter must be base64 of UTF-8 on this server, was " + text);
        }
    }

    private Lambda lambda(Map<String, String> parameters) {
        String arn = parameters.get("LambdaArn");
        if (arn == null) {
            throw ApiException.invalidArgument("LambdaArn must be given for a Lambda processor");
        }
        FunctionSettings function = function(arn);
        Lambda asked =
                new Lambda(
                        function.name(),
                        (int) number(parameters, "NumberOfRetries", true),
                        (long) (number(parameters, "BufferSizeInMBs", false) * (1 << 20)),
                        Optional.of(
                                Duration.ofSeconds(
                                        (long)
                                                number(
                                                        parameters,
                                                        "BufferIntervalInSeconds",
                                                        true))));
        return function.runner().isPlugin() ? ofPlugin(asked) : asked;
    }

    /** A plugin decides on batches and retries itself: what the API completes is no wish. */
    private static Lambda ofPlugin(Lambda asked) {
        Lambda plain = Lambda.of(asked.function());
        boolean says =
                asked.retries() != plain.retries()
                        || asked.bufferBytes() != plain.bufferBytes()
                        || !asked.bufferInterval()
                                .equals(Optional.of(Lambda.DEFAULT_BUFFER_INTERVAL));
        if (says) {
            throw ApiException.invalidArgument(
                    "The function %s is a plugin, which decides on batches and retries itself: NumberOfRetries, BufferSizeInMBs and BufferIntervalInSeconds must be left out."
                            .formatted(asked.function()));
        }
        return plain;
    }

    private FunctionSettings function(String arn) {
        String name =
                LambdaName.parse(arn)
                        .map(LambdaName::function)
                        .map(function -> function.substring(function.lastIndexOf(':') + 1))
                        .orElseThrow(
                                () ->
                                        ApiException.invalidArgument(
                                                "LambdaArn must be the ARN of a function, was "
                                                        + arn));
        return resolver.config()
                .function(name)
                .orElseThrow(
                        () ->
                                ApiException.invalidArgument(
                                        "The function %1$s is not configured: add %1$s to functions of this server's configuration."
                                                .formatted(name)));
    }

    private static double number(Map<String, String> parameters, String name, boolean whole) {
        String text = parameters.get(name);
        try {
            return whole ? Integer.parseInt(text) : Double.parseDouble(text);
        } catch (NumberFormatException none) {
            throw ApiException.invalidArgument(
                    "%s must be a %snumber, was %s".formatted(name, whole ? "whole " : "", text));
        }
    }

    Delimiter delimiter() {
        return parameters("AppendDelimiterToRecord").isPresent()
                ? Delimiter.NEWLINE
                : Delimiter.NONE;
    }

    Optional<PartitioningSettings> partitioning() {
        Optional<Map<String, String>> extraction = parameters("MetadataExtraction");
        if (!RequestRules.isPartitioned(destination)) {
            if (extraction.isPresent()) {
                throw ApiException.invalidArgument(
                        "MetadataExtraction processor can only be used when Dynamic Partitioning is"
                                + " enabled.");
            }
            return Optional.empty();
        }
        Optional<String> query = extraction.map(ProcessorReader::query);
        return Optional.of(
                new PartitioningSettings(
                        query,
                        query.flatMap(this::queryKeys),
                        PartitioningSettings.DEFAULT_ACTIVE_PARTITIONS_LIMIT));
    }

    private static String query(Map<String, String> parameters) {
        if (!"JQ-1.6".equals(parameters.get("JsonParsingEngine"))) {
            throw ApiException.invalidArgument("JsonParsingEngine must be JQ-1.6");
        }
        String query = parameters.get("MetadataExtractionQuery");
        if (query == null) {
            throw ApiException.invalidArgument(
                    "MetadataExtractionQuery must be given for a MetadataExtraction processor");
        }
        return query;
    }

    private Optional<Set<String>> queryKeys(String query) {
        try {
            return resolver.queryKeys(query);
        } catch (IllegalArgumentException refused) {
            throw ApiException.invalidArgument(
                    "MetadataExtractionQuery cannot be used: " + refused.getMessage());
        }
    }
}

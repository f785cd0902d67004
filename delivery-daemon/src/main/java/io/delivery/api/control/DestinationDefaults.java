package io.delivery.api.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.config.BufferingHints;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What Describe shows of members that nobody gave: contract, section 1.6. */
final class DestinationDefaults {
    private DestinationDefaults() {}

    /** Completes an ExtendedS3DestinationConfiguration in place. */
    static ObjectNode complete(ObjectNode destination) {
        completePlace(destination, hints(destination));
        if (destination.get("ProcessingConfiguration") instanceof ObjectNode processing) {
            completeProcessing(processing, destination.path("RoleARN").asText());
        }
        putIfAbsent(destination, "S3BackupMode", "Disabled");
        if (destination.get("S3BackupConfiguration") instanceof ObjectNode backup) {
            completePlace(backup, BufferingHints.DEFAULTS);
        }
        if (destination.get("DataFormatConversionConfiguration") instanceof ObjectNode conversion) {
            completeConversion(conversion);
        } else {
            destination.putObject("DataFormatConversionConfiguration").put("Enabled", false);
        }
        if (destination.get("DynamicPartitioningConfiguration") instanceof ObjectNode partitioning
                && partitioning.path("Enabled").asBoolean()
                && !partitioning.has("RetryOptions")) {
            partitioning.putObject("RetryOptions").put("DurationInSeconds", 300);
        }
        return destination;
    }

    private static BufferingHints hints(ObjectNode destination) {
        boolean large =
                RequestRules.converts(destination) || RequestRules.isPartitioned(destination);
        return large ? BufferingHints.LARGE_DEFAULTS : BufferingHints.DEFAULTS;
    }

    /** Where objects land: the members that a destination and its backup have in common. */
    static void completePlace(ObjectNode place, BufferingHints hints) {
        if (!place.has("BufferingHints")) {
            place.putObject("BufferingHints")
                    .put("SizeInMBs", hints.sizeInMBs())
                    .put("IntervalInSeconds", hints.intervalInSeconds());
        }
        putIfAbsent(place, "CompressionFormat", "UNCOMPRESSED");
        if (!place.has("EncryptionConfiguration")) {
            place.putObject("EncryptionConfiguration").put("NoEncryptionConfig", "NoEncryption");
        }
        if (!place.has("CloudWatchLoggingOptions")) {
            place.putObject("CloudWatchLoggingOptions").put("Enabled", false);
        }
    }

    private static void putIfAbsent(ObjectNode node, String member, String text) {
        if (!node.has(member)) {
            node.put(member, text);
        }
    }

    private static void completeConversion(ObjectNode conversion) {
        if (!conversion.has("Enabled")) {
            conversion.put("Enabled", true);
        }
        if (conversion.get("SchemaConfiguration") instanceof ObjectNode schema) {
            putIfAbsent(schema, "VersionId", "LATEST");
        }
    }

    // --- processors ---

    /** Completes and orders the parameters of processors, as captured. */
    static void completeProcessing(ObjectNode processing, String role) {
        if (!processing.has("Enabled")) {
            processing.put("Enabled", false);
        }
        if (!(processing.get("Processors") instanceof ArrayNode)) {
            processing.putArray("Processors");
        }
        for (JsonNode processor : processing.get("Processors")) {
            completeProcessor((ObjectNode) processor, role);
        }
    }

    private static void completeProcessor(ObjectNode processor, String role) {
        Map<String, String> given = parameters(processor);
        Map<String, String> all = new LinkedHashMap<>();
        switch (processor.path("Type").asText()) {
            case "Lambda" -> {
                take(given, all, "LambdaArn");
                all.put("NumberOfRetries", given.getOrDefault("NumberOfRetries", "3"));
                all.put("RoleArn", given.getOrDefault("RoleArn", role));
                all.put("BufferSizeInMBs", given.getOrDefault("BufferSizeInMBs", "1"));
                all.put(
                        "BufferIntervalInSeconds",
                        given.getOrDefault("BufferIntervalInSeconds", "60"));
            }
            case "MetadataExtraction" -> {
                take(given, all, "MetadataExtractionQuery");
                take(given, all, "JsonParsingEngine");
            }
            case "CloudWatchLogProcessing" -> {
                // Stored in lower case, as captured.
                String extraction = given.get("DataMessageExtraction");
                if (extraction != null) {
                    all.put("DataMessageExtraction", extraction.toLowerCase(Locale.ROOT));
                }
            }
            // It has none, as captured: the one that the model has for it is dropped.
            case "AppendDelimiterToRecord" -> given.remove("Delimiter");
            default -> all.putAll(given);
        }
        given.forEach(all::putIfAbsent);
        ArrayNode written = processor.putArray("Parameters");
        all.forEach(
                (name, value) ->
                        written.addObject()
                                .put("ParameterName", name)
                                .put("ParameterValue", value));
    }

    private static void take(Map<String, String> from, Map<String, String> to, String name) {
        String value = from.get(name);
        if (value != null) {
            to.put(name, value);
        }
    }

    /** The parameters of a processor by name; of one that is there twice the last counts. */
    static Map<String, String> parameters(JsonNode processor) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (JsonNode parameter : processor.path("Parameters")) {
            parameters.put(
                    parameter.path("ParameterName").asText(),
                    parameter.path("ParameterValue").asText());
        }
        return parameters;
    }

    /** Processors that run: none unless processing is enabled. */
    static List<JsonNode> processors(ObjectNode destination) {
        List<JsonNode> processors = new ArrayList<>();
        if (RequestRules.processes(destination)) {
            destination.path("ProcessingConfiguration").path("Processors").forEach(processors::add);
        }
        return processors;
    }
}

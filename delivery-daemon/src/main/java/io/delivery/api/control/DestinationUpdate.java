package io.delivery.api.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.ApiException;
import io.delivery.config.BufferingHints;
import java.util.Map;
import java.util.Set;

/**
 * What an update makes of a destination. Members that it leaves out stay; contract, section 1.11.
 */
final class DestinationUpdate {
    /** Members whose own members merge one by one. */
    private static final Set<String> MERGED =
            Set.of(
                    "BufferingHints",
                    "CloudWatchLoggingOptions",
                    "DynamicPartitioningConfiguration",
                    "DataFormatConversionConfiguration",
                    "SchemaConfiguration",
                    "InputFormatConfiguration",
                    "OutputFormatConfiguration",
                    "RetryOptions",
                    "OpenXJsonSerDe",
                    "HiveJsonSerDe",
                    "ParquetSerDe",
                    "OrcSerDe");

    /** Members that hold one of several: another one takes the place of the one before. */
    private static final Set<String> ONE_OF = Set.of("Deserializer", "Serializer");

    private final ObjectNode destination;
    private final ObjectNode update;

    private DestinationUpdate(ObjectNode destination, ObjectNode update) {
        this.destination = destination;
        this.update = update;
    }

    /**
     * @param destination that is in force; changed
     * @param update that keeps the model
     */
    static ObjectNode merged(ObjectNode destination, ObjectNode update) {
        new DestinationUpdate(destination, update).merge();
        return destination;
    }

    private void merge() {
        refuseToggling();
        refuseNewDecompression();
        JsonNode enabledBefore = destination.at("/ProcessingConfiguration/Enabled");
        for (Map.Entry<String, JsonNode> given : update.properties()) {
            switch (given.getKey()) {
                case "S3BackupUpdate" -> backup((ObjectNode) given.getValue());
                case "ProcessingConfiguration" -> {
                    ObjectNode processing = ((ObjectNode) given.getValue()).deepCopy();
                    if (!processing.has("Enabled") && enabledBefore.isBoolean()) {
                        processing.set("Enabled", enabledBefore);
                    }
                    destination.set(given.getKey(), processing);
                }
                case "DataFormatConversionConfiguration" -> conversion(given.getValue());
                default -> merge(destination, given.getKey(), given.getValue());
            }
        }
        DestinationDefaults.complete(destination);
    }

    private void conversion(JsonNode given) {
        ObjectNode update = given.deepCopy();
        if (!update.has("Enabled")) {
            update.put("Enabled", true);
        }
        merge(destination, "DataFormatConversionConfiguration", update);
    }

    private void backup(ObjectNode given) {
        if (!(destination.get("S3BackupConfiguration") instanceof ObjectNode)) {
            destination.putObject("S3BackupConfiguration");
        }
        ObjectNode backup = (ObjectNode) destination.get("S3BackupConfiguration");
        given.properties().forEach(member -> merge(backup, member.getKey(), member.getValue()));
        DestinationDefaults.completePlace(backup, BufferingHints.DEFAULTS);
    }

    private static void merge(ObjectNode into, String member, JsonNode given) {
        JsonNode before = into.get(member);
        if (before instanceof ObjectNode whole
                && given.isObject()
                && mergesInto(member, whole, given)) {
            given.properties().forEach(part -> merge(whole, part.getKey(), part.getValue()));
        } else {
            into.set(member, given.deepCopy());
        }
    }

    private static boolean mergesInto(String member, ObjectNode before, JsonNode given) {
        if (ONE_OF.contains(member)) {
            return given.properties().stream().allMatch(part -> before.has(part.getKey()));
        }
        return MERGED.contains(member);
    }

    /** What may be chosen at the creation only. */
    private void refuseToggling() {
        if (destination.path("S3BackupMode").asText().equals("Enabled")
                && update.path("S3BackupMode").asText().equals("Disabled")) {
            throw ApiException.invalidArgument("Disabling S3 backup is not currently supported.");
        }
        JsonNode partitioning = update.path("DynamicPartitioningConfiguration").path("Enabled");
        if (partitioning.isBoolean()
                && partitioning.asBoolean() != RequestRules.isPartitioned(destination)) {
            throw ApiException.invalidArgument(
                    "Dynamic Partitioning can be enabled or disabled only when a Firehose is created.");
        }
    }

    private void refuseNewDecompression() {
        ObjectNode after = destination.objectNode();
        after.set("ProcessingConfiguration", update.path("ProcessingConfiguration"));
        boolean comes = has(after, "Decompression") && !has(destination, "Decompression");
        if (comes && !has(destination, "Lambda")) {
            throw ApiException.invalidArgument(
                    "Enabling source decompression is not supported for existing stream with no"
                            + " Lambda function attached.");
        }
    }

    private static boolean has(ObjectNode destination, String processor) {
        for (JsonNode each : destination.path("ProcessingConfiguration").path("Processors")) {
            if (each.path("Type").asText().equals(processor)) {
                return true;
            }
        }
        return false;
    }
}

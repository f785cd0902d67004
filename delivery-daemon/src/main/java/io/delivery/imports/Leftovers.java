package io.delivery.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.control.RequestRules;
import io.delivery.config.EncryptionSettings;
import io.delivery.config.MasterKeySettings;
import io.delivery.imports.Finding.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Which members of a request are not in the YAML that is made of it, and what that means. A member
 * that this class does not know is told as well: nothing is left out in silence.
 */
final class Leftovers {
    static final String EXTENDED = "ExtendedS3DestinationConfiguration";
    static final String PLAIN = "S3DestinationConfiguration";

    private static final String CONVERSION = "DataFormatConversionConfiguration";
    private static final String BACKUP = "S3BackupConfiguration";
    private static final String PROCESSING = "ProcessingConfiguration";
    private static final String PARTITIONING = "DynamicPartitioningConfiguration";
    private static final String ENABLED = "Enabled";
    private static final int RETRY_SECONDS = 300; // API reference, RetryOptions

    /** Become settings, with everything below them. */
    private static final Set<String> SETTINGS =
            Set.of(
                    "BucketARN",
                    "Prefix",
                    "ErrorOutputPrefix",
                    "BufferingHints",
                    "CompressionFormat",
                    "FileExtension",
                    "CustomTimeZone",
                    "S3BackupMode",
                    PROCESSING,
                    CONVERSION,
                    PARTITIONING);

    private static final Set<String> SETTINGS_OF_BACKUP =
            Set.of("BucketARN", "Prefix", "BufferingHints", "CompressionFormat");

    private static final Set<String> OF_REQUEST =
            Set.of("DeliveryStreamName", "DeliveryStreamType", EXTENDED, PLAIN);

    private final UnaryOperator<String> places;
    private final List<MasterKeySettings> keys;
    private final List<Finding> findings = new ArrayList<>();

    private Leftovers(UnaryOperator<String> places, List<MasterKeySettings> keys) {
        this.places = places;
        this.keys = keys;
    }

    /**
     * Looks at a request that keeps the model.
     *
     * @param request a CreateDeliveryStream, with its defaults or without
     * @param places where the value of a member stands, by its path in the request
     * @param keys of the configuration that the stream is to be in
     */
    static List<Finding> of(
            ObjectNode request, UnaryOperator<String> places, List<MasterKeySettings> keys) {
        Leftovers leftovers = new Leftovers(places, keys);
        leftovers.request(request);
        return leftovers.findings;
    }

    private void note(String path, String message) {
        findings.add(new Finding(Kind.NOTE, places.apply(path), message));
    }

    private void fillIn(String path, String message) {
        findings.add(new Finding(Kind.FILL_IN, places.apply(path), message));
    }

    private void leftOut(String path, String message) {
        findings.add(new Finding(Kind.LEFT_OUT, places.apply(path), message));
    }

    private void request(ObjectNode request) {
        for (Map.Entry<String, JsonNode> member : request.properties()) {
            String name = member.getKey();
            switch (name) {
                case EXTENDED, PLAIN -> destination(member.getValue(), name);
                case "Tags" -> tags(member.getValue(), name);
                case "DirectPutSourceConfiguration" ->
                        note(name, "the throughput is bounded by the machine, not by a hint");
                case Encryption.MEMBER -> encryption(request, name);
                default -> unknownUnless(OF_REQUEST, name, name);
            }
        }
    }

    private void unknownUnless(Set<String> settings, String name, String path) {
        if (!settings.contains(name)) {
            leftOut(path, "has no counterpart in a configuration");
        }
    }

    /** That it is encrypted is in the YAML; which key its caller has named is not. */
    private void encryption(ObjectNode request, String path) {
        Optional<String> named =
                RequestRules.encryptionOf(request).flatMap(EncryptionSettings::masterKey);
        if (named.isEmpty()) {
            return;
        }
        String at = path + "." + Encryption.KEY_ARN;
        boolean first = !keys.isEmpty() && keys.get(0).id().equals(named.get());
        if (first) {
            note(at, "it is the first key under encryption.keys, which streams are encrypted with");
        } else {
            fillIn(
                    at,
                    "a stream of a configuration is encrypted with the first key under encryption.keys, whichever key this names: have the one that is meant in front");
        }
    }

    private void tags(JsonNode tags, String path) {
        for (int i = 0; i < tags.size(); i++) {
            leftOut(
                    "%s[%d]".formatted(path, i),
                    "streams of a configuration have no tags, was %s"
                            .formatted(tags.get(i).path("Key").asText()));
        }
    }

    private void destination(JsonNode destination, String path) {
        for (Map.Entry<String, JsonNode> member : destination.properties()) {
            String at = path + "." + member.getKey();
            JsonNode value = member.getValue();
            switch (member.getKey()) {
                case BACKUP -> backup(destination, value, at);
                case PROCESSING -> processing(value, at);
                case CONVERSION -> conversion(value, at);
                case PARTITIONING -> partitioning(value, at);
                default -> place(SETTINGS, member.getKey(), value, at);
            }
        }
    }

    /** What a destination and its backup have in common. */
    private void place(Set<String> settings, String name, JsonNode value, String at) {
        switch (name) {
            case "RoleARN" ->
                    note(at, "the credentials of the store count, and no role is assumed");
            case "CloudWatchLoggingOptions" -> {
                if (value.path(ENABLED).asBoolean(false)) {
                    leftOut(at, "nothing is sent to CloudWatch Logs: the service has its own log");
                }
            }
            case "EncryptionConfiguration" -> {
                if (value.has("KMSEncryptionConfig")) {
                    leftOut(
                            at,
                            "encryption is asked for by the store, for all that lands there: stores.NAME.s3.encryption: {kms: KEY}");
                }
            }
            default -> unknownUnless(settings, name, at);
        }
    }

    private void backup(JsonNode destination, JsonNode backup, String path) {
        if (!destination.path("S3BackupMode").asText().equals(ENABLED)) {
            leftOut(path, "S3BackupMode is not Enabled, so there is no backup");
            return;
        }
        for (Map.Entry<String, JsonNode> member : backup.properties()) {
            String at = path + "." + member.getKey();
            if (!member.getKey().equals("ErrorOutputPrefix")) {
                place(SETTINGS_OF_BACKUP, member.getKey(), member.getValue(), at);
            } else if (!member.getValue().asText().isEmpty()) {
                leftOut(at, "a backup has no error output");
            }
        }
    }

    private void processing(JsonNode processing, String path) {
        JsonNode processors = processing.path("Processors");
        if (!processing.path(ENABLED).asBoolean(false)) {
            if (!processors.isEmpty()) {
                leftOut(path + ".Processors", "processing is not Enabled, so there are none");
            }
            return;
        }
        for (int i = 0; i < processors.size(); i++) {
            JsonNode parameters = processors.get(i).path("Parameters");
            for (int j = 0; j < parameters.size(); j++) {
                String at = "%s.Processors[%d].Parameters[%d]".formatted(path, i, j);
                if (parameters.get(j).path("ParameterName").asText().equals("RoleArn")) {
                    note(at, "RoleArn: functions.NAME says with which credentials it is invoked");
                }
            }
        }
    }

    private void conversion(JsonNode conversion, String path) {
        boolean parts = conversion.properties().stream().anyMatch(m -> !m.getKey().equals(ENABLED));
        if (!conversion.path(ENABLED).asBoolean(true)) {
            if (parts) {
                leftOut(path, "it is not Enabled, so records are not converted");
            }
            return;
        }
        if (conversion.path("SchemaConfiguration").has("RoleARN")) {
            note(
                    path + ".SchemaConfiguration.RoleARN",
                    "the credentials of the catalog count, and no role is assumed");
        }
        JsonNode serializer = conversion.path("OutputFormatConfiguration").path("Serializer");
        String at = path + ".OutputFormatConfiguration.Serializer";
        withoutWhatItNeeds(serializer.path("OrcSerDe"), at);
        otherDefaults(serializer, at);
    }

    /** Where nothing is said, or what Firehose has where nothing is said: decision 70. */
    private void otherDefaults(JsonNode serializer, String path) {
        JsonNode parquet = serializer.path("ParquetSerDe");
        if (parquet.isObject() && !parquet.has("EnableDictionaryCompression")) {
            note(
                    path + ".ParquetSerDe",
                    "dictionaries are written where they make a column smaller; EnableDictionaryCompression: false switches them off, dictionary: false in YAML");
        }
        JsonNode orc = serializer.path("OrcSerDe");
        boolean old = orc.path("FormatVersion").asText().equals("V0_11");
        JsonNode threshold = orc.path("DictionaryKeyThreshold");
        if (old && threshold.isNumber() && threshold.asDouble() == 0) {
            note(
                    path + ".OrcSerDe.DictionaryKeyThreshold",
                    "files of V0_11 have texts in dictionaries only, so that it is 1");
        }
    }

    /** Settings of ORC that ask for something only together with another one. */
    private void withoutWhatItNeeds(JsonNode orc, String path) {
        boolean padded = orc.path("EnablePadding").asBoolean(false);
        for (String member : Set.of("BlockSizeBytes", "PaddingTolerance")) {
            if (orc.has(member) && !padded) {
                note(path + ".OrcSerDe." + member, "is for padding, which is not enabled");
            }
        }
        String probability = "BloomFilterFalsePositiveProbability";
        if (orc.has(probability) && orc.path("BloomFilterColumns").isEmpty()) {
            note(path + ".OrcSerDe." + probability, "is for Bloom filters, and no column has one");
        }
    }

    private void partitioning(JsonNode partitioning, String path) {
        Optional<JsonNode> seconds =
                Optional.ofNullable(partitioning.path("RetryOptions").get("DurationInSeconds"));
        boolean enabled = partitioning.path(ENABLED).asBoolean(false);
        if (enabled && seconds.isPresent() && seconds.get().asInt() != RETRY_SECONDS) {
            leftOut(
                    path + ".RetryOptions",
                    "a store is tried again for as long as it takes, whatever the duration");
        }
    }
}

package io.delivery.api.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.ApiException;
import io.delivery.config.EncryptionSettings;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Rules of a request beyond the model: how many destinations, which sources, and what this server
 * does not have. The first that is broken is the answer.
 */
public final class RequestRules {
    private static final String S3 = "S3DestinationConfiguration";
    private static final String DIRECT_PUT = "DirectPut";

    /** What kind of key it is. */
    public static final String KEY_TYPE = "KeyType";

    /** Which key it is, when the caller names one. */
    public static final String KEY_ARN = "KeyARN";

    /** KeyType of the service's own key. */
    public static final String OWN_KEY = "AWS_OWNED_CMK";

    /** KeyType of a key that the caller names. */
    public static final String CUSTOMER_KEY = "CUSTOMER_MANAGED_CMK";

    /** Sources that streams here cannot have, by the type that goes with each. */
    private static final Map<String, String> SOURCES =
            Map.of(
                    "KinesisStreamSourceConfiguration",
                    "KinesisStreamAsSource",
                    "MSKSourceConfiguration",
                    "MSKAsSource",
                    "DatabaseSourceConfiguration",
                    "DatabaseAsSource");

    private RequestRules() {}

    /**
     * Looks at a CreateDeliveryStream that keeps the model.
     *
     * @throws ApiException InvalidArgumentException
     */
    public static void requireCreatable(ObjectNode request) {
        requireOneDestination(request);
        String type = request.path("DeliveryStreamType").asText(DIRECT_PUT);
        SOURCES.forEach(
                (member, itsType) -> {
                    if (request.has(member) && !type.equals(itsType)) {
                        throw ApiException.invalidArgument(
                                "%s is only applicable for %s stream type"
                                        .formatted(sourceName(member), itsType));
                    }
                });
        if (!type.equals(DIRECT_PUT)) {
            throw unavailable("DeliveryStreamType " + type, "the type of streams is " + DIRECT_PUT);
        }
    }

    /**
     * The encryption that a CreateDeliveryStream or StartDeliveryStreamEncryption asks for; empty
     * when it asks for none.
     *
     * @throws ApiException InvalidArgumentException
     */
    public static Optional<EncryptionSettings> encryptionOf(JsonNode request) {
        JsonNode input = request.get(ApiDefinition.ENCRYPTION);
        if (input == null) {
            return Optional.empty();
        }
        Optional<String> arn = text(input, KEY_ARN);
        boolean named = input.path(KEY_TYPE).asText().equals(CUSTOMER_KEY);
        if (named && arn.isEmpty()) {
            throw ApiException.invalidArgument(
                    "KeyARN must be given when KeyType is " + CUSTOMER_KEY);
        }
        if (!named && arn.isPresent()) {
            throw ApiException.invalidArgument(
                    "KeyARN must not be given when KeyType is " + OWN_KEY);
        }
        if (arn.isPresent() && arn.get().chars().anyMatch(Character::isISOControl)) {
            throw ApiException.invalidArgument(
                    "KeyARN must not contain control characters, such as line breaks: give the ARN in one line");
        }
        return Optional.of(new EncryptionSettings(arn));
    }

    /** As the captured text of Kinesis has it. */
    private static String sourceName(String member) {
        return member.equals("KinesisStreamSourceConfiguration")
                ? "KinesisSourceStreamConfig"
                : member;
    }

    private static void requireOneDestination(ObjectNode request) {
        if (request.has(S3) && request.has(ApiDefinition.DESTINATION)) {
            throw ApiException.invalidArgument(
                    "Exactly one of S3DestinationConfiguration or"
                            + " ExtendedS3DestinationConfiguration must be specified.");
        }
        List<String> destinations =
                stream(request.fieldNames())
                        .filter(member -> member.endsWith("DestinationConfiguration"))
                        .toList();
        if (destinations.size() != 1) {
            throw ApiException.invalidArgument(
                    "Exactly one destination configuration is supported for a Firehose");
        }
        requireS3(destinations.get(0), S3, ApiDefinition.DESTINATION);
    }

    private static void requireS3(String member, String plain, String extended) {
        if (!member.equals(plain) && !member.equals(extended)) {
            throw unavailable(member, "the destinations are " + plain + " and " + extended);
        }
    }

    /**
     * The one update of an UpdateDestination that keeps the model.
     *
     * @throws ApiException InvalidArgumentException
     */
    public static ObjectNode updateOf(ObjectNode request) {
        List<String> updates =
                stream(request.fieldNames()).filter(m -> m.endsWith("DestinationUpdate")).toList();
        if (updates.isEmpty()) {
            throw ApiException.invalidArgument(
                    "At least one destination or source configuration update must be provided");
        }
        if (updates.size() > 1) {
            throw ApiException.invalidArgument(
                    "Exactly one destination configuration is supported for a Firehose");
        }
        requireS3(updates.get(0), "S3DestinationUpdate", "ExtendedS3DestinationUpdate");
        return (ObjectNode) request.get(updates.get(0));
    }

    private static Stream<String> stream(Iterator<String> names) {
        Iterable<String> all = () -> names;
        return StreamSupport.stream(all.spliterator(), false);
    }

    private static ApiException unavailable(String what, String instead) {
        return ApiException.invalidArgument(
                "%s is not available on this server: %s.".formatted(what, instead));
    }

    /** The one destination of a request that {@link #requireCreatable} has passed. */
    static ObjectNode destinationOf(ObjectNode request) {
        JsonNode extended = request.get(ApiDefinition.DESTINATION);
        return (ObjectNode) (extended != null ? extended : request.get(S3));
    }

    /** A member that is a text; empty when it is not there. */
    static Optional<String> text(JsonNode node, String member) {
        return Optional.ofNullable(node.get(member)).map(JsonNode::asText);
    }

    /** Whether records of a destination are converted. */
    public static boolean converts(ObjectNode destination) {
        JsonNode conversion = destination.path("DataFormatConversionConfiguration");
        return conversion.isObject() && conversion.path("Enabled").asBoolean(true);
    }

    /** Whether the processors of a destination are in force. */
    public static boolean processes(ObjectNode destination) {
        return destination.path("ProcessingConfiguration").path("Enabled").asBoolean(false);
    }

    /** Whether source records of a destination are backed up. */
    public static boolean hasBackup(ObjectNode destination) {
        return destination.path("S3BackupMode").asText().equals("Enabled");
    }

    static boolean isPartitioned(ObjectNode destination) {
        return destination
                .path("DynamicPartitioningConfiguration")
                .path("Enabled")
                .asBoolean(false);
    }
}

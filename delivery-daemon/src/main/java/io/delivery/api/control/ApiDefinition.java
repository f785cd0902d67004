package io.delivery.api.control;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.config.EncryptionSettings;
import io.delivery.jackson.BoundedParsers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * A delivery stream as a caller of the API has defined it: the request as it came, completed by the
 * API's defaults, with all updates. Immutable.
 */
public final class ApiDefinition {
    static final String SOURCE = "DirectPutSourceConfiguration";
    static final String DESTINATION = "ExtendedS3DestinationConfiguration";
    public static final String ENCRYPTION = "DeliveryStreamEncryptionConfigurationInput";
    private static final String UPDATED = "LastUpdateTimestamp";
    private static final String TAGS = "Tags";

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final ObjectNode document;

    private ApiDefinition(ObjectNode document) {
        this.document = document;
    }

    /**
     * @param request a CreateDeliveryStream that keeps the model and {@link RequestRules}
     */
    public static ApiDefinition of(ObjectNode request) {
        ObjectNode document = MAPPER.createObjectNode();
        Optional.ofNullable(request.get(SOURCE)).ifPresent(source -> document.set(SOURCE, source));
        Optional.ofNullable(request.get(ENCRYPTION))
                .ifPresent(encryption -> document.set(ENCRYPTION, encryption));
        Optional.ofNullable(request.get(TAGS)).ifPresent(tags -> document.set(TAGS, tags));
        ObjectNode destination = RequestRules.destinationOf(request).deepCopy();
        document.set(DESTINATION, DestinationDefaults.complete(destination));
        return new ApiDefinition(document);
    }

    /**
     * Reads one that was kept.
     *
     * @param text what {@link #toString} gave
     * @throws IllegalArgumentException when it is none
     */
    public static ApiDefinition parse(String text) {
        try (JsonParser json = BoundedParsers.once(MAPPER.getFactory(), text)) {
            JsonNode read = MAPPER.readTree(json);
            if (read instanceof ObjectNode document
                    && document.get(DESTINATION) instanceof ObjectNode) {
                return new ApiDefinition(document);
            }
            throw new IllegalArgumentException("it has no " + DESTINATION);
        } catch (JsonProcessingException noJson) {
            throw new IllegalArgumentException("it is not JSON: " + noJson.getOriginalMessage());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // of a text: never
        }
    }

    /**
     * The same, changed by an update.
     *
     * @param update an ExtendedS3DestinationUpdate or S3DestinationUpdate that keeps the model
     * @param nowMillis milliseconds since the epoch
     * @return this one when the update says what there is
     * @throws io.delivery.api.ApiException InvalidArgumentException when it changes what is fixed
     */
    public ApiDefinition updated(ObjectNode update, long nowMillis) {
        ObjectNode before = destination();
        ObjectNode after = DestinationUpdate.merged(before.deepCopy(), update);
        if (after.equals(ApiDefinition::compare, before)) {
            return this;
        }
        ObjectNode changed = document.deepCopy();
        changed.set(DESTINATION, after);
        changed.put(UPDATED, BigDecimal.valueOf(nowMillis, 3));
        return new ApiDefinition(changed);
    }

    /** Numbers of the same value are the same, however they are written: 0 if they are. */
    private static int compare(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
    }

    /** ExtendedS3DestinationConfiguration, whole. Not to be changed. */
    ObjectNode destination() {
        return (ObjectNode) document.get(DESTINATION);
    }

    /** DirectPutSourceConfiguration. */
    public Optional<ObjectNode> source() {
        return Optional.ofNullable((ObjectNode) document.get(SOURCE));
    }

    /** How it was to be encrypted when it was made. */
    Optional<EncryptionSettings> encryption() {
        return RequestRules.encryptionOf(document);
    }

    /** The tags that it was made with. */
    JsonNode tags() {
        return document.path(TAGS);
    }

    /** When it was changed last, in seconds since the epoch; empty when it never was. */
    public Optional<BigDecimal> lastUpdate() {
        return Optional.ofNullable(document.get(UPDATED)).map(JsonNode::decimalValue);
    }

    /** JSON in one line. */
    @Override
    public String toString() {
        return document.toString();
    }
}

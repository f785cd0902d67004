package io.delivery.api.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.ApiException;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The tags of a stream: texts by key, in the order of their keys. A tag may have no value. Those
 * that were written later take the place of those that a stream was made with. Immutable.
 */
public final class StreamTags {
    /** No tags. */
    public static final StreamTags NONE = new StreamTags(new TreeMap<>());

    private static final int MOST = 50; // API reference, TagDeliveryStream
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final NavigableMap<String, Optional<String>> byKey;

    private StreamTags(NavigableMap<String, Optional<String>> byKey) {
        this.byKey = byKey;
    }

    /**
     * Those of a stream.
     *
     * @param document the stream's {@link ApiDefinition}
     * @param written what {@link #toString} gave when they were changed last; empty when they never
     *     were
     */
    public static StreamTags of(String document, Optional<String> written) {
        return written.isPresent()
                ? parse(written.get())
                : NONE.with(ApiDefinition.parse(document).tags());
    }

    private static StreamTags parse(String text) {
        try {
            return NONE.with(MAPPER.readTree(text));
        } catch (JsonProcessingException noJson) {
            throw new IllegalArgumentException("tags that are not JSON: " + text, noJson);
        }
    }

    /**
     * With more of them; a key that is there gets the new value, and of a key that comes twice the
     * last counts.
     *
     * @param tags list of {@code {Key, Value}}
     */
    StreamTags with(JsonNode tags) {
        NavigableMap<String, Optional<String>> more = new TreeMap<>(byKey);
        for (JsonNode tag : tags) {
            more.put(
                    tag.path("Key").asText(),
                    Optional.ofNullable(tag.get("Value")).map(JsonNode::asText));
        }
        return new StreamTags(more);
    }

    /**
     * What a TagDeliveryStream leaves.
     *
     * @throws ApiException LimitExceededException when they were more than 50
     */
    public StreamTags tagged(ObjectNode request) {
        StreamTags tagged = with(request.path("Tags"));
        if (tagged.byKey.size() > MOST) {
            throw ApiException.limitExceeded(
                    "A Firehose can have at most %d tags, and would have %d."
                            .formatted(MOST, tagged.byKey.size()));
        }
        return tagged;
    }

    /** What an UntagDeliveryStream leaves. */
    public StreamTags untagged(ObjectNode request) {
        NavigableMap<String, Optional<String>> fewer = new TreeMap<>(byKey);
        request.path("TagKeys").forEach(key -> fewer.remove(key.asText()));
        return new StreamTags(fewer);
    }

    /** The reply of ListTagsForDeliveryStream. */
    public ObjectNode page(ObjectNode request) {
        String behind = request.path("ExclusiveStartTagKey").asText("");
        int limit = request.path("Limit").asInt(MOST);
        NavigableMap<String, Optional<String>> rest = byKey.tailMap(behind, false);
        ObjectNode reply = JsonNodeFactory.instance.objectNode();
        ArrayNode shown = reply.putArray("Tags");
        rest.entrySet().stream()
                .limit(limit)
                .forEach(tag -> put(shown.addObject(), tag.getKey(), tag.getValue()));
        return reply.put("HasMoreTags", rest.size() > limit);
    }

    private static void put(ObjectNode tag, String key, Optional<String> value) {
        tag.put("Key", key);
        value.ifPresent(text -> tag.put("Value", text));
    }

    /** JSON in one line. */
    @Override
    public String toString() {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        byKey.forEach((key, value) -> put(all.addObject(), key, value));
        return all.toString();
    }
}

package io.delivery.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.codec.StreamQuery;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** ListDeliveryStreams: names in alphabetical order, a page at a time. */
final class ListDeliveryStreams implements Operation {
    private static final String DIRECT_PUT = "DirectPut";

    private final Streams streams;

    ListDeliveryStreams(Streams streams) {
        this.streams = streams;
    }

    @Override
    public String name() {
        return "ListDeliveryStreams";
    }

    @Override
    public CompletionStage<byte[]> answer(Call call) {
        StreamQuery query = StreamQuery.readList(call.body(), 0, call.length());
        String behind = query.streamName() == null ? "" : query.streamName();
        // Every stream is DirectPut for now; an unknown type yields an empty list (captured).
        boolean ofThisType = query.streamType() == null || query.streamType().equals(DIRECT_PUT);
        List<String> names =
                streams.names().stream()
                        .filter(name -> ofThisType && name.compareTo(behind) > 0)
                        .sorted()
                        .toList();
        List<String> page = names.subList(0, Math.min(query.limit(), names.size()));
        ObjectNode reply = JsonNodeFactory.instance.objectNode();
        ArrayNode listed = reply.putArray("DeliveryStreamNames");
        page.forEach(listed::add);
        reply.put("HasMoreDeliveryStreams", page.size() < names.size());
        return CompletableFuture.completedFuture(reply.toString().getBytes(StandardCharsets.UTF_8));
    }
}

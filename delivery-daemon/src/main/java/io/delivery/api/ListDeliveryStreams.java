package io.delivery.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.model.RequestReader;
import io.delivery.api.model.ServiceModel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** ListDeliveryStreams: names in alphabetical order, a page at a time. */
final class ListDeliveryStreams implements Operation {
    private static final String DIRECT_PUT = "DirectPut";

    private static final int DEFAULT_LIMIT = 10; // API reference, ListDeliveryStreams

    private final Streams streams;
    private final RequestReader requests;

    ListDeliveryStreams(Streams streams, ServiceModel model) {
        this.streams = streams;
        this.requests = RequestReader.of(model, name()).withAnyText("DeliveryStreamType");
    }

    @Override
    public String name() {
        return "ListDeliveryStreams";
    }

    @Override
    public CompletionStage<byte[]> answer(Call call) {
        call.caller().mustBeAllowed(name());
        ObjectNode request = requests.read(call.body(), 0, call.length());
        String behind = request.path("ExclusiveStartDeliveryStreamName").asText("");
        String type = request.path("DeliveryStreamType").asText(DIRECT_PUT);
        int limit = request.path("Limit").asInt(DEFAULT_LIMIT);
        // Every stream is DirectPut for now; an unknown type yields an empty list (captured).
        boolean ofThisType = type.equals(DIRECT_PUT);
        List<String> names =
                streams.names().stream()
                        .filter(name -> ofThisType && name.compareTo(behind) > 0)
                        .sorted()
                        .toList();
        List<String> page = names.subList(0, Math.min(limit, names.size()));
        ObjectNode reply = JsonNodeFactory.instance.objectNode();
        ArrayNode listed = reply.putArray("DeliveryStreamNames");
        page.forEach(listed::add);
        reply.put("HasMoreDeliveryStreams", page.size() < names.size());
        return CompletableFuture.completedFuture(reply.toString().getBytes(StandardCharsets.UTF_8));
    }
}

package io.delivery.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.codec.StreamDescription;
import io.delivery.api.codec.StreamQuery;
import io.delivery.config.StreamDefinition;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** DescribeDeliveryStream: a stream in the API's words. */
final class DescribeDeliveryStream implements Operation {
    private final Streams streams;
    private final StreamDescription description;
    private final String account;

    DescribeDeliveryStream(Streams streams, StreamDescription description, String account) {
        this.streams = streams;
        this.description = description;
        this.account = account;
    }

    @Override
    public String name() {
        return "DescribeDeliveryStream";
    }

    @Override
    public CompletionStage<byte[]> answer(Call call) {
        String name = StreamQuery.readDescribe(call.body(), 0, call.length()).streamName();
        call.caller().mustBeAllowed(name(), name);
        StreamDoor stream =
                streams.find(name).orElseThrow(() -> ApiException.streamNotFound(name, account));
        StreamDefinition definition = stream.definition().orElseThrow(ApiException::slowDown);
        ObjectNode described =
                description.of(
                        definition, stream.status().createdMillis(), stream.serde(definition));
        return CompletableFuture.completedFuture(
                described.toString().getBytes(StandardCharsets.UTF_8));
    }
}

package io.delivery.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.codec.StreamDescription;
import io.delivery.api.control.ApiDefinition;
import io.delivery.api.model.RequestReader;
import io.delivery.api.model.ServiceModel;
import io.delivery.config.StreamDefinition;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** DescribeDeliveryStream: a stream in the API's words. */
final class DescribeDeliveryStream implements Operation {
    private final Streams streams;
    private final StreamDescription description;
    private final String account;
    private final RequestReader requests;

    DescribeDeliveryStream(
            Streams streams, StreamDescription description, String account, ServiceModel model) {
        this.requests = RequestReader.of(model, name());
        this.streams = streams;
        this.description = description;
        this.account = account;
    }

    @Override
    public String name() {
        return "DescribeDeliveryStream";
    }

    private ObjectNode described(StreamDoor stream) {
        Optional<String> document = stream.document();
        if (document.isPresent()) {
            return description.of(
                    ApiDefinition.parse(document.get()),
                    stream.status(),
                    stream.encryption(),
                    stream.version());
        }
        StreamDefinition definition = stream.definition().orElseThrow(ApiException::slowDown);
        return description.of(
                definition, stream.status(), stream.encryption(), stream.serde(definition));
    }

    @Override
    public CompletionStage<byte[]> answer(Call call) {
        ObjectNode request = requests.read(call.body(), 0, call.length());
        String name = request.get("DeliveryStreamName").asText();
        call.caller().mustBeAllowed(name(), name);
        StreamDoor stream = streams.require(name, account);
        ObjectNode described = described(stream);
        return CompletableFuture.completedFuture(
                described.toString().getBytes(StandardCharsets.UTF_8));
    }
}

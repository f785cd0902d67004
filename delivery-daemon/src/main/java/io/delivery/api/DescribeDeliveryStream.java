package io.delivery.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.codec.StreamDescription;
import io.delivery.api.control.ApiDefinition;
import io.delivery.api.model.RequestReader;
import io.delivery.api.model.ServiceModel;
import io.delivery.config.EncryptionStatus;
import io.delivery.config.StreamDefinition;
import io.delivery.format.JsonSerDe;
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

    private CompletionStage<ObjectNode> described(StreamDoor stream) {
        Optional<String> document = stream.document();
        if (document.isPresent()) {
            return CompletableFuture.completedFuture(
                    description.of(
                            ApiDefinition.parse(document.get()),
                            stream.status(),
                            encryption(stream),
                            stream.version()));
        }
        StreamDefinition definition = stream.definition().orElseThrow(ApiException::slowDown);
        return serde(definition)
                .thenApply(
                        serde ->
                                description.of(
                                        definition, stream.status(), encryption(stream), serde));
    }

    private static EncryptionStatus encryption(StreamDoor stream) {
        return stream.encryption().orElseThrow(ApiException::slowDown);
    }

    /**
     * Of a stream that converts and does not say it, its table is asked, which may take a while.
     */
    private CompletionStage<JsonSerDe> serde(StreamDefinition definition) {
        return definition
                .format()
                .choose(
                        raw -> CompletableFuture.completedFuture(JsonSerDe.OpenX.DEFAULTS),
                        converted ->
                                converted
                                        .decoder()
                                        .serde()
                                        .<CompletionStage<JsonSerDe>>map(
                                                CompletableFuture::completedFuture)
                                        .orElseGet(
                                                () -> streams.outside().serde(converted.schema())));
    }

    @Override
    public CompletionStage<byte[]> answer(Call call) {
        ObjectNode request = requests.read(call.body(), 0, call.length());
        String name = request.get("DeliveryStreamName").asText();
        call.caller().mustBeAllowed(name(), name);
        StreamDoor stream = streams.require(name, account);
        return described(stream)
                .thenApply(described -> described.toString().getBytes(StandardCharsets.UTF_8));
    }
}

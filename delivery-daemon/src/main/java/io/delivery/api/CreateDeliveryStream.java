package io.delivery.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.control.ApiDefinition;
import io.delivery.api.control.DefinitionReader;
import io.delivery.api.control.RequestRules;
import io.delivery.api.control.Resolver;
import io.delivery.api.model.RequestReader;
import io.delivery.api.model.ServiceModel;
import io.delivery.config.StreamDefinition;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;

/** CreateDeliveryStream: answers when the stream accepts records. */
final class CreateDeliveryStream implements Operation {
    private final Streams streams;
    private final StreamChanges changes;
    private final Resolver resolver;
    private final Requirements requirements;
    private final Refusals refusals;
    private final String region;
    private final String account;
    private final RequestReader requests;

    CreateDeliveryStream(Streams streams, String region, String account, ServiceModel model) {
        this.streams = streams;
        this.changes = streams.changes();
        this.resolver = streams.resolver();
        this.requirements = new Requirements(streams.outside());
        this.refusals = new Refusals(account);
        this.region = region;
        this.account = account;
        this.requests = RequestReader.of(model, name()).refusingUnknown();
    }

    @Override
    public String name() {
        return "CreateDeliveryStream";
    }

    @Override
    public CompletionStage<byte[]> answer(Call call) {
        ObjectNode request = requests.read(call.body(), 0, call.length());
        String name = request.get("DeliveryStreamName").asText();
        call.caller().mustBeAllowed(name(), name);
        if (streams.look(name).isPresent()) {
            throw refusals.exists(name);
        }
        RequestRules.requireCreatable(request);
        RequestRules.encryptionOf(request)
                .ifPresent(encryption -> EncryptionOperation.requireKey(resolver, encryption));
        ApiDefinition document = ApiDefinition.of(request);
        StreamDefinition definition = DefinitionReader.accept(resolver, name, document);
        return requirements
                .met(definition)
                .thenCompose(there -> changes.create(definition, document.toString()))
                .handle((made, failure) -> refusals.orElse(failure, name, this::arn));
    }

    private byte[] arn(String stream) {
        ObjectNode reply = JsonNodeFactory.instance.objectNode();
        reply.put(
                "DeliveryStreamARN",
                "arn:aws:firehose:%s:%s:deliverystream/%s".formatted(region, account, stream));
        return reply.toString().getBytes(StandardCharsets.UTF_8);
    }
}

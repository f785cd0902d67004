package io.delivery.api;

import io.delivery.api.model.RequestReader;
import io.delivery.api.model.ServiceModel;
import java.util.concurrent.CompletionStage;

/**
 * An operation of Firehose that this server knows and does not offer: it says so instead of
 * pretending. What the API's model refuses it refuses first.
 */
final class Unavailable implements Operation {
    private final String name;
    private final RequestReader requests;

    Unavailable(String name, ServiceModel model) {
        this.name = name;
        this.requests = RequestReader.of(model, name);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CompletionStage<byte[]> answer(Call call) {
        String stream =
                requests.read(call.body(), 0, call.length()).get("DeliveryStreamName").asText();
        call.caller().mustBeAllowed(name, stream);
        throw ApiException.invalidArgument(name + " is not available on this server.");
    }
}

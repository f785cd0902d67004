package io.delivery.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.model.RequestReader;
import io.delivery.api.model.ServiceModel;
import io.delivery.config.Origin;
import io.delivery.stream.StreamPhase;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * DeleteDeliveryStream: what has not landed is discarded. Answers when nothing brings the stream
 * back; AllowForceDelete changes nothing, because nothing here can hold a deletion up.
 */
final class DeleteDeliveryStream implements Operation {
    private final Streams streams;
    private final StreamChanges changes;
    private final Refusals refusals;
    private final String account;
    private final RequestReader requests;

    DeleteDeliveryStream(Streams streams, String account, ServiceModel model) {
        this.streams = streams;
        this.changes = streams.changes();
        this.refusals = new Refusals(account);
        this.account = account;
        this.requests = RequestReader.of(model, name()).refusingUnknown();
    }

    @Override
    public String name() {
        return "DeleteDeliveryStream";
    }

    @Override
    public CompletionStage<byte[]> answer(Call call) {
        ObjectNode request = requests.read(call.body(), 0, call.length());
        String name = request.get("DeliveryStreamName").asText();
        call.caller().mustBeAllowed(name(), name);
        StreamDoor stream = streams.require(name, account);
        if (stream.status().origin() != Origin.API) {
            Refusals.requireKnown(stream);
            throw Refusals.definedElsewhere(name);
        }
        StreamPhase phase = stream.status().phase();
        if (phase == StreamPhase.DELETING) {
            return CompletableFuture.completedFuture(Refusals.emptyReply());
        }
        if (phase == StreamPhase.CREATING) {
            throw Refusals.inUse(
                    "Firehose %s under account %s cannot be deleted in %s state"
                            .formatted(name, account, phase));
        }
        return changes.delete(name).handle((done, failure) -> refusals.orEmpty(failure, name));
    }
}

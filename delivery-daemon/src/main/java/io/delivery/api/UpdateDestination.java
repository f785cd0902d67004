package io.delivery.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.codec.StreamDescription;
import io.delivery.api.control.ApiDefinition;
import io.delivery.api.control.DefinitionReader;
import io.delivery.api.control.RequestRules;
import io.delivery.api.control.Resolver;
import io.delivery.api.model.RequestReader;
import io.delivery.api.model.ServiceModel;
import io.delivery.config.StreamDefinition;
import io.delivery.stream.StreamPhase;
import io.delivery.world.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * UpdateDestination: answers when the definition is durable; it takes effect for records that are
 * read from then on. Checks come in this order: existence, status, version, destination id,
 * content.
 */
final class UpdateDestination implements Operation {
    private final Streams streams;
    private final StreamChanges changes;
    private final Resolver resolver;
    private final Requirements requirements;
    private final Refusals refusals;
    private final String account;
    private final Clock clock;
    private final RequestReader requests;

    UpdateDestination(Streams streams, String account, Clock clock, ServiceModel model) {
        this.streams = streams;
        this.changes = streams.changes();
        this.resolver = streams.resolver();
        this.requirements = new Requirements(streams.outside());
        this.refusals = new Refusals(account);
        this.account = account;
        this.clock = clock;
        this.requests = RequestReader.of(model, name()).refusingUnknown();
    }

    @Override
    public String name() {
        return "UpdateDestination";
    }

    @Override
    public CompletionStage<byte[]> answer(Call call) {
        ObjectNode request = requests.read(call.body(), 0, call.length());
        String name = request.get("DeliveryStreamName").asText();
        call.caller().mustBeAllowed(name(), name);
        StreamDoor stream = streams.require(name, account);
        ApiDefinition present = changeable(stream, name);
        int version = requireVersion(request, stream, name);
        requireDestination(request);
        ApiDefinition next = present.updated(RequestRules.updateOf(request), clock.millis());
        if (next == present) {
            return CompletableFuture.completedFuture(Refusals.emptyReply());
        }
        StreamDefinition definition = DefinitionReader.accept(resolver, name, next);
        return requirements
                .met(definition, DefinitionReader.read(resolver, name, present))
                .thenCompose(there -> changes.update(definition, next.toString(), version))
                .handle((done, failure) -> refusals.orEmpty(failure, name));
    }

    private static ApiDefinition changeable(StreamDoor stream, String name) {
        StreamPhase phase = stream.status().phase();
        if (phase == StreamPhase.CLOSED) {
            throw ApiException.slowDown(); // an operator must look; the log and the status say why
        }
        if (phase != StreamPhase.ACTIVE) {
            throw Refusals.inUse(
                    "Cannot update firehose: %s when it is in %s status".formatted(name, phase));
        }
        return ApiDefinition.parse(Refusals.documentOf(stream, name));
    }

    private static int requireVersion(ObjectNode request, StreamDoor stream, String name) {
        String given = request.get("CurrentDeliveryStreamVersionId").asText();
        int version = stream.version();
        if (!given.equals(String.valueOf(version))) {
            throw Refusals.concurrentModification(
                    "Cannot update firehose: %s since the current version id: %d and specified version id: %s do not match"
                            .formatted(name, version, given));
        }
        return version;
    }

    private static void requireDestination(ObjectNode request) {
        String given = request.get("DestinationId").asText();
        if (!given.equals(StreamDescription.DESTINATION_ID)) {
            throw ApiException.invalidArgument("Destination Id %s not found".formatted(given));
        }
    }
}

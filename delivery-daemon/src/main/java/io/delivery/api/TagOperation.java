package io.delivery.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.control.StreamTags;
import io.delivery.api.model.RequestReader;
import io.delivery.api.model.ServiceModel;
import io.delivery.stream.StreamPhase;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/** TagDeliveryStream and UntagDeliveryStream. A stream of the configuration has no tags. */
final class TagOperation implements Operation {
    private final String name;
    private final BiFunction<StreamTags, ObjectNode, StreamTags> change;
    private final Streams streams;
    private final StreamChanges changes;
    private final Refusals refusals;
    private final String account;
    private final RequestReader requests;

    private TagOperation(
            String name,
            BiFunction<StreamTags, ObjectNode, StreamTags> change,
            Streams streams,
            String account,
            ServiceModel model) {
        this.name = name;
        this.change = change;
        this.streams = streams;
        this.changes = streams.changes();
        this.refusals = new Refusals(account);
        this.account = account;
        this.requests = RequestReader.of(model, name).refusingUnknown();
    }

    static Operation tag(Streams streams, String account, ServiceModel model) {
        return new TagOperation("TagDeliveryStream", StreamTags::tagged, streams, account, model);
    }

    static Operation untag(Streams streams, String account, ServiceModel model) {
        return new TagOperation(
                "UntagDeliveryStream", StreamTags::untagged, streams, account, model);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CompletionStage<byte[]> answer(Call call) {
        ObjectNode request = requests.read(call.body(), 0, call.length());
        String stream = request.get("DeliveryStreamName").asText();
        call.caller().mustBeAllowed(name, stream);
        StreamDoor found = streams.require(stream, account);
        String document = Refusals.documentOf(found, stream);
        if (found.status().phase() == StreamPhase.DELETING) {
            throw Refusals.inUse(
                    "Firehose %s under account %s cannot be tagged in DELETING state"
                            .formatted(stream, account));
        }
        return changes.tag(
                        stream,
                        written ->
                                Optional.of(
                                        change.apply(StreamTags.of(document, written), request)
                                                .toString()))
                .handle((done, failure) -> refusals.orEmpty(failure, stream));
    }

    /** ListTagsForDeliveryStream. */
    static final class ListTags implements Operation {
        private final Streams streams;
        private final String account;
        private final RequestReader requests;

        ListTags(Streams streams, String account, ServiceModel model) {
            this.streams = streams;
            this.account = account;
            this.requests = RequestReader.of(model, name());
        }

        @Override
        public String name() {
            return "ListTagsForDeliveryStream";
        }

        @Override
        public CompletionStage<byte[]> answer(Call call) {
            ObjectNode request = requests.read(call.body(), 0, call.length());
            String stream = request.get("DeliveryStreamName").asText();
            call.caller().mustBeAllowed(name(), stream);
            StreamDoor found = streams.require(stream, account);
            Refusals.requireKnown(found);
            StreamTags tags =
                    found.document()
                            .map(document -> StreamTags.of(document, found.tags()))
                            .orElse(StreamTags.NONE);
            return CompletableFuture.completedFuture(
                    tags.page(request).toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}

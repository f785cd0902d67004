package io.delivery.api;

import io.delivery.api.codec.StreamDescription;
import io.delivery.api.model.ServiceModel;
import io.delivery.world.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/** The table of operations: what X-Amz-Target may name. */
public final class Operations {
    private static final String TARGET_PREFIX = "Firehose_20150804."; // API model

    private final Map<String, Operation> byTarget = new HashMap<>();

    /**
     * @param region in ARNs
     * @param account in ARNs and messages
     * @param model what requests must keep
     * @param executor where replies are written once records are durable
     */
    public Operations(
            Streams streams,
            String region,
            String account,
            ServiceModel model,
            FrameMemory memory,
            Clock clock,
            Executor executor) {
        StreamDescription description =
                new StreamDescription(region, account, clock.millis(), model);
        Stream.of(
                        new PutOperation(
                                PutOperation.Shape.RECORD,
                                streams,
                                account,
                                memory,
                                clock,
                                executor),
                        new PutOperation(
                                PutOperation.Shape.BATCH,
                                streams,
                                account,
                                memory,
                                clock,
                                executor),
                        new DescribeDeliveryStream(streams, description, account, model),
                        new ListDeliveryStreams(streams, model),
                        new CreateDeliveryStream(streams, region, account, model),
                        new UpdateDestination(streams, account, clock, model),
                        new DeleteDeliveryStream(streams, account, model),
                        TagOperation.tag(streams, account, model),
                        TagOperation.untag(streams, account, model),
                        new TagOperation.ListTags(streams, account, model),
                        EncryptionOperation.start(streams, account, model),
                        EncryptionOperation.stop(streams, account, model))
                .forEach(this::add);
    }

    private void add(Operation operation) {
        byTarget.put(TARGET_PREFIX + operation.name(), operation);
    }

    /**
     * @param target the X-Amz-Target header; null when it is absent
     * @throws ApiException UnknownOperationException
     */
    public Operation find(String target) {
        Operation operation = target == null ? null : byTarget.get(target);
        if (operation == null) {
            throw ApiException.unknownOperation(
                    "X-Amz-Target names no operation of " + TARGET_PREFIX + "*");
        }
        return operation;
    }
}

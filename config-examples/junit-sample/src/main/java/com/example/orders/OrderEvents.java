package com.example.orders;

import java.util.List;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchResponse;
import software.amazon.awssdk.services.firehose.model.Record;

/** The application: tells the lake of orders. It knows nothing of any test. */
public final class OrderEvents {
    private final FirehoseClient firehose;
    private final String stream;

    public OrderEvents(FirehoseClient firehose, String stream) {
        this.firehose = firehose;
        this.stream = stream;
    }

    /** One order: an id and an amount such as 12.50. */
    public record Order(long id, String amount) {
        private Record asRecord() {
            return Record.builder()
                    .data(
                            SdkBytes.fromUtf8String(
                                    "{\"id\":%d,\"amount\":\"%s\"}\n".formatted(id, amount)))
                    .build();
        }
    }

    public void placed(List<Order> orders) {
        PutRecordBatchResponse answer =
                firehose.putRecordBatch(
                        put ->
                                put.deliveryStreamName(stream)
                                        .records(orders.stream().map(Order::asRecord).toList()));
        if (answer.failedPutCount() > 0) {
            throw new IllegalStateException(answer.failedPutCount() + " orders were not taken");
        }
    }
}

package com.example.orders;

import static org.junit.jupiter.api.Assertions.assertThrows;

import com.example.orders.OrderEvents.Order;
import io.delivery.junit.Delivery;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.ResourceNotFoundException;

/** What the application puts is an object a moment later. */
class OrderEventsTest {
    @RegisterExtension
    static final Delivery delivery = Delivery.withDirectory().stream("orders", "shop");

    private FirehoseClient firehose;

    @BeforeEach
    void connect() {
        firehose =
                FirehoseClient.builder()
                        .endpointOverride(delivery.endpoint())
                        .region(Region.of(delivery.region()))
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(
                                                delivery.accessKeyId(),
                                                delivery.secretAccessKey())))
                        .build();
    }

    @AfterEach
    void disconnect() {
        firehose.close();
    }

    @Test
    void each_order_is_a_line_of_JSON() {
        new OrderEvents(firehose, "orders").placed(List.of(new Order(1, "12.50"), new Order(2, "3")));

        delivery.landed("orders")
                .assertLines("{\"id\":1,\"amount\":\"12.50\"}", "{\"id\":2,\"amount\":\"3\"}")
                .assertNoErrors();
    }

    @Test
    void a_stream_that_is_not_there_is_an_error_of_the_SDK() {
        OrderEvents events = new OrderEvents(firehose, "no-such-stream");

        assertThrows(
                ResourceNotFoundException.class, () -> events.placed(List.of(new Order(1, "1"))));
    }
}

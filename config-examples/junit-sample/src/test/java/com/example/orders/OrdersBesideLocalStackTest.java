package com.example.orders;

import com.example.orders.OrderEvents.Order;
import io.delivery.junit.Delivery;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.firehose.FirehoseClient;

/**
 * For a team whose tests have a LocalStack: Firehose is the service here, and its objects land in
 * the S3 of that LocalStack. With Testcontainers the supplier is {@code LOCALSTACK::getEndpoint}.
 */
@EnabledIfEnvironmentVariable(
        named = "LOCALSTACK_ENDPOINT",
        matches = "http.+",
        disabledReason = "LOCALSTACK_ENDPOINT names no LocalStack")
class OrdersBesideLocalStackTest {
    @RegisterExtension
    static final Delivery delivery =
            Delivery.withLocalStack(() -> URI.create(System.getenv("LOCALSTACK_ENDPOINT")))
                    .stream("orders", "shop");

    @Test
    void orders_land_in_its_S3() {
        // Every service of AWS is the LocalStack, but for Firehose.
        System.setProperty("aws.endpointUrl", System.getenv("LOCALSTACK_ENDPOINT"));
        delivery.systemProperties().forEach(System::setProperty);
        try (FirehoseClient firehose = FirehoseClient.create()) {
            new OrderEvents(firehose, "orders").placed(List.of(new Order(1, "12.50")));
        } finally {
            System.clearProperty("aws.endpointUrl");
            delivery.systemProperties().keySet().forEach(System::clearProperty);
        }

        delivery.landed("orders").assertLines("{\"id\":1,\"amount\":\"12.50\"}");
    }
}

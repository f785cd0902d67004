package com.example.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.example.orders.OrderEvents.Order;
import io.delivery.junit.Delivery;
import io.delivery.junit.Landed;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.firehose.FirehoseClient;

/**
 * Orders become rows of Parquet, by the configuration that the service runs with. The client is made
 * without a word on endpoint, region or credentials, as in production: system properties say that.
 */
class OrderTableTest {
    @RegisterExtension
    static final Delivery delivery =
            Delivery.withDirectory().configuration(Path.of("src/test/resources/delivery.yaml"));

    @BeforeAll
    static void point() {
        delivery.systemProperties().forEach(System::setProperty);
    }

    @AfterAll
    static void pointBack() {
        delivery.systemProperties().keySet().forEach(System::clearProperty);
    }

    @Test
    void an_order_is_a_row_and_one_without_an_amount_is_an_error() {
        try (FirehoseClient firehose = FirehoseClient.create()) {
            new OrderEvents(firehose, "orders")
                    .placed(List.of(new Order(7, "12.50"), new Order(8, "much")));
        }

        Landed landed =
                delivery.landed("orders")
                        .assertRow(Map.of("id", 7, "amount", new BigDecimal("12.50")))
                        .assertRecords(1)
                        .assertError("DataFormatConversion.MalformedData");
        assertEquals(
                "{\"id\":8,\"amount\":\"much\"}\n", landed.errors().get(0).rawText(), landed::describe);
    }
}

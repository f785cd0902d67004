package io.delivery.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordBatch;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClickstreamTest {
    @Test
    void same_seed_makes_the_same_records() {
        Clickstream first = Clickstream.zipf(7, 100);
        Clickstream second = Clickstream.zipf(7, 100);

        for (int i = 0; i < 100; i++) {
            assertThat(first.record()).isEqualTo(second.record());
        }
        assertThat(Clickstream.zipf(8, 100).record())
                .isNotEqualTo(Clickstream.zipf(7, 100).record());
    }

    @Test
    void records_are_json_of_16_fields_and_443_bytes_on_average() throws Exception {
        Clickstream clicks = Clickstream.zipf(1, 1000);
        ObjectMapper json = new ObjectMapper();
        Set<String> fields = new HashSet<>();
        long bytes = 0;
        int count = 20_000;

        for (int i = 0; i < count; i++) {
            byte[] record = clicks.record();
            bytes += record.length;
            JsonNode tree = json.readTree(record);
            tree.fieldNames().forEachRemaining(fields::add);
            assertThat(tree.path("geo").size()).isEqualTo(5);
        }

        assertThat(fields).hasSize(16);
        assertThat((double) bytes / count).isBetween(438.0, 448.0);
    }

    @Test
    void every_customer_has_records_and_with_zipf_the_first_has_most() throws Exception {
        Map<String, Integer> even = customers(Clickstream.uniform(3, 50));
        Map<String, Integer> uneven = customers(Clickstream.zipf(3, 50));

        assertThat(even).hasSize(50);
        assertThat(even.values()).allMatch(times -> times > 20);
        assertThat(uneven).hasSize(50);
        assertThat(uneven.get("cust-10000")).isGreaterThan(10 * uneven.get("cust-10049"));
    }

    private static Map<String, Integer> customers(Clickstream clicks) throws Exception {
        ObjectMapper json = new ObjectMapper();
        Map<String, Integer> times = new HashMap<>();
        RecordBatch.Cursor cursor = clicks.batch(2500).cursor();
        for (DeliveryRecord next = cursor.next(); next != null; next = cursor.next()) {
            JsonNode tree = json.readTree(next.array(), next.offset(), next.length());
            times.merge(tree.path("customer_id").textValue(), 1, Integer::sum);
        }
        return times;
    }
}

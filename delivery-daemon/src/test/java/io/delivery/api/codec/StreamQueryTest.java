package io.delivery.api.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StreamQueryTest {
    @Test
    void describe_takes_a_name_and_ignores_what_it_does_not_know() {
        assertThat(
                        describe(
                                "{'X':[],'Limit':10000,'ExclusiveStartDestinationId':'d-1',"
                                        + "'DeliveryStreamName':'s'}"))
                .isEqualTo(new StreamQuery("s", null, 1));
    }

    @Test
    void describe_reports_every_broken_constraint() {
        assertThatThrownBy(() -> describe("{'Limit':10001,'ExclusiveStartDestinationId':'a b'}"))
                .hasMessage(
                        "3 validation errors detected: Value at 'deliveryStreamName' failed to"
                                + " satisfy constraint: Member must not be null; Value at 'limit'"
                                + " failed to satisfy constraint: Member must have value less than or"
                                + " equal to 10000; Value at 'exclusiveStartDestinationId' failed to"
                                + " satisfy constraint: Member must satisfy regular expression"
                                + " pattern: [a-zA-Z0-9-]+");
    }

    @Test
    void list_takes_nothing_or_everything() {
        assertThat(list("{}")).isEqualTo(new StreamQuery(null, null, 10));
        assertThat(
                        list(
                                "{'Limit':3,'ExclusiveStartDeliveryStreamName':'a',"
                                        + "'DeliveryStreamType':'DirectPut'}"))
                .isEqualTo(new StreamQuery("a", "DirectPut", 3));
        assertThat(
                        list(
                                "{'Limit':null,'ExclusiveStartDeliveryStreamName':null,"
                                        + "'DeliveryStreamType':null}"))
                .isEqualTo(new StreamQuery(null, null, 10));
    }

    @Test
    void a_limit_is_a_whole_number() {
        for (String limit : new String[] {"1.5", "1e2", "'1'", "99999999999", "true", "[]"}) {
            assertThatThrownBy(() -> list("{'Limit':" + limit + "}"))
                    .as(limit)
                    .hasMessageContaining("can not be converted to an Integer");
        }
    }

    private static StreamQuery describe(String body) {
        byte[] bytes = bytes(body);
        return StreamQuery.readDescribe(bytes, 0, bytes.length);
    }

    private static StreamQuery list(String body) {
        byte[] bytes = bytes(body);
        return StreamQuery.readList(bytes, 0, bytes.length);
    }

    private static byte[] bytes(String body) {
        return body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }
}

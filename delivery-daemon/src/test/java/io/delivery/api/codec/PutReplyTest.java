package io.delivery.api.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.Incarnation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PutReplyTest {
    private static final Incarnation INCARNATION = new Incarnation(-1L, 0x0102030405060708L);

    @Test
    void a_record_is_answered_with_its_id() {
        AcceptedBatch accepted = new AcceptedBatch(INCARNATION, 7, 1, false);

        String reply = new String(PutReply.record(accepted), StandardCharsets.UTF_8);

        assertThat(reply)
                .isEqualTo(
                        "{\"RecordId\":\"" + accepted.idOf(0).encode() + "\",\"Encrypted\":false}");
    }

    @Test
    void a_batch_is_answered_record_by_record_in_its_order() throws IOException {
        AcceptedBatch accepted = new AcceptedBatch(INCARNATION, Long.MAX_VALUE - 500, 500, false);

        JsonNode reply = new ObjectMapper().readTree(PutReply.batch(accepted, 0));

        assertThat(reply.path("FailedPutCount").asInt(-1)).isZero();
        assertThat(reply.path("Encrypted").asBoolean(true)).isFalse();
        assertThat(reply.path("RequestResponses")).hasSize(500);
        for (int i = 0; i < 500; i++) {
            assertThat(reply.path("RequestResponses").get(i).path("RecordId").asText())
                    .isEqualTo(accepted.idOf(i).encode());
        }
    }

    @Test
    void ids_are_right_on_both_sides_of_every_byte_of_a_sequence() throws IOException {
        for (int bits = 0; bits < Long.SIZE; bits += 8) {
            long first = Math.max(0, (1L << bits) - 3);
            AcceptedBatch accepted = new AcceptedBatch(INCARNATION, first, 7, false);

            JsonNode reply = new ObjectMapper().readTree(PutReply.batch(accepted, 0));

            for (int i = 0; i < 7; i++) {
                assertThat(reply.path("RequestResponses").get(i).path("RecordId").asText())
                        .isEqualTo(accepted.idOf(i).encode());
            }
        }
    }

    @Test
    void records_behind_the_accepted_ones_are_answered_with_slow_down() throws IOException {
        AcceptedBatch accepted = new AcceptedBatch(INCARNATION, 7, 1, false);

        String reply = new String(PutReply.batch(accepted, 2), StandardCharsets.UTF_8);

        assertThat(reply)
                .isEqualTo(
                        "{\"Encrypted\":false,\"FailedPutCount\":2,\"RequestResponses\":[{\"RecordId\":\""
                                + accepted.idOf(0).encode()
                                + "\"},{\"ErrorCode\":\"ServiceUnavailableException\",\"ErrorMessage\":\"Slow down.\"},"
                                + "{\"ErrorCode\":\"ServiceUnavailableException\",\"ErrorMessage\":\"Slow down.\"}]}");
    }
}

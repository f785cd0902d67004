package io.delivery.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.function.Invocation;
import io.delivery.record.Incarnation;
import io.delivery.record.SequencedRecord;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class EventWriterTest {
    private static final String ID = "0f8fad5b-d9cb-469f-a165-70867728950e";
    private static final String ARN = "arn:aws:firehose:us-east-1:000000000000:deliverystream/c";
    private static final List<String> IDS = List.of("4956", "4957.1");

    private static final EventSource KINESIS =
            new EventSource.Kinesis(
                    "arn:aws:kinesis:us-east-1:000000000000:stream/s",
                    record ->
                            new EventSource.KinesisMetadata(
                                    "shardId-000000000000", "k\"ä", 1495072949453L, "4954", 0));

    private static final EventSource KAFKA =
            new EventSource.Kafka(
                    "arn:aws:kafka:us-east-1:000000000000:cluster/k",
                    record -> new EventSource.KafkaMetadata(7, 1, 1495072949453L));

    private static EventWriter writer(EventSource source) {
        return new EventWriter(new EventOrigin("c", ARN, "us-east-1", source));
    }

    private static SequencedRecord record(String text) {
        byte[] bytes = ("##" + text + "##").getBytes(StandardCharsets.UTF_8);
        return new SequencedRecord().at(1, 0, true, bytes, 2, bytes.length - 4, 1495072949453L);
    }

    private static String json(EventSource source, SequencedRecord... records) {
        EventWriter.Event event = writer(source).write(List.of(records), IDS, 0, ID);
        assertThat(event.records()).isEqualTo(records.length);
        return new String(event.bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void an_event_of_small_records_is_no_larger_than_it_was_thought_to_become() {
        EventWriter writer = writer(new EventSource.DirectPut());
        List<SequencedRecord> records = Collections.nCopies(1000, record("small"));
        List<String> ids = new RecordNames(new Incarnation(1, 2)).of(records);

        long written = writer.write(records, ids, 0, ID).bytes().length;

        assertThat(writer.mostEventBytes(1000, 5000)).isBetween(written, written * 3 / 2);
        assertThat(writer.mostEventBytes(1_000_000, 1)).isEqualTo(Invocation.MAX_PAYLOAD_BYTES);
    }

    // --- as captured and documented, member by member ---

    @Test
    void the_event_of_direct_put_is_byte_for_byte_firehoses() {
        assertThat(json(new EventSource.DirectPut(), record("hello"), record("")))
                .isEqualTo(
                        "{\"invocationId\":\"0f8fad5b-d9cb-469f-a165-70867728950e\","
                                + "\"deliveryStreamArn\":\""
                                + ARN
                                + "\",\"region\":\"us-east-1\",\"records\":["
                                + "{\"recordId\":\"4956\","
                                + "\"approximateArrivalTimestamp\":1495072949453,"
                                + "\"data\":\"aGVsbG8=\"},"
                                + "{\"recordId\":\"4957.1\","
                                + "\"approximateArrivalTimestamp\":1495072949453,"
                                + "\"data\":\"\"}]}");
    }

    @Test
    void the_event_of_kinesis_has_its_stream_and_what_kinesis_says_of_each_record() {
        assertThat(json(KINESIS, record("hello")))
                .isEqualTo(
                        "{\"invocationId\":\"0f8fad5b-d9cb-469f-a165-70867728950e\","
                                + "\"deliveryStreamArn\":\""
                                + ARN
                                + "\",\"region\":\"us-east-1\",\"sourceKinesisStreamArn\":"
                                + "\"arn:aws:kinesis:us-east-1:000000000000:stream/s\","
                                + "\"records\":[{\"recordId\":\"4956\","
                                + "\"approximateArrivalTimestamp\":1495072949453,"
                                + "\"data\":\"aGVsbG8=\","
                                + "\"kinesisRecordMetadata\":{\"shardId\":\"shardId-000000000000\","
                                + "\"partitionKey\":\"k\\\"ä\","
                                + "\"approximateArrivalTimestamp\":1495072949453,"
                                + "\"sequenceNumber\":\"4954\",\"subsequenceNumber\":0}}]}");
    }

    @Test
    void the_event_of_kafka_has_the_value_under_its_own_name() {
        assertThat(json(KAFKA, record("hello")))
                .isEqualTo(
                        "{\"invocationId\":\"0f8fad5b-d9cb-469f-a165-70867728950e\","
                                + "\"deliveryStreamArn\":\""
                                + ARN
                                + "\",\"region\":\"us-east-1\",\"sourceMSKArn\":"
                                + "\"arn:aws:kafka:us-east-1:000000000000:cluster/k\","
                                + "\"records\":[{\"recordId\":\"4956\","
                                + "\"approximateArrivalTimestamp\":1495072949453,"
                                + "\"mskRecordMetadata\":{\"offset\":\"7\",\"partitionId\":\"1\","
                                + "\"approximateArrivalTimestamp\":1495072949453},"
                                + "\"kafkaRecordValue\":\"aGVsbG8=\"}]}");
    }

    @Test
    void a_name_with_quotes_keeps_the_event_json() throws IOException {
        EventOrigin origin = new EventOrigin("c", "a\"\\\nä", "r\"", new EventSource.DirectPut());

        byte[] event = new EventWriter(origin).write(List.of(), List.of(), 0, ID).bytes();

        JsonNode parsed = Functions.JSON.readTree(event);
        assertThat(parsed.get("deliveryStreamArn").textValue()).isEqualTo("a\"\\\nä");
        assertThat(parsed.get("region").textValue()).isEqualTo("r\"");
    }

    // --- bytes ---

    @Test
    void bytes_of_every_length_and_value_are_the_base64_of_the_jdk() throws IOException {
        Random random = new Random(1);
        for (int length = 0; length < 70; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            SequencedRecord record = new SequencedRecord().at(1, 0, true, bytes, 0, length, -5);

            EventWriter.Event event =
                    writer(new EventSource.DirectPut()).write(List.of(record), IDS, 0, ID);

            JsonNode parsed = Functions.JSON.readTree(event.bytes()).get("records").get(0);
            assertThat(parsed.get("data").textValue())
                    .isEqualTo(Base64.getEncoder().encodeToString(bytes));
            assertThat(parsed.get("approximateArrivalTimestamp").longValue()).isEqualTo(-5);
        }
    }

    @Test
    void a_further_try_has_another_id_and_the_first_keeps_its_own() {
        EventWriter.Event event =
                writer(new EventSource.DirectPut()).write(List.of(record("a")), IDS, 0, ID);
        String other = "ffffffff-d9cb-469f-a165-70867728950e";

        byte[] again = event.with(other);

        String first = new String(event.bytes(), StandardCharsets.UTF_8);
        assertThat(new String(again, StandardCharsets.UTF_8)).isEqualTo(first.replace(ID, other));
        assertThat(first).contains(ID);
    }

    // --- sizes ---

    @Test
    void records_that_do_not_fit_into_one_event_wait_for_the_next() {
        byte[] half = new byte[2_400_000];
        List<SequencedRecord> records = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            records.add(new SequencedRecord().at(i, 0, true, half, 0, half.length, 1));
        }
        EventWriter writer = writer(new EventSource.DirectPut());
        List<String> ids = List.of("1", "2", "3");

        EventWriter.Event first = writer.write(records, ids, 0, ID);
        EventWriter.Event second = writer.write(records, ids, 1, ID);

        assertThat(first.records()).isEqualTo(1);
        assertThat(first.bytes()).hasSizeLessThanOrEqualTo(Invocation.MAX_PAYLOAD_BYTES);
        assertThat(second.records()).isEqualTo(1);
    }

    @Test
    void an_event_may_have_exactly_six_megabytes_and_no_byte_more() {
        EventWriter writer = writer(new EventSource.DirectPut());
        int envelope = writer.write(List.of(record("")), IDS, 0, ID).bytes().length;
        int letters = (Invocation.MAX_PAYLOAD_BYTES - envelope) / 4 * 4;
        byte[] most = new byte[letters / 4 * 3];

        SequencedRecord fits = new SequencedRecord();
        fits.at(1, 0, true, most, 0, most.length, 1495072949453L);
        assertThat(writer.write(List.of(fits), IDS, 0, ID).records()).isEqualTo(1);

        SequencedRecord tooLarge = new SequencedRecord();
        tooLarge.at(1, 0, true, new byte[most.length + 1], 0, most.length + 1, 1495072949453L);
        assertThat(writer.write(List.of(tooLarge), IDS, 0, ID).records()).isZero();
    }

    @Test
    void a_batch_within_the_hints_is_always_one_event() {
        for (EventSource source : List.of(new EventSource.DirectPut(), KAFKA, longKeys())) {
            for (int buffer : new int[] {1, 200_000, 1 << 20, 3 << 20}) {
                EventWriter writer = writer(source);
                int records = writer.mostRecords(buffer);
                byte[] each = new byte[Math.max(0, buffer / records)];
                SequencedRecord record =
                        new SequencedRecord().at(1, 0, true, each, 0, each.length, Long.MIN_VALUE);

                EventWriter.Event event =
                        writer.write(
                                Collections.nCopies(records, record),
                                Collections.nCopies(records, "9".repeat(RecordNames.LONGEST)),
                                0,
                                ID);

                assertThat(event.records()).isEqualTo(records).isGreaterThan(400);
            }
        }
    }

    private static EventSource longKeys() {
        return new EventSource.Kinesis(
                "arn",
                record ->
                        new EventSource.KinesisMetadata(
                                "shardId-000000000000",
                                "\u0001".repeat(256),
                                Long.MIN_VALUE,
                                "9".repeat(128),
                                Long.MAX_VALUE));
    }

    // --- ids ---

    @Test
    void a_record_id_is_the_producers_id_read_as_a_number_and_the_part_of_a_split_record() {
        Incarnation stream = new Incarnation(0xFEDCBA9876543210L, 5);
        ByteBuffer bytes = ByteBuffer.allocate(28);
        bytes.putLong(stream.high()).putLong(stream.low()).putLong(77);
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, 24);
        bytes.putInt((int) crc.getValue());
        String digits = new BigInteger(1, bytes.array()).toString();
        byte[] none = {};

        List<String> names =
                new RecordNames(stream)
                        .of(
                                List.of(
                                        new SequencedRecord().at(77, 0, true, none, 0, 0, 1),
                                        new SequencedRecord().at(77, 0, false, none, 0, 0, 1),
                                        new SequencedRecord().at(77, 12, true, none, 0, 0, 1)));

        assertThat(names).containsExactly(digits, digits + ".0", digits + ".12");
        assertThat(digits).containsOnlyDigits().hasSizeLessThanOrEqualTo(68);
    }
}

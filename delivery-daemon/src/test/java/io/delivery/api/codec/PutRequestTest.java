package io.delivery.api.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.api.ApiException;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PutRequestTest {
    private final RecordBatch.Builder frame = new RecordBatch.Builder(16);

    @Test
    void a_batch_is_decoded_into_the_frame_in_its_order() {
        PutRequest request =
                batch(
                        "{'DeliveryStreamName':'s','Records':[{'Data':'YQ=='},"
                                + "{'Data':''},{'Data':'YmM='},{'Data':'ZGVm'}]}");

        assertThat(request.streamName()).isEqualTo("s");
        assertThat(request.recordCount()).isEqualTo(4);
        assertThat(records()).containsExactly("a", "", "bc", "def");
    }

    @Test
    void the_name_is_found_wherever_it_stands() {
        assertThat(look("{'DeliveryStreamName':'s','Record':{'Data':'YQ=='}}")).contains("s");
        assertThat(look("{'Record':{'Data':'YQ=='},'DeliveryStreamName':'\\u0073'}")).contains("s");
        assertThat(look("{'DeliveryStreamName':'s',")).as("no further").contains("s");
        assertThat(look("{'DeliveryStreamName':null}")).isEmpty();
        assertThat(look("{'DeliveryStreamName':'a name'}")).isEmpty();
        assertThat(look("{'Record':{'DeliveryStreamName':'s'}}")).isEmpty();
        assertThat(look("not JSON")).isEmpty();
    }

    private static Optional<String> look(String json) {
        byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return PutRequest.lookForStreamName(body, 0, body.length);
    }

    @Test
    void a_single_record_is_decoded() {
        PutRequest request = single("{'DeliveryStreamName':'s','Record':{'Data':'YQ=='}}");

        assertThat(request.streamName()).isEqualTo("s");
        assertThat(records()).containsExactly("a");
    }

    @Test
    void members_may_come_in_any_order_with_any_white_space_and_strangers_between() {
        PutRequest request =
                batch(
                        " {\n 'Records' : [ {'More':{'a':[1,{}]}, 'Data' : 'YQ==' } ] ,\t"
                                + "'X':[true,false,null,-1.5e+3,'\\u00e9 é'],"
                                + "'DeliveryStreamName':'s'}\r\n");

        assertThat(request.streamName()).isEqualTo("s");
        assertThat(records()).containsExactly("a");
    }

    @Test
    void escapes_are_resolved_in_names_values_and_base64() {
        PutRequest request =
                batch(
                        "{'Delivery\\u0053treamName':'\\u0073','Records':[{'D\\u0061ta':"
                                + "'Pz8\\/'},{'Data':'\\u0059Q\\u003d='}]}");

        assertThat(request.streamName()).isEqualTo("s");
        assertThat(records()).containsExactly("???", "a");
    }

    @Test
    void the_last_of_several_members_of_a_name_counts() {
        PutRequest request =
                batch(
                        "{'DeliveryStreamName':null,'Records':[{'Data':'eA=='},{}],"
                                + "'Records':[{'Data':'eHg=','Data':'YQ=='}],"
                                + "'DeliveryStreamName':'t','DeliveryStreamName':'s'}");

        assertThat(request.streamName()).isEqualTo("s");
        assertThat(records()).containsExactly("a");
    }

    @Test
    void null_is_the_same_as_absent() {
        assertRefused(
                "{'DeliveryStreamName':null,'Records':[{'Data':null},null]}",
                "ValidationException",
                "3 validation errors detected: Value at 'deliveryStreamName' failed to satisfy"
                        + " constraint: Member must not be null; Value at 'records.1.member.data'"
                        + " failed to satisfy constraint: Member must not be null; Value at"
                        + " 'records.2.member' failed to satisfy constraint: Member must not be"
                        + " null");
    }

    @Test
    void every_broken_constraint_is_reported_at_once() {
        assertRefused(
                "{'DeliveryStreamName':'no/slash','Records':[]}",
                "ValidationException",
                "2 validation errors detected: Value at 'deliveryStreamName' failed to satisfy"
                        + " constraint: Member must satisfy regular expression pattern:"
                        + " [a-zA-Z0-9_.-]+; Value at 'records' failed to satisfy constraint:"
                        + " Member must have length greater than or equal to 1");
    }

    @Test
    void five_hundred_records_are_accepted_and_one_more_is_not() {
        String record = ",{'Data':'YQ=='}";
        PutRequest request = batch(withRecords(record.repeat(500).substring(1)));

        assertThat(request.recordCount()).isEqualTo(500);
        assertThat(frame.count()).isEqualTo(500);
        assertRefused(
                withRecords(record.repeat(501).substring(1)),
                "ValidationException",
                "1 validation error detected: Value at 'records' failed to satisfy constraint:"
                        + " Member must have length less than or equal to 500");
    }

    @Test
    void a_record_has_at_most_1000_KiB() {
        batch(withRecords(record(1_024_000)));
        assertThat(frame.recordBytes()).isEqualTo(1_024_000);

        assertRefused(
                withRecords(record(1) + "," + record(1_024_001)),
                "ValidationException",
                "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=1024001"
                        + " cap=1024001]' at 'records.2.member.data' failed to satisfy"
                        + " constraint: Member must have length less than or equal to 1024000");
    }

    @Test
    void the_records_of_a_call_have_at_most_4_MiB_together() {
        String four = String.join(",", java.util.Collections.nCopies(4, record(1_024_000)));
        int rest = PutRequest.MAX_CALL_BYTES - 4 * 1_024_000;

        batch(withRecords(four + "," + record(rest))).checkSize();
        assertThat(frame.recordBytes()).isEqualTo(PutRequest.MAX_CALL_BYTES);

        PutRequest tooMuch = batch(withRecords(four + "," + record(rest + 1)));
        assertThatThrownBy(tooMuch::checkSize)
                .isInstanceOf(ApiException.class)
                .hasMessage("Records size exceeds 4 MB limit");
    }

    @Test
    void a_frame_never_needs_more_memory_than_was_asked_for_it() {
        for (String body :
                List.of(
                        withRecords("{'Data':''},".repeat(499) + "{'Data':''}"),
                        withRecords(record(1_024_000)),
                        withRecords(record(3) + "," + record(1)))) {
            byte[] bytes = bytes(body);
            byte[] memory = new byte[PutRequest.frameBytes(bytes.length)];
            RecordBatch.Builder given = new RecordBatch.Builder(memory);

            PutRequest.readBatch(bytes, 0, bytes.length, given);

            assertThat(given.array()).isSameAs(memory);
        }
    }

    @Test
    void what_is_not_base64_is_refused() {
        for (String data :
                List.of(
                        "Y",
                        "YQ",
                        "YQ=",
                        "YQ===",
                        "=",
                        "====",
                        "A===",
                        "Y=Q=",
                        "YQ==YQ==",
                        "YQ==\\n",
                        " YQ==",
                        "Y-_=",
                        "YQ!=",
                        "äöü=",
                        "YWJ\\u0000",
                        "YWJjYWJjYWJjYWJ\\\"")) {
            assertThatThrownBy(() -> batch(withRecords("{'Data':'" + data + "'}")))
                    .as(data)
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            e -> assertThat(e.type()).isEqualTo("SerializationException"));
        }
    }

    @Test
    void what_is_not_the_json_of_a_call_is_refused() {
        for (String body :
                List.of(
                        "",
                        " ",
                        "null",
                        "[]",
                        "1",
                        "'x'",
                        "{",
                        "{'a'",
                        "{'a':",
                        "{'a':1",
                        "{'a':1,}",
                        "{,}",
                        "{a:1}",
                        "{'a':01}",
                        "{'a':1.}",
                        "{'a':-}",
                        "{'a':1e}",
                        "{'a':NaN}",
                        "{'a':tru}",
                        "{'a':+1}",
                        "{'a':'\\x'}",
                        "{'a':'\\u12'}",
                        "{'a':'\\u12G4'}",
                        "{'a':'\n'}",
                        "{'a':'\t'}",
                        "{'a':'",
                        "{'a':'\\",
                        "{'a':'\\'}",
                        "{'a':[1,]}",
                        "{'a':[1 2]}",
                        "{'a' 1}",
                        "{}{}",
                        "{} x",
                        "\ufeff{}",
                        "{'a':1]",
                        "{'Records':{}}",
                        "{'Records':'x'}",
                        "{'Records':[1]}",
                        "{'Records':[{'Data':1}]}",
                        "{'Records':[{'Data':{}}]}",
                        "{'Records':[{'Data':['YQ==']}]}",
                        "{'DeliveryStreamName':1}",
                        "{'DeliveryStreamName':['s']}",
                        "{'DeliveryStreamName':true}")) {
            assertThatThrownBy(() -> batch(body))
                    .as(body)
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            e -> assertThat(e.type()).isEqualTo("SerializationException"));
        }
    }

    @Test
    void deep_nesting_is_refused_before_the_stack_ends() {
        assertRefused(
                "{'a':" + "[".repeat(1_000_000),
                "SerializationException",
                "Nested deeper than 100 levels");
        assertRefused(
                "{'a':".repeat(10_000), "SerializationException", "Nested deeper than 100 levels");
    }

    @Test
    void invalid_utf_8_is_refused_wherever_it_stands() {
        byte[][] invalid = {
            {(byte) 0xFF},
            {(byte) 0xC0, (byte) 0x80},
            {(byte) 0xE2, (byte) 0x82},
            {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
            {(byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
            {(byte) 0x80}
        };
        for (byte[] bytes : invalid) {
            String hidden = new String(bytes, StandardCharsets.ISO_8859_1);
            for (String template :
                    List.of("{'x':'%s'}", "{'%s':1}", "{'DeliveryStreamName':'%s'}")) {
                byte[] body =
                        template.replace('\'', '"')
                                .formatted(hidden)
                                .getBytes(StandardCharsets.ISO_8859_1);
                assertThatThrownBy(() -> PutRequest.readBatch(body, 0, body.length, frame))
                        .isInstanceOfSatisfying(
                                ApiException.class,
                                e -> assertThat(e.type()).isEqualTo("SerializationException"));
            }
        }
    }

    @Test
    void a_lone_surrogate_is_harmless_where_nobody_looks_and_no_name() {
        batch("{'x':'\\ud800','DeliveryStreamName':'s','Records':[{'Data':''}]}");

        assertThatThrownBy(() -> batch("{'DeliveryStreamName':'\\udc00','Records':[{'Data':''}]}"))
                .hasMessageContaining("regular expression");
    }

    @Test
    void it_reads_valid_calls_as_jackson_does_whatever_they_look_like() throws IOException {
        for (int seed = 0; seed < 2_000; seed++) {
            byte[] body = new RandomCall(new Random(seed)).bytes();
            JsonNode expected = new ObjectMapper().readTree(body);

            PutRequest request = PutRequest.readBatch(body.clone(), 0, body.length, frame);

            assertThat(request.streamName())
                    .as("seed %d", seed)
                    .isEqualTo(expected.path("DeliveryStreamName").asText());
            List<byte[]> read = recordBytes();
            assertThat(read).as("seed %d", seed).hasSize(expected.path("Records").size());
            for (int i = 0; i < read.size(); i++) {
                assertThat(read.get(i))
                        .as("seed %d record %d", seed, i)
                        .isEqualTo(expected.path("Records").get(i).path("Data").binaryValue());
            }
        }
    }

    @Test
    void it_accepts_no_mutilated_call_that_jackson_refuses() {
        ObjectMapper jackson = new ObjectMapper();
        jackson.enable(
                com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        int refused = 0;
        for (int seed = 0; seed < 5_000; seed++) {
            Random random = new Random(seed);
            byte[] body = new RandomCall(random).bytes();
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            if (random.nextInt(4) == 0) {
                body = Arrays.copyOf(body, random.nextInt(body.length));
            }
            boolean jacksonRefuses = refusedBy(jackson, body);
            boolean refusedHere = refusedHere(body.clone());

            refused += refusedHere ? 1 : 0;
            assertThat(refusedHere || !jacksonRefuses)
                    .as("seed %d: %s", seed, new String(body, StandardCharsets.ISO_8859_1))
                    .isTrue();
        }
        assertThat(refused).isBetween(1_000, 4_999);
    }

    private static boolean refusedBy(ObjectMapper jackson, byte[] body) {
        try {
            JsonNode tree = jackson.readTree(body);
            return tree == null || !tree.isObject();
        } catch (JsonProcessingException notJson) {
            return true;
        } catch (IOException e) {
            return true;
        }
    }

    private boolean refusedHere(byte[] body) {
        try {
            PutRequest.readBatch(body, 0, body.length, frame);
            return false;
        } catch (ApiException e) {
            return true;
        }
    }

    private void assertRefused(String body, String type, String message) {
        ApiException refusal = catchThrowableOfType(ApiException.class, () -> batch(body));

        assertThat(refusal).isNotNull();
        assertThat(refusal.type()).isEqualTo(type);
        assertThat(refusal).hasMessage(message);
    }

    private PutRequest batch(String body) {
        byte[] bytes = bytes(body);
        return PutRequest.readBatch(bytes, 0, bytes.length, frame);
    }

    private PutRequest single(String body) {
        byte[] bytes = bytes(body);
        return PutRequest.readRecord(bytes, 0, bytes.length, frame);
    }

    private static byte[] bytes(String body) {
        return body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static String withRecords(String records) {
        return "{'DeliveryStreamName':'s','Records':[" + records + "]}";
    }

    private static String record(int length) {
        byte[] data = new byte[length];
        Arrays.fill(data, (byte) 'x');
        return "{'Data':'" + Base64.getEncoder().encodeToString(data) + "'}";
    }

    private List<String> records() {
        return recordBytes().stream().map(b -> new String(b, StandardCharsets.UTF_8)).toList();
    }

    private List<byte[]> recordBytes() {
        List<byte[]> found = new ArrayList<>();
        RecordBatch.Cursor cursor = frame.build(0).cursor();
        for (DeliveryRecord r = cursor.next(); r != null; r = cursor.next()) {
            found.add(r.toByteArray());
        }
        return found;
    }

    /** A valid call in an unusual dress: white space, escapes, order, strangers. */
    private static final class RandomCall {
        private final Random random;
        private final StringBuilder out = new StringBuilder();

        RandomCall(Random random) {
            this.random = random;
            List<Runnable> members =
                    new ArrayList<>(List.of(this::streamName, this::records, this::stranger));
            java.util.Collections.shuffle(members, random);
            object(members);
        }

        byte[] bytes() {
            return out.toString().getBytes(StandardCharsets.UTF_8);
        }

        private void object(List<Runnable> members) {
            out.append('{');
            for (int i = 0; i < members.size(); i++) {
                out.append(i == 0 ? "" : ",");
                space();
                members.get(i).run();
                space();
            }
            out.append('}');
        }

        private void streamName() {
            text("DeliveryStreamName");
            colon();
            text("stream-" + random.nextInt(100));
        }

        private void records() {
            text("Records");
            colon();
            out.append('[');
            int count = 1 + random.nextInt(5);
            for (int i = 0; i < count; i++) {
                out.append(i == 0 ? "" : ",");
                space();
                object(
                        random.nextBoolean()
                                ? List.of(this::data)
                                : List.of(this::stranger, this::data));
            }
            out.append(']');
        }

        private void data() {
            text("Data");
            colon();
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            text(Base64.getEncoder().encodeToString(bytes));
        }

        private void stranger() {
            text("x" + random.nextInt(10));
            colon();
            String[] values = {
                "1",
                "-0.5e-7",
                "true",
                "false",
                "null",
                "[]",
                "{}",
                "[[1],{\"a\":\"\\ud83d\\ude00\"}]",
                "\"ü€😀\"",
                "\"\\\\\\\"\\b\\f\\n\\r\\t\\/\"",
                "12345678901234567890"
            };
            out.append(values[random.nextInt(values.length)]);
        }

        private void colon() {
            space();
            out.append(':');
            space();
        }

        private void space() {
            out.append(" \t\r\n", 0, random.nextInt(3) == 0 ? random.nextInt(5) : 0);
        }

        private void text(String text) {
            boolean escape = random.nextInt(4) == 0;
            out.append('"');
            for (char c : text.toCharArray()) {
                if (escape && random.nextInt(3) == 0) {
                    out.append("\\u%04x".formatted((int) c));
                } else if (escape && c == '/') {
                    out.append("\\/");
                } else {
                    out.append(c);
                }
            }
            out.append('"');
        }
    }
}

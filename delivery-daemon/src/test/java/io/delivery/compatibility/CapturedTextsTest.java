package io.delivery.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.FakeStream;
import io.delivery.api.TestClock;
import io.delivery.api.http.ApiServer;
import io.delivery.api.http.ApiSettings;
import io.delivery.api.signing.RequestVerifier;
import io.delivery.compatibility.ApiCaller.Answer;
import io.delivery.compatibility.CapturedTexts.Row;
import io.delivery.metrics.Metrics;
import io.delivery.stream.StreamPhase;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CapturedTextsTest {
    private static final String GOLDEN = "golden";
    private static final String CREATE = "CreateDeliveryStream";

    private final CapturedTexts captured = CapturedTexts.read();
    private final AtomicInteger names = new AtomicInteger();
    private ApiCaller caller;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        caller = ApiCaller.start(folder);
    }

    @AfterAll
    void stop() {
        if (caller != null) {
            caller.close();
        }
    }

    Stream<Row> asked() {
        return captured.rows().stream().filter(Row::isAsked);
    }

    @ParameterizedTest
    @MethodSource("asked")
    void a_call_gets_the_answer_that_was_captured(Row captured) throws Exception {
        String name =
                "golden-" + names.incrementAndGet(); // one that was deleted is there for a while
        Row row = captured.ofStream(GOLDEN, name);

        Answer answer = row.has("phase") ? answerInPhase(name, row) : answerOf(name, row);

        assertThat(answer.message()).isEqualTo(row.text("message").orElse(""));
        assertThat(answer.type()).isEqualTo(row.text("type").orElse(""));
        assertThat(answer.status()).isEqualTo(row.has("type") ? 400 : 200);
        if (row.has("answer")) {
            assertThat(answer.body()).isEqualTo(row.get("answer"));
        }
        if (row.has("shows")) {
            assertShown(name, row.get("shows"));
        }
        caller.call("DeleteDeliveryStream", ApiCaller.named(name));
    }

    private Answer answerOf(String name, Row row) throws Exception {
        Answer last = null;
        if (row.has("given")) {
            last = caller.call(CREATE, creation(name, row.get("given")));
            assertThat(last.message()).isEmpty();
        }
        if (row.has("create")) {
            return caller.call(CREATE, creation(name, row.get("create")));
        }
        if (row.has("update")) {
            ObjectNode update = caller.updateOf(name);
            update.set("ExtendedS3DestinationUpdate", row.get("update"));
            return caller.call("UpdateDestination", update);
        }
        if (row.has("records")) {
            return caller.call("PutRecordBatch", batch(row.get("records")));
        }
        if (row.has("record")) {
            ObjectNode put = ApiCaller.named("fixed");
            put.putObject("Record").put("Data", new byte[row.get("record").asInt()]);
            return caller.call("PutRecord", put);
        }
        return row.has("call") ? caller.call(row.get("call").asText(), row.get("request")) : last;
    }

    private static ObjectNode creation(String name, JsonNode members) {
        ObjectNode request = ApiCaller.named(name);
        request.putObject("ExtendedS3DestinationConfiguration")
                .put("RoleARN", "arn:aws:iam::000000000000:role/sample")
                .put("BucketARN", "arn:aws:s3:::sample")
                .setAll((ObjectNode) members);
        return request;
    }

    private static ObjectNode batch(JsonNode records) {
        ObjectNode put = ApiCaller.named("fixed");
        ArrayNode all = put.putArray("Records");
        for (int i = 0; i < records.get("count").asInt(); i++) {
            all.addObject().put("Data", new byte[records.get("bytes").asInt()]);
        }
        return put;
    }

    private void assertShown(String name, JsonNode members) throws Exception {
        JsonNode shown =
                caller.describe(name)
                        .path("Destinations")
                        .path(0)
                        .path("ExtendedS3DestinationDescription");
        members.properties()
                .forEach(
                        member ->
                                assertThat(shown.get(member.getKey()))
                                        .isEqualTo(member.getValue()));
    }

    /** Of a stream that stays in a phase which real ones pass through. */
    private static Answer answerInPhase(String name, Row row) throws Exception {
        FakeStream stream = new FakeStream(name);
        stream.stayIn(StreamPhase.valueOf(row.get("phase").asText()));
        try (ApiServer server =
                new ApiServer(
                        new ApiSettings(
                                "127.0.0.1", 0, Optional.empty(), "us-east-1", ApiCaller.ACCOUNT),
                        FakeStream.among(stream),
                        RequestVerifier.UNCHECKED,
                        TestClock.real(),
                        Metrics.NONE)) {
            server.start();
            return ApiCaller.answer(
                    HttpClient.newHttpClient()
                            .send(
                                    ApiCaller.post(
                                            server.uri(),
                                            row.get("call").asText(),
                                            row.get("request").toString()),
                                    HttpResponse.BodyHandlers.ofString()));
        }
    }

    @Test
    void every_row_is_asked_or_proved_elsewhere() {
        assertThat(captured.rows()).allMatch(row -> row.isAsked() || row.has("proved"));
        assertThat(captured.rows())
                .filteredOn(row -> row.has("captured"))
                .allMatch(row -> row.has("differs"));
        assertThat(captured.rows().stream().map(Row::situation)).doesNotHaveDuplicates();
    }

    @Test
    void what_is_proved_elsewhere_is_proved_by_a_test_that_is_there() {
        TestSources sources = TestSources.read();

        assertThat(captured.rows())
                .filteredOn(row -> row.has("proved"))
                .allMatch(row -> row.get("proved").asText().contains("."))
                .allMatch(row -> sources.have(row.get("proved").asText()));
    }
}

package io.delivery.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.api.FakeStream;
import io.delivery.api.TestClock;
import io.delivery.api.http.ApiServer;
import io.delivery.api.http.ApiSettings;
import io.delivery.api.http.RawHttp;
import io.delivery.api.quota.Quotas;
import io.delivery.api.signing.SignatureVerifier;
import io.delivery.api.signing.TestSignatures;
import io.delivery.config.ApiCredentials;
import io.delivery.config.Glob;
import io.delivery.config.Quota;
import io.delivery.config.QuotaRule;
import io.delivery.listening.AnyCertificate;
import io.delivery.listening.TestCertificate;
import io.delivery.metrics.Metrics;
import io.delivery.stream.ThrottledException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that are not run here: their requests as they go over the wire, signature and all, and
 * what they make of the answers. The server's clock is the one that the requests were signed by.
 */
@Timeout(60)
class ReplayedRequestsIT {
    private static final String KEY = DocumentedClient.ACCESS_KEY_ID;
    private static final ApiCredentials CALLER =
            TestSignatures.caller(KEY, DocumentedClient.SECRET);

    @TempDir private static Path folder;
    private static TestCertificate.PemFiles certificate;

    private final FakeStream notes = new FakeStream("notes");
    private ApiServer server;

    @BeforeAll
    static void makeCertificate() throws Exception {
        certificate = TestCertificate.in(folder);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    // --- Fluent Bit ---

    @Test
    void fluent_bit_puts_events_as_json() throws Exception {
        FluentBitAnswer answer = fluentBit("events.http", 3, CALLER);

        assertThat(answer).isEqualTo(new FluentBitAnswer(true, false, false, ""));
        assertThat(notes.texts())
                .containsExactly(
                        "{\"log\":\"first\"}\n",
                        "{\"log\":\"Grüße\",\"n\":2}\n",
                        "{\"log\":\"third\",\"time\":\"2026-11-30T12:00:00.123\"}\n");
    }

    @Test
    void fluent_bit_puts_the_text_of_one_member_to_the_default_port() throws Exception {
        assertThat(fluentBit("log-key.http", 2, CALLER).sent()).isTrue();

        assertThat(notes.texts()).containsExactly("plain text\n", "say \\\"hi\\\"\n");
    }

    @Test
    void fluent_bit_puts_compressed_events_whose_bytes_are_kept() throws Exception {
        assertThat(fluentBit("gzip.http", 2, CALLER).sent()).isTrue();

        List<byte[]> records = notes.calls().get(0);
        assertThat(inflated(records.get(0))).isEqualTo("{\"log\":\"first\"}\n");
        assertThat(inflated(records.get(1))).isEqualTo("{\"log\":\"second\"}\n");
    }

    @Test
    void fluent_bit_puts_several_events_in_one_record() throws Exception {
        assertThat(fluentBit("aggregated.http", 1, CALLER).sent()).isTrue();

        assertThat(notes.texts())
                .containsExactly(
                        "{\"log\":\"first\"}\n{\"log\":\"second\"}\n{\"log\":\"third\"}\n\n");
    }

    @Test
    void fluent_bit_puts_with_a_session_token() throws Exception {
        ApiCredentials session =
                TestSignatures.caller("session", DocumentedClient.SECRET, "token/1==");

        assertThat(fluentBit("session-token.http", 1, session).sent()).isTrue();

        assertThat(notes.texts()).hasSize(1);
    }

    @Test
    void fluent_bit_sends_a_batch_again_of_which_a_quota_refused_a_part() throws Exception {
        Quotas quotas = new Quotas(TestClock.real(), Metrics.NONE);
        quotas.rules(
                List.of(
                        new QuotaRule(
                                new Glob("notes"),
                                new Quota(Optional.of(2L), Optional.empty(), Optional.empty()))));
        notes.limit(quotas.of("notes"));

        assertThat(fluentBit("events.http", 3, CALLER))
                .isEqualTo(
                        new FluentBitAnswer(
                                false,
                                true,
                                false,
                                "1 out of 3 records failed to be delivered, will retry this"
                                        + " batch"));
    }

    @Test
    void fluent_bit_sends_a_batch_again_for_which_there_was_no_room() throws Exception {
        notes.throttle(ThrottledException.Cause.JOURNAL_FULL);

        assertThat(fluentBit("events.http", 3, CALLER))
                .isEqualTo(
                        new FluentBitAnswer(
                                false,
                                true,
                                false,
                                "PutRecordBatch API responded with"
                                        + " error='ServiceUnavailableException', message='Slow"
                                        + " down.'"));
    }

    @Test
    void fluent_bit_looks_for_other_credentials_where_those_it_has_are_not_right()
            throws Exception {
        FluentBitAnswer unknown =
                fluentBit("events.http", 3, TestSignatures.caller("somebody", "else"));
        FluentBitAnswer late =
                fluentBit(RecordedRequest.of("fluent-bit/events.http"), 3, 3_600, CALLER);
        FluentBitAnswer denied =
                fluentBit(
                        "events.http",
                        3,
                        TestSignatures.caller(
                                KEY, DocumentedClient.SECRET, List.of("Describe*"), List.of("*")));

        assertThat(List.of(unknown, late, denied))
                .allMatch(FluentBitAnswer::refreshesCredentials)
                .noneMatch(FluentBitAnswer::sent);
        assertThat(unknown.log())
                .contains("error='UnrecognizedClientException'", "The security token included");
        assertThat(late.log())
                .contains("error='InvalidSignatureException'", "Signature expired: 2026");
        assertThat(denied.log()).contains("error='AccessDeniedException'", "PutRecordBatch");
        assertThat(notes.texts()).isEmpty();
    }

    @Test
    void fluent_bit_names_what_is_wrong_with_a_request() throws Exception {
        RecordedRequest events = RecordedRequest.of("fluent-bit/events.http");

        FluentBitAnswer changed = fluentBit(events.with("eyJsb2ci", "eyJsb3ci"), 3, 0, CALLER);
        FluentBitAnswer refused =
                fluentBit("events.http", 3, TestSignatures.caller(KEY, "another-secret"));

        assertThat(List.of(changed, refused))
                .allSatisfy(
                        answer ->
                                assertThat(answer.log())
                                        .contains(
                                                "error='InvalidSignatureException'",
                                                "The request signature we calculated does not"
                                                        + " match"))
                .noneMatch(FluentBitAnswer::refreshesCredentials);
        assertThat(notes.texts()).isEmpty();
    }

    @Test
    void fluent_bit_names_a_stream_that_is_not_there() throws Exception {
        RecordedRequest events = RecordedRequest.of("fluent-bit/events.http");
        start(events, 0, Optional.of(certificate), new FakeStream("other"), CALLER);

        assertThat(FluentBitAnswer.of(overTls(events), 3).log())
                .isEqualTo(
                        "PutRecordBatch API responded with error='ResourceNotFoundException',"
                                + " message='Firehose notes under account 000000000000 not"
                                + " found.'");
    }

    /** Settings of an output: plugins/out_kinesis_firehose/firehose.c (5f2ca9d7), config_map. */
    @Test
    void the_page_shows_settings_that_fluent_bit_has() throws Exception {
        Map<String, String> shown =
                DocumentedClient.of("Fluent Bit")
                        .block("ini")
                        .lines()
                        .filter(line -> line.startsWith(" "))
                        .map(line -> line.strip().split(" +", 2))
                        .collect(Collectors.toMap(setting -> setting[0], setting -> setting[1]));

        assertThat(shown)
                .containsOnlyKeys(
                        "name", // of every output
                        "match",
                        "port",
                        "tls.ca_file",
                        "region",
                        "delivery_stream",
                        "endpoint")
                .containsEntry("name", "kinesis_firehose")
                .containsEntry("delivery_stream", "notes")
                .containsEntry("region", "us-east-1")
                .containsEntry("port", "4573");
        // It cuts "https://" off and takes the rest for a name (cb_firehose_init, removeProtocol).
        assertThat(shown.get("endpoint")).matches("[a-z.]+");
    }

    private FluentBitAnswer fluentBit(String name, int records, ApiCredentials caller)
            throws Exception {
        return fluentBit(RecordedRequest.of("fluent-bit/" + name), records, 0, caller);
    }

    /**
     * @param secondsLater than it was signed
     */
    private FluentBitAnswer fluentBit(
            RecordedRequest request, int records, long secondsLater, ApiCredentials caller)
            throws Exception {
        start(request, secondsLater, Optional.of(certificate), notes, caller);
        return FluentBitAnswer.of(overTls(request), records);
    }

    private static String inflated(byte[] record) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(record))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    // --- Kinesis Agent ---

    @Test
    void kinesis_agent_puts_lines() throws Exception {
        RecordedRequest lines = RecordedRequest.of("kinesis-agent/lines.http");
        start(lines, 0, Optional.empty(), notes, CALLER);

        try (RawHttp connection = RawHttp.to(server.uri())) {
            assertThat(connection.send(lines.text()).answer())
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("{\"Encrypted\":false,\"FailedPutCount\":0,");
        }
        assertThat(notes.texts()).containsExactly("first line\n", "Grüße\n");
    }

    // --- what they have in common ---

    private void start(
            RecordedRequest request,
            long secondsLater,
            Optional<TestCertificate.PemFiles> tls,
            FakeStream stream,
            ApiCredentials caller)
            throws Exception {
        stop();
        TestClock clock =
                TestClock.at(
                        Instant.parse(request.signedAt()).plusSeconds(secondsLater).toString());
        server =
                new ApiServer(
                        new ApiSettings(
                                "127.0.0.1",
                                0,
                                tls.isPresent() ? Optional.of(tls.get().read()) : Optional.empty(),
                                "us-east-1",
                                "000000000000"),
                        FakeStream.among(stream),
                        new SignatureVerifier(List.of(caller), "us-east-1", "000000000000", clock),
                        clock,
                        Metrics.NONE);
        server.start();
    }

    private String overTls(RecordedRequest request) throws Exception {
        try (RawHttp connection = RawHttp.to(server.uri(), AnyCertificate.context())) {
            return connection.send(request.text()).answer();
        }
    }
}

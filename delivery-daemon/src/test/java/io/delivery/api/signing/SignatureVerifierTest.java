package io.delivery.api.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.delivery.api.ApiException;
import io.delivery.api.TestClock;
import io.delivery.config.ApiCredentials;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignatureVerifierTest {
    private static final String KEY = "AKIDEXAMPLE";
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final URI ENDPOINT = URI.create("http://127.0.0.1:4573/");

    private final SignatureVerifier verifier = verifier(TestSignatures.caller(KEY, SECRET));

    @Test
    void it_accepts_what_botocore_signed_without_a_hash_header() {
        // botocore 1.44.5, SigV4Auth.add_auth at 2026-01-02T03:04:05Z
        Sent sent =
                new Sent(
                                "{\"DeliveryStreamName\": \"clicks\", \"Record\": {\"Data\": \"aGVsbG8K\"}}")
                        .with("host", "127.0.0.1:4573")
                        .with("x-amz-target", "Firehose_20150804.PutRecord")
                        .with("content-type", "application/x-amz-json-1.1")
                        .with("x-amz-date", "20260102T030405Z")
                        .with(
                                "authorization",
                                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/firehose"
                                        + "/aws4_request,"
                                        + " SignedHeaders=content-type;host;x-amz-date;x-amz-target,"
                                        + " Signature=2ed7d1a9637a7ef3ddaed53ead444bdad2210ad19fd637dbda42ba3080baf337");

        assertThatCode(() -> verifier.verify(sent)).doesNotThrowAnyException();
    }

    @Test
    void it_accepts_a_session_token_under_the_signature() {
        // botocore 1.44.5, SigV4Auth.add_auth at 2026-01-02T03:04:05Z
        Sent sent =
                new Sent("{}")
                        .with("host", "127.0.0.1:4573")
                        .with("x-amz-target", "Firehose_20150804.PutRecord")
                        .with("content-type", "application/x-amz-json-1.1")
                        .with("x-amz-date", "20260102T030405Z")
                        .with("x-amz-security-token", "tok/en==")
                        .with(
                                "authorization",
                                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/firehose"
                                        + "/aws4_request,"
                                        + " SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target,"
                                        + " Signature=d030838fb449879984f41e772607c513e27876371ebbc201273d727f637dff28");

        assertThatCode(() -> verifier(TestSignatures.caller(KEY, SECRET, "tok/en==")).verify(sent))
                .doesNotThrowAnyException();
    }

    @Test
    void a_session_token_need_not_be_under_the_signature() {
        Sent sent = signed().with("x-amz-security-token", "tok/en==");

        assertThatCode(() -> verifier(TestSignatures.caller(KEY, SECRET, "tok/en==")).verify(sent))
                .doesNotThrowAnyException();
    }

    @Test
    void a_session_token_that_is_missing_wrong_or_given_twice_is_refused_before_the_body() {
        SignatureVerifier temporary = verifier(TestSignatures.caller(KEY, SECRET, "token"));

        for (List<String> tokens :
                List.of(
                        List.<String>of(),
                        List.of(""),
                        List.of("Token"),
                        List.of("token2"),
                        List.of("token", "token"))) {
            Sent sent = signed().tokens(tokens).withoutBody();
            ApiException refusal =
                    catchThrowableOfType(ApiException.class, () -> temporary.admit(sent));

            assertThat(refusal)
                    .as("tokens %s", tokens)
                    .isNotNull()
                    .hasMessage("The security token included in the request is invalid.");
            assertThat(refusal.type()).isEqualTo("UnrecognizedClientException");
            assertThat(refusal.status()).isEqualTo(403);
        }
    }

    @Test
    void a_session_token_for_a_key_without_one_is_refused() {
        assertRefused(
                signed().with("x-amz-security-token", "token"),
                "UnrecognizedClientException",
                "The security token included in the request is invalid.");
    }

    @Test
    void who_is_known_changes_at_once_and_a_request_that_was_admitted_goes_on() {
        Sent before = signed();
        RequestVerifier.Admission admitted = verifier.admit(before);

        verifier.know(List.of(TestSignatures.caller(KEY, "another secret")));

        assertThatCode(() -> admitted.verify(before)).doesNotThrowAnyException();
        assertRefused(signed(), "InvalidSignatureException", "does not match");
        Sent now = signed("{}", KEY, "another secret", "us-east-1", NOW);
        assertThatCode(() -> verifier.verify(now)).doesNotThrowAnyException();

        verifier.know(List.of(TestSignatures.caller("someone", "else")));

        assertRefused(now, "UnrecognizedClientException", "security token");
    }

    @Test
    void it_accepts_what_our_own_client_signs_more_than_once() {
        Sent sent = signed("{}", KEY, SECRET, "us-east-1", NOW);

        assertThatCode(() -> verifier.verify(sent)).doesNotThrowAnyException();
        assertThatCode(() -> verifier.verify(sent)).doesNotThrowAnyException();
    }

    @Test
    void spaces_inside_and_around_a_header_do_not_matter() {
        Map<String, String> headers = new LinkedHashMap<>(Map.of("x-custom", "a b"));
        RequestSigner signer = new RequestSigner(KEY, SECRET, "us-east-1");
        headers.putAll(signer.sign(ENDPOINT, headers, new byte[0], NOW));
        Sent sent = new Sent("").with("host", "127.0.0.1:4573");
        headers.forEach(sent::with);
        sent.with("x-custom", "  a   b ");

        assertThatCode(() -> verifier.verify(sent)).doesNotThrowAnyException();
    }

    @Test
    void any_change_of_what_was_signed_is_noticed() {
        Sent otherBody = signed("{}", KEY, SECRET, "us-east-1", NOW).body("{} ");
        Sent otherTarget =
                signed("{}", KEY, SECRET, "us-east-1", NOW)
                        .with("x-amz-target", "Firehose_20150804.DeleteDeliveryStream");
        Sent otherHost = signed("{}", KEY, SECRET, "us-east-1", NOW).with("host", "127.0.0.1:4574");
        Sent otherQuery = signed("{}", KEY, SECRET, "us-east-1", NOW).query("a=b");

        for (Sent changed : List.of(otherBody, otherTarget, otherHost, otherQuery)) {
            assertRefused(
                    changed, "InvalidSignatureException", "The request signature we calculated");
        }
    }

    @Test
    void a_body_that_is_not_the_one_that_the_signed_hash_header_announced_is_noticed() {
        Sent changed = signed("{}", KEY, SECRET, "us-east-1", NOW).otherBody("{} ");

        assertRefused(
                changed,
                "InvalidSignatureException",
                "The provided 'x-amz-content-sha256' header does not match what was computed.");
    }

    @Test
    void with_a_hash_header_a_wrong_secret_is_noticed_before_there_is_a_body() {
        Sent right = signed("{}", KEY, SECRET, "us-east-1", NOW).withoutBody();
        Sent wrong = signed("{}", KEY, "other", "us-east-1", NOW).withoutBody();

        assertThatCode(() -> verifier.admit(right)).doesNotThrowAnyException();
        assertThat(catchThrowableOfType(ApiException.class, () -> verifier.admit(wrong)))
                .hasMessageContaining("The request signature we calculated");
    }

    @Test
    void without_a_hash_header_the_head_is_still_checked_before_there_is_a_body() {
        Sent old = signed("{}", KEY, SECRET, "us-east-1", NOW.minusSeconds(301)).withoutBody();
        Sent unknown = signed("{}", "AKIDOTHER", SECRET, "us-east-1", NOW).withoutBody();
        for (Sent sent : List.of(old, unknown)) {
            sent.without("x-amz-content-sha256").edit("authorization", "x-amz-content-sha256;", "");
        }

        assertThat(catchThrowableOfType(ApiException.class, () -> verifier.admit(old)))
                .hasMessageContaining("Signature expired");
        assertThat(catchThrowableOfType(ApiException.class, () -> verifier.admit(unknown)))
                .hasMessageContaining("The security token included in the request is invalid.");
    }

    @ParameterizedTest
    @CsvSource({"-300,true", "-301,false", "300,true", "301,false"})
    void the_clock_may_be_off_by_five_minutes(long seconds, boolean accepted) {
        Sent sent = signed("{}", KEY, SECRET, "us-east-1", NOW.plusSeconds(seconds));

        if (accepted) {
            assertThatCode(() -> verifier.verify(sent)).doesNotThrowAnyException();
        } else if (seconds < 0) {
            assertRefused(
                    sent,
                    "InvalidSignatureException",
                    "Signature expired: 20260102T025904Z is now earlier than 20260102T025905Z"
                            + " (20260102T030405Z - 5 min.)");
        } else {
            assertRefused(
                    sent,
                    "InvalidSignatureException",
                    "Signature not yet current: 20260102T030906Z is still later than"
                            + " 20260102T030905Z (20260102T030405Z + 5 min.)");
        }
    }

    @Test
    void no_key_is_derived_for_a_request_of_another_time() {
        for (int days = 1; days <= 10; days++) {
            Sent old = signed("{}", KEY, SECRET, "us-east-1", NOW.minusSeconds(days * 86_400L));
            assertThat(catchThrowableOfType(ApiException.class, () -> verifier.verify(old)))
                    .hasMessageContaining("Signature expired");
        }

        assertThat(verifier.keysDerived()).isZero();

        assertThatCode(() -> verifier.verify(signed("{}", KEY, SECRET, "us-east-1", NOW)))
                .doesNotThrowAnyException();
        assertThat(verifier.keysDerived()).isEqualTo(1);
    }

    @Test
    void the_date_header_stands_in_for_x_amz_date() {
        Sent sent = new Sent("{}").with("host", "h").with("date", "Fri, 02 Jan 2026 03:04:05 GMT");
        byte[] signature =
                SignatureV4.signature(
                        SignatureV4.signingKey(SECRET, "20260102", "us-east-1"),
                        "20260102T030405Z",
                        SignatureV4.scope("20260102", "us-east-1"),
                        sent,
                        List.of("date", "host"));
        sent.with(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/firehose/aws4_request,"
                        + " SignedHeaders=date;host, Signature="
                        + java.util.HexFormat.of().formatHex(signature));

        assertThatCode(() -> verifier.verify(sent)).doesNotThrowAnyException();
    }

    @Test
    void what_is_missing_or_malformed_is_named() {
        assertRefused(
                signed().without("authorization"),
                "MissingAuthenticationTokenException",
                "Missing Authentication Token");
        assertRefused(
                signed().with("authorization", ""),
                "IncompleteSignatureException",
                "Unsupported AWS 'algorithm': ''.");
        assertRefused(
                signed().with("authorization", "Bearer abc"),
                "IncompleteSignatureException",
                "Unsupported AWS 'algorithm': 'Bearer'.");
        assertRefused(
                signed().with("authorization", "AWS4-HMAC-SHA256"),
                "IncompleteSignatureException",
                "'' not a valid key=value pair");
        assertRefused(
                signed().with("authorization", "AWS4-HMAC-SHA256 SignedHeaders=host,Signature=0"),
                "IncompleteSignatureException",
                "Authorization header requires 'Credential' parameter.");
        assertRefused(
                signed().with(
                                "authorization",
                                "AWS4-HMAC-SHA256 Credential=a/b,SignedHeaders=host,Signature=0"),
                "IncompleteSignatureException",
                "Credential must have exactly 5 slash-delimited elements");
        assertRefused(
                signed().without("x-amz-date"),
                "IncompleteSignatureException",
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date'");
        assertRefused(
                signed().with("x-amz-date", "yesterday"),
                "IncompleteSignatureException",
                "Date must be in ISO-8601 'basic format'. Got 'yesterday'.");
    }

    @Test
    void the_scope_must_be_this_service_here_and_today() {
        assertRefused(
                signed("{}", KEY, SECRET, "eu-west-1", NOW),
                "InvalidSignatureException",
                "Credential should be scoped to a valid region, not 'eu-west-1'.");
        assertRefused(
                signed().edit("authorization", "/firehose/", "/s3/"),
                "InvalidSignatureException",
                "Credential should be scoped to correct service: 'firehose'.");
        assertRefused(
                signed().edit("authorization", "/aws4_request", "/aws5_request"),
                "InvalidSignatureException",
                "Credential should be scoped with a valid terminator");
        assertRefused(
                signed().edit("authorization", "/20260102/", "/20260101/"),
                "InvalidSignatureException",
                "Date in Credential scope does not match YYYYMMDD");
    }

    @Test
    void what_decides_about_the_call_must_be_signed() {
        assertRefused(
                signed().edit("authorization", "host;", ""),
                "InvalidSignatureException",
                "'Host' or ':authority' must be a 'SignedHeader'");
        assertRefused(
                signed().edit("authorization", ";x-amz-target", ""),
                "InvalidSignatureException",
                "'x-amz-target' must be a 'SignedHeader'");
        assertRefused(
                signed().edit("authorization", ";x-amz-date", ""),
                "InvalidSignatureException",
                "'x-amz-date' must be a 'SignedHeader'");
    }

    @Test
    void unknown_keys_and_wrong_secrets_are_told_apart_as_aws_does() {
        assertRefused(
                signed("{}", "AKIDOTHER", SECRET, "us-east-1", NOW),
                "UnrecognizedClientException",
                "The security token included in the request is invalid.");
        assertRefused(
                signed("{}", KEY, "guess", "us-east-1", NOW),
                "InvalidSignatureException",
                "The request signature we calculated does not match the signature you provided.");
    }

    @Test
    void presigned_and_chunked_requests_are_refused() {
        assertRefused(
                signed().query("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0"),
                "InvalidSignatureException",
                "Presigned requests are not supported");
        assertRefused(
                signed().with("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
                "InvalidSignatureException",
                "Chunked payloads (aws-chunked) are not supported");
        assertRefused(
                signed().with("content-encoding", "aws-chunked"),
                "InvalidSignatureException",
                "Chunked payloads (aws-chunked) are not supported");
    }

    @Test
    void a_key_may_do_what_its_globs_allow() {
        Caller caller =
                verifier(
                                TestSignatures.caller(
                                        KEY,
                                        SECRET,
                                        List.of("firehose:Put*", "ListDeliveryStreams"),
                                        List.of("team-*", "log?")))
                        .verify(signed());

        caller.mustBeAllowed("PutRecord", "team-a.b");
        caller.mustBeAllowed("PutRecordBatch", "logs");
        caller.mustBeAllowed("ListDeliveryStreams");
        assertThat(
                        catchThrowableOfType(
                                ApiException.class,
                                () -> caller.mustBeAllowed("PutRecord", "teams")))
                .hasMessage(
                        "User: arn:aws:iam::000000000000:user/AKIDEXAMPLE is not authorized to"
                                + " perform: firehose:PutRecord on resource:"
                                + " arn:aws:firehose:us-east-1:000000000000:deliverystream/teams")
                .satisfies(e -> assertThat(e.type()).isEqualTo("AccessDeniedException"))
                .satisfies(e -> assertThat(e.status()).isEqualTo(403));
        assertThat(
                        catchThrowableOfType(
                                ApiException.class,
                                () -> caller.mustBeAllowed("DescribeDeliveryStream", "team-a")))
                .isNotNull();
    }

    @Test
    void a_credential_does_not_print_its_secret() {
        assertThat(TestSignatures.caller(KEY, SECRET).toString())
                .contains(KEY)
                .doesNotContain(SECRET);
    }

    private static SignatureVerifier verifier(ApiCredentials credential) {
        return new SignatureVerifier(
                List.of(credential), "us-east-1", "000000000000", TestClock.at(NOW.toString()));
    }

    private void assertRefused(Sent sent, String type, String message) {
        ApiException refusal =
                catchThrowableOfType(ApiException.class, () -> verifier.verify(sent));

        assertThat(refusal).isNotNull().hasMessageContaining(message);
        assertThat(refusal.type()).isEqualTo(type);
        assertThat(refusal.status()).isEqualTo(403);
    }

    private static Sent signed() {
        return signed("{}", KEY, SECRET, "us-east-1", NOW);
    }

    private static Sent signed(String body, String key, String secret, String region, Instant at) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-amz-target", "Firehose_20150804.PutRecord");
        headers.putAll(
                new RequestSigner(key, secret, region)
                        .sign(ENDPOINT, headers, body.getBytes(StandardCharsets.UTF_8), at));
        Sent sent = new Sent(body).with("host", "127.0.0.1:4573");
        headers.forEach(sent::with);
        return sent;
    }

    /** A request as the server received it. */
    private static final class Sent implements SignedRequest {
        private final Map<String, String> headers = new LinkedHashMap<>();
        private List<String> tokens;
        private String body;
        private String query = "";

        Sent(String body) {
            this.body = body;
        }

        Sent with(String name, String value) {
            headers.put(name, value);
            return this;
        }

        /** Several headers of that name. */
        Sent tokens(List<String> values) {
            tokens = values;
            return this;
        }

        Sent without(String name) {
            headers.remove(name);
            return this;
        }

        Sent edit(String name, String from, String to) {
            assertThat(headers.get(name)).contains(from);
            return with(name, headers.get(name).replace(from, to));
        }

        Sent body(String other) {
            body = other;
            headers.put("x-amz-content-sha256", hex());
            return this;
        }

        Sent otherBody(String other) {
            body = other;
            return this;
        }

        Sent withoutBody() {
            body = null;
            return this;
        }

        Sent query(String other) {
            query = other;
            return this;
        }

        private String hex() {
            return java.util.HexFormat.of().formatHex(bodyHash());
        }

        @Override
        public String method() {
            return "POST";
        }

        @Override
        public String path() {
            return "/";
        }

        @Override
        public String query() {
            return query;
        }

        @Override
        public List<String> headers(String name) {
            if (tokens != null && name.equals("x-amz-security-token")) {
                return tokens;
            }
            return headers.containsKey(name) ? List.of(headers.get(name)) : List.of();
        }

        @Override
        public byte[] bodyHash() {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            return BodyHash.of(bytes, 0, bytes.length);
        }
    }
}

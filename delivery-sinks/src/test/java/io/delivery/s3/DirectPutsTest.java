package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.UploadListener;
import io.delivery.machine.Machine;
import io.delivery.record.ObjectName;
import io.delivery.s3.S3Settings.Credentials;
import io.delivery.s3.direct.FirstAnswers.Outcome;
import io.delivery.staging.DamagedStagingException;
import io.delivery.staging.StagedContent;
import io.delivery.testkit.SampleContent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What becomes of a PUT that is made without the SDK, beside the same answers to one that the SDK
 * has made.
 */
class DirectPutsTest {
    private static final SampleContent CONTENT = SampleContent.of("hello");
    private static final String TAKEN = answer(200, "ETag: \"e\"\r\n", "");

    private final Machine machine = new Machine();
    private ScriptedServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        machine.close();
    }

    private static String answer(int status, String headers, String body) {
        return "HTTP/1.1 %d Said\r\n%sContent-Length: %d\r\n\r\n%s"
                .formatted(status, headers, body.length(), body);
    }

    private S3Settings settings() {
        return PathStyle.of(
                server.uri(),
                Optional.of(new Credentials("someone", "secret", Optional.empty())),
                4);
    }

    private S3Connection connection() throws IOException {
        return new S3Connection(settings(), machine.world().scheduler(), 4);
    }

    private static S3Upload upload(String key, StagedContent content) {
        return new S3Upload(
                content,
                new ObjectName("lake", key),
                new ObjectAttributes("0a/main/0/0/5a", 3, ""),
                UploadListener.IGNORE);
    }

    /** The first one of a connection is made by the SDK. */
    private Landing put(S3Connection connection, String key) throws IOException {
        return new S3Puts(connection, settings()).put(upload(key, CONTENT), true);
    }

    private void lands(S3Connection connection, String key) throws IOException {
        server.answers(TAKEN);
        assertThat(put(connection, key)).isInstanceOf(Landing.Landed.class);
    }

    private Optional<Outcome> directly(S3Connection connection) throws IOException {
        S3Puts puts = new S3Puts(connection, settings());
        return connection.direct().send(puts.of(upload("in/direct", CONTENT), true));
    }

    private boolean isDirect(S3Connection connection) throws IOException {
        server.answers(TAKEN);
        return directly(connection).flatMap(Outcome::takePlainSuccess).isPresent();
    }

    // ------------------------------------------------------------------ the same meaning

    private static String error(String inside) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>" + inside + "</Error>";
    }

    private static final String XML = "Content-Type: application/xml\r\n";
    private static final String HTML = "Content-Type: text/html\r\n";

    private static Stream<Arguments> answers() {
        Map<String, String> all = new LinkedHashMap<>();
        String denied =
                error("<Code>AccessDenied</Code><Message>no</Message><RequestId>r</RequestId>");
        all.put("a refusal", answer(403, XML, denied));
        all.put("a refusal with an id", answer(403, XML + "x-amz-request-id: 18EC\r\n", denied));
        all.put("a refusal without words", answer(403, "", ""));
        all.put("a refusal in text", answer(403, "Content-Type: text/plain\r\n", "RBAC"));
        all.put("a page", answer(403, HTML, "<html>Log in</html>"));
        all.put("a code that is a status", answer(403, XML, error("<Code>403</Code>")));
        all.put("no XML", answer(400, XML, "<Error><Code>Access"));
        all.put("another XML", answer(400, XML, "<Problem><Code>X</Code></Problem>"));
        all.put("XML within XML", answer(400, XML, "<A>" + error("<Code>X</Code>") + "</A>"));
        all.put(
                "a document type",
                answer(
                        400,
                        XML,
                        "<!DOCTYPE e [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Error><Code>&x;"
                                + "</Code></Error>"));
        all.put(
                "a long error",
                answer(400, XML, error("<Code>X</Code>" + "<a>b</a>".repeat(9999))));
        all.put("a body that ends early", answer(403, XML, denied).replace("</Error>", ""));
        all.put("a taken name", answer(412, XML, error("<Code>PreconditionFailed</Code>")));
        all.put("a taken name without words", answer(412, "", ""));
        all.put("a conflict", answer(409, XML, error("<Code>OperationAborted</Code>")));
        all.put("no bucket", answer(404, XML, error("<Code>NoSuchBucket</Code>")));
        all.put("an expired token", answer(400, XML, error("<Code>ExpiredToken</Code>")));
        all.put("a wrong clock", answer(403, XML, error("<Code>RequestTimeTooSkewed</Code>")));
        all.put("slow down", answer(503, XML, error("<Code>SlowDown</Code>")));
        all.put("a failure without words", answer(500, "", ""));
        all.put("a condition that is not known", answer(501, XML, error("<Code>N</Code>")));
        all.put(
                "another region, permanent",
                answer(
                        301,
                        XML + "x-amz-bucket-region: eu-west-1\r\nx-amz-request-id: 1\r\n",
                        error("<Code>PermanentRedirect</Code><Endpoint>e</Endpoint>")));
        all.put(
                "another region, for a time",
                answer(
                        307,
                        XML + "Location: http://127.0.0.1:1/x\r\nx-amz-request-id: 1\r\n",
                        error("<Code>TemporaryRedirect</Code>")));
        all.put("a redirect", answer(302, "Location: http://login.example/\r\n", ""));
        all.put("a redirect without a word", answer(301, "", ""));
        all.put("not modified", "HTTP/1.1 304 Said\r\nETag: \"e\"\r\n\r\n");
        all.put("a success", TAKEN);
        all.put("a success with a version", answer(200, "ETag: e\r\nx-amz-version-id: 7\r\n", ""));
        all.put("a success without an ETag", answer(200, "", ""));
        all.put("a success with a blank ETag", answer(200, "ETag: \r\n", ""));
        all.put("a success with a page", answer(200, "ETag: e\r\n" + HTML, "<html/>"));
        all.put("an empty success named a page", answer(200, "ETag: e\r\n" + HTML, ""));
        all.put("a success with words", answer(200, "ETag: e\r\n" + XML, "<Put/>"));
        all.put("a success that ends early", answer(200, "ETag: e\r\n", "ok").replace("ok", "o"));
        all.put(
                "a success in chunks",
                "HTTP/1.1 200 OK\r\nETag: e\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        all.put("a success without a length", "HTTP/1.1 200 OK\r\nETag: e\r\n\r\n");
        all.put("another success", "HTTP/1.1 204 Said\r\nETag: \"e\"\r\n\r\n");
        all.put("created", answer(201, "ETag: e\r\n", ""));
        all.put("another size", answer(200, "ETag: e\r\nx-amz-object-size: 7\r\n", ""));
        all.put("the size", answer(200, "ETag: e\r\nx-amz-object-size: 5\r\n", ""));
        all.put("no size", answer(200, "ETag: e\r\nx-amz-object-size: many\r\n", ""));
        all.put(
                "another checksum",
                answer(200, "ETag: e\r\nx-amz-checksum-crc32: AAAAAA==\r\n", ""));
        all.put("the checksum", answer(200, "ETag: e\r\nx-amz-checksum-crc32: NhCmhg==\r\n", ""));
        all.put("early hints", "HTTP/1.1 103 Early\r\n\r\n" + TAKEN);
        all.put("no HTTP", "hello\r\n\r\n");
        all.put("half a head", "HTTP/1.1 200 OK\r\nETag:");
        all.put("nothing", "");
        return all.entrySet().stream()
                .map(answer -> Arguments.of(answer.getKey(), answer.getValue()));
    }

    private record Become(Landing landing, int requests) {}

    private Become of(S3Connection connection, String answer) throws IOException {
        int before = server.requests().size();
        server.answersAndCloses(answer);
        Landing landing = put(connection, "in/x");
        return new Become(landing, server.requests().size() - before);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void every_answer_means_what_it_means_to_the_sdk(String name, String answer) throws Exception {
        try (S3Connection sdk = connection();
                S3Connection direct = connection()) {
            lands(direct, "in/before");

            Become bySdk = of(sdk, answer);
            Become directly = of(direct, answer);

            assertThat(directly).isEqualTo(bySdk);
        }
    }

    // ------------------------------------------------------------------ connections

    @Test
    void a_connection_that_died_between_two_objects_is_replaced() throws Exception {
        try (S3Connection connection = connection()) {
            lands(connection, "in/1");
            server.answersAndCloses(TAKEN);
            assertThat(put(connection, "in/2")).isInstanceOf(Landing.Landed.class);
            server.answers(TAKEN);

            assertThat(put(connection, "in/3")).isInstanceOf(Landing.Landed.class);
        }
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void a_request_that_a_connection_took_with_it_is_made_again_by_the_sdk() throws Exception {
        try (S3Connection connection = connection()) {
            lands(connection, "in/1");
            server.answersAndCloses("");
            server.answers(TAKEN);

            assertThat(put(connection, "in/2")).isInstanceOf(Landing.Landed.class);
        }
        assertThat(server.requests())
                .containsExactly(
                        "PUT /lake/in/1 HTTP/1.1",
                        "PUT /lake/in/2 HTTP/1.1",
                        "PUT /lake/in/2 HTTP/1.1");
    }

    @Test
    void connections_are_used_again_whatever_was_answered() throws Exception {
        try (S3Connection connection = connection()) { // of four
            for (int i = 0; i < 20; i++) {
                lands(connection, "in/" + i);
                server.answers(answer(200, "ETag: e\r\n" + XML, "<Put/>".repeat(999)));
                assertThat(put(connection, "in/x")).isInstanceOf(Landing.Landed.class);
                server.answers(answer(412, XML, error("<Code>PreconditionFailed</Code>")));
                assertThat(put(connection, "in/x")).isInstanceOf(Landing.Occupied.class);
                server.answers(answer(503, XML, error("<Code>SlowDown</Code>")));
                assertThat(put(connection, "in/x")).isInstanceOf(Landing.Unknown.class);
                server.answers(answer(412, XML, error("<Code>PreconditionFailed</Code>")));
                assertThat(put(connection, "in/x")).isInstanceOf(Landing.Occupied.class);
            }
        }
    }

    // ------------------------------------------------------------------ who makes the next one

    @Test
    void after_a_success_and_after_a_taken_name_the_next_is_made_directly() throws Exception {
        try (S3Connection connection = connection()) {
            lands(connection, "in/1");
            assertThat(isDirect(connection)).isTrue();

            server.answers(answer(412, "", ""));
            assertThat(put(connection, "in/2")).isInstanceOf(Landing.Occupied.class);

            assertThat(isDirect(connection)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 403, 404, 500, 503})
    void after_a_failure_the_sdk_makes_the_next_and_then_it_is_direct_again(int status)
            throws Exception {
        try (S3Connection connection = connection()) {
            lands(connection, "in/1");
            server.answers(answer(status, "", ""));
            put(connection, "in/2");

            assertThat(directly(connection)).isEmpty();
            lands(connection, "in/3");

            assertThat(isDirect(connection)).isTrue();
        }
    }

    @Test
    void a_request_that_failed_is_no_example_for_the_next() throws Exception {
        try (S3Connection connection = connection()) {
            server.answers(answer(503, "", ""));
            put(connection, "in/1");

            assertThat(directly(connection)).isEmpty();
        }
    }

    // ------------------------------------------------------------------ damage

    /** Bytes that are read well once, and not again. */
    private record ReadOnce(SampleContent well, AtomicInteger reads) implements StagedContent {
        @Override
        public long length() {
            return well.length();
        }

        @Override
        public int crc32() {
            return well.crc32();
        }

        @Override
        public InputStream open(long offset, long length) throws IOException {
            return (reads.incrementAndGet() > 1 ? well.damagedAt(4) : well).open(offset, length);
        }
    }

    /** Whoever gives the bytes away compares them; they are compared again here. */
    private record NeverCompared(SampleContent recorded, String given) implements StagedContent {
        @Override
        public long length() {
            return recorded.length();
        }

        @Override
        public int crc32() {
            return recorded.crc32();
        }

        @Override
        public InputStream open(long offset, long length) {
            return new ByteArrayInputStream(given.getBytes(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hellO", "hell"})
    void other_bytes_than_were_recorded_are_not_sent(String given) throws Exception {
        try (S3Connection connection = connection()) {
            lands(connection, "in/1");

            assertThatThrownBy(
                            () ->
                                    new S3Puts(connection, settings())
                                            .put(
                                                    upload(
                                                            "in/2",
                                                            new NeverCompared(CONTENT, given)),
                                                    true))
                    .isInstanceOf(DamagedStagingException.class);
        }
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void damage_behind_a_request_that_went_out_whole_leaves_the_outcome_unknown() throws Exception {
        try (S3Connection connection = connection()) {
            lands(connection, "in/1");
            server.answersAndCloses("");
            AtomicInteger reads = new AtomicInteger();

            Landing landing =
                    new S3Puts(connection, settings())
                            .put(upload("in/2", new ReadOnce(CONTENT, reads)), true);

            assertThat(landing).isInstanceOf(Landing.Unknown.class);
            assertThat(reads.get()).isGreaterThan(1);
        }
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void damaged_bytes_are_found_before_anything_is_sent() throws Exception {
        try (S3Connection connection = connection()) {
            lands(connection, "in/1");

            for (SampleContent damaged :
                    new SampleContent[] {CONTENT.damagedAt(4), CONTENT.cutTo(3)}) {
                assertThatThrownBy(
                                () ->
                                        new S3Puts(connection, settings())
                                                .put(upload("in/2", damaged), true))
                        .isInstanceOf(DamagedStagingException.class);
            }
        }
        assertThat(server.requests()).hasSize(1);
    }
}

package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.delivery.config.StoreDefinition.Acl;
import io.delivery.config.StoreDefinition.Checksums;
import io.delivery.config.StoreDefinition.ConditionalWrites;
import io.delivery.config.StoreDefinition.Encryption;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore.Found;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.Presence;
import io.delivery.landing.ObjectStore.UploadListener;
import io.delivery.machine.Machine;
import io.delivery.record.ObjectName;
import io.delivery.s3.S3Settings.Credentials;
import io.delivery.staging.StagedContent;
import io.delivery.testkit.SampleContent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.AbortedException;

/**
 * What is made of answers that real servers give too rarely: a server that says what it is told.
 */
class S3AnswersTest {
    private static final ObjectName NAME = new ObjectName("lake", "in/x-1");
    private static final ObjectAttributes ATTRIBUTES =
            new ObjectAttributes("0a/main/0/0/5a", 3, "");
    static final SampleContent CONTENT = SampleContent.of("hello");
    private static final String CRC32 = "NhCmhg=="; // of "hello"
    private static final String SECRET = "do-not-tell-anybody";

    /** No answer but a connection reset; so is what nobody has given an answer for. */
    private static final Answer RESET = new Answer(0, Map.of(), "");

    private final Machine machine = new Machine();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private S3Store store;

    private record Answer(int status, Map<String, String> headers, String body) {
        static Answer error(int status, String code) {
            return new Answer(
                    status,
                    Map.of(),
                    "<Error><Code>" + code + "</Code><Message>said so</Message></Error>");
        }

        static Answer ok(Map<String, String> headers) {
            return new Answer(200, headers, "");
        }
    }

    @BeforeEach
    void open() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        store = open(ConditionalWrites.AUTO, false, Optional.empty());
    }

    private S3Store open(ConditionalWrites conditional, boolean readBack, Optional<Path> caFile)
            throws IOException {
        S3Store opened =
                S3Store.open(
                        new S3Settings(
                                Optional.of(
                                        URI.create(
                                                "http://127.0.0.1:"
                                                        + server.getAddress().getPort())),
                                "us-east-1",
                                true,
                                Optional.of(new Credentials("someone", SECRET, Optional.empty())),
                                Optional.empty(),
                                caFile,
                                Checksums.WHEN_SUPPORTED,
                                true,
                                true,
                                conditional,
                                readBack,
                                Acl.NONE,
                                new Encryption.None(),
                                S3Settings.MIN_PART_SIZE,
                                false,
                                4),
                        machine.world());
        prepare(opened, conditional, readBack);
        requests.clear();
        return opened;
    }

    /** Before anything is asked of a store. */
    void prepare(S3Store opened, ConditionalWrites conditional, boolean readBack)
            throws IOException {}

    /** Has an object land that no test asks for. */
    final void lands(
            S3Store opened,
            ConditionalWrites conditional,
            boolean readBack,
            String key,
            StagedContent content)
            throws IOException {
        if (conditional == ConditionalWrites.NEVER) {
            answers.add(new Answer(404, Map.of(), ""));
        }
        answers.add(Answer.ok(Map.of("ETag", "\"e\"")));
        if (readBack) {
            answers.add(new Answer(200, Map.of("ETag", "\"e\""), "hello"));
        }
        assertThat(
                        opened.land(
                                        content,
                                        new ObjectName("lake", key),
                                        ATTRIBUTES,
                                        UploadListener.IGNORE)
                                .toCompletableFuture()
                                .join())
                .isInstanceOf(Landing.Landed.class);
    }

    @AfterEach
    void close() {
        store.close();
        server.stop(0);
        threads.shutdownNow();
        machine.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String condition = exchange.getRequestHeaders().getFirst("If-None-Match");
        requests.add(
                exchange.getRequestMethod()
                        + (condition == null ? "" : " if-none-match " + condition));
        exchange.getRequestBody().readAllBytes();
        Answer answer = answers.poll();
        if (answer == null || answer == RESET) {
            exchange.close(); // a connection reset
            return;
        }
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), head || body.length == 0 ? -1 : body.length);
        if (!head && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private Landing land(S3Store store, SampleContent content) throws Exception {
        return store.land(content, NAME, ATTRIBUTES, UploadListener.IGNORE)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private Found find(Map<String, String> headers) throws Exception {
        answers.add(Answer.ok(headers));
        return store.find(NAME, ATTRIBUTES, CONTENT)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource({
        "409, ConditionalRequestConflict",
        "409, OperationAborted",
        "429, TooManyRequests",
        "500, InternalError",
        "502, BadGateway",
        "503, SlowDown",
        "400, RequestTimeout",
        "404, NoSuchUpload",
    })
    void answers_that_pass_leave_the_outcome_unknown(int status, String code) throws Exception {
        answers.add(Answer.error(status, code));

        Landing landing = land(store, CONTENT);

        assertThat(landing).isEqualTo(new Landing.Unknown(status + " " + code + ": said so"));
        assertThat(requests).hasSize(1); // whoever called tries again, not the client
    }

    @Test
    void a_full_store_is_waited_for_and_told() throws Exception {
        answers.add(Answer.error(507, "XMinioStorageFull"));

        assertThat(land(store, CONTENT))
                .isEqualTo(
                        new Landing.Unknown(
                                "507 XMinioStorageFull: said so. Make room in the store."));
    }

    @Test
    void a_412_means_that_something_is_there() throws Exception {
        answers.add(Answer.error(412, "PreconditionFailed"));

        assertThat(land(store, CONTENT)).isEqualTo(new Landing.Occupied());
    }

    /** The first request may have arrived before its connection broke. */
    @ParameterizedTest
    @CsvSource({
        "403, AccessDenied",
        "400, KeyTooLongError",
        "404, NoSuchBucket",
        "403, InvalidAccessKeyId",
        "418, Teapot",
    })
    void a_refusal_of_a_repetition_leaves_the_outcome_unknown_and_tells_the_remedy(
            int status, String code) throws Exception {
        answers.add(RESET);
        answers.add(Answer.error(status, code));

        Landing landing = land(store, CONTENT);

        assertThat(requests).hasSize(2);
        assertThat(landing).isInstanceOf(Landing.Unknown.class);

        answers.add(Answer.error(status, code));
        Landing.Denied once = (Landing.Denied) land(store, CONTENT);
        assertThat(((Landing.Unknown) landing).reason()).endsWith(once.text());
    }

    @Test
    void a_repeated_completion_that_is_refused_is_not_aborted() throws Exception {
        parts();
        answers.add(RESET);
        answers.add(Answer.error(403, "AccessDenied"));

        assertThat(land(store, large())).isInstanceOf(Landing.Unknown.class);

        assertThat(requests)
                .containsExactly(
                        "POST", "PUT", "PUT", "POST if-none-match *", "POST if-none-match *");
    }

    @Test
    void a_repetition_finds_out_that_a_store_knows_no_conditional_writes() throws Exception {
        answers.add(RESET);
        answers.add(Answer.error(501, "NotImplemented"));
        answers.add(new Answer(404, Map.of(), ""));
        answers.add(Answer.ok(Map.of("ETag", "\"e\"")));

        assertThat(land(store, CONTENT)).isInstanceOf(Landing.Landed.class);
    }

    @ParameterizedTest
    @CsvSource({
        "403, AccessDenied, s3:PutObject",
        "403, InvalidAccessKeyId, credentials",
        "403, SignatureDoesNotMatch, credentials",
        "403, RequestTimeTooSkewed, clock",
        "400, ExpiredToken, session credentials",
        "404, NoSuchBucket, createBuckets: true",
        "400, InvalidStorageClass, storage class",
        "400, KMS.NotFoundException, encryption",
        "400, AuthorizationHeaderMalformed, region",
        "301, PermanentRedirect, region",
        "400, AccessControlListNotSupported, acl: none",
        "400, XAmzContentSHA256Mismatch, chunkedEncoding: false",
        "400, KeyTooLongError, prefix",
        "409, ObjectParentIsFile, prefix",
        "400, InvalidBucketName, correct the destination's bucket",
        "403, AllAccessDisabled, ask whoever runs it",
        "400, EntityTooLarge, smaller partSize",
        "400, EntityTooSmall, at least 5MB",
        "411, MissingContentLength, chunkedEncoding: false",
        "405, MethodNotAllowed, S3 API",
        "400, InvalidEncryptionAlgorithmError, encryption",
        "400, InvalidURI, correct the prefix",
        "403, QuotaExceeded, quota",
        "418, Teapot, tried again",
    })
    void refusals_name_the_remedy(int status, String code, String remedy) throws Exception {
        answers.add(Answer.error(status, code));

        Landing landing = land(store, CONTENT);

        assertThat(landing).isInstanceOf(Landing.Denied.class);
        Landing.Denied denied = (Landing.Denied) landing;
        assertThat(denied.code()).isEqualTo(code);
        assertThat(denied.message()).isEqualTo(status + " " + code + ": said so");
        assertThat(denied.remedy()).contains(remedy).endsWith(".");
    }

    /** S3 API reference, error responses; MinIO, versitygw, Ceph and LocalStack as they answer. */
    @ParameterizedTest
    @CsvSource({
        "400, KeyTooLongError, THE_KEY",
        "400, XMinioParentIsObject, THE_KEY",
        "409, XMinioObjectExistsAsDirectory, THE_KEY",
        "400, XMinioInvalidObjectName, THE_KEY",
        "400, XMinioInvalidResourceName, THE_KEY",
        "409, ObjectParentIsFile, THE_KEY",
        "409, ExistingObjectIsDirectory, THE_KEY",
        "400, InvalidObjectName, THE_KEY",
        "400, InvalidURI, MORE_THAN_THE_KEY",
        "403, AccessDenied, MORE_THAN_THE_KEY",
        "404, NoSuchBucket, MORE_THAN_THE_KEY",
        "400, InvalidBucketName, MORE_THAN_THE_KEY",
        "400, ExpiredToken, MORE_THAN_THE_KEY",
        "400, InvalidRequest, MORE_THAN_THE_KEY",
        "418, Teapot, MORE_THAN_THE_KEY",
    })
    void only_what_is_certainly_of_the_key_is_told_so(int status, String code, Landing.Denied.Of of)
            throws Exception {
        answers.add(Answer.error(status, code));

        Landing landing = land(store, CONTENT);

        assertThat(((Landing.Denied) landing).of()).isEqualTo(of);
    }

    @ParameterizedTest
    @CsvSource({
        "403, AccessDenied",
        "403, AllAccessDisabled",
        "404, NoSuchBucket",
        "400, InvalidBucketName",
        "400, TooManyBuckets",
        "400, KeyTooLongError",
        "400, XMinioParentIsObject",
        "409, ObjectParentIsFile",
    })
    void where_another_definition_comes_too_late_the_remedy_names_the_ways_out(
            int status, String code) throws Exception {
        answers.add(Answer.error(status, code));

        Landing landing = land(store, CONTENT);

        assertThat(((Landing.Denied) landing).remedy())
                .contains("delivery redirect")
                .contains("delivery skip");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ExpiredToken", "InvalidAccessKeyId", "RequestTimeTooSkewed"})
    void where_the_object_lands_once_that_is_mended_the_remedy_names_no_way_out(String code)
            throws Exception {
        answers.add(Answer.error(403, code));

        Landing landing = land(store, CONTENT);

        assertThat(((Landing.Denied) landing).remedy()).doesNotContain("redirect");
    }

    @Test
    void names_that_no_store_takes_are_known_without_asking() {
        assertThat(store.refusal(new ObjectName("lake", "in/x"))).isEmpty();
        assertThat(store.refusal(new ObjectName("My_Lake", "in/x"))).isPresent();
        assertThat(store.refusal(new ObjectName("lake", "k".repeat(1025)))).isPresent();
        assertThat(store.refusal(new ObjectName("lake", "a/../b"))).isPresent();
    }

    /**
     * What servers answered, byte for byte but for ids (MinIO RELEASE.2025, LocalStack 4, versitygw
     * 1), and the example of the S3 API reference.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404 | <Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message><Key>k</Key><BucketName>nothere</BucketName><Resource>/nothere/k</Resource></Error> | NoSuchBucket | The specified bucket does not exist | Create the bucket",
                "404 | <Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message><RequestId>ce80</RequestId><BucketName>nothere</BucketName></Error> | NoSuchBucket | The specified bucket does not exist | keeps its bucket and key",
                "400 | <Error><Code>InvalidBucketName</Code><Message>The specified bucket is not valid.</Message><Resource>/No_Such_Bucket/k</Resource></Error> | InvalidBucketName | The specified bucket is not valid. | correct the destination's bucket",
                "400 | <Error><Code>XMinioInvalidObjectName</Code><Message>Object name contains unsupported characters.</Message><Key>a//b</Key><BucketName>lake</BucketName></Error> | XMinioInvalidObjectName | Object name contains unsupported characters. | correct the prefix",
                "400 | <Error><Code>XMinioInvalidResourceName</Code><Message>Resource name contains bad components such as &#34;..&#34; or &#34;.&#34;.</Message></Error> | XMinioInvalidResourceName | bad components | correct the prefix",
                "400 | <Error><Code>KeyTooLongError</Code><Message>Your key is too long</Message><MaxSizeAllowed>1024</MaxSizeAllowed><Size>1100</Size></Error> | KeyTooLongError | Your key is too long | correct the prefix",
                "409 | <Error><Code>ExistingObjectIsDirectory</Code><Message>Existing Object is a directory.</Message></Error> | ExistingObjectIsDirectory | Existing Object is a directory. | in the way",
                "400 | <Error><Code>XMinioAdminBucketQuotaExceeded</Code><Message>Bucket quota exceeded</Message><Key>k</Key></Error> | XMinioAdminBucketQuotaExceeded | Bucket quota exceeded | Raise the quota",
                "501 | <Error><Code>NotImplemented</Code><Message>Server side encryption specified but KMS is not configured</Message></Error> | NotImplemented | KMS is not configured | correct encryption",
                "403 | <Error><Code>InvalidAccessKeyId</Code><Message>Your account is disabled; please contact your administrator.</Message></Error> | InvalidAccessKeyId | Your account is disabled | have the key enabled",
                "403 | <Error><Code>InvalidTokenId</Code><Message>The security token included in the request is invalid</Message></Error> | InvalidTokenId | security token | Renew the session credentials",
                "404 | <Error><Code>XAdminUserNotFound</Code><Message>No user exists with the provided access key ID.</Message></Error> | XAdminUserNotFound | No user exists | Correct the store's credentials",
                "403 | <Error><Code>RequestTimeTooSkewed</Code><Message>The difference between the request time and the server&#39;s time is too large.</Message></Error> | RequestTimeTooSkewed | too large | Set the clock",
                "403 | <Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error> | AccessDenied | Access Denied. | somebody else's",
                "400 | <Error><Code>InvalidRequest</Code><Message>Missing required header for this request: Content-MD5 OR x-amz-checksum-*</Message></Error> | InvalidRequest | Content-MD5 | checksums: whenSupported",
                "301 | <Error><Code>PermanentRedirect</Code><Message>The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.</Message><Endpoint>s3.amazonaws.com</Endpoint></Error> | PermanentRedirect | specified endpoint | region and endpoint",
            })
    void a_refusal_is_told_by_status_code_and_the_stores_words_with_the_cure_for_it(
            int status, String body, String code, String words, String cure) throws Exception {
        S3Store unconditional = open(ConditionalWrites.NEVER, false, Optional.empty());
        answers.add(Answer.error(404, "NoSuchKey"));
        answers.add(
                new Answer(
                        status,
                        Map.of("Content-Type", "application/xml", "x-amz-request-id", "18EC"),
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + body));

        Landing landing = land(unconditional, CONTENT);

        assertThat(landing).isInstanceOf(Landing.Denied.class);
        assertThat(((Landing.Denied) landing).text())
                .startsWith(code + ": " + status + " " + code + ": ")
                .contains(words)
                .contains(cure);
        unconditional.close();
    }

    // ------------------------------------------------------------------ not the store

    private static final String PAGE =
            "<!DOCTYPE html><html><head><title>Welcome</title><meta charset=utf-8>"
                    + "</head><body>Log in</body></html>";

    private static Answer page(int status, String... headers) {
        Map<String, String> all =
                new java.util.HashMap<>(Map.of("Content-Type", "text/html; charset=utf-8"));
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return new Answer(status, all, PAGE);
    }

    private static void notTheStores(Landing landing) {
        assertThat(landing).isInstanceOf(Landing.Unknown.class);
        assertThat(((Landing.Unknown) landing).reason())
                .containsIgnoringCase("something in front of the store has answered");
    }

    @Test
    void a_success_without_an_etag_or_with_a_page_is_no_landing() throws Exception {
        for (Answer answer :
                List.of(
                        Answer.ok(Map.of()),
                        page(200),
                        page(200, "ETag", "\"of-a-static-file\""),
                        new Answer(200, Map.of(), "OK"))) {
            answers.add(answer);

            notTheStores(land(store, CONTENT));
        }
    }

    /** LocalStack and moto call the empty body of a success so. */
    @Test
    void an_empty_body_that_is_called_html_is_a_stores_answer() throws Exception {
        answers.add(Answer.ok(Map.of("ETag", "\"e\"", "Content-Type", "text/html")));

        assertThat(land(store, CONTENT)).isInstanceOf(Landing.Landed.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 403, 404, 405, 412, 413, 501, 502})
    void a_page_is_nobodys_word_on_the_object_whatever_its_status(int status) throws Exception {
        answers.add(page(status));

        Landing landing = land(store, CONTENT);

        notTheStores(landing);
        assertThat(((Landing.Unknown) landing).reason())
                .startsWith(status + " and text/html instead of a store's words.");
        assertThat(requests).hasSize(1);
    }

    @Test
    void a_proxy_that_refuses_in_plain_text_is_not_taken_for_a_store_that_does() throws Exception {
        answers.add(new Answer(403, Map.of("Content-Type", "text/plain"), "RBAC: access denied"));

        notTheStores(land(store, CONTENT));
    }

    @Test
    void a_redirect_that_is_not_the_stores_is_no_answer_and_says_where_to() throws Exception {
        answers.add(new Answer(302, Map.of("Location", "http://login.example/"), ""));

        Landing landing = land(store, CONTENT);

        notTheStores(landing);
        assertThat(((Landing.Unknown) landing).reason()).contains("302 to http://login.example/");
    }

    @Test
    void a_look_that_a_page_or_nobody_in_particular_answers_sees_no_stranger() throws Exception {
        for (Map<String, String> headers :
                List.of(
                        Map.of("Content-Length", "1270", "Content-Type", "text/html"),
                        Map.of("Content-Length", "1270", "Content-Type", "text/html", "ETag", "x"),
                        Map.of("Content-Length", "5"))) {
            Found found = find(headers);

            assertThat(found.presence()).isEqualTo(Presence.UNKNOWN);
            assertThat(found.reason()).contains("in front of the store has answered");
        }
    }

    @Test
    void a_page_that_is_read_back_is_no_other_content() throws Exception {
        answers.add(Answer.ok(ours("x-amz-version-id", "1")));
        answers.add(page(200));

        Found found =
                store.readBack(NAME, ATTRIBUTES, CONTENT)
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS);

        assertThat(found.presence()).isEqualTo(Presence.UNKNOWN);
    }

    @Test
    void a_page_before_an_unconditional_put_is_no_object_in_the_way() throws Exception {
        S3Store unconditional = open(ConditionalWrites.NEVER, false, Optional.empty());
        answers.add(Answer.ok(Map.of("Content-Length", "1270", "Content-Type", "text/html")));

        notTheStores(land(unconditional, CONTENT));

        assertThat(requests).containsExactly("HEAD");
        unconditional.close();
    }

    @Test
    void a_page_instead_of_an_upload_begins_nothing() throws Exception {
        answers.add(page(200));
        notTheStores(land(store, large()));

        answers.add(new Answer(200, Map.of(), "<html><body>well formed</body></html>"));
        notTheStores(land(store, large()));

        assertThat(requests).containsExactly("POST", "POST");
    }

    @Test
    void a_page_instead_of_a_part_ends_the_upload() throws Exception {
        answers.add(new Answer(200, Map.of(), CREATED));
        answers.add(page(200));
        answers.add(new Answer(204, Map.of(), ""));

        notTheStores(land(store, large()));

        assertThat(requests).containsExactly("POST", "PUT", "DELETE");
    }

    @Test
    void a_page_instead_of_a_completion_leaves_the_outcome_unknown_and_the_upload_alone()
            throws Exception {
        for (String body : List.of(PAGE, "<html><body>well formed</body></html>")) {
            requests.clear();
            parts();
            answers.add(new Answer(200, Map.of("Content-Type", "text/html"), body));

            notTheStores(land(store, large()));

            assertThat(requests).containsExactly("POST", "PUT", "PUT", "POST if-none-match *");
        }
    }

    // ------------------------------------------------------------------ what is lost

    /** The store has taken the object, and the client cannot make out what it says of it. */
    @Test
    void a_success_that_cannot_be_understood_leaves_the_outcome_unknown() throws Exception {
        answers.add(Answer.ok(Map.of("ETag", "\"e\"", "x-amz-object-size", "many")));

        assertThat(land(store, CONTENT)).isInstanceOf(Landing.Unknown.class);
    }

    @Test
    void a_request_whose_thread_was_interrupted_may_have_been_sent() {
        assertThat(S3Answers.meaning(AbortedException.create("interrupted")))
                .isInstanceOf(Landing.Unknown.class);
    }

    @Test
    void a_lost_connection_leaves_the_outcome_unknown() throws Exception {
        assertThat(land(store, CONTENT)).isInstanceOf(Landing.Unknown.class);
    }

    @Test
    void an_answer_with_another_checksum_is_doubtful() throws Exception {
        answers.add(Answer.ok(Map.of("ETag", "\"e\"", "x-amz-checksum-crc32", "AAAAAA==")));

        Landing landing = land(store, CONTENT);

        assertThat(landing).isInstanceOf(Landing.Doubtful.class);
        assertThat(((Landing.Doubtful) landing).said()).contains("AAAAAA==").contains(CRC32);
    }

    @Test
    void an_answer_with_the_same_checksum_is_a_landing() throws Exception {
        answers.add(
                Answer.ok(
                        Map.of(
                                "ETag", "\"e\"",
                                "x-amz-checksum-crc32", CRC32,
                                "x-amz-version-id", "v7")));

        assertThat(land(store, CONTENT)).isEqualTo(new Landing.Landed("ETag \"e\", version v7"));
    }

    @Test
    void the_condition_is_asked_for_until_the_store_does_not_know_it() throws Exception {
        answers.addAll(
                List.of(
                        Answer.error(501, "NotImplemented"),
                        Answer.error(404, "NotFound"),
                        Answer.ok(Map.of("ETag", "\"1\"")),
                        Answer.error(404, "NotFound"),
                        Answer.ok(Map.of("ETag", "\"2\""))));

        assertThat(land(store, CONTENT)).isEqualTo(new Landing.Landed("ETag \"1\""));
        assertThat(land(store, CONTENT)).isEqualTo(new Landing.Landed("ETag \"2\""));

        assertThat(requests).containsExactly("PUT if-none-match *", "HEAD", "PUT", "HEAD", "PUT");
    }

    @Test
    void a_501_for_something_else_keeps_the_condition() throws Exception {
        answers.addAll(
                List.of(
                        Answer.error(501, "NotImplemented"),
                        Answer.ok(Map.of("ETag", "\"e\"", "Content-Length", "5")),
                        Answer.error(501, "NotImplemented"),
                        Answer.error(404, "NotFound"),
                        Answer.error(501, "NotImplemented"),
                        Answer.error(412, "PreconditionFailed")));

        assertThat(land(store, CONTENT)).isEqualTo(new Landing.Occupied());
        assertThat(land(store, CONTENT)).isInstanceOf(Landing.Denied.class);
        assertThat(land(store, CONTENT)).isEqualTo(new Landing.Occupied());

        assertThat(requests)
                .containsExactly(
                        "PUT if-none-match *",
                        "HEAD",
                        "PUT if-none-match *",
                        "HEAD",
                        "PUT",
                        "PUT if-none-match *");
    }

    @Test
    void without_the_condition_what_is_there_is_never_written_over() throws Exception {
        S3Store unconditional = open(ConditionalWrites.NEVER, false, Optional.empty());
        answers.add(Answer.ok(Map.of("ETag", "\"e\"", "Content-Length", "5")));

        assertThat(land(unconditional, CONTENT)).isEqualTo(new Landing.Occupied());

        assertThat(requests).containsExactly("HEAD");
        unconditional.close();
    }

    @Test
    void a_look_that_fails_before_an_unconditional_put_sends_nothing() throws Exception {
        S3Store unconditional = open(ConditionalWrites.NEVER, false, Optional.empty());
        answers.add(Answer.error(503, "SlowDown"));

        assertThat(land(unconditional, CONTENT)).isInstanceOf(Landing.Unknown.class);

        assertThat(requests).containsExactly("HEAD");
        unconditional.close();
    }

    @Test
    void other_bytes_read_back_are_doubtful() throws Exception {
        S3Store careful = open(ConditionalWrites.AUTO, true, Optional.empty());
        answers.add(Answer.ok(Map.of("ETag", "\"e\"")));
        answers.add(new Answer(200, Map.of("ETag", "\"e\""), "5;chunk-signature=0\r\nhello\r\n"));

        assertThat(land(careful, CONTENT)).isInstanceOf(Landing.Doubtful.class);
        careful.close();
    }

    @Test
    void an_object_that_may_not_be_read_back_is_no_refusal_and_told_with_the_setting()
            throws Exception {
        S3Store careful = open(ConditionalWrites.AUTO, true, Optional.empty());
        answers.add(Answer.ok(Map.of("ETag", "\"e\"")));
        answers.add(Answer.error(403, "AccessDenied"));

        Landing landing = land(careful, CONTENT);

        assertThat(landing).isInstanceOf(Landing.Unreadable.class);
        assertThat(((Landing.Unreadable) landing).text())
                .isEqualTo(
                        "AccessDenied: the object may not be read back. Allow s3:GetObject on the"
                                + " prefix, or set readBack: false.");
        careful.close();
    }

    @ParameterizedTest
    @CsvSource({"200, Occupied", "404, Occupied", "403, Unreadable", "500, Unknown"})
    void with_read_back_an_occupied_key_is_told_only_where_it_can_be_read(int read, String told)
            throws Exception {
        S3Store careful = open(ConditionalWrites.AUTO, true, Optional.empty());
        answers.add(Answer.error(412, "PreconditionFailed"));
        answers.add(
                read == 200
                        ? new Answer(200, Map.of("ETag", "\"e\""), "hellO")
                        : Answer.error(read, "x"));

        assertThat(land(careful, CONTENT).getClass().getSimpleName()).isEqualTo(told);

        assertThat(requests).containsExactly("PUT if-none-match *", "GET");
        careful.close();
    }

    // ------------------------------------------------------------------ looks

    private static Map<String, String> ours(String name, String value) {
        Map<String, String> headers =
                new java.util.HashMap<>(
                        Map.of(
                                "ETag", "\"e\"",
                                "Content-Length", "5",
                                "x-amz-meta-delivery-object", "0a/main/0/0/5a",
                                "x-amz-meta-delivery-crc32", "3610a686",
                                "x-amz-checksum-crc32", CRC32));
        headers.put(name, value);
        return headers;
    }

    @Test
    void mark_length_and_both_checksums_make_an_object_ours() throws Exception {
        assertThat(find(ours("x-amz-version-id", "1"))).isEqualTo(Found.OURS);
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-meta-delivery-object, 0a/main/0/1/5a",
        "x-amz-meta-delivery-crc32, 3610a687",
        "x-amz-checksum-crc32, AAAAAA==",
        "Content-Length, 6",
    })
    void one_that_differs_makes_it_a_strangers(String header, String value) throws Exception {
        Found found = find(ours(header, value));

        assertThat(found.presence()).isEqualTo(Presence.STRANGER);
        assertThat(found.reason()).contains("ETag \"e\"").contains("bytes");
    }

    @ParameterizedTest
    @CsvSource({"404, ABSENT", "403, FORBIDDEN", "500, UNKNOWN", "400, UNKNOWN", "301, UNKNOWN"})
    void looks_are_answered_by_status(int status, Presence expected) throws Exception {
        answers.add(Answer.error(status, "x"));

        Found found =
                store.find(NAME, ATTRIBUTES, CONTENT)
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS);

        assertThat(found.presence()).isEqualTo(expected);
        String said = expected == Presence.UNKNOWN ? Integer.toString(status) : "";
        assertThat(found.reason()).contains(said);
        assertThat(found.reason().isEmpty()).isEqualTo(said.isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "400, InvalidBucketName, UNKNOWN, correct the destination's bucket",
        "400, ExpiredToken, UNKNOWN, session credentials",
        "403, InvalidAccessKeyId, UNKNOWN, credentials",
        "403, RequestTimeTooSkewed, UNKNOWN, clock",
        "403, AccessDenied, FORBIDDEN, ''",
        "404, NoSuchKey, ABSENT, ''",
        "404, XAdminUserNotFound, UNKNOWN, credentials", // versitygw
    })
    void a_look_that_is_refused_is_told_in_the_words_that_a_get_has(
            int status, String code, Presence expected, String cure) throws Exception {
        answers.add(new Answer(status, Map.of(), "")); // HEAD has no words
        answers.add(Answer.error(status, code));

        Found found =
                store.find(NAME, ATTRIBUTES, CONTENT)
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS);

        assertThat(found.presence()).isEqualTo(expected);
        assertThat(found.reason()).contains(cure);
        assertThat(requests).containsExactly("HEAD", "GET");
    }

    @Test
    void a_look_that_shows_nothing_where_a_get_reads_something_is_not_believed() throws Exception {
        answers.add(new Answer(404, Map.of(), ""));
        answers.add(new Answer(206, Map.of("ETag", "\"e\""), "h"));

        Found found =
                store.find(NAME, ATTRIBUTES, CONTENT)
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS);

        assertThat(found.presence()).isEqualTo(Presence.UNKNOWN);
    }

    @Test
    void no_request_outlives_the_time_that_its_signature_counts_and_it_may_take_itself() {
        // 128 KiB a second are the slowest that is waited for.
        assertThat(store.requestLife(0)).isEqualTo(Duration.ofMinutes(31));
        assertThat(store.requestLife(128 << 20)).isEqualTo(Duration.ofSeconds(31 * 60 + 1024));
    }

    @Test
    void a_store_that_says_what_was_sent_and_keeps_other_bytes_is_found_out_by_reading()
            throws Exception {
        for (String kept : List.of("hello", "hellO", "hell", "hello!")) {
            answers.add(Answer.ok(ours("x-amz-version-id", "1")));
            answers.add(new Answer(200, Map.of("ETag", "\"e\""), kept));

            assertThat(
                            store.readBack(NAME, ATTRIBUTES, CONTENT)
                                    .toCompletableFuture()
                                    .get(30, TimeUnit.SECONDS)
                                    .presence())
                    .isEqualTo(kept.equals("hello") ? Presence.OURS : Presence.STRANGER);
        }
    }

    // ------------------------------------------------------------------ multipart

    private static final String CREATED =
            "<InitiateMultipartUploadResult><Bucket>lake</Bucket><Key>in/x-1</Key>"
                    + "<UploadId>u1</UploadId></InitiateMultipartUploadResult>";

    private static SampleContent large() {
        return SampleContent.of(new byte[(int) S3Settings.MIN_PART_SIZE + 1]);
    }

    private void parts() {
        answers.add(new Answer(200, Map.of(), CREATED));
        answers.add(Answer.ok(Map.of("ETag", "\"1\"")));
        answers.add(Answer.ok(Map.of("ETag", "\"2\"")));
    }

    @Test
    void a_completion_whose_upload_is_gone_is_looked_for_and_not_aborted() throws Exception {
        parts();
        answers.add(Answer.error(404, "NoSuchUpload"));

        assertThat(land(store, large())).isInstanceOf(Landing.Unknown.class);

        assertThat(requests).containsExactly("POST", "PUT", "PUT", "POST if-none-match *");
    }

    @Test
    void a_completion_that_is_reset_leaves_the_outcome_unknown_and_the_upload_alone()
            throws Exception {
        parts(); // and no answer to the completion

        assertThat(land(store, large())).isInstanceOf(Landing.Unknown.class);

        assertThat(requests).startsWith("POST", "PUT", "PUT", "POST if-none-match *");
        assertThat(requests).doesNotContain("DELETE");
    }

    @Test
    void a_completion_that_answers_200_and_an_error_is_unknown() throws Exception {
        parts();
        answers.add(
                new Answer(
                        200,
                        Map.of(),
                        "<Error><Code>InternalError</Code><Message>x</Message></Error>"));

        assertThat(land(store, large())).isInstanceOf(Landing.Unknown.class);
    }

    /** Ceph. */
    @Test
    void a_completion_without_an_etag_is_the_stores_when_it_names_the_key() throws Exception {
        for (String eTag : List.of("", "<ETag></ETag>")) {
            parts();
            answers.add(new Answer(200, Map.of(), completion(NAME.key(), eTag)));

            assertThat(land(store, large())).isEqualTo(new Landing.Landed("no ETag"));
        }
    }

    @Test
    void a_completion_without_an_etag_that_names_another_key_is_nobodys() throws Exception {
        parts();
        answers.add(new Answer(200, Map.of(), completion("in/another", "<ETag></ETag>")));

        notTheStores(land(store, large()));
    }

    private static String completion(String key, String eTag) {
        return "<CompleteMultipartUploadResult><Location>there</Location><Bucket>lake</Bucket><Key>"
                + key
                + "</Key>"
                + eTag
                + "</CompleteMultipartUploadResult>";
    }

    @Test
    void a_completion_with_another_checksum_is_doubtful() throws Exception {
        parts();
        answers.add(
                new Answer(
                        200,
                        Map.of(),
                        "<CompleteMultipartUploadResult><ETag>e</ETag>"
                                + "<ChecksumCRC32>AAAAAA==-2</ChecksumCRC32>"
                                + "</CompleteMultipartUploadResult>"));

        assertThat(land(store, large())).isInstanceOf(Landing.Doubtful.class);
    }

    @Test
    void a_refused_part_aborts_the_upload() throws Exception {
        answers.add(new Answer(200, Map.of(), CREATED));
        answers.add(Answer.error(403, "AccessDenied"));
        answers.add(new Answer(204, Map.of(), ""));

        assertThat(land(store, large())).isInstanceOf(Landing.Denied.class);

        assertThat(requests).containsExactly("POST", "PUT", "DELETE");
    }

    @Test
    void a_listener_that_fails_ends_the_upload() {
        answers.add(new Answer(200, Map.of(), CREATED));
        answers.add(new Answer(204, Map.of(), ""));

        assertThatThrownBy(
                        () ->
                                store.land(
                                                large(),
                                                NAME,
                                                ATTRIBUTES,
                                                id -> {
                                                    throw new IllegalArgumentException(id);
                                                })
                                        .toCompletableFuture()
                                        .get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("u1");
        assertThat(requests).containsExactly("POST", "DELETE");
    }

    // ------------------------------------------------------------------ settings

    @ParameterizedTest
    @ValueSource(strings = {"", "this is no certificate"})
    void a_ca_file_without_certificates_is_refused(String text, @TempDir Path temp)
            throws Exception {
        Path file = Files.writeString(temp.resolve("ca.pem"), text);

        assertThatThrownBy(() -> open(ConditionalWrites.AUTO, false, Optional.of(file)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("caFile " + file);
    }

    @Test
    void settings_do_not_tell_the_secret() {
        Credentials credentials = new Credentials("someone", SECRET, Optional.of("session-token"));

        assertThat(credentials.toString()).doesNotContain(SECRET).doesNotContain("session-token");
        Queue<Object> printed = new ArrayDeque<>();
        printed.add(Optional.of(credentials));
        assertThat(printed.toString()).contains("secretAccessKey=***");
    }

    @Test
    void a_store_that_was_closed_gives_no_answer() throws Exception {
        store.close();

        assertThat(land(store, CONTENT)).isInstanceOf(Landing.Unknown.class);
        assertThat(
                        store.find(NAME, ATTRIBUTES, CONTENT)
                                .toCompletableFuture()
                                .get(30, TimeUnit.SECONDS))
                .extracting(Found::presence)
                .isEqualTo(Presence.UNKNOWN);
    }
}

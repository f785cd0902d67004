package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.UploadListener;
import io.delivery.record.ObjectName;
import io.delivery.s3.S3Settings.Credentials;
import io.delivery.s3.direct.DirectPuts;
import io.delivery.s3.direct.FirstAnswers.Outcome;
import io.delivery.staging.StagedContent;
import io.delivery.testkit.SampleContent;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpRequest;

/** What a refusal of a PUT that was made without the SDK is held against, and what it is not. */
class RefusedDirectPutsTest {
    private static final SampleContent CONTENT = SampleContent.of("hello");

    @TempDir private Path folder;

    private final SystemProperties properties = new SystemProperties();
    private final PlayedClient http = new PlayedClient();
    private S3Connection connection;

    @BeforeEach
    void start() throws IOException {
        properties.give("aws.accessKeyId", "");
        properties.give("aws.profile", "default");
        properties.give("aws.sharedCredentialsFile", folder.resolve("credentials").toString());
        properties.give("aws.configFile", folder.resolve("config").toString());
        properties.give("aws.disableEc2Metadata", "true");
        properties.give("aws.containerCredentialsFullUri", "");
        open(Optional.of(new Credentials("someone", "secret", Optional.empty())));
    }

    @AfterEach
    void stop() {
        connection.close();
        properties.close();
    }

    private static S3Settings settings(Optional<Credentials> credentials) {
        return PathStyle.of(URI.create("http://127.0.0.1:9000"), credentials, 4);
    }

    private void open(Optional<Credentials> credentials) {
        connection = new S3Connection(settings(credentials), http);
    }

    private void openWithTheChain() {
        assumeTrue(
                System.getenv("AWS_ACCESS_KEY_ID") == null,
                "AWS_ACCESS_KEY_ID is set, and goes before profiles");
        connection.close();
        open(Optional.empty());
    }

    private static S3Upload upload(String bucket, StagedContent content) {
        return new S3Upload(
                content,
                new ObjectName(bucket, "in/x"),
                new ObjectAttributes("0a/main/0/0/5a", 3, ""),
                UploadListener.IGNORE);
    }

    private S3Puts puts() {
        return new S3Puts(connection, settings(Optional.empty()));
    }

    private Landing put(String bucket) throws IOException {
        return puts().put(upload(bucket, CONTENT), true);
    }

    private void lands(String bucket) throws IOException {
        assertThat(put(bucket)).isInstanceOf(Landing.Landed.class);
    }

    private Optional<Outcome> directly(String bucket) throws IOException {
        return connection.direct().send(puts().of(upload(bucket, CONTENT), true));
    }

    private boolean isDirect(String bucket) throws IOException {
        return directly(bucket).flatMap(Outcome::takePlainSuccess).isPresent();
    }

    // ------------------------------------------------------------------ keys

    /** A program that gives keys, and how often it was asked. */
    private final class Keys {
        private final Path answer = folder.resolve("answer.json");
        private final Path asked = folder.resolve("asked");

        Keys(String first) throws IOException {
            Path program =
                    Files.writeString(
                            folder.resolve("program"),
                            "echo asked >> '" + asked + "'\ncat '" + answer + "'\n");
            Files.writeString(
                    folder.resolve("credentials"),
                    "[default]\ncredential_process = sh " + program + "\n");
            gives(first);
        }

        void gives(String accessKeyId) throws IOException {
            Files.writeString(
                    answer,
                    """
                    {"Version": 1, "AccessKeyId": "%s", "SecretAccessKey": "secret",
                     "SessionToken": "token", "Expiration": "%s"}
                    """
                            .formatted(accessKeyId, Instant.now().plusSeconds(7200)));
        }

        int asked() throws IOException {
            return Files.readAllLines(asked).size();
        }
    }

    private static boolean isSignedBy(String accessKeyId, SdkHttpRequest request) {
        return request.firstMatchingHeader("Authorization")
                .orElseThrow()
                .contains("Credential=" + accessKeyId + "/20");
    }

    @Test
    void answers_to_a_former_key_do_not_refuse_the_one_that_has_come_since() throws Exception {
        int inFlight = 16;
        Keys keys = new Keys("first");
        openWithTheChain();
        lands("lake");
        CyclicBarrier all = new CyclicBarrier(inFlight);
        http.plays(
                request -> {
                    if (!isSignedBy("first", request)) {
                        return http.taken();
                    }
                    return awaited(all, http.refused(400, "ExpiredToken"));
                });
        keys.gives("second");
        ExecutorService threads = Executors.newFixedThreadPool(inFlight);
        try {
            List<CompletableFuture<Landing>> landings = new ArrayList<>();
            for (int i = 0; i < inFlight; i++) {
                landings.add(CompletableFuture.supplyAsync(this::putUnchecked, threads));
            }
            for (CompletableFuture<Landing> landing : landings) {
                assertThat(landing.get(60, TimeUnit.SECONDS)).isInstanceOf(Landing.Denied.class);
            }
        } finally {
            threads.shutdownNow();
        }

        lands("lake");

        assertThat(isSignedBy("second", http.last())).isTrue();
        assertThat(keys.asked()).isEqualTo(2);
    }

    private Landing putUnchecked() {
        try {
            return put("lake");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static HttpExecuteResponse awaited(CyclicBarrier all, HttpExecuteResponse answer)
            throws IOException {
        try {
            all.await(60, TimeUnit.SECONDS);
            return answer;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @Test
    void a_repetition_by_the_sdk_that_is_refused_refuses_the_key_that_signed_it() throws Exception {
        Keys keys = new Keys("first");
        openWithTheChain();
        lands("lake");
        http.plays(
                direct -> {
                    http.plays(repeated -> http.refused(400, "ExpiredToken"));
                    keys.gives("second");
                    Files.writeString( // another file: asked for anew
                            folder.resolve("config"), "[default]\nregion = eu-central-1\n");
                    throw new SocketException("Connection reset");
                });
        assertThat(put("lake")).isInstanceOf(Landing.Unknown.class);
        assertThat(isSignedBy("second", http.last())).isTrue();
        keys.gives("third");
        http.plays(request -> http.taken());

        lands("lake");

        assertThat(isSignedBy("third", http.last())).isTrue();
    }

    @Test
    void a_key_with_slashes_that_is_refused_is_asked_for_anew() throws Exception {
        Keys keys = new Keys("team/of/a");
        openWithTheChain();
        http.plays(request -> http.refused(400, "ExpiredToken"));
        assertThat(put("lake")).isInstanceOf(Landing.Denied.class);
        keys.gives("team/of/b");
        http.plays(request -> http.taken());

        lands("lake");

        assertThat(isSignedBy("team/of/b", http.last())).isTrue();
    }

    // ------------------------------------------------------------------ what is left behind

    @Test
    void an_answer_that_the_sdk_does_not_ask_for_is_lost_and_its_connection_given_back()
            throws Exception {
        new Keys("first");
        openWithTheChain();
        lands("lake");
        http.plays(
                direct -> {
                    http.plays(listing -> http.refused(403, "InvalidAccessKeyId"));
                    Files.delete(folder.resolve("credentials"));
                    assertThatThrownBy(
                                    () -> connection.client().listObjectsV2(r -> r.bucket("lake")))
                            .isInstanceOf(SdkException.class);
                    return http.refused(503, "SlowDown");
                });

        Landing landing = put("lake");

        assertThat(landing).isInstanceOf(Landing.Unknown.class);
        assertThat(landing.toString())
                .contains("sent, and what came back is lost: ", "no credentials");
        assertThat(http.requests()).hasSize(3);
        assertThat(http.held()).isZero();
    }

    /** Bytes whose length nobody can tell from a moment on. */
    private record Failing(AtomicBoolean now) implements StagedContent {
        @Override
        public long length() {
            if (now.get()) {
                throw new IllegalStateException("an error of the program");
            }
            return CONTENT.length();
        }

        @Override
        public int crc32() {
            return CONTENT.crc32();
        }

        @Override
        public InputStream open(long offset, long length) throws IOException {
            return CONTENT.open(offset, length);
        }
    }

    @Test
    void an_error_of_the_program_behind_an_answer_gives_its_connection_back() throws Exception {
        lands("lake");
        AtomicBoolean failing = new AtomicBoolean();
        http.plays(
                direct -> {
                    failing.set(true);
                    return http.refused(503, "SlowDown");
                });

        assertThatThrownBy(() -> puts().put(upload("lake", new Failing(failing)), true))
                .hasMessage("an error of the program");

        assertThat(http.held()).isZero();
    }

    @Test
    void after_a_repetition_by_the_sdk_the_next_request_is_a_first_one_nevertheless()
            throws Exception {
        http.plays(
                first -> {
                    http.plays(again -> http.taken());
                    throw new SocketException("Connection reset");
                });
        lands("lake");
        assertThat(http.last().firstMatchingHeader("amz-sdk-request").orElseThrow())
                .startsWith("attempt=2");

        assertThat(isDirect("lake")).isTrue();

        assertThat(http.last().firstMatchingHeader("amz-sdk-request").orElseThrow())
                .startsWith("attempt=1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_clock_that_is_corrected_counts_for_every_bucket(boolean skewed) throws Exception {
        lands("lake");
        lands("another");
        assertThat(isDirect("another")).isTrue();
        http.plays(request -> http.refused(403, skewed ? "RequestTimeTooSkewed" : "AccessDenied"));
        put("lake");
        http.plays(request -> http.taken());

        assertThat(isDirect("another")).isEqualTo(!skewed);
        lands("another");
        assertThat(isDirect("another")).isTrue();
    }

    // ------------------------------------------------------------------ refused again and again

    private void isRefusedDirectlyAndTakenFromTheSdk(int status) throws IOException {
        http.plays(request -> http.refused(status, "Refused"));
        assertThat(directly("lake")).hasValueSatisfying(Outcome::giveUp);
        http.plays(request -> http.taken());
        lands("lake");
    }

    private List<String> warnings(Refused refused) throws IOException {
        Logger logger = (Logger) LoggerFactory.getLogger(DirectPuts.class.getPackageName());
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            refused.run();
        } finally {
            logger.detachAppender(lines);
        }
        return lines.list.stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private interface Refused {
        void run() throws IOException;
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 403})
    void a_bucket_whose_direct_requests_are_refused_three_times_in_a_row_is_left_to_the_sdk(
            int status) throws Exception {
        lands("lake");
        List<String> warned =
                warnings(
                        () -> {
                            for (int i = 0; i < 3; i++) {
                                isRefusedDirectlyAndTakenFromTheSdk(status);
                            }
                            for (int i = 0; i < 3; i++) {
                                assertThat(directly("lake")).isEmpty();
                                lands("lake");
                            }
                        });

        assertThat(warned).hasSize(1);
        assertThat(warned.get(0)).endsWith(": bucket=lake refused=3");
        lands("another");
        assertThat(isDirect("another")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 409, 429, 500, 503})
    void what_is_wrong_with_the_server_is_not_held_against_requests(int status) throws Exception {
        lands("lake");
        List<String> warned =
                warnings(
                        () -> {
                            for (int i = 0; i < 4; i++) {
                                isRefusedDirectlyAndTakenFromTheSdk(status);
                            }
                        });

        assertThat(warned).isEmpty();
        assertThat(isDirect("lake")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 412})
    void refusals_count_in_a_row_only(int between) throws Exception {
        lands("lake");
        for (int i = 0; i < 4; i++) {
            isRefusedDirectlyAndTakenFromTheSdk(403);
            isRefusedDirectlyAndTakenFromTheSdk(403);
            http.plays(
                    request ->
                            between == 200
                                    ? http.taken()
                                    : http.refused(412, "PreconditionFailed"));
            assertThat(directly("lake")).hasValueSatisfying(Outcome::giveUp);
        }

        http.plays(request -> http.taken());
        assertThat(isDirect("lake")).isTrue();
    }

    @Test
    void refusals_that_the_sdk_meets_too_are_not_held_against_requests() throws Exception {
        lands("lake");
        for (int i = 0; i < 4; i++) {
            http.plays(request -> http.refused(403, "AccessDenied"));
            assertThat(put("lake")).isInstanceOf(Landing.Denied.class);
            assertThat(put("lake")).isInstanceOf(Landing.Denied.class);
            http.plays(request -> http.taken());
            lands("lake");
            assertThat(isDirect("lake")).isTrue();
        }
    }
}

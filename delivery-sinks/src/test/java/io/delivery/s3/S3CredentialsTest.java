package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore.Found;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.Presence;
import io.delivery.landing.ObjectStore.UploadListener;
import io.delivery.machine.Machine;
import io.delivery.record.ObjectName;
import io.delivery.s3.FickleS3.Request;
import io.delivery.s3.FickleS3.Step;
import io.delivery.s3.S3Settings.Credentials;
import io.delivery.testkit.SampleContent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/** Keys that a store refuses for a while, that expire and that are rotated. */
class S3CredentialsTest {
    private static final ObjectAttributes ATTRIBUTES =
            new ObjectAttributes("0a/main/0/0/5a", 3, "");
    private static final SampleContent SMALL = SampleContent.of("hello");

    @TempDir private Path folder;

    private final Machine machine = new Machine();
    private final SystemProperties properties = new SystemProperties();
    private FickleS3 server;
    private S3Store store;

    @BeforeEach
    void start() throws Exception {
        server = new FickleS3();
        properties.give("aws.accessKeyId", "");
        properties.give("aws.profile", "default");
        properties.give("aws.sharedCredentialsFile", profile().toString());
        properties.give("aws.configFile", folder.resolve("config").toString());
        properties.give("aws.disableEc2Metadata", "true");
        properties.give("aws.containerCredentialsFullUri", "");
    }

    @AfterEach
    void stop() {
        if (store != null) {
            store.close();
        }
        server.close();
        machine.close();
        properties.close();
    }

    private Path profile() {
        return folder.resolve("credentials");
    }

    private static String key(String accessKeyId) {
        return """
        [default]
        aws_access_key_id = %s
        aws_secret_access_key = secret
        """
                .formatted(accessKeyId);
    }

    private S3Store open(Optional<Credentials> credentials) throws IOException {
        assumeTrue(
                credentials.isPresent() || System.getenv("AWS_ACCESS_KEY_ID") == null,
                "AWS_ACCESS_KEY_ID is set, and goes before profiles");
        store = S3Store.open(server.settings(credentials), machine.world());
        return store;
    }

    private Landing land(String key, SampleContent content) throws Exception {
        return store.land(content, new ObjectName("lake", key), ATTRIBUTES, UploadListener.IGNORE)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private Found find(String key, SampleContent content) throws Exception {
        return store.find(new ObjectName("lake", key), ATTRIBUTES, content)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private void lands(String key) throws Exception {
        assertThat(land(key, SMALL)).isInstanceOf(Landing.Landed.class);
    }

    private Request last() {
        return server.requests().get(server.requests().size() - 1);
    }

    private static Landing.Denied denied(Landing landing) {
        assertThat(landing).isInstanceOf(Landing.Denied.class);
        return (Landing.Denied) landing;
    }

    // ------------------------------------------------------------------ refused in the middle

    private static Stream<Arguments> refusals() {
        return Stream.of(Step.PUT, Step.CREATE_UPLOAD, Step.UPLOAD_PART, Step.COMPLETE_UPLOAD)
                .flatMap(
                        step ->
                                Stream.of(
                                        Arguments.of(step, 400, "ExpiredToken"),
                                        Arguments.of(step, 403, "ExpiredToken"),
                                        Arguments.of(step, 403, "InvalidAccessKeyId"),
                                        Arguments.of(step, 403, "SignatureDoesNotMatch"),
                                        Arguments.of(step, 403, "RequestTimeTooSkewed")));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void an_object_that_meets_a_refused_key_lands_once_when_the_key_is_taken_again(
            Step step, int status, String code) throws Exception {
        open(Optional.of(new Credentials("someone", "secret", Optional.empty())));
        byte[] bytes =
                step == Step.PUT ? new byte[5] : new byte[(int) S3Settings.MIN_PART_SIZE + 1];
        SampleContent content = SampleContent.of(bytes);
        server.refusesFrom(step, status, code);

        for (int attempt = 0; attempt < 2; attempt++) {
            Landing.Denied denied = denied(land("in/x", content));
            assertThat(denied.message()).isEqualTo(status + " " + code + ": said so");
            assertThat(denied.remedy()).containsPattern("credentials|clock");
        }
        assertThat(server.objects()).isEmpty();

        server.trustsAgain();
        assertThat(land("in/x", content)).isInstanceOf(Landing.Landed.class);

        assertThat(server.objects()).containsOnlyKeys("lake/in/x");
        assertThat(server.objects().get("lake/in/x")).isEqualTo(bytes);
        assertThat(server.made()).isOne();
        assertThat(server.uploads()).isEmpty();
    }

    @Test
    void an_upload_that_could_not_be_ended_is_ended_by_the_look_as_well() throws Exception {
        open(Optional.of(new Credentials("someone", "secret", Optional.empty())));
        SampleContent content = SampleContent.of(new byte[(int) S3Settings.MIN_PART_SIZE + 1]);
        server.refusesFrom(Step.UPLOAD_PART, 400, "ExpiredToken");
        denied(land("in/x", content));
        assertThat(server.uploads()).hasSize(1);

        server.trustsAgain();

        assertThat(find("in/x", content)).isEqualTo(Found.ABSENT);
        assertThat(server.uploads()).isEmpty(); // though this role may not list them
    }

    @Test
    void an_upload_that_could_not_be_ended_twice_is_ended_when_the_object_has_landed()
            throws Exception {
        open(Optional.of(new Credentials("someone", "secret", Optional.empty())));
        SampleContent content = SampleContent.of(new byte[(int) S3Settings.MIN_PART_SIZE + 1]);
        server.refusesNext(Step.UPLOAD_PART, 1);
        server.refusesNext(Step.ABORT_UPLOAD, 2);
        denied(land("in/x", content));

        assertThat(land("in/x", content)).isInstanceOf(Landing.Landed.class);

        assertThat(server.uploads()).isEmpty();
    }

    @Test
    void an_upload_of_a_former_key_that_cannot_be_ended_yet_is_ended_with_its_object()
            throws Exception {
        SampleContent content = SampleContent.of(new byte[(int) S3Settings.MIN_PART_SIZE + 1]);
        try (S3Store former =
                open(Optional.of(new Credentials("former", "secret", Optional.empty())))) {
            server.refusesNext(Step.UPLOAD_PART, 1);
            server.refusesNext(Step.ABORT_UPLOAD, 2);
            denied(land("in/x", content));
        }
        open(Optional.of(new Credentials("someone", "secret", Optional.empty())));
        store.abort(new ObjectName("lake", "in/x"), server.uploads().get(0))
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        assertThat(server.uploads()).hasSize(1);

        assertThat(land("in/x", content)).isInstanceOf(Landing.Landed.class);

        assertThat(server.uploads()).isEmpty();
    }

    @Test
    void a_role_that_may_never_abort_is_not_asked_for_ever_once_the_object_has_landed()
            throws Exception {
        open(Optional.of(new Credentials("someone", "secret", Optional.empty())));
        SampleContent content = SampleContent.of(new byte[(int) S3Settings.MIN_PART_SIZE + 1]);
        server.refusesNext(Step.UPLOAD_PART, 1);
        server.refusesNext(Step.ABORT_UPLOAD, Integer.MAX_VALUE);
        denied(land("in/x", content));
        assertThat(land("in/x", content)).isInstanceOf(Landing.Landed.class);
        long tried = server.requests().stream().filter(S3CredentialsTest::aborts).count();

        find("in/x", content);

        assertThat(tried).isEqualTo(3); // at once, with the next attempt, and at the end
        assertThat(server.requests()).filteredOn(S3CredentialsTest::aborts).hasSize(3);
        assertThat(server.uploads()).hasSize(1);
    }

    private static boolean aborts(Request request) {
        return request.step() == Step.ABORT_UPLOAD;
    }

    // ------------------------------------------------------------------ rotated

    @Test
    void a_new_key_in_the_profile_file_is_used_without_a_refusal_and_without_a_restart()
            throws Exception {
        Files.writeString(profile(), key("first"));
        open(Optional.empty());
        lands("in/1");
        assertThat(last().accessKeyId()).isEqualTo("first");

        Files.writeString(profile(), key("second"));
        lands("in/2");

        assertThat(last().accessKeyId()).isEqualTo("second");
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void a_profile_file_that_was_written_beforehand_and_moved_into_place_is_noticed()
            throws Exception {
        Path prepared = Files.writeString(folder.resolve("prepared"), key("second"));
        Files.setLastModifiedTime(
                prepared, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        Files.writeString(profile(), key("first"));
        open(Optional.empty());
        lands("in/1");

        Files.move(prepared, profile(), StandardCopyOption.REPLACE_EXISTING);
        lands("in/2");

        assertThat(last().accessKeyId()).isEqualTo("second");
    }

    @Test
    void without_any_key_the_status_says_so_until_there_is_one() throws Exception {
        open(Optional.empty());
        Landing.Denied none = denied(land("in/1", SMALL));
        assertThat(none.code()).isEqualTo("NoCredentials");
        assertThat(none.message()).startsWith("no credentials: ").hasSizeLessThan(500);
        assertThat(none.remedy()).contains("environment, profile or role");

        Files.writeString(profile(), "[default\naws_access_key");
        assertThat(denied(land("in/1", SMALL)).code()).isEqualTo("NoCredentials");
        assertThat(server.requests()).isEmpty();
        Files.writeString(profile(), key("first"));
        lands("in/1");

        assertThat(server.made()).isOne();
    }

    @Test
    void without_any_key_a_look_says_so_too_and_takes_nothing_for_absent() throws Exception {
        open(Optional.empty());

        Found none = find("in/1", SMALL);
        assertThat(none.presence()).isEqualTo(Presence.UNKNOWN);
        assertThat(none.reason())
                .startsWith("NoCredentials: no credentials: ")
                .contains("environment, profile or role");
        assertThat(server.requests()).isEmpty();

        Files.writeString(profile(), key("first"));
        assertThat(find("in/1", SMALL)).isEqualTo(Found.ABSENT);
    }

    @Test
    void while_the_profile_file_is_away_or_half_written_the_key_is_kept_until_it_is_refused()
            throws Exception {
        Files.writeString(profile(), key("first"));
        open(Optional.empty());
        lands("in/1");
        Files.delete(profile());
        lands("in/2");
        Files.writeString(profile(), "[default\naws_access_key");
        lands("in/3");
        assertThat(last().accessKeyId()).isEqualTo("first");

        server.refusesFrom(Step.PUT, 403, "InvalidAccessKeyId");
        assertThat(denied(land("in/4", SMALL)).code()).isEqualTo("InvalidAccessKeyId");
        assertThat(denied(land("in/4", SMALL)).code()).isEqualTo("NoCredentials");
        server.trustsAgain();
        Files.writeString(profile(), key("second"));
        lands("in/4");

        assertThat(last().accessKeyId()).isEqualTo("second");
        assertThat(server.made()).isEqualTo(4);
    }

    // ------------------------------------------------------------------ with an end of their own

    private static String temporary(String accessKeyId, String token, Instant end) {
        return """
        {"Version": 1, "AccessKeyId": "%s", "SecretAccessKey": "secret", "%s": "t-%s",
         "Expiration": "%s"}
        """
                .formatted(accessKeyId, token, accessKeyId, end);
    }

    @Test
    void temporary_credentials_of_an_endpoint_are_asked_for_anew_before_their_end()
            throws Exception {
        AtomicReference<String> answer = new AtomicReference<>();
        HttpServer role =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        role.createContext(
                "/role",
                exchange -> {
                    byte[] body = answer.get().getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        role.start();
        try {
            properties.give(
                    "aws.containerCredentialsFullUri",
                    "http://127.0.0.1:" + role.getAddress().getPort() + "/role");
            open(Optional.empty());
            // The SDK asks for others at some moment from a quarter of an hour to two minutes
            // before their end.
            Instant soon = Instant.now().plusSeconds(90);
            answer.set(temporary("first", "Token", soon));
            lands("in/1");
            assertThat(last()).isEqualTo(new Request(Step.PUT, "first", "t-first"));

            answer.set(temporary("second", "Token", soon.plus(Duration.ofHours(1))));
            lands("in/2");

            assertThat(last()).isEqualTo(new Request(Step.PUT, "second", "t-second"));
            assertThat(server.requests()).hasSize(2);
        } finally {
            role.stop(0);
        }
    }

    @Test
    void credentials_of_a_process_that_are_refused_before_their_end_are_asked_for_anew()
            throws Exception {
        Path answer = folder.resolve("answer.json");
        Instant later = Instant.now().plus(Duration.ofHours(1));
        Files.writeString(profile(), "[default]\ncredential_process = cat " + answer + "\n");
        Files.writeString(answer, temporary("first", "SessionToken", later));
        open(Optional.empty());
        lands("in/1");
        assertThat(last()).isEqualTo(new Request(Step.PUT, "first", "t-first"));

        Files.writeString(answer, temporary("second", "SessionToken", later));
        lands("in/2");
        assertThat(last().accessKeyId()).isEqualTo("first"); // nothing told of the other one

        server.refusesFrom(Step.PUT, 400, "ExpiredToken");
        assertThat(denied(land("in/3", SMALL)).code()).isEqualTo("ExpiredToken");
        server.trustsAgain();
        lands("in/3");

        assertThat(last()).isEqualTo(new Request(Step.PUT, "second", "t-second"));
        assertThat(server.made()).isEqualTo(3);
    }

    @Test
    void a_look_that_is_refused_asks_for_other_credentials_too() throws Exception {
        Path answer = folder.resolve("answer.json");
        Instant later = Instant.now().plus(Duration.ofHours(1));
        Files.writeString(profile(), "[default]\ncredential_process = cat " + answer + "\n");
        Files.writeString(answer, temporary("first", "SessionToken", later));
        open(Optional.empty());
        server.refusesFrom(Step.HEAD, 400, "ExpiredToken");
        Found refused = find("in/1", SMALL);
        assertThat(refused.presence()).isEqualTo(Presence.UNKNOWN);
        assertThat(refused.reason()).contains("400 ExpiredToken", "Renew the session credentials");
        Files.writeString(answer, temporary("second", "SessionToken", later));

        server.trustsAgain();

        assertThat(find("in/1", SMALL)).isEqualTo(Found.ABSENT);
        assertThat(last().accessKeyId()).isEqualTo("second");
    }

    @Test
    void a_late_refusal_of_an_earlier_key_does_not_throw_the_new_one_away() throws Exception {
        Path answer = folder.resolve("answer.json");
        Instant later = Instant.now().plus(Duration.ofHours(1));
        Files.writeString(profile(), "[default]\ncredential_process = cat " + answer + "\n");
        Files.writeString(answer, temporary("first", "SessionToken", later));
        try (ChainCredentials chain = new ChainCredentials()) {
            assertThat(chain.resolveCredentials().accessKeyId()).isEqualTo("first");
            Files.writeString(answer, temporary("second", "SessionToken", later));
            chain.refused("first");
            assertThat(chain.resolveCredentials().accessKeyId()).isEqualTo("second");
            Files.writeString(answer, temporary("third", "SessionToken", later));

            chain.refused("first");
            assertThat(chain.resolveCredentials().accessKeyId()).isEqualTo("second");
            chain.refused("second");
            assertThat(chain.resolveCredentials().accessKeyId()).isEqualTo("third");
        }
    }

    @Test
    void who_asks_a_chain_that_is_replaced_meanwhile_gets_the_key_of_the_new_one()
            throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch replaced = new CountDownLatch(1);
        HttpServer role =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        role.createContext(
                "/role",
                exchange -> {
                    asked.countDown();
                    try {
                        replaced.await(30, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    exchange.sendResponseHeaders(404, -1);
                    exchange.close();
                });
        role.start();
        try (ChainCredentials chain = new ChainCredentials()) {
            properties.give(
                    "aws.containerCredentialsFullUri",
                    "http://127.0.0.1:" + role.getAddress().getPort() + "/role");
            CompletableFuture<AwsCredentials> slow =
                    CompletableFuture.supplyAsync(chain::resolveCredentials);
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            Files.writeString(profile(), key("second"));
            assertThat(chain.resolveCredentials().accessKeyId()).isEqualTo("second");

            replaced.countDown();

            assertThat(slow.get(30, TimeUnit.SECONDS).accessKeyId()).isEqualTo("second");
        } finally {
            role.stop(0);
        }
    }

    @Test
    void a_process_that_fails_is_told_in_words_and_asked_again() throws Exception {
        Path answer = folder.resolve("answer.json");
        Files.writeString(profile(), "[default]\ncredential_process = cat " + answer + "\n");
        open(Optional.empty());

        Landing.Denied denied = denied(land("in/1", SMALL));
        assertThat(denied.code()).isEqualTo("NoCredentials");

        Instant later = Instant.now().plus(Duration.ofHours(1));
        Files.writeString(answer, temporary("first", "SessionToken", later));
        lands("in/1");
    }
}

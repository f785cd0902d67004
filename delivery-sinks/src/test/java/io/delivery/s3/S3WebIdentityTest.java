package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.UploadListener;
import io.delivery.machine.Machine;
import io.delivery.record.ObjectName;
import io.delivery.s3.FickleS3.Request;
import io.delivery.s3.FickleS3.Step;
import io.delivery.testkit.SampleContent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A role that is given for a token in a file, as Kubernetes projects one into a pod (AWS STS API
 * reference, AssumeRoleWithWebIdentity). The STS here says what it was asked, gives keys that name
 * the token, and refuses when it is told to; WebIdentityIT has a real one.
 */
class S3WebIdentityTest {
    private static final String ROLE = "arn:aws:iam::123456789012:role/delivery";

    @TempDir private Path folder;

    private final Machine machine = new Machine();
    private final SystemProperties properties = new SystemProperties();
    private final List<Map<String, String>> asked = new CopyOnWriteArrayList<>();
    private volatile Instant end = Instant.now().plus(Duration.ofHours(1));
    private volatile boolean refusing;
    private HttpServer sts;
    private FickleS3 server;
    private S3Store store;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(
                System.getenv("AWS_ACCESS_KEY_ID") == null,
                "AWS_ACCESS_KEY_ID is set, and goes before web identities");
        server = new FickleS3();
        sts = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        sts.createContext("/", this::answer);
        sts.start();
        properties.give("aws.accessKeyId", "");
        properties.give("aws.sharedCredentialsFile", folder.resolve("none").toString());
        properties.give("aws.configFile", folder.resolve("none").toString());
        properties.give("aws.disableEc2Metadata", "true");
        properties.give("aws.containerCredentialsFullUri", "");
        properties.give("aws.region", "eu-central-1");
        properties.give("aws.endpointUrlSts", "http://127.0.0.1:" + sts.getAddress().getPort());
        properties.give("aws.roleArn", ROLE);
        properties.give("aws.webIdentityTokenFile", tokenFile().toString());
        store = S3Store.open(server.settings(Optional.empty()), machine.world());
    }

    @AfterEach
    void stop() {
        if (store != null) {
            store.close();
            server.close();
            sts.stop(0);
        }
        machine.close();
        properties.close();
    }

    private Path tokenFile() {
        return folder.resolve("token");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> request =
                Arrays.stream(form.split("&"))
                        .map(pair -> pair.split("=", 2))
                        .collect(
                                Collectors.toMap(
                                        pair -> pair[0],
                                        pair ->
                                                URLDecoder.decode(
                                                        pair[1], StandardCharsets.UTF_8)));
        asked.add(request);
        byte[] body =
                (refusing ? refusal() : credentials(request.get("WebIdentityToken")))
                        .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/xml");
        exchange.sendResponseHeaders(refusing ? 403 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private String credentials(String token) {
        return """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <AssumeRoleWithWebIdentityResult>
            <Credentials>
              <AccessKeyId>key-for-%1$s</AccessKeyId>
              <SecretAccessKey>secret</SecretAccessKey>
              <SessionToken>session-for-%1$s</SessionToken>
              <Expiration>%2$s</Expiration>
            </Credentials>
            <AssumedRoleUser><Arn>arn</Arn><AssumedRoleId>id</AssumedRoleId></AssumedRoleUser>
          </AssumeRoleWithWebIdentityResult>
        </AssumeRoleWithWebIdentityResponse>
        """
                .formatted(token, end);
    }

    private static String refusal() {
        return """
        <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <Error><Type>Sender</Type><Code>AccessDenied</Code>
            <Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message></Error>
          <RequestId>r</RequestId>
        </ErrorResponse>
        """;
    }

    private Landing land(String key) throws Exception {
        return store.land(
                        SampleContent.of("hello"),
                        new ObjectName("lake", key),
                        new ObjectAttributes("0a/main/0/0/5a", 3, ""),
                        UploadListener.IGNORE)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    private Request last() {
        return server.requests().get(server.requests().size() - 1);
    }

    @Test
    void a_store_without_credentials_takes_the_role_that_the_token_in_the_file_gives()
            throws Exception {
        Files.writeString(tokenFile(), "first");

        assertThat(land("in/1")).isInstanceOf(Landing.Landed.class);
        assertThat(land("in/2")).isInstanceOf(Landing.Landed.class);

        assertThat(last()).isEqualTo(new Request(Step.PUT, "key-for-first", "session-for-first"));
        assertThat(asked)
                .singleElement()
                .satisfies(
                        request ->
                                assertThat(request)
                                        .containsEntry("Action", "AssumeRoleWithWebIdentity")
                                        .containsEntry("RoleArn", ROLE)
                                        .containsEntry("WebIdentityToken", "first"));
    }

    @Test
    void the_token_file_is_read_again_when_the_key_comes_to_its_end() throws Exception {
        Files.writeString(tokenFile(), "first");
        end = Instant.now().plusSeconds(90); // the SDK asks anew in the last minutes
        assertThat(land("in/1")).isInstanceOf(Landing.Landed.class);

        Files.writeString(tokenFile(), "second");
        end = Instant.now().plus(Duration.ofHours(1));
        assertThat(land("in/2")).isInstanceOf(Landing.Landed.class);

        assertThat(last()).isEqualTo(new Request(Step.PUT, "key-for-second", "session-for-second"));
    }

    @Test
    void the_token_file_is_read_again_when_the_store_refuses_the_key_before_its_end()
            throws Exception {
        Files.writeString(tokenFile(), "first");
        assertThat(land("in/1")).isInstanceOf(Landing.Landed.class);
        Files.writeString(tokenFile(), "second");

        server.refusesFrom(Step.PUT, 400, "ExpiredToken");
        assertThat(land("in/2")).isInstanceOf(Landing.Denied.class);
        server.trustsAgain();
        assertThat(land("in/2")).isInstanceOf(Landing.Landed.class);

        assertThat(last()).isEqualTo(new Request(Step.PUT, "key-for-second", "session-for-second"));
    }

    @Test
    void a_role_that_is_refused_is_told_in_the_words_of_the_sts_until_it_is_given()
            throws Exception {
        Files.writeString(tokenFile(), "first");
        refusing = true;

        Landing refused = land("in/1");

        assertThat(refused)
                .isInstanceOfSatisfying(
                        Landing.Denied.class,
                        denied -> {
                            assertThat(denied.code()).isEqualTo("NoCredentials");
                            assertThat(denied.message())
                                    .startsWith("no credentials: ")
                                    .contains("Not authorized to perform")
                                    .doesNotContain("first");
                        });
        assertThat(server.requests()).isEmpty();

        refusing = false;
        assertThat(land("in/1")).isInstanceOf(Landing.Landed.class);
    }

    @Test
    void a_token_file_that_is_not_there_is_named() throws Exception {
        Landing refused = land("in/1");

        assertThat(refused)
                .isInstanceOfSatisfying(
                        Landing.Denied.class,
                        denied -> assertThat(denied.message()).contains(tokenFile().toString()));
        assertThat(asked).isEmpty();
    }
}

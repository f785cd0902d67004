package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.testkit.servers.MinioServer;
import io.delivery.testkit.servers.OpenIdProvider;
import io.delivery.testkit.servers.S3Bucket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example for AWS, whose key is that of a role which an STS gives for a token in a file. The
 * STS and the store are MinIO's, which checks the token with the key of whoever signed it; the SDK
 * is told by its own variables that they are not AWS's.
 */
class WebIdentityIT {
    static final String EXAMPLE = "s3-aws";

    private static final String SUBJECT = "system:serviceaccount:default:delivery";

    @TempDir private Path folder;
    private OpenIdProvider kubernetes;
    private MinioServer server;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(MinioServer.missing().isEmpty(), () -> MinioServer.missing().orElse(""));
        kubernetes = OpenIdProvider.start();
        server = MinioServer.start(kubernetes);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        if (kubernetes != null) {
            kubernetes.close();
        }
    }

    private ServerExample example() throws IOException {
        Map<String, String> variables = new HashMap<>();
        variables.put("AWS_WEB_IDENTITY_TOKEN_FILE", tokenFile().toString());
        variables.put("AWS_ROLE_ARN", MinioServer.ROLE);
        variables.put("AWS_REGION", "eu-central-1");
        variables.put("AWS_ENDPOINT_URL_STS", server.endpoint().toString());
        variables.put("AWS_ENDPOINT_URL_S3", server.endpoint().toString());
        // Whatever this process was given besides.
        variables.put("AWS_ACCESS_KEY_ID", "");
        variables.put("AWS_SECRET_ACCESS_KEY", "");
        variables.put("AWS_EC2_METADATA_DISABLED", "true");
        variables.put("AWS_CONFIG_FILE", folder.resolve("none").toString());
        variables.put("AWS_SHARED_CREDENTIALS_FILE", folder.resolve("none").toString());
        return ServerExample.in(folder, EXAMPLE, variables);
    }

    private Path tokenFile() {
        return folder.resolve("token");
    }

    private void giveToken(String audience) throws IOException {
        Instant end = Instant.now().plus(Duration.ofHours(1));
        Files.writeString(tokenFile(), kubernetes.token(audience, SUBJECT, end));
    }

    @Test
    void the_example_for_aws_lands_with_the_role_of_a_web_identity() throws Exception {
        giveToken(MinioServer.AUDIENCE);
        ServerExample example = example();

        try (S3Bucket bucket = S3Bucket.create(server, example.bucket())) {
            example.doesWhatItsTestSays(bucket);
        }
    }

    @Test
    void a_token_that_the_sts_refuses_is_told_and_one_that_it_takes_is_found_without_a_restart()
            throws Exception {
        giveToken("somebody-else");
        ServerExample example = example().landingAtOnce();
        String stream = example.stream();

        try (S3Bucket bucket = S3Bucket.create(server, example.bucket());
                DaemonProcess daemon = Daemons.start(example.config(), example.environment())) {
            assertThat(example.run("check", "--online", example.config().toString()))
                    .satisfies(
                            run -> {
                                assertThat(run.exitCode()).isNotZero();
                                assertThat(run.said())
                                        .contains("no credentials: web identity: ")
                                        .contains("Service: Sts");
                            });
            Notes.put(daemon, stream, List.of("one", "two"));
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(
                            () ->
                                    daemon.status(stream)
                                            .path("troubles")
                                            .toString()
                                            .contains("no credentials: web identity: "));
            assertThat(bucket.objects()).isEmpty();

            giveToken(MinioServer.AUDIENCE);

            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> daemon.books(stream, 0).path("landed").asInt() == 2);
            assertThat(bucket.objects()).hasSize(1);
            assertThat(daemon.log()).doesNotContain(Files.readString(tokenFile()));
        }
    }
}

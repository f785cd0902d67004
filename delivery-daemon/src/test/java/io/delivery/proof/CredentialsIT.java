package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.testkit.servers.MinioServer;
import io.delivery.testkit.servers.S3Bucket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key that is taken away under a running daemon, and another one that is given to it. */
class CredentialsIT {
    /** No right to read or to list: what a role of Firehose needs at the least. */
    private static final String MAY_ONLY_PUT =
            """
            {"Version": "2012-10-17", "Statement": [
              {"Effect": "Allow", "Resource": ["arn:aws:s3:::events/*"],
               "Action": ["s3:PutObject", "s3:AbortMultipartUpload"]}]}
            """;

    @TempDir private Path folder;

    @BeforeEach
    void needsMinio() {
        assumeTrue(MinioServer.missing().isEmpty(), () -> MinioServer.missing().orElse(""));
        assumeTrue(
                MinioServer.missingClient().isEmpty(),
                () -> "mc: " + MinioServer.missingClient().orElse(""));
    }

    @Test
    void a_key_that_is_disabled_and_rotated_in_the_profile_file_costs_no_record_and_no_restart()
            throws Exception {
        try (MinioServer server = MinioServer.start();
                S3Bucket bucket = S3Bucket.create(server, "events").keepVersions()) {
            server.addUser("first", "firstsecret123", MAY_ONLY_PUT);
            giveKey("first", "firstsecret123");
            try (DaemonProcess daemon = Daemons.start(configuration(server), environment())) {
                Notes.put(daemon, "notes", Notes.lines(0, 100));
                daemon.flush("notes");
                assertThat(lines(bucket)).isEqualTo(Notes.lines(0, 100));

                server.disableUser("first");
                long begun = System.nanoTime();
                Notes.put(daemon, "notes", Notes.lines(100, 200));
                awaitTrouble(daemon, "attempt 2)");
                Notes.put(
                        daemon,
                        "notes",
                        Notes.lines(200, 300)); // another range, which is refused as well
                awaitTrouble(daemon, "attempt 3)");

                tellsTheCause(daemon.status("notes"));
                assertThat(lines(daemon, "landing fails: "))
                        .singleElement()
                        .asString()
                        .contains("stream=notes store=lake bucket=events object=events/notes/")
                        .contains("InvalidAccessKeyId");
                Notes.put(daemon, "notes", Notes.lines(300, 400));
                assertThat(lines(bucket)).isEqualTo(Notes.lines(0, 100));

                server.addUser("second", "secondsecret123", MAY_ONLY_PUT);
                giveKey("second", "secondsecret123");
                Awaitility.await() // and nobody touches the daemon
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> daemon.books("notes", 0).path("landed").asInt() == 400);

                assertThat(lines(bucket)).isEqualTo(Notes.lines(0, 400));
                assertThat(bucket.versions().values()).isNotEmpty().containsOnly(1);
                assertThat(bucket.versions().keySet()).noneMatch(key -> key.startsWith("errors/"));
                JsonNode status = daemon.status("notes");
                assertThat(status.path("healthy").asBoolean()).as(status.toString()).isTrue();
                JsonNode books = daemon.books("notes", 0);
                assertThat(books.path("balanced").asBoolean()).isTrue();
                assertThat(books.path("landed").asInt()).isEqualTo(400);
                assertThat(books.path("errorOutput").asInt()).isZero();
                assertThat(daemon.log()).contains("credentials are asked for anew");
                List<String> over = lines(daemon, "landing works again: ");
                assertThat(over).hasSize(1);
                Matcher failures = Pattern.compile("failures=([0-9]+)").matcher(over.get(0));
                assertThat(failures.find()).isTrue();
                // Pauses of a half to one second, one to two, and so on, for all of its objects.
                assertThat(Long.parseLong(failures.group(1)))
                        .isBetween(3L, Duration.ofNanos(System.nanoTime() - begun).toSeconds() + 2);
                assertThat(daemon.log()).doesNotContain(" ERROR ");
                assertThat(daemon.log()).doesNotContain("secret123");

                daemon.terminate();
                assertThat(daemon.exitCode()).as(daemon.log()).isZero();
            }
        }
    }

    /** Which store and bucket, how much waits, what the server said, and what to do. */
    private static void tellsTheCause(JsonNode status) {
        assertThat(status.path("healthy").asBoolean()).isFalse();
        assertThat(status.path("troubles")).hasSize(1);
        assertThat(status.path("troubles").path(0).asText())
                .startsWith("PUT lake/events/notes/")
                .contains(
                        "100 records",
                        "attempt ",
                        "403 InvalidAccessKeyId: Your account is disabled")
                .contains("a new key in a profile file is read without a restart");
    }

    private static List<String> lines(DaemonProcess daemon, String text) {
        return daemon.log().lines().filter(line -> line.contains(text)).toList();
    }

    private static void awaitTrouble(DaemonProcess daemon, String text) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> daemon.status("notes").path("troubles").toString().contains(text));
    }

    // --- what is put and found ---

    private void giveKey(String accessKeyId, String secret) throws IOException {
        Files.writeString(
                folder.resolve("credentials"),
                """
                [default]
                aws_access_key_id = %s
                aws_secret_access_key = %s
                """
                        .formatted(accessKeyId, secret));
    }

    /** Nothing but the profile file, whatever this process was given. */
    private Map<String, String> environment() {
        return Map.of(
                "AWS_ACCESS_KEY_ID", "",
                "AWS_SECRET_ACCESS_KEY", "",
                "AWS_PROFILE", "default",
                "AWS_EC2_METADATA_DISABLED", "true",
                "AWS_CONFIG_FILE", folder.resolve("config").toString(),
                "AWS_SHARED_CREDENTIALS_FILE", folder.resolve("credentials").toString());
    }

    private Path configuration(MinioServer server) throws IOException {
        return Files.writeString(
                folder.resolve("delivery.yaml"),
                """
                dataDir: data
                server: {api: '127.0.0.1:0', admin: '127.0.0.1:0'}
                limits: {memory: 128MB}
                stores: {lake: {s3: {endpoint: '%s'}}}
                streams:
                  notes:
                    buffer: {size: 1MB, interval: 0s, lowLatency: true}
                    format: {raw: {delimiter: lines}}
                    destination: {bucket: events, prefix: notes/, errorPrefix: errors/}
                """
                        .formatted(server.endpoint()));
    }

    /** All lines of all objects, sorted: a line that is there twice is found twice. */
    private static List<String> lines(S3Bucket bucket) {
        return bucket.objects().values().stream()
                .flatMap(bytes -> new String(bytes, StandardCharsets.UTF_8).lines())
                .sorted()
                .toList();
    }
}

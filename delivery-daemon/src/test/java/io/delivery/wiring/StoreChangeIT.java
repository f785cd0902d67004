package io.delivery.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.api.http.FirehoseClient;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LoadedConfig;
import io.delivery.machine.SystemClock;
import io.delivery.stream.StreamStatus;
import io.delivery.testkit.servers.MinioServer;
import io.delivery.testkit.servers.S3Bucket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The key and the server of a store change under a service that runs, at real servers. */
class StoreChangeIT {
    /** No right to read or to list: what a role of Firehose needs at the least. */
    private static final String MAY_ONLY_PUT =
            """
            {"Version": "2012-10-17", "Statement": [
              {"Effect": "Allow", "Resource": ["arn:aws:s3:::events/*"],
               "Action": ["s3:PutObject", "s3:AbortMultipartUpload"]}]}
            """;

    @TempDir private Path folder;

    private final ConfigLoader loader = new ConfigLoader(Map.of(), Programs.OURS);
    private final List<String> sent = new ArrayList<>();
    private final List<CompletableFuture<Void>> flushes = new ArrayList<>();

    @BeforeEach
    void needsMinio() {
        assumeTrue(MinioServer.missing().isEmpty(), () -> MinioServer.missing().orElse(""));
        assumeTrue(
                MinioServer.missingClient().isEmpty(),
                () -> "mc: " + MinioServer.missingClient().orElse(""));
    }

    private ConfigFile file(URI endpoint, String key, String secret, String more) throws Exception {
        return new ConfigFile(
                loader,
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        server: {api: 127.0.0.1:0, admin: 127.0.0.1:0, shutdown: {land: false}}
                        dataDir: data
                        limits: {memory: 128MB}
                        stores:
                          lake:
                            s3:
                              endpoint: %s
                              credentials: {accessKeyId: %s, secretAccessKey: %s}
                        streams:
                          notes:
                            format: {raw: {delimiter: newline}}
                            destination: {bucket: events, prefix: notes/}
                        %s
                        """
                                .formatted(endpoint, key, secret, more)));
    }

    private void reload(Service service, URI endpoint, String key, String secret) throws Exception {
        ConfigFile file = file(endpoint, key, secret, "");
        LoadedConfig next = file.read();
        service.reload(next, file.kept(next)).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** Puts records one after another, and has each land beside those that follow. */
    private void put(Service service, int records) throws Exception {
        FirehoseClient client =
                new FirehoseClient(service.apiUri(), Optional.empty(), new SystemClock());
        for (int i = 0; i < records; i++) {
            String line = "line " + sent.size();
            assertThat(client.putRecordBatch("notes", List.of(line.getBytes(UTF_8))))
                    .allMatch(FirehoseClient.Entry::accepted);
            sent.add(line);
            flushes.add(service.flush());
        }
    }

    private void awaitAll() throws Exception {
        CompletableFuture.allOf(flushes.toArray(CompletableFuture[]::new))
                .get(60, TimeUnit.SECONDS);
        flushes.clear();
    }

    private static List<String> lines(S3Bucket... buckets) {
        List<String> lines = new ArrayList<>();
        for (S3Bucket bucket : buckets) {
            bucket.objects()
                    .values()
                    .forEach(bytes -> new String(bytes, UTF_8).lines().forEach(lines::add));
        }
        return lines;
    }

    @Test
    void a_new_key_and_a_new_server_take_over_under_load_and_every_record_lands_once()
            throws Exception {
        try (MinioServer here = MinioServer.start();
                MinioServer there = MinioServer.start();
                S3Bucket first = S3Bucket.create(here, "events").keepVersions();
                S3Bucket second = S3Bucket.create(there, "events").keepVersions()) {
            here.addUser("first", "firstsecret123", MAY_ONLY_PUT);
            here.addUser("second", "secondsecret123", MAY_ONLY_PUT);
            there.addUser("third", "thirdsecret123", MAY_ONLY_PUT);
            ConfigFile file = file(here.endpoint(), "first", "firstsecret123", "");
            LoadedConfig begun = file.read();
            try (Service service = Service.start(begun, file.kept(begun))) {
                put(service, 50);

                reload(service, here.endpoint(), "second", "secondsecret123");
                here.disableUser("first");
                put(service, 50);
                awaitAll();
                assertThat(lines(first)).containsExactlyInAnyOrderElementsOf(sent);

                put(service, 20); // under way when the server changes
                reload(service, there.endpoint(), "third", "thirdsecret123");
                put(service, 50);
                awaitAll();

                assertThat(lines(first, second)).containsExactlyInAnyOrderElementsOf(sent);
                assertThat(lines(second)).isNotEmpty();
                assertThat(first.versions().values()).containsOnly(1);
                assertThat(second.versions().values()).containsOnly(1);
                StreamStatus status = service.status().get(0);
                assertThat(status.healthy()).as(status.troubles().toString()).isTrue();
                assertThat(status.lanes().get(0).books().landed()).isEqualTo(sent.size());
                assertThat(status.lanes().get(0).books().errorOutput()).isZero();
            }
        }
    }

    @Test
    void a_key_that_the_store_refuses_is_cured_by_a_reload() throws Exception {
        try (MinioServer server = MinioServer.start();
                S3Bucket bucket = S3Bucket.create(server, "events").keepVersions()) {
            server.addUser("right", "rightsecret123", MAY_ONLY_PUT);
            ConfigFile file = file(server.endpoint(), "wrong", "wrongsecret123", "");
            LoadedConfig begun = file.read();
            try (Service service = Service.start(begun, file.kept(begun))) {
                put(service, 10);
                ConfigFile bad =
                        file(server.endpoint(), "right", "rightsecret123", "log: {level: debug}");
                LoadedConfig refused = bad.read();
                assertThatThrownBy(
                                () ->
                                        service.reload(refused, bad.kept(refused))
                                                .toCompletableFuture()
                                                .get(30, TimeUnit.SECONDS))
                        .hasMessageContaining("log: has changed");
                assertThat(lines(bucket)).isEmpty();

                reload(service, server.endpoint(), "right", "rightsecret123");
                put(service, 10);
                awaitAll();

                assertThat(lines(bucket)).containsExactlyInAnyOrderElementsOf(sent);
                assertThat(bucket.versions().values()).containsOnly(1);
            }
        }
    }
}

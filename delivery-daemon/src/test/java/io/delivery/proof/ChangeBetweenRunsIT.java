package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.testkit.servers.S3Bucket;
import io.delivery.testkit.servers.S3ProxyServer;
import io.delivery.testkit.servers.S3Server;
import io.delivery.wiring.ClassArchive;
import io.delivery.wiring.CrashStep;
import io.delivery.wiring.HaltingMain;
import io.delivery.wiring.ProofParts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program ends while an object is recorded and not in its store, with one part of a record in
 * it and the others nowhere; then it is started with another definition.
 */
class ChangeBetweenRunsIT {
    private static final String FIRST =
            """
                split: json
                destination:
                  store: lake
                  bucket: %1$s
                  prefix: %2$sfirst/k=!{partitionKeyFromQuery:k}/
                  errorPrefix: %2$serrors/!{firehose:error-output-type}/
            """;

    private static final String SECOND =
            """
                split: {delimiter: '####'}
                destination:
                  store: lake
                  bucket: %1$s
                  prefix: %2$ssecond/!{timestamp:yyyy}/k=!{partitionKeyFromQuery:k}/
                  errorPrefix: %2$serrors/!{firehose:error-output-type}/
                  compression: gzip
                  timezone: Asia/Tokyo
            """;

    @TempDir private Path folder;

    @Test
    void a_change_of_split_keys_and_compression_leaves_what_is_recorded_alone_in_a_directory()
            throws Exception {
        changeBetweenRuns(ProofParts.directory(folder.resolve("lake"), "proof", ""));
    }

    @Test
    void a_change_of_split_keys_and_compression_leaves_what_is_recorded_alone_in_s3proxy()
            throws Exception {
        try (S3Server server = S3ProxyServer.start();
                S3Bucket bucket = S3Bucket.create(server, "proof")) {
            changeBetweenRuns(ServerStores.store(server, bucket.name(), "lake/"));
        }
    }

    private void changeBetweenRuns(ProofStore store) throws Exception {
        // Two of partition a are 1 MB: their object is closed with the others still open.
        String large = "{\"k\":\"a\",\"n\":0,\"pad\":\"" + "x".repeat(900_000) + "\"}";
        String first = "{\"k\":\"a\",\"n\":1,\"pad\":\"" + "y".repeat(200_000) + "\"}";
        String settledInPart = first + "{\"k\":\"b\",\"n\":2}{\"k\":\"c\",\"n\":3}";
        String untouched = "{\"k\":\"d\",\"n\":4}####{\"k\":\"e\",\"n\":5}";
        DaemonCommand halting =
                ClassArchive.command(HaltingMain.class)
                        .withJvmOptions(
                                "-D%s=%s"
                                        .formatted(
                                                HaltingMain.PROPERTY,
                                                CrashStep.AFTER_THE_OBJECT_RECORD_BEFORE_ITS_UPLOAD
                                                        .name()));
        try (DaemonProcess daemon = start(halting, store, FIRST)) {
            try {
                Notes.put(daemon, "clicks", List.of(large, settledInPart, untouched));
            } catch (IOException halted) {
                // An object was made of it: it is durable, whether or not the answer came through.
            }
            assertThat(daemon.exitCode()).as(daemon.log()).isEqualTo(HaltingMain.HALTED);
        }

        DaemonCommand elsewhere =
                ClassArchive.program().withJvmOptions("-Duser.timezone=Pacific/Auckland");
        try (Lake lake = store.lake();
                DaemonProcess daemon = start(elsewhere, store, SECOND)) {
            Notes.put(daemon, "clicks", List.of("{\"k\":\"f\",\"n\":6}####{\"k\":\"g\",\"n\":7}"));
            daemon.flush("clicks");

            assertThat(daemon.books("clicks", 0).path("accepted").asInt()).isEqualTo(4);
            assertThat(daemon.books("clicks", 0).path("split").asInt()).isEqualTo(4);
            assertThat(daemon.books("clicks", 0).path("balanced").asBoolean()).isTrue();
            Map<String, String> objects = objects(lake, store.prefix());
            assertThat(linesBelow(objects, "first/k=a/"))
                    .as("bytes and key as they were recorded")
                    .containsExactly(large, first);
            assertThat(linesBelow(objects, "first/")).hasSize(2);
            assertThat(linesBelow(objects, "second/"))
                    .as("the rest of its record as it was begun, what is behind it anew")
                    .containsExactlyInAnyOrder(
                            "{\"k\":\"b\",\"n\":2}",
                            "{\"k\":\"c\",\"n\":3}",
                            "{\"k\":\"d\",\"n\":4}",
                            "{\"k\":\"e\",\"n\":5}",
                            "{\"k\":\"f\",\"n\":6}",
                            "{\"k\":\"g\",\"n\":7}");
            assertThat(linesBelow(objects, "errors/")).isEmpty();
        }
    }

    private DaemonProcess start(DaemonCommand program, ProofStore store, String definition)
            throws IOException {
        Path config =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        dataDir: data
                        server: {api: '127.0.0.1:0', admin: '127.0.0.1:0'}
                        limits: {memory: 128MB}
                        stores: {lake: %s}
                        streams:
                          clicks:
                            buffer: {size: 1MB, interval: 900s, lowLatency: true}
                            partitioning: {query: '{k: .k}'}
                            format: {raw: {delimiter: lines}}
                        """
                                        .formatted(store.settings())
                                + definition.formatted(store.bucket(), store.prefix()));
        Map<String, String> environment = new HashMap<>(store.environment());
        store.endpoint().ifPresent(uri -> environment.put(ProofStore.ENDPOINT, uri.toString()));
        return DaemonProcess.start(program.withEnvironment(environment), config);
    }

    /** What is there, unzipped where its key says so, by key without the prefix. */
    private static Map<String, String> objects(Lake lake, String prefix) throws IOException {
        Map<String, String> objects = new TreeMap<>();
        for (String key : lake.list(prefix).keySet()) {
            byte[] bytes = lake.read(key).orElseThrow();
            if (key.endsWith(".gz")) {
                bytes = new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
            }
            objects.put(key.substring(prefix.length()), new String(bytes, StandardCharsets.UTF_8));
        }
        return objects;
    }

    private static List<String> linesBelow(Map<String, String> objects, String prefix) {
        return objects.entrySet().stream()
                .filter(object -> object.getKey().startsWith(prefix))
                .flatMap(object -> object.getValue().lines())
                .toList();
    }
}

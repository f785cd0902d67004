package io.delivery.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.api.model.ServiceModel;
import io.delivery.proof.DaemonProcess;
import io.delivery.proof.DuckDb;
import io.delivery.testkit.servers.Conformance;
import io.delivery.testkit.servers.Tools;
import io.delivery.wiring.ClassArchive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Amazon's own clients, unchanged but for endpoint and credentials. Each does the same with all
 * operations of the API and tells what it has seen; what all of them must see is in {@code
 * clients/story.txt}. A build has boto3 tell it, the others take longer: {@code make conformance}.
 */
@Timeout(2400)
class ClientStoriesIT {
    /** Records that a client puts into the stream of the story. */
    private static final int RECORDS = 503;

    /** The first record that is put after the prefix was changed from first/ to second/. */
    private static final int FIRST_AFTER_UPDATE = 501;

    @TempDir private Path folder;
    private DaemonProcess daemon;

    private void start() throws IOException {
        Files.writeString(
                Files.createDirectories(folder.resolve("schemas/db")).resolve("story.yaml"),
                "columns: [{name: n, type: int}, {name: c, type: string}]\n");
        Path config =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        dataDir: data
                        server:
                          api: 127.0.0.1:0
                          admin: 127.0.0.1:0
                          credentials:
                            - {accessKeyId: known, secretAccessKey: right-secret}
                            - accessKeyId: reader
                              secretAccessKey: right-secret
                              allow: {actions: ['Describe*', 'List*']}
                        limits: {memory: 128MB}
                        stores: {local: {directory: lake}}
                        catalogs: {main: {file: schemas}}
                        encryption:
                          keys:
                            - {id: k1, key: QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=}
                        quotas:
                          - {match: story, records: 400/s}
                        streams:
                          bytes:
                            format: {raw: {delimiter: none}}
                            destination: {bucket: bytes}
                        """);
        daemon = DaemonProcess.start(ClassArchive.program(), config);
    }

    @AfterEach
    void end() {
        if (daemon != null) {
            daemon.close();
        }
    }

    @Test
    void the_story_is_about_every_operation_of_the_api() throws IOException {
        Set<String> told =
                story().stream()
                        .map(line -> line.substring(0, line.indexOf(':')))
                        .collect(Collectors.toSet());

        assertThat(told).containsExactlyInAnyOrderElementsOf(ServiceModel.firehose().operations());
    }

    @Test
    void boto3_tells_the_story() throws Exception {
        Path python = ClientProgram.tool("clients", "clients/bin/python");

        tells(List.of(python.toString(), copied("story.py").toString()));
    }

    @Test
    void the_sdk_for_javascript_tells_the_story() throws Exception {
        Conformance.assumeWanted();
        Path node = ClientProgram.tool("sdk-javascript", "sdk-javascript/node");
        Files.createSymbolicLink(
                folder.resolve("node_modules"), Tools.executable("sdk-javascript/node_modules"));

        tells(List.of(node.toString(), copied("story.mjs").toString()));
    }

    @Test
    void the_aws_cli_tells_the_story() throws Exception {
        Conformance.assumeWanted();
        Path aws = ClientProgram.tool("clients", "clients/bin/aws");

        tells(List.of("sh", copied("story.sh").toString(), aws.toString()));
    }

    @Test
    void the_sdk_for_java_tells_the_story() throws Exception {
        Conformance.assumeWanted();
        tells(
                List.of(
                        ClientProgram.java().toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        JavaStory.class.getName()));
    }

    @Test
    void the_sdk_for_go_tells_the_story() throws Exception {
        Conformance.assumeWanted();
        ClientProgram.tool("sdk-go", GoProgram.COMPILER);

        tells(List.of(GoProgram.build(folder, ClientProgram.resource("go/story.go")).toString()));
    }

    // --- what they have in common ---

    private static List<String> story() throws IOException {
        return new String(ClientProgram.resource("story.txt"), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private Path copied(String name) throws IOException {
        return Files.write(folder.resolve(name), ClientProgram.resource(name));
    }

    private void tells(List<String> command) throws Exception {
        start();
        ClientProgram client =
                ClientProgram.in(folder).pointedAt(daemon.api(), "known", "right-secret");

        ClientProgram.Outcome outcome = client.run(command, this::everythingLands);

        assertThat(outcome.lines()).as(outcome.complaints()).isEqualTo(story());
        assertThat(outcome.exitCode()).as(outcome.complaints()).isZero();
        assertThat(rows()).isEqualTo(expectedRows());
        assertThat(ClientProgram.onlyObject(folder.resolve("lake/bytes"))).isEqualTo(everyByte());
        assertThat(daemon.books("bytes", 0).path("landed").asInt())
                .as("and an empty one")
                .isEqualTo(2);
    }

    private void everythingLands() throws Exception {
        daemon.flush("story");
        daemon.flush("bytes");
    }

    /**
     * Each record as number, key, and whether its object is in the partition of that key, below the
     * prefix that was in force when it was put. One that was put before the prefix was changed may
     * have been read after it.
     */
    private List<String> rows() throws Exception {
        try (DuckDb reader = new DuckDb()) {
            return reader.rows(
                    """
                    SELECT n, c, contains(filename, '/second/c=' || c || '/')
                        OR n < %d AND contains(filename, '/first/c=' || c || '/')
                    FROM read_parquet('%s/**/*.parquet', filename = true, hive_partitioning = false)
                    ORDER BY n
                    """
                            .formatted(FIRST_AFTER_UPDATE, folder.resolve("lake/story")));
        }
    }

    private static List<String> expectedRows() {
        return IntStream.range(0, RECORDS)
                .mapToObj(n -> "%d|%s|true".formatted(n, n % 2 == 0 ? "a" : "b"))
                .toList();
    }

    private static byte[] everyByte() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        return all;
    }
}

package io.delivery.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.api.http.FirehoseClient;
import io.delivery.api.signing.RequestSigner;
import io.delivery.lane.Books;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import io.delivery.machine.SystemClock;
import io.delivery.stream.StreamStatus;
import io.delivery.wiring.Programs;
import io.delivery.wiring.Service;
import io.delivery.wiring.StartRefusedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The whole service in this process, on free ports, with a folder as its lake; and what a producer
 * and an operator do with it over HTTP.
 */
final class RunningService implements AutoCloseable {
    static final String ACCESS_KEY = "known";
    static final String SECRET = "secret";
    static final String REGION = "us-east-1";

    private static final String SERVER =
            """
            server:
              api: 127.0.0.1:0
              admin: 127.0.0.1:0
              region: %s
              credentials: [{accessKeyId: %s, secretAccessKey: %s}]
              shutdown: {land: false}
            dataDir: data
            limits: {disk: 4GB, memory: 128MB}
            """
                    .formatted(REGION, ACCESS_KEY, SECRET);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path lake;
    private final Service service;
    private final FirehoseClient producer;

    private RunningService(Path lake, Service service) {
        this.lake = lake;
        this.service = service;
        this.producer =
                new FirehoseClient(
                        service.apiUri(),
                        Optional.of(new RequestSigner(ACCESS_KEY, SECRET, REGION)),
                        new SystemClock());
    }

    /**
     * @param folder empty; data and configuration go there, and objects into {@code lake} below it
     * @param configuration stores, catalogs and streams
     */
    static RunningService start(Path folder, String configuration)
            throws IOException, InvalidConfigException, StartRefusedException {
        Path file = Files.writeString(folder.resolve("delivery.yaml"), SERVER + configuration);
        ConfigLoader loader = new ConfigLoader(Map.of(), Programs.OURS);
        return new RunningService(folder.resolve("lake"), Service.start(loader.load(file)));
    }

    URI apiUri() {
        return service.apiUri();
    }

    URI adminUri() {
        return service.adminUri();
    }

    /** All or none of them, in one signed call. */
    void put(String stream, List<byte[]> records) throws Exception {
        assertThat(producer.putRecordBatch(stream, records))
                .hasSize(records.size())
                .allMatch(FirehoseClient.Entry::accepted);
    }

    /** Lands what has been accepted, through the admin port. */
    void flush(String stream) throws Exception {
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(
                                        service.adminUri().resolve("/streams/" + stream + "/flush"))
                                .timeout(Duration.ofSeconds(20))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /** Asks for it and does not wait: it may take until something is mended. */
    void flushLater(String stream) {
        service.flush();
    }

    StreamStatus status(String stream) {
        return service.status().stream()
                .filter(status -> status.name().equals(stream))
                .findFirst()
                .orElseThrow();
    }

    Books books(String stream) {
        return status(stream).lanes().get(0).books();
    }

    /** Keys of the bucket's visible objects. */
    Set<String> keys(String bucket, String prefix) throws IOException {
        Path root = lake.resolve(bucket);
        if (!Files.exists(root)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .filter(key -> key.startsWith(prefix))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    Path object(String bucket, String key) {
        return lake.resolve(bucket).resolve(key);
    }

    @Override
    public void close() {
        service.close();
    }
}

package io.delivery.junit.program;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.api.ApiException;
import io.delivery.api.http.FirehoseClient;
import io.delivery.api.signing.RequestSigner;
import io.delivery.config.AccessKey;
import io.delivery.config.ApiCredentials;
import io.delivery.config.Secret;
import io.delivery.failure.FailureText;
import io.delivery.failure.OpenedSoFar;
import io.delivery.inspection.StreamInspection;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.lane.LaneStatus;
import io.delivery.listening.TrustedServers;
import io.delivery.loading.InvalidConfigException;
import io.delivery.loading.LoadedConfig;
import io.delivery.machine.FileDisk;
import io.delivery.machine.SystemClock;
import io.delivery.stream.StreamStatus;
import io.delivery.verify.LandedObjects;
import io.delivery.wiring.Service;
import io.delivery.wiring.StartRefusedException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** The service of one test class. Thread-safe. */
final class TestService implements AutoCloseable {
    /** For a service that checks no signatures: any will do. */
    private static final ApiCredentials ANY =
            new ApiCredentials(new AccessKey("test", new Secret("test")));

    private static final String CREATE = "CreateDeliveryStream";

    private static final Duration LOOK = Duration.ofMillis(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LoadedConfig loaded;

    /** As many as the configuration has, and one that may do everything when it has none. */
    private final List<ApiCredentials> callers;

    private final Service service;
    private final LandedContent content;
    private final HttpClient http;

    private TestService(LoadedConfig loaded, List<ApiCredentials> callers, Service service)
            throws IOException {
        this.loaded = loaded;
        this.callers = callers.isEmpty() ? List.of(ANY) : callers;
        this.service = service;
        this.content = new LandedContent(loaded.config().stores());
        this.http =
                new TrustedServers(
                                loaded.config().server().tls().map(tls -> tls.certificate()),
                                Optional.empty())
                        .client();
    }

    /**
     * @throws StartRefusedException with the reasons
     */
    static TestService start(LoadedConfig loaded)
            throws StartRefusedException, InvalidConfigException, IOException {
        List<ApiCredentials> callers = callers(loaded);
        Service service = Service.start(loaded);
        try {
            return new TestService(loaded, callers, service);
        } catch (Throwable failed) { // also errors
            OpenedSoFar.closeAfter(failed, service::close);
            throw failed;
        }
    }

    private static List<ApiCredentials> callers(LoadedConfig loaded) throws InvalidConfigException {
        return loaded.credentialsFile().isPresent()
                ? loaded.credentialsFile().get().read()
                : loaded.config().server().credentials();
    }

    /** Where it is, and what clients sign with: the first caller. */
    Map<String, Object> addresses() {
        AccessKey key = callers.get(0).key();
        Map<String, Object> addresses = new LinkedHashMap<>();
        addresses.put("api", service.apiUri().toString());
        addresses.put("region", loaded.config().server().region());
        addresses.put("accessKeyId", key.accessKeyId());
        addresses.put("secretAccessKey", key.secretAccessKey().value());
        callers.get(0)
                .sessionToken()
                .ifPresent(token -> addresses.put("sessionToken", token.value()));
        return addresses;
    }

    /**
     * Calls CreateDeliveryStream, as any client would: the first caller that may, where others may
     * only put.
     */
    Object create(String request) throws IOException, InterruptedException {
        JsonNode tree;
        try {
            tree = JSON.readTree(request);
        } catch (JsonProcessingException refused) {
            throw new IllegalArgumentException(
                    "the request is no JSON: " + refused.getOriginalMessage(), refused);
        }
        try {
            return client(CREATE, tree.path("DeliveryStreamName").asText(""))
                    .call(CREATE, tree)
                    .path("DeliveryStreamARN")
                    .asText();
        } catch (ApiException refused) {
            throw new IllegalArgumentException(
                    refused.type() + ": " + refused.getMessage(), refused);
        }
    }

    private FirehoseClient client(String operation, String stream) {
        ApiCredentials caller =
                callers.stream()
                        .filter(one -> one.allows(operation, stream))
                        .findFirst()
                        .orElse(callers.get(0));
        RequestSigner signer =
                new RequestSigner(
                        caller.key().accessKeyId(),
                        caller.key().secretAccessKey().value(),
                        caller.sessionToken().map(Secret::value),
                        loaded.config().server().region());
        return new FirehoseClient(service.apiUri(), Optional.of(signer), new SystemClock(), http);
    }

    // --- flush ---

    /**
     * @throws IllegalArgumentException when there is no such stream
     * @throws IllegalStateException when it has not landed in time, with what keeps it
     */
    void flush(String stream, Duration limit) throws InterruptedException {
        CompletionStage<Void> flushed = service.flush(stream).orElseThrow(() -> noStream(stream));
        try {
            flushed.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw new IllegalStateException(
                    "stream %s was not flushed: %s".formatted(stream, FailureText.of(failed)),
                    failed);
        } catch (TimeoutException late) {
            throw new IllegalStateException(
                    "stream %s has not landed within %s: %s"
                            .formatted(stream, text(limit), where(status(stream))),
                    late);
        }
    }

    private IllegalArgumentException noStream(String name) {
        List<String> names = service.status().stream().map(StreamStatus::name).sorted().toList();
        return new IllegalArgumentException(
                "there is no stream %s; there %s"
                        .formatted(
                                name,
                                names.isEmpty()
                                        ? "is none yet"
                                        : "are: " + String.join(", ", names)));
    }

    private StreamStatus status(String name) {
        return service.status().stream()
                .filter(status -> status.name().equals(name))
                .findFirst()
                .orElseThrow(() -> noStream(name));
    }

    private static String where(StreamStatus status) {
        String lanes =
                status.lanes().stream()
                        .map(
                                lane ->
                                        "%s has accepted %d records, %d of them are still on their way"
                                                .formatted(
                                                        lane.lane(),
                                                        lane.books().accepted(),
                                                        lane.books().buffered()))
                        .collect(Collectors.joining("; "));
        return status.troubles().isEmpty()
                ? lanes
                : lanes + "; " + String.join("; ", status.troubles());
    }

    private static String text(Duration limit) {
        return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }

    /**
     * Waits until so many records were put since the stream was made.
     *
     * @throws IllegalStateException when they were not in time, with how many were
     */
    void await(String stream, long records, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        long accepted;
        while ((accepted = accepted(status(stream))) < records) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "%d records were put into %s within %s, not %d"
                                .formatted(accepted, stream, text(limit), records));
            }
            Thread.sleep(LOOK.toMillis());
        }
    }

    /** Each lane reads the same records; there is none before the first one. */
    private static long accepted(StreamStatus status) {
        return status.lanes().stream()
                .map(LaneStatus::books)
                .mapToLong(books -> books.accepted())
                .max()
                .orElse(0);
    }

    // --- landed ---

    /** All objects that the stream has landed, with what is in them. */
    Map<String, Object> landed(String stream) throws IOException {
        StreamStatus status = status(stream);
        List<Map<String, Object>> objects = new ArrayList<>();
        FileDisk disk = new FileDisk();
        for (Path directory : StreamInspection.directories(loaded.config().dataDir(), disk)) {
            if (StreamInspection.identify(directory, disk).name().equals(stream)) {
                for (ObjectRecord object : LandedObjects.of(directory, disk)) {
                    objects.add(content.of(object, role(object.kind())));
                }
            }
        }
        Map<String, Object> landed = new LinkedHashMap<>();
        landed.put("objects", objects);
        landed.put("accepted", accepted(status));
        landed.put(
                "dropped", status.lanes().stream().mapToLong(lane -> lane.books().dropped()).sum());
        landed.put("troubles", status.troubles());
        return landed;
    }

    private static String role(Kind kind) {
        return switch (kind) {
            case MAIN -> "main";
            case BACKUP -> "backup";
            case PROCESSING_FAILED, FORMAT_CONVERSION_FAILED, DECOMPRESSION_FAILED -> "error";
        };
    }

    @Override
    public void close() {
        try (service) {
            content.close();
        }
    }
}

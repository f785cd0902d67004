package io.delivery.wiring;

import io.delivery.loading.ConfigLoader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.CreateDeliveryStreamRequest;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamDescription;
import software.amazon.awssdk.services.firehose.model.ExtendedS3DestinationConfiguration;
import software.amazon.awssdk.services.firehose.model.ExtendedS3DestinationDescription;
import software.amazon.awssdk.services.firehose.model.ExtendedS3DestinationUpdate;

/** A service with one stream of its configuration, and the SDK of AWS that speaks to it. */
abstract class ApiWorld {
    static final String ROLE = "arn:aws:iam::000000000000:role/firehose";

    @TempDir Path folder;

    Service service;
    FirehoseClient client;

    @BeforeEach
    void start() throws Exception {
        Path file = writeConfig();
        ConfigFile config = new ConfigFile(new ConfigLoader(Map.of(), Programs.OURS), file);
        var loaded = config.read();
        service = Service.start(loaded, config.kept(loaded));
        client =
                FirehoseClient.builder()
                        .endpointOverride(URI.create(service.apiUri().toString()))
                        .region(Region.US_EAST_1)
                        .credentialsProvider(AnonymousCredentialsProvider.create())
                        .build();
    }

    /** Sections that a test adds to the configuration. */
    String more() {
        return "";
    }

    Path writeConfig() throws IOException {
        return Files.writeString(
                folder.resolve("delivery.yaml"),
                """
                        server: {api: 127.0.0.1:0, admin: 127.0.0.1:0, shutdown: {land: false}}
                        dataDir: data
                        limits: {memory: 128MB}
                        stores: {lake: {directory: lake}, strict: {directory: strict, createBuckets: false}}
                        buckets: [{match: 'strict-*', store: strict}, {match: '*', store: lake}]
                        catalogs: {main: {file: schemas}}
                        streams: {fixed: {destination: {store: lake, bucket: b}}}
                        """
                        + more());
    }

    @AfterEach
    void stop() {
        client.close();
        service.close();
    }

    /** Has the service read its configuration again. */
    void reload() throws Exception {
        ConfigFile config =
                new ConfigFile(
                        new ConfigLoader(Map.of(), Programs.OURS), folder.resolve("delivery.yaml"));
        var loaded = config.read();
        service.reload(loaded, config.kept(loaded)).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    void restart() throws Exception {
        stop();
        start();
    }

    void create(String name, Consumer<ExtendedS3DestinationConfiguration.Builder> more) {
        client.createDeliveryStream(request(name, more));
    }

    static CreateDeliveryStreamRequest request(
            String name, Consumer<ExtendedS3DestinationConfiguration.Builder> more) {
        return CreateDeliveryStreamRequest.builder()
                .deliveryStreamName(name)
                .extendedS3DestinationConfiguration(
                        destination -> {
                            destination.roleARN(ROLE).bucketARN("arn:aws:s3:::made");
                            more.accept(destination);
                        })
                .build();
    }

    DeliveryStreamDescription describe(String name) {
        return client.describeDeliveryStream(d -> d.deliveryStreamName(name))
                .deliveryStreamDescription();
    }

    ExtendedS3DestinationDescription destination(String name) {
        return describe(name).destinations().get(0).extendedS3DestinationDescription();
    }

    void put(String name, String text) {
        client.putRecord(
                p -> p.deliveryStreamName(name).record(r -> r.data(SdkBytes.fromUtf8String(text))));
    }

    void update(String name, Consumer<ExtendedS3DestinationUpdate.Builder> update) {
        String version = describe(name).versionId();
        client.updateDestination(
                u ->
                        u.deliveryStreamName(name)
                                .currentDeliveryStreamVersionId(version)
                                .destinationId("destinationId-000000000001")
                                .extendedS3DestinationUpdate(update));
    }

    List<String> objects() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("lake/made"))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.resolve("lake/made").relativize(file).toString())
                    .toList();
        }
    }
}

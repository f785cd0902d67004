package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.conformance.ClientProgram;
import io.delivery.loading.ConfigLoader;
import io.delivery.testkit.servers.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.BufferingHints;
import software.amazon.awssdk.services.firehose.model.ExtendedS3DestinationDescription;
import software.amazon.awssdk.services.firehose.model.FirehoseException;

/** A server for tests of applications takes what test suites write, and lands it soon. */
class TestingModeTest {
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir Path folder;
    private Service service;
    private FirehoseClient client;

    private void start(String testing) throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        server:
                          api: 127.0.0.1:0
                          admin: 127.0.0.1:0
                          shutdown: {land: false}
                          %s
                        dataDir: data
                        limits: {memory: 128MB}
                        stores: {lake: {directory: lake}}
                        streams:
                          fixed:
                            buffer: {size: 64MB, interval: 900s}
                            destination: {bucket: fixed}
                            backup: {bucket: copies, buffer: {size: 5MB, interval: 900s}}
                        """
                                .formatted(testing));
        ConfigFile config = new ConfigFile(new ConfigLoader(Map.of(), Programs.OURS), file);
        var loaded = config.read();
        service = Service.start(loaded, config.kept(loaded));
        client =
                FirehoseClient.builder()
                        .endpointOverride(service.apiUri())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(AnonymousCredentialsProvider.create())
                        .build();
    }

    @AfterEach
    void stop() {
        client.close();
        service.close();
    }

    @Test
    void what_the_SDK_puts_lands_at_once_and_Describe_echoes_what_was_given() throws Exception {
        start("testing: {}");

        create("made", "arn:aws:s3::no-bucket-yet", "any-role");
        put("made", "hello");

        await().atMost(SOON.toSeconds(), TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(landed("no-bucket-yet")).containsExactly("hello"));
        ExtendedS3DestinationDescription described =
                client.describeDeliveryStream(d -> d.deliveryStreamName("made"))
                        .deliveryStreamDescription()
                        .destinations()
                        .get(0)
                        .extendedS3DestinationDescription();
        assertThat(described.bufferingHints())
                .isEqualTo(BufferingHints.builder().sizeInMBs(5).intervalInSeconds(300).build());
        assertThat(described.bucketARN()).isEqualTo("arn:aws:s3::no-bucket-yet");
        assertThat(described.roleARN()).isEqualTo("any-role");
    }

    @Test
    void streams_of_the_configuration_and_their_backups_land_at_once_too() throws Exception {
        start("testing: {maxInterval: 0s}");

        put("fixed", "hello");

        await().atMost(SOON.toSeconds(), TimeUnit.SECONDS)
                .untilAsserted(
                        () -> {
                            assertThat(landed("fixed")).containsExactly("hello");
                            assertThat(landed("copies")).containsExactly("hello");
                        });
        assertThat(
                        client.describeDeliveryStream(d -> d.deliveryStreamName("fixed"))
                                .deliveryStreamDescription()
                                .destinations()
                                .get(0)
                                .extendedS3DestinationDescription()
                                .bufferingHints()
                                .intervalInSeconds())
                .isEqualTo(900);
    }

    @Test
    void a_stream_that_was_made_so_is_read_again_by_a_server_that_is_not_for_tests()
            throws Exception {
        start("testing: {}");
        create("made", "arn:aws:s3::soon", "any-role");
        stop();

        start("");

        assertThat(client.listDeliveryStreams().deliveryStreamNames()).contains("made");
        put("made", "it is still a stream");
        service.flush().get(20, TimeUnit.SECONDS);
        assertThat(landed("soon")).containsExactly("it is still a stream");
    }

    @Test
    void without_it_the_model_of_the_service_holds() throws Exception {
        start("");

        FirehoseException twoColons =
                catchThrowableOfType(
                        FirehoseException.class,
                        () -> create("made", "arn:aws:s3::b", "arn:aws:iam::000000000000:role/r"));
        FirehoseException role =
                catchThrowableOfType(
                        FirehoseException.class,
                        () -> create("made", "arn:aws:s3:::b", "any-role"));

        assertThat(twoColons.awsErrorDetails().errorCode()).isEqualTo("ValidationException");
        assertThat(role.awsErrorDetails().errorCode()).isEqualTo("ValidationException");
        assertThat(get("/metrics")).contains("delivery_testing_mode{stream=\"\"} 0.0");
    }

    @Test
    void the_status_and_the_metrics_say_that_it_is_on() throws Exception {
        start("testing: {}");

        ProgramRun status =
                ProgramRun.of(Map.of(), "status", "--admin", service.adminUri().toString());

        assertThat(status.out())
                .startsWith("service: server.testing: is on, for tests of applications only");
        assertThat(status.exitCode()).isZero();
        assertThat(get("/metrics")).contains("delivery_testing_mode{stream=\"\"} 1.0");
        assertThat(get("/health/ready")).contains("\"healthy\" : true");
    }

    @Test
    void boto3_makes_a_stream_as_test_suites_do_and_finds_its_object() throws Exception {
        start("testing: {maxInterval: 1s, createBuckets: true}");
        Path python = Tools.executable("clients/bin/python");
        assumeTrue(
                Files.isExecutable(python),
                () -> Tools.missing("clients", "clients/bin/python").orElse("no boto3"));
        Path script =
                Files.writeString(
                        folder.resolve("suite.py"),
                        """
                        import boto3, sys
                        from botocore import UNSIGNED
                        from botocore.config import Config
                        firehose = boto3.client('firehose', endpoint_url=sys.argv[1],
                            region_name='us-east-1', config=Config(signature_version=UNSIGNED))
                        firehose.create_delivery_stream(
                            DeliveryStreamName='suite',
                            ExtendedS3DestinationConfiguration={
                                'RoleARN': 'arn:aws:iam::role/test', 'BucketARN': 'arn:aws:s3::kinesis-test',
                                'BufferingHints': {'SizeInMBs': 5, 'IntervalInSeconds': 300}})
                        firehose.put_record_batch(DeliveryStreamName='suite',
                            Records=[{'Data': b'from boto3'}])
                        described = firehose.describe_delivery_stream(DeliveryStreamName='suite')
                        print(described['DeliveryStreamDescription']['Destinations'][0][
                            'ExtendedS3DestinationDescription']['BufferingHints'])
                        """);

        ClientProgram.Outcome suite =
                ClientProgram.in(folder)
                        .run(
                                List.of(
                                        python.toString(),
                                        script.toString(),
                                        service.apiUri().toString()));

        assertThat(suite.text())
                .as(suite.complaints())
                .isEqualTo("{'SizeInMBs': 5, 'IntervalInSeconds': 300}");
        await().atMost(SOON.toSeconds(), TimeUnit.SECONDS)
                .untilAsserted(
                        () -> assertThat(landed("kinesis-test")).containsExactly("from boto3"));
    }

    private void create(String name, String bucketArn, String roleArn) {
        client.createDeliveryStream(
                c ->
                        c.deliveryStreamName(name)
                                .extendedS3DestinationConfiguration(
                                        d -> d.roleARN(roleArn).bucketARN(bucketArn)));
    }

    private void put(String name, String text) {
        client.putRecord(
                p -> p.deliveryStreamName(name).record(r -> r.data(SdkBytes.fromUtf8String(text))));
    }

    /** Texts of the objects in a bucket. */
    private List<String> landed(String bucket) throws IOException {
        Path root = folder.resolve("lake").resolve(bucket);
        if (!Files.exists(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).map(TestingModeTest::text).toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(service.adminUri().resolve(path)).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}

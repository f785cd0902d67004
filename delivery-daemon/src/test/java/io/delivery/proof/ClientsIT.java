package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.testkit.servers.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamDescription;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamStatus;
import software.amazon.awssdk.services.firehose.model.FirehoseException;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchResponse;
import software.amazon.awssdk.services.firehose.model.Record;
import software.amazon.awssdk.services.firehose.model.ResourceNotFoundException;

/** Clients as people have them, unchanged but for endpoint and credentials, and what they land. */
class ClientsIT {
    @TempDir private Path folder;
    private DaemonProcess daemon;

    @BeforeEach
    void start() throws IOException {
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
                        encryption:
                          keys:
                            - {id: k1, key: QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=}
                        streams:
                          notes:
                            buffer: {size: 5MB, interval: 900s}
                            format: {raw: {delimiter: lines}}
                            destination: {bucket: notes}
                          other:
                            format: {raw: {delimiter: none}}
                            destination: {bucket: other}
                        """);
        daemon = Daemons.start(config);
    }

    @AfterEach
    void end() {
        daemon.close();
    }

    // --- AWS SDK for Java 2 ---

    private FirehoseClient sdk(String accessKeyId, String secret) {
        return FirehoseClient.builder()
                .endpointOverride(daemon.api())
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(accessKeyId, secret)))
                .build();
    }

    @Test
    void the_sdk_for_java_puts_describes_and_lists() throws Exception {
        List<Record> records =
                IntStream.range(0, 500)
                        .mapToObj(i -> "line %03d".formatted(i))
                        .map(line -> Record.builder().data(SdkBytes.fromUtf8String(line)).build())
                        .toList();

        try (FirehoseClient firehose = sdk("known", "right-secret")) {
            PutRecordBatchResponse answer =
                    firehose.putRecordBatch(r -> r.deliveryStreamName("notes").records(records));
            String id =
                    firehose.putRecord(
                                    r ->
                                            r.deliveryStreamName("notes")
                                                    .record(
                                                            d ->
                                                                    d.data(
                                                                            SdkBytes.fromUtf8String(
                                                                                    "one more"))))
                            .recordId();
            DeliveryStreamDescription described =
                    firehose.describeDeliveryStream(r -> r.deliveryStreamName("notes"))
                            .deliveryStreamDescription();

            assertThat(answer.failedPutCount()).isZero();
            assertThat(answer.requestResponses()).hasSize(500);
            assertThat(id).isNotEmpty();
            assertThat(described.deliveryStreamStatus()).isEqualTo(DeliveryStreamStatus.ACTIVE);
            assertThat(
                            described
                                    .destinations()
                                    .get(0)
                                    .extendedS3DestinationDescription()
                                    .bucketARN())
                    .isEqualTo("arn:aws:s3:::notes");
            assertThat(firehose.listDeliveryStreams().deliveryStreamNames())
                    .containsExactly("notes", "other");
        }
        List<String> expected = new ArrayList<>();
        records.forEach(record -> expected.add(record.data().asUtf8String()));
        expected.add("one more");
        assertThat(landed()).isEqualTo(expected);
    }

    @Test
    void the_sdk_for_java_throws_its_own_exceptions() {
        try (FirehoseClient wrong = sdk("known", "wrong-secret")) {
            assertThatThrownBy(() -> put(wrong, "notes"))
                    .isInstanceOfSatisfying(
                            FirehoseException.class,
                            e -> {
                                assertThat(e.statusCode()).isEqualTo(403);
                                assertThat(e.awsErrorDetails().errorCode())
                                        .isEqualTo("InvalidSignatureException");
                            });
        }
        try (FirehoseClient unknown = sdk("unknown", "right-secret")) {
            assertThatThrownBy(() -> put(unknown, "notes"))
                    .isInstanceOf(FirehoseException.class)
                    .hasMessageContaining("security token");
        }
        try (FirehoseClient reader = sdk("reader", "right-secret")) {
            assertThat(reader.listDeliveryStreams().deliveryStreamNames()).isNotEmpty();
            assertThatThrownBy(() -> put(reader, "notes"))
                    .isInstanceOfSatisfying(
                            FirehoseException.class,
                            e ->
                                    assertThat(e.awsErrorDetails().errorCode())
                                            .isEqualTo("AccessDeniedException"));
        }
        try (FirehoseClient known = sdk("known", "right-secret")) {
            assertThatThrownBy(() -> put(known, "nowhere"))
                    .isInstanceOf(ResourceNotFoundException.class);
        }
    }

    private static void put(FirehoseClient firehose, String stream) {
        firehose.putRecord(
                r ->
                        r.deliveryStreamName(stream)
                                .record(d -> d.data(SdkBytes.fromUtf8String("x"))));
    }

    // --- AWS CLI ---

    @Test
    void the_aws_cli_puts_describes_and_lists() throws Exception {
        Path cli = client("aws");
        Output put =
                aws(
                        cli,
                        "right-secret",
                        "put-record --delivery-stream-name notes --record Data=hello");
        Output batch =
                aws(
                        cli,
                        "right-secret",
                        "put-record-batch --delivery-stream-name notes --records [{\"Data\":\"a\"},{\"Data\":\"b\"}]");
        Output described =
                aws(cli, "right-secret", "describe-delivery-stream --delivery-stream-name notes");
        Output listed = aws(cli, "right-secret", "list-delivery-streams");
        Output refused =
                aws(cli, "wrong", "put-record --delivery-stream-name notes --record Data=c");

        assertThat(put.text()).contains("RecordId");
        assertThat(batch.text()).contains("\"FailedPutCount\": 0");
        assertThat(described.text()).contains("\"ACTIVE\"", "arn:aws:s3:::notes");
        assertThat(listed.text()).contains("notes", "other");
        assertThat(List.of(put, batch, described, listed)).allMatch(o -> o.status() == 0);
        assertThat(refused.status()).isNotZero();
        assertThat(refused.text()).contains("InvalidSignatureException");
        assertThat(landed()).containsExactly("hello", "a", "b");
    }

    private Output aws(Path cli, String secret, String arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(cli.toString());
        command.addAll(List.of("--endpoint-url", daemon.api().toString(), "--output", "json"));
        command.add("firehose");
        command.addAll(Arrays.asList(arguments.split(" ")));
        return run(command, secret);
    }

    // --- boto3 ---

    @Test
    void boto3_puts_and_raises_its_own_exceptions() throws Exception {
        Path python = client("python");
        Path script =
                Files.writeString(
                        folder.resolve("put.py"),
                        """
                        import boto3, sys, time
                        from botocore.exceptions import ClientError
                        firehose = boto3.client('firehose', endpoint_url=sys.argv[1])
                        answer = firehose.put_record_batch(
                            DeliveryStreamName='notes',
                            Records=[{'Data': b'line %03d' % i} for i in range(500)])
                        assert answer['FailedPutCount'] == 0 and not answer['Encrypted']
                        assert len({r['RecordId'] for r in answer['RequestResponses']}) == 500
                        firehose.put_record(DeliveryStreamName='notes',
                                            Record={'Data': 'ä'.encode()})
                        firehose.put_record_batch(
                            DeliveryStreamName='other',
                            Records=[{'Data': bytes(range(256))}, {'Data': b''}] * 250)
                        print(firehose.list_delivery_streams()['DeliveryStreamNames'])
                        print(firehose.describe_delivery_stream(DeliveryStreamName='notes')[
                            'DeliveryStreamDescription']['DeliveryStreamStatus'])
                        created = firehose.describe_delivery_stream(DeliveryStreamName='notes')[
                            'DeliveryStreamDescription']['CreateTimestamp'].timestamp()
                        assert abs(time.time() - created) < 600
                        try:
                            firehose.put_record(DeliveryStreamName='nowhere', Record={'Data': b'x'})
                        except firehose.exceptions.ResourceNotFoundException as e:
                            print('not found:', e)
                        wrong = boto3.client('firehose', endpoint_url=sys.argv[1],
                                             aws_secret_access_key='wrong',
                                             aws_access_key_id='known')
                        try:
                            wrong.put_record(DeliveryStreamName='notes', Record={'Data': b'x'})
                        except ClientError as e:
                            print('refused:', e.response['Error']['Code'])
                        """);

        Output output =
                run(
                        List.of(python.toString(), script.toString(), daemon.api().toString()),
                        "right-secret");

        assertThat(output.status()).as(output.text()).isZero();
        assertThat(output.text())
                .contains("['notes', 'other']")
                .contains("ACTIVE")
                .contains("not found: An error occurred (ResourceNotFoundException)")
                .contains("Firehose nowhere under account 000000000000 not found.")
                .contains("refused: InvalidSignatureException");
        assertThat(landed()).hasSize(501).startsWith("line 000").endsWith("ä");
        daemon.flush("other");
        assertThat(daemon.books("other", 0).path("landed").asInt()).isEqualTo(500);
        assertThat(bytesOf("other")).hasSize(250 * 256).startsWith(0, 1, 2).endsWith(254, 255);
    }

    @Test
    void boto3_creates_changes_tags_and_deletes() throws Exception {
        Path python = client("python");
        Path script =
                Files.writeString(
                        folder.resolve("control.py"),
                        """
                        import boto3, sys, time
                        firehose = boto3.client('firehose', endpoint_url=sys.argv[1])
                        role = 'arn:aws:iam::123456789012:role/firehose'
                        arn = firehose.create_delivery_stream(
                            DeliveryStreamName='made',
                            ExtendedS3DestinationConfiguration={
                                'RoleARN': role, 'BucketARN': 'arn:aws:s3:::made',
                                'Prefix': 'raw/', 'CompressionFormat': 'GZIP'},
                            Tags=[{'Key': 'team', 'Value': 'a'}])['DeliveryStreamARN']
                        print(arn)
                        firehose.put_record(DeliveryStreamName='made', Record={'Data': b'one'})
                        firehose.tag_delivery_stream(DeliveryStreamName='made',
                                                     Tags=[{'Key': 'zone', 'Value': '1'}])
                        firehose.update_destination(
                            DeliveryStreamName='made', CurrentDeliveryStreamVersionId='1',
                            DestinationId='destinationId-000000000001',
                            ExtendedS3DestinationUpdate={'Prefix': 'new/'})
                        described = firehose.describe_delivery_stream(
                            DeliveryStreamName='made')['DeliveryStreamDescription']
                        print('version', described['VersionId'], described['Destinations'][0][
                            'ExtendedS3DestinationDescription']['Prefix'])
                        print(firehose.list_tags_for_delivery_stream(
                            DeliveryStreamName='made')['Tags'])
                        try:
                            firehose.create_delivery_stream(
                                DeliveryStreamName='made',
                                S3DestinationConfiguration={
                                    'RoleARN': role, 'BucketARN': 'arn:aws:s3:::made'})
                        except firehose.exceptions.ResourceInUseException as e:
                            print('in use:', e)
                        def encryption():
                            return firehose.describe_delivery_stream(DeliveryStreamName='made')[
                                'DeliveryStreamDescription'][
                                'DeliveryStreamEncryptionConfiguration']
                        def until(status):
                            end = time.time() + 30
                            while encryption()['Status'] != status:
                                assert time.time() < end
                        firehose.start_delivery_stream_encryption(
                            DeliveryStreamName='made',
                            DeliveryStreamEncryptionConfigurationInput={
                                'KeyType': 'CUSTOMER_MANAGED_CMK',
                                'KeyARN': 'arn:aws:kms:us-east-1:123456789012:key/k1'})
                        until('ENABLED')
                        print('encryption', encryption()['KeyType'], firehose.put_record(
                            DeliveryStreamName='made', Record={'Data': b'two'})['Encrypted'])
                        firehose.stop_delivery_stream_encryption(DeliveryStreamName='made')
                        until('DISABLED')
                        print('encryption', encryption(), firehose.put_record(
                            DeliveryStreamName='made', Record={'Data': b'three'})['Encrypted'])
                        firehose.delete_delivery_stream(DeliveryStreamName='made')
                        end = time.time() + 30
                        while 'made' in firehose.list_delivery_streams()['DeliveryStreamNames']:
                            assert time.time() < end
                        print('gone')
                        """);

        Output output =
                run(
                        List.of(python.toString(), script.toString(), daemon.api().toString()),
                        "right-secret");

        assertThat(output.status()).as(output.text()).isZero();
        assertThat(output.text())
                .contains("arn:aws:firehose:us-east-1:000000000000:deliverystream/made")
                .contains("version 2 new/")
                .contains("[{'Key': 'team', 'Value': 'a'}, {'Key': 'zone', 'Value': '1'}]")
                .contains("encryption CUSTOMER_MANAGED_CMK True")
                .contains("encryption {'Status': 'DISABLED'} False")
                .contains("in use: An error occurred (ResourceInUseException)")
                .contains("gone");
    }

    // --- what they have in common ---

    private static Path client(String name) {
        for (String room : List.of("clients", "aws")) {
            Path tool = Tools.executable(room + "/bin/" + name);
            if (Files.isExecutable(tool)) {
                return tool;
            }
        }
        assumeTrue(
                false,
                () -> name + ": " + Tools.missing("clients", "clients/bin/" + name).orElse(""));
        throw new IllegalStateException();
    }

    private record Output(int status, String text) {}

    private Output run(List<String> command, String secret) throws Exception {
        Path said = folder.resolve("said");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("AWS_"));
        environment.put("AWS_ACCESS_KEY_ID", "known");
        environment.put("AWS_SECRET_ACCESS_KEY", secret);
        environment.put("AWS_DEFAULT_REGION", "us-east-1");
        environment.put("AWS_EC2_METADATA_DISABLED", "true");
        // Version 2 would take Data for base64 otherwise, version 1 never does.
        Path config = folder.resolve("aws-config");
        Files.writeString(config, "[default]\ncli_binary_format = raw-in-base64-out\n");
        environment.put("AWS_CONFIG_FILE", config.toString());
        environment.put("AWS_SHARED_CREDENTIALS_FILE", folder.resolve("none").toString());
        environment.put("NO_PROXY", "127.0.0.1");
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Output(process.exitValue(), Files.readString(said, StandardCharsets.UTF_8));
    }

    /** All bytes of the only object that has landed in a bucket. */
    private byte[] bytesOf(String bucket) throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("lake").resolve(bucket))) {
            List<Path> files = all.filter(Files::isRegularFile).toList();
            assertThat(files).hasSize(1);
            return Files.readAllBytes(files.get(0));
        }
    }

    /** All lines that have landed, in the order of the log. */
    private List<String> landed() throws Exception {
        daemon.flush("notes");
        List<String> lines = new ArrayList<>();
        try (Stream<Path> all = Files.walk(folder.resolve("lake").resolve("notes"))) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }
}

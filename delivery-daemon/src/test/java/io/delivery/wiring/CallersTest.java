package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;

import io.delivery.api.model.ServiceModel;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.FirehoseException;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchResponse;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchResponseEntry;
import software.amazon.awssdk.services.firehose.model.Record;
import software.amazon.awssdk.services.firehose.model.Tag;

/** Callers of a whole service with the SDK of AWS: what they may do, and how much of it. */
@Execution(ExecutionMode.CONCURRENT)
class CallersTest {
    private static final String ROLE = "arn:aws:iam::000000000000:role/firehose";
    private static final AwsCredentials ADMIN = AwsBasicCredentials.create("admin", "secret");
    private static final AwsCredentials READER = AwsBasicCredentials.create("reader", "secret");
    private static final AwsCredentials TEAM = AwsBasicCredentials.create("team", "secret");
    private static final AwsCredentials WRITER = AwsBasicCredentials.create("writer", "secret");

    private static final String CALLERS =
            """
            - {accessKeyId: admin, secretAccessKey: secret}
            - accessKeyId: team
              secretAccessKey: secret
              allow: {actions: ['firehose:*'], streams: [team-*]}
            - {accessKeyId: reader, secretAccessKey: secret, allow: {actions: [ListDeliveryStreams]}}
            - {accessKeyId: writer, secretAccessKey: secret, allow: {actions: [Put*]}}
            - {accessKeyId: guest, secretAccessKey: secret, sessionToken: token/1==}
            """;

    private static final String CONFIG =
            """
            server:
              api: 127.0.0.1:0
              admin: 127.0.0.1:0
              credentialsFile: callers.yaml
              adminTokenFile: admin.token
              shutdown: {land: false}
            dataDir: data
            limits: {memory: 128MB}
            stores: {lake: {directory: lake}}
            quotas: [{match: limited, records: 3/s}, {match: busy, requests: 1/s}]
            streams:
              fixed: {destination: {bucket: b}}
              team-a: {destination: {bucket: b}}
              limited: {destination: {bucket: b}}
              busy: {destination: {bucket: b}}
            """;

    @TempDir Path folder;
    private Service service;

    @BeforeEach
    void start() throws Exception {
        Files.writeString(folder.resolve("callers.yaml"), CALLERS);
        Files.writeString(folder.resolve("admin.token"), "t0ken\n");
        Path file = Files.writeString(folder.resolve("delivery.yaml"), CONFIG);
        ConfigFile config = new ConfigFile(new ConfigLoader(Map.of(), Programs.OURS), file);
        var loaded = config.read();
        service = Service.start(loaded, config.kept(loaded));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    // --- rights ---

    /** A call of one operation, about the stream that everybody asks for. */
    private record Operation(String name, Consumer<FirehoseClient> call) {}

    private static Stream<Operation> operations() {
        return Stream.of(
                operation(
                        "CreateDeliveryStream",
                        c ->
                                c.createDeliveryStream(
                                        r ->
                                                r.deliveryStreamName("fixed")
                                                        .extendedS3DestinationConfiguration(
                                                                d ->
                                                                        d.roleARN(ROLE)
                                                                                .bucketARN(
                                                                                        "arn:aws:s3:::b")))),
                operation(
                        "DeleteDeliveryStream",
                        c -> c.deleteDeliveryStream(r -> r.deliveryStreamName("fixed"))),
                operation(
                        "DescribeDeliveryStream",
                        c -> c.describeDeliveryStream(r -> r.deliveryStreamName("fixed"))),
                operation(
                        "ListTagsForDeliveryStream",
                        c -> c.listTagsForDeliveryStream(r -> r.deliveryStreamName("fixed"))),
                operation(
                        "PutRecord",
                        c -> c.putRecord(r -> r.deliveryStreamName("fixed").record(record("x")))),
                operation(
                        "PutRecordBatch",
                        c ->
                                c.putRecordBatch(
                                        r -> r.deliveryStreamName("fixed").records(record("x")))),
                operation(
                        "StartDeliveryStreamEncryption",
                        c -> c.startDeliveryStreamEncryption(r -> r.deliveryStreamName("fixed"))),
                operation(
                        "StopDeliveryStreamEncryption",
                        c -> c.stopDeliveryStreamEncryption(r -> r.deliveryStreamName("fixed"))),
                operation(
                        "TagDeliveryStream",
                        c ->
                                c.tagDeliveryStream(
                                        r ->
                                                r.deliveryStreamName("fixed")
                                                        .tags(
                                                                Tag.builder()
                                                                        .key("k")
                                                                        .value("v")
                                                                        .build()))),
                operation(
                        "UntagDeliveryStream",
                        c ->
                                c.untagDeliveryStream(
                                        r -> r.deliveryStreamName("fixed").tagKeys("k"))),
                operation(
                        "UpdateDestination",
                        c ->
                                c.updateDestination(
                                        r ->
                                                r.deliveryStreamName("fixed")
                                                        .currentDeliveryStreamVersionId("1")
                                                        .destinationId("destinationId-000000000001")
                                                        .extendedS3DestinationUpdate(
                                                                u -> u.prefix("p/")))));
    }

    @Test
    void the_rights_of_every_operation_are_looked_at() {
        assertThat(operations().map(Operation::name))
                .as("ListDeliveryStreams is about no stream")
                .containsExactlyInAnyOrderElementsOf(
                        ServiceModel.firehose().operations().stream()
                                .filter(name -> !name.equals("ListDeliveryStreams"))
                                .toList());
    }

    private static Operation operation(String name, Consumer<FirehoseClient> call) {
        return new Operation(name, call);
    }

    @Test
    void no_operation_reaches_a_stream_that_its_caller_may_not_use() {
        assertDenied(TEAM, "fixed", operations());
    }

    @Test
    void an_operation_that_its_caller_may_use_on_no_stream_is_denied_with_the_arn_of_the_stream() {
        assertDenied(READER, "fixed", operations());
    }

    @Test
    void whoever_may_not_list_is_denied_all_streams() {
        assertDenied(
                WRITER,
                "*",
                Stream.of(operation("ListDeliveryStreams", FirehoseClient::listDeliveryStreams)));
    }

    /** All of them, and which of them are not. */
    private void assertDenied(AwsCredentials caller, String stream, Stream<Operation> operations) {
        try (FirehoseClient client = client(caller)) {
            assertAll(
                    operations.map(
                            operation -> () -> assertDenied(client, caller, stream, operation)));
        }
    }

    private static void assertDenied(
            FirehoseClient client, AwsCredentials caller, String stream, Operation operation) {
        FirehoseException refused =
                catchThrowableOfType(
                        FirehoseException.class, () -> operation.call().accept(client));

        assertThat(refused).as(operation.name()).isNotNull();
        assertThat(refused.statusCode()).as(operation.name()).isEqualTo(403);
        assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("AccessDeniedException");
        assertThat(refused.awsErrorDetails().errorMessage())
                .isEqualTo(
                        "User: arn:aws:iam::000000000000:user/%s is not authorized to perform: firehose:%s on resource: arn:aws:firehose:us-east-1:000000000000:deliverystream/%s",
                        caller.accessKeyId(), operation.name(), stream);
    }

    @Test
    void whoever_may_list_sees_the_names_of_all_streams_as_in_AWS() {
        try (FirehoseClient team = client(TEAM)) {
            assertThat(team.listDeliveryStreams().deliveryStreamNames())
                    .containsExactly("busy", "fixed", "limited", "team-a");
            assertThatCode(() -> put(team, "team-a", "mine")).doesNotThrowAnyException();
        }
    }

    // --- session tokens ---

    @Test
    void the_SDK_calls_with_temporary_credentials() {
        try (FirehoseClient guest =
                client(AwsSessionCredentials.create("guest", "secret", "token/1=="))) {
            assertThatCode(() -> put(guest, "fixed", "x")).doesNotThrowAnyException();
        }
        for (AwsCredentials wrong :
                List.of(
                        AwsBasicCredentials.create("guest", "secret"),
                        AwsSessionCredentials.create("guest", "secret", "token/2=="),
                        AwsSessionCredentials.create("admin", "secret", "token/1=="))) {
            try (FirehoseClient client = client(wrong)) {
                assertRefused(() -> put(client, "fixed", "x"), "UnrecognizedClientException");
            }
        }
    }

    @Test
    void put_sends_the_session_token_of_the_environment_and_of_the_file_of_callers()
            throws Exception {
        ProgramRun byEnvironment =
                ProgramRun.given(
                        Map.of(
                                "AWS_ACCESS_KEY_ID", "guest",
                                "AWS_SECRET_ACCESS_KEY", "secret",
                                "AWS_SESSION_TOKEN", "token/1=="),
                        "a line\n",
                        "put",
                        "--endpoint",
                        service.apiUri().toString(),
                        "--stream",
                        "fixed");
        Files.writeString(
                folder.resolve("others.yaml"),
                """
                - {accessKeyId: reader, secretAccessKey: s, allow: {actions: ['List*']}}
                - {accessKeyId: guest, secretAccessKey: secret, sessionToken: token/1==}
                """);
        Path other =
                Files.writeString(
                        folder.resolve("other.yaml"),
                        CONFIG.replace("callers.yaml", "others.yaml"));
        ProgramRun byFile =
                ProgramRun.given(
                        Map.of(),
                        "a line\n",
                        "put",
                        "--config",
                        other.toString(),
                        "--endpoint",
                        service.apiUri().toString(),
                        "--stream",
                        "fixed");

        assertThat(byEnvironment.err()).isEmpty();
        assertThat(byEnvironment.exitCode()).isZero();
        assertThat(byFile.err()).isEmpty();
        assertThat(byFile.exitCode()).isZero();
    }

    // --- files that change ---

    @Test
    void callers_come_and_go_with_their_file_and_without_a_restart() throws Exception {
        try (FirehoseClient old = client(ADMIN);
                FirehoseClient next = client(AwsBasicCredentials.create("next", "other"))) {
            put(old, "fixed", "x");
            assertRefused(() -> put(next, "fixed", "x"), "UnrecognizedClientException");

            callers("- {accessKeyId: next, secretAccessKey: other}\n" + CALLERS);
            await().atMost(20, TimeUnit.SECONDS)
                    .ignoreExceptions()
                    .untilAsserted(() -> put(next, "fixed", "both may put"));
            put(old, "fixed", "both may put");

            callers("- {accessKeyId: next, secretAccessKey: other}\n");
            await().atMost(20, TimeUnit.SECONDS)
                    .untilAsserted(
                            () ->
                                    assertRefused(
                                            () -> put(old, "fixed", "x"),
                                            "UnrecognizedClientException"));
            put(next, "fixed", "one may");
        }
    }

    /** Text of a file of callers, and what is told of it. */
    private record Broken(String text, String reason) {}

    @Test
    void a_file_of_callers_that_is_broken_changes_nothing_and_is_told() throws Exception {
        try (FirehoseClient admin = client(ADMIN)) {
            for (Broken broken :
                    List.of(
                            new Broken("", "is empty"),
                            new Broken("[]\n", "must list at least one caller"),
                            new Broken(
                                    "- {accessKeyId: admin, secretAccessKey: }\n",
                                    "secretAccessKey: must be a text"),
                            new Broken(
                                    "- {accessKeyId: admin, secretAccessKey: !s3cr3t-8}\n",
                                    "is not YAML: look for"),
                            new Broken(
                                    "- {accessKeyId: admin, secretAccessKey: *s3cr3t-8}\n",
                                    "undefined alias"),
                            new Broken(
                                    "- {accessKeyId: admin, secretAccessKey: '${file:s3cr3t-8}'}\n",
                                    "must not name a file"),
                            new Broken(
                                    "- {accessKeyId: admin, secretAccessKey: s3cr3t-8, allow: {actions: [PutRecrd]}}\n",
                                    "allow.actions"))) {
                callers(broken.text());
                await().atMost(20, TimeUnit.SECONDS)
                        .untilAsserted(
                                () ->
                                        assertThat(service.troubles())
                                                .singleElement()
                                                .asString()
                                                .contains(broken.reason()));

                assertThat(service.troubles().get(0))
                        .startsWith("server.credentialsFile: changed files are not in force")
                        .contains(folder.resolve("callers.yaml").toString())
                        .doesNotContain("s3cr3t-8");
                put(admin, "fixed", "still known");
            }
            callers(CALLERS);
            await().atMost(20, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(service.troubles()).isEmpty());
        }
    }

    @Test
    void files_that_are_watched_and_broken_do_not_hold_up_a_reload_of_the_rest() throws Exception {
        Path file = folder.resolve("delivery.yaml");
        ConfigFile config = new ConfigFile(new ConfigLoader(Map.of(), Programs.OURS), file);
        callers("- {accessKeyId: admin, secretAccessKey: }\n");
        Files.delete(folder.resolve("admin.token"));
        Files.writeString(file, CONFIG.replace("records: 3/s", "records: 9/s"));

        assertThat(catchThrowableOfType(InvalidConfigException.class, config::read)).isNotNull();
        var next = config.readAgain(service.config());
        service.reload(next, config.kept(next)).toCompletableFuture().get(20, TimeUnit.SECONDS);

        try (FirehoseClient admin = client(ADMIN)) {
            List<Record> records = IntStream.range(0, 10).mapToObj(i -> record("r" + i)).toList();
            assertThat(
                            admin.putRecordBatch(
                                            r -> r.deliveryStreamName("limited").records(records))
                                    .failedPutCount())
                    .isEqualTo(1);
        }
        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(service.troubles()).hasSize(2));
    }

    private void callers(String text) throws IOException {
        Path written = Files.writeString(folder.resolve("callers.new"), text);
        Files.move(written, folder.resolve("callers.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void the_admin_token_changes_with_its_file() throws Exception {
        assertThat(flush("t0ken")).isEqualTo(200);
        assertThat(flush("next")).isEqualTo(403);

        Files.writeString(folder.resolve("admin.token"), "next");

        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(flush("next")).isEqualTo(200));
        assertThat(flush("t0ken")).isEqualTo(403);
    }

    private int flush(String token) throws Exception {
        var request =
                HttpRequest.newBuilder(service.adminUri().resolve("/flush"))
                        .header("Authorization", "Bearer " + token)
                        .timeout(Duration.ofSeconds(20))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    // --- quotas ---

    @Test
    void records_beyond_a_quota_hear_slow_down_one_by_one() {
        try (FirehoseClient admin = client(ADMIN)) {
            List<Record> records = IntStream.range(0, 10).mapToObj(i -> record("r" + i)).toList();

            PutRecordBatchResponse answer =
                    admin.putRecordBatch(r -> r.deliveryStreamName("limited").records(records));

            assertThat(answer.failedPutCount()).isEqualTo(7);
            assertThat(answer.requestResponses().subList(0, 3))
                    .allMatch(entry -> entry.recordId() != null && entry.errorCode() == null);
            assertThat(answer.requestResponses().subList(3, 10))
                    .allMatch(entry -> entry.recordId() == null)
                    .extracting(PutRecordBatchResponseEntry::errorCode)
                    .containsOnly("ServiceUnavailableException");
            assertThat(answer.requestResponses().get(9).errorMessage()).isEqualTo("Slow down.");
            await().atMost(20, TimeUnit.SECONDS).until(() -> accepted("limited") == 3);
        }
    }

    @Test
    void a_call_of_which_nothing_passes_and_one_beyond_the_requests_are_refused_as_a_whole() {
        try (FirehoseClient admin = client(ADMIN)) {
            put(admin, "busy", "first");
            FirehoseException refused =
                    catchThrowableOfType(
                            FirehoseException.class,
                            () -> IntStream.range(0, 50).forEach(i -> put(admin, "busy", "more")));

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.awsErrorDetails().errorCode())
                    .isEqualTo("ServiceUnavailableException");
            assertThat(refused.awsErrorDetails().errorMessage()).isEqualTo("Slow down.");
        }
    }

    @Test
    void a_reload_changes_a_quota_and_neither_a_version_nor_a_lane() throws Exception {
        try (FirehoseClient admin = client(ADMIN)) {
            List<Record> records = IntStream.range(0, 10).mapToObj(i -> record("r" + i)).toList();
            var before = service.status();

            Files.writeString(
                    folder.resolve("delivery.yaml"),
                    CONFIG.replace("records: 3/s", "records: 9/s"));
            ConfigFile config =
                    new ConfigFile(
                            new ConfigLoader(Map.of(), Programs.OURS),
                            folder.resolve("delivery.yaml"));
            var loaded = config.read();
            service.reload(loaded, config.kept(loaded))
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);

            assertThat(
                            admin.putRecordBatch(
                                            r -> r.deliveryStreamName("limited").records(records))
                                    .failedPutCount())
                    .isEqualTo(1);
            assertThat(service.status())
                    .extracting(status -> status.name() + status.version() + status.lanes().size())
                    .containsExactlyElementsOf(
                            before.stream()
                                    .map(s -> s.name() + s.version() + s.lanes().size())
                                    .toList());
        }
    }

    private long accepted(String stream) {
        return service.status().stream()
                .filter(status -> status.name().equals(stream))
                .mapToLong(status -> status.lanes().get(0).books().accepted())
                .sum();
    }

    // --- clients ---

    private FirehoseClient client(AwsCredentials credentials) {
        return FirehoseClient.builder()
                .endpointOverride(service.apiUri())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(1)))
                .build();
    }

    private static Record record(String text) {
        return Record.builder().data(SdkBytes.fromUtf8String(text)).build();
    }

    private static void put(FirehoseClient client, String stream, String text) {
        client.putRecord(r -> r.deliveryStreamName(stream).record(record(text)));
    }

    private static void assertRefused(Runnable call, String code) {
        FirehoseException refused = catchThrowableOfType(FirehoseException.class, call::run);
        assertThat(refused).as("refused with %s", code).isNotNull();
        assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
    }
}

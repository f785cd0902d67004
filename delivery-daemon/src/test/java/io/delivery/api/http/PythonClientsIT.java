package io.delivery.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.api.FakeStream;
import io.delivery.api.TestClock;
import io.delivery.api.signing.Credential;
import io.delivery.api.signing.SignatureVerifier;
import io.delivery.metrics.Metrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The AWS CLI and boto3, unchanged but for endpoint and credentials. */
class PythonClientsIT {
    private final FakeStream clicks = new FakeStream("clicks");
    private ApiServer server;

    @TempDir Path folder;

    @BeforeEach
    void start() throws IOException {
        server =
                new ApiServer(
                        new ApiSettings(
                                "127.0.0.1", 0, Optional.empty(), "us-east-1", "000000000000"),
                        FakeStream.among(clicks),
                        new SignatureVerifier(
                                List.of(new Credential("known", "secret")),
                                "us-east-1",
                                "000000000000",
                                TestClock.real()),
                        TestClock.real(),
                        Metrics.NONE);
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void the_aws_cli_puts_describes_and_lists() throws Exception {
        Output put =
                aws(
                        "secret",
                        "put-record",
                        "--delivery-stream-name",
                        "clicks",
                        "--record",
                        "Data=hello");
        Output batch =
                aws(
                        "secret",
                        "put-record-batch",
                        "--delivery-stream-name",
                        "clicks",
                        "--records",
                        "[{\"Data\":\"a\"},{\"Data\":\"b\"}]");
        Output described =
                aws("secret", "describe-delivery-stream", "--delivery-stream-name", "clicks");
        Output listed = aws("secret", "list-delivery-streams");
        Output refused =
                aws(
                        "wrong",
                        "put-record",
                        "--delivery-stream-name",
                        "clicks",
                        "--record",
                        "Data=a");

        assertThat(put.text).contains("\"RecordId\"");
        assertThat(put.status).isZero();
        assertThat(batch.text).contains("\"FailedPutCount\": 0");
        assertThat(described.text).contains("\"DeliveryStreamStatus\": \"ACTIVE\"");
        assertThat(listed.text).contains("\"clicks\"");
        assertThat(refused.status).isNotZero();
        assertThat(refused.text).contains("InvalidSignatureException");
        assertThat(clicks.texts()).containsExactly("hello", "a", "b");
    }

    @Test
    void boto3_puts_bytes_and_understands_errors() throws Exception {
        Path script = folder.resolve("put.py");
        Files.writeString(
                script,
                """
                import boto3, sys
                from botocore.config import Config
                firehose = boto3.client('firehose', endpoint_url=sys.argv[1],
                                        config=Config(retries={'max_attempts': 1}))
                data = bytes(range(256))
                answer = firehose.put_record_batch(
                    DeliveryStreamName='clicks', Records=[{'Data': data}] * 500)
                assert answer['FailedPutCount'] == 0 and len(answer['RequestResponses']) == 500
                assert not answer['Encrypted']
                assert firehose.put_record(DeliveryStreamName='clicks',
                                           Record={'Data': b''})['RecordId']
                try:
                    firehose.put_record(DeliveryStreamName='no', Record={'Data': b'x'})
                except firehose.exceptions.ResourceNotFoundException as e:
                    print(e)
                created = firehose.describe_delivery_stream(DeliveryStreamName='clicks')[
                    'DeliveryStreamDescription']['CreateTimestamp']
                print(created.timestamp())
                """);

        Output output =
                run("secret", List.of(tool("python"), script.toString(), server.uri().toString()));

        assertThat(output.text).contains("Firehose no under account 000000000000 not found.");
        assertThat(output.text).contains("1700000000.123");
        assertThat(output.status).isZero();
        assertThat(clicks.calls()).hasSize(2);
        assertThat(clicks.calls().get(0)).hasSize(500);
        assertThat(clicks.calls().get(0).get(499)).hasSize(256).startsWith(0, 1, 2).endsWith(255);
        assertThat(clicks.calls().get(1).get(0)).isEmpty();
    }

    private Output aws(String secret, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                tool("aws"),
                                "--endpoint-url",
                                server.uri().toString(),
                                "--output",
                                "json",
                                "firehose"));
        command.addAll(List.of(arguments));
        return run(secret, command);
    }

    private static String tool(String name) {
        String tools =
                Optional.ofNullable(System.getenv("DELIVERY_TOOLS"))
                        .orElse(System.getProperty("user.home") + "/.cache/delivery-tools");
        Path tool = Path.of(tools, "aws", "bin", name);
        assumeTrue(
                Files.isExecutable(tool),
                "No "
                        + tool
                        + ": python3 -m venv, pip install awscli boto3, or set DELIVERY_TOOLS");
        return tool.toString();
    }

    private Output run(String secret, List<String> command) throws Exception {
        ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
        Map<String, String> environment = process.environment();
        environment.keySet().removeIf(name -> name.startsWith("AWS_"));
        environment.put("AWS_ACCESS_KEY_ID", "known");
        environment.put("AWS_SECRET_ACCESS_KEY", secret);
        environment.put("AWS_DEFAULT_REGION", "us-east-1");
        environment.put("AWS_EC2_METADATA_DISABLED", "true");
        // Version 2 would take Data for base64 otherwise, version 1 never does.
        Path config = folder.resolve("config");
        Files.writeString(config, "[default]\ncli_binary_format = raw-in-base64-out\n");
        environment.put("AWS_CONFIG_FILE", config.toString());
        environment.put("AWS_SHARED_CREDENTIALS_FILE", folder.resolve("none").toString());
        environment.put("NO_PROXY", "127.0.0.1");
        Process running = process.start();
        String text = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Output(running.exitValue(), text);
    }

    private record Output(int status, String text) {}
}

package io.delivery.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.proof.DaemonProcess;
import io.delivery.proof.Notes;
import io.delivery.testkit.JavaSources;
import io.delivery.testkit.servers.Conformance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The AWS SDK for Java 1 as Kinesis Agent uses it, in a process of its own. The agent itself is not
 * published as a library: {@code clients/kinesis-agent/AgentSender.java} does what it does, and
 * says where that is written. Its settings are those of docs/clients.md.
 */
@Timeout(2400)
class KinesisAgentIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Without it this SDK cannot read errors since JDK 17, whoever answers
     * (github.com/aws/aws-sdk-java/issues/2754).
     */
    private static final String OPENED = "--add-opens=java.base/java.lang=ALL-UNNAMED";

    @TempDir private Path folder;
    private DaemonProcess daemon;
    private Path libraries;

    @BeforeEach
    void start() throws IOException {
        Conformance.assumeWanted();
        libraries = ClientProgram.tool("aws-sdk-java-1", "aws-sdk-java-1/lib");
        daemon = NotesService.start(folder);
    }

    @AfterEach
    void end() {
        if (daemon != null) {
            daemon.close();
        }
    }

    @Test
    void the_bytes_of_a_file_land_as_they_are() throws Exception {
        List<String> lines = new ArrayList<>(Notes.lines(0, 1_200));
        lines.add(600, "");
        lines.add(601, "Grüße aus Köln");
        lines.add(602, "\tlong " + "x".repeat(39_000));
        Path file = file(lines);

        ClientProgram.Outcome outcome = send("notes", DocumentedClient.SECRET, file);

        assertThat(outcome.exitCode()).as(outcome.text() + outcome.complaints()).isZero();
        assertThat(outcome.lines())
                .containsExactly("0 of 500 refused ", "0 of 500 refused ", "0 of 203 refused ");
        daemon.flush("notes");
        assertThat(ClientProgram.onlyObject(folder.resolve("lake/notes")))
                .isEqualTo(Files.readAllBytes(file));
    }

    @Test
    void lines_that_a_quota_refused_are_sent_again_and_each_lands_once() throws Exception {
        ClientProgram.Outcome outcome =
                send("slow", DocumentedClient.SECRET, file(Notes.lines(0, 900)));

        assertThat(outcome.exitCode()).as(outcome.text() + outcome.complaints()).isZero();
        assertThat(outcome.lines().get(0))
                .isEqualTo("200 of 500 refused ServiceUnavailableException: Slow down.");
        daemon.flush("slow");
        assertThat(Notes.landed(folder.resolve("lake/slow"))).isEqualTo(Notes.lines(0, 900));
    }

    @Test
    void refusals_arrive_as_the_exceptions_of_the_sdk() throws Exception {
        Path file = file(List.of("a line"));

        assertThat(send("nowhere", DocumentedClient.SECRET, file).lines())
                .containsExactly(
                        "com.amazonaws.services.kinesisfirehose.model.ResourceNotFoundException"
                                + " ResourceNotFoundException 400:"
                                + " Firehose nowhere under account 000000000000 not found.");
        assertThat(send("notes", "wrong", file).text())
                .startsWith(
                        "com.amazonaws.services.kinesisfirehose.model."
                                + "AmazonKinesisFirehoseException InvalidSignatureException 403:"
                                + " The request signature we calculated does not match");
    }

    private Path file(List<String> lines) throws IOException {
        return Files.write(folder.resolve("notes.log"), lines);
    }

    /** Sends a file with the settings of docs/clients.md. */
    private ClientProgram.Outcome send(String stream, String secret, Path file) throws Exception {
        JsonNode agent =
                JSON.readTree(DocumentedClient.of("Kinesis Agent").block("json", daemon.api()));
        assertThat(agent.at("/flows/0/deliveryStream").asText()).isEqualTo("notes");
        assertThat(agent.path("awsSecretAccessKey").asText()).isEqualTo(DocumentedClient.SECRET);
        return ClientProgram.in(folder)
                .run(
                        List.of(
                                ClientProgram.java().toString(),
                                "-Xmx256m",
                                OPENED,
                                "-cp",
                                classes() + ":" + libraries + "/*",
                                "AgentSender",
                                agent.path("firehose.endpoint").asText(),
                                agent.path("awsAccessKeyId").asText(),
                                secret,
                                stream,
                                file.toString()));
    }

    private Path classes() throws IOException {
        JavaSources sources =
                new JavaSources()
                        .source(
                                "AgentSender",
                                new String(
                                        ClientProgram.resource("kinesis-agent/AgentSender.java"),
                                        UTF_8));
        try (Stream<Path> jars = Files.list(libraries)) {
            jars.forEach(sources::against);
        }
        return sources.folder(folder.resolve("classes"));
    }
}

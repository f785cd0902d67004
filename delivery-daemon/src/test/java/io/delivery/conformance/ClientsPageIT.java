package io.delivery.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.proof.DaemonProcess;
import io.delivery.testkit.JavaSources;
import io.delivery.testkit.servers.Conformance;
import io.delivery.testkit.servers.Tools;
import io.delivery.wiring.ClassArchive;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What docs/clients.md shows for the clients of AWS puts the record that it says. A build tries the
 * AWS CLI, {@code make conformance} each of them.
 */
@Timeout(2400)
class ClientsPageIT {
    /** What a Java file has around the lines of the page. */
    private static final String JAVA =
            """
            import java.net.URI;
            import software.amazon.awssdk.auth.credentials.*;
            import software.amazon.awssdk.core.SdkBytes;
            import software.amazon.awssdk.regions.Region;
            import software.amazon.awssdk.services.firehose.FirehoseClient;

            public class Example {
                public static void main(String[] arguments) {
            // here
                }
            }
            """;

    /** What a Go file has around the lines of the page. */
    private static final String GO =
            """
            package main

            import (
            	"context"
            	"log"

            	"github.com/aws/aws-sdk-go-v2/aws"
            	"github.com/aws/aws-sdk-go-v2/credentials"
            	"github.com/aws/aws-sdk-go-v2/service/firehose"
            	"github.com/aws/aws-sdk-go-v2/service/firehose/types"
            )

            func main() {
            // here
            	if err != nil {
            		log.Fatal(err)
            	}
            }
            """;

    private static final String HERE = "// here\n";

    /** How the page looks at what has landed. */
    private static final Pattern LOOK = Pattern.compile("(?m)^cat .*$");

    @TempDir private Path folder;
    private DaemonProcess daemon;

    private void start() throws IOException {
        String config =
                DocumentedClient.of("The service of the examples")
                        .block("yaml")
                        .replace(
                                "  api: 127.0.0.1:4573\n",
                                "  api: 127.0.0.1:0\n  admin: 127.0.0.1:0\n");
        daemon =
                DaemonProcess.start(
                        ClassArchive.program(),
                        Files.writeString(
                                folder.resolve("delivery.yaml"),
                                config + "limits: {memory: 128MB}\n"));
    }

    @AfterEach
    void end() {
        if (daemon != null) {
            daemon.close();
        }
    }

    @Test
    void the_variables_of_the_page_point_a_program_at_the_service() throws Exception {
        Conformance.assumeWanted();
        String aws = ClientProgram.tool("clients", "clients/bin/aws").toString();
        start();
        String variables =
                DocumentedClient.of("Without a change of code").block("sh", daemon.api());

        runs(
                "sh",
                "-c",
                variables
                        + aws
                        + " firehose put-record --delivery-stream-name notes --record Data=unchanged");

        assertThat(landed()).isEqualTo("unchanged\n");
    }

    @Test
    void the_example_of_the_aws_cli_puts_its_record() throws Exception {
        Path aws = ClientProgram.tool("clients", "clients/bin/aws");
        start();
        String commands = DocumentedClient.of("AWS CLI").block("sh", daemon.api());

        runs("sh", "-c", AwsCli.commands(commands, aws, folder));

        assertThat(landed()).isEqualTo("from the AWS CLI\n");
    }

    @Test
    void the_example_of_boto3_puts_its_record() throws Exception {
        Conformance.assumeWanted();
        String python = ClientProgram.tool("clients", "clients/bin/python").toString();
        start();

        runs(python, "-c", DocumentedClient.of("Python: boto3").block("python", daemon.api()));

        assertThat(landed()).isEqualTo("from boto3\n");
    }

    @Test
    void the_example_of_the_sdk_for_java_puts_its_record() throws Exception {
        Conformance.assumeWanted();
        start();
        String example = DocumentedClient.of("AWS SDK for Java 2").block("java", daemon.api());
        JavaSources sources = new JavaSources().source("Example", JAVA.replace(HERE, example));
        String classPath = System.getProperty("java.class.path");
        for (String entry : classPath.split(File.pathSeparator)) {
            sources.against(Path.of(entry));
        }
        Path classes = sources.folder(folder.resolve("classes"));

        runs(
                ClientProgram.java().toString(),
                "-cp",
                classes + File.pathSeparator + classPath,
                "Example");

        assertThat(landed()).isEqualTo("from Java\n");
    }

    @Test
    void the_example_of_the_sdk_for_javascript_puts_its_record() throws Exception {
        Conformance.assumeWanted();
        String node = ClientProgram.tool("sdk-javascript", "sdk-javascript/node").toString();
        start();
        Files.createSymbolicLink(
                folder.resolve("node_modules"), Tools.executable("sdk-javascript/node_modules"));
        Path script =
                Files.writeString(
                        folder.resolve("example.mjs"),
                        DocumentedClient.of("AWS SDK for JavaScript 3")
                                .block("javascript", daemon.api()));

        runs(node, script.toString());

        assertThat(landed()).isEqualTo("from JavaScript\n");
    }

    @Test
    void the_example_of_the_sdk_for_go_puts_its_record() throws Exception {
        Conformance.assumeWanted();
        ClientProgram.tool("sdk-go", GoProgram.COMPILER);
        start();
        String example = DocumentedClient.of("AWS SDK for Go 2").block("go", daemon.api());

        runs(
                GoProgram.build(folder, GO.replace(HERE, example).getBytes(StandardCharsets.UTF_8))
                        .toString());

        assertThat(landed()).isEqualTo("from Go\n");
    }

    private void runs(String... command) throws Exception {
        ClientProgram.Outcome outcome = ClientProgram.in(folder).run(List.of(command));

        assertThat(outcome.exitCode()).as(outcome.complaints()).isZero();
    }

    /** The only object, which is what the command of the page shows in the folder of its file. */
    private String landed() throws Exception {
        daemon.flush("notes");
        Matcher look = LOOK.matcher(DocumentedClient.of("The service of the examples").block("sh"));
        assertThat(look.find()).isTrue();
        ClientProgram.Outcome shown =
                ClientProgram.in(folder).run(List.of("sh", "-c", look.group()));
        assertThat(shown.exitCode()).as(shown.complaints()).isZero();
        String object =
                new String(
                        ClientProgram.onlyObject(folder.resolve("lake/notes")),
                        StandardCharsets.UTF_8);
        assertThat(object.lines()).containsExactlyElementsOf(shown.lines());
        return object;
    }
}

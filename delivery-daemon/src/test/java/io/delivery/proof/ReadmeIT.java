package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.conformance.AwsCli;
import io.delivery.conformance.ClientProgram;
import io.delivery.testkit.servers.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first commands of the README, on a machine that knows nothing of AWS. */
class ReadmeIT {
    private static final Pattern AWS_COMMAND =
            Pattern.compile("(?m)^aws firehose put-record (?:.*\\\\\n)*.*$");

    @TempDir private Path folder;

    @Test
    void the_first_aws_command_works_without_any_configuration_of_aws() throws Exception {
        Path aws = Tools.executable("clients/bin/aws");
        assumeTrue(
                Files.isExecutable(aws),
                () -> "aws: " + Tools.missing("clients", "clients/bin/aws").orElse(""));
        try (DaemonProcess daemon = Daemons.start(config())) {
            String said = run(command(aws, daemon));
            daemon.flush("notes");

            assertThat(said).contains("RecordId");
            try (Stream<Path> files = Files.walk(folder.resolve("lake/notes/notes"))) {
                assertThat(files.filter(Files::isRegularFile).toList())
                        .singleElement()
                        .satisfies(
                                file ->
                                        assertThat(Files.readString(file))
                                                .isEqualTo("{\"hello\": \"world\"}\n"));
            }
        }
    }

    /** As in config-examples/minimal.yaml, with ports and folders of its own. */
    private Path config() throws Exception {
        return Files.writeString(
                folder.resolve("delivery.yaml"),
                Files.readString(Path.of("../config-examples/minimal.yaml"))
                                .replace("../target/minimal/", "")
                        + "\nserver: {api: 127.0.0.1:0, admin: 127.0.0.1:0}\n"
                        + "limits: {memory: 128MB}\n");
    }

    private String command(Path aws, DaemonProcess daemon) throws Exception {
        Matcher readme = AWS_COMMAND.matcher(Files.readString(Path.of("../README.md")));
        assertThat(readme.find()).isTrue();
        return AwsCli.commands(readme.group(), aws, folder)
                .replace("http://127.0.0.1:4573", daemon.api().toString());
    }

    private String run(String command) throws Exception {
        ClientProgram.Outcome outcome =
                ClientProgram.in(folder).run(List.of("sh", "-c", command + " 2>&1"));
        assertThat(outcome.exitCode()).as(outcome.text()).isZero();
        return outcome.text();
    }
}

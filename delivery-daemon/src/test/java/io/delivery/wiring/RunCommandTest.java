package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.ServerSettings;
import io.delivery.loading.ConfigLoader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that the log advises after a start. */
class RunCommandTest {
    private static final URI API = URI.create("http://127.0.0.1:4573");

    @TempDir Path folder;

    private ServerSettings server(String text) throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        "server: {%s}\nstores: {lake: {directory: lake}}\n".formatted(text));
        return new ConfigLoader(Map.of(), Programs.OURS).load(file).config().server();
    }

    @Test
    void requests_are_signed_where_callers_are_listed_here_or_in_a_file() throws Exception {
        Files.writeString(
                folder.resolve("callers.yaml"), "- {accessKeyId: a, secretAccessKey: b}\n");

        assertThat(RunCommand.trial(server("credentialsFile: callers.yaml"), API))
                .doesNotContain("--no-sign-request");
        assertThat(
                        RunCommand.trial(
                                server("credentials: [{accessKeyId: a, secretAccessKey: b}]"), API))
                .doesNotContain("--no-sign-request");
    }

    @Test
    void nothing_is_signed_where_nobody_is_listed() throws Exception {
        assertThat(RunCommand.trial(server(""), API)).endsWith(" --no-sign-request");
    }
}

package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.cli.ExitCodes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code check} finds wrong in functions and processors, {@code run} refuses. */
@Timeout(120)
class CheckAndRunTest {
    @TempDir private Path folder;

    static Stream<String> functions() {
        return Stream.of(
                        "5",
                        "[]",
                        "{f: 5}",
                        "{f: {}}",
                        "{f: {runtime: provided}}",
                        "{f: {runtime: cobol, code: f}}",
                        "{f: {runtime: python, code: gone, handler: a.b}}",
                        "{f: {runtime: python, code: here}}",
                        "{f: {runtime: python, code: here, handler: nodot}}",
                        "{f: {runtime: node, code: here, handler: [a]}}",
                        "{f: {runtime: provided, code: here, memory: much}}",
                        "{f: {runtime: provided, code: here, timeout: -1s}}",
                        "{f: {runtime: provided, code: here, concurrency: 0}}",
                        "{f: {runtime: provided, code: here, colour: red}}",
                        "{f: {runtime: provided, code: here, environment: [A]}}",
                        "{f: {endpoint: 'not a url'}}",
                        "{f: {endpoint: 'ftp://host/'}}",
                        "{f: {endpoint: 'http://host/', runtime: node}}",
                        "{f: {lambda: {}}}",
                        "{f: {lambda: 7}}",
                        "{f: {plugin: ''}}",
                        "{f: {plugin: a.B}}",
                        "{f: {plugin: a.B, settings: 5}}",
                        "{f: {plugin: a.B, handler: c}}",
                        "{'a/b': {plugin: a.B}}")
                .map(text -> "functions: " + text + "\n");
    }

    static Stream<String> processors() {
        return Stream.of(
                        "5",
                        "{lambda: {function: f}}",
                        "[5]",
                        "[{}]",
                        "[{unknown: {}}]",
                        "[{lambda: {}}]",
                        "[{lambda: {function: gone}}]",
                        "[{lambda: {function: [f]}}]",
                        "[{lambda: {function: gone, colour: red}}]",
                        "[{jq: {}}]",
                        "[{jq: '.a ['}]",
                        "[{jq: {query: '.a ['}}]",
                        "[{jq: {query: 'nosuch(1)'}}]",
                        "[{regex: {}}]",
                        "[{regex: {pattern: '('}}]",
                        "[{regex: 5}]",
                        "[{decompress: 7}]",
                        "[{decompress: {codec: rar}}]",
                        "[{jq: {query: .}, regex: {pattern: a}}]",
                        "[{cloudwatchLogs: 5}]")
                .map(
                        text ->
                                "stores: {lake: {directory: lake}}\nstreams: {s: {processors: "
                                        + text
                                        + ", destination: {store: lake, bucket: b, prefix: 'p/', errorPrefix: 'e/'}}}\n");
    }

    static Stream<String> broken() {
        return Stream.concat(functions(), processors());
    }

    @ParameterizedTest
    @MethodSource("broken")
    void what_check_finds_run_refuses_with_the_same_words(String yaml) throws Exception {
        Files.createDirectory(folder.resolve("here"));
        Path file =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        "server: {api: '127.0.0.1:0', admin: '127.0.0.1:0'}\n"
                                + "limits: {memory: 64MB, requestBody: 6MB}\n"
                                + yaml);

        ProgramRun check = ProgramRun.of(Map.of(), "check", file.toString());
        assertThat(check.exitCode()).as(check.out()).isEqualTo(ExitCodes.FOUND);

        ProgramRun run = ProgramRun.of(Map.of(), "run", file.toString());
        assertThat(run.exitCode()).isEqualTo(ExitCodes.CONFIG_REFUSED);
        assertThat(check.out().lines().findFirst()).isEqualTo(run.err().lines().findFirst());
        assertThat(folder.resolve("data")).doesNotExist();
    }
}

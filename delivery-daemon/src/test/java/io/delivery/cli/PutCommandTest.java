package io.delivery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.ApiCredentials;
import io.delivery.config.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PutCommandTest {
    private static final String CONFIG =
            """
            server:
              api: 0.0.0.0:4573
              region: eu-central-1
              credentials:
                - {accessKeyId: reader, secretAccessKey: r, allow: {actions: [Describe*]}}
                - {accessKeyId: writer, secretAccessKey: w}
            stores: {local: {directory: lake}}
            streams: {notes: {destination: {bucket: b}}}
            """;

    @TempDir Path folder;
    private final FakeEndpoint endpoint = new FakeEndpoint();
    private final List<Duration> pauses = new ArrayList<>();
    private Map<String, String> environment = Map.of();
    private boolean terminal;

    @Test
    void each_line_is_a_record_sent_with_what_the_configuration_says() throws Exception {
        CommandRun run = put("{\"a\":1}\n\n{\"b\":2}", "--config", CommandRun.file(folder, CONFIG));

        assertThat(run.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(run.out())
                .isEqualTo(
                        "2 records accepted (14 bytes), 0 sent again, 0 failed, 1 empty line left out\n");
        assertThat(endpoint.accepted).containsExactly("notes {\"a\":1}", "notes {\"b\":2}");
        assertThat(endpoint.opened).isEqualTo("http://127.0.0.1:4573 eu-central-1 writer");
    }

    @Test
    void arguments_and_the_environment_do_without_a_configuration() {
        environment = Map.of("AWS_ACCESS_KEY_ID", "id", "AWS_SECRET_ACCESS_KEY", "key");

        CommandRun run =
                put("x\n", "--endpoint", "http://other:80", "--stream", "s", "--config-is", "none");
        CommandRun right = put("x\n", "--endpoint", "http://other:80", "--stream", "s");

        assertThat(run.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(right.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(endpoint.opened).isEqualTo("http://other:80 us-east-1 id");
    }

    @Test
    void an_empty_session_token_in_the_environment_is_none() {
        environment =
                Map.of(
                        "AWS_ACCESS_KEY_ID", "id",
                        "AWS_SECRET_ACCESS_KEY", "key",
                        "AWS_SESSION_TOKEN", "");

        put("x\n", "--endpoint", "http://other:80", "--stream", "s");

        assertThat(endpoint.caller.orElseThrow().sessionToken()).isEmpty();
    }

    @Test
    void a_batch_has_at_most_500_records_and_4_MiB() throws Exception {
        String small = "r\n".repeat(501);
        String large = ("x".repeat(1_000_000) + "\n").repeat(5);

        put(small + large, "--config", CommandRun.file(folder, CONFIG));

        assertThat(endpoint.batches).containsExactly(500, 4 + 1, 1);
    }

    @Test
    void only_what_failed_is_sent_again_after_a_pause() throws Exception {
        endpoint.failures.add(batch -> fail(batch, 1));
        endpoint.failures.add(
                batch -> {
                    throw new IOException("503");
                });

        CommandRun run = put("a\nb\nc\n", "--config", CommandRun.file(folder, CONFIG));

        assertThat(run.out()).isEqualTo("3 records accepted (3 bytes), 2 sent again, 0 failed\n");
        assertThat(endpoint.accepted).containsExactly("notes a", "notes c", "notes b");
        assertThat(pauses).containsExactly(Duration.ofMillis(100), Duration.ofMillis(200));
    }

    @Test
    void records_that_are_never_accepted_are_a_finding() throws Exception {
        IntStream.range(0, 10).forEach(i -> endpoint.failures.add(batch -> fail(batch, 0)));

        CommandRun run = put("a\nb\n", "--config", CommandRun.file(folder, CONFIG));

        assertThat(run.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(run.err())
                .contains("line 1 was not accepted in 10 attempts: ServiceUnavailableException");
        assertThat(run.out()).isEqualTo("1 record accepted (1 byte), 9 sent again, 1 failed\n");
        assertThat(pauses).hasSize(9).last().isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void an_endpoint_that_is_busy_for_long_is_given_the_next_batch_all_the_same() throws Exception {
        IntStream.range(0, 10)
                .forEach(
                        i ->
                                endpoint.failures.add(
                                        batch -> {
                                            throw new FirehoseEndpoint.BusyException(
                                                    "Slow down.", null);
                                        }));

        CommandRun run = put("a\n".repeat(501), "--config", CommandRun.file(folder, CONFIG));

        assertThat(run.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(run.err())
                .contains("lines 1 to 500 were not accepted in 10 attempts: Slow down.");
        assertThat(run.err()).doesNotContain("stopped");
        assertThat(run.out()).startsWith("1 record accepted");
    }

    @Test
    void an_input_that_is_not_sent_to_its_end_is_not_read_on_and_the_place_is_told()
            throws Exception {
        endpoint.failures.add(batch -> fail(batch, -1));
        IntStream.range(0, 20)
                .forEach(
                        i ->
                                endpoint.failures.add(
                                        batch -> {
                                            throw new IOException("reset");
                                        }));
        String large = "x".repeat(1_000_000) + "\n";

        CommandRun run =
                put("a\n\n" + large.repeat(9), "--config", CommandRun.file(folder, CONFIG));

        assertThat(run.err())
                .contains(
                        "lines 7 to 10 may or may not have been accepted in 10 attempts: reset\n"
                                + "stopped: no line behind line 10 was sent; lines up to it that"
                                + " are not named were accepted\n");
        assertThat(endpoint.batches).hasSize(11);
    }

    @Test
    void the_stream_is_an_argument_or_an_option_and_not_both() throws Exception {
        String config = CommandRun.file(folder, CONFIG);

        put("x\n", "one", "--config", config);
        put("x\n", "--stream", "two", "--config", config);
        CommandRun both = put("x\n", "three", "--stream", "three", "--config", config);

        assertThat(endpoint.accepted).containsExactly("one x", "two x");
        assertThat(both.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(both.err()).contains("Name the stream once");
    }

    @Test
    void with_port_0_a_running_daemon_is_found_by_what_it_left_in_its_data_directory()
            throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        String config =
                CommandRun.file(folder, CONFIG.replace(":4573", ":0") + "dataDir: " + data + "\n");
        new BoundAddresses(URI.create("http://0.0.0.0:12345"), URI.create("http://x:2"))
                .write(data);
        Files.writeString(data.resolve("lock"), "pid " + CommandRun.anotherProcess());

        CommandRun running = put("x\n", "--config", config);
        BoundAddresses.remove(data);
        CommandRun stopped = put("x\n", "--config", config);

        assertThat(running.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(endpoint.opened).startsWith("http://127.0.0.1:12345 ");
        assertThat(stopped.exitCode()).isEqualTo(ExitCodes.NOT_REACHABLE);
        assertThat(stopped.err()).contains("no daemon runs on " + data, "--endpoint URL");
    }

    @Test
    void an_endpoint_that_never_answers_ends_it_after_one_batch() throws Exception {
        IntStream.range(0, 20)
                .forEach(
                        i ->
                                endpoint.failures.add(
                                        batch -> {
                                            throw new IOException("connection refused");
                                        }));

        CommandRun run = put("a\n".repeat(501), "--config", CommandRun.file(folder, CONFIG));

        assertThat(run.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(run.err())
                .startsWith(
                        "trying again: connection refused\nlines 1 to 500 may or may not have been")
                .containsOnlyOnce("trying again");
        assertThat(endpoint.batches).hasSize(10);
    }

    @Test
    void an_endpoint_that_is_not_there_is_told_by_a_code_of_its_own() throws Exception {
        IntStream.range(0, 10)
                .forEach(
                        i ->
                                endpoint.failures.add(
                                        batch -> {
                                            throw new IOException(
                                                    "nobody answers", new ConnectException());
                                        }));

        CommandRun run = put("a\n", "--config", CommandRun.file(folder, CONFIG));

        assertThat(run.exitCode()).isEqualTo(ExitCodes.NOT_REACHABLE);
        assertThat(run.err())
                .endsWith(
                        "line 1 was not accepted in 10 attempts: nobody answers\n"
                                + "stopped: no line behind line 1 was sent\n");
    }

    @Test
    void lines_that_were_not_accepted_are_named_by_their_numbers_in_the_input() throws Exception {
        IntStream.range(0, 10).forEach(i -> endpoint.failures.add(PutCommandTest::failWhatIsBad));

        CommandRun run =
                put(
                        "good\nbad\n\nbad\nbad\ngood\nbad",
                        "--config",
                        CommandRun.file(folder, CONFIG));

        assertThat(run.err())
                .isEqualTo("lines 2, 4 to 5, 7 were not accepted in 10 attempts: Slow down.\n");
        assertThat(run.out()).startsWith("2 records accepted (8 bytes), 36 sent again, 4 failed");
    }

    @Test
    void of_very_many_lines_that_were_not_accepted_the_first_are_named_and_all_are_counted()
            throws Exception {
        IntStream.range(0, 10).forEach(i -> endpoint.failures.add(PutCommandTest::failWhatIsBad));

        CommandRun run =
                put("bad\ngood\n".repeat(250), "--config", CommandRun.file(folder, CONFIG));

        assertThat(run.err())
                .startsWith("lines 1, 3, 5, ")
                .contains(", 37, 39 and others, 250 in all, were not accepted in 10 attempts");
    }

    @Test
    void a_refused_call_ends_it_with_the_endpoints_words() throws Exception {
        endpoint.failures.add(
                batch -> {
                    throw new FirehoseEndpoint.RefusedException(
                            FirehoseEndpoint.RefusedException.Reason.UNKNOWN_STREAM,
                            "ResourceNotFoundException: no");
                });

        CommandRun run = put("a\n", "--config", CommandRun.file(folder, CONFIG));

        assertThat(run.exitCode()).isEqualTo(ExitCodes.UNKNOWN_STREAM);
        assertThat(run.err())
                .contains("line 1 was not accepted\nstopped: no line behind line 1 was sent\n")
                .contains("put to notes was refused: ResourceNotFoundException: no");
    }

    @Test
    void a_line_longer_than_a_record_is_named_and_its_neighbours_are_sent() throws Exception {
        String text = "a\n" + "x".repeat(1_024_001) + "\nb\n" + "y".repeat(1_024_000) + "\n";

        CommandRun run = put(text, "--config", CommandRun.file(folder, CONFIG));

        assertThat(run.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(run.err()).contains("line 2 was not sent: it is longer than 1,024,000 bytes");
        assertThat(endpoint.batches).containsExactly(3);
    }

    @Test
    void a_line_of_base64_is_a_record_of_any_bytes() throws Exception {
        byte[] compressed = {0x1f, (byte) 0x8b, '\n', 0, '\r', (byte) 0xff};
        String lines = base64("a\nb\n".getBytes(StandardCharsets.UTF_8)) + "\n\nZQ\n";

        CommandRun run =
                put(
                        lines + base64(compressed),
                        "--base64",
                        "--config",
                        CommandRun.file(folder, CONFIG));

        assertThat(run.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(endpoint.accepted).startsWith("notes a\nb\n", "notes e").hasSize(3);
        assertThat(endpoint.last).isEqualTo(compressed);
        assertThat(run.out())
                .isEqualTo(
                        "3 records accepted (11 bytes), 0 sent again, 0 failed, 1 empty line left out\n");
    }

    @Test
    void a_line_that_is_not_base64_is_named_and_its_neighbours_are_sent() throws Exception {
        CommandRun run =
                put(
                        "YQ==\n{\"a\":1}\nYg==\r\nY\nYQ==YQ==\nYw==\r\n\r\nnull\n",
                        "--base64",
                        "--config",
                        CommandRun.file(folder, CONFIG));

        assertThat(run.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(run.err())
                .isEqualTo(
                        """
                        line 2 was not sent: it is not base64
                        line 4 was not sent: it is not base64
                        line 5 was not sent: it is not base64
                        line 8 was not sent: it is not base64
                        """);
        assertThat(endpoint.accepted).containsExactly("notes a", "notes b", "notes c");
        assertThat(run.out())
                .isEqualTo(
                        "3 records accepted (3 bytes), 0 sent again, 4 failed, 1 empty line left out\n");
    }

    @Test
    void a_record_in_base64_may_be_as_long_as_any_other_and_no_longer() throws Exception {
        String text =
                base64(new byte[1_024_000])
                        + "\n"
                        + base64(new byte[1_024_001])
                        + "\n"
                        + base64(new byte[2_000_000])
                        + "\n";

        CommandRun run = put(text, "--base64", "--config", CommandRun.file(folder, CONFIG));

        assertThat(run.err())
                .isEqualTo(
                        """
                        line 2 was not sent: it is longer than 1,024,000 bytes
                        line 3 was not sent: it is longer than 1,024,000 bytes
                        """);
        assertThat(endpoint.last).hasSize(1_024_000);
    }

    private static String base64(byte[] record) {
        return Base64.getEncoder().encodeToString(record);
    }

    @Test
    void progress_is_for_terminals_only() throws Exception {
        String file = CommandRun.file(folder, CONFIG);
        assertThat(put("a\n", "--config", file).err()).isEmpty();

        terminal = true;
        assertThat(put("a\n", "--config", file).err()).contains("\r1 record, 1 byte");
    }

    @Test
    void a_stream_that_cannot_be_guessed_and_a_port_that_is_not_known_are_wrong_usage()
            throws Exception {
        String two = CONFIG.replace("streams: {", "streams: {more: {destination: {bucket: b}}, ");
        String anyPort = CONFIG.replace(":4573", ":0");

        assertThat(put("", "--config", CommandRun.file(folder, two)).exitCode())
                .isEqualTo(ExitCodes.USAGE);
        assertThat(put("", "--config", CommandRun.file(folder, anyPort)).err())
                .contains("server.api has port 0");
    }

    @Test
    void nothing_to_send_is_done_at_once() throws Exception {
        CommandRun run = put("\n\n", "--config", CommandRun.file(folder, CONFIG));

        assertThat(run.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(run.out()).endsWith("0 failed, 2 empty lines left out\n");
        assertThat(endpoint.batches).isEmpty();
    }

    @Test
    void the_certificate_of_the_configuration_and_a_given_authority_are_trusted() throws Exception {
        String tls = "server:\n  tls: {certificate: c.pem, key: k.pem}";
        Files.writeString(folder.resolve("c.pem"), "certificate");
        Files.writeString(folder.resolve("k.pem"), "key");
        String config = CommandRun.file(folder, CONFIG.replace("server:", tls));

        CommandRun run = put("x\n", "--config", config, "--ca-file", "ca.pem");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.DONE);
        assertThat(endpoint.opened).startsWith("https://127.0.0.1:4573 ");
        assertThat(endpoint.trusted)
                .isEqualTo(
                        new FirehoseEndpoint.Trust(
                                Optional.of(folder.resolve("c.pem")),
                                Optional.of(Path.of("ca.pem"))));
    }

    private CommandRun put(String input, String... arguments) {
        return CommandRun.of(
                new PutCommand(
                        CommandRun.loader(),
                        endpoint::open,
                        new PutCommand.Surroundings(
                                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                                environment,
                                pauses::add,
                                terminal)),
                arguments);
    }

    private static List<Optional<String>> failWhatIsBad(List<byte[]> batch) {
        return batch.stream()
                .map(
                        line ->
                                new String(line, StandardCharsets.UTF_8).equals("bad")
                                        ? Optional.of("Slow down.")
                                        : Optional.<String>empty())
                .toList();
    }

    private static List<Optional<String>> fail(List<byte[]> batch, int index) {
        return IntStream.range(0, batch.size())
                .mapToObj(
                        i ->
                                i == index
                                        ? Optional.of("ServiceUnavailableException")
                                        : Optional.<String>empty())
                .toList();
    }

    /** Accepts everything but what it is told to fail. */
    private static final class FakeEndpoint implements FirehoseEndpoint {
        private final List<String> accepted = new ArrayList<>();
        private final List<Integer> batches = new ArrayList<>();
        private final Deque<Answer> failures = new ArrayDeque<>();
        private String opened;
        private byte[] last;
        private Trust trusted;
        private Optional<ApiCredentials> caller = Optional.empty();

        interface Answer {
            List<Optional<String>> to(List<byte[]> batch) throws IOException, RefusedException;
        }

        FirehoseEndpoint open(
                URI uri, String region, Optional<ApiCredentials> credentials, Trust certificates) {
            trusted = certificates;
            caller = credentials;
            opened =
                    uri
                            + " "
                            + region
                            + " "
                            + credentials.map(caller -> caller.key().accessKeyId()).orElse("");
            assertThat(credentials.map(caller -> caller.key().secretAccessKey()))
                    .isNotEqualTo(Optional.of(new Secret("")));
            return this;
        }

        @Override
        public List<Optional<String>> put(String stream, List<byte[]> records)
                throws IOException, RefusedException {
            batches.add(records.size());
            List<Optional<String>> answers =
                    failures.isEmpty() ? fail(records, -1) : failures.remove().to(records);
            for (int i = 0; i < answers.size(); i++) {
                if (answers.get(i).isEmpty()) {
                    last = records.get(i);
                    accepted.add(stream + " " + new String(records.get(i), StandardCharsets.UTF_8));
                }
            }
            return answers;
        }
    }
}

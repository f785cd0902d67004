package io.delivery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.cli.SampleRun.SampleOutcome;
import io.delivery.config.StreamDefinition;
import io.delivery.function.FunctionLog;
import io.delivery.loading.InvalidConfigException;
import io.delivery.loading.LocatedProblem;
import io.delivery.partition.PartitionKeys;
import io.delivery.processing.Outcome;
import io.delivery.record.Failure;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionInvokeCommandTest {
    private static final String CONFIG =
            """
            functions: {upper: {endpoint: 'http://localhost:9/f'}, lower: {runtime: python}}
            stores: {local: {directory: lake, secret: '${NOT_SET}'}}
            streams:
              s: {processors: [{lambda: {function: upper, retries: 2}}], destination: {bucket: b}}
              plain: {processors: [{jq: .}], destination: {bucket: b}}
            """;

    @TempDir Path folder;
    private final List<StreamDefinition> opened = new ArrayList<>();
    private final List<List<String>> batches = new ArrayList<>();
    private boolean closed;

    @BeforeEach
    void write() throws Exception {
        CommandRun.file(folder, CONFIG);
    }

    private CommandRun invoke(String samples, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--config");
        all.add(folder.resolve("delivery.yaml").toString());
        return CommandRun.of(
                new FunctionInvokeCommand(
                        CommandRun.loader(),
                        (config, stream, log) -> new FakeRun(stream, log),
                        new ByteArrayInputStream(samples.getBytes(StandardCharsets.UTF_8))),
                all.toArray(new String[0]));
    }

    /** Answers in upper case; "drop" and "fail" are what they say, "two" is split. */
    private final class FakeRun implements SampleRun {
        private final FunctionLog log;

        FakeRun(StreamDefinition stream, FunctionLog log) {
            this.log = log;
            opened.add(stream);
        }

        @Override
        public List<SampleOutcome> process(List<byte[]> records) {
            List<String> texts =
                    records.stream().map(r -> new String(r, StandardCharsets.UTF_8)).toList();
            batches.add(texts);
            List<SampleOutcome> outcomes = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                log.line("upper", FunctionLog.Source.STDERR, "saw " + texts.get(i));
                if (texts.get(i).startsWith("flood ")) {
                    int lines = Integer.parseInt(texts.get(i).substring("flood ".length()));
                    for (int line = 1; line < lines; line++) {
                        log.line("upper", FunctionLog.Source.STDERR, "a line");
                    }
                }
                outcomes.add(new SampleOutcome(i, 0, outcome(texts.get(i))));
                if (texts.get(i).equals("two")) {
                    outcomes.add(new SampleOutcome(i, 1, outcome("second")));
                }
            }
            return outcomes;
        }

        private Outcome outcome(String text) {
            return switch (text) {
                case "drop" -> new Outcome.Dropped();
                case "fail" ->
                        new Outcome.ProcessingFailed(
                                new Failure(
                                        Failure.Kind.PROCESSING_FAILED,
                                        "Lambda.FunctionError",
                                        "it threw",
                                        3));
                case "bytes" -> new Outcome.Ok(new byte[] {-1, -2}, PartitionKeys.NONE);
                default ->
                        new Outcome.Ok(
                                text.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8),
                                new PartitionKeys(Map.of(), Map.of("k", text)));
            };
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void each_line_is_a_sample_and_each_gets_its_outcome_its_time_and_its_log() {
        CommandRun run = invoke("one\ndrop\n\nbytes\ntwo", "upper");

        assertThat(run.out().replaceAll("\\d+ ms", "0 ms"))
                .isEqualTo(
                        """
                        record 1: Ok, 0 ms, keys {k=one}
                          ONE
                          log: saw one
                        record 2: Dropped, 0 ms
                          log: saw drop
                        record 3: Ok, 0 ms
                          2 bytes that are no text
                          log: saw bytes
                        record 4, part 1: Ok, 0 ms, keys {k=two}
                          TWO
                        record 4, part 2: Ok, 0 ms, keys {k=second}
                          SECOND
                          log: saw two
                        """);
        assertThat(run.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(batches).hasSize(4);
        assertThat(closed).isTrue();
    }

    @Test
    void the_log_of_a_sample_is_whole_and_what_is_beyond_10000_lines_is_told_with_that_sample() {
        CommandRun run = invoke("flood 2000\nflood 10003\none", "upper");

        String[] records = run.out().split("record ");
        assertThat(records[1].lines().filter(line -> line.startsWith("  log: "))).hasSize(2_000);
        assertThat(records[2].lines().filter(line -> line.startsWith("  log: "))).hasSize(10_001);
        assertThat(records[2]).endsWith("  log: [3 more lines are not shown]\n");
        assertThat(records[3].lines().filter(line -> line.startsWith("  log: ")))
                .containsExactly("  log: saw one");
    }

    @Test
    void a_sample_that_fails_is_a_finding() {
        CommandRun run = invoke("fail\none\n", "upper");

        assertThat(run.out()).contains("  Lambda.FunctionError, 3 tries: it threw\n", "  ONE\n");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FOUND);
    }

    @Test
    void a_function_alone_is_invoked_once_and_a_stream_as_it_is_defined() {
        invoke("one", "upper");
        invoke("one", "--stream", "s");

        assertThat(opened.get(0).transform().processors().get(0).lambda().orElseThrow().retries())
                .isZero();
        assertThat(opened.get(1).name()).isEqualTo("s");
        assertThat(opened.get(1).transform().processors().get(0).lambda().orElseThrow().retries())
                .isEqualTo(2);
    }

    @Test
    void together_they_are_one_batch() {
        CommandRun run = invoke("one\ndrop\n", "upper", "--together");

        assertThat(batches).containsExactly(List.of("one", "drop"));
        assertThat(run.out()).endsWith("  log: saw one\n  log: saw drop\n");
    }

    @Test
    void samples_may_be_the_elements_of_an_array_or_a_whole_file() throws Exception {
        invoke("[\"a\\nb\", {\"x\": 1}, 2]", "upper", "--records", "array");
        Path file = Files.writeString(folder.resolve("sample"), "a\nb\n");
        invoke("", "upper", file.toString(), "--records", "file");
        invoke("x", "--stream", "plain", "-");

        assertThat(batches)
                .containsExactly(
                        List.of("a\nb"),
                        List.of("{\"x\":1}"),
                        List.of("2"),
                        List.of("a\nb\n"),
                        List.of("x"));
    }

    @Test
    void programs_get_json() throws Exception {
        CommandRun run = invoke("one\nfail\n", "upper", "--json");

        JsonNode list = new ObjectMapper().readTree(run.out());
        assertThat(list).hasSize(2);
        assertThat(list.get(0).path("record").asInt()).isEqualTo(1);
        assertThat(list.get(0).path("result").asText()).isEqualTo("Ok");
        assertThat(list.get(0).path("text").asText()).isEqualTo("ONE");
        assertThat(list.get(0).path("data").asText()).isEqualTo("T05F");
        assertThat(list.get(0).path("partitionKeys").path("k").asText()).isEqualTo("one");
        assertThat(list.get(0).path("log").get(0).asText()).isEqualTo("saw one");
        assertThat(list.get(1).path("result").asText()).isEqualTo("ProcessingFailed");
        assertThat(list.get(1).path("errorCode").asText()).isEqualTo("Lambda.FunctionError");
        assertThat(list.get(1).path("attemptsMade").asInt()).isEqualTo(3);
    }

    @Test
    void what_cannot_be_run_is_told_apart() {
        assertThat(invoke("x", "uper").err())
                .contains("there is no function uper: the configuration has upper, lower");
        assertThat(invoke("x", "uper").err()).contains("did you mean upper?");
        assertThat(invoke("x", "uper").exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(invoke("x", "--stream", "t").exitCode()).isEqualTo(ExitCodes.UNKNOWN_STREAM);
        assertThat(invoke("x", "lower").err()).contains("functions.lower.code: must be given");
        assertThat(invoke("x", "lower").exitCode()).isEqualTo(ExitCodes.CONFIG_REFUSED);
        assertThat(invoke("").exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(invoke("", "upper").err()).contains("there are no samples");
        assertThat(invoke("{}", "upper", "--records", "array").err()).contains("no JSON array");
        assertThat(invoke("[", "upper", "--records", "array").err()).contains("no JSON: ");
        assertThat(invoke("x", "upper", "--records", "words").err())
                .contains("--records is one of lines, array and file, was words");
        assertThat(invoke("x", "upper", "none").exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(batches).isEmpty();
    }

    @Test
    void what_keeps_a_function_from_running_here_refuses_it() {
        CommandRun run =
                CommandRun.of(
                        new FunctionInvokeCommand(
                                CommandRun.loader(),
                                (config, stream, log) -> {
                                    throw new InvalidConfigException(
                                            List.of(
                                                    new LocatedProblem(
                                                            "f",
                                                            1,
                                                            "functions.upper",
                                                            "no python3")));
                                },
                                new ByteArrayInputStream("x".getBytes(StandardCharsets.UTF_8))),
                        "upper",
                        "--config",
                        folder.resolve("delivery.yaml").toString());

        assertThat(run.err()).contains("functions.upper: no python3");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.CONFIG_REFUSED);
    }
}

package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.cli.ExitCodes;
import io.delivery.testkit.servers.Tools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The functions in Python and Node of config-examples do what they say, run by {@code delivery
 * function invoke} as a stream runs them, and in both languages the same.
 */
class FunctionExamplesIT {
    private static final Path FUNCTIONS =
            Path.of("../config-examples/functions").toAbsolutePath().normalize();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    /** How functions are written, and how their files and handlers are named. */
    private enum Language {
        PYTHON("python", "python3", "_", ".py"),
        NODE("nodejs", "node", "-", ".mjs");

        private final String runtime;
        private final String program;
        private final String separator;
        private final String ending;

        Language(String runtime, String program, String separator, String ending) {
            this.runtime = runtime;
            this.program = program;
            this.separator = separator;
            this.ending = ending;
        }

        String file(String words) {
            return words.replace(" ", separator);
        }
    }

    @BeforeEach
    void configure() throws IOException {
        StringBuilder functions = new StringBuilder("dataDir: data\nfunctions:\n");
        for (Language language : Language.values()) {
            for (String words : List.of("apache log", "cloudwatch logs", "enricher", "splitter")) {
                functions.append(
                        "  %s: {runtime: %s, code: '%s', handler: %s.handler, environment: {STAGE: test}}\n"
                                .formatted(
                                        name(language, words),
                                        language.runtime,
                                        FUNCTIONS.resolve(language.runtime),
                                        language.file(words)));
            }
        }
        functions.append("stores: {local: {directory: lake}}\nstreams: {}\n");
        Files.writeString(folder.resolve("delivery.yaml"), functions.toString());
    }

    private static String name(Language language, String words) {
        return language.runtime + "_" + words.replace(' ', '_');
    }

    @Test
    void every_file_of_a_language_is_run_by_a_test() throws IOException {
        for (Language language : Language.values()) {
            try (Stream<Path> files = Files.list(FUNCTIONS.resolve(language.runtime))) {
                assertThat(
                                files.map(file -> file.getFileName().toString())
                                        .filter(file -> file.endsWith(language.ending)))
                        .containsExactlyInAnyOrderElementsOf(
                                Stream.of("apache log", "cloudwatch logs", "enricher", "splitter")
                                        .map(words -> language.file(words) + language.ending)
                                        .toList());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void lines_of_a_web_server_become_json_and_other_lines_fail(Language language)
            throws Exception {
        List<JsonNode> outcomes =
                outcomes(
                        language,
                        "apache log",
                        """
                        192.0.2.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326
                        2001:db8::1 - - [10/Oct/2000:13:55:37 -0700] "GET /\u6f22?q=\\"x\\" HTTP/1.1" 304 - "http://example.com/" "Mozilla/5.0 (X11)"
                        no line of a web server
                        """,
                        ExitCodes.FOUND);

        assertThat(texts(outcomes))
                .containsExactly(
                        "{\"host\":\"192.0.2.1\",\"ident\":\"-\",\"authuser\":\"frank\",\"timestamp\":\"10/Oct/2000:13:55:36"
                                + " -0700\",\"request\":\"GET /apache_pb.gif"
                                + " HTTP/1.0\",\"response\":200,\"bytes\":2326}",
                        "{\"host\":\"2001:db8::1\",\"ident\":\"-\",\"authuser\":\"-\",\"timestamp\":\"10/Oct/2000:13:55:37"
                                + " -0700\",\"request\":\"GET /\u6f22?q=\\\\\\\"x\\\\\\\""
                                + " HTTP/1.1\",\"response\":304,\"bytes\":0,\"referer\":\"http://example.com/\",\"agent\":\"Mozilla/5.0"
                                + " (X11)\"}",
                        "ProcessingFailed");
    }

    @ParameterizedTest
    @EnumSource
    void envelopes_of_cloudwatch_logs_become_their_messages(Language language) throws Exception {
        assertThat(cloudWatch(language, envelope("DATA_MESSAGE"), ExitCodes.DONE))
                .containsExactly("first message\nsecond \u6f22\n");
        assertThat(cloudWatch(language, envelope("CONTROL_MESSAGE"), ExitCodes.DONE))
                .containsExactly("Dropped");
        assertThat(cloudWatch(language, envelope("ANOTHER"), ExitCodes.FOUND))
                .containsExactly("ProcessingFailed");
        assertThat(
                        cloudWatch(
                                language,
                                "no gzip".getBytes(StandardCharsets.UTF_8),
                                ExitCodes.FOUND))
                .containsExactly("ProcessingFailed");
    }

    private List<String> cloudWatch(Language language, byte[] record, int exitCode)
            throws Exception {
        Path file = Files.write(folder.resolve("record"), record);
        return texts(
                outcomes(
                        language,
                        exitCode,
                        "",
                        name(language, "cloudwatch logs"),
                        file.toString(),
                        "--records",
                        "file"));
    }

    private static byte[] envelope(String type) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(
                    """
                    {"messageType":"%s","owner":"111122223333","logGroup":"g","logStream":"s","subscriptionFilters":["f"],
                     "logEvents":[{"id":"1","timestamp":1,"message":"first message"},{"id":"2","timestamp":2,"message":"second \u6f22"}]}
                    """
                            .formatted(type)
                            .getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @EnumSource
    void objects_get_the_stage_and_their_partition_keys(Language language) throws Exception {
        List<JsonNode> outcomes =
                outcomes(
                        language,
                        "enricher",
                        """
                        {"customer":"c1","text":"\u6f22"}
                        {"customer":17}
                        {"customer":"c2"}
                        {"nobody":true}
                        [1]
                        null
                        no JSON
                        """,
                        ExitCodes.FOUND);

        assertThat(texts(outcomes))
                .containsExactly(
                        "{\"customer\":\"c1\",\"text\":\"\u6f22\",\"stage\":\"test\"}",
                        "ProcessingFailed",
                        "{\"customer\":\"c2\",\"stage\":\"test\"}",
                        "ProcessingFailed",
                        "ProcessingFailed",
                        "ProcessingFailed",
                        "ProcessingFailed");
        assertThat(outcomes.get(0).path("partitionKeys").path("customer").asText()).isEqualTo("c1");
        assertThat(outcomes.get(2).path("partitionKeys").path("customer").asText()).isEqualTo("c2");
        assertThat(outcomes.get(2).path("partitionKeys").path("day").asText())
                .matches("\\d{4}-\\d\\d-\\d\\d");
    }

    @ParameterizedTest
    @EnumSource
    void elements_of_an_array_become_lines_of_the_same_record(Language language) throws Exception {
        assertThat(
                        texts(
                                outcomes(
                                        language,
                                        "splitter",
                                        """
                                        [{"a":1},"\u6f22",[2,null]]
                                        {"a":1}
                                        []
                                        [1
                                        """,
                                        ExitCodes.FOUND)))
                .containsExactly(
                        "{\"a\":1}\n\"\u6f22\"\n[2,null]\n",
                        "{\"a\":1}",
                        "Dropped",
                        "ProcessingFailed");
    }

    @Test
    void both_languages_answer_the_same() throws Exception {
        Map<String, String> samples = new TreeMap<>();
        samples.put(
                "apache log",
                "::1 - - [01/Jan/2026:00:00:00 +0000] \"-\" 408 -\nx\n::1 a b [d] \"r\" 200 5 \"-\" \"-\"\n");
        samples.put(
                "enricher",
                "{\"customer\":\"\u00e9\\u0001\"}\n\"customer\"\n{\"customer\":null}\n{}\n[\"customer\"]\n");
        samples.put("splitter", "[\"\\u0000\\\\\\\"\",{\"b\":1,\"a\":2}]\n7\n[[]]\n");

        for (Map.Entry<String, String> sample : samples.entrySet()) {
            TreeSet<String> answers = new TreeSet<>();
            for (Language language : Language.values()) {
                List<JsonNode> outcomes =
                        outcomes(language, sample.getKey(), sample.getValue(), -1);
                answers.add(withoutTimes(outcomes));
            }
            assertThat(answers).as(sample.getKey()).hasSize(1);
        }
    }

    /** Messages for people are those of the languages. */
    private static String withoutTimes(List<JsonNode> outcomes) {
        outcomes.forEach(o -> ((ObjectNode) o).remove(List.of("milliseconds", "log")));
        return outcomes.toString();
    }

    private List<JsonNode> outcomes(Language language, String words, String lines, int exitCode)
            throws Exception {
        return outcomes(language, exitCode, lines, name(language, words));
    }

    /**
     * @param exitCode -1: whatever it is
     */
    private List<JsonNode> outcomes(
            Language language, int exitCode, String lines, String... arguments) throws Exception {
        Optional<String> missing = Tools.missingProgram(language.program);
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        List<String> all = new ArrayList<>(List.of("function", "invoke"));
        all.addAll(List.of(arguments));
        all.addAll(
                List.of(
                        "--config",
                        folder.resolve("delivery.yaml").toString(),
                        "--together",
                        "--json"));

        ProgramRun run = ProgramRun.given(Map.of(), lines, all.toArray(new String[0]));

        if (exitCode >= 0) {
            assertThat(run.exitCode()).as(run.err() + run.out()).isEqualTo(exitCode);
        }
        List<JsonNode> outcomes = new ArrayList<>();
        JSON.readTree(run.out()).forEach(outcomes::add);
        return outcomes;
    }

    /** The data of what passes; the result of what does not. */
    private static List<String> texts(List<JsonNode> outcomes) {
        return outcomes.stream()
                .map(
                        outcome ->
                                outcome.path("result").asText().equals("Ok")
                                        ? outcome.path("text").asText()
                                        : outcome.path("result").asText())
                .toList();
    }
}

package io.delivery.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.api.http.FirehoseClient;
import io.delivery.cli.ExitCodes;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LoadedConfig;
import io.delivery.machine.SystemClock;
import io.delivery.processing.Processor;
import io.delivery.testkit.JavaSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plugin of docs/plugin-template, in a service that runs. */
class PluginServiceTest {
    private static final Path TEMPLATE = Path.of("../docs/plugin-template");

    @TempDir private Path folder;

    @BeforeEach
    void build() throws IOException {
        Path plugins = Files.createDirectory(folder.resolve("plugins"));
        new JavaSources()
                .against(Processor.class)
                .sources(TEMPLATE.resolve("src/main/java"))
                .resources(TEMPLATE.resolve("src/main/resources"))
                .jar(plugins.resolve("delivery-plugin-1.0.jar"));
    }

    private Path config(String function) throws IOException {
        return Files.writeString(
                folder.resolve("delivery.yaml"),
                """
                server: {api: 127.0.0.1:0, admin: 127.0.0.1:0, shutdown: {land: false}}
                dataDir: data
                limits: {memory: 128MB}
                stores: {lake: {directory: lake}}
                functions: {tag: %s}
                streams:
                  notes:
                    processors: [{lambda: {function: tag}}]
                    format: {raw: {delimiter: newline}}
                    destination: {store: lake, bucket: notes, prefix: 'main/', errorPrefix: 'errors/'}
                """
                        .formatted(function));
    }

    private List<String> lines(String below) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(below))) {
            return files.filter(Files::isRegularFile)
                    .flatMap(
                            file -> {
                                try {
                                    return Files.readAllLines(file).stream();
                                } catch (IOException e) {
                                    throw new AssertionError(e);
                                }
                            })
                    .toList();
        }
    }

    @Test
    void records_pass_the_plugin_on_their_way_to_the_lake() throws Exception {
        Path yaml =
                config(
                        "{plugin: com.example.delivery.FieldProvider, settings: {name: site, value: berlin}}");
        ConfigFile file = new ConfigFile(new ConfigLoader(Map.of(), Programs.OURS), yaml);
        LoadedConfig loaded = file.read();

        try (Service service = Service.start(loaded, file.kept(loaded))) {
            List<FirehoseClient.Entry> answers =
                    new FirehoseClient(service.apiUri(), Optional.empty(), new SystemClock())
                            .putRecordBatch(
                                    "notes",
                                    Stream.of("{\"a\":1}", "no object", "  ", "{}")
                                            .map(text -> text.getBytes(UTF_8))
                                            .toList());
            assertThat(answers).allMatch(FirehoseClient.Entry::accepted);
            service.flush().get(30, TimeUnit.SECONDS);
        }

        assertThat(lines("lake/notes/main"))
                .containsExactly("{\"site\":\"berlin\",\"a\":1}", "{\"site\":\"berlin\"}");
        List<String> errors = lines("lake/notes/errors");
        assertThat(errors).hasSize(1);
        JsonNode error = new ObjectMapper().readTree(errors.get(0));
        assertThat(error.path("errorCode").asText()).isEqualTo("Example.NotAnObject");
        assertThat(new String(Base64.getDecoder().decode(error.path("rawData").asText()), UTF_8))
                .isEqualTo("no object");
    }

    /** A jar that puts a word before each record; the word is a resource. */
    private void words(String word) throws IOException {
        Path next = folder.resolve("next");
        new JavaSources()
                .against(Processor.class)
                .source(
                        "w.Words",
                        """
                        package w;
                        import io.delivery.processing.*;
                        import java.nio.charset.StandardCharsets;
                        public final class Words implements ProcessorProvider {
                            @Override public int spiVersion() { return SPI_VERSION; }
                            @Override public Processor create(java.util.Map<String, String> settings) {
                                return records -> java.util.concurrent.CompletableFuture.completedFuture(
                                    records.stream().map(record -> (Outcome) new Outcome.Ok(
                                        (word() + record.toUtf8()).getBytes(StandardCharsets.UTF_8),
                                        io.delivery.partition.PartitionKeys.NONE)).toList());
                            }
                            private static String word() {
                                try (java.io.InputStream in = Words.class.getResourceAsStream("/word")) {
                                    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
                                } catch (java.io.IOException e) { throw new IllegalStateException(e); }
                            }
                        }
                        """)
                .resource("META-INF/services/io.delivery.processing.ProcessorProvider", "w.Words\n")
                .resource("word", word)
                .jar(next);
        Files.move(next, folder.resolve("plugins/words.jar"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static void put(Service service, int from, int to) throws Exception {
        assertThat(
                        new FirehoseClient(service.apiUri(), Optional.empty(), new SystemClock())
                                .putRecordBatch(
                                        "notes",
                                        IntStream.range(from, to)
                                                .mapToObj(i -> ("-" + i).getBytes(UTF_8))
                                                .toList()))
                .allMatch(FirehoseClient.Entry::accepted);
    }

    @Test
    void a_jar_that_is_replaced_under_load_is_in_force_after_the_reload() throws Exception {
        words("old");
        ConfigFile file =
                new ConfigFile(
                        new ConfigLoader(Map.of(), Programs.OURS), config("{plugin: w.Words}"));
        LoadedConfig loaded = file.read();

        try (Service service = Service.start(loaded, file.kept(loaded))) {
            put(service, 0, 100);
            service.flush().get(30, TimeUnit.SECONDS);
            words("the newer ");
            put(service, 100, 200); // by the old code or the new
            LoadedConfig next = file.read();
            service.reload(next, file.kept(next)).toCompletableFuture().get(30, TimeUnit.SECONDS);
            service.flush().get(30, TimeUnit.SECONDS);
            put(service, 200, 300);
            service.flush().get(30, TimeUnit.SECONDS);
        }

        List<String> lines = lines("lake/notes");
        assertThat(lines).hasSize(300);
        for (int i = 0; i < 300; i++) {
            if (i < 100) {
                assertThat(lines).contains("old-" + i);
            } else if (i < 200) {
                assertThat(lines).containsAnyOf("old-" + i, "the newer -" + i);
            } else {
                assertThat(lines).contains("the newer -" + i);
            }
        }
    }

    @Test
    void a_wrong_plugin_is_told_by_check_before_a_record_is_accepted() throws Exception {
        Path missing = config("{plugin: com.example.delivery.FieldProvidre}");
        ProgramRun check = ProgramRun.of(Map.of(), "check", missing.toString());
        assertThat(check.exitCode()).isNotEqualTo(ExitCodes.DONE);
        assertThat(check.out() + check.err())
                .contains(
                        "there is no plugin class com.example.delivery.FieldProvidre",
                        "there are com.example.delivery.FieldProvider");

        Path wrong = config("{plugin: com.example.delivery.FieldProvider, settings: {nam: site}}");
        check = ProgramRun.of(Map.of(), "check", wrong.toString());
        assertThat(check.exitCode()).isNotEqualTo(ExitCodes.DONE);
        assertThat(check.out() + check.err()).contains("nam is unknown");
    }
}

package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.testkit.servers.S3Bucket;
import io.delivery.wiring.ClassArchive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * An example of config-examples that names a server: its file as it is, but for the folder of its
 * data and its ports, and the program as processes of their own.
 *
 * @param config the file
 * @param environment the address and keys of a server
 */
record ServerExample(String name, Path config, Map<String, String> environment) {
    static final Path FOLDER = Path.of("../config-examples");

    private static final String DATA = "dataDir: ";
    private static final String BUFFER = "buffer: {size: 64MB, interval: 60s}";

    /** With its data in a folder of the test and on free ports. */
    static ServerExample in(Path folder, String name, Map<String, String> environment)
            throws IOException {
        String text = Files.readString(FOLDER.resolve(name + ".yaml"));
        assertThat(text).as("the example says where its data is").contains(DATA);
        assertThat(text).as("the example has ports of its own").doesNotContain("\nserver:");
        String here =
                text.replaceFirst(DATA + ".*", DATA + folder.resolve("data"))
                        + """

                        limits: {memory: 128MB}
                        server: {api: '127.0.0.1:0', admin: '127.0.0.1:0'}
                        """;
        return new ServerExample(
                name, Files.writeString(folder.resolve(name + ".yaml"), here), environment);
    }

    /** The same without waiting for more records. */
    ServerExample landingAtOnce() throws IOException {
        String text = Files.readString(config);
        assertThat(text).contains(BUFFER);
        Files.writeString(
                config,
                text.replace(BUFFER, "buffer: {size: 1MB, interval: 0s, lowLatency: true}"));
        return this;
    }

    /** The one bucket that its test speaks of. */
    String bucket() throws IOException {
        return prefix().replaceFirst("/.*", "");
    }

    /** Puts what its test says, and finds it where its test says, by the store and by the books. */
    void doesWhatItsTestSays(S3Bucket bucket) throws Exception {
        Map<?, ?> says = says();
        List<String> records =
                ((List<?>) says.get("records")).stream().map(String::valueOf).toList();
        List<?> lines = (List<?>) lands().getValue();
        runs("check", "--online", config.toString());
        try (DaemonProcess daemon = Daemons.start(config, environment)) {
            Notes.put(daemon, stream(), records);
            daemon.flush(stream());

            runs("verify", "--config", config.toString(), "--store");
            assertThat(daemon.books(stream(), 0).path("landed").asInt()).isEqualTo(records.size());
            assertThat(daemon.status(stream()).path("healthy").asBoolean()).isTrue();
            daemon.terminate();
            assertThat(daemon.exitCode()).as(daemon.log()).isZero();
        }
        runs("verify", "--config", config.toString(), "--read");
        List<String> found = new ArrayList<>();
        for (Map.Entry<String, byte[]> object : new TreeMap<>(bucket.objects()).entrySet()) {
            assertThat(bucket.name() + "/" + object.getKey()).startsWith(prefix());
            new String(object.getValue(), StandardCharsets.UTF_8).lines().forEach(found::add);
        }
        assertThat(found).hasSameElementsAs(lines.stream().map(String::valueOf).toList());
        assertThat(found).hasSameSizeAs(lines);
    }

    /** Runs a command to its end, which must be a good one. */
    private void runs(String... arguments) throws Exception {
        Run run = run(arguments);
        assertThat(run.exitCode()).as(String.join(" ", arguments) + "\n" + run.said()).isZero();
    }

    /** How a command ended, and what it printed. */
    record Run(int exitCode, String said) {}

    /** A command as a process of its own: keys come from the environment of a process. */
    Run run(String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile(config.getParent(), "command-", ".log");
        Process process =
                ClassArchive.program()
                        .withEnvironment(environment)
                        .process(List.of(arguments))
                        .redirectOutput(output.toFile())
                        .start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", arguments) + " took longer than 2 minutes");
        }
        return new Run(process.exitValue(), Files.readString(output));
    }

    String stream() throws IOException {
        return streams().keySet().iterator().next().toString();
    }

    private Map<?, ?> says() throws IOException {
        return (Map<?, ?>) streams().values().iterator().next();
    }

    private Map.Entry<?, ?> lands() throws IOException {
        Map<?, ?> lands = (Map<?, ?>) says().get("lands");
        assertThat(lands).as("prefixes in the test of " + name).hasSize(1);
        return lands.entrySet().iterator().next();
    }

    private String prefix() throws IOException {
        return lands().getKey().toString();
    }

    private Map<?, ?> streams() throws IOException {
        Map<?, ?> test =
                (Map<?, ?>)
                        new Load(LoadSettings.builder().build())
                                .loadFromString(
                                        Files.readString(FOLDER.resolve(name + ".test.yaml")));
        Map<?, ?> streams = (Map<?, ?>) test.get("streams");
        assertThat(streams).as("streams in the test of " + name).hasSize(1);
        return streams;
    }
}

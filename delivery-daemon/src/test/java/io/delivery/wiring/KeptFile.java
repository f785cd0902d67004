package io.delivery.wiring;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.ProcessorSettings;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LoadedConfig;
import io.delivery.loading.ProgramCompiler;
import io.delivery.stream.StreamChange;
import io.delivery.telemetry.PrometheusMetrics;
import io.delivery.testkit.SimWorld;
import io.delivery.watching.FileContents;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A configuration file that is kept to, in a simulated clock; a test says what becomes of it. */
abstract class KeptFile {
    @TempDir Path folder;

    final SimWorld sim = SimWorld.seeded(1);
    final PrometheusMetrics metrics = new PrometheusMetrics();
    final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    final Logger log = (Logger) LoggerFactory.getLogger(ConfigReload.class);

    /** The buckets of the configurations that came into force. */
    final List<String> inForce = new ArrayList<>();

    /** Why the next one is refused; empty when it is not. */
    Optional<RuntimeException> refusal = Optional.empty();

    /** What becomes of streams in the next one. */
    List<StreamChange> changes = List.of();

    /** What the next ones wait for; none when they do not. */
    final Deque<CompletableFuture<Void>> gates = new ArrayDeque<>();

    /** Done whenever a program is compiled while the file is read. */
    Runnable whileItIsRead = () -> {};

    /** Done whenever somebody looks at what is in the files. */
    Runnable whileItIsLookedAt = () -> {};

    Path file;
    DeliveryConfig config;
    ConfigReload reload;

    @BeforeEach
    void start() throws Exception {
        log.setLevel(Level.INFO);
        lines.start();
        log.addAppender(lines);
        file = folder.resolve("delivery.yaml");
        follow(text("first"));
    }

    @AfterEach
    void end() {
        reload.close();
        log.detachAppender(lines);
        log.setLevel(null);
    }

    void follow(String text) throws Exception {
        if (reload != null) {
            reload.close();
        }
        Files.writeString(file, text);
        ConfigFile read = new ConfigFile(new ConfigLoader(Map.of(), new Compiler()), file);
        LoadedConfig loaded = read.read();
        config = loaded.config();
        reload =
                new ConfigReload(
                        read,
                        loaded,
                        this::goOver,
                        () -> config,
                        sim.world(),
                        metrics,
                        this::contentsOf);
        reload.start();
    }

    private FileContents contentsOf(List<Path> files) {
        whileItIsLookedAt.run();
        return ConfigReload.contentsOf(files);
    }

    CompletionStage<List<StreamChange>> goOver(LoadedConfig next, InForce.KeptDefinitions kept) {
        if (refusal.isPresent()) {
            return CompletableFuture.failedFuture(refusal.get());
        }
        CompletableFuture<Void> gate =
                gates.isEmpty() ? CompletableFuture.completedFuture(null) : gates.remove();
        return gate.thenApply(
                open -> {
                    config = next.config();
                    inForce.add(config.streams().get(0).destination().bucket());
                    return changes;
                });
    }

    final class Compiler implements ProgramCompiler {
        @Override
        public Optional<Set<String>> queryKeys(String query) {
            return Programs.OURS.queryKeys(query);
        }

        @Override
        public void check(ProcessorSettings processor) {
            whileItIsRead.run();
            Programs.OURS.check(processor);
        }

        @Override
        public void checkTimestampFormat(String format) {
            Programs.OURS.checkTimestampFormat(format);
        }
    }

    /** One that has a program. */
    String compiled(String bucket) {
        return text(bucket).replace("notes: {", "notes: {processors: [{regex: '(?<a>.)'}], ");
    }

    void write(String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    String text(String bucket) {
        return text(bucket, "");
    }

    String text(String bucket, String server) {
        return """
        server: {api: 127.0.0.1:0, admin: 127.0.0.1:0%s}
        stores: {lake: {directory: lake}}
        streams: {notes: {destination: {bucket: %s}}}
        """
                .formatted(server, bucket);
    }

    void look() {
        sim.scheduler().runFor(ConfigReload.PAUSE);
    }

    void looks(int times) {
        for (int i = 0; i < times; i++) {
            look();
        }
    }

    List<String> told(String text) {
        synchronized (lines) { // who appends holds this lock
            return lines.list.stream()
                    .map(ILoggingEvent::getFormattedMessage)
                    .filter(line -> line.contains(text))
                    .toList();
        }
    }

    String stale() throws IOException {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        metrics.writeTo(page);
        return page.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("delivery_configuration_stale{"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElseThrow();
    }
}

package io.delivery.stream;

import io.delivery.config.BackupSettings;
import io.delivery.config.BufferingHints;
import io.delivery.config.Compression;
import io.delivery.config.DestinationSettings;
import io.delivery.config.EncryptionSettings;
import io.delivery.config.FormatSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.config.TransformSettings;
import io.delivery.crypt.MasterKey;
import io.delivery.crypt.MasterKeys;
import io.delivery.engine.Engine;
import io.delivery.engine.Stores;
import io.delivery.erroroutput.ErrorRecordEncoder;
import io.delivery.home.KeptStream;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.ObjectStore;
import io.delivery.lane.Books;
import io.delivery.lane.components.LaneComponents;
import io.delivery.lane.components.Resources;
import io.delivery.lane.components.Splitters;
import io.delivery.log.Log;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.partition.KeyExpression;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.RecordBatch;
import io.delivery.testkit.SimWorld;
import io.delivery.testkit.TestEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.DoubleSupplier;

/**
 * A registry in a simulated world, over as many lives of its process as a test wants. A document is
 * a word: with {@code backup} at its end the stream has one, with {@code encrypted} at its
 * beginning it is.
 */
final class RegistryWorld {
    static final Path DATA = Path.of("/data");

    private final SimWorld sim;
    private final Numbers numbers = new Numbers();
    private final long diskBytes;
    private Map<String, Log> logs = Map.of();
    private String broken = "";
    private String refused = "";
    private boolean lakeIsGone;
    private int openComponents;
    private Optional<Error> defectOfClosing = Optional.empty();
    private MasterKeys masterKeys = MasterKeys.NONE;
    private Engine engine;
    private StreamRegistry registry;

    RegistryWorld(long seed) throws IOException {
        this(seed, 4L << 30);
    }

    RegistryWorld(long seed, long diskBytes) throws IOException {
        this.sim = SimWorld.seeded(seed);
        this.diskBytes = diskBytes;
        sim.disk().createDirectories(DATA);
        sim.disk().syncDirectory(DATA.getParent());
        sim.store().partSize(1 << 20);
    }

    static DefinedStream stream(String name, String document) {
        int interval = document.startsWith("slow") ? 120 : 60;
        BufferingHints hints = new BufferingHints(1, interval, BufferingHints.Latency.STANDARD);
        Optional<BackupSettings> backup =
                document.endsWith("backup")
                        ? Optional.of(
                                new BackupSettings(
                                        "lake",
                                        "backups",
                                        Optional.empty(),
                                        Compression.NONE,
                                        FormatSettings.Delimiter.NONE,
                                        ZoneOffset.UTC,
                                        hints))
                        : Optional.empty();
        return new DefinedStream(
                new StreamDefinition(
                                name,
                                1,
                                hints,
                                TransformSettings.NONE,
                                Optional.empty(),
                                new FormatSettings.Raw(FormatSettings.Delimiter.NONE),
                                new DestinationSettings(
                                        "lake",
                                        "lake",
                                        Optional.empty(),
                                        Optional.empty(),
                                        Compression.NONE,
                                        ZoneOffset.UTC,
                                        Optional.empty()),
                                backup)
                        .withEncryption(
                                document.startsWith("encrypted")
                                        ? Optional.of(EncryptionSettings.DEFAULT)
                                        : Optional.empty()),
                document);
    }

    private DefinedStream read(KeptStream kept) {
        if (kept.document().equals(refused)) {
            throw new DefinitionRefusedException(kept.name() + " names a store that is gone");
        }
        return stream(kept.name(), kept.document());
    }

    /** The configuration lacks what a definition of the API that is written so names. */
    void refuse(String document) {
        refused = document;
    }

    /** Every stream reads these beside its journal, from the next life on. */
    void logs(Map<String, Log> besideTheJournal) {
        logs = besideTheJournal;
    }

    /** What makes components of this stream has a defect. */
    void breakComponentsOf(String stream) {
        broken = stream;
    }

    private ComponentFactory factory() {
        return new ComponentFactory() {
            @Override
            public StreamComponents components(StreamDefinition definition) {
                return RegistryWorld.this.components(definition);
            }

            @Override
            public Map<String, Log> logs(StreamDefinition definition) {
                return logs;
            }
        };
    }

    StreamComponents components(StreamDefinition definition) {
        if (definition.name().equals(broken)) {
            throw new IllegalStateException("what nobody expects");
        }
        return new StreamComponents(
                lane(Kind.MAIN, definition),
                definition.backup().map(backup -> lane(Kind.BACKUP, definition)));
    }

    private LaneComponents lane(Kind kind, StreamDefinition definition) {
        openComponents++;
        return new LaneComponents(
                kind,
                definition.version(),
                definition.buffer(),
                Splitters.WHOLE,
                identity -> null,
                List.of(),
                Optional.empty(),
                Integer.MAX_VALUE,
                KeyExpression.of(
                        Optional.of(definition.name() + "/"),
                        Optional.of("err/!{firehose:error-output-type}/"),
                        ZoneOffset.UTC,
                        definition.name(),
                        ""),
                new HintsWorld.Plain(),
                Optional.of(new ErrorRecordEncoder(Optional.empty(), Optional.empty())),
                "lake",
                kind == Kind.MAIN ? "lake" : "backups",
                new Resources(this::close));
    }

    private void close() {
        openComponents--;
        Optional<Error> defect = defectOfClosing;
        defectOfClosing = Optional.empty();
        if (defect.isPresent()) {
            throw defect.get();
        }
    }

    /** The components that are closed next do not close in order. */
    void failNextClosing(Error defect) {
        defectOfClosing = Optional.of(defect);
    }

    /** From now on it stays only for what open streams have recorded. */
    void lakeIsGone() {
        lakeIsGone = true;
    }

    private final class Lake implements Stores {
        @Override
        public ObjectStore store(String name) {
            return name.equals("lake") ? sim.store() : null;
        }

        @Override
        public boolean isConfigured(String name) {
            return name.equals("lake") && !lakeIsGone;
        }
    }

    // --- lives ---

    /** A process begins with these streams in its configuration. */
    void begin(DefinedStream... configured) throws IOException {
        openComponents = 0;
        numbers.gauges.clear();
        engine =
                TestEngine.on(sim.world(), DATA)
                        .metrics(numbers)
                        .disk(diskBytes)
                        .stores(new Lake())
                        .masterKeys(masterKeys)
                        .build();
        registry = new StreamRegistry(engine, factory(), this::read);
        registry.open(List.of(configured));
    }

    /** What the next process is configured with. */
    void masterKeys(MasterKey... keys) {
        masterKeys = new MasterKeys(List.of(keys));
    }

    void kill() {
        sim.kill();
        sim.restart();
    }

    SimWorld sim() {
        return sim;
    }

    StreamRegistry registry() {
        return registry;
    }

    Engine engine() {
        return engine;
    }

    // --- what a test does ---

    /** Runs what there is to run until this has completed, however long that takes. */
    <T> T await(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        for (int i = 0; i < 20_000 && !future.isDone(); i++) {
            if (!sim.scheduler().runOne() && !sim.scheduler().advanceToNextTimer()) {
                throw new AssertionError("nothing is left to run");
            }
        }
        if (!future.isDone()) {
            throw new AssertionError("it does not end");
        }
        return future.join();
    }

    void create(String name, String document) {
        await(registry.create(stream(name, document)));
    }

    CompletionStage<AcceptedBatch> put(String name, String text) {
        return registry.find(name)
                .orElseThrow()
                .accept(
                        RecordBatch.of(
                                sim.clock().millis(), text.getBytes(StandardCharsets.UTF_8)));
    }

    void pass(Duration time) {
        sim.scheduler().runFor(time);
    }

    StreamStatus status(String name) {
        return registry.find(name).orElseThrow().status();
    }

    Books books(String name) {
        return status(name).lanes().get(0).books();
    }

    List<String> names() {
        return registry.all().stream().map(RegisteredStream::name).toList();
    }

    /** What landed of a stream, sorted. */
    List<String> landed(String name) {
        List<String> texts = new ArrayList<>();
        sim.store()
                .visible()
                .forEach(
                        (object, visible) -> {
                            if (object.bucket().equals("lake")
                                    && object.key().startsWith(name + "/")) {
                                texts.add(new String(visible.bytes(), StandardCharsets.UTF_8));
                            }
                        });
        texts.sort(null);
        return texts;
    }

    /** Directories below {@code streams/}. */
    List<String> folders() throws IOException {
        return sim.disk().list(DATA.resolve("streams")).stream()
                .map(folder -> folder.getFileName().toString())
                .toList();
    }

    Path folder(String name) throws IOException {
        String folder =
                folders().stream().filter(f -> f.startsWith(name + "~")).findAny().orElseThrow();
        return DATA.resolve("streams").resolve(folder);
    }

    /** Components that were made and not given back. */
    int openComponents() {
        return openComponents;
    }

    /** The names of the streams that have any metric. */
    TreeSet<String> measured() {
        TreeSet<String> measured = new TreeSet<>(numbers.counted.values());
        measured.addAll(numbers.gauges.keySet());
        measured.remove("");
        return measured;
    }

    double gauge(Metric metric, String stream) {
        return numbers.gauges.get(stream).get(metric).getAsDouble();
    }

    long counter(Metric metric, String stream) {
        return numbers.counters.getOrDefault(metric + "/" + stream, 0L);
    }

    private static final class Numbers implements Metrics {
        private final Map<String, Long> counters = new TreeMap<>();
        private final Map<String, String> counted = new TreeMap<>();
        private final Map<String, Map<Metric, DoubleSupplier>> gauges = new TreeMap<>();

        @Override
        public void add(Metric metric, String stream, String label, long amount) {
            counters.merge(metric + "/" + stream, amount, Long::sum);
            counted.put(metric + "/" + stream, stream);
        }

        @Override
        public void observe(Metric metric, String stream, long nanos) {
            counted.put(metric + "/" + stream, stream);
        }

        @Override
        public void gauge(Metric metric, String stream, DoubleSupplier value) {
            gauges.computeIfAbsent(stream, name -> new TreeMap<>()).put(metric, value);
        }

        @Override
        public void remove(String stream) {
            counters.keySet().removeIf(key -> key.endsWith("/" + stream));
            counted.values().removeIf(stream::equals);
            gauges.remove(stream);
        }
    }
}

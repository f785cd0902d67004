package io.delivery.stream;

import io.delivery.buffer.MemoryBudget;
import io.delivery.config.BufferingHints;
import io.delivery.config.Compression;
import io.delivery.config.DestinationSettings;
import io.delivery.config.FormatSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.config.TransformSettings;
import io.delivery.engine.DataVolume;
import io.delivery.engine.DiskShares;
import io.delivery.engine.Engine;
import io.delivery.erroroutput.ErrorRecordEncoder;
import io.delivery.format.EncoderFactory;
import io.delivery.format.RecordEncoder;
import io.delivery.format.RecordSource;
import io.delivery.format.RejectedRecords;
import io.delivery.home.KeptStream;
import io.delivery.home.LaneEntry;
import io.delivery.home.StreamHome;
import io.delivery.landing.Diversion;
import io.delivery.landing.DiversionAnswer;
import io.delivery.landing.Diverted;
import io.delivery.landing.LaneRecord;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LocalLaneState;
import io.delivery.lane.LaneStatus;
import io.delivery.lane.components.LaneComponents;
import io.delivery.lane.components.Resources;
import io.delivery.lane.components.Splitters;
import io.delivery.log.Log;
import io.delivery.partition.KeyExpression;
import io.delivery.partition.PartitionKeyExtractor;
import io.delivery.processing.Processor;
import io.delivery.processing.RecordSplitter;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;
import io.delivery.record.Incarnation;
import io.delivery.record.RecordBatch;
import io.delivery.record.SequencedRecord;
import io.delivery.testkit.MemoryStore;
import io.delivery.testkit.SimDisk;
import io.delivery.testkit.SimWorld;
import io.delivery.testkit.TestEngine;
import io.delivery.verify.Finding;
import io.delivery.verify.Verification;
import io.delivery.verify.Watcher;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * One stream without processors in a simulated world whose clock the test moves. A record's
 * partition is what stands before its colon; objects are their records, one behind the other.
 */
final class HintsWorld {
    static final Path DATA = Path.of("/data");

    private final SimWorld sim;
    private final BufferingHints hints;
    private final Optional<PartitionKeyExtractor> extractor;
    private final int partitionLimit;

    /** The memory that one encoder can have. */
    static final long LARGEST_ENCODER = 1L << 30;

    private final long memoryBytes;
    private MemoryBudget memory;
    private long diskBytes = 16L << 30;
    private boolean smallVolume;
    private boolean hasPond;
    private Optional<RecordSplitter> splitter = Optional.empty();
    private final Map<String, RecordSplitter> splitters = new HashMap<>();
    private EncoderFactory encoder = new Plain();
    private List<Processor> processors = List.of();
    private Optional<String> prefix = Optional.empty();
    private final Map<String, Log> otherLogs = new TreeMap<>();
    private String document = "document";

    /** Of each version that components were made of. */
    private final Map<Integer, String> prefixes = new HashMap<>();

    private DeliveryStream stream;

    private HintsWorld(
            BufferingHints hints,
            Optional<PartitionKeyExtractor> extractor,
            int partitionLimit,
            long memoryBytes)
            throws IOException {
        this.sim = SimWorld.seeded(42);
        this.hints = hints;
        this.extractor = extractor;
        this.partitionLimit = partitionLimit;
        this.memoryBytes = memoryBytes;
        sim.disk().createDirectories(DATA);
        sim.disk().syncDirectory(DATA.getParent());
        sim.store().partSize(1 << 30);
        open();
    }

    static HintsWorld of(int sizeInMBs, int seconds) throws IOException {
        return new HintsWorld(
                new BufferingHints(sizeInMBs, seconds, BufferingHints.Latency.STANDARD),
                Optional.empty(),
                Integer.MAX_VALUE,
                300L << 20);
    }

    static HintsWorld partitioned(int sizeInMBs, int seconds, int limit, long memoryBytes)
            throws IOException {
        return new HintsWorld(
                new BufferingHints(sizeInMBs, seconds, BufferingHints.Latency.LOW),
                Optional.of(HintsWorld::key),
                limit,
                memoryBytes);
    }

    /** The keys come from this extractor. */
    static HintsWorld partitionedBy(PartitionKeyExtractor keys) throws IOException {
        return new HintsWorld(
                new BufferingHints(1, 60, BufferingHints.Latency.LOW),
                Optional.of(keys),
                50,
                300L << 20);
    }

    /** Records are split so, and this is the disk limit. */
    static HintsWorld onDisk(long diskBytes, RecordSplitter splitter) throws IOException {
        HintsWorld world = of(128, 900);
        world.splitWith(splitter);
        world.killAndRestart(diskBytes);
        return world;
    }

    /** From the next start on records are encoded so. */
    void encodeWith(EncoderFactory next) {
        encoder = next;
    }

    /** None of the records converts, and this is the disk limit. */
    static HintsWorld convertingNothing(long diskBytes) throws IOException {
        HintsWorld world = of(128, 900);
        world.encodeWith(new Refusing());
        world.killAndRestart(diskBytes);
        return world;
    }

    /** From the next start on; ranges that were begun before still find theirs. */
    void splitWith(RecordSplitter next) {
        splitter = Optional.of(next);
        splitters.put(next.identity(), next);
    }

    /** From the next start on. */
    void processWith(Processor processor) {
        processors = List.of(processor);
    }

    /** Processors give the keys of this prefix, from the next start on. */
    static HintsWorld keyedByProcessor(Processor processor, int limit) throws IOException {
        HintsWorld world =
                new HintsWorld(
                        new BufferingHints(1, 60, BufferingHints.Latency.LOW),
                        Optional.empty(),
                        limit,
                        300L << 20);
        world.prefix = Optional.of("p=!{partitionKeyFromLambda:k}/");
        world.processWith(processor);
        world.killAndRestart();
        return world;
    }

    /** Another version of the definition is asked for; nothing but its number differs. */
    CompletableFuture<Integer> changeDefinition(String document, Processor processor) {
        processWith(processor);
        return changeDefinition(document);
    }

    /** The same, with the encoder and the processors that are in use from now on. */
    CompletableFuture<Integer> changeDefinition(String next) {
        document = next;
        CompletableFuture<Integer> changed =
                stream.replaceDefinition(definition(), next, this::components)
                        .toCompletableFuture();
        sim.scheduler().runUntilIdle();
        return changed;
    }

    /** Another version, whose main output has this prefix. */
    CompletableFuture<Integer> changePrefix(String next) {
        prefix = Optional.of(next);
        return changeDefinition("prefix " + next);
    }

    /** The stream stops in order. */
    void stop(Stopping how) {
        CompletableFuture<Void> stopped =
                stream.stop(how, Duration.ofSeconds(30)).toCompletableFuture();
        pass(Duration.ofSeconds(31));
        stopped.join();
    }

    private static Map<String, String> key(DeliveryRecord record) {
        String text = record.toUtf8();
        return Map.of("k", text.substring(0, text.indexOf(':')));
    }

    /** Looked at as the program does, once the test has made it small. */
    private DiskShares.Volume volume() throws IOException {
        return smallVolume
                ? DataVolume.open(sim.world(), DATA, diskBytes)
                : DiskShares.Volume.AMPLE;
    }

    private void open() throws IOException {
        memory = new MemoryBudget(memoryBytes);
        Engine engine =
                TestEngine.on(sim.world(), DATA)
                        .memory(memory)
                        .largestEncoder(LARGEST_ENCODER)
                        .disk(diskBytes)
                        .volume(volume())
                        .stores(
                                name ->
                                        name.equals("lake") || hasPond && name.equals("pond")
                                                ? sim.store()
                                                : null)
                        .build();
        stream =
                DeliveryStream.start(
                        engine,
                        definition(),
                        document,
                        new ComponentFactory() {
                            @Override
                            public StreamComponents components(StreamDefinition of) {
                                return HintsWorld.this.components(of);
                            }

                            @Override
                            public Map<String, Log> logs(StreamDefinition of) {
                                return otherLogs;
                            }

                            @Override
                            public StreamComponents componentsOf(KeptStream old, int version) {
                                return HintsWorld.this.components(
                                        definition().withVersion(version), prefixes.get(version));
                            }
                        });
    }

    /** From the next start on the stream reads this log as well. */
    void alsoReads(String name, Log log) {
        otherLogs.put(name, log);
    }

    /** From the next start on it does not read this log any more. */
    void readsNoMore(String name) {
        otherLogs.remove(name);
    }

    /** The process is killed and another one started. */
    void killAndRestart() throws IOException {
        sim.kill();
        sim.restart();
        open();
    }

    /**
     * The process is killed, the disk damages what the journal has of this text, and a new start.
     */
    void killDamageAndRestart(String text) throws IOException {
        sim.kill();
        sim.restart();
        int damaged = 0;
        for (Path file : sim.disk().list(journal())) {
            String content = new String(sim.disk().bytes(file), StandardCharsets.ISO_8859_1);
            int at = content.indexOf(text);
            if (at >= 0) {
                sim.disk().flipBit(file, at * 8L);
                damaged++;
            }
        }
        if (damaged != 1) {
            throw new AssertionError(text + " is in " + damaged + " segments");
        }
        open();
    }

    /** The journal as it is on disk now. */
    Map<Path, byte[]> copyOfJournal() throws IOException {
        Map<Path, byte[]> copy = new TreeMap<>();
        for (Path file : sim.disk().list(journal())) {
            copy.put(file, sim.disk().bytes(file));
        }
        return copy;
    }

    /** The process is killed, the journal restored from a copy, and a new start. */
    void killRestoreAndRestart(Map<Path, byte[]> copyOfJournal) throws IOException {
        sim.kill();
        sim.restart();
        for (Path file : sim.disk().list(journal())) {
            sim.disk().delete(file);
        }
        for (Map.Entry<Path, byte[]> file : copyOfJournal.entrySet()) {
            sim.disk().plant(file.getKey(), file.getValue());
        }
        open();
    }

    private Path journal() throws IOException {
        return sim.disk().list(DATA.resolve("streams")).get(0).resolve("journal");
    }

    /** From now on, and after a start, the volume has room for so many bytes more. */
    void volumeHasRoomFor(long bytes) throws IOException {
        sim.disk().fullAfter(bytes);
        smallVolume = true;
        killAndRestart();
    }

    /** The same, with another disk limit. */
    void killAndRestart(long newDiskBytes) throws IOException {
        diskBytes = newDiskBytes;
        killAndRestart();
    }

    private StreamDefinition definition() {
        return new StreamDefinition(
                "clicks",
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
                Optional.empty());
    }

    private StreamComponents components(StreamDefinition definition) {
        String mainPrefix =
                prefix.orElse(extractor.isPresent() ? "p=!{partitionKeyFromQuery:k}/" : "main/");
        prefixes.put(definition.version(), mainPrefix);
        return components(definition, mainPrefix);
    }

    private StreamComponents components(StreamDefinition definition, String mainPrefix) {
        return new StreamComponents(
                new LaneComponents(
                        Kind.MAIN,
                        definition.version(),
                        hints,
                        splitter.map(RecordSplitter::identity).orElse(Splitters.WHOLE),
                        identity -> splitters.get(identity),
                        processors,
                        extractor,
                        partitionLimit,
                        KeyExpression.of(
                                Optional.of(mainPrefix),
                                Optional.of("err/!{firehose:error-output-type}/"),
                                ZoneOffset.UTC,
                                "clicks",
                                ""),
                        encoder,
                        Optional.of(new ErrorRecordEncoder(Optional.empty(), Optional.empty())),
                        "lake",
                        "lake",
                        Resources.none()),
                Optional.empty());
    }

    // --- what a test does ---

    /** Puts one record and lets the stream take it; no time passes. */
    void put(String text) {
        put(text.getBytes(StandardCharsets.UTF_8));
    }

    void put(byte[]... records) {
        CompletableFuture<?> accepted =
                stream.accept(RecordBatch.of(sim.clock().millis(), records)).toCompletableFuture();
        sim.scheduler().runUntilIdle();
        accepted.join();
    }

    /** Puts records in one call; whether they were accepted. */
    boolean tryPut(byte[]... records) {
        CompletableFuture<?> accepted =
                stream.accept(RecordBatch.of(sim.clock().millis(), records)).toCompletableFuture();
        sim.scheduler().runUntilIdle();
        return !accepted.isCompletedExceptionally();
    }

    /** Seals and lands what was accepted. */
    void flush() {
        stream.flush();
        pass(Duration.ofMinutes(3));
    }

    /** The same, asked for at this moment; no time passes. */
    CompletableFuture<Void> askToFlush() {
        return stream.flush().toCompletableFuture();
    }

    /** Leads objects that do not land elsewhere; a minute passes. */
    List<Diverted> divert(Diversion.Which which, Diversion.Way way) {
        CompletableFuture<List<Diverted>> done = divertLater(which, way);
        pass(Duration.ofMinutes(1));
        return done.join();
    }

    /** The same, asked for at this moment; no time passes. */
    CompletableFuture<List<Diverted>> divertLater(Diversion.Which which, Diversion.Way way) {
        return askToDivert(which, way)
                .thenApply(
                        answer -> {
                            if (!answer.failures().isEmpty()) {
                                throw new IllegalStateException(answer.failureText());
                            }
                            return answer.objects();
                        });
    }

    /** The same with what each lane did. */
    CompletableFuture<DiversionAnswer> askToDivert(Diversion.Which which, Diversion.Way way) {
        CompletableFuture<DiversionAnswer> done =
                stream.divert(new Diversion(which, way, Diversion.Looks.MUST_NOT_SEE_IT))
                        .toCompletableFuture();
        sim.scheduler().runUntilIdle();
        return done;
    }

    /** Whether there is a second store, {@code pond}: another name of the same. */
    void hasPond(boolean has) {
        hasPond = has;
    }

    /** Without these the stream cannot land what it has recorded and decided. */
    Set<String> storesToLandIn() {
        CompletableFuture<Set<String>> names = stream.storesToLandIn().toCompletableFuture();
        sim.scheduler().runUntilIdle();
        return names.join();
    }

    MemoryStore store() {
        return sim.store();
    }

    /** Seals what was accepted; no time passes. */
    void seal() {
        stream.flush();
        sim.scheduler().runUntilIdle();
    }

    StreamStatus status() {
        return stream.status();
    }

    /** Puts records of one kind of this many bytes in all, each of at most 64 KiB. */
    void putBytes(String prefix, long bytes) {
        for (long left = bytes; left > 0; left -= 64 << 10) {
            byte[] record = new byte[(int) Math.min(left, 64 << 10)];
            Arrays.fill(record, (byte) 'x');
            byte[] head = prefix.getBytes(StandardCharsets.UTF_8);
            System.arraycopy(head, 0, record, 0, Math.min(head.length, record.length));
            put(record);
        }
    }

    /** Time passes in the middle of a step: nothing else is done meanwhile. */
    void passWithinStep(Duration time) {
        sim.clock().advance(time);
    }

    long millis() {
        return sim.clock().millis();
    }

    void pass(Duration time) {
        sim.scheduler().runFor(time);
    }

    /** By the wall clock, milliseconds since the epoch. */
    long now() {
        return sim.clock().millis();
    }

    /** Somebody sets the wall clock. */
    void jumpWall(Duration step) {
        sim.clock().jumpWall(step);
    }

    /** What the user's own command would find. */
    List<Finding> verify() throws IOException {
        return new Verification(sim.world(), DATA, Watcher.NOBODY).run().findings().kept();
    }

    /** A process that is dead now has said of this object of the main lane that it has landed. */
    void hasSaidLanded(Incarnation incarnation, long rangeStart, int number) throws IOException {
        Path stream = sim.disk().list(DATA.resolve("streams")).get(0);
        LocalLaneState state =
                LocalLaneState.recover(
                        stream.resolve("lanes/main-1"), incarnation, "test", 0, sim.world());
        state.append(List.of(new LaneRecord.Landed(rangeStart, number, "seen")));
        state.close();
    }

    /** The process ends where it is. */
    void kill() {
        sim.kill();
        sim.restart();
    }

    SimDisk disk() {
        return sim.disk();
    }

    /** From now on nothing lands. */
    void storeDenies() {
        sim.store().weather(MemoryStore.Fate.DENIED, 1);
    }

    /** From now on nothing lands; ranges pile up until the lane stops reading. */
    void storeGoesAway() {
        storeRefuses();
        for (int i = 0; i < 16; i++) {
            put("outage:" + i);
            stream.flush();
            sim.scheduler().runUntilIdle();
        }
    }

    void storeRefuses() {
        sim.store().weather(MemoryStore.Fate.DENIED, 1);
    }

    void storeComesBack() {
        sim.store().heal();
    }

    /** A bit of what was spilled changes on its own; the first of each spool file's middle byte. */
    void spoolRots() throws IOException {
        Path stream = sim.disk().list(DATA.resolve("streams")).get(0);
        for (Path spool : sim.disk().list(stream.resolve("lanes/main-1/spool"))) {
            sim.disk().flipBit(spool, sim.disk().bytes(spool).length / 2 * 8L);
        }
    }

    /**
     * Goes on until bytes are staged that were not before, and a bit of them changes on its own.
     *
     * @param before files in the staging area
     */
    void nextStagedRots(List<Path> before) throws IOException {
        for (int steps = 0; steps < 10_000; steps++) {
            for (Path file : staged()) {
                long length = sim.disk().bytes(file).length;
                if (length > 0 && !before.contains(file)) {
                    sim.disk().flipBit(file, length / 2 * 8);
                    return;
                }
            }
            if (!step()) {
                sim.scheduler().advanceToNextTimer();
            }
        }
        throw new AssertionError("nothing more was staged");
    }

    /** Files in the staging area. */
    List<Path> staged() throws IOException {
        return staged("main-1");
    }

    /** The same of this lane. */
    List<Path> staged(String lane) throws IOException {
        Path stream = sim.disk().list(DATA.resolve("streams")).get(0);
        return sim.disk().list(stream.resolve("lanes").resolve(lane).resolve("staging"));
    }

    /** Lists of other lanes take so much of the memory. */
    void othersHold(long bytes) {
        memory.hold(bytes);
    }

    /** What buffers have of the memory. */
    long usedMemory() {
        return memory.usedBytes();
    }

    /** What all lanes hold of the memory that nobody can spill. */
    long held() {
        return memory.heldBytes();
    }

    /** From the next start on there is one more lane; {@link LaneEntry} says how it is written. */
    void hasLane(String entry) throws IOException {
        StreamHome home = StreamHome.find(DATA, "clicks", sim.world());
        home.lanes(List.of(home.lanes().get(0), LaneEntry.parse(entry)));
    }

    List<String> troubles() {
        return stream.status().troubles();
    }

    /** One step of the whole world; false when it waits for a timer. */
    boolean step() {
        return sim.scheduler().runOne();
    }

    void advance(Duration time) {
        sim.scheduler().advance(time);
    }

    LaneStatus lane() {
        return stream.status().lanes().get(0);
    }

    LaneStatus lane(String name) {
        return stream.status().lanes().stream()
                .filter(lane -> lane.lane().equals(name))
                .findAny()
                .orElseThrow();
    }

    /** Lengths of the visible objects whose keys begin so, in the order in which they came. */
    List<Integer> objects(String prefix) {
        return sim.store().visible().entrySet().stream()
                .filter(object -> object.getKey().key().startsWith(prefix))
                .map(object -> object.getValue().bytes().length)
                .toList();
    }

    /** Refuses every record. */
    static final class Refusing extends Plain {
        private static final Failure UNFIT =
                new Failure(
                        Failure.Kind.FORMAT_CONVERSION_FAILED,
                        "DataFormatConversion.ParseError",
                        "The record is not what the table says");

        @Override
        public RecordEncoder encoder(long memoryBytes) {
            return this;
        }

        @Override
        public void encode(RecordSource records, OutputStream out, RejectedRecords rejected)
                throws IOException {
            while (records.next() != null) {
                rejected.reject(UNFIT);
            }
        }
    }

    /** Records' own bytes, nothing between. */
    static class Plain implements EncoderFactory, RecordEncoder {
        @Override
        public RecordEncoder encoder(long memoryBytes) {
            return this;
        }

        @Override
        public void encode(RecordSource records, OutputStream out, RejectedRecords rejected)
                throws IOException {
            for (SequencedRecord r = records.next(); r != null; r = records.next()) {
                out.write(r.array(), r.offset(), r.length());
            }
        }

        @Override
        public String extension() {
            return "";
        }

        @Override
        public String contentEncoding() {
            return "";
        }

        @Override
        public long memoryBytes() {
            return 1;
        }
    }
}

package io.delivery.wiring;

import io.delivery.admin.AdminServer;
import io.delivery.admin.AdminSettings;
import io.delivery.admin.Health;
import io.delivery.admin.Probes;
import io.delivery.api.http.ApiServer;
import io.delivery.api.http.ApiSettings;
import io.delivery.api.signing.Credential;
import io.delivery.api.signing.RequestVerifier;
import io.delivery.api.signing.SignatureVerifier;
import io.delivery.buffer.MemoryBudget;
import io.delivery.cli.BoundAddresses;
import io.delivery.cli.ExitCodes;
import io.delivery.config.ApiCredentials;
import io.delivery.config.ConfigProblems;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.Glob;
import io.delivery.config.MemoryDivision;
import io.delivery.config.ServerSettings;
import io.delivery.config.ShutdownSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.engine.DiskLimitException;
import io.delivery.engine.DiskShares;
import io.delivery.engine.EncodingPool;
import io.delivery.engine.Engine;
import io.delivery.engine.LaneLimits;
import io.delivery.home.KeptStream;
import io.delivery.landing.Landings;
import io.delivery.lane.LaneStatus;
import io.delivery.ledger.LedgerLimit;
import io.delivery.loading.InvalidConfigException;
import io.delivery.loading.LoadedConfig;
import io.delivery.loading.LoadedStream;
import io.delivery.machine.Machine;
import io.delivery.metrics.Metric;
import io.delivery.stream.ComponentFactory;
import io.delivery.stream.DeliveryStream;
import io.delivery.stream.Stopping;
import io.delivery.stream.StreamComponents;
import io.delivery.stream.StreamStatus;
import io.delivery.telemetry.PrometheusMetrics;
import io.delivery.world.World;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running service: data directory, stores, streams, servers. Started in the order in which a
 * record needs them from the end to the front, stopped in the order in which it passes them.
 */
public final class Service implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Service.class);

    private static final int LANDING_SLOTS_PER_STORE = 16;
    private static final Duration API_GRACE = Duration.ofSeconds(5);

    /** A stop that takes longer says what it waits for. */
    private static final Duration SHORT_WAIT = Duration.ofSeconds(2);

    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final Duration LONGEST_CLOCK_STEP = Duration.ofSeconds(1);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

    private final DeliveryConfig config;
    private final DataDirectory dataDirectory;
    private final Machine machine;
    private final Intervention intervention;
    private final World world;
    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private final StreamTable streams = new StreamTable();
    private StoreRegistry stores;
    private ApiServer api;
    private AdminServer admin;
    private volatile long lastBeatNanos;
    private volatile boolean ready;
    private long clockOffsetMillis;

    private Service(DeliveryConfig config, DataDirectory dataDirectory, Intervention intervention) {
        this.config = config;
        this.dataDirectory = dataDirectory;
        this.intervention = intervention;
        this.machine = new Machine(dataDirectory.path());
        this.world = intervention.world(machine.world());
    }

    /** Reads the last definition of a stream that the configuration does not name any more. */
    @FunctionalInterface
    public interface KeptDefinitions {
        LoadedStream read(KeptStream stream) throws InvalidConfigException;
    }

    /**
     * Starts everything that the configuration names, and drains what it does not name any more.
     * Nothing is left running when it throws.
     *
     * @throws StartRefusedException with the exit code that tells why
     */
    public static Service start(LoadedConfig loaded, KeptDefinitions kept)
            throws StartRefusedException {
        return start(loaded, kept, Intervention.NONE);
    }

    static Service start(LoadedConfig loaded, KeptDefinitions kept, Intervention intervention)
            throws StartRefusedException {
        DeliveryConfig config = loaded.config();
        checkMachine(config);
        DataDirectory dataDirectory;
        try {
            dataDirectory = DataDirectory.open(config.dataDir());
        } catch (DataDirectoryException refused) {
            throw new StartRefusedException(
                    ExitCodes.DATA_DIRECTORY, List.of(refused.getMessage()));
        }
        dataDirectory
                .copiedFrom()
                .ifPresent(
                        from ->
                                log.warn(
                                        "data directory was copied or restored: directory={} from={}."
                                                + " If the other one is used as well, what was not"
                                                + " committed by then lands from both, and new"
                                                + " RecordIds repeat",
                                        dataDirectory.path(),
                                        from));
        Service service = new Service(config, dataDirectory, intervention);
        try {
            BoundAddresses.remove(dataDirectory.path()); // a killed one's
            service.open(loaded, kept);
            return service;
        } catch (IOException failed) {
            service.abandon();
            throw new StartRefusedException(
                    ExitCodes.DATA_DIRECTORY,
                    List.of(dataDirectory.path() + " cannot be written: " + failed));
        } catch (StartRefusedException | RuntimeException failed) {
            service.abandon();
            throw failed;
        }
    }

    /** For a data directory that no stream has left. */
    public static Service start(LoadedConfig loaded) throws StartRefusedException {
        return start(
                loaded,
                stream -> {
                    throw new IllegalStateException(
                            "stream %s is in %s and not in the configuration"
                                    .formatted(stream.name(), stream.directory()));
                });
    }

    private static void checkMachine(DeliveryConfig config) throws StartRefusedException {
        ConfigProblems problems = new ConfigProblems();
        config.limits().validateOnMachine("limits", Runtime.getRuntime().maxMemory(), problems);
        if (!problems.isEmpty()) {
            throw new StartRefusedException(
                    ExitCodes.CONFIG_REFUSED,
                    problems.all().stream().map(ConfigProblems.Problem::toString).toList());
        }
    }

    private void open(LoadedConfig loaded, KeptDefinitions kept) throws StartRefusedException {
        MemoryDivision memory = MemoryDivision.of(config.limits().memoryBytes());
        log.info("memory divided: {}", memory);
        try {
            stores = StoreRegistry.open(config.stores(), world, intervention);
        } catch (IOException unreadable) {
            throw new StartRefusedException(
                    ExitCodes.CONFIG_REFUSED, List.of(String.valueOf(unreadable.getMessage())));
        }
        Engine engine = engine(memory);
        ComponentFactory components = withOldVersions(components(), kept);
        for (LoadedStream stream : loaded.streams()) {
            streams.add(open(stream, engine, components));
        }
        drainUnnamed(kept, engine, components);
        openServers(memory);
        tellAddresses();
        beat();
        ready = true;
    }

    private Engine engine(MemoryDivision memory) {
        int encoders = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        return new Engine(
                world,
                metrics,
                dataDirectory.path(),
                Version.text(),
                new MemoryBudget(memory.blockBytes()),
                new DiskShares(config.limits().diskBytes()),
                new EncodingPool(world.scheduler(), encoders, memory.encodingBytes()),
                new Landings(world, metrics, LANDING_SLOTS_PER_STORE),
                stores,
                LaneLimits.DEFAULTS,
                new LedgerLimit(config.limits().ledgerBytes()));
    }

    /** A lane that was switched off is drained under the last version that had it. */
    private static ComponentFactory withOldVersions(
            ComponentRegistry components, KeptDefinitions kept) {
        return new ComponentFactory() {
            @Override
            public StreamComponents components(StreamDefinition definition) {
                return components.components(definition);
            }

            @Override
            public StreamComponents componentsOf(KeptStream old, int version) {
                try {
                    return components.components(kept.read(old).definition().withVersion(version));
                } catch (InvalidConfigException refused) {
                    throw new IllegalArgumentException(
                            "stream %s has a lane that was switched off and not drained, and version %d of its definition cannot be used to drain it: %s"
                                    .formatted(old.name(), version, refused.problems()),
                            refused);
                }
            }
        };
    }

    private ComponentRegistry components() {
        ServerSettings server = config.server();
        return new ComponentRegistry(config.catalogs(), metrics, server.region(), server.account());
    }

    private static DeliveryStream open(
            LoadedStream stream, Engine engine, ComponentFactory components)
            throws StartRefusedException {
        try {
            return DeliveryStream.start(engine, stream.definition(), stream.document(), components);
        } catch (IOException unreadable) {
            throw new StartRefusedException(
                    ExitCodes.DATA_DIRECTORY,
                    List.of(
                            "stream %s could not be opened: %s"
                                    .formatted(
                                            stream.definition().name(), unreadable.getMessage())));
        } catch (DiskLimitException tooSmall) {
            throw new StartRefusedException(
                    ExitCodes.CONFIG_REFUSED, List.of("limits.disk: " + tooSmall.getMessage()));
        } catch (IllegalArgumentException refused) {
            throw new StartRefusedException(
                    ExitCodes.CONFIG_REFUSED, List.of(refused.getMessage()));
        }
    }

    /** A stream that has left the configuration takes no more records; those it has still land. */
    private void drainUnnamed(KeptDefinitions kept, Engine engine, ComponentFactory components)
            throws StartRefusedException {
        try {
            for (KeptStream stream : DeliveryStream.kept(engine)) {
                if (config.stream(stream.name()).isEmpty()) {
                    drain(open(kept.read(stream), engine, components));
                }
            }
        } catch (IOException unreadable) {
            throw new StartRefusedException(
                    ExitCodes.DATA_DIRECTORY, List.of(String.valueOf(unreadable.getMessage())));
        } catch (InvalidConfigException refused) {
            List<String> reasons = new ArrayList<>();
            reasons.add(
                    "a stream that is not in the configuration any more still has a directory, and"
                            + " its last definition cannot be used to drain it:");
            refused.problems().forEach(problem -> reasons.add(problem.toString()));
            throw new StartRefusedException(ExitCodes.CONFIG_REFUSED, reasons);
        }
    }

    private void drain(DeliveryStream stream) {
        log.info("draining a stream that is not configured any more: stream={}", stream.name());
        streams.addDraining(stream);
        stream.flush()
                .thenCompose(done -> stream.stop(Stopping.KEEP_OPEN, Duration.ZERO))
                .whenComplete(
                        (done, failure) -> {
                            if (failure == null) {
                                streams.drained(stream);
                                log.info("drained: stream={}", stream.name());
                            }
                        });
    }

    // --- servers ---

    private void openServers(MemoryDivision memory) throws StartRefusedException {
        ServerSettings server = config.server();
        try {
            api =
                    new ApiServer(
                            new ApiSettings(
                                    server.api().host(),
                                    server.api().port(),
                                    server.tls()
                                            .map(
                                                    tls ->
                                                            new ApiSettings.Tls(
                                                                    tls.certificate(), tls.key())),
                                    server.region(),
                                    server.account(),
                                    Math.toIntExact(config.limits().requestBodyBytes()),
                                    memory.requestBytes(),
                                    ApiSettings.DEFAULT_MEMORY_WAIT,
                                    ApiSettings.DEFAULT_HEADER_TIMEOUT,
                                    ApiSettings.DEFAULT_MIN_BODY_BYTES_PER_SECOND,
                                    server.maxConnections(),
                                    server.cors()),
                            streams,
                            verifier(server),
                            world.clock(),
                            metrics);
            admin =
                    new AdminServer(
                            new AdminSettings(
                                    server.admin().host(),
                                    server.admin().port(),
                                    server.adminToken().map(token -> token.value()),
                                    server.adminNames(),
                                    AdminSettings.DEFAULT_HEAD_TIMEOUT),
                            new Probes(this::live, this::ready, metrics::writeTo),
                            streams);
        } catch (IOException | IllegalArgumentException refused) {
            throw new StartRefusedException(
                    ExitCodes.CONFIG_REFUSED, List.of(String.valueOf(refused.getMessage())));
        }
        bind("server.api", server.api().toString(), api::start);
        bind("server.admin", server.admin().toString(), admin::start);
    }

    /** For the commands, which cannot know a port that the configuration leaves open. */
    private void tellAddresses() {
        try {
            new BoundAddresses(apiUri(), adminUri()).write(dataDirectory.path());
        } catch (IOException failed) {
            log.warn("addresses not written, commands need them named: {}", failed.toString());
        }
    }

    private interface Binding {
        void start() throws IOException;
    }

    private static void bind(String setting, String address, Binding binding)
            throws StartRefusedException {
        try {
            binding.start();
        } catch (IOException taken) {
            Throwable cause = taken.getCause() == null ? taken : taken.getCause();
            throw new StartRefusedException(
                    ExitCodes.CANNOT_BIND,
                    List.of(
                            "%s: %s cannot be bound: %s. Is another process on that port? Port 0 is any free one"
                                    .formatted(setting, address, cause.getMessage())));
        }
    }

    private RequestVerifier verifier(ServerSettings server) {
        if (server.credentials().isEmpty()) {
            return RequestVerifier.UNCHECKED;
        }
        List<Credential> known = new ArrayList<>();
        for (ApiCredentials caller : server.credentials()) {
            known.add(
                    new Credential(
                            caller.key().accessKeyId(),
                            caller.key().secretAccessKey().value(),
                            caller.actions().stream().map(Glob::pattern).toList(),
                            caller.streams().stream().map(Glob::pattern).toList()));
        }
        return new SignatureVerifier(known, server.region(), server.account(), world.clock());
    }

    // --- health ---

    /** The scheduler that everything runs on has shown a sign of life. */
    private void beat() {
        watchClock();
        lastBeatNanos = System.nanoTime();
        world.scheduler().after(HEARTBEAT, world.scheduler().serial("heartbeat"), this::beat);
    }

    /** Keys carry the wall clock; intervals do not: a step is worth a line, and harms nothing. */
    private void watchClock() {
        long offset = world.clock().millis() - world.clock().nanoTime() / 1_000_000;
        long step = offset - clockOffsetMillis;
        if (lastBeatNanos != 0 && Math.abs(step) > LONGEST_CLOCK_STEP.toMillis()) {
            log.warn("wall clock stepped: millis={}", step);
            metrics.add(Metric.CLOCK_STEPS, "", 1);
        }
        clockOffsetMillis = offset;
    }

    private Health live() {
        long silence = System.nanoTime() - lastBeatNanos;
        return silence < LONGEST_SILENCE.toNanos()
                ? Health.GOOD
                : Health.bad(
                        "no task was run for " + TimeUnit.NANOSECONDS.toSeconds(silence) + " s");
    }

    private Health ready() {
        return ready ? Health.GOOD : Health.bad("starting or stopping");
    }

    // --- what is seen of it ---

    /** Where the Firehose API answers, with the port that was really bound. */
    public URI apiUri() {
        return api.uri();
    }

    public URI adminUri() {
        return admin.uri();
    }

    public List<StreamStatus> status() {
        return streams.all();
    }

    /** Lands everything that has been accepted by now, of all streams. */
    public CompletableFuture<Void> flush() {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (DeliveryStream stream : streams.running()) {
            all.add(stream.flush().toCompletableFuture());
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    // --- stop ---

    /** Stops as configured; never loses a record, whatever the grace. */
    @Override
    public void close() {
        ShutdownSettings shutdown = config.server().shutdown();
        close(
                shutdown.openRanges() == ShutdownSettings.OpenRanges.LAND
                        ? Stopping.LAND_OPEN
                        : Stopping.KEEP_OPEN,
                shutdown.grace());
    }

    /** After a start that failed: nobody waits for a store, and no range ends before its time. */
    private void abandon() {
        close(Stopping.KEEP_OPEN, Duration.ZERO);
    }

    private void close(Stopping how, Duration grace) {
        ready = false;
        if (api != null) {
            closeStep("API", () -> api.stop(API_GRACE));
        }
        closeStep("streams", () -> stopStreams(how, grace));
        if (admin != null) {
            closeStep("admin port", admin);
        }
        if (stores != null) {
            closeStep("stores", stores);
        }
        closeStep("machine room", machine);
        closeStep("addresses", () -> BoundAddresses.remove(dataDirectory.path()));
        closeStep("data directory", dataDirectory);
    }

    /** One step's failure leaves none of the later ones out. */
    private static void closeStep(String what, AutoCloseable step) {
        try {
            step.close();
        } catch (Exception failed) {
            log.warn("not closed in order: {}", what, failed);
        }
    }

    private void stopStreams(Stopping how, Duration grace) {
        List<CompletableFuture<Void>> stopped = new ArrayList<>();
        for (DeliveryStream stream : streams.running()) {
            stopped.add(stream.stop(how, grace).toCompletableFuture());
        }
        CompletableFuture<Void> all =
                CompletableFuture.allOf(stopped.toArray(CompletableFuture[]::new));
        try {
            if (!endsWithin(all, SHORT_WAIT)) {
                status().forEach(Service::tellWaiting);
                all.get(grace.plusSeconds(10).toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (ExecutionException | TimeoutException failed) {
            log.warn(
                    "streams did not stop in time; their records are in the journal: {}",
                    Optional.ofNullable(failed.getMessage()).orElse(failed.toString()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        status().forEach(Service::tellKept);
    }

    private static boolean endsWithin(CompletableFuture<Void> stage, Duration time)
            throws ExecutionException, InterruptedException {
        try {
            stage.get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        }
    }

    private static void tellWaiting(StreamStatus stream) {
        for (LaneStatus lane : stream.lanes()) {
            if (!lane.books().settled()) {
                log.info(
                        "waiting for what is still to land, a second signal ends that: stream={} lane={} records={} objects={} reason={}",
                        stream.definition().name(),
                        lane.lane(),
                        lane.books().buffered(),
                        lane.waitingObjects(),
                        stream.healthy() ? "none" : String.join("; ", stream.troubles()));
            }
        }
    }

    /**
     * Leaves everything as it is, for a process that ends at this moment: what has been accepted is
     * in the journal. Callable while {@link #close} waits.
     */
    void leave() {
        status().forEach(Service::tellKept);
        closeStep("addresses", () -> BoundAddresses.remove(dataDirectory.path()));
    }

    private static void tellKept(StreamStatus stream) {
        for (LaneStatus lane : stream.lanes()) {
            if (!lane.books().settled()) {
                log.info(
                        "kept for the next start: stream={} lane={} records={}",
                        stream.definition().name(),
                        lane.lane(),
                        lane.books().buffered());
            }
        }
    }
}

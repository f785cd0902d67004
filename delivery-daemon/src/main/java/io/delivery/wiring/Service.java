package io.delivery.wiring;

import io.delivery.admin.Health;
import io.delivery.admin.Probes;
import io.delivery.admin.ServiceState;
import io.delivery.api.quota.Quotas;
import io.delivery.buffer.MemoryBudget;
import io.delivery.cli.BoundAddresses;
import io.delivery.cli.ExitCodes;
import io.delivery.config.ByteSize;
import io.delivery.config.ConfigProblems;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.MemoryDivision;
import io.delivery.config.ShutdownSettings;
import io.delivery.config.TestingSettings;
import io.delivery.crypt.MasterKeys;
import io.delivery.engine.DataVolume;
import io.delivery.engine.DiskLimitException;
import io.delivery.engine.DiskShares;
import io.delivery.engine.EncodingPool;
import io.delivery.engine.Engine;
import io.delivery.engine.LaneLimits;
import io.delivery.failure.FailureText;
import io.delivery.failure.OpenedSoFar;
import io.delivery.landing.Landings;
import io.delivery.ledger.LedgerLimit;
import io.delivery.loading.LoadedConfig;
import io.delivery.loading.MasterKeyFiles;
import io.delivery.machine.Machine;
import io.delivery.metrics.Metric;
import io.delivery.stream.ComponentChange;
import io.delivery.stream.DefinitionRefusedException;
import io.delivery.stream.RegisteredStream;
import io.delivery.stream.Stopping;
import io.delivery.stream.StreamChange;
import io.delivery.stream.StreamPhase;
import io.delivery.stream.StreamRegistry;
import io.delivery.stream.StreamStatus;
import io.delivery.telemetry.PrometheusMetrics;
import io.delivery.world.World;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of the process: data directory, stores, streams, servers. Started in the order in which
 * a record needs them from the end to the front, stopped in the order in which it passes them.
 */
public final class Service implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Service.class);

    private static final int LANDING_SLOTS_PER_STORE = 16;

    /** In the data directory: where the code of functions is unpacked. */
    private static final String FUNCTIONS = "functions";

    /** Of its start; what a reload may change is in {@link #inForce}. */
    private final DeliveryConfig config;

    private final DataDirectory dataDirectory;
    private final Machine machine;
    private final World world;
    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private final StoreRegistry stores;
    private final FunctionMaker functionMaker;
    private final FunctionRegistry functions;
    private final CatalogRegistry catalogs;
    private final FieldsOfStreams fieldsOfStreams = new FieldsOfStreams();
    private final Quotas quotas;
    private volatile InForce inForce;
    private DataVolume volume;
    private StreamRegistry streams;
    private ReloadedFiles files;
    private StoreFiles storeFiles;
    private Servers servers;
    private Reconfiguration reconfiguration;
    private volatile Optional<ConfigReload> followed = Optional.empty();
    private volatile boolean ready;

    private Service(DeliveryConfig config, DataDirectory dataDirectory, Intervention intervention) {
        this.config = config;
        this.dataDirectory = dataDirectory;
        this.machine = new Machine(dataDirectory.path());
        this.world = intervention.world(machine.world());
        this.stores = new StoreRegistry(world, intervention);
        this.functionMaker =
                new FunctionMaker(
                        world,
                        metrics,
                        config.server(),
                        dataDirectory.path().resolve(FUNCTIONS),
                        new LoggedFunctions());
        this.functions = new FunctionRegistry(functionMaker::make);
        this.catalogs = new CatalogRegistry(world);
        this.quotas = new Quotas(world.clock(), metrics);
    }

    /**
     * Starts everything that the configuration names, and drains what it does not name any more.
     * Nothing is left running when it throws.
     *
     * @throws StartRefusedException with the exit code that tells why
     */
    public static Service start(LoadedConfig loaded, InForce.KeptDefinitions kept)
            throws StartRefusedException {
        return start(loaded, kept, Intervention.NONE);
    }

    static Service start(
            LoadedConfig loaded, InForce.KeptDefinitions kept, Intervention intervention)
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
            service.lookAtVolume();
            if (!config.masterKeys().isEmpty()) {
                dataDirectory.mayBeEncrypted();
            }
            service.functionMaker.startBegins();
            service.open(loaded, kept);
            return service;
        } catch (IOException failed) {
            service.abandon();
            throw new StartRefusedException(
                    ExitCodes.DATA_DIRECTORY,
                    List.of(
                            dataDirectory.path()
                                    + " cannot be written: "
                                    + FailureText.of(failed)));
        } catch (Throwable failed) { // also errors
            OpenedSoFar.closeAfter(failed, service::abandon);
            throw failed;
        }
    }

    /** For a data directory that no stream of another configuration has left. */
    public static Service start(LoadedConfig loaded) throws StartRefusedException {
        return start(
                loaded,
                stream ->
                        switch (stream.origin()) {
                            case API -> ConfigFile.madeThroughTheApi(stream, loaded);
                            case YAML ->
                                    throw new IllegalStateException(
                                            "stream %s is in %s and not in the configuration"
                                                    .formatted(stream.name(), stream.directory()));
                        });
    }

    private static void checkMachine(DeliveryConfig config) throws StartRefusedException {
        ConfigProblems problems = new ConfigProblems();
        config.limits().validateOnMachine("limits", Runtime.getRuntime().maxMemory(), problems);
        StartRefusedException.requireNone(problems);
    }

    private void lookAtVolume() throws IOException {
        long limit = config.limits().diskBytes();
        volume = DataVolume.open(world, dataDirectory.path(), limit);
        if (volume.streamBytes() < limit) {
            log.warn(
                    "limits.disk is larger than its volume, streams take no more than fits there:"
                            + " limit={} volume={} taken={} ledger={}",
                    ByteSize.text(limit),
                    ByteSize.text(volume.roomBytes()),
                    ByteSize.text(volume.streamBytes()),
                    ByteSize.text(ledgerBytes()));
        }
    }

    private void open(LoadedConfig loaded, InForce.KeptDefinitions kept)
            throws StartRefusedException {
        MemoryDivision memory = MemoryDivision.of(config.limits().memoryBytes());
        log.info("memory divided: memory={}", memory);
        tellWhetherTesting();
        files = new ReloadedFiles(loaded, world, metrics);
        storeFiles = new StoreFiles(stores, files, () -> streams);
        stores.onClosed(storeFiles::watch);
        ComponentChange components;
        try {
            components = components(config, kept);
        } catch (IOException unreadable) {
            throw new StartRefusedException(
                    ExitCodes.CONFIG_REFUSED, List.of(FailureText.of(unreadable)));
        }
        functionMaker.startIsOver();
        components.takeEffect();
        streams =
                new StreamRegistry(
                        engine(memory, masterKeys()),
                        components.factory(),
                        stream -> inForce.read(stream));
        stores.neededAre(streams::storesToLandIn);
        reconfiguration = new Reconfiguration(config, this::config, streams, this::components);
        openStreams(loaded);
        StreamTable table =
                new StreamTable(
                        streams,
                        stores,
                        functions,
                        fieldsOfStreams,
                        new ApiControl(streams, stores, catalogs, this::config, quotas, world),
                        quotas,
                        this::state);
        Heartbeat heartbeat = new Heartbeat(world, metrics, () -> servers.watchCertificates(now()));
        servers =
                Servers.prepare(
                        config,
                        files,
                        table,
                        new Probes(
                                heartbeat::live,
                                () -> ready(table),
                                metrics::writeTo,
                                (name, text) ->
                                        followed.map(
                                                f ->
                                                        reconfiguration.compare(
                                                                f.file(), name, text))),
                        world.clock(),
                        metrics);
        servers.bind(config.server());
        tellAddresses();
        heartbeat.beat();
        ready = true;
    }

    private void tellWhetherTesting() {
        Optional<TestingSettings> testing = config.server().testing();
        testing.ifPresent(settings -> log.warn("for tests only: warning={}", settings.warning()));
        metrics.gauge(Metric.TESTING_MODE, "", () -> testing.isPresent() ? 1 : 0);
    }

    private Instant now() {
        return Instant.ofEpochMilli(world.clock().millis());
    }

    private ServiceState state() {
        List<String> troubles = servers.troublesAt(now());
        followed.flatMap(ConfigReload::trouble).ifPresent(troubles::add);
        return new ServiceState(
                troubles,
                config.server().testing().map(TestingSettings::warning).stream().toList());
    }

    private MasterKeys masterKeys() throws StartRefusedException {
        ConfigProblems problems = new ConfigProblems();
        MasterKeys keys = MasterKeyFiles.read(config.masterKeys(), problems);
        StartRefusedException.requireNone(problems);
        return keys;
    }

    private Engine engine(MemoryDivision memory, MasterKeys masterKeys) {
        int encoders = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        return new Engine(
                world,
                metrics,
                dataDirectory.path(),
                Version.text(),
                masterKeys,
                new MemoryBudget(memory.blockBytes()),
                new DiskShares(config.limits().diskBytes(), volume),
                new EncodingPool(
                        world.scheduler(),
                        encoders,
                        memory.encodingBytes(),
                        MemoryDivision.largestEncoder(
                                config.limits().memoryBytes(), Runtime.getRuntime().maxMemory())),
                new Landings(world, metrics, LANDING_SLOTS_PER_STORE),
                stores,
                LaneLimits.DEFAULTS,
                new LedgerLimit(ledgerBytes()));
    }

    /** On a volume that is smaller than the limits the ledgers take what it has for them. */
    private long ledgerBytes() {
        return Math.min(
                config.limits().ledgerBytes(), volume.ledgerBytes(config.limits().diskBytes()));
    }

    private ConfiguredComponents components(DeliveryConfig next, InForce.KeptDefinitions kept)
            throws IOException {
        return ConfiguredComponents.prepare(
                next,
                stores,
                functions,
                catalogs,
                metrics,
                fieldsOfStreams,
                () -> inForce(next, kept));
    }

    private void inForce(DeliveryConfig next, InForce.KeptDefinitions kept) {
        InForce former = inForce;
        inForce = new InForce(next, kept);
        quotas.rules(next.quotas());
        storeFiles.watch();
        files.configured(next.server());
        if (servers != null) { // a start makes them last
            servers.secretsOf(former.config().server(), next.server());
        }
    }

    private void openStreams(LoadedConfig loaded) throws StartRefusedException {
        try {
            streams.open(loaded.streams().stream().map(InForce::defined).toList());
        } catch (IOException unreadable) {
            throw new StartRefusedException(
                    ExitCodes.DATA_DIRECTORY, List.of(FailureText.of(unreadable)));
        } catch (DefinitionRefusedException refused) {
            throw new StartRefusedException(ExitCodes.CONFIG_REFUSED, refused.reasons());
        } catch (DiskLimitException tooSmall) {
            throw new StartRefusedException(
                    ExitCodes.CONFIG_REFUSED, List.of("limits.disk: " + tooSmall.getMessage()));
        } catch (IllegalArgumentException refused) {
            throw new StartRefusedException(
                    ExitCodes.CONFIG_REFUSED, List.of(String.valueOf(refused.getMessage())));
        }
    }

    /** For the commands, which cannot know a port that the configuration leaves open. */
    private void tellAddresses() {
        try {
            new BoundAddresses(apiUri(), adminUri()).write(dataDirectory.path());
        } catch (IOException failed) {
            log.warn(
                    "addresses not written, commands need --endpoint and --admin: error={}",
                    FailureText.of(failed));
        }
    }

    private Health ready(StreamTable table) {
        return ready
                ? table.health(servers.refusal()).with(state().troubles())
                : Health.bad("the service is starting or stopping");
    }

    // --- change ---

    /** As {@link Reconfiguration#reload} tells. */
    public CompletionStage<List<StreamChange>> reload(
            LoadedConfig next, InForce.KeptDefinitions kept) {
        return reconfiguration.reload(next, kept);
    }

    /**
     * Keeps to this file from now on.
     *
     * @param loaded what was read of it and is in force
     * @return what SIGHUP is told to
     */
    ConfigReload follow(ConfigFile configFile, LoadedConfig loaded) {
        ConfigReload following =
                new ConfigReload(
                        configFile, loaded, reconfiguration::reload, this::config, world, metrics);
        followed = Optional.of(following);
        following.start();
        return following;
    }

    // --- what is seen of it ---

    /** Where the Firehose API answers, with the port that was really bound. */
    public URI apiUri() {
        return servers.apiUri();
    }

    public URI adminUri() {
        return servers.adminUri();
    }

    /** What is in force. */
    DeliveryConfig config() {
        return inForce.config();
    }

    /** What somebody should mend that is about no stream. */
    List<String> troubles() {
        return state().troubles();
    }

    public List<StreamStatus> status() {
        return streams.all().stream().map(RegisteredStream::status).toList();
    }

    /** For what comes and goes while the process lives. */
    StreamRegistry streams() {
        return streams;
    }

    /** Those that are configured, and those that are not any more and still needed. */
    StoreRegistry stores() {
        return stores;
    }

    /** Lands everything that has been accepted by now, of all streams. */
    public CompletableFuture<Void> flush() {
        return CompletableFuture.allOf(
                streams.all().stream()
                        .filter(stream -> stream.phase() != StreamPhase.CLOSED)
                        .map(stream -> stream.flush().toCompletableFuture())
                        .toArray(CompletableFuture[]::new));
    }

    /** The same for one stream; empty when there is none of this name. Fails while it is closed. */
    public Optional<CompletionStage<Void>> flush(String stream) {
        return streams.find(stream).map(RegisteredStream::flush);
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
        followed.ifPresent(ConfigReload::close);
        if (servers != null) {
            closeStep("API", servers::stopApi);
        }
        if (streams != null) {
            closeStep("streams", () -> StreamsEnd.of(streams).stop(how, grace));
        }
        if (servers != null) {
            closeStep("admin port", servers::stopAdmin);
        }
        closeStep("functions", functions);
        closeStep("processes of functions", functionMaker);
        closeStep("stores", stores);
        closeStep("catalogs", catalogs);
        if (volume != null) {
            closeStep("volume", volume::close);
        }
        closeStep("machine room", machine);
        closeStep("addresses", () -> BoundAddresses.remove(dataDirectory.path()));
        closeStep("data directory", dataDirectory);
    }

    /** One step's failure leaves none of the later ones out. */
    private static void closeStep(String what, AutoCloseable step) {
        try {
            step.close();
        } catch (Throwable failed) { // also errors
            log.warn("not closed in order: what={}", what, failed);
        }
    }

    /**
     * Leaves everything as it is, for a process that ends at this moment: what has been accepted is
     * in the journal. Callable while {@link #close} waits.
     */
    void leave() {
        StreamsEnd.of(streams).tellKept();
        closeStep("addresses", () -> BoundAddresses.remove(dataDirectory.path()));
    }
}

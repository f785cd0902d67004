package io.delivery.wiring;

import io.delivery.cli.ForeseenStart;
import io.delivery.cli.HostResources;
import io.delivery.config.CatalogSettings;
import io.delivery.config.ConfigProblems;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.FunctionSettings;
import io.delivery.config.ListenAddress;
import io.delivery.config.ProcessorSettings;
import io.delivery.config.ServerSettings;
import io.delivery.config.StoreSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.config.TlsSettings;
import io.delivery.function.FunctionStatus;
import io.delivery.home.StreamFolder;
import io.delivery.home.StreamFolders;
import io.delivery.listening.ServerCertificate;
import io.delivery.loading.LoadedConfig;
import io.delivery.loading.LocatedProblem;
import io.delivery.loading.MasterKeyFiles;
import io.delivery.loading.ObjectBytes;
import io.delivery.machine.Machine;
import io.delivery.metrics.Metrics;
import io.delivery.processing.Processor;
import io.delivery.s3.FileCredentials;
import io.delivery.stream.Origins;
import io.delivery.wiring.StartProblem.Remedy;
import io.delivery.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that a start reads and makes of a configuration before it touches the data directory
 * or a port: the memory that this machine has, the names of its addresses, the certificates of its
 * ports, the stores with their files, the tables, and what each stream is made of. {@code run}, a
 * reload and {@code check} all ask this class, so that they find the same.
 */
final class StartParts {
    private static final Logger log = LoggerFactory.getLogger(StartParts.class);

    private final LoadedConfig loaded;
    private final World world;
    private final Optional<DeliveryConfig> running;
    private final List<StartProblem> problems = new ArrayList<>();
    private ObjectBytes objectBytes = ObjectBytes.NO_TABLES;

    private StartParts(LoadedConfig loaded, World world, Optional<DeliveryConfig> running) {
        this.loaded = loaded;
        this.world = world;
        this.running = running;
    }

    /**
     * Reads and makes everything, goes on behind what is wrong, and keeps nothing open.
     *
     * @param tables which catalogs are asked for the tables
     */
    static StartParts of(LoadedConfig loaded, HostResources host, TablesOfStreams.Asked tables) {
        return of(loaded, host, tables, Optional.empty());
    }

    /**
     * The same for a service that runs.
     *
     * @param running what is in force; its certificate and the keys and authorities of its stores
     *     are watched, and are not looked at here where they belong to the same setting
     */
    static StartParts of(
            LoadedConfig loaded,
            HostResources host,
            TablesOfStreams.Asked tables,
            Optional<DeliveryConfig> running) {
        try (Machine machine = new Machine()) {
            return of(loaded, machine.world(), host, tables, running);
        }
    }

    private static StartParts of(
            LoadedConfig loaded,
            World world,
            HostResources host,
            TablesOfStreams.Asked tables,
            Optional<DeliveryConfig> running) {
        StartParts parts = new StartParts(loaded, world, running);
        parts.checkMemory(host.heapBytes());
        parts.resolve("server.api", loaded.config().server().api());
        parts.resolve("server.admin", loaded.config().server().admin());
        parts.readMasterKeys();
        Instant now = Instant.ofEpochMilli(world.clock().millis());
        parts.readCertificate("server.tls", ServerSettings::tls, now);
        parts.readCertificate("server.adminTls", ServerSettings::adminTls, now);
        loaded.config().stores().forEach(store -> parts.openStore(store, world));
        parts.checkFunctions();
        parts.readTables(tables, host.heapBytes());
        parts.makeComponents();
        return parts;
    }

    /**
     * What {@code check} says of all that, of the data directory and of the streams in it.
     *
     * @param online whether catalogs elsewhere are asked for tables; nobody is asked otherwise
     */
    static ForeseenStart foreseen(LoadedConfig loaded, HostResources host, boolean online) {
        StartParts parts =
                of(
                        loaded,
                        host,
                        online
                                ? TablesOfStreams.Asked.EVERYWHERE_FOR_SETTINGS
                                : TablesOfStreams.Asked.FILES);
        parts.tryToBind("server.api", loaded.config().server().api());
        parts.tryToBind("server.admin", loaded.config().server().admin());
        Optional<String> refusal = DataDirectory.foreseenRefusal(loaded.config().dataDir());
        refusal.ifPresent(reason -> parts.add(Remedy.CORRECT, "dataDir", reason));
        if (refusal.isEmpty()) {
            parts.lookForStreamsOfTheApi(loaded.config().dataDir());
        }
        return new ForeseenStart(
                parts.problems.stream().map(StartProblem::problem).toList(), parts.objectBytes);
    }

    /** Reads beside a service that may be running; whoever checks may not have the right to. */
    private void lookForStreamsOfTheApi(Path dataDir) {
        try (Machine machine = new Machine()) {
            List<StreamFolder> folders = StreamFolders.all(dataDir, machine.world());
            for (StreamDefinition stream : loaded.config().streams()) {
                folders.forEach(
                        folder ->
                                Origins.whyNotConfigured(stream.name(), folder)
                                        .ifPresent(
                                                why ->
                                                        add(
                                                                Remedy.CORRECT,
                                                                "streams." + stream.name(),
                                                                why)));
            }
        } catch (IOException unreadable) {
            log.debug("data directory cannot be looked at: directory={}", dataDir, unreadable);
        }
    }

    /** What somebody must correct: there is no use in a start before that. */
    List<LocatedProblem> refusals() {
        return located(Remedy.CORRECT);
    }

    /** What the service starts with, and says. */
    List<LocatedProblem> troubles() {
        return located(Remedy.WAIT);
    }

    /** What objects may take, by the tables that were read. */
    ObjectBytes objectBytes() {
        return objectBytes;
    }

    private List<LocatedProblem> located(Remedy remedy) {
        return problems.stream()
                .filter(found -> found.remedy() == remedy)
                .map(StartProblem::problem)
                .toList();
    }

    private void add(Remedy remedy, String path, String message) {
        String shown = loaded.hiding().apply(message);
        problems.add(
                new StartProblem(
                        remedy,
                        new LocatedProblem(
                                loaded.file().toString(), loaded.line(path), path, shown)));
    }

    private void checkMemory(long heapBytes) {
        ConfigProblems found = new ConfigProblems();
        loaded.config().limits().validateOnMachine("limits", heapBytes, found);
        found.all().forEach(problem -> add(Remedy.CORRECT, problem.path(), problem.message()));
    }

    private void resolve(String path, ListenAddress address) {
        try {
            InetAddress.getByName(address.host());
        } catch (UnknownHostException unknown) {
            add(
                    Remedy.CORRECT,
                    path,
                    "must have a host that this machine can resolve, was " + address);
        }
    }

    /** At any free port: the configured one may be that of a service that runs. */
    private void tryToBind(String path, ListenAddress address) {
        try (ServerSocket bound = new ServerSocket(0, 1, InetAddress.getByName(address.host()))) {
            log.debug("address can be bound: setting={} address={}", path, bound);
        } catch (UnknownHostException told) {
            log.debug("address is none: setting={} address={}", path, address);
        } catch (IOException refused) {
            add(
                    Remedy.CORRECT,
                    path,
                    "must have a host that is this machine, was %s, which cannot be bound: %s"
                            .formatted(address, refused.getMessage()));
        }
    }

    private void readMasterKeys() {
        ConfigProblems found = new ConfigProblems();
        MasterKeyFiles.read(loaded.config().masterKeys(), found);
        found.all().forEach(problem -> add(Remedy.CORRECT, problem.path(), problem.message()));
    }

    private void readCertificate(
            String path, Function<ServerSettings, Optional<TlsSettings>> setting, Instant now) {
        Optional<TlsSettings> tls = setting.apply(loaded.config().server());
        if (tls.isEmpty()
                || running.map(there -> setting.apply(there.server())).equals(Optional.of(tls))) {
            return;
        }
        Path certificate = tls.get().certificate();
        try {
            ServerCertificate read = ServerCertificate.read(certificate, tls.get().key());
            // Clients that do not look at the time go on, so that this is no reason to stop.
            read.whyInvalidAt(now)
                    .ifPresent(why -> addOld(path, "now, was %s: %s".formatted(certificate, why)));
            read.whyOldAt(now)
                    .ifPresent(
                            why ->
                                    addOld(
                                            path,
                                            "for longer, was %s: %s".formatted(certificate, why)));
        } catch (ServerCertificate.UnusableException unusable) {
            String file =
                    switch (unusable.file()) {
                        case CERTIFICATE -> ".certificate";
                        case KEY -> ".key";
                    };
            add(Remedy.CORRECT, path + file, unusable.getMessage());
        }
    }

    private void addOld(String path, String when) {
        add(Remedy.WAIT, path + ".certificate", "must be valid " + when);
    }

    private void openStore(StoreSettings store, World world) {
        String path = "stores." + store.name();
        // One that runs stays open, with the key and the authorities that it has.
        if (running.filter(now -> now.stores().contains(store)).isEmpty()) {
            checkKey(store, path);
            tryToOpen(store, path, world);
        }
        store.definition()
                .choose(directory -> fileInTheWay(directory.path()), s3 -> Optional.<Path>empty())
                .ifPresent(
                        file ->
                                add(
                                        Remedy.WAIT,
                                        path + ".directory",
                                        "must be a folder or a place for one, and %s is a file"
                                                .formatted(file)));
    }

    private void tryToOpen(StoreSettings store, String path, World world) {
        try {
            StoreRegistry.open(store, world).close();
        } catch (IOException unreadable) {
            add(Remedy.CORRECT, path + ".s3.caFile", unreadable.getMessage());
        } catch (RuntimeException refused) {
            add(Remedy.CORRECT, path, "cannot be used: " + refused.getMessage());
        }
    }

    private void checkKey(StoreSettings store, String path) {
        ReloadedFiles.keyFile(store)
                .ifPresent(
                        file -> {
                            try {
                                FileCredentials.check(file);
                            } catch (IOException unusable) {
                                add(
                                        Remedy.CORRECT,
                                        path + ".s3.credentialsFile",
                                        unusable.getMessage());
                            }
                        });
    }

    /** The folder is made by the first landing; nothing can be made below a file. */
    private static Optional<Path> fileInTheWay(Path folder) {
        Path there = folder.toAbsolutePath();
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        return Optional.ofNullable(there).filter(found -> !Files.isDirectory(found));
    }

    private void readTables(TablesOfStreams.Asked asked, long heapBytes) {
        for (CatalogSettings catalog : loaded.config().catalogs()) {
            catalog.definition()
                    .choose(files -> Optional.of(files.directory()), glue -> Optional.<Path>empty())
                    .filter(folder -> !Files.isDirectory(folder))
                    .ifPresent(folder -> addNoFolder(catalog.name(), folder));
        }
        TablesOfStreams.Found found = TablesOfStreams.read(loaded, world, asked, heapBytes);
        problems.addAll(found.problems());
        objectBytes = found.objectBytes();
    }

    /** A folder that is not mounted yet is no file, and may come. */
    private void addNoFolder(String catalog, Path folder) {
        boolean inTheWay = Files.exists(folder);
        add(
                inTheWay ? Remedy.CORRECT : Remedy.WAIT,
                "catalogs.%s.file".formatted(catalog),
                "must be a folder of schemas, and %s %s"
                        .formatted(folder, inTheWay ? "is none" : "is not there"));
    }

    /** Whether what they run with is there; nothing of them runs. */
    private void checkFunctions() {
        for (FunctionSettings function : loaded.config().functions()) {
            FunctionProblems.of(function, loaded.config().plugins())
                    .forEach(
                            problem ->
                                    add(
                                            Remedy.CORRECT,
                                            "functions."
                                                    + function.name()
                                                    + "."
                                                    + problem.setting(),
                                            problem.message()));
        }
    }

    /** Nothing of it is kept: a stream makes its own when its definition comes into force. */
    private void makeComponents() {
        ServerSettings server = loaded.config().server();
        ComponentRegistry components =
                new ComponentRegistry(
                        ComponentRegistry.fixed(loaded.config().catalogs(), unstarted(), world),
                        Metrics.NONE,
                        server.region(),
                        server.account(),
                        new FieldsOfStreams());
        for (StreamDefinition stream : loaded.config().streams()) {
            try {
                components.components(stream);
            } catch (IllegalArgumentException refused) {
                add(Remedy.CORRECT, "streams." + stream.name(), refused.getMessage());
            }
        }
    }

    private Map<String, MadeFunction> unstarted() {
        Map<String, MadeFunction> functions = new HashMap<>();
        loaded.config().functions().forEach(f -> functions.put(f.name(), new Unstarted()));
        return functions;
    }

    /** Stands in for a function where nothing is processed. */
    private static final class Unstarted implements MadeFunction {
        @Override
        public Processor processor(ProcessorSettings.Lambda settings, StreamDefinition stream) {
            return records ->
                    CompletableFuture.failedFuture(new IllegalStateException("it never starts"));
        }

        @Override
        public Optional<FunctionStatus> status() {
            return Optional.empty();
        }

        @Override
        public void close() {
            // There is nothing.
        }
    }
}

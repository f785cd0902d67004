package io.delivery.cli;

import io.delivery.config.BackupSettings;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.StoreSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.landing.ObjectListing;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.ConfigParts;
import io.delivery.loading.InvalidConfigException;
import io.delivery.verify.Finding;
import io.delivery.verify.LaneReport;
import io.delivery.verify.ListedStores;
import io.delivery.verify.Place;
import io.delivery.verify.Report;
import io.delivery.verify.Scope;
import io.delivery.verify.Verification;
import io.delivery.verify.Watcher;
import io.delivery.world.World;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks that what was accepted is where the records say it is. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Add the books of every stream up again. With --store, also check that every object that"
                    + " landed is in its store as it landed, and that the store has no object of"
                    + " this data directory that was never recorded.",
            "The command only reads, unless --abort-orphans is given, and the service may be running"
                    + " meanwhile.",
            "Exit code 0: everything is as it was recorded; multipart uploads that were left behind"
                    + " do not change that. 7: objects are missing that somebody removed, and"
                    + " nothing else is wrong. 1: something is damaged, unbalanced, changed or"
                    + " unknown, or an object is visible that was given up, or something could not"
                    + " be looked at. 3: the configuration is wrong. 4: the data directory cannot"
                    + " be read. 9: there is no such stream.",
            "Of the configuration dataDir is needed; with --store also stores, with their secrets,"
                    + " and streams."
        })
public final class VerifyCommand implements Callable<Integer> {
    private final ConfigLoader loader;
    private final ObjectListings listings;
    private final World world;
    private final DataDirectoryCheck check;
    private final boolean watched;

    @Spec private CommandSpec spec;
    @Mixin private ConfigOption config;

    @Parameters(arity = "0..*", paramLabel = "STREAM", description = "Streams (default: all).")
    private List<String> names = List.of();

    @Option(
            names = "--store",
            description =
                    "Ask the store for length, checksum and metadata of every object that landed;"
                            + " then list the buckets for objects that were never recorded.")
    private boolean store;

    @Option(
            names = "--read",
            description = "Also read every byte of every object. Implies --store.")
    private boolean read;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "With --store: only objects that landed since then: 90m, 24h, 7d, 2026-11-21 or"
                            + " 2026-11-21T07:00:00Z. The books are always checked as a whole.")
    private String since;

    @Option(
            names = "--prefix",
            paramLabel = "PREFIX",
            description = "With --store: only objects whose key begins with this.")
    private String prefix;

    @Option(
            names = "--abort-orphans",
            description =
                    "End the multipart uploads of this data directory that nobody will complete,"
                            + " because their object has landed or was given up. Implies --store.")
    private boolean abortOrphans;

    @Option(names = "--json", description = "Print the report as JSON, for programs.")
    private boolean json;

    /**
     * @param watched whether to tell on standard error how far it is
     */
    public VerifyCommand(
            ConfigLoader loader,
            ObjectListings listings,
            World world,
            DataDirectoryCheck check,
            boolean watched) {
        this.loader = loader;
        this.listings = listings;
        this.world = world;
        this.check = check;
        this.watched = watched;
    }

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        OptionalLong sinceMillis = sinceMillis();
        store |= read || abortOrphans;
        if (!store && (since != null || prefix != null)) {
            throw new ParameterException(
                    spec.commandLine(), "--since and --prefix choose objects: add --store");
        }
        try {
            ConfigParts parts = loader.loadParts(config.file());
            DeliveryConfig loaded =
                    store
                            ? parts.require("dataDir", "stores", "streams")
                            : parts.require("dataDir");
            Path directory = loaded.dataDir();
            Optional<String> refusal = check.refusal(directory);
            if (refusal.isPresent()) {
                err.println(refusal.get());
                return ExitCodes.DATA_DIRECTORY;
            }
            return verify(
                    parts,
                    loaded,
                    new Verification(
                            world, directory, DataDirectoryOptions.masterKeys(parts), watcher()),
                    sinceMillis);
        } catch (InvalidConfigException refused) {
            refused.problems().forEach(err::println);
            return ExitCodes.CONFIG_REFUSED;
        } catch (UnknownStreamException unknown) {
            err.println(unknown.getMessage());
            return ExitCodes.of(unknown);
        } catch (StoreRefusedException refused) {
            err.println(refused.getMessage());
            return ExitCodes.CONFIG_REFUSED;
        } catch (IOException unreadable) {
            err.println("the data directory cannot be read: " + unreadable);
            return ExitCodes.DATA_DIRECTORY;
        }
    }

    private OptionalLong sinceMillis() {
        if (since == null) {
            return OptionalLong.empty();
        }
        try {
            Instant now = Instant.ofEpochMilli(world.clock().millis());
            return OptionalLong.of(SinceOption.parse(since, now).toEpochMilli());
        } catch (IllegalArgumentException | ArithmeticException unknown) {
            throw new ParameterException(
                    spec.commandLine(), "--since " + unknown.getMessage(), unknown);
        }
    }

    private int verify(
            ConfigParts parts,
            DeliveryConfig loaded,
            Verification verification,
            OptionalLong sinceMillis)
            throws IOException,
                    StoreRefusedException,
                    InvalidConfigException,
                    UnknownStreamException {
        Set<String> begun = new TreeSet<>(verification.streams());
        for (String name : names) {
            if (!begun.contains(name) && parts.require("streams").stream(name).isEmpty()) {
                throw new UnknownStreamException(
                        "there is no stream %s, neither configured nor in %s"
                                .formatted(name, loaded.dataDir()));
            }
        }
        Scope.Depth depth =
                read ? Scope.Depth.BYTES : store ? Scope.Depth.STORE : Scope.Depth.BOOKS;
        Scope scope =
                new Scope(
                        Set.copyOf(names),
                        depth,
                        sinceMillis,
                        prefix == null ? "" : prefix,
                        abortOrphans ? Scope.Orphans.ENDED : Scope.Orphans.TOLD);
        Report report = verification.run(scope, stores(loaded), places(loaded));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.print(VerifyJson.of(report));
        } else {
            loaded.streams().stream()
                    .map(StreamDefinition::name)
                    .filter(name -> names.isEmpty() || names.contains(name))
                    .filter(name -> !begun.contains(name))
                    .forEach(name -> out.println(name + "\n  has accepted nothing yet"));
            out.print(VerifyText.places(report, read));
            out.print(VerifyText.findings(report));
            out.print(VerifyText.result(report, depth == Scope.Depth.BOOKS));
        }
        out.flush();
        return switch (report.result()) {
            case EQUAL ->
                    abortOrphans && report.findings().count(Finding.Kind.ORPHANED) > 0
                            ? ExitCodes.FOUND // they were to be ended, and could not
                            : ExitCodes.DONE;
            case MISSING -> ExitCodes.OBJECTS_REMOVED;
            case UNEQUAL -> ExitCodes.FOUND;
        };
    }

    /** Opens all stores, unless only the books are checked. */
    private ListedStores stores(DeliveryConfig loaded) throws StoreRefusedException {
        Map<String, ObjectListing> opened = new HashMap<>();
        if (store) {
            for (StoreSettings settings : loaded.stores()) {
                try {
                    opened.put(settings.name(), listings.open(settings));
                } catch (IOException refused) {
                    throw new StoreRefusedException(
                            "stores.%s cannot be used: %s"
                                    .formatted(settings.name(), refused.getMessage()),
                            refused);
                }
            }
        }
        return name -> Optional.ofNullable(opened.get(name));
    }

    /** A store's settings cannot be used here. */
    private static final class StoreRefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        StoreRefusedException(String message, IOException cause) {
            super(message, cause);
        }
    }

    /** Where the chosen streams write to now. */
    private Set<Place> places(DeliveryConfig loaded) {
        Set<Place> places = new LinkedHashSet<>();
        for (StreamDefinition stream : loaded.streams()) {
            if (names.isEmpty() || names.contains(stream.name())) {
                places.add(new Place(stream.destination().store(), stream.destination().bucket()));
                stream.backup()
                        .ifPresent(
                                (BackupSettings backup) ->
                                        places.add(new Place(backup.store(), backup.bucket())));
            }
        }
        return places;
    }

    /** Tells people what is known so far; programs hear everything at the end. */
    private Watcher watcher() {
        if (json) {
            return Watcher.NOBODY;
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        return new Watcher() {
            @Override
            public void streamChecked(String stream, List<LaneReport> lanes) {
                out.print(VerifyText.stream(stream, lanes));
                out.flush();
            }

            @Override
            public void looked(long objects) {
                if (watched && objects % 1000 == 0) {
                    err.print("\r" + objects + " objects looked at ");
                    err.flush();
                }
            }

            @Override
            public void listed(String place, long keys, long ours) {
                if (watched) {
                    err.print("\r");
                    err.flush();
                }
                out.print(VerifyText.listed(place, keys, ours));
                out.flush();
            }
        };
    }
}

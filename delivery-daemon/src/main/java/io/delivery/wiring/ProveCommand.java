package io.delivery.wiring;

import io.delivery.cli.ConfigOption;
import io.delivery.cli.ExitCodes;
import io.delivery.cli.HostResources;
import io.delivery.config.BackupSettings;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.StoreSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.config.Suggestion;
import io.delivery.failure.FailureText;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import io.delivery.proof.Lake;
import io.delivery.proof.Proof;
import io.delivery.proof.ProofProgress;
import io.delivery.proof.ProofReport;
import io.delivery.proof.ProofSettings;
import io.delivery.proof.ProofStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows on the user's own machine that nothing is lost or doubled, whatever breaks. */
@Command(
        name = "prove",
        mixinStandardHelpOptions = true,
        description =
                "Run a service in a scratch directory, kill it again and again under load, cause"
                        + " faults in its store, and compare every object with what was sent.")
final class ProveCommand implements Callable<Integer> {
    private static final Duration USUAL_LOAD = Duration.ofSeconds(60);
    private static final Duration TELL_EVERY = Duration.ofSeconds(10);
    private static final int BAR = 30;

    private final ConfigLoader loader;
    private final HostResources host;
    private final boolean watched;

    @Spec private CommandSpec spec;
    @Mixin private ConfigOption config;

    @Option(
            names = "--store",
            paramLabel = "NAME",
            description =
                    "Use this store of the configuration (default: a folder in the scratch directory)."
                            + " All keys begin with delivery-proof-SEED/; the command removes them"
                            + " when the run has passed.")
    private String storeName;

    @Option(
            names = "--bucket",
            paramLabel = "BUCKET",
            description =
                    "With --store: the bucket, which must be there (default: the one bucket that"
                            + " streams of the configuration have in that store).")
    private String bucket;

    @Option(
            names = {"-d", "--duration"},
            paramLabel = "DURATION",
            description = "How long to send records, such as 60s, 10m or 2h (default: 60s).")
    private String duration;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "The same as --duration, in minutes.")
    private Integer minutes;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "Use the same records, faults and times of kills as another run with this seed"
                            + " (default: a random seed, which is printed). The order in which"
                            + " threads run is not repeated.")
    private Long seed;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "The scratch directory, which must be empty or new (default: a temporary one).")
    private Path directory;

    @Option(
            names = "--keep",
            description = "Keep the scratch directory and the objects although the run has passed.")
    private boolean keep;

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    ProveCommand(ConfigLoader loader, HostResources host, boolean watched) {
        this.loader = loader;
        this.host = host;
        this.watched = watched;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        OwnContainer.require(host, spec);
        Duration load = load();
        long chosen = seed == null ? new SecureRandom().nextLong() >>> 16 : seed;
        Optional<StoreSettings> settings;
        try {
            settings = settingsOfStore();
        } catch (InvalidConfigException refused) {
            refused.problems().forEach(spec.commandLine().getErr()::println);
            return ExitCodes.CONFIG_REFUSED;
        }
        if (settings.isEmpty()) {
            Path scratch = scratch();
            return prove(
                    ProofParts.directory(scratch.resolve("lake"), "proof", ""),
                    load,
                    chosen,
                    scratch);
        }
        String prefix = "delivery-proof-%x/".formatted(chosen);
        ProofStore store = ProofParts.store(settings.get(), bucket, prefix);
        try (Lake lake = store.lake()) {
            if (!lake.list(prefix).isEmpty()) {
                throw new IOException(
                        "%s is not empty: an earlier proof with seed %d is there; remove it, or take another seed"
                                .formatted(store.title(), chosen));
            }
            return prove(store, load, chosen, scratch());
        }
    }

    private int prove(ProofStore store, Duration load, long chosen, Path scratch)
            throws IOException, InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        err.printf("seed %d, %d s, %s%n", chosen, load.toSeconds(), store.title());
        if (!store.withoutFaults().isEmpty()) {
            err.printf("no store faults: %s%n", store.withoutFaults());
        }
        err.flush();
        Proof proof =
                ProofParts.proof(ProofSettings.of(load, chosen), store, new Progress(), scratch);
        ProofReport report = run(proof, scratch);
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? report.json() : report.text());
        out.flush();
        if (report.proved() && !keep) {
            tidyUp(err, List.of(proof::removeObjects, () -> remove(scratch)));
        } else if (!json) {
            out.printf("Kept: %s, and the objects of %s%n", scratch, store.title());
        }
        out.flush();
        return report.proved() ? ExitCodes.DONE : ExitCodes.FOUND;
    }

    private static ProofReport run(Proof proof, Path scratch)
            throws IOException, InterruptedException {
        try {
            return proof.run();
        } catch (IOException failed) {
            throw new IOException(
                    "nothing is proved and nothing disproved: %s; kept: %s"
                            .formatted(FailureText.of(failed), scratch),
                    failed);
        }
    }

    // --- what is asked for ---

    private Duration load() {
        if (duration != null && minutes != null) {
            throw usage("--duration and --minutes say the same: use one");
        }
        if (minutes != null) {
            return checked(Duration.ofMinutes(minutes), minutes + " minutes");
        }
        if (duration == null) {
            return USUAL_LOAD;
        }
        try {
            return checked(ConfigLoader.duration(duration), duration);
        } catch (IllegalArgumentException refused) {
            throw usage("--duration " + refused.getMessage());
        }
    }

    private Duration checked(Duration load, String written) {
        if (load.toSeconds() < 1 || load.toDays() > 7) {
            throw usage("the duration must be between 1s and 168h, was " + written);
        }
        return load;
    }

    private Optional<StoreSettings> settingsOfStore() throws InvalidConfigException {
        if (storeName == null) {
            if (bucket != null || config.given()) {
                throw usage("--bucket and --config go with --store");
            }
            return Optional.empty();
        }
        DeliveryConfig loaded = loader.load(config.file()).config();
        List<String> names = loaded.stores().stream().map(StoreSettings::name).toList();
        StoreSettings store =
                loaded.store(storeName)
                        .orElseThrow(
                                () ->
                                        usage(
                                                "--store must be one of %s, was %s%s"
                                                        .formatted(
                                                                names,
                                                                storeName,
                                                                Suggestion.ask(storeName, names))));
        if (bucket == null) {
            List<String> buckets = bucketsOf(loaded);
            if (buckets.size() == 1) {
                bucket = buckets.get(0);
            } else if (store.definition().choose(directory -> true, s3 -> false)) {
                bucket = "delivery-proof";
            } else {
                throw usage("--bucket is needed: streams have %s there".formatted(buckets));
            }
        }
        return Optional.of(store);
    }

    private List<String> bucketsOf(DeliveryConfig loaded) {
        Stream<String> main =
                loaded.streams().stream()
                        .map(StreamDefinition::destination)
                        .filter(to -> to.store().equals(storeName))
                        .map(to -> to.bucket());
        Stream<String> backup =
                loaded.streams().stream()
                        .flatMap(stream -> stream.backup().stream())
                        .filter(to -> to.store().equals(storeName))
                        .map(BackupSettings::bucket);
        return Stream.concat(main, backup).distinct().sorted().toList();
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    // --- scratch directory ---

    private Path scratch() throws IOException {
        if (directory == null) {
            return Files.createTempDirectory("delivery-prove-").toAbsolutePath();
        }
        Path folder = directory.toAbsolutePath().normalize();
        Files.createDirectories(folder);
        try (Stream<Path> there = Files.list(folder)) {
            if (there.findAny().isPresent()) {
                throw usage("--dir must be an empty folder: " + folder);
            }
        }
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
        return folder;
    }

    /** Removes something that the proof has written. */
    @FunctionalInterface
    interface Removal {
        void run() throws IOException;
    }

    /** What is proved stays proved when a store lets nobody delete. */
    static void tidyUp(PrintWriter err, List<Removal> removals) {
        for (Removal removal : removals) {
            try {
                removal.run();
            } catch (IOException refused) {
                err.printf("not everything was removed: %s%n", FailureText.of(refused));
                err.flush();
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }

    // --- progress ---

    private final class Progress implements ProofProgress {
        private final PrintWriter err = spec.commandLine().getErr();
        private Duration told = Duration.ZERO;
        private boolean barIsOpen;

        @Override
        public void step(String what) {
            err.print(barIsOpen ? "\n" : "");
            barIsOpen = false;
            err.println(what);
            err.flush();
        }

        @Override
        public void loaded(Duration so, Duration of, int kills, long acknowledged, int objects) {
            String counts =
                    "%d s of %d s, %d kills, %,d acknowledged, %,d objects"
                            .formatted(
                                    so.toSeconds(), of.toSeconds(), kills, acknowledged, objects);
            if (watched) {
                int full = (int) Math.min(BAR, BAR * so.toMillis() / of.toMillis());
                err.printf("\r[%s%s] %s ", "=".repeat(full), " ".repeat(BAR - full), counts);
                barIsOpen = true;
            } else if (so.minus(told).compareTo(TELL_EVERY) >= 0) {
                told = so;
                err.println(counts);
            }
            err.flush();
        }
    }
}

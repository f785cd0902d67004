package io.delivery.proof;

import io.delivery.proof.BooksCheck.Books;
import io.delivery.proof.BrokenPromises.Kind;
import io.delivery.proof.ProofReport.StreamReport;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One proof: starts the program in a scratch directory, sends it records, kills it with SIGKILL at
 * seeded moments, lets its store fail, heals everything, lets it drain, and compares every object
 * with what was sent. Used once, by one thread.
 */
public final class Proof {
    private static final int THREADS_PER_STREAM = 2;
    private static final String STORE = "lake";
    private static final String ACCESS_KEY = "prover";

    /** The variable that holds the secret of the one who sends: it is written to no file. */
    private static final String SECRET = "DELIVERY_PROOF_SECRET";

    /** Every so many starts the program is killed before it has started. */
    private static final int KILL_AT_START_EVERY = 5;

    private static final int SHORTEST_LIFE_MILLIS = 250;
    private static final int LONGEST_LIFE_MILLIS = 5_000;
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration DRAIN = Duration.ofMinutes(3);

    /** How long a program that does not answer may take to be gone. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);

    private final ProofSettings settings;
    private final ProofStore store;
    private final DaemonCommand program;
    private final RecordSender.Factory senders;
    private final LakeAudit audit;
    private final ProofProgress progress;
    private final Path scratch;
    private final String secret = secret();
    private final SplittableRandom random;
    private final BrokenPromises violations = new BrokenPromises();
    private final List<OracleProducer> producers = new ArrayList<>();
    private final ObjectWatch watch;
    private Optional<ProofFunction> function = Optional.empty();
    private String functions = "none in this proof";
    private final Map<String, String> environment = new LinkedHashMap<>();
    private AfterKill afterKill = () -> {};
    private DaemonCommand command;
    private UnaryOperator<String> adjusted = UnaryOperator.identity();
    private int starts;
    private int kills;
    private int killsAtStart;

    /**
     * @param scratch an empty directory; what is in it afterwards explains a failure
     */
    public Proof(
            ProofSettings settings,
            ProofStore store,
            DaemonCommand program,
            RecordSender.Factory senders,
            RowReader rows,
            ProofProgress progress,
            Path scratch) {
        this.settings = settings;
        this.store = store;
        this.program = program;
        this.senders = senders;
        this.progress = progress;
        this.scratch = scratch;
        this.random = new SplittableRandom(settings.seed());
        this.watch = new ObjectWatch(store.lake(), store.prefix(), violations);
        this.audit = new LakeAudit(store, rows, watch, violations);
    }

    /** What happens to the data directory between a kill and the next start. */
    @FunctionalInterface
    interface AfterKill {
        void happens() throws IOException, InterruptedException;
    }

    /** From now on this happens after each kill. */
    Proof afterEachKill(AfterKill happening) {
        afterKill = happening;
        return this;
    }

    private void produce(ProofStream... streams) {
        producers.clear();
        for (ProofStream stream : streams) {
            producers.add(
                    new OracleProducer(stream, THREADS_PER_STREAM, settings.seed(), violations));
        }
    }

    private static String secret() {
        byte[] bytes = new byte[20];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * Takes as long as the load and what it needs to drain.
     *
     * @throws IOException when the store could not be read at the end, or the scratch directory not
     *     be written: then nothing is said
     */
    public ProofReport run() throws IOException, InterruptedException {
        function = ProofFunction.present();
        functions = function.map(ProofFunction::title).orElse(ProofFunction.MISSING);
        produce(
                Stream.of(ProofStream.values())
                        .filter(s -> s != ProofStream.FUNCTIONS || function.isPresent())
                        .toArray(ProofStream[]::new));
        Optional<FaultProxy> proxy = Optional.empty();
        if (store.takesFaults()) {
            FaultPlan plan = new FaultPlan(settings.seed());
            proxy = Optional.of(FaultProxy.start(store.endpoint().orElseThrow(), plan));
        }
        try {
            ProofReport report = run(proxy, this::load);
            requireTried(report);
            return report;
        } finally {
            if (proxy.isPresent()) {
                proxy.get().close();
            }
        }
    }

    /** What nobody could break is not proved. */
    private void requireTried(ProofReport report) {
        for (StreamReport stream : report.streams()) {
            if (stream.acknowledged() == 0) {
                violations.add(
                        Kind.NOT_TRIED, "%s: no record was ever acknowledged", stream.name());
            }
        }
        if (report.objects() > 0 && report.seenEarly() == 0) {
            violations.add(
                    Kind.NOT_TRIED,
                    "no object was seen while it ran, so none can be compared%s",
                    report.watchTrouble().isEmpty() ? "" : ": " + report.watchTrouble());
        }
    }

    /**
     * One proof of one stream, without faults: a program that ends itself at some moment under
     * load, then the real one.
     *
     * @param exitCode which the halting one must end with, within a minute
     * @param adjustment of the configuration
     */
    ProofReport untilItHalts(
            ProofStream stream,
            DaemonCommand halting,
            int exitCode,
            UnaryOperator<String> adjustment)
            throws IOException, InterruptedException {
        produce(stream);
        adjusted = adjustment;
        return run(Optional.empty(), config -> loadUntilItHalts(halting, config, exitCode));
    }

    /** Sends records to a program, and sees it end. */
    private interface Load {
        void run(Path config) throws IOException, InterruptedException;
    }

    private ProofReport run(Optional<FaultProxy> proxy, Load load)
            throws IOException, InterruptedException {
        Files.createDirectories(scratch.resolve("logs"));
        Path config = configuration();
        environment.putAll(store.environment());
        environment.put(SECRET, secret);
        Optional<URI> endpoint = proxy.map(FaultProxy::endpoint).or(store::endpoint);
        endpoint.ifPresent(uri -> environment.put(ProofStore.ENDPOINT, uri.toString()));
        command = program.withEnvironment(environment);
        watch.start();
        producers.forEach(OracleProducer::start);
        Map<String, Books> books = new LinkedHashMap<>();
        try {
            load.run(config);
        } catch (DaemonException failed) {
            violations.add(Kind.PROGRAM, failed.what());
        } finally {
            sendTo(null);
            for (OracleProducer producer : producers) {
                producer.stop();
            }
        }
        progress.step("healing the store, landing what is left");
        if (proxy.isPresent()) {
            proxy.get().heal();
        }
        int seenEarly = watch.objects();
        try {
            drain(config, books);
        } catch (DaemonException failed) {
            violations.add(Kind.PROGRAM, failed.what());
        }
        watch.stop();
        progress.step("reading every object back");
        int objects = audit.read(producers);
        return report(proxy, books, objects, Math.min(objects, seenEarly));
    }

    private Path configuration() throws IOException {
        Path tables = Files.createDirectories(scratch.resolve("schemas/proof"));
        for (Map.Entry<String, String> table : ProofStream.TABLES.entrySet()) {
            Files.writeString(tables.resolve(table.getKey() + ".yaml"), table.getValue());
        }
        String ofFunctions = "";
        if (function.isPresent()) {
            function.get().write(scratch.resolve("functions"));
            ofFunctions = "functions:\n" + function.get().yaml("functions");
        }
        StringBuilder streams = new StringBuilder();
        for (OracleProducer producer : producers) {
            ProofStream stream = producer.stream();
            streams.append(stream.yaml(STORE, store.bucket(), store.prefix()));
        }
        String yaml =
                """
                # Written by `delivery prove`.
                dataDir: data
                server:
                  api: 127.0.0.1:0
                  admin: 127.0.0.1:0
                  credentials: [{accessKeyId: %s, secretAccessKey: '${%s}'}]
                limits: {memory: 128MB}
                stores:
                  %s: %s
                catalogs: {main: {file: schemas}}
                %sstreams:
                """
                                .formatted(ACCESS_KEY, SECRET, STORE, store.settings(), ofFunctions)
                        + streams;
        return Files.writeString(scratch.resolve("delivery.yaml"), adjusted.apply(yaml));
    }

    // --- load and kills ---

    private void load(Path config) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        long end = begun + settings.load().toNanos();
        long latest = end + settings.patience().toNanos();
        while (System.nanoTime() < end
                || kills < settings.minKills()
                || !isTried() && System.nanoTime() < latest) {
            if (++starts % KILL_AT_START_EVERY == 0) {
                killWhileStarting(config);
            }
            try (DaemonProcess daemon = started(command, config)) {
                RecordSender sender = senders.to(daemon.api(), ACCESS_KEY, secret);
                sendTo(sender);
                int life =
                        SHORTEST_LIFE_MILLIS
                                + random.nextInt(LONGEST_LIFE_MILLIS - SHORTEST_LIFE_MILLIS);
                try {
                    live(daemon, Duration.ofMillis(life), begun);
                    daemon.kill();
                    sendTo(null);
                    kills++;
                    afterKill.happens();
                } finally {
                    ended(daemon);
                }
            }
        }
    }

    /** What it said is kept also when it has not started. */
    private DaemonProcess started(DaemonCommand how, Path config) throws IOException {
        DaemonProcess daemon = DaemonProcess.launch(how, config);
        try {
            return daemon.awaitStarted();
        } catch (DaemonException failed) {
            daemon.close();
            ended(daemon);
            throw failed;
        }
    }

    private boolean isTried() {
        return watch.objects() > 0 && producers.stream().allMatch(p -> p.acknowledged() > 0);
    }

    private void loadUntilItHalts(DaemonCommand halting, Path config, int expected)
            throws IOException, InterruptedException {
        starts++;
        try (DaemonProcess daemon = started(halting.withEnvironment(environment), config)) {
            sendTo(senders.to(daemon.api(), ACCESS_KEY, secret));
            int exitCode = daemon.exitCode();
            kills++;
            ended(daemon);
            if (exitCode != expected) {
                throw new DaemonException("it ended with exit code " + exitCode, daemon.log());
            }
        }
    }

    private void live(DaemonProcess daemon, Duration life, long begun) throws InterruptedException {
        long until = System.nanoTime() + life.toNanos();
        for (long left = life.toNanos(); left > 0; left = until - System.nanoTime()) {
            daemon.live(Duration.ofNanos(Math.min(left, LOOK.toNanos())));
            tell(begun);
        }
    }

    private void tell(long begun) {
        long acknowledged = producers.stream().mapToLong(OracleProducer::acknowledged).sum();
        progress.loaded(
                Duration.ofNanos(System.nanoTime() - begun),
                settings.load(),
                kills,
                acknowledged,
                watch.objects());
    }

    /** Recovery is interrupted as well. */
    private void killWhileStarting(Path config) throws IOException, InterruptedException {
        try (DaemonProcess daemon = DaemonProcess.launch(command, config)) {
            try {
                daemon.live(Duration.ofMillis(300 + random.nextInt(1_200)));
                daemon.kill();
                kills++;
                killsAtStart++;
                afterKill.happens();
            } finally {
                ended(daemon);
            }
        }
    }

    private void sendTo(RecordSender sender) {
        producers.forEach(producer -> producer.sendTo(sender));
    }

    /** Keeps what it said; errors are never to be said, whatever the store does. */
    private void ended(DaemonProcess daemon) throws IOException {
        Path log = scratch.resolve("logs/daemon-%04d.log".formatted(starts));
        String said = daemon.log();
        Files.writeString(
                log,
                said,
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND);
        said.lines()
                .filter(line -> line.contains(" ERROR "))
                .findFirst()
                .ifPresent(line -> violations.add(Kind.PROGRAM, "it said: %s", line));
    }

    // --- drain ---

    private void drain(Path config, Map<String, Books> books)
            throws IOException, InterruptedException {
        starts++;
        long deadline = System.nanoTime() + DRAIN.toNanos();
        try (DaemonProcess daemon = started(command, config)) {
            try {
                drain(daemon, deadline, books);
            } catch (IOException unanswered) {
                if (daemon.endsWithin(LAST_WORDS)) {
                    violations.add(
                            Kind.PROGRAM,
                            "it ended by itself while it drained, with exit code %d",
                            daemon.exitCode());
                } else {
                    violations.add(
                            Kind.PROGRAM, "it does not answer while it drains: %s", unanswered);
                }
            } finally {
                ended(daemon);
            }
        }
    }

    private void drain(DaemonProcess daemon, long deadline, Map<String, Books> books)
            throws IOException, InterruptedException {
        for (OracleProducer producer : producers) {
            ProofStream stream = producer.stream();
            try {
                long left = Math.max(1, deadline - System.nanoTime());
                daemon.flush(stream.title(), Duration.ofNanos(left));
            } catch (java.net.http.HttpTimeoutException late) {
                violations.add(
                        Kind.PROGRAM,
                        "%s is not drained after %d s: %s",
                        stream.title(),
                        DRAIN.toSeconds(),
                        daemon.status(stream.title()).path("troubles"));
            }
            books.put(
                    stream.title(),
                    new Books(daemon.books(stream.title(), 0), daemon.books(stream.title(), 1)));
        }
        daemon.terminate();
        int exitCode = daemon.exitCode();
        if (exitCode != 0) {
            violations.add(Kind.PROGRAM, "exit code %d after SIGTERM", exitCode);
        }
    }

    // --- verdict ---

    private ProofReport report(
            Optional<FaultProxy> proxy, Map<String, Books> books, int objects, int seenEarly)
            throws IOException, InterruptedException {
        List<StreamReport> streams = new ArrayList<>();
        BooksCheck check = new BooksCheck(violations);
        audit.readings()
                .forEach(
                        (producer, reading) -> streams.add(check.report(producer, reading, books)));
        return new ProofReport(
                store.title(),
                settings.seed(),
                settings.load(),
                kills,
                killsAtStart,
                proxy.map(FaultProxy::counts).orElse(Map.of()),
                store.withoutFaults(),
                proxy.map(FaultProxy::requests).orElse(0L),
                streams,
                objects,
                seenEarly,
                watch.lastTrouble(),
                functions,
                audit.versions(),
                violations,
                scratch);
    }

    /** Removes what the proof has put into the store. Nothing else has its prefix. */
    public void removeObjects() throws IOException {
        for (String key : store.lake().list(store.prefix()).keySet()) {
            store.lake().remove(key);
        }
    }
}

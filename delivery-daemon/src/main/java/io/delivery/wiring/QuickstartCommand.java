package io.delivery.wiring;

import io.delivery.cli.ExitCodes;
import io.delivery.cli.HostResources;
import io.delivery.lane.LaneStatus;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import io.delivery.quickstart.DataSet;
import io.delivery.quickstart.LandedFiles;
import io.delivery.quickstart.LandedFiles.LakeObject;
import io.delivery.quickstart.QuickstartFolder;
import io.delivery.quickstart.QuickstartReport;
import io.delivery.stream.StreamStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows the whole way of a record, on this machine, within a minute. */
@Command(
        name = "quickstart",
        mixinStandardHelpOptions = true,
        description =
                "Start a service in a folder of its own, send it real records, and show what"
                        + " became of them.")
final class QuickstartCommand implements Callable<Integer> {
    private static final Duration LONGEST_STANDSTILL = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration WATCH_EVERY = Duration.ofSeconds(1);
    private static final int PORT_ATTEMPTS = 5;

    private final ConfigLoader loader;
    private final HostResources host;
    private final Function<String, Optional<Set<String>>> queryKeys;
    private final Function<InputStream, CommandLine> puts;
    private final boolean watched;

    @Spec private CommandSpec spec;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description = "Send the lines of this file: NDJSON, gzipped or not.")
    private Path input;

    @Option(
            names = "--query",
            paramLabel = "JQ",
            description =
                    "With --input: the jq program that gives the partition keys (default: a key that"
                            + " all records have and that has few values).")
    private String query;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "Work in this folder, which must be empty or new (default: a temporary one).")
    private Path directory;

    @Option(
            names = "--exit",
            description = "Stop when everything has been shown. Exit code 0: the books balance.")
    private boolean exit;

    QuickstartCommand(
            ConfigLoader loader,
            HostResources host,
            Function<String, Optional<Set<String>>> queryKeys,
            Function<InputStream, CommandLine> puts,
            boolean watched) {
        this.loader = loader;
        this.host = host;
        this.queryKeys = queryKeys;
        this.puts = puts;
        this.watched = watched;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        OwnContainer.require(host, spec);
        DataSet data = data();
        QuickstartFolder folder =
                directory == null ? QuickstartFolder.temporary() : QuickstartFolder.make(directory);
        PrintWriter out = spec.commandLine().getOut();
        QuickstartReport report = new QuickstartReport(out, folder, data);
        Service service;
        try {
            service = start(data, folder);
        } catch (StartRefusedException refused) {
            refused.reasons().forEach(r -> spec.commandLine().getErr().println("delivery: " + r));
            return refused.exitCode();
        }
        try (service) {
            report.started(service.apiUri(), service.adminUri());
            boolean sent = send(data, folder) == ExitCodes.DONE;
            boolean settled = sent && settle(service);
            LandedFiles lake = new LandedFiles(folder.lake());
            List<LakeObject> objects = lake.objects();
            StreamStatus status = service.status().get(0);
            report.lake(objects);
            report.books(status, objects);
            report.next(service.apiUri(), launcher());
            out.flush();
            boolean good = settled && QuickstartReport.good(status, objects);
            if (!exit) {
                stayUp(service, lake, objects, report);
            }
            report.again(launcher());
            return good ? ExitCodes.DONE : ExitCodes.FOUND;
        }
    }

    private DataSet data() throws IOException {
        if (input == null) {
            if (query != null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--query goes with --input; the built-in records have a query");
            }
            return DataSet.windowsEvents();
        }
        try {
            return DataSet.of(input, Optional.ofNullable(query), queryKeys);
        } catch (IllegalArgumentException refused) {
            throw new ParameterException(spec.commandLine(), refused.getMessage());
        }
    }

    /** Free ports are found by taking them; somebody may be faster in between, so again. */
    private Service start(DataSet data, QuickstartFolder folder)
            throws IOException, StartRefusedException {
        for (int attempt = 1; ; attempt++) {
            folder.write(data, addresses());
            try {
                return Service.start(loader.load(folder.config()));
            } catch (InvalidConfigException refused) {
                throw new StartRefusedException(
                        ExitCodes.CONFIG_REFUSED,
                        refused.problems().stream().map(Object::toString).toList());
            } catch (StartRefusedException refused) {
                if (refused.exitCode() != ExitCodes.CANNOT_BIND || attempt == PORT_ATTEMPTS) {
                    throw refused;
                }
            }
        }
    }

    private static QuickstartFolder.Addresses addresses() throws IOException {
        byte[] secret = new byte[20];
        new SecureRandom().nextBytes(secret);
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket api = new ServerSocket(0, 1, loopback);
                ServerSocket admin = new ServerSocket(0, 1, loopback)) {
            return new QuickstartFolder.Addresses(
                    api.getLocalPort(),
                    admin.getLocalPort(),
                    "quickstart",
                    HexFormat.of().formatHex(secret));
        }
    }

    /** With {@code delivery put}, as anybody would. */
    private int send(DataSet data, QuickstartFolder folder) throws IOException {
        try (InputStream lines = data.lines()) {
            CommandLine put = puts.apply(lines);
            put.setOut(spec.commandLine().getOut());
            put.setErr(spec.commandLine().getErr());
            return put.execute("--config", folder.config().toString());
        }
    }

    /** Waits until nothing is on its way; not longer than it makes no progress. */
    private boolean settle(Service service) throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        long begun = System.nanoTime();
        long lastProgress = begun;
        long lastBuffered = Long.MAX_VALUE;
        while (true) {
            long buffered = 0;
            long accepted = 0;
            for (LaneStatus lane : service.status().get(0).lanes()) {
                buffered += lane.books().buffered();
                accepted += lane.books().accepted();
            }
            if (watched) {
                err.printf("\rlanding: %,d of %,d", accepted - buffered, accepted);
                err.print(buffered == 0 ? "\n" : "");
                err.flush();
            }
            long now = System.nanoTime();
            if (buffered == 0) {
                PrintWriter out = spec.commandLine().getOut();
                out.printf("All of them are settled, after %.1f s.%n", (now - begun) / 1e9);
                return true;
            }
            if (buffered < lastBuffered) {
                lastBuffered = buffered;
                lastProgress = now;
            } else if (now - lastProgress > LONGEST_STANDSTILL.toNanos()) {
                err.printf("%,d records do not move; see the troubles below%n", buffered);
                return false;
            }
            Thread.sleep(LOOK_EVERY.toMillis());
        }
    }

    /** Says what lands until a signal comes, and stops as {@code run} does. */
    private void stayUp(
            Service service, LandedFiles lake, List<LakeObject> seen, QuickstartReport report)
            throws IOException, InterruptedException {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    service.close();
                                    report.again(launcher());
                                    Runtime.getRuntime().halt(ExitCodes.DONE);
                                },
                                "shutdown"));
        report.staysUp();
        Set<LakeObject> known = new HashSet<>(seen);
        while (true) {
            Thread.sleep(WATCH_EVERY.toMillis());
            List<LakeObject> fresh = new ArrayList<>();
            for (LakeObject object : lake.objects()) {
                if (known.add(object)) {
                    fresh.add(object);
                }
            }
            report.landed(fresh);
        }
    }

    /** What to type for this program: the shortest that works here. */
    private static String launcher() {
        Path here = Path.of("").toAbsolutePath();
        String home = System.getProperty("delivery.home");
        if (home == null) {
            return "delivery";
        }
        Path installed = Path.of(home).toAbsolutePath();
        Path checkout = here.resolve("delivery");
        if (installed.startsWith(here)
                && Files.isExecutable(checkout)
                && Files.isRegularFile(checkout)) {
            return "./delivery";
        }
        Path program = installed.resolve("bin/delivery");
        return program.startsWith(here) ? "./" + here.relativize(program) : program.toString();
    }
}

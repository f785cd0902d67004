package io.delivery.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.config.BackupSettings;
import io.delivery.config.ByteSize;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.DestinationSettings;
import io.delivery.config.FunctionSettings;
import io.delivery.config.Limits;
import io.delivery.config.MemoryDivision;
import io.delivery.config.StreamDefinition;
import io.delivery.failure.FailureText;
import io.delivery.landing.StoreProbe;
import io.delivery.landing.StoreProbe.Finding;
import io.delivery.loading.ConfigHints;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import io.delivery.loading.LoadedConfig;
import io.delivery.loading.LocatedProblem;
import io.delivery.loading.MemoryHints;
import io.delivery.loading.ObjectBytes;
import io.delivery.loading.ObjectSizeHints;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reads a configuration and says everything that is wrong with it, without starting anything. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description =
                "Check a configuration, and print every mistake in it with its line. Nothing is started.")
public final class CheckCommand implements Callable<Integer> {
    private final ConfigLoader loader;
    private final StartCheck start;
    private final StoreProbes probes;
    private final FunctionProbes functions;
    private final TableProbes tables;
    private final HostResources machine;

    @Spec private CommandSpec spec;
    @Mixin private ConfigArgument config;

    @Option(
            names = "--online",
            description =
                    "Also write a small object to each bucket of each store, read it back and remove"
                            + " it; connect to the address of each function, which invokes nothing;"
                            + " and ask Glue for each table that a stream names, and compare the"
                            + " stream's settings with it.")
    private boolean online;

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    /**
     * @param probes for {@code --online}
     * @param functions for {@code --online}
     * @param tables for {@code --online}
     */
    public CheckCommand(
            ConfigLoader loader,
            StartCheck start,
            StoreProbes probes,
            FunctionProbes functions,
            TableProbes tables,
            HostResources machine) {
        this.loader = loader;
        this.start = start;
        this.probes = probes;
        this.functions = functions;
        this.tables = tables;
        this.machine = machine;
    }

    @Override
    public Integer call() {
        Report report = report(config.file());
        PrintWriter out = spec.commandLine().getOut();
        out.print(report.hiding.apply(json ? report.json() : report.text()));
        out.flush();
        return report.ok() ? ExitCodes.DONE : ExitCodes.FOUND;
    }

    private Report report(Path file) {
        Report report = new Report(file);
        try {
            LoadedConfig withLines = loader.load(file);
            DeliveryConfig loaded = withLines.config();
            report.config = loaded;
            report.hiding = withLines.hiding();
            ForeseenStart foreseen = start.foreseen(withLines, machine, online);
            report.objectBytes = foreseen.objectBytes();
            report.problems.addAll(foreseen.problems());
            report.hints.addAll(ConfigHints.of(loaded));
            report.hints.addAll(ObjectSizeHints.unreachable(loaded, report.objectBytes));
            report.hints.addAll(machineHints(loaded));
            if (online) {
                probe(loaded, report);
                for (FunctionSettings function : loaded.functions()) {
                    functions
                            .probe(function)
                            .ifPresent(
                                    found ->
                                            report.findings.put(
                                                    "functions." + function.name(),
                                                    List.of(found)));
                }
                report.findings.putAll(tables.probe(loaded));
            }
        } catch (InvalidConfigException e) {
            report.problems.addAll(e.problems());
        }
        return report;
    }

    /** Not problems here: a full disk makes producers wait, and other programs may free some. */
    private List<String> machineHints(DeliveryConfig loaded) {
        List<String> found = new ArrayList<>();
        machine.memoryBytes()
                .ifPresent(
                        bytes ->
                                MemoryHints.of(loaded, machine.heapBytes(), bytes)
                                        .ifPresent(found::add));
        try {
            OptionalLong room = machine.roomFor(loaded.dataDir());
            if (room.isPresent()) {
                diskHint(loaded.limits(), room.getAsLong()).ifPresent(found::add);
            }
        } catch (IOException e) {
            found.add("dataDir: its disk cannot be looked at: " + FailureText.of(e));
        }
        return found;
    }

    private static Optional<String> diskHint(Limits limits, long roomBytes) {
        return limits.fitInto(roomBytes)
                ? Optional.empty()
                : Optional.of(
                        "limits.disk: is %s, with the %s of limits.ledger more than the %s there is room for under dataDir"
                                .formatted(
                                        ByteSize.text(limits.diskBytes()),
                                        ByteSize.text(limits.ledgerBytes()),
                                        ByteSize.text(roomBytes)));
    }

    private void probe(DeliveryConfig loaded, Report report) {
        Map<String, String> prefixes = new LinkedHashMap<>();
        for (StreamDefinition stream : loaded.streams()) {
            DestinationSettings to = stream.destination();
            prefixes.putIfAbsent(
                    to.store() + "\0" + to.bucket(), literalStart(to.prefix().orElse("")));
            stream.backup()
                    .ifPresent(
                            (BackupSettings b) ->
                                    prefixes.putIfAbsent(
                                            b.store() + "\0" + b.bucket(),
                                            literalStart(b.prefix().orElse(""))));
        }
        prefixes.forEach(
                (place, prefix) -> {
                    String store = place.substring(0, place.indexOf('\0'));
                    String bucket = place.substring(place.indexOf('\0') + 1);
                    report.findings.put(
                            store + "/" + bucket, findings(loaded, store, bucket, prefix));
                });
    }

    private List<Finding> findings(
            DeliveryConfig loaded, String store, String bucket, String prefix) {
        try {
            StoreProbe probe = probes.open(loaded.store(store).orElseThrow());
            return probe.probe(bucket, prefix);
        } catch (IOException e) {
            return List.of(
                    new Finding(
                            StoreProbe.Verdict.REFUSED,
                            "opening the store",
                            FailureText.of(e),
                            "correct stores." + store));
        }
    }

    /** Where the stream may write, whatever its expressions say: the part before the first one. */
    private static String literalStart(String prefix) {
        int expression = prefix.indexOf("!{");
        return expression < 0 ? prefix : prefix.substring(0, expression);
    }

    /** What came out of a check. */
    private static final class Report {
        private final Path file;
        private final List<LocatedProblem> problems = new ArrayList<>();
        private final List<String> hints = new ArrayList<>();
        private final Map<String, List<Finding>> findings = new LinkedHashMap<>();
        private DeliveryConfig config;
        private ObjectBytes objectBytes = ObjectBytes.NO_TABLES;
        private UnaryOperator<String> hiding = UnaryOperator.identity();

        Report(Path file) {
            this.file = file;
        }

        boolean ok() {
            return problems.isEmpty()
                    && findings.values().stream()
                            .flatMap(List::stream)
                            .noneMatch(Finding::isProblem);
        }

        String text() {
            StringBuilder text = new StringBuilder();
            problems.forEach(p -> text.append(p).append('\n'));
            hints.forEach(h -> text.append("hint: ").append(h).append('\n'));
            findings.forEach(
                    (place, found) -> {
                        text.append(place).append('\n');
                        found.forEach(f -> text.append(line(f)));
                    });
            if (!problems.isEmpty()) {
                return text + "%s: %s%n".formatted(file, count(problems.size(), "problem"));
            }
            text.append("limits.memory: ")
                    .append(MemoryDivision.of(config.limits().memoryBytes()))
                    .append('\n');
            ObjectSizeHints.sizes(config, objectBytes)
                    .forEach(line -> text.append(line).append('\n'));
            text.append(file)
                    .append(ok() ? ": OK, " : ": the file is right, what it names is not; ")
                    .append(count(config.streams().size(), "stream"))
                    .append(", ")
                    .append(count(config.stores().size(), "store"))
                    .append(", ")
                    .append(functions(config.functions().size()))
                    .append(count(config.catalogs().size(), "catalog"))
                    .append('\n');
            return text.toString();
        }

        /** Only where there are any: most configurations have none. */
        private static String functions(int number) {
            return number == 0 ? "" : count(number, "function") + ", ";
        }

        private static String line(Finding finding) {
            return "  %-9s %s: %s%s%n"
                    .formatted(
                            finding.verdict().name().toLowerCase(java.util.Locale.ROOT),
                            finding.subject(),
                            finding.saw(),
                            finding.remedy().isEmpty() ? "" : "; " + finding.remedy());
        }

        private static String count(int number, String what) {
            return number + " " + what + (number == 1 ? "" : "s");
        }

        String json() {
            ObjectNode root = new ObjectMapper().createObjectNode();
            root.put("file", file.toString()).put("ok", ok());
            ArrayNode problemsOut = root.putArray("problems");
            for (LocatedProblem problem : problems) {
                problemsOut
                        .addObject()
                        .put("file", problem.file())
                        .put("line", problem.line())
                        .put("path", problem.path())
                        .put("message", problem.message());
            }
            hints.forEach(root.putArray("hints")::add);
            ArrayNode storesOut = root.putArray("findings");
            findings.forEach(
                    (place, found) ->
                            found.forEach(
                                    f ->
                                            storesOut
                                                    .addObject()
                                                    .put("place", place)
                                                    .put("verdict", f.verdict().name())
                                                    .put("subject", f.subject())
                                                    .put("saw", f.saw())
                                                    .put("remedy", f.remedy())));
            if (config != null) {
                MemoryDivision memory = MemoryDivision.of(config.limits().memoryBytes());
                root.putObject("memory")
                        .put("requests", memory.requestBytes())
                        .put("blocks", memory.blockBytes())
                        .put("encoding", memory.encodingBytes())
                        .put("uploads", memory.uploadBytes());
                ObjectSizeHints.sizes(config, objectBytes).forEach(root.putArray("sizes")::add);
            }
            return root.toPrettyString() + "\n";
        }
    }
}

package io.delivery.cli;

import io.delivery.cli.SampleRun.SampleOutcome;
import io.delivery.cli.Samples.Layout;
import io.delivery.config.BufferingHints;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.DestinationSettings;
import io.delivery.config.FormatSettings;
import io.delivery.config.FunctionSettings;
import io.delivery.config.ProcessorSettings.Lambda;
import io.delivery.config.StreamDefinition;
import io.delivery.config.Suggestion;
import io.delivery.config.TransformSettings;
import io.delivery.failure.FailureText;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.ConfigParts;
import io.delivery.loading.InvalidConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a function, or all that a stream does to its records before it buffers them, on samples. */
@Command(
        name = "invoke",
        mixinStandardHelpOptions = true,
        description = {
            "Run a function on sample records, and show the outcome, the time and the log of each.",
            "With --stream the samples are decompressed, split, processed and partitioned as those of"
                    + " the stream, and the prefix is shown that each would land under. It ends"
                    + " there: no record is converted to Parquet, and the limit of partitions is"
                    + " not looked at.",
            "Functions run here as in the service, but nothing else does: the data directory is not"
                    + " touched, nothing lands."
        })
public final class FunctionInvokeCommand implements Callable<Integer> {
    private final ConfigLoader loader;
    private final SampleRuns runs;
    private final InputStream in;

    @Spec private CommandSpec spec;
    @Mixin private ConfigOption config;

    @Parameters(
            arity = "0..2",
            paramLabel = "NAME|FILE",
            description =
                    "A name under functions, unless --stream is given; then the file with the"
                            + " samples (default: -, standard input).")
    private List<String> arguments = List.of();

    @Option(
            names = "--stream",
            paramLabel = "STREAM",
            description = "Do all that this stream does to its records, instead of one function.")
    private String stream;

    @Option(
            names = "--records",
            paramLabel = "LAYOUT",
            defaultValue = "lines",
            description =
                    "How the file holds records: lines, array (the elements of a JSON array) or file"
                            + " (all of it is one record). Default: lines.")
    private String records;

    @Option(
            names = "--together",
            description =
                    "Give all samples at once, as one batch, instead of one after the other: the log"
                            + " and the time are then those of all.")
    private boolean together;

    @Option(names = "--json", description = "Print JSON: a list with one object for each outcome.")
    private boolean json;

    /**
     * @param in where samples come from when no file is named
     */
    public FunctionInvokeCommand(ConfigLoader loader, SampleRuns runs, InputStream in) {
        this.loader = loader;
        this.runs = runs;
        this.in = in;
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        if (stream == null && arguments.isEmpty() || stream != null && arguments.size() > 1) {
            throw new ParameterException(
                    spec.commandLine(), "Name a function, or a stream with --stream");
        }
        try {
            List<byte[]> samples =
                    samples(arguments.subList(stream == null ? 1 : 0, arguments.size()));
            ConfigParts parts = loader.loadParts(config.file());
            return invoke(parts, samples);
        } catch (InvalidConfigException refused) {
            refused.problems().forEach(err::println);
            return ExitCodes.CONFIG_REFUSED;
        } catch (RefusedArgumentException refused) {
            err.println(refused.getMessage());
            return ExitCodes.of(refused);
        } catch (IOException failed) {
            err.println(FailureText.of(failed));
            return ExitCodes.FOUND;
        }
    }

    private List<byte[]> samples(List<String> file) throws IOException, RefusedArgumentException {
        Layout layout;
        try {
            layout = Layout.valueOf(records.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new RefusedArgumentException(
                    "--records is one of lines, array and file, was " + records);
        }
        if (file.isEmpty() || file.get(0).equals("-")) {
            return Samples.read(in, layout);
        }
        try (InputStream opened = Files.newInputStream(Path.of(file.get(0)))) {
            return Samples.read(opened, layout);
        }
    }

    private int invoke(ConfigParts parts, List<byte[]> samples)
            throws InvalidConfigException,
                    UnknownStreamException,
                    RefusedArgumentException,
                    IOException,
                    InterruptedException {
        StreamDefinition definition = stream == null ? around(arguments.get(0)) : named(parts);
        Optional<String> function = definition.transform().function();
        DeliveryConfig all = parts.require("server.region", "server.account", "plugins");
        if (function.isPresent()) {
            all = parts.require("functions." + function.get(), "plugins");
            if (all.function(function.get()).isEmpty()) {
                throw new RefusedArgumentException(unknown(function.get(), all));
            }
        }
        SampleLog log = new SampleLog();
        try (SampleRun run = runs.open(all, definition, log)) {
            SampleReport report =
                    new SampleReport(json, stream != null, spec.commandLine().getOut());
            for (List<byte[]> batch : batches(samples)) {
                show(batch, run, function.isPresent(), log, report);
            }
            return report.end() ? ExitCodes.DONE : ExitCodes.FOUND;
        }
    }

    private List<List<byte[]>> batches(List<byte[]> samples) {
        return together ? List.of(samples) : samples.stream().map(List::of).toList();
    }

    private static void show(
            List<byte[]> batch, SampleRun run, boolean logs, SampleLog log, SampleReport report)
            throws InterruptedException {
        long begin = System.nanoTime();
        List<SampleOutcome> outcomes = run.process(batch);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        report.add(batch.size(), outcomes, took, logs ? log.take() : List.of());
    }

    private StreamDefinition named(ConfigParts parts)
            throws InvalidConfigException, UnknownStreamException {
        DeliveryConfig known = parts.require("streams." + stream);
        if (known.stream(stream).isEmpty()) {
            List<String> names = known.streams().stream().map(StreamDefinition::name).toList();
            throw new UnknownStreamException(
                    "there is no stream %s: the configuration has %s%s"
                            .formatted(
                                    stream,
                                    names.isEmpty() ? "none" : String.join(", ", names),
                                    Suggestion.ask(stream, names)));
        }
        return known.stream(stream).get();
    }

    private static String unknown(String function, DeliveryConfig config) {
        List<String> names = config.functions().stream().map(FunctionSettings::name).toList();
        return "there is no function %s: the configuration has %s%s"
                .formatted(
                        function,
                        names.isEmpty() ? "none" : String.join(", ", names),
                        Suggestion.ask(function, names));
    }

    /** A stream that does nothing but invoke the function, once. */
    private static StreamDefinition around(String function) {
        Lambda once =
                new Lambda(function, 0, Lambda.DEFAULT_BUFFER_BYTES, Optional.of(Duration.ZERO));
        return new StreamDefinition(
                "sample",
                1,
                BufferingHints.DEFAULTS,
                new TransformSettings(Optional.empty(), Optional.empty(), List.of(once)),
                Optional.empty(),
                FormatSettings.DEFAULT,
                new DestinationSettings(
                        "sample",
                        "sample",
                        Optional.empty(),
                        Optional.empty(),
                        DestinationSettings.DEFAULT_COMPRESSION,
                        DestinationSettings.DEFAULT_TIMEZONE,
                        Optional.empty()),
                Optional.empty());
    }
}

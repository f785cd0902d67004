package io.delivery.cli;

import io.delivery.config.StreamDefinition;
import io.delivery.failure.FailureText;
import io.delivery.format.CatalogException;
import io.delivery.inspection.StreamInspection;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.ConfigParts;
import io.delivery.loading.InvalidConfigException;
import io.delivery.suggest.Sample;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Where the samples of a command about tables come from. */
final class SampleOptions {
    private static final int DEFAULT_LIMIT = 10_000;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Mixin private DataDirectoryOptions data;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description =
                    "The file with the samples (default: -, standard input): JSON objects, one in a"
                            + " line or one behind the other, also compressed with gzip.")
    private String file;

    @Option(
            names = "--stream",
            paramLabel = "STREAM",
            description =
                    "Take the newest records of this stream from its journal, instead of a file. When"
                            + " the configuration has the stream, its splitter and its processors run"
                            + " on them here.")
    private String stream;

    @Option(names = "--raw", description = "With --stream: take the records as they were accepted.")
    private boolean raw;

    @Option(
            names = "--invoke",
            description =
                    "With --stream: invoke the stream's function with these records once more."
                            + " Without it the records of a stream with a function are taken as they"
                            + " were accepted.")
    private boolean invoke;

    @Option(
            names = "--limit",
            paramLabel = "RECORDS",
            description =
                    "With --stream: take so many records at most, and 64 MiB (default: 10000).")
    private Integer limit;

    /** What a command does with samples. */
    @FunctionalInterface
    interface Use {
        /** Answers the exit code. */
        int of(SampleSource samples)
                throws IOException, InvalidConfigException, RefusedArgumentException;
    }

    /** The stream that was named; null when none was. */
    String stream() {
        return stream;
    }

    /**
     * Whether the configuration has the stream that was named, and the stream converts records; not
     * when a data directory was named instead of a configuration.
     */
    boolean streamConverts(ConfigLoader loader) throws InvalidConfigException {
        if (stream == null || data.isNamed()) {
            return false;
        }
        try {
            return StreamsOfConfig.named(loader.loadParts(data.configFile()), stream)
                    .format()
                    .converts();
        } catch (UnknownStreamException absent) {
            return false;
        }
    }

    Path configFile() {
        return data.configFile();
    }

    /**
     * Gives the samples to their use, or says on standard error why it cannot.
     *
     * @return the exit code
     */
    int use(ConfigLoader loader, SchemaTools tools, Use use) {
        PrintWriter err = spec.commandLine().getErr();
        refuseWhatDoesNothing();
        try {
            if (stream != null) {
                return ofStream(loader, tools, use, err);
            }
            long now = tools.clock().millis();
            boolean named = file != null && !file.equals("-");
            try (SampleSource samples =
                    named
                            ? SampleSource.of(Path.of(file), now)
                            : SampleSource.of(tools.in(), now)) {
                return use.of(samples);
            }
        } catch (InvalidConfigException refused) {
            refused.problems().forEach(err::println);
            return ExitCodes.CONFIG_REFUSED;
        } catch (CatalogException refused) {
            refused.problems().forEach(err::println);
            return ExitCodes.CONFIG_REFUSED;
        } catch (RefusedArgumentException refused) {
            err.println(refused.getMessage());
            return ExitCodes.of(refused);
        } catch (NoSuchFileException absent) {
            err.println("there is no file " + absent.getFile());
            return ExitCodes.USAGE;
        } catch (IOException failed) {
            err.println("the samples cannot be read: " + FailureText.of(failed));
            return ExitCodes.FOUND;
        }
    }

    private void refuseWhatDoesNothing() {
        if (stream == null && (raw || invoke || limit != null || data.isNamed())) {
            throw new ParameterException(
                    spec.commandLine(), "--raw, --invoke, --limit and --data-dir need --stream");
        }
        if (stream != null && file != null) {
            throw new ParameterException(spec.commandLine(), "Name a file or a stream, not both");
        }
        if (invoke && (raw || data.isNamed())) {
            throw new ParameterException(
                    spec.commandLine(), "--invoke has no meaning with --raw and --data-dir");
        }
        if (limit != null && limit < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--limit must be at least 1, was " + limit);
        }
    }

    private int ofStream(ConfigLoader loader, SchemaTools tools, Use use, PrintWriter err) {
        return data.look(
                loader,
                tools.directories(),
                directory -> {
                    try {
                        List<Sample> samples = samples(directory, loader, tools, err);
                        return use.of(SampleSource.of(samples));
                    } catch (InvalidConfigException refused) {
                        refused.problems().forEach(err::println);
                        return ExitCodes.CONFIG_REFUSED;
                    } catch (CatalogException refused) {
                        refused.problems().forEach(err::println);
                        return ExitCodes.CONFIG_REFUSED;
                    }
                });
    }

    private List<Sample> samples(
            Path directory, ConfigLoader loader, SchemaTools tools, PrintWriter err)
            throws IOException, InvalidConfigException, RefusedArgumentException {
        List<StreamInspection> found = GivenNames.find(directory, stream, tools.disk());
        if (found.size() > 1) {
            throw new RefusedArgumentException(
                    "there are several streams %s, say which: %s"
                            .formatted(
                                    stream,
                                    found.stream().map(GivenNames::directoryName).toList()));
        }
        StreamSamples newest = new StreamSamples(limit == null ? DEFAULT_LIMIT : limit);
        newest.read(found.get(0).with(data.masterKeys(loader)));
        if (newest.encrypted() > 0) {
            err.println(
                    "%d records of the journal are encrypted and left out: no master key was given that opens them"
                            .formatted(newest.encrypted()));
        }
        if (newest.damaged() > 0) {
            err.println(
                    "%d records of the journal are damaged and left out"
                            .formatted(newest.damaged()));
        }
        if (raw || data.isNamed()) {
            err.println(
                    "%d records of stream %s, as they were accepted"
                            .formatted(newest.size(), stream));
            return newest.raw();
        }
        return processed(newest, loader, tools, err);
    }

    private List<Sample> processed(
            StreamSamples newest, ConfigLoader loader, SchemaTools tools, PrintWriter err)
            throws IOException, InvalidConfigException, RefusedArgumentException {
        ConfigParts parts = loader.loadParts(data.configFile());
        StreamDefinition definition;
        try {
            definition = StreamsOfConfig.named(parts, stream);
        } catch (UnknownStreamException absent) {
            err.println(
                    "%d records of stream %s, as they were accepted: its processors are not known, for %s"
                            .formatted(newest.size(), stream, absent.getMessage()));
            return newest.raw();
        }
        boolean hasFunction = definition.transform().function().isPresent();
        if (invoke && !hasFunction) {
            throw new RefusedArgumentException(
                    "stream %s has no function: leave --invoke out".formatted(stream));
        }
        if (hasFunction && !invoke) {
            // Decision 51: a function may do anything when it is invoked.
            err.println(
                    "%d records of stream %s, as they were accepted: it has a function, which is invoked only with --invoke"
                            .formatted(newest.size(), stream));
            return newest.raw();
        }
        List<String> refused = new ArrayList<>();
        List<Sample> samples;
        try {
            samples =
                    newest.processed(
                            tools.runs(),
                            parts,
                            definition,
                            new Sample.Taker() {
                                @Override
                                public void sample(Sample sample) {
                                    throw new IllegalStateException("only what failed comes here");
                                }

                                @Override
                                public void unreadable(String place, String reason) {
                                    refused.add(place + ": " + reason);
                                }
                            });
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopped);
        }
        err.println(
                "%d records of stream %s became %d samples; processors dropped %d and refused %d"
                        .formatted(
                                newest.size(),
                                stream,
                                samples.size(),
                                newest.dropped(),
                                refused.size()));
        refused.stream().limit(SampleTellings.MOST_SHOWN).forEach(line -> err.println("  " + line));
        return samples;
    }
}

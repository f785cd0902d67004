package io.delivery.cli;

import io.delivery.config.DeliveryConfig;
import io.delivery.config.Origin;
import io.delivery.failure.FailureText;
import io.delivery.imports.Exporter;
import io.delivery.imports.Imported;
import io.delivery.inspection.DefinitionInForce;
import io.delivery.inspection.StreamInspection;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import io.delivery.world.Disk;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a stream that callers of the API have defined as YAML. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Write a stream that callers of the API have defined as YAML for the configuration. It is"
                    + " read from the data directory, whose service may be running; standard error"
                    + " has, one line each, what YAML does not say of it.",
            "Exit code 0: nothing needs a look; 1: something does, or the YAML cannot be written;"
                    + " 2: an argument is wrong; 3: the configuration was refused, or does not have"
                    + " what the stream names; 4: the data directory cannot be read; 9: there is no"
                    + " such stream."
        })
public final class ExportCommand implements Callable<Integer> {
    private final ConfigLoader loader;
    private final Exporter exporter;
    private final Disk disk;
    private final DataDirectoryCheck check;

    @Spec private CommandSpec spec;
    @Mixin private ConfigOption config;
    @Mixin private OutputOption output;

    @Parameters(index = "0", paramLabel = "NAME", description = "The stream, or its directory.")
    private String name;

    public ExportCommand(
            ConfigLoader loader, Exporter exporter, Disk disk, DataDirectoryCheck check) {
        this.loader = loader;
        this.exporter = exporter;
        this.disk = disk;
        this.check = check;
    }

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        try {
            DeliveryConfig named =
                    loader.loadParts(config.file())
                            .require(
                                    "dataDir",
                                    "stores",
                                    "buckets",
                                    "functions",
                                    "plugins",
                                    "catalogs",
                                    "limits");
            Optional<String> refusal = check.refusal(named.dataDir());
            if (refusal.isPresent()) {
                err.println(refusal.get());
                return ExitCodes.DATA_DIRECTORY;
            }
            StreamInspection stream = stream(named);
            return export(stream.name(), kept(stream), named, err);
        } catch (RefusedArgumentException | InvalidConfigException refused) {
            err.println(refused.getMessage());
            return ExitCodes.of(refused);
        } catch (IOException failed) {
            err.println(FailureText.of(failed));
            return ExitCodes.DATA_DIRECTORY;
        }
    }

    private int export(String stream, DefinitionInForce kept, DeliveryConfig named, PrintWriter err)
            throws RefusedArgumentException {
        Imported exported;
        try {
            exported =
                    exporter.read(stream, kept.document(), kept.tags(), kept.encryption(), named);
        } catch (IllegalArgumentException refused) {
            err.println("the definition of %s: %s".formatted(stream, refused.getMessage()));
            return ExitCodes.CONFIG_REFUSED;
        }
        try {
            output.write(exported.yaml());
        } catch (IOException failed) {
            err.println("cannot be written: " + FailureText.of(failed));
            return ExitCodes.FOUND;
        }
        exported.findings().forEach(err::println);
        return exported.needsALook() ? ExitCodes.FOUND : ExitCodes.DONE;
    }

    private StreamInspection stream(DeliveryConfig named)
            throws IOException, RefusedArgumentException {
        List<StreamInspection> found = GivenNames.find(named.dataDir(), name, disk);
        if (found.size() > 1) {
            throw new RefusedArgumentException(
                    "stream %s has %d directories: %s"
                            .formatted(
                                    name,
                                    found.size(),
                                    found.stream().map(StreamInspection::directory).toList()));
        }
        return found.get(0);
    }

    private DefinitionInForce kept(StreamInspection stream)
            throws IOException, RefusedArgumentException {
        DefinitionInForce kept = DefinitionInForce.read(stream.directory(), disk);
        if (kept.origin() != Origin.API) {
            throw new RefusedArgumentException(
                    "stream %s is one of the configuration, not of callers of the API: %s has it"
                            .formatted(stream.name(), config.file()));
        }
        return kept;
    }
}

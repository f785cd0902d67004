package io.delivery.cli;

import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lands what a stream has buffered, now. */
@Command(
        name = "flush",
        mixinStandardHelpOptions = true,
        description = "Land what a stream has buffered now, and wait until it has.")
public final class FlushCommand implements Callable<Integer> {
    private final ConfigLoader loader;

    @Spec private CommandSpec spec;
    @Mixin private AdminOptions admin;

    @Parameters(index = "0", paramLabel = "NAME", description = "The stream.")
    private String stream;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "How long to wait (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    public FlushCommand(ConfigLoader loader) {
        this.loader = loader;
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            admin.client(loader).flush(stream, Duration.ofSeconds(Math.max(1, timeoutSeconds)));
            spec.commandLine().getOut().println(stream + " is flushed");
            return ExitCodes.DONE;
        } catch (InvalidConfigException | IOException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return ExitCodes.of(e);
        }
    }
}

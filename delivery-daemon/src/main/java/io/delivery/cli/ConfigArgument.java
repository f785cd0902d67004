package io.delivery.cli;

import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The configuration file as {@code --config} or as the argument, for {@code run} and {@code check}.
 */
public final class ConfigArgument {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Mixin private ConfigOption option;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE",
            description = "The same as --config.")
    private Path argument;

    /**
     * The file that was named, or the default.
     *
     * @throws ParameterException when two were named
     */
    public Path file() {
        if (argument != null && option.given()) {
            throw new ParameterException(
                    spec.commandLine(), "Name the configuration once: FILE or --config FILE");
        }
        return argument != null ? argument : option.file();
    }
}

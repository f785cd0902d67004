package io.delivery.cli;

import io.delivery.loading.ConfigLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lands objects that a store does not take under other keys. */
@Command(
        name = "redirect",
        mixinStandardHelpOptions = true,
        description = {
            "Land objects that a store does not take under other keys.",
            "Their bytes stay; the old keys are never requested again."
        })
public final class RedirectCommand implements Callable<Integer> {
    private final ConfigLoader loader;

    @Spec private CommandSpec spec;
    @Mixin private DivertOptions options;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "[STORE/]BUCKET[/PREFIX]",
            description =
                    "Where they are to land: PREFIX is put before their keys. Without STORE, the"
                            + " store where they were to land.")
    private String to;

    public RedirectCommand(ConfigLoader loader) {
        this.loader = loader;
    }

    @Override
    public Integer call() throws InterruptedException {
        CommandLine line = spec.commandLine();
        return options.run(
                line.getErr(),
                () ->
                        options.ask(
                                options.admin().client(loader),
                                "redirect",
                                options.body().put("to", to),
                                line.getOut()));
    }
}

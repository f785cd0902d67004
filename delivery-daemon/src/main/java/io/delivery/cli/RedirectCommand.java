package io.delivery.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.failure.FailureText;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.Callable;
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
        try {
            ObjectNode body = options.body().put("to", to);
            DivertedText told =
                    new DivertedText(
                            options.admin()
                                    .client(loader)
                                    .divert(options.stream(), "redirect", body, options.timeout()));
            spec.commandLine().getOut().print(told.text());
            spec.commandLine().getOut().flush();
            return told.allDone() ? ExitCodes.DONE : ExitCodes.FOUND;
        } catch (HttpTimeoutException patienceEnded) {
            spec.commandLine()
                    .getErr()
                    .printf(
                            "no answer after %d s; the service may do it all the same: delivery status shows what waits%n",
                            options.timeout().toSeconds());
            return ExitCodes.NOT_IN_TIME;
        } catch (InvalidConfigException refused) {
            spec.commandLine().getErr().println(refused.getMessage());
            return ExitCodes.of(refused);
        } catch (IOException failed) {
            spec.commandLine().getErr().println(FailureText.of(failed));
            return ExitCodes.of(failed);
        }
    }
}

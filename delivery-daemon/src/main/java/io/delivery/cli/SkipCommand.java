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

/** Gives objects up that a store does not take. */
@Command(
        name = "skip",
        mixinStandardHelpOptions = true,
        description = {
            "Give objects up that a store does not take.",
            "Their records go to the error output. Objects of the error output itself, and of a"
                    + " backup, go to the folder skipped/ of the data directory, when that is"
                    + " confirmed."
        })
public final class SkipCommand implements Callable<Integer> {
    private final ConfigLoader loader;
    private final Confirmation confirmation;

    @Spec private CommandSpec spec;
    @Mixin private DivertOptions options;

    @Option(
            names = "--yes",
            description = "Do not ask before objects go to the folder of the data directory.")
    private boolean yes;

    /** Asks a person. */
    @FunctionalInterface
    public interface Confirmation {
        /** What came of a question. */
        enum Answer {
            YES,
            NO,
            /** Nobody is there to answer. */
            NOBODY
        }

        Answer ask(String question);
    }

    public SkipCommand(ConfigLoader loader, Confirmation confirmation) {
        this.loader = loader;
        this.confirmation = confirmation;
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            AdminClient client = options.admin().client(loader);
            DivertedText told = skip(client, yes);
            print(told);
            if (told.asksFirst() > 0 && confirmed(told.asksFirst())) {
                told = skip(client, true);
                print(told);
            }
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

    private DivertedText skip(AdminClient client, boolean intoFolder)
            throws IOException, InterruptedException {
        ObjectNode body = options.body();
        if (intoFolder) {
            body.put("localFolder", true);
        }
        return new DivertedText(client.divert(options.stream(), "skip", body, options.timeout()));
    }

    private void print(DivertedText told) {
        spec.commandLine().getOut().print(told.text());
        spec.commandLine().getOut().flush();
    }

    private boolean confirmed(long objects) {
        Confirmation.Answer answer =
                confirmation.ask(
                        "No store will have %s. Put %s into the folder skipped/ of the data directory? [y/N] "
                                .formatted(
                                        objects == 1 ? "this object" : "these objects",
                                        objects == 1 ? "it" : "them"));
        return switch (answer) {
            case YES -> true;
            case NO -> false;
            case NOBODY -> {
                spec.commandLine().getErr().println("nobody is there to confirm that: say --yes");
                yield false;
            }
        };
    }
}

package io.delivery.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.loading.ConfigLoader;
import java.io.IOException;
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
        return options.run(
                spec.commandLine().getErr(),
                () -> {
                    AdminClient client = options.admin().client(loader);
                    DivertedText told = skip(client, yes);
                    return told.asksFirst() > 0 && confirmed(told.asksFirst())
                            ? skip(client, true)
                            : told;
                });
    }

    private DivertedText skip(AdminClient client, boolean intoFolder)
            throws IOException, InterruptedException {
        ObjectNode body = options.body();
        if (intoFolder) {
            body.put("localFolder", true);
        }
        return options.ask(client, "skip", body, spec.commandLine().getOut());
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

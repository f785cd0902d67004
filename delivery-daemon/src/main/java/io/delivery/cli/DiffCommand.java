package io.delivery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.config.ConfigChange;
import io.delivery.failure.FailureText;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import io.delivery.loading.LoadedConfig;
import io.delivery.loading.LocatedProblem;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what another configuration would change, and changes nothing. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = {
            "Say what another configuration would change: for each stream, store, function and"
                    + " catalog, and for each other setting that differs. Nothing is changed.",
            "With two files it compares these, and needs no service. With one it asks the running"
                    + " service what that file would change if it came into the place of its own;"
                    + " it is read with the environment of the service, and relative paths are those of"
                    + " its file.",
            "The exit code is 0 when nothing differs, 1 when something does, and 3 when a file is"
                    + " wrong or the service would refuse it."
        })
public final class DiffCommand implements Callable<Integer> {
    /** A table of Glue may take its time. */
    private static final Duration TIMEOUT = Duration.ofSeconds(120);

    private final ConfigLoader loader;
    private final ConfigComparer comparer;

    @Spec private CommandSpec spec;
    @Mixin private AdminOptions admin;

    @Parameters(
            arity = "1..2",
            paramLabel = "FILE",
            description = {
                "OLD NEW: two configurations. NEW: another one for the running service, which is"
                        + " found by --config or --admin, and by NEW itself without them."
            })
    private List<Path> files;

    @Option(
            names = "--json",
            description =
                    "Print JSON: an object with \"changes\" and \"refusals\", or with \"error\" (down,"
                            + " config) and \"message\".")
    private boolean json;

    /**
     * @param comparer of two files
     */
    public DiffCommand(ConfigLoader loader, ConfigComparer comparer) {
        this.loader = loader;
        this.comparer = comparer;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (files.size() == 2 && admin.given()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--config and --admin name a running service: compare it with one FILE, not two");
        }
        try {
            return files.size() == 2
                    ? ofFiles(files.get(0), files.get(1))
                    : ofService(files.get(0));
        } catch (InvalidConfigException refused) {
            return failed("config", refused.getMessage(), ExitCodes.of(refused));
        } catch (HttpTimeoutException patienceEnded) {
            return failed(
                    "down",
                    "the service has not answered within %d s; it goes on as it was"
                            .formatted(TIMEOUT.toSeconds()),
                    ExitCodes.of(patienceEnded));
        } catch (IOException unreachable) {
            return failed("down", FailureText.of(unreachable), ExitCodes.of(unreachable));
        }
    }

    /** Both are read, so that all that is wrong with either is told. */
    private int ofFiles(Path old, Path next) throws InvalidConfigException {
        List<LocatedProblem> problems = new ArrayList<>();
        List<LoadedConfig> loaded = new ArrayList<>();
        for (Path file : List.of(old, next)) {
            try {
                loaded.add(loader.load(file));
            } catch (InvalidConfigException refused) {
                problems.addAll(refused.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode changes = answer.putArray("changes");
        for (ConfigChange change : comparer.between(loaded.get(0), loaded.get(1))) {
            changes.addObject()
                    .put("part", change.part().word())
                    .put("name", change.name())
                    .put("change", change.kind().word());
        }
        answer.putArray("refusals");
        return show(answer);
    }

    private int ofService(Path next)
            throws InvalidConfigException, IOException, InterruptedException {
        byte[] text = loader.text(next);
        return show(admin.client(loader, next).compare(next.toString(), text, TIMEOUT));
    }

    private int show(JsonNode answer) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(answer.toPrettyString());
        } else {
            out.print(DiffText.of(answer, files.size() == 1));
        }
        out.flush();
        if (!answer.path("refusals").isEmpty()) {
            return ExitCodes.CONFIG_REFUSED;
        }
        return DiffText.differs(answer) ? ExitCodes.FOUND : ExitCodes.DONE;
    }

    private int failed(String error, String message, int exitCode) {
        if (json) {
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            answer.put("error", error).put("message", message);
            spec.commandLine().getOut().println(answer.toPrettyString());
        }
        spec.commandLine().getErr().println(message);
        return exitCode;
    }
}

package io.delivery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.config.Suggestion;
import io.delivery.failure.FailureText;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the books and the troubles of a running service's streams. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Show the state, the troubles and the books of the streams of a running service.",
            "It tells apart a service that does not answer, a stream that does not exist, and a"
                    + " stream that is unhealthy or closed."
        })
public final class StatusCommand implements Callable<Integer> {
    private final ConfigLoader loader;

    @Spec private CommandSpec spec;
    @Mixin private AdminOptions admin;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "One stream (default: all).")
    private String stream;

    @Option(
            names = "--json",
            description = {
                "Print JSON: a list with one object for each stream, or one object with \"error\""
                        + " (down, unknownStream, config) and \"message\"."
            })
    private boolean json;

    public StatusCommand(ConfigLoader loader) {
        this.loader = loader;
    }

    @Override
    public Integer call() throws InterruptedException {
        JsonNode streams;
        JsonNode service;
        try {
            JsonNode answer = admin.client(loader).streams();
            streams = answer.path("streams");
            service = answer.path("service");
        } catch (InvalidConfigException refused) {
            return failed("config", refused.getMessage(), ExitCodes.of(refused));
        } catch (IOException unreachable) {
            return failed("down", FailureText.of(unreachable), ExitCodes.of(unreachable));
        }
        ArrayNode chosen = JsonNodeFactory.instance.arrayNode();
        List<String> names = new ArrayList<>();
        for (JsonNode one : streams) {
            String name = one.path("name").asText();
            names.add(name);
            if (stream == null || stream.equals(name)) {
                chosen.add(one);
            }
        }
        if (stream != null && chosen.isEmpty()) {
            return failed("unknownStream", unknown(names), ExitCodes.UNKNOWN_STREAM);
        }
        tell(service);
        boolean attention = !service.path("troubles").isEmpty();
        return show(chosen, attention);
    }

    /** JSON has the streams alone: what programs read stays as it is. */
    private void tell(JsonNode service) {
        PrintWriter to = json ? spec.commandLine().getErr() : spec.commandLine().getOut();
        service.path("troubles").forEach(trouble -> to.println("service: " + trouble.asText()));
        service.path("notes").forEach(note -> to.println("service: " + note.asText()));
        to.flush();
    }

    private String unknown(List<String> names) {
        return names.isEmpty()
                ? "there is no stream %s: this service has no streams".formatted(stream)
                : "there is no stream %s: this service has %s%s"
                        .formatted(stream, String.join(", ", names), Suggestion.ask(stream, names));
    }

    /**
     * Unhealthy streams and books that do not balance are a finding, for scripts; so are troubles
     * of the service.
     */
    private int show(ArrayNode streams, boolean attention) {
        PrintWriter out = spec.commandLine().getOut();
        boolean found = attention;
        for (JsonNode one : streams) {
            found |= StatusText.needsAttention(one);
            if (!json) {
                out.print(StatusText.of(one));
            }
        }
        if (json) {
            out.println(streams.toPrettyString());
        } else if (streams.isEmpty()) {
            out.println("the service runs and has no streams");
        }
        out.flush();
        return found ? ExitCodes.FOUND : ExitCodes.DONE;
    }

    /**
     * @param error the word for programs
     */
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

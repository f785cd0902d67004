package io.delivery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.config.ByteSize;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import io.delivery.record.PrintableText;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the books and the troubles of a running daemon's streams. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Show the books and the troubles of the streams of a running daemon.")
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

    @Option(names = "--json", description = "Print what the daemon says, as JSON.")
    private boolean json;

    public StatusCommand(ConfigLoader loader) {
        this.loader = loader;
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        try {
            JsonNode streams = admin.client(loader).streams().path("streams");
            int exitCode = print(streams);
            spec.commandLine().getOut().flush();
            return exitCode;
        } catch (InvalidConfigException | IOException e) {
            err.println(e.getMessage());
            return ExitCodes.of(e);
        }
    }

    /** Unhealthy streams and books that do not balance are a finding, for scripts. */
    private int print(JsonNode streams) {
        PrintWriter out = spec.commandLine().getOut();
        boolean found = false;
        boolean seen = stream == null;
        var shown = new com.fasterxml.jackson.databind.ObjectMapper().createArrayNode();
        for (JsonNode one : streams) {
            if (stream != null && !stream.equals(one.path("name").asText())) {
                continue;
            }
            seen = true;
            shown.add(one);
            found |= !one.path("healthy").asBoolean() || !balanced(one);
            if (!json) {
                out.print(text(one));
            }
        }
        if (json) {
            out.println(shown.toPrettyString());
        }
        if (!seen) {
            spec.commandLine().getErr().println("there is no stream " + stream);
            return ExitCodes.UNKNOWN_STREAM;
        }
        return found ? ExitCodes.FOUND : ExitCodes.DONE;
    }

    /** Said when it is not what is expected of a stream. */
    private static String phase(JsonNode stream) {
        String phase = stream.path("phase").asText("active");
        return phase.equals("active") ? "" : "  " + phase;
    }

    private static boolean balanced(JsonNode stream) {
        for (JsonNode lane : stream.path("lanes")) {
            if (!lane.path("books").path("balanced").asBoolean(true)) {
                return false;
            }
        }
        return true;
    }

    private static String text(JsonNode stream) {
        StringBuilder text = new StringBuilder();
        text.append(
                "%s  version %d  %s%s  journal %s of %s%n"
                        .formatted(
                                stream.path("name").asText(),
                                stream.path("version").asInt(),
                                stream.path("healthy").asBoolean() ? "healthy" : "UNHEALTHY",
                                phase(stream),
                                ByteSize.text(stream.path("journalBytes").asLong()),
                                ByteSize.text(stream.path("journalLimitBytes").asLong())));
        for (JsonNode trouble : stream.path("troubles")) {
            text.append("  trouble: ").append(PrintableText.of(trouble.asText())).append('\n');
        }
        for (JsonNode lane : stream.path("lanes")) {
            JsonNode books = lane.path("books");
            text.append(
                    "  %s: accepted %d + split %d = landed %d + dropped %d + error output %d + damaged %d + discarded %d + buffered %d%s%n"
                            .formatted(
                                    lane.path("lane").asText(),
                                    books.path("accepted").asLong(),
                                    books.path("split").asLong(),
                                    books.path("landed").asLong(),
                                    books.path("dropped").asLong(),
                                    books.path("errorOutput").asLong(),
                                    books.path("damaged").asLong(),
                                    books.path("discarded").asLong(),
                                    books.path("buffered").asLong(),
                                    books.path("balanced").asBoolean(true)
                                            ? ""
                                            : "  THE BOOKS DO NOT BALANCE"));
        }
        return text.toString();
    }
}

package io.delivery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.failure.FailureText;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import io.delivery.record.Amount;
import io.delivery.record.PrintableText;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lands what one stream or all streams have buffered, now, and shows what that waits for. */
@Command(
        name = "flush",
        mixinStandardHelpOptions = true,
        description = {
            "Land what a stream, or every stream, has buffered now, and wait until it has.",
            "While it waits it shows, on standard error, which streams still have what to land."
        })
public final class FlushCommand implements Callable<Integer> {
    private static final int LONGEST_PAUSE_FACTOR = 10;
    private static final int MOST_STREAMS_IN_A_LINE = 3;

    private final ConfigLoader loader;
    private final Watcher watcher;

    @Spec private CommandSpec spec;
    @Mixin private AdminOptions admin;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "The stream (default: all streams).")
    private String stream;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "How long to wait (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    private String shown = "";

    /**
     * Who looks at what it waits for.
     *
     * @param terminal whether one line may be written again and again
     * @param look how long it waits before it looks for the first time; further looks of somebody
     *     who is no terminal become rarer
     */
    public record Watcher(boolean terminal, Duration look) {}

    public FlushCommand(ConfigLoader loader, Watcher watcher) {
        this.loader = loader;
        this.watcher = watcher;
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        String what = stream == null ? "all streams" : stream;
        Duration timeout = Duration.ofSeconds(Math.max(1, timeoutSeconds));
        try {
            AdminClient client = admin.client(loader);
            await(client, client.flush(Optional.ofNullable(stream), timeout));
            endLine(err);
            spec.commandLine()
                    .getOut()
                    .println(what + (stream == null ? " are flushed" : " is flushed"));
            return ExitCodes.DONE;
        } catch (HttpTimeoutException patienceEnded) {
            endLine(err);
            err.printf(
                    "%s flushed after %d s; the service goes on: delivery status shows what it waits for%n",
                    stream == null ? "not all streams are" : stream + " is not",
                    timeout.toSeconds());
            return ExitCodes.NOT_IN_TIME;
        } catch (InvalidConfigException refused) {
            err.println(refused.getMessage());
            return ExitCodes.of(refused);
        } catch (IOException failed) {
            endLine(err);
            err.println(FailureText.of(failed));
            return ExitCodes.of(failed);
        }
    }

    private void await(AdminClient client, CompletableFuture<Void> flushed)
            throws IOException, InterruptedException {
        Duration pause = watcher.look();
        while (true) {
            try {
                flushed.get(pause.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException notYet) {
                show(client);
                pause = watcher.terminal() ? pause : longer(pause);
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof IOException known) {
                    throw known;
                }
                throw new IOException(FailureText.of(failed), failed);
            }
        }
    }

    private Duration longer(Duration pause) {
        Duration longest = watcher.look().multipliedBy(LONGEST_PAUSE_FACTOR);
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(longest) < 0 ? twice : longest;
    }

    private void show(AdminClient client) throws InterruptedException {
        String now;
        try {
            now = waitingFor(client.streams().path("streams"));
        } catch (IOException notTold) {
            return; // the flush itself will say what is wrong
        }
        PrintWriter err = spec.commandLine().getErr();
        if (now.isEmpty()) {
            return;
        }
        if (watcher.terminal()) {
            String rest = " ".repeat(Math.max(0, shown.length() - now.length()));
            err.print("\r" + now + rest);
            err.flush();
        } else if (!now.equals(shown)) {
            err.println(now);
            err.flush();
        }
        shown = now;
    }

    private String waitingFor(JsonNode streams) {
        List<String> parts = new ArrayList<>();
        int waiting = 0;
        for (JsonNode one : streams) {
            String name = one.path("name").asText();
            long records = records(one.path("lanes"));
            long objects = 0;
            for (JsonNode lane : one.path("lanes")) {
                objects += lane.path("waitingObjects").asLong();
            }
            if ((stream == null || stream.equals(name)) && records > 0) {
                waiting++;
                if (parts.size() < MOST_STREAMS_IN_A_LINE) {
                    parts.add(part(one, name, records, objects));
                }
            }
        }
        int more = waiting - parts.size();
        return parts.isEmpty()
                ? "" // it is only about to answer
                : "waiting for %s%s"
                        .formatted(
                                String.join("; ", parts),
                                more == 0 ? "" : "; and " + Amount.of(more, "more stream"));
    }

    /**
     * A stream with a backup has each record in a main lane and in a backup lane: it counts once.
     */
    private static long records(JsonNode lanes) {
        Map<String, Long> byKind = new HashMap<>();
        for (JsonNode lane : lanes) {
            String kind = lane.path("lane").asText().replaceFirst("-[0-9]+$", "");
            byKind.merge(kind, lane.path("books").path("buffered").asLong(), Long::sum);
        }
        return byKind.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    private static String part(JsonNode one, String name, long records, long objects) {
        String trouble = one.path("troubles").path(0).asText("");
        return "%s: %s, %s recorded%s"
                .formatted(
                        PrintableText.of(name),
                        Amount.of(records, "record"),
                        Amount.of(objects, "object"),
                        trouble.isEmpty() ? "" : " (" + PrintableText.of(trouble) + ")");
    }

    /** What is printed next does not stand behind the line that was written again and again. */
    private void endLine(PrintWriter err) {
        if (watcher.terminal() && !shown.isEmpty()) {
            err.println();
        }
    }
}

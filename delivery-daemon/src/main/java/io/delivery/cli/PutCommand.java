package io.delivery.cli;

import io.delivery.cli.LineBatches.Line;
import io.delivery.config.AccessKey;
import io.delivery.config.ApiCredentials;
import io.delivery.config.ByteSize;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.Secret;
import io.delivery.config.ServerSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.failure.FailureText;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.ConfigParts;
import io.delivery.loading.InvalidConfigException;
import io.delivery.record.Amount;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends each line of the standard input as one record; sends again only what failed. */
@Command(
        name = "put",
        mixinStandardHelpOptions = true,
        description = {
            "Send each line of the standard input as one record.",
            "An empty line is no record: the summary says how many were left out.",
            "With --base64 a record may hold any bytes, line breaks and compressed ones too.",
            "Of the configuration server.api, server.region, the first of server.credentials that may"
                    + " put and, for port 0, dataDir are needed: secrets of stores need not be set."
        })
public final class PutCommand implements Callable<Integer> {
    private static final int MAX_ATTEMPTS = 10;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** Of lines that were not accepted: a message names no more of them. */
    private static final int MOST_STRETCHES = 20;

    private final ConfigLoader loader;
    private final FirehoseEndpoint.Factory senders;
    private final Surroundings surroundings;

    @Spec private CommandSpec spec;
    @Mixin private ConfigOption config;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "The stream (default: the only one of the configuration).")
    private String stream;

    @Option(names = "--stream", paramLabel = "NAME", description = "The same as NAME.")
    private String streamOption;

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            description = "Where the API listens (default: server.api of the configuration).")
    private URI endpoint;

    @Option(
            names = "--region",
            paramLabel = "REGION",
            description = "Region to sign for (default: server.region of the configuration).")
    private String region;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description =
                    "PEM file with the authorities to trust over https, instead of those of the"
                            + " JDK. The certificate in server.tls of the configuration is"
                            + " trusted without it.")
    private Path caFile;

    @Option(
            names = "--base64",
            description =
                    "Each line is one record in base64, as rawData of the error output is. A line"
                            + " that is not base64 is named and not sent.")
    private boolean base64;

    private long sent;
    private long bytes;
    private long retried;
    private long failed;
    private long emptyLines;
    private boolean toldOfTrying;
    private Optional<IOException> unanswered = Optional.empty();

    public PutCommand(
            ConfigLoader loader, FirehoseEndpoint.Factory senders, Surroundings surroundings) {
        this.loader = loader;
        this.senders = senders;
        this.surroundings = surroundings;
    }

    /**
     * What the process has around it.
     *
     * @param environment for {@code AWS_ACCESS_KEY_ID} and {@code AWS_SECRET_ACCESS_KEY}
     * @param pause waits
     * @param terminal whether a person watches
     */
    public record Surroundings(
            InputStream in, Map<String, String> environment, Pause pause, boolean terminal) {}

    /** Waits a while. */
    @FunctionalInterface
    public interface Pause {
        void pause(Duration duration) throws InterruptedException;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        String to;
        FirehoseEndpoint sender;
        try {
            Optional<ConfigParts> parts =
                    config.given() || endpoint == null
                            ? Optional.of(loader.loadParts(config.file()))
                            : Optional.empty();
            to = streamName(parts);
            sender = sender(parts);
        } catch (InvalidConfigException | ConnectException e) {
            err.println(e.getMessage());
            return ExitCodes.of(e);
        }
        try {
            sendAll(sender, to, err);
        } catch (FirehoseEndpoint.RefusedException e) {
            progressDone(err);
            err.println("put to " + to + " was refused: " + e.getMessage());
            summary(err);
            return switch (e.reason()) {
                case UNKNOWN_STREAM -> ExitCodes.UNKNOWN_STREAM;
                case NOT_ALLOWED -> ExitCodes.NOT_ALLOWED;
                case OTHER -> ExitCodes.FOUND;
            };
        }
        progressDone(err);
        summary(err);
        if (failed == 0) {
            return ExitCodes.DONE;
        }
        return unanswered.map(ExitCodes::of).orElse(ExitCodes.FOUND);
    }

    private void sendAll(FirehoseEndpoint sender, String to, PrintWriter err)
            throws IOException, InterruptedException, FirehoseEndpoint.RefusedException {
        LineBatches batches = batches(err);
        for (List<Line> batch = batches.next(); !batch.isEmpty(); batch = batches.next()) {
            emptyLines = batches.emptyLines();
            boolean goOn = false;
            try {
                goOn = send(sender, to, batch, err);
            } finally {
                if (!goOn) {
                    err.printf(
                            "stopped: no line behind line %,d was sent%s%n",
                            batch.get(batch.size() - 1).number(),
                            sent == 0 ? "" : "; lines up to it that are not named were accepted");
                }
            }
            if (!goOn) {
                return;
            }
            if (surroundings.terminal()) {
                err.printf("\r%s, %s", Amount.of(sent, "record"), ByteSize.text(bytes));
                err.flush();
            }
        }
        emptyLines = batches.emptyLines();
    }

    private LineBatches batches(PrintWriter err) {
        String longest = Amount.of(LineBatches.MAX_RECORD_BYTES, "byte");
        LongConsumer tooLong = line -> notSent(line, "it is longer than " + longest, err);
        return base64
                ? LineBatches.ofBase64(
                        surroundings.in(), tooLong, line -> notSent(line, "it is not base64", err))
                : new LineBatches(surroundings.in(), tooLong);
    }

    private void notSent(long line, String reason, PrintWriter err) {
        failed++;
        err.printf("line %s was not sent: %s%n", Amount.of(line), reason);
    }

    /** Whether the endpoint answers: when it does not, there is no use in the next batch. */
    private boolean send(FirehoseEndpoint sender, String to, List<Line> batch, PrintWriter err)
            throws InterruptedException, FirehoseEndpoint.RefusedException {
        List<Line> left = batch;
        String reason = "";
        boolean answered = false;
        boolean mayBeAccepted = false;
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            if (attempt > 1) {
                retried += left.size();
                surroundings.pause().pause(pauseBefore(attempt));
            }
            try {
                List<Optional<String>> answers =
                        sender.put(to, left.stream().map(Line::bytes).toList());
                answered = true;
                unanswered = Optional.empty();
                if (answers.size() != left.size()) {
                    throw new IOException(
                            "%d answers for %d records".formatted(answers.size(), left.size()));
                }
                List<Line> again = new ArrayList<>();
                for (int i = 0; i < left.size(); i++) {
                    if (answers.get(i).isPresent()) {
                        reason = answers.get(i).get();
                        again.add(left.get(i));
                    } else {
                        sent++;
                        bytes += left.get(i).bytes().length;
                    }
                }
                left = again;
            } catch (FirehoseEndpoint.BusyException e) {
                answered = true;
                unanswered = Optional.empty();
                reason = e.getMessage();
            } catch (IOException e) {
                // It may have been accepted: sending again may make duplicates, as with any SDK.
                mayBeAccepted |= ExitCodes.of(e) != ExitCodes.NOT_REACHABLE;
                reason = FailureText.of(e);
                unanswered = Optional.of(e);
                tellOnce(reason, err);
            } catch (FirehoseEndpoint.RefusedException e) {
                failed += left.size();
                err.println(notAccepted(left, mayBeAccepted));
                throw e;
            }
            if (left.isEmpty()) {
                return true;
            }
        }
        failed += left.size();
        err.printf(
                "%s in %d attempts: %s%n", notAccepted(left, mayBeAccepted), MAX_ATTEMPTS, reason);
        return answered;
    }

    /**
     * Which lines were not accepted: {@code lines 3, 5 to 9, 12 were not accepted}.
     *
     * @param mayBe whether a request with them got no answer
     */
    private static String notAccepted(List<Line> lines, boolean mayBe) {
        List<String> stretches = new ArrayList<>();
        for (int from = 0, to; from < lines.size(); from = to + 1) {
            to = from;
            while (to + 1 < lines.size()
                    && lines.get(to + 1).number() == lines.get(to).number() + 1) {
                to++;
            }
            String first = Amount.of(lines.get(from).number());
            stretches.add(to == from ? first : first + " to " + Amount.of(lines.get(to).number()));
        }
        int shown = Math.min(stretches.size(), MOST_STRETCHES);
        int more = stretches.size() - shown;
        String verb = lines.size() == 1 ? "was not" : "were not";
        return "%s %s%s %s accepted"
                .formatted(
                        lines.size() == 1 ? "line" : "lines",
                        String.join(", ", stretches.subList(0, shown)),
                        more == 0
                                ? ""
                                : " and others, %s in all,".formatted(Amount.of(lines.size())),
                        mayBe ? "may or may not have been" : verb);
    }

    /** Ten attempts take half a minute: nobody should wait for that without a word. */
    private void tellOnce(String reason, PrintWriter err) {
        if (!toldOfTrying) {
            toldOfTrying = true;
            err.printf("trying again: %s%n", reason);
            err.flush();
        }
    }

    private static Duration pauseBefore(int attempt) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempt - 2, 16));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    private void progressDone(PrintWriter err) {
        if (surroundings.terminal()) {
            err.println();
        }
    }

    private void summary(PrintWriter err) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%s accepted (%s), %s sent again, %s failed%s%n",
                Amount.of(sent, "record"),
                ByteSize.text(bytes),
                Amount.of(retried),
                Amount.of(failed),
                emptyLines == 0 ? "" : ", " + Amount.of(emptyLines, "empty line") + " left out");
        out.flush();
        err.flush();
    }

    private String streamName(Optional<ConfigParts> parts) throws InvalidConfigException {
        if (stream != null && streamOption != null) {
            throw usage("Name the stream once: NAME or --stream NAME");
        }
        if (stream != null || streamOption != null) {
            return stream != null ? stream : streamOption;
        }
        List<StreamDefinition> streams =
                parts.isPresent() ? parts.get().require("streams").streams() : List.of();
        if (streams.size() != 1) {
            throw usage("Name the stream: delivery put NAME");
        }
        return streams.get(0).name();
    }

    private FirehoseEndpoint sender(Optional<ConfigParts> parts)
            throws InvalidConfigException, IOException {
        URI to =
                endpoint != null
                        ? Endpoints.given(spec, "--endpoint", endpoint)
                        : endpointOf(parts.orElseThrow());
        Optional<Path> own = Optional.empty();
        if (parts.isPresent() && to.getScheme().equals("https")) {
            own =
                    parts.get()
                            .require("server.tls.certificate")
                            .server()
                            .tls()
                            .map(tls -> tls.certificate());
        }
        return senders.to(
                to,
                signedFor(parts),
                credentials(parts),
                new FirehoseEndpoint.Trust(own, Optional.ofNullable(caFile)));
    }

    private String signedFor(Optional<ConfigParts> parts) throws InvalidConfigException {
        if (region != null) {
            return region;
        }
        return parts.isPresent()
                ? parts.get().require("server.region").server().region()
                : ServerSettings.DEFAULT_REGION;
    }

    private static URI endpointOf(ConfigParts parts)
            throws InvalidConfigException, ConnectException {
        DeliveryConfig loaded = parts.require("server.api", "server.tls.certificate");
        ServerSettings settings = loaded.server();
        if (settings.api().port() == 0) {
            parts.require("dataDir");
        }
        return BoundAddresses.find(settings.api(), loaded.dataDir(), BoundAddresses::api)
                .map(api -> Endpoints.of(api, settings.tls().isPresent() ? "https" : "http"))
                .orElseThrow(
                        () ->
                                new ConnectException(
                                        "server.api has port 0, any free port, and no daemon runs on %s: name it with --endpoint URL"
                                                .formatted(loaded.dataDir())));
    }

    /** The environment's, which is what an SDK would take, else the first that may put. */
    private Optional<ApiCredentials> credentials(Optional<ConfigParts> parts)
            throws InvalidConfigException {
        String id = surroundings.environment().get("AWS_ACCESS_KEY_ID");
        String secret = surroundings.environment().get("AWS_SECRET_ACCESS_KEY");
        if (id != null && secret != null && !config.given()) {
            Optional<Secret> token =
                    Optional.ofNullable(surroundings.environment().get("AWS_SESSION_TOKEN"))
                            .filter(value -> !value.isBlank())
                            .map(Secret::new);
            return Optional.of(
                    new ApiCredentials(
                            new AccessKey(id, new Secret(secret)),
                            token,
                            ApiCredentials.EVERYTHING,
                            ApiCredentials.EVERYTHING));
        }
        if (parts.isEmpty()) {
            return Optional.empty();
        }
        // Of the other callers' secrets none is needed.
        ServerSettings server = parts.get().require("server.region").server();
        List<ApiCredentials> callers = server.credentials();
        for (int i = 0; i < callers.size(); i++) {
            if (maySend(callers.get(i))) {
                parts.get().require("server.credentials[%d]".formatted(i));
                return Optional.of(callers.get(i));
            }
        }
        parts.get().require("server.credentials", "server.credentialsFile");
        Optional<Path> file = server.files().credentials();
        return file.isEmpty()
                ? Optional.empty()
                : loader.credentialsFile(file.get()).read().stream()
                        .filter(PutCommand::maySend)
                        .findFirst();
    }

    private static boolean maySend(ApiCredentials caller) {
        return caller.allows("PutRecordBatch");
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}

package io.delivery.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.failure.FailureText;
import io.delivery.loading.InvalidConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which objects that do not land a command is about. */
public final class DivertOptions {
    @Mixin private AdminOptions admin;

    @Parameters(index = "0", paramLabel = "STREAM", description = "The stream.")
    private String stream;

    @ArgGroup(multiplicity = "1")
    private Which which;

    @Option(
            names = "--not-there",
            description =
                    "You have looked, and none of the objects is where it was to land. Needed where"
                            + " a request was sent before and the store lets nobody look.")
    private boolean notThere;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "How long to wait for the answer (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    /** One of them. */
    private static final class Which {
        @Option(
                names = "--object",
                paramLabel = "KEY",
                required = true,
                description =
                        "The object with this key, as delivery status shows it: KEY, BUCKET/KEY or"
                                + " STORE/BUCKET/KEY.")
        private String object;

        @Option(
                names = "--bucket",
                paramLabel = "BUCKET",
                required = true,
                description =
                        "Every object that waits to land in this bucket: BUCKET or STORE/BUCKET.")
        private String bucket;
    }

    AdminOptions admin() {
        return admin;
    }

    private Duration timeout() {
        return Duration.ofSeconds(Math.max(1, timeoutSeconds));
    }

    /** What a command asks of the service, and prints. */
    interface Action {
        /** The last answer. */
        DivertedText run() throws InvalidConfigException, IOException, InterruptedException;
    }

    /** Does it, and says what went wrong; the exit code. */
    int run(PrintWriter err, Action action) throws InterruptedException {
        try {
            return action.run().allDone() ? ExitCodes.DONE : ExitCodes.FOUND;
        } catch (HttpTimeoutException patienceEnded) {
            err.printf(
                    "no answer after %d s; the service may do it all the same: delivery status shows what waits%n",
                    timeout().toSeconds());
            return ExitCodes.NOT_IN_TIME;
        } catch (InvalidConfigException refused) {
            err.println(refused.getMessage());
            return ExitCodes.of(refused);
        } catch (IOException failed) {
            err.println(FailureText.of(failed));
            return ExitCodes.of(failed);
        }
    }

    /** Asks the service, and prints what it says of each object. */
    DivertedText ask(AdminClient client, String way, ObjectNode body, PrintWriter out)
            throws IOException, InterruptedException {
        DivertedText told = new DivertedText(client.divert(stream, way, body, timeout()));
        out.print(told.text());
        out.flush();
        return told;
    }

    /** The request's body, as far as all commands have it. */
    ObjectNode body() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (which.object != null) {
            body.put("object", which.object);
        } else {
            body.put("bucket", which.bucket);
        }
        if (notThere) {
            body.put("notThere", true);
        }
        return body;
    }
}

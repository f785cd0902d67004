package io.delivery.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

    String stream() {
        return stream;
    }

    Duration timeout() {
        return Duration.ofSeconds(Math.max(1, timeoutSeconds));
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

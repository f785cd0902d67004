package io.delivery.junit;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;

/** Where objects land, before anything is started. */
abstract class StoreChoice {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Servers that are started in containers. */
    enum Kind {
        LOCALSTACK,
        MINIO
    }

    /**
     * A store that is there.
     *
     * @param arguments for the child that starts the service
     * @param s3 empty when it is no S3 server that is known here
     * @param stop ends what was started for it
     */
    record Ready(Map<String, Object> arguments, Optional<S3Access> s3, Runnable stop) {}

    /**
     * Starts what must be started.
     *
     * @param skipped whether tests are skipped where Docker is missing
     */
    abstract Ready start(boolean skipped) throws Exception;

    static StoreChoice directory() {
        return new StoreChoice() {
            @Override
            Ready start(boolean skipped) {
                return new Ready(Map.of(), Optional.empty(), () -> {});
            }
        };
    }

    static StoreChoice asConfigured() {
        return new StoreChoice() {
            @Override
            Ready start(boolean skipped) {
                return new Ready(Map.of("asConfigured", true), Optional.empty(), () -> {});
            }
        };
    }

    static StoreChoice s3(Supplier<URI> endpoint, String accessKeyId, String secretAccessKey) {
        return new StoreChoice() {
            @Override
            Ready start(boolean skipped) {
                return at(
                        new S3Access(endpoint.get(), "us-east-1", accessKeyId, secretAccessKey),
                        () -> {});
            }
        };
    }

    static StoreChoice s3Proxy() {
        return new StoreChoice() {
            @Override
            Ready start(boolean skipped) throws Exception {
                Map<?, ?> server = (Map<?, ?>) Children.s3Proxy().ask("start", Map.of(), LIMIT);
                S3Access access =
                        new S3Access(
                                URI.create((String) server.get("endpoint")),
                                (String) server.get("region"),
                                (String) server.get("accessKeyId"),
                                (String) server.get("secretAccessKey"));
                return at(access, () -> stop(server.get("server")));
            }
        };
    }

    private static void stop(Object server) {
        try {
            Children.s3Proxy().ask("stop", Map.of("server", server), LIMIT);
        } catch (Exception failed) {
            throw new IllegalStateException("S3Proxy was not stopped", failed);
        }
    }

    /** What of the machine it needs and does not find; empty when it is there. */
    Optional<String> missing() {
        return Optional.empty();
    }

    static StoreChoice container(Kind kind, String image) {
        return new StoreChoice() {
            @Override
            Optional<String> missing() {
                try {
                    return Containers.missing();
                } catch (NoClassDefFoundError absent) {
                    throw new IllegalStateException(
                            "a container needs org.testcontainers:testcontainers among the"
                                    + " dependencies of the tests, and it is not there",
                            absent);
                }
            }

            @Override
            Ready start(boolean skipped) {
                Optional<String> missing = missing();
                if (missing.isPresent()) {
                    Assumptions.assumeFalse(skipped, missing.get());
                    throw new IllegalStateException(
                            missing.get() + ". skippedWithoutDocker() skips the tests instead");
                }
                return at(Containers.start(kind, image), () -> {});
            }
        };
    }

    private static Ready at(S3Access server, Runnable stop) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("endpoint", server.endpoint().toString());
        arguments.put("region", server.region());
        arguments.put("accessKeyId", server.accessKeyId());
        arguments.put("secretAccessKey", server.secretAccessKey());
        return new Ready(arguments, Optional.of(server), stop);
    }
}

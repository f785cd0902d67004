package io.delivery.junit;

import io.delivery.junit.child.ChildFailedException;
import io.delivery.junit.child.ChildProcess;
import io.delivery.junit.child.Folders;
import io.delivery.junit.child.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A service in the child process, and the store behind it. Thread-safe. */
final class RunningService implements AutoCloseable {
    /** Of what does not wait for a store. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** The child tells by itself what took too long, so it is waited for a little longer. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final ChildProcess child;
    private final Path directory;
    private final StoreChoice.Ready store;
    private final Map<?, ?> started;

    private RunningService(
            ChildProcess child, Path directory, StoreChoice.Ready store, Map<?, ?> started) {
        this.child = child;
        this.directory = directory;
        this.store = store;
        this.started = started;
    }

    /**
     * @throws IllegalStateException with the reasons, when it cannot be started
     */
    static RunningService start(
            StoreChoice choice,
            boolean skipped,
            Optional<Path> configuration,
            Map<String, String> environment) {
        StoreChoice.Ready store = ready(choice, skipped);
        ChildProcess child = null;
        Path directory = null;
        try {
            child = Children.program();
            directory = Files.createTempDirectory(child.directory(), "service-");
            Map<String, Object> arguments = new LinkedHashMap<>(store.arguments());
            arguments.put("directory", directory.toString());
            arguments.put("environment", environment);
            configuration.ifPresent(
                    file -> arguments.put("configuration", file.toAbsolutePath().toString()));
            return new RunningService(
                    child, directory, store, (Map<?, ?>) child.ask("start", arguments, LIMIT));
        } catch (IOException | ChildFailedException | RuntimeException | Error failed) {
            if (directory != null) {
                Folders.remove(directory);
            }
            store.stop().run();
            throw new IllegalStateException(
                    "the service has not started: %s%s"
                            .formatted(
                                    Reason.of(failed),
                                    child == null ? "" : "\n" + child.whereItsLogIs()),
                    failed);
        }
    }

    private static StoreChoice.Ready ready(StoreChoice choice, boolean skipped) {
        try {
            return choice.start(skipped);
        } catch (RuntimeException told) {
            throw told;
        } catch (Exception failed) {
            throw new IllegalStateException(
                    "the store has not started: " + Reason.of(failed), failed);
        }
    }

    URI endpoint() {
        return URI.create((String) started.get("api"));
    }

    String region() {
        return (String) started.get("region");
    }

    String accessKeyId() {
        return (String) started.get("accessKeyId");
    }

    String secretAccessKey() {
        return (String) started.get("secretAccessKey");
    }

    Optional<String> sessionToken() {
        return Optional.ofNullable((String) started.get("sessionToken"));
    }

    Optional<S3Access> s3() {
        return store.s3();
    }

    /** AWS SDKs and Tools Reference Guide, "Service-specific endpoints". */
    Map<String, String> environmentVariables() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AWS_ENDPOINT_URL_FIREHOSE", endpoint().toString());
        variables.put("AWS_REGION", region());
        variables.put("AWS_DEFAULT_REGION", region());
        variables.put("AWS_ACCESS_KEY_ID", accessKeyId());
        variables.put("AWS_SECRET_ACCESS_KEY", secretAccessKey());
        sessionToken().ifPresent(token -> variables.put("AWS_SESSION_TOKEN", token));
        return variables;
    }

    /** AWS SDKs and Tools Reference Guide, "Service-specific endpoints", and SdkSystemSetting. */
    Map<String, String> systemProperties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("aws.endpointUrlFirehose", endpoint().toString());
        properties.put("aws.region", region());
        properties.put("aws.accessKeyId", accessKeyId());
        properties.put("aws.secretAccessKey", secretAccessKey());
        sessionToken().ifPresent(token -> properties.put("aws.sessionToken", token));
        return properties;
    }

    // --- questions ---

    /**
     * @throws IllegalArgumentException with the words of the API
     * @throws IllegalStateException when there is no answer
     */
    void create(String request) {
        try {
            ask("create", Map.of("request", request), LIMIT);
        } catch (ChildFailedException failed) {
            throw failed.answered()
                    ? new IllegalArgumentException(failed.getMessage(), failed)
                    : new IllegalStateException(failed.getMessage(), failed);
        }
    }

    void flush(String stream, Duration limit) {
        try {
            ask("flush", Map.of("stream", stream, "millis", limit.toMillis()), limit.plus(GRACE));
        } catch (ChildFailedException failed) {
            throw new AssertionError(failed.getMessage() + "\n" + log(), failed);
        }
    }

    /** Waits until so many records were put. */
    void await(String stream, long records, Duration limit) {
        try {
            ask(
                    "await",
                    Map.of("stream", stream, "records", records, "millis", limit.toMillis()),
                    limit.plus(GRACE));
        } catch (ChildFailedException failed) {
            throw new AssertionError(failed.getMessage() + "\n" + whatLanded(stream), failed);
        }
    }

    /** As far as it can be told: the failure that it is told with counts more. */
    private String whatLanded(String stream) {
        try {
            return landed(stream).describe();
        } catch (AssertionError none) {
            return log();
        }
    }

    Landed landed(String stream) {
        try {
            Map<?, ?> landed = (Map<?, ?>) ask("landed", Map.of("stream", stream), LIMIT);
            return LandedReader.read(stream, landed, log());
        } catch (ChildFailedException failed) {
            throw new AssertionError(
                    "what landed of %s cannot be read: %s\n%s"
                            .formatted(stream, failed.getMessage(), log()),
                    failed);
        }
    }

    private String log() {
        return child.whereItsLogIs();
    }

    private Object ask(String command, Map<String, ?> arguments, Duration limit)
            throws ChildFailedException {
        Map<String, Object> all = new LinkedHashMap<>(arguments);
        all.put("service", started.get("service"));
        return child.ask(command, all, limit);
    }

    @Override
    public void close() {
        try {
            ask("stop", Map.of(), LIMIT);
        } catch (ChildFailedException failed) {
            if (child.isAlive()) {
                throw new IllegalStateException(
                        "the service has not stopped: " + failed.getMessage(), failed);
            }
        } finally {
            Folders.remove(directory);
            store.stop().run();
        }
    }
}

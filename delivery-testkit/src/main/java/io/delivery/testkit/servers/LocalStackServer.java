package io.delivery.testkit.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** LocalStack's S3. Takes any credentials. */
public final class LocalStackServer extends ChildServer {
    private static final String EXECUTABLE = "localstack/bin/python";

    private LocalStackServer(ServerProcess process) {
        super("LocalStack", Tools.version("localstack"), process);
    }

    /** Why it cannot be started; empty when it can. */
    public static Optional<String> missing() {
        return Tools.missing("localstack", EXECUTABLE);
    }

    public static LocalStackServer start() {
        return new LocalStackServer(ServerProcess.start("localstack", LocalStackServer::command));
    }

    private static ServerProcess.Command command(Path directory, int port) throws IOException {
        Path python = Tools.executable(EXECUTABLE);
        return new ServerProcess.Command(
                List.of(python.toString(), "-m", "localstack.runtime.main"),
                Map.of(
                        "OVERRIDE_IN_DOCKER", "0",
                        "FILESYSTEM_ROOT",
                                Files.createDirectories(directory.resolve("root")).toString(),
                        // the other gateway listens on all interfaces
                        "GATEWAY_SERVER", "hypercorn",
                        "GATEWAY_LISTEN", "127.0.0.1:" + port,
                        "DISABLE_EVENTS", "1",
                        "SKIP_SSL_CERT_DOWNLOAD", "1",
                        "DNS_ADDRESS", "0",
                        "PATH", python.getParent() + ":" + System.getenv("PATH")),
                "/_localstack/health");
    }
}

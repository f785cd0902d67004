package io.delivery.testkit.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** versitygw on a directory: strict on regions and checksums. */
public final class VersityServer extends ChildServer {
    private static final String EXECUTABLE = "bin/versitygw";

    private VersityServer(ServerProcess process) {
        super("versitygw", Tools.version("versitygw"), process);
    }

    /** Why it cannot be started; empty when it can. */
    public static Optional<String> missing() {
        return Tools.missing("versitygw", EXECUTABLE);
    }

    public static VersityServer start() {
        return new VersityServer(ServerProcess.start("versitygw", VersityServer::command));
    }

    private static ServerProcess.Command command(Path directory, int port) throws IOException {
        return new ServerProcess.Command(
                List.of(
                        Tools.executable(EXECUTABLE).toString(),
                        "--port",
                        "127.0.0.1:" + port,
                        "posix",
                        "--versioning-dir",
                        Files.createDirectories(directory.resolve("versions")).toString(),
                        Files.createDirectories(directory.resolve("data")).toString()),
                Map.of("ROOT_ACCESS_KEY", "testak", "ROOT_SECRET_KEY", "testsecret123456"),
                "");
    }
}

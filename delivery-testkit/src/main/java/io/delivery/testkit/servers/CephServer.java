package io.delivery.testkit.servers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Ceph: one monitor, one OSD in memory, and the Object Gateway. */
public final class CephServer extends ChildServer {
    private static final String EXECUTABLE = "bin/radosgw";

    private CephServer(ServerProcess process) {
        super("Ceph", Tools.version("ceph"), process);
    }

    /** Why it cannot be started; empty when it can. */
    public static Optional<String> missing() {
        return Tools.missing("ceph", EXECUTABLE);
    }

    public static CephServer start() {
        return new CephServer(ServerProcess.start("ceph", CephServer::command));
    }

    private static ServerProcess.Command command(Path directory, int port) throws IOException {
        Path script = directory.resolve("ceph.sh");
        try (InputStream in = CephServer.class.getResourceAsStream("ceph.sh")) {
            if (in == null) {
                throw new IOException("ceph.sh is not on the class path");
            }
            Files.write(script, in.readAllBytes());
        }
        return new ServerProcess.Command(
                List.of(
                        "bash",
                        script.toString(),
                        directory.toString(),
                        String.valueOf(port),
                        String.valueOf(ServerProcess.freePort()),
                        String.valueOf(ServerProcess.freePort())),
                Map.of("ACCESS_KEY", "testak", "SECRET_KEY", "testsecret123456"),
                "");
    }
}

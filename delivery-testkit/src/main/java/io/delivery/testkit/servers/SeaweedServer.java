package io.delivery.testkit.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** SeaweedFS: master, volume, filer and S3 gateway in one process. */
public final class SeaweedServer extends ChildServer {
    private static final String EXECUTABLE = "bin/weed";

    private SeaweedServer(ServerProcess process) {
        super("SeaweedFS", Tools.version("seaweedfs"), process);
    }

    /** Why it cannot be started; empty when it can. */
    public static Optional<String> missing() {
        return Tools.missing("seaweedfs", EXECUTABLE);
    }

    public static SeaweedServer start() {
        return new SeaweedServer(ServerProcess.start("seaweedfs", SeaweedServer::command));
    }

    private static ServerProcess.Command command(Path directory, int port) throws IOException {
        Path keys = directory.resolve("s3.json");
        Files.writeString(
                keys,
                """
                {"identities": [{"name": "test",
                  "credentials": [{"accessKey": "testak", "secretKey": "testsecret123456"}],
                  "actions": ["Admin", "Read", "Write", "List", "Tagging"]}]}
                """);
        List<String> words =
                new ArrayList<>(
                        List.of(
                                Tools.executable(EXECUTABLE).toString(),
                                "server",
                                "-dir=" + Files.createDirectories(directory.resolve("data")),
                                "-ip=127.0.0.1",
                                "-ip.bind=127.0.0.1",
                                "-filer",
                                "-s3",
                                "-s3.config=" + keys,
                                "-s3.port=" + port,
                                "-s3.port.iceberg=0", // otherwise a port of its own
                                "-master.volumeSizeLimitMB=64"));
        // Each part listens twice, for HTTP and for gRPC.
        for (String option :
                List.of(
                        "master.port",
                        "master.port.grpc",
                        "volume.port",
                        "volume.port.grpc",
                        "filer.port",
                        "filer.port.grpc",
                        "s3.port.grpc")) {
            words.add("-" + option + "=" + ServerProcess.freePort());
        }
        return new ServerProcess.Command(words, Map.of("HOME", directory.toString()), "/healthz");
    }
}

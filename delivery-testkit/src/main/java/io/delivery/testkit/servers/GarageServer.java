package io.delivery.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Garage, one node with SQLite. It keeps its own region's name, compares it, and does not know
 * conditional writes.
 */
public final class GarageServer extends ChildServer {
    private static final String EXECUTABLE = "bin/garage";

    /** Its keys have this form: configuration file format, default_access_key. */
    private static final String ACCESS_KEY = "GK0123456789abcdef01234567";

    private static final String SECRET_KEY = "0123456789abcdef".repeat(4);

    /** What the example in its own documentation has. */
    private static final String REGION = "garage";

    private GarageServer(ServerProcess process) {
        super("garage", Tools.version("garage"), process);
    }

    /** Why it cannot be started; empty when it can. */
    public static Optional<String> missing() {
        return Tools.missing("garage", EXECUTABLE);
    }

    /** Its key may make buckets. */
    public static GarageServer start() {
        ServerProcess process = ServerProcess.start("garage", GarageServer::command);
        try {
            Commands.run(
                    process.directory(),
                    Map.of(),
                    List.of(
                            Tools.executable(EXECUTABLE).toString(),
                            "-c",
                            process.directory().resolve("garage.toml").toString(),
                            "key",
                            "allow",
                            "--create-bucket",
                            ACCESS_KEY));
        } catch (IOException e) {
            process.close();
            throw new UncheckedIOException("garage cannot be set up", e);
        }
        return new GarageServer(process);
    }

    private static ServerProcess.Command command(Path directory, int port) throws IOException {
        int rpc = ServerProcess.freePort();
        Path configuration = directory.resolve("garage.toml");
        Files.writeString(
                configuration,
                """
                metadata_dir = "%1$s/meta"
                data_dir = "%1$s/data"
                db_engine = "sqlite"
                replication_factor = 1
                rpc_bind_addr = "127.0.0.1:%2$d"
                rpc_public_addr = "127.0.0.1:%2$d"
                rpc_secret = "%3$s"
                [s3_api]
                s3_region = "%4$s"
                api_bind_addr = "127.0.0.1:%5$d"
                """
                        .formatted(directory, rpc, SECRET_KEY, REGION, port));
        return new ServerProcess.Command(
                List.of(
                        Tools.executable(EXECUTABLE).toString(),
                        "-c",
                        configuration.toString(),
                        "server",
                        "--single-node",
                        "--default-access-key"),
                Map.of(
                        "GARAGE_DEFAULT_ACCESS_KEY", ACCESS_KEY,
                        "GARAGE_DEFAULT_SECRET_KEY", SECRET_KEY),
                "");
    }

    @Override
    public String region() {
        return REGION;
    }

    @Override
    public String accessKeyId() {
        return ACCESS_KEY;
    }

    @Override
    public String secretAccessKey() {
        return SECRET_KEY;
    }
}

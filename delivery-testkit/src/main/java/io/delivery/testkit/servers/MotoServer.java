package io.delivery.testkit.servers;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** moto: S3, Glue, STS and IAM in memory. Takes any credentials unless told otherwise. */
public final class MotoServer extends ChildServer {
    private static final String EXECUTABLE = "moto/bin/moto_server";

    private MotoServer(ServerProcess process) {
        super("moto", Tools.version("moto"), process);
    }

    /** Why it cannot be started; empty when it can. */
    public static Optional<String> missing() {
        return Tools.missing("moto", EXECUTABLE);
    }

    public static MotoServer start() {
        return start(Map.of());
    }

    /** Verifies signatures and policies after this many calls, which set the policies up. */
    public static MotoServer startStrictAfter(int calls) {
        return start(Map.of("INITIAL_NO_AUTH_ACTION_COUNT", String.valueOf(calls)));
    }

    /** Starts one, with nothing in it, where another one has been that is closed. */
    public static MotoServer startAt(URI endpoint) {
        return new MotoServer(ServerProcess.startAt(endpoint.getPort(), "moto", recipe(Map.of())));
    }

    private static MotoServer start(Map<String, String> environment) {
        return new MotoServer(ServerProcess.start("moto", recipe(environment)));
    }

    private static ServerProcess.Recipe recipe(Map<String, String> environment) {
        return (directory, port) ->
                new ServerProcess.Command(
                        List.of(
                                Tools.executable(EXECUTABLE).toString(),
                                "-H",
                                "127.0.0.1",
                                "-p",
                                String.valueOf(port)),
                        environment,
                        "/moto-api/");
    }
}

package io.delivery.testkit.servers;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Amazon's runtime interface emulator, which the containers of Lambda have in them: takes an event
 * by HTTP and gives it to one process that asks for it at its Runtime API. One event at a time.
 */
public final class LambdaEmulator implements AutoCloseable {
    private static final String EXECUTABLE = "bin/aws-lambda-rie";

    private final ServerProcess process;

    private LambdaEmulator(ServerProcess process) {
        this.process = process;
    }

    /** Why it cannot be started; empty when it can. */
    public static Optional<String> missing() {
        return Tools.missing("rie", EXECUTABLE);
    }

    /**
     * @param runtime an executable that asks for events, as {@code /var/runtime/bootstrap} does
     * @param handler what the process is told in {@code _HANDLER}
     */
    public static LambdaEmulator start(
            List<String> runtime, String handler, Map<String, String> environment) {
        return new LambdaEmulator(
                ServerProcess.start(
                        "rie",
                        (directory, port) -> {
                            List<String> command = new ArrayList<>();
                            command.add(Tools.executable(EXECUTABLE).toString());
                            command.add("--runtime-interface-emulator-address");
                            command.add("127.0.0.1:" + port);
                            command.add("--runtime-api-address");
                            command.add("127.0.0.1:" + ServerProcess.freePort());
                            command.addAll(runtime);
                            command.add(handler);
                            return new ServerProcess.Command(command, environment, "");
                        }));
    }

    /** Where its API is. */
    public URI endpoint() {
        return process.endpoint();
    }

    /** Where it takes events. */
    public URI invocations() {
        return endpoint().resolve("/2015-03-31/functions/function/invocations");
    }

    @Override
    public void close() {
        process.close();
    }
}

package io.delivery.runtime;

import io.delivery.config.FunctionRunner;
import io.delivery.config.FunctionSettings;
import io.delivery.failure.OpenedSoFar;
import io.delivery.function.Invocation;
import io.delivery.runtime.code.CodeStore;
import io.delivery.runtime.code.Folders;
import io.delivery.runtime.code.MachineRefusesException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts processes of one function and cleans up behind them. Thread-safe, but what it does waits.
 */
final class WorkerStart {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC);

    private final FunctionSettings settings;
    private final FunctionRunner.Process process;
    private final RuntimeHost host;
    private final LogLines lines;
    private final Launcher launcher;
    private final ProcessEnvironment environment;

    /** What its processes run; empty until there was room for it. */
    private Optional<CodeStore.Lease> code = Optional.empty();

    private boolean closed;

    WorkerStart(
            FunctionSettings settings,
            FunctionRunner.Process process,
            RuntimeHost host,
            LogLines lines) {
        this.settings = settings;
        this.process = process;
        this.host = host;
        this.lines = lines;
        launcher = Launchers.of(process.runtime());
        environment = new ProcessEnvironment(settings, process, host.identity());
    }

    /**
     * Unpacks the function's code, and writes what processes start with.
     *
     * @throws IOException when one of them cannot be: then no process is started any more
     */
    void unpack() throws IOException {
        try {
            unpackWhateverRoomThereIs();
        } catch (MachineRefusesException noRoom) {
            close();
            throw noRoom;
        }
    }

    /**
     * As {@link #unpack}; what the machine refuses is done by the first start that it does not
     * refuse.
     *
     * @throws MachineRefusesException when it refuses
     * @throws IOException when something is wrong with the code: then no process is started
     */
    void unpackWhateverRoomThereIs() throws IOException {
        try {
            code().giveBack();
            host.ownFiles();
        } catch (MachineRefusesException maybeLater) {
            throw maybeLater;
        } catch (Throwable failed) { // also errors
            close();
            throw failed;
        }
    }

    /** For whoever gives it back. */
    private synchronized CodeStore.Lease code() throws IOException {
        if (closed) {
            throw new IOException("the function was closed");
        }
        if (code.isEmpty()) {
            code = Optional.of(host.code().take(process.code()));
        }
        return code.get().share();
    }

    /** Events that one process works on at a time. */
    int eventsAtATime() {
        return Math.max(1, launcher.eventsAtATime(settings.concurrency()));
    }

    /** What goes with an event whose time begins now: Runtime API, next invocation. */
    Map<String, String> headers(Invocation invocation) {
        long now = host.world().clock().millis();
        return Map.of(
                "Lambda-Runtime-Aws-Request-Id",
                invocation.requestId(),
                "Lambda-Runtime-Deadline-Ms",
                Long.toString(now + invocation.timeout().toMillis()),
                "Lambda-Runtime-Invoked-Function-Arn",
                environment.arn(),
                "Lambda-Runtime-Trace-Id", // of a trace that nobody records
                "Root=1-%08x-%s;Sampled=0".formatted(now / 1000, randomHex().substring(8)));
    }

    private String randomHex() {
        return "%016x%016x"
                .formatted(host.world().entropy().nextLong(), host.world().entropy().nextLong());
    }

    /**
     * Starts a process, with a port of its own.
     *
     * @param calls hears what it asks there
     * @throws MachineRefusesException when the machine does not let it be started
     * @throws IOException when it cannot be started for a reason of the function's: the message
     *     says which
     */
    Worker.Running start(RuntimeCalls calls) throws IOException {
        CodeStore.Lease used = code();
        OpenedSoFar opened = new OpenedSoFar();
        opened.add(used::giveBack);
        try {
            Deployment deployment =
                    new Deployment(
                            used.root(),
                            this.process.handler(),
                            this.process.memoryBytes(),
                            settings.concurrency(),
                            host.ownFiles());
            Launch launch = launcher.launch(deployment);
            RuntimePorts.Port port = host.port(calls, eventsAtATime());
            opened.add(port::close);
            Path temporaryFolder = host.temporaryFolder();
            opened.add(() -> Folders.removeOrTell(temporaryFolder));
            FunctionProcess process =
                    FunctionProcess.start(
                            settings.name(),
                            new Supervised(
                                    deployment.ownFiles().resolve(RuntimeHost.SUPERVISOR),
                                    launch.command(),
                                    environment.of(
                                            deployment, launch, port.address(), temporaryFolder),
                                    mark(),
                                    environment.libraries(deployment.code()),
                                    deployment.code()),
                            lines,
                            host.world().scheduler(),
                            Thread::new);
            opened.add(process::kill);
            host.add(process);
            return new Worker.Running(process, port, temporaryFolder, used);
        } catch (Throwable failed) { // also errors
            opened.closeAfter(failed);
            throw failed;
        }
    }

    /** As log streams of Lambda are named. Random: no other process has it. */
    private String mark() {
        Instant now = Instant.ofEpochMilli(host.world().clock().millis());
        return DAY.format(now) + "/[$LATEST]" + randomHex();
    }

    /** Kills the process with all that came of it, and removes what it had. */
    void cleanUp(Worker.Running running) {
        OpenedSoFar.closeAll(
                List.of(
                        // First: one that loses its port before it ends may write that to its log.
                        () -> host.end(running.process()),
                        () -> running.port().close(),
                        () -> Folders.removeOrTell(running.temporaryFolder()),
                        () -> running.code().giveBack()));
    }

    /** No process is started any more; those that live keep their code. */
    synchronized void close() {
        closed = true;
        code.ifPresent(CodeStore.Lease::giveBack);
    }
}

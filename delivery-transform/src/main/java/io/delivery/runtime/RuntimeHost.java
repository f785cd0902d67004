package io.delivery.runtime;

import io.delivery.failure.OpenedSoFar;
import io.delivery.function.FunctionLog;
import io.delivery.runtime.code.CodeStore;
import io.delivery.runtime.code.Folders;
import io.delivery.runtime.code.MachineRefusesException;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all functions with processes share: a folder with their code, the Runtime API, and the list
 * of processes that live. Closed behind the functions, before the world. Thread-safe.
 */
public final class RuntimeHost implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RuntimeHost.class);

    static final String SUPERVISOR = "supervise.sh";

    // In the folder.
    private static final String OWN = "runtime";
    private static final String TEMPORARY = "tmp";
    private static final String CODE = "code";

    private static final List<String> OWN_FILES =
            List.of(SUPERVISOR, PythonLauncher.BOOTSTRAP, NodeLauncher.BOOTSTRAP);

    private final World world;
    private final Identity identity;
    private final FunctionLog functionLog;
    private final Path folder;
    private final CodeStore code;
    private final Set<FunctionProcess> living = ConcurrentHashMap.newKeySet();
    private Optional<RuntimePorts> ports = Optional.empty();
    private volatile boolean closed;

    /**
     * Who functions think they belong to.
     *
     * @param region of AWS, as in {@code us-east-1}
     * @param account twelve digits
     */
    public record Identity(String region, String account) {}

    private RuntimeHost(
            Path folder,
            World world,
            Identity identity,
            FunctionLog functionLog,
            long maxCodeBytes) {
        this.folder = folder;
        this.world = world;
        this.identity = identity;
        this.functionLog = functionLog;
        removeLeftovers(folder);
        code =
                new CodeStore(
                        folder.resolve(CODE), maxCodeBytes, () -> world.disk().usableBytes(folder));
        ProcessGroups.weakness()
                .ifPresent(
                        weakness -> log.warn("functions run less well here: reason={}", weakness));
    }

    /**
     * Opens it. What is in the folder from a former time is removed; what is to be in it is written
     * when a function needs it.
     *
     * @param folder belongs to this host alone; made when a function needs it
     */
    public static RuntimeHost open(
            Path folder, World world, Identity identity, FunctionLog functionLog) {
        return new RuntimeHost(
                folder.toAbsolutePath(), world, identity, functionLog, CodeStore.MAX_BYTES);
    }

    /**
     * As above, with another limit.
     *
     * @param maxCodeBytes of one function's code, unpacked
     */
    public static RuntimeHost open(
            Path folder,
            World world,
            Identity identity,
            FunctionLog functionLog,
            long maxCodeBytes) {
        return new RuntimeHost(folder.toAbsolutePath(), world, identity, functionLog, maxCodeBytes);
    }

    /**
     * Removes what a former host has left in its folder, also one that was killed. Only removes:
     * what does not go stays, and the log says so.
     */
    public static void removeLeftovers(Path folder) {
        for (String name : List.of(OWN, TEMPORARY, CODE)) {
            Folders.removeOrTell(folder.resolve(name));
        }
    }

    World world() {
        return world;
    }

    Identity identity() {
        return identity;
    }

    FunctionLog functionLog() {
        return functionLog;
    }

    /**
     * The folder with the files of this program that processes start with. They are written when
     * they are not there.
     *
     * @throws IOException as {@link OwnFiles#write}
     */
    synchronized Path ownFiles() throws IOException {
        requireOpen();
        Path ownFiles = folder.resolve(OWN);
        for (String name : OWN_FILES) {
            OwnFiles.write(name, ownFiles.resolve(name));
        }
        return ownFiles;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("functions end with this program");
        }
    }

    CodeStore code() {
        return code;
    }

    /**
     * Opens a port of the Runtime API, as {@link RuntimePorts#open} does.
     *
     * @throws MachineRefusesException when there are no descriptors or threads for it
     */
    RuntimePorts.Port port(RuntimeCalls calls, int eventsAtATime) throws IOException {
        try {
            return ports().open(calls, eventsAtATime);
        } catch (IOException failed) {
            throw MachineRefusesException.of(failed);
        }
    }

    private synchronized RuntimePorts ports() throws IOException {
        requireOpen();
        if (ports.isEmpty()) {
            ports = Optional.of(new RuntimePorts());
        }
        return ports.get();
    }

    /**
     * A fresh folder for the temporary files of one process.
     *
     * @throws MachineRefusesException when it cannot be made
     */
    Path temporaryFolder() throws MachineRefusesException {
        try {
            return Folders.create(folder.resolve(TEMPORARY).resolve(UUID.randomUUID().toString()));
        } catch (IOException failed) {
            throw MachineRefusesException.of(failed);
        }
    }

    /** A process lives; it is killed with this host at the latest. */
    void add(FunctionProcess process) {
        living.add(process);
        if (closed) {
            end(process);
        }
    }

    /** Kills a process and waits for that; one that cannot be killed is tried again at the end. */
    void end(FunctionProcess process) {
        process.kill();
        living.remove(process);
    }

    /** Kills all processes that still live, and removes the folder's content. */
    @Override
    public void close() {
        Optional<RuntimePorts> opened;
        synchronized (this) {
            closed = true; // from now on no ports are opened and no files are written
            opened = ports;
        }
        List<Runnable> all = new ArrayList<>();
        living.forEach(process -> all.add(() -> end(process)));
        opened.ifPresent(served -> all.add(served::close));
        all.add(code::close);
        all.add(() -> removeLeftovers(folder));
        OpenedSoFar.closeAll(all);
    }
}

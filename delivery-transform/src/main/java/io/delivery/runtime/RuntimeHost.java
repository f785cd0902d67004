package io.delivery.runtime;

import io.delivery.function.FunctionLog;
import io.delivery.runtime.code.CodeStore;
import io.delivery.runtime.code.Folders;
import io.delivery.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    private static final List<String> OWN_FILES =
            List.of(SUPERVISOR, PythonLauncher.BOOTSTRAP, NodeLauncher.BOOTSTRAP);

    private final World world;
    private final Identity identity;
    private final FunctionLog functionLog;
    private final Path ownFiles;
    private final Path temporary;
    private final CodeStore code;
    private final RuntimePorts ports;
    private final Set<FunctionProcess> living = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Who functions think they belong to.
     *
     * @param region of AWS, as in {@code us-east-1}
     * @param account twelve digits
     */
    public record Identity(String region, String account) {}

    private RuntimeHost(
            Path folder, World world, Identity identity, FunctionLog functionLog, long maxCodeBytes)
            throws IOException {
        this.world = world;
        this.identity = identity;
        this.functionLog = functionLog;
        ownFiles = folder.resolve("runtime");
        temporary = folder.resolve("tmp");
        Folders.create(folder);
        Folders.remove(ownFiles);
        Folders.remove(temporary);
        Folders.create(ownFiles);
        Folders.create(temporary);
        for (String name : OWN_FILES) {
            try (InputStream in = RuntimeHost.class.getResourceAsStream(name)) {
                Files.copy(in, ownFiles.resolve(name));
            }
        }
        code = new CodeStore(folder.resolve("code"), maxCodeBytes);
        ports = new RuntimePorts();
        ProcessGroups.weakness()
                .ifPresent(
                        weakness -> log.warn("functions run less well here: reason={}", weakness));
    }

    /**
     * Opens it. What is in the folder from a former time is removed.
     *
     * @param folder absolute, belongs to this host alone; made when it is missing
     * @throws IOException when the folder cannot be written or the Runtime API cannot be served
     */
    public static RuntimeHost open(
            Path folder, World world, Identity identity, FunctionLog functionLog)
            throws IOException {
        return new RuntimeHost(
                folder.toAbsolutePath(), world, identity, functionLog, CodeStore.MAX_BYTES);
    }

    /**
     * As above, with another limit.
     *
     * @param maxCodeBytes of one function's code, unpacked
     */
    public static RuntimeHost open(
            Path folder, World world, Identity identity, FunctionLog functionLog, long maxCodeBytes)
            throws IOException {
        return new RuntimeHost(folder.toAbsolutePath(), world, identity, functionLog, maxCodeBytes);
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

    Path ownFiles() {
        return ownFiles;
    }

    CodeStore code() {
        return code;
    }

    RuntimePorts ports() {
        return ports;
    }

    /** A fresh folder for the temporary files of one process. */
    Path temporaryFolder() throws IOException {
        return Folders.create(temporary.resolve(UUID.randomUUID().toString()));
    }

    /** A process lives; it is killed with this host at the latest. */
    void add(FunctionProcess process) {
        living.add(process);
        if (closed) {
            end(process);
        }
    }

    /** Kills a process and waits for that. */
    void end(FunctionProcess process) {
        process.kill();
        living.remove(process);
    }

    /** Kills all processes that still live, and removes the folder's content. */
    @Override
    public void close() {
        closed = true;
        living.forEach(this::end);
        ports.close();
        code.close();
        Folders.removeOrTell(temporary);
        Folders.removeOrTell(ownFiles);
    }
}

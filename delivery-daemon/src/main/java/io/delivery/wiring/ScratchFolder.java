package io.delivery.wiring;

import io.delivery.runtime.code.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A temporary folder of one command. It is removed when it is closed, and when a signal ends the
 * command before.
 */
final class ScratchFolder implements AutoCloseable {
    private final Path path;
    private final Thread whenEnded;

    private ScratchFolder(Path path) {
        this.path = path;
        this.whenEnded = new Thread(() -> Folders.removeOrTell(path), "scratch folder");
    }

    /**
     * @param prefix of its name
     */
    static ScratchFolder create(String prefix) throws IOException {
        ScratchFolder folder = new ScratchFolder(Files.createTempDirectory(prefix));
        Runtime.getRuntime().addShutdownHook(folder.whenEnded);
        return folder;
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        Folders.removeOrTell(path);
        try {
            Runtime.getRuntime().removeShutdownHook(whenEnded);
        } catch (IllegalStateException ending) {
            // The program ends: it runs, or it has run.
        }
    }
}

package io.delivery.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Who has a data directory, as far as its lock file tells. The lock itself is not asked for:
 * whoever holds it for an instant could keep a daemon from starting.
 *
 * @param text what the lock file says; empty when there is none
 * @param runs whether another process with that id is running here. Our own id is that of somebody
 *     who has died: in a container the daemon was number 1, and so is the next one's command
 */
record DirectoryOwner(String text, boolean runs) {
    static DirectoryOwner of(Path dataDirectory) {
        String text = "";
        try (InputStream lock = Files.newInputStream(dataDirectory.resolve("lock"))) {
            text = new String(lock.readNBytes(64), StandardCharsets.UTF_8).strip();
        } catch (IOException unknown) {
            return new DirectoryOwner("", false);
        }
        if (!text.matches("pid [0-9]{1,18}")) {
            return new DirectoryOwner("", false);
        }
        long pid = Long.parseLong(text.substring(4));
        boolean runs =
                pid != ProcessHandle.current().pid()
                        && ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
        return new DirectoryOwner(text, runs);
    }
}

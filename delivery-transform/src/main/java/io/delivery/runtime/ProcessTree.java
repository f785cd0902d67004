package io.delivery.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Kills all processes that came of one, also those that have left its group or whose parent is
 * gone. On Linux the kernel tells the environment that a process was started with, and everything
 * that came of the first inherited the mark that is in there; only what starts a program with
 * another environment and leaves the group escapes. Elsewhere those are killed that still have a
 * chain of living parents.
 */
final class ProcessTree {
    private static final Path PROC = Path.of("/proc");
    private static final int ROUNDS = 50;
    private static final long PAUSE_MILLIS = 10;

    private ProcessTree() {}

    /**
     * Kills them, again and again while there are new ones, for half a second or a little more.
     *
     * @param mark text in the environment of each
     * @return how many were seen last and may still be there; 0 when all are gone
     */
    static int kill(ProcessHandle first, String mark) {
        int left = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<ProcessHandle> found = new ArrayList<>(withMark(mark));
            first.descendants().forEach(found::add);
            if (first.isAlive()) {
                found.add(first);
            }
            left = found.size();
            if (left == 0) {
                return 0;
            }
            found.forEach(ProcessHandle::destroyForcibly);
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return left;
            }
        }
        return left;
    }

    private static List<ProcessHandle> withMark(String mark) {
        byte[] bytes = mark.getBytes(StandardCharsets.UTF_8);
        List<ProcessHandle> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                // Before the look: a handle knows when its process began, and kills no later one.
                ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                        .filter(handle -> isIn(environment(process), bytes))
                        .ifPresent(found::add);
            }
        } catch (IOException | DirectoryIteratorException | NumberFormatException unknown) {
            return found; // no such system, or one that hides its processes
        }
        return found;
    }

    private static byte[] environment(Path process) {
        try {
            return Files.readAllBytes(process.resolve("environ"));
        } catch (IOException goneOrNotOurs) {
            return new byte[0];
        }
    }

    private static boolean isIn(byte[] text, byte[] mark) {
        for (int at = 0; at + mark.length <= text.length; at++) {
            int same = 0;
            while (same < mark.length && text[at + same] == mark[same]) {
                same++;
            }
            if (same == mark.length) {
                return true;
            }
        }
        return false;
    }
}

package io.delivery.runtime;

import io.delivery.runtime.code.MachineRefusesException;
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
    private static final String[] NONE = {};

    private ProcessTree() {}

    /**
     * What may still be there.
     *
     * @param processes that were seen last
     * @param known false: the machine did not let them be looked for, such as for want of a
     *     descriptor, so that there may be others
     */
    record Left(int processes, boolean known) {}

    /** Looks for processes. */
    @FunctionalInterface
    interface Search {
        /**
         * @param found takes them
         */
        void into(List<ProcessHandle> found) throws IOException;
    }

    /**
     * Kills them, again and again while there are new ones, for half a second or a little more.
     *
     * @param mark text in the environment of each
     */
    static Left kill(ProcessHandle first, String mark) {
        return kill(found -> withMark(mark, found), found -> tree(first, found));
    }

    /**
     * As {@link #kill}: a child of this program that nobody was given a handle of, and all that
     * came of it.
     *
     * @param mark text that is an argument of the child, or in its environment
     */
    static Left killChildren(String mark) {
        return kill(found -> withMark(mark, found), found -> childrenWithArgument(mark, found));
    }

    /** Kills what these find, until none finds anything. */
    static Left kill(Search... searches) {
        Left left = new Left(0, true);
        for (int round = 0; round < ROUNDS; round++) {
            List<ProcessHandle> found = new ArrayList<>();
            boolean known = true;
            for (Search search : searches) {
                known &= isDone(search, found);
            }
            left = new Left(found.size(), known);
            if (found.isEmpty() && known) {
                return left;
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

    /** False when the machine did not let it be done as a whole. */
    private static boolean isDone(Search search, List<ProcessHandle> found) {
        try {
            search.into(found);
            return true;
        } catch (IOException failed) {
            // Otherwise there is no such system, or it hides its processes.
            return !MachineRefusesException.isBehind(failed);
        } catch (RuntimeException failed) {
            return false; // of ProcessHandle: it has read the list of processes
        }
    }

    private static void tree(ProcessHandle first, List<ProcessHandle> found) {
        if (first.isAlive()) { // otherwise another process may have its number
            found.add(first); // also when the others cannot be listed
            first.descendants().forEach(found::add);
        }
    }

    private static void childrenWithArgument(String mark, List<ProcessHandle> found)
            throws IOException {
        for (ProcessHandle child : ProcessHandle.current().children().toList()) {
            if (hasArgument(child, mark)) {
                tree(child, found);
            }
        }
    }

    /** The JDK tells no arguments of a command line of more than about 4 KB; the kernel does. */
    private static boolean hasArgument(ProcessHandle child, String mark) throws IOException {
        if (!Files.isDirectory(PROC.resolve("self"))) {
            return List.of(child.info().arguments().orElse(NONE)).contains(mark);
        }
        Path process = PROC.resolve(Long.toString(child.pid()));
        return isIn(told(process, "cmdline"), mark.getBytes(StandardCharsets.UTF_8));
    }

    private static void withMark(String mark, List<ProcessHandle> found) throws IOException {
        byte[] bytes = mark.getBytes(StandardCharsets.UTF_8);
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                // Before the look: a handle knows when its process began, and kills no later one.
                ProcessHandle handle = handle(process);
                if (handle != null && isIn(told(process, "environ"), bytes)) {
                    found.add(handle);
                }
            }
        } catch (DirectoryIteratorException failed) {
            throw failed.getCause();
        }
    }

    /** Null when it is gone. */
    private static ProcessHandle handle(Path process) {
        try {
            return ProcessHandle.of(Long.parseLong(process.getFileName().toString())).orElse(null);
        } catch (NumberFormatException noProcess) {
            return null;
        }
    }

    /** What the kernel tells of a process in a file; empty when it does not. */
    private static byte[] told(Path process, String file) throws IOException {
        try {
            return Files.readAllBytes(process.resolve(file));
        } catch (IOException failed) {
            if (MachineRefusesException.isBehind(failed)) {
                throw failed;
            }
            return new byte[0]; // it is gone, or not ours
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

package io.delivery.runtime;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Programs of this machine that tests need. */
final class Programs {
    private Programs() {}

    /** Skips the test, with a reason, where there is no such program. */
    static void assume(String program) {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(folder -> new File(folder, program).canExecute()),
                "there is no " + program + " on this machine");
    }

    /** Whether a process runs. One that has ended and that nobody has asked for does not. */
    static boolean lives(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return !stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("Z");
        } catch (IOException gone) {
            boolean linux = Files.isDirectory(Path.of("/proc/self"));
            return !linux && ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
        }
    }
}

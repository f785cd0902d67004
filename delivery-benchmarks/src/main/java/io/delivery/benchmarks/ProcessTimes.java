package io.delivery.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** CPU time of a process and of all that came of it. */
final class ProcessTimes {
    /** Of /proc: USER_HZ is 100 on all architectures that have a JDK. */
    private static final long MILLIS_PER_TICK = 10;

    /** utime, stime, cutime and cstime, counted from the third field on: proc(5). */
    private static final int FIRST_TIME = 11;

    /**
     * CPU time.
     *
     * @param user in the process itself
     * @param kernel in the kernel for it
     */
    record Cpu(Duration user, Duration kernel) {
        private static final Cpu NONE = new Cpu(Duration.ZERO, Duration.ZERO);

        Duration total() {
            return user.plus(kernel);
        }

        Cpu minus(Cpu before) {
            return new Cpu(user.minus(before.user), kernel.minus(before.kernel));
        }

        private Cpu plus(Cpu more) {
            return new Cpu(user.plus(more.user), kernel.plus(more.kernel));
        }
    }

    private ProcessTimes() {}

    /**
     * So far, kernel included. Processes that have ended count where their parents have waited for
     * them; where there is no /proc they do not.
     */
    static Duration cpu(ProcessHandle process) {
        return times(process).total();
    }

    /** As {@link #cpu}; where there is no /proc all of it is the user's. */
    static Cpu times(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants())
                .map(ProcessTimes::own)
                .reduce(Cpu.NONE, Cpu::plus);
    }

    private static Cpu own(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            // The name before may have blanks and brackets of its own.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return new Cpu(
                    ticks(fields, FIRST_TIME, FIRST_TIME + 2),
                    ticks(fields, FIRST_TIME + 1, FIRST_TIME + 3));
        } catch (IOException noProc) {
            return new Cpu(process.info().totalCpuDuration().orElse(Duration.ZERO), Duration.ZERO);
        }
    }

    /** Of the process and of its children that have ended. */
    private static Duration ticks(String[] fields, int own, int children) {
        long ticks = Long.parseLong(fields[own]) + Long.parseLong(fields[children]);
        return Duration.ofMillis(ticks * MILLIS_PER_TICK);
    }
}

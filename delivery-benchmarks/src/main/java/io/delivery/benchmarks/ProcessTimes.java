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

    private ProcessTimes() {}

    /**
     * So far, kernel included. Processes that have ended count where their parents have waited for
     * them; where there is no /proc they do not.
     */
    static Duration cpu(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants())
                .map(ProcessTimes::own)
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static Duration own(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            // The name before may have blanks and brackets of its own.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long ticks = 0;
            for (int time = FIRST_TIME; time < FIRST_TIME + 4; time++) {
                ticks += Long.parseLong(fields[time]);
            }
            return Duration.ofMillis(ticks * MILLIS_PER_TICK);
        } catch (IOException noProc) {
            return process.info().totalCpuDuration().orElse(Duration.ZERO);
        }
    }
}

package io.delivery.benchmarks;

import java.time.Duration;
import java.util.stream.Stream;

/** CPU time of a process and of all that came of it and still live. */
final class ProcessTimes {
    private ProcessTimes() {}

    /** So far, kernel included; of those that have ended meanwhile nothing is known. */
    static Duration cpu(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants())
                .flatMap(each -> each.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus);
    }
}

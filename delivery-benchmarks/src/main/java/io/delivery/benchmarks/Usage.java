package io.delivery.benchmarks;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a process takes of the machine. Resident sizes come from Linux's /proc, proc(5). */
final class Usage {
    private Usage() {}

    /** CPU time of this process so far, in nanoseconds: all threads, kernel included. */
    static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** The most memory that the process has had resident, in bytes; 0 where there is no /proc. */
    static long peakResidentBytes(long pid) throws IOException {
        Path status = Path.of("/proc/" + pid + "/status");
        if (!Files.exists(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        return 0;
    }

    /** The most heap that was in use at a time, garbage included, in bytes. */
    static long peakHeapBytes() {
        long sum = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP) {
                sum += pool.getPeakUsage().getUsed();
            }
        }
        return sum;
    }

    /** Direct memory at this moment, in bytes. */
    static long directBytes() {
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            if (pool.getName().equals("direct")) {
                return pool.getMemoryUsed();
            }
        }
        return 0;
    }

    /** What this machine is, in a line. */
    static String machine() throws IOException {
        List<String> words = new ArrayList<>();
        words.add(Runtime.getRuntime().availableProcessors() + " processors");
        Path cpus = Path.of("/proc/cpuinfo");
        if (Files.exists(cpus)) {
            try (var lines = Files.lines(cpus)) {
                lines.filter(line -> line.startsWith("model name"))
                        .findFirst()
                        .ifPresent(line -> words.add(line.substring(line.indexOf(':') + 2)));
            }
        }
        words.add("JDK " + Runtime.version());
        words.add("heap " + Numbers.mebibytes(Runtime.getRuntime().maxMemory()));
        return String.join(", ", words);
    }
}

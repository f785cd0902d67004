package io.delivery.benchmarks;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GcInfo;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/** What a process takes of the machine. Resident sizes come from Linux's /proc, proc(5). */
final class Usage {
    private static final AtomicLong PEAK_HEAP = new AtomicLong();
    private static final AtomicLong PEAK_LIVE = new AtomicLong();

    private Usage() {}

    /** CPU time of this process so far, in nanoseconds: all threads, kernel included. */
    static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** The most memory that the process has had resident, in bytes; 0 where there is no /proc. */
    static long peakResidentBytes(long pid) throws IOException {
        return ofStatus(pid, "VmHWM:");
    }

    /** The memory that the process has resident now, in bytes; 0 where there is no /proc. */
    static long residentBytes(long pid) throws IOException {
        return ofStatus(pid, "VmRSS:");
    }

    private static long ofStatus(long pid, String figure) throws IOException {
        Path status = Path.of("/proc/" + pid + "/status");
        if (!Files.exists(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith(figure)) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        return 0;
    }

    /**
     * From now on notes how much heap is in use, garbage included, when a collection begins: it is
     * never more in between.
     */
    static void watchHeap() {
        Set<String> heap = new HashSet<>();
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP) {
                heap.add(pool.getName());
            }
        }
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            ((NotificationEmitter) collector)
                    .addNotificationListener((notice, none) -> note(notice, heap), null, null);
        }
    }

    private static void note(Notification notice, Set<String> heap) {
        if (notice.getUserData() instanceof CompositeData data) {
            long before = 0;
            long after = 0;
            GcInfo info = GarbageCollectionNotificationInfo.from(data).getGcInfo();
            for (String pool : heap) {
                before += info.getMemoryUsageBeforeGc().get(pool).getUsed();
                after += info.getMemoryUsageAfterGc().get(pool).getUsed();
            }
            PEAK_HEAP.accumulateAndGet(before, Math::max);
            PEAK_LIVE.accumulateAndGet(after, Math::max);
        }
    }

    /** The most heap that was in use since {@link #watchHeap()}, garbage included, in bytes. */
    static long peakHeapBytes() {
        return PEAK_HEAP.get();
    }

    /** The most that a collection left, in bytes. */
    static long peakLiveBytes() {
        return PEAK_LIVE.get();
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

    /** How many tasks want a processor, over the last minute; negative where nobody knows. */
    static double loadAverage() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
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
        words.add("load average %.2f".formatted(loadAverage()));
        words.add("heap " + Statistics.mebibytes(Runtime.getRuntime().maxMemory()));
        return String.join(", ", words);
    }
}

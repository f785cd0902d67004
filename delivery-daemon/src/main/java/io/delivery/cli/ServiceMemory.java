package io.delivery.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory of the container that this process is in, and the heap of the service that runs in it.
 * In an image a command such as {@code check} has a small heap of its own, and a configuration is
 * for the service.
 *
 * @param limitBytes the limit of the container, where the environment tells it
 * @param heapBytes the most that the service will use for its heap; empty when this process is the
 *     service, or has the same heap
 */
public record ServiceMemory(OptionalLong limitBytes, OptionalLong heapBytes) {
    /** The limit of the container in bytes, which a process may have no right to read. */
    static final String LIMIT = "DELIVERY_MEMORY_LIMIT";

    /**
     * The system property that the commands of an image are started with: which part of the memory
     * the heap of the service is where its options say nothing else, in percent.
     */
    static final String HEAP_PERCENT = "delivery.service.heapPercent";

    /**
     * Where options of the service come from, in the order in which its JVM reads them: the page of
     * the {@code java} command, and "JAVA_TOOL_OPTIONS" in the troubleshooting guide of Java SE. A
     * process that is started in the same container has the same environment.
     */
    private static final List<String> OPTIONS =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "DELIVERY_JAVA_OPTS", "_JAVA_OPTIONS");

    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final Pattern HEAP = Pattern.compile("(?:-Xmx|-XX:MaxHeapSize=)(.*)");
    private static final Pattern PERCENT = Pattern.compile("-XX:MaxRAMPercentage=(.*)");
    private static final Pattern MEMORY = Pattern.compile("-XX:MaxRAM=(.*)");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([kKmMgGtT]?)");
    private static final List<String> UNITS = List.of("", "k", "m", "g", "t");

    /** Where nothing tells of a container. */
    static final ServiceMemory UNKNOWN =
            new ServiceMemory(OptionalLong.empty(), OptionalLong.empty());

    /**
     * What the surroundings of this process tell.
     *
     * @param heapPercent the value of {@link #HEAP_PERCENT}; null when it is not set
     * @param machineBytes the memory that this JVM sees
     * @throws IllegalArgumentException when one of them is no number of the kind that it must be
     */
    public static ServiceMemory of(
            Map<String, String> environment, String heapPercent, OptionalLong machineBytes) {
        String limit = environment.getOrDefault(LIMIT, "");
        OptionalLong limitBytes =
                limit.isEmpty()
                        ? OptionalLong.empty()
                        : OptionalLong.of(bytes(LIMIT, limit.strip()));
        if (heapPercent == null) {
            return new ServiceMemory(limitBytes, OptionalLong.empty());
        }
        return new ServiceMemory(
                limitBytes,
                heapBytes(
                        options(environment),
                        percent("-D" + HEAP_PERCENT, heapPercent),
                        limitBytes.isPresent() ? limitBytes : machineBytes));
    }

    private static List<String> options(Map<String, String> environment) {
        return OPTIONS.stream()
                .flatMap(name -> SPACES.splitAsStream(environment.getOrDefault(name, "")))
                .toList();
    }

    /** The last option of a kind counts, and a size counts more than a part of the memory. */
    private static OptionalLong heapBytes(
            List<String> options, double heapPercent, OptionalLong memoryBytes) {
        OptionalLong heap = OptionalLong.empty();
        OptionalLong memory = memoryBytes;
        double percent = heapPercent;
        for (String option : options) {
            Matcher size = HEAP.matcher(option);
            Matcher part = PERCENT.matcher(option);
            Matcher whole = MEMORY.matcher(option);
            if (size.matches()) {
                heap = OptionalLong.of(bytes(option, size.group(1)));
            } else if (part.matches()) {
                percent = percent(option, part.group(1));
            } else if (whole.matches()) {
                memory = OptionalLong.of(bytes(option, whole.group(1)));
            }
        }
        return heap.isPresent() || memory.isEmpty()
                ? heap
                : OptionalLong.of((long) (memory.getAsLong() * percent / 100));
    }

    private static double percent(String name, String text) {
        try {
            double percent = Double.parseDouble(text);
            if (percent > 0 && percent <= 100) {
                return percent;
            }
        } catch (NumberFormatException none) {
            throw new IllegalArgumentException(noPercent(name, text), none);
        }
        throw new IllegalArgumentException(noPercent(name, text));
    }

    private static String noPercent(String name, String text) {
        return name + " must be a number of percent from 0 to 100, was " + text;
    }

    private static long bytes(String name, String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new IllegalArgumentException(
                    name + " must be a number of bytes, or of k, m, g or t, was " + text);
        }
        int unit = UNITS.indexOf(size.group(2).toLowerCase(Locale.ROOT));
        return Long.parseLong(size.group(1)) << 10 * unit;
    }
}
